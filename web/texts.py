"""The content as the web side uses it: always an edition, whatever happens to the files."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

from content.kommuner import contact_card
from private_logs import describe

if TYPE_CHECKING:
    from content.library import Edition, Library

logger = logging.getLogger(__name__)

# Shown in place of a message that is missing in data/beskeder.yml: numbers need no language.
LAST_RESORT = "[112](tel:112) · [114](tel:114) · [116 111](tel:116111)"
LAST_RESORT_PLAIN = "112 · 114 · 116 111"


class Texts:
    """Gives the current edition, and the last good one when reading fails unexpectedly."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._last: Edition | None = None

    def now(self) -> Edition:
        """The content as it is now. Looks at the files, so call :meth:`edition` in async code."""
        try:
            self._last = self._library.current()
        except Exception as error:
            if self._last is None:
                raise
            logger.error("The content could not be read: %s", describe(error))
        return self._last

    async def edition(self) -> Edition:
        """The content as it is now. The files are looked at outside the event loop."""
        return self._library.recent() or await asyncio.to_thread(self.now)


def plain_message(edition: Edition, id_: str) -> str:
    """The text of one of the assistant's own messages."""
    message = edition.messages.get(id_)
    return message.text if message else LAST_RESORT_PLAIN


def pamphlet_link(edition: Edition, answer_id: str, kommune: str | None = None) -> str | None:
    """Where an answer stands in its pamphlet, shown as the kommune's; None when it is in none."""
    answer = edition.answers.get(answer_id)
    pamphlet = edition.pamphlets.get(answer.pamphlet or "") if answer else None
    if pamphlet is None or answer_id not in pamphlet.answers:
        return None
    return f"/pjecer/{pamphlet.id}/{f'?kommune={kommune}' if kommune else ''}#{answer_id}"


def contact_of(edition: Edition, code: str | None) -> dict[str, Any] | None:
    """The contact card of a kommune, ready for JSON; None when there is none."""
    kommune = edition.kommuner.get(code) if code else None
    if kommune is None:
        return None
    try:
        return contact_card(kommune).as_dict()
    except Exception as error:  # the parent still needs the rest of the answer
        logger.error("A contact card could not be made: %s", describe(error))
        return None
