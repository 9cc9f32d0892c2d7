"""What happens to a parent's message, independent of HTTP.

No more messages are handed to the engine at once than it can answer in time: one more is refused
with the help lines, which is better than an answer that comes too late, for everybody.

The web side remembers three things, all in memory and with a time limit: which conversations have
an open message, which kommune a conversation has told, and which it has begun late. Another replica
does without: engines answer one message of a conversation at a time, every reply brings the
kommune, and the rest stands in the id (:mod:`web.ids`).
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from cachetools import TTLCache

from environment import Environment
from web import metrics
from web.engine import (
    Engine,
    EngineUnavailable,
    Reply,
    UnknownChoice,
    UnknownConversation,
)
from web.guard import clean, mask
from web.ids import Ids
from web.refusal import Refusal
from web.rendering import Malformed, public_message
from web.safe_answer import safe_answer
from web.texts import Texts

logger = logging.getLogger(__name__)

Messages = list[dict[str, Any]]
T = TypeVar("T")

MOST_REMEMBERED = 20_000
RETRY_SECONDS = 5  # what a refusal for want of a place asks a client to wait
_ID = re.compile(r"[A-Za-z0-9_-]{32}")
_CHOICE = re.compile(r"[a-z0-9_]{1,80}(?::[a-z0-9_]{1,80})?")


class Conversations:
    """Starts, continues and deletes conversations."""

    def __init__(self, environment: Environment, texts: Texts, engine: Engine) -> None:
        self._texts = texts
        self._engine = engine
        self._timeout = environment.engine_timeout
        self._max_characters = environment.max_message_characters
        self._ids = Ids(environment.secret_key or secrets.token_urlsafe(50))
        self._seconds = environment.conversation_minutes * 60
        self._kommuner: TTLCache[str, str] = TTLCache(MOST_REMEMBERED, self._seconds)
        self._begun: TTLCache[str, bool] = TTLCache(MOST_REMEMBERED, self._seconds)
        self._open: dict[str, asyncio.Task[Messages]] = {}
        self._at_once = environment.messages_at_once
        self._with_engine = 0

    async def start(self, kommune: str | None) -> tuple[str, Messages]:
        """A new conversation: its id and the opening, or the safe answer.

        Raises :class:`Refusal` when there is no room for one more.
        """
        # An unknown code is a slip on the kommune's page; the parent shall not pay for it.
        known = kommune if kommune in (await self._texts.edition()).kommuner else None
        conversation = self._ids.new(known)
        try:
            async with self._place(known):
                messages = await self._public(
                    conversation, self._in_time(self._engine.start(conversation, known))
                )
        except EngineUnavailable as error:
            conversation = self._ids.new(known, waiting=True)
            messages = await self._safe(conversation, error)
        return conversation, messages

    async def say(self, conversation: str, *, text: str | None, choice: str | None) -> Messages:
        """The answer to a text or a chosen button. Raises :class:`Refusal`."""
        check_id(conversation)
        body = {"choice": self._choice(choice)} if choice is not None else None
        body = body or {"text": await self._safe_text(text or "")}
        if conversation in self._open:
            raise Refusal("fejl_travlt", 409)
        task = asyncio.create_task(self._answer(conversation, body))
        self._open[conversation] = task
        task.add_done_callback(lambda done: self._closed(conversation, done))
        # A parent who leaves does not cut the engine's work off half way: until it is done, a
        # new message waits and a deletion cannot be overtaken.
        return await asyncio.shield(task)

    async def delete(self, conversation: str) -> None:
        """Deletes everything about a conversation, after its open message has been answered."""
        check_id(conversation)
        while task := self._open.get(conversation):
            await asyncio.wait({task})
        self._kommuner.pop(conversation, None)
        self._begun[conversation] = True  # and over: it shall not begin again
        try:
            await self._in_time(self._engine.delete(conversation))
        except EngineUnavailable:
            # We cannot promise that it is gone, so we do not say so.
            raise Refusal("fejl_intern", 503) from None

    def _closed(self, conversation: str, task: asyncio.Task[Messages]) -> None:
        self._open.pop(conversation, None)
        if not task.cancelled():
            task.exception()  # seen; else asyncio writes about it when the parent has left

    async def _answer(self, conversation: str, body: dict[str, str]) -> Messages:
        try:
            async with self._place(self._kommune(conversation)):
                return await self._public(
                    conversation, self._in_time(self._delivered(conversation, body))
                )
        except EngineUnavailable as error:
            return await self._safe(conversation, error)
        except UnknownConversation:
            raise Refusal("fejl_ukendt_samtale", 404) from None
        except UnknownChoice:
            raise Refusal("fejl_ugyldig", 400) from None

    @asynccontextmanager
    async def _place(self, kommune: str | None) -> AsyncIterator[None]:
        """One of the places at the engine; refuses when all are taken."""
        if self._with_engine >= self._at_once:
            metrics.count_limited("overload")
            answer = safe_answer(await self._texts.edition(), kommune)
            raise Refusal("fejl_optaget", 503, RETRY_SECONDS, [answer])
        self._with_engine += 1
        try:
            yield
        finally:
            self._with_engine -= 1

    async def _delivered(self, conversation: str, body: dict[str, str]) -> Reply:
        """The engine's reply; starts a conversation there that began while it was away."""
        try:
            reply = await self._engine.say(conversation, body)
        except UnknownConversation:
            late = self._ids.is_waiting(conversation, self._seconds)
            if not late or conversation in self._begun:
                raise
            await self._engine.start(conversation, self._kommune(conversation))
            self._begun[conversation] = True
            reply = await self._engine.say(conversation, body)
        return reply

    async def _in_time(self, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._timeout):
                return await work
        except TimeoutError:
            raise EngineUnavailable("slow") from None

    async def _public(self, conversation: str, work: Awaitable[Reply]) -> Messages:
        reply = await work
        edition = await self._texts.edition()
        kommune = reply.kommune or self._kommune(conversation)
        if kommune and kommune in edition.kommuner:
            self._kommuner[conversation] = kommune  # also renews the time limit
        try:
            found = [public_message(edition, message) for message in reply.messages]
        except Malformed:
            raise EngineUnavailable("nonsense") from None
        messages = [message for message in found if message]
        if not messages:
            raise EngineUnavailable("silent")
        metrics.count_answers(edition, messages)
        return messages

    async def _safe(self, conversation: str, error: EngineUnavailable) -> Messages:
        logger.warning("Safe answer given; the engine is %s.", error.reason)
        metrics.count_safe_answer(error.reason)
        return [safe_answer(await self._texts.edition(), self._kommune(conversation))]

    def _kommune(self, conversation: str) -> str | None:
        return self._kommuner.get(conversation) or self._ids.kommune(conversation)

    async def _safe_text(self, raw: str) -> str:
        """What may be sent on of a typed text: cleaned, within the limit, masked."""
        text = clean(raw)
        if not text:
            raise Refusal("fejl_tom", 400)
        if len(text) > self._max_characters:
            raise Refusal("fejl_for_lang", 413)
        lines = (await self._texts.edition()).helplines.values()
        return mask(text, keep={n for line in lines for n in (line.phone, line.sms) if n})

    @staticmethod
    def _choice(choice: str) -> str:
        if not _CHOICE.fullmatch(choice):
            raise Refusal("fejl_ugyldig", 400)
        return choice


def check_id(conversation: str) -> None:
    """Refuses an id that we cannot have given out."""
    if not _ID.fullmatch(conversation):
        raise Refusal("fejl_ukendt_samtale", 404)
