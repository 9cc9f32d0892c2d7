"""What the parts of the web side raise when they refuse; :mod:`web.errors` answers it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Refusal(Exception):
    """A request we do not carry out.

    ``code`` is the id of a message in ``data/beskeder.yml``, ``retry_after`` is in seconds, and
    ``messages`` are answers that help meanwhile.
    """

    def __init__(
        self,
        code: str,
        status: int,
        retry_after: int | None = None,
        messages: Sequence[dict[str, Any]] = (),
    ) -> None:
        self.code = code
        self.status = status
        self.retry_after = retry_after
        self.messages = messages
        super().__init__(code)
