"""What the actions share: the content, and the kommune a message or conversation names."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa_sdk import Tracker

from content.kommuner import contact_card
from content.library import Edition, library


def edition() -> Edition:
    """The content as it is now."""
    return library().current()


def entities(tracker: Tracker, *names: str) -> List[str]:
    """The values of these entities in the latest message, in the order of the text."""
    return [
        str(entity["value"])
        for entity in tracker.latest_message.get("entities", [])
        if entity["entity"] in names
    ]


def card(code: Optional[str]) -> Optional[Dict[str, Any]]:
    """The contact card of a kommune, ready for JSON; None when the kommune is not known."""
    kommune = edition().kommune(code)
    return contact_card(kommune).as_dict() if kommune else None


def kommune_choices(codes: List[str]) -> List[Dict[str, str]]:
    """Buttons to choose between kommuner."""
    kommuner = edition().kommuner
    return [
        {"label": kommuner[code].navn, "choice": f"kommune:{code}"}
        for code in codes
        if code in kommuner
    ]
