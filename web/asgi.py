"""The ASGI application: Django behind a limit on the request body.

Django reads a whole body, onto disk when it is large, before any of our code runs. Nothing a
parent sends belongs on a disk, so the limit sits in front of it.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.core.signals import request_started
from django.db import close_old_connections, reset_queries

from private_logs import describe

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "web.settings")

logger = logging.getLogger(__name__)

Scope = MutableMapping[str, Any]
Event = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

# Bytes. A message at the usual limit fits many times over; a raised limit raises this one too.
BODY_LIMIT = max(16 * 1024, 4 * settings.ENVIRONMENT.max_message_characters + 1024)
BODY_SECONDS = 10.0
# A client that is still sending does not read our refusal, so some more is read and dropped.
DISCARD_LIMIT = 1024 * 1024


def with_body_limit(app: App) -> App:
    """``app``, given bodies of at most ``BODY_LIMIT`` bytes.

    In place of a larger or too slow one it gets an empty body and ``scope["refused_body"]``, the
    status to answer with, so that the refusal leaves with the same headers as everything else.
    """

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _lifespan(receive, send)
            return
        if scope["type"] != "http":
            return
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await _read(receive)
        except TimeoutError:
            body, scope["refused_body"] = b"", 408
        if body is None:
            return  # the client has left
        if len(body) > BODY_LIMIT:
            body, scope["refused_body"] = b"", 413
        await app(scope, _replay(body, receive), send)

    return limited


async def _read(receive: Receive) -> bytes | None:
    """The body; never much more of it kept than the limit; None when the client leaves."""
    body = bytearray()
    length = 0
    while length <= DISCARD_LIMIT:
        event = await receive()
        if event["type"] == "http.disconnect":
            return None
        part = event.get("body", b"")
        length += len(part)
        if len(body) <= BODY_LIMIT:
            body += part
        if not event.get("more_body", False):
            break
    return bytes(body)


def _replay(body: bytes, receive: Receive) -> Receive:
    events: list[Event] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Event:
        while True:
            if events:
                return events.pop()
            event = await receive()
            if event["type"] == "http.disconnect":
                return event

    return replay


async def _lifespan(receive: Receive, send: Send) -> None:
    """Reads the content before the first request; closes the engine's connections at the end."""
    from web import services

    while True:
        event = await receive()
        if event["type"] == "lifespan.startup":
            try:
                await services.current().texts.edition()
            except Exception as error:  # the next request tries again
                logger.error("The content could not be read: %s", describe(error))
            await send({"type": "lifespan.startup.complete"})
        elif event["type"] == "lifespan.shutdown":
            await services.current().engine.close()
            await send({"type": "lifespan.shutdown.complete"})
            return


application = with_body_limit(get_asgi_application())
# There is no database to clean up for, and a request would wait for a thread that does it.
request_started.disconnect(reset_queries)
request_started.disconnect(close_old_connections)
