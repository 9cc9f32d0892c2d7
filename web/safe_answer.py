"""The answer a parent gets when the engine cannot give one. Needs nothing but the content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from web.rendering import to_html
from web.texts import LAST_RESORT, contact_of

if TYPE_CHECKING:
    from content.library import Edition

MESSAGE = "sikkert_svar"


def safe_answer(edition: Edition, kommune: str | None) -> dict[str, Any]:
    """112, 114, the national lines and, when the kommune is known, its contact card."""
    message = edition.messages.get(MESSAGE)
    text = edition.render(message.text, kommune=kommune) if message else LAST_RESORT
    buttons = message.buttons if message else ()
    answer: dict[str, Any] = {
        "answer": None,
        "text": text,
        "html": to_html(text),
        "link": None,
        "sources": [],
        "reviewed": None,
        "draft": False,
        "choices": [{"label": button.label, "choice": button.choice} for button in buttons],
    }
    contact = contact_of(edition, kommune)
    if contact:
        answer["contact"] = contact
    return answer
