"""Conversation ids: random, and telling any web replica what it cannot ask the engine for.

Parents meet another replica at every message. One that has not seen the conversation must still
give the kommune's contact with the safe answer, and begin what was opened while no engine
answered. So the id carries both, signed; the replicas share ``SECRET_KEY`` and no memory.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import struct
import time

_CONTENT = struct.Struct(">12sIH")  # random, given out without an engine at (or 0), kommune (or 0)
_SIGNATURE = 6  # bytes; in all 24, which are 32 characters


class Ids:
    """Makes ids and reads those that any holder of ``key`` has made."""

    def __init__(self, key: str) -> None:
        self._key = hashlib.sha256(b"web.ids" + key.encode()).digest()

    def new(self, kommune: str | None, waiting: bool = False) -> str:
        """An id for a page of this kommune; ``waiting`` for an engine that does not know it yet."""
        given_out = int(time.time()) if waiting else 0
        content = _CONTENT.pack(secrets.token_bytes(12), given_out, int(kommune or 0))
        return base64.urlsafe_b64encode(content + self._signed(content)).decode()

    def kommune(self, id_: str) -> str | None:
        """The code of the kommune it was made for."""
        _, kommune = self._read(id_)
        return f"{kommune:04d}" if kommune else None

    def is_waiting(self, id_: str, seconds: float) -> bool:
        """True for an id given out without an engine, at most so many seconds ago."""
        given_out, _ = self._read(id_)
        return bool(given_out) and time.time() - given_out <= seconds

    def _read(self, id_: str) -> tuple[int, int]:
        both = base64.urlsafe_b64decode(id_)
        content, signature = both[: _CONTENT.size], both[_CONTENT.size :]
        if not hmac.compare_digest(signature, self._signed(content)):
            return 0, 0  # another key's
        _, given_out, kommune = _CONTENT.unpack(content)
        return given_out, kommune

    def _signed(self, content: bytes) -> bytes:
        return hmac.digest(self._key, content, "sha256")[:_SIGNATURE]
