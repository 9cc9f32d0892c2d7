"""What the actions share: the content, and the kommune a message or conversation names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Dict, List, Optional

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from assistant.history import LONGEST_PLACE_REPLY
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


def told_kommune(
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    asked: bool,
    choices: Sequence[Dict[str, str]] = (),
) -> Optional[str]:
    """The code of the kommune the latest message names.

    None when it names none, or when it takes another question to know, which is then asked (with
    ``choices`` as its last buttons). A short reply is read leniently when we have ``asked``.
    """
    named = entities(tracker, "kommune", "omtalt_kommune")
    if named:
        return named[-1]
    ambiguous = entities(tracker, "sted_flertydigt")
    if ambiguous:
        which_of(dispatcher, ambiguous[-1].split(","), choices)
        return None
    if entities(tracker, "sted_bredt"):
        dispatcher.utter_message(response="utter_for_bredt_sted", choices=list(choices))
        return None
    text = tracker.latest_message.get("text") or ""
    if not asked or text.startswith("/") or len(text.split()) > LONGEST_PLACE_REPLY:
        return None
    places = edition().gazetteer.find(text, lenient=True)
    if not places:
        dispatcher.utter_message(response="utter_ukendt_sted", choices=list(choices))
    elif places[0].too_broad:
        dispatcher.utter_message(response="utter_for_bredt_sted", choices=list(choices))
    elif len(places[0].candidates) > 1:
        which_of(dispatcher, list(places[0].candidates), choices)
    else:
        return places[0].candidates[0]
    return None


def which_of(
    dispatcher: CollectingDispatcher, codes: List[str], others: Sequence[Dict[str, str]] = ()
) -> None:
    """Asks which of several kommuner is meant, with a button for each."""
    kommuner = edition().kommuner
    choices = [
        {"label": kommuner[code].navn, "choice": f"kommune:{code}"}
        for code in codes
        if code in kommuner
    ]
    dispatcher.utter_message(response="utter_flere_steder", choices=[*choices, *others])
