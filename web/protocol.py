"""uvicorn's HTTP/1.1 with a time limit on a request's head, which uvicorn itself lacks.

Without it anybody can hold every connection by sending one header a minute. The body has its own
limit (:mod:`web.asgi`), and the wait between two requests is uvicorn's keep-alive, shorter when it
is crowded.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 10.0
# Beyond this share of the connections that there may be, an idle one is kept only so many seconds:
# it counts, and must not keep out a parent who writes.
CROWDED = 0.75
CROWDED_KEEP_ALIVE = 5


class TimedProtocol(H11Protocol):
    """Closes a connection whose request has not got a whole head after :data:`HEAD_SECONDS`."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        if self.limit_concurrency and len(self.connections) > CROWDED * self.limit_concurrency:
            self.timeout_keep_alive = min(self.timeout_keep_alive, CROWDED_KEEP_ALIVE)
        super().on_response_complete()
        if self.conn.trailing_data[0]:  # the beginning of another head came with the request
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.conn.their_state is not h11.IDLE:
            self._rest()
        elif self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _rest(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
