"""The SSP contact of the family's kommune, asking for the kommune when it is not known."""

from __future__ import annotations

from typing import Any, Dict, List, Text

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import card, edition, entities, kommune_choices

LONGEST_PLACE_REPLY = 5  # words; a longer text is no answer to "which kommune?"


class SspContact(Action):
    def name(self) -> Text:
        return "action_ssp_kontakt"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]
    ) -> List[Dict[Text, Any]]:
        ambiguous = entities(tracker, "sted_flertydigt")
        broad = entities(tracker, "sted_bredt")
        named = entities(tracker, "kommune", "omtalt_kommune")
        code = named[-1] if named else tracker.get_slot("kommune")
        if not named and ambiguous:
            _which_of(dispatcher, ambiguous[-1].split(","))
            return []
        if not named and broad:
            dispatcher.utter_message(response="utter_for_bredt_sted")
            return []
        if not code:
            return self._from_text(dispatcher, tracker)
        return _give(dispatcher, code)

    @staticmethod
    def _from_text(dispatcher: CollectingDispatcher, tracker: Tracker) -> List[Dict[Text, Any]]:
        """Reads a short reply leniently when we have just asked; else asks."""
        text = tracker.latest_message.get("text") or ""
        asked = not text.startswith("/") and _just_asked(tracker)
        if not asked or len(text.split()) > LONGEST_PLACE_REPLY:
            dispatcher.utter_message(response="utter_spoerg_kommune")
            return []
        places = edition().gazetteer.find(text, lenient=True)
        if not places:
            dispatcher.utter_message(response="utter_ukendt_sted")
        elif places[0].too_broad:
            dispatcher.utter_message(response="utter_for_bredt_sted")
        elif len(places[0].candidates) > 1:
            _which_of(dispatcher, list(places[0].candidates))
        else:
            return _give(dispatcher, places[0].candidates[0])
        return []


def _just_asked(tracker: Tracker) -> bool:
    said = [e for e in tracker.events if e.get("event") == "bot"]
    custom = ((said[-1].get("data") or {}).get("custom") or {}) if said else {}
    return bool(custom.get("ask_kommune"))


def _which_of(dispatcher: CollectingDispatcher, codes: List[str]) -> None:
    dispatcher.utter_message(response="utter_flere_steder", choices=kommune_choices(codes))


def _give(dispatcher: CollectingDispatcher, code: str) -> List[Dict[Text, Any]]:
    change = {"label": edition().messages["knap_skift_kommune"].text, "choice": "skift_kommune"}
    answer = edition().answers.get("ssp_kontakt")
    steps = [
        {"label": edition().answers[id_].title, "choice": id_}
        for id_ in (answer.follow_ups if answer else ())
        if id_ in edition().answers
    ][:2]
    dispatcher.utter_message(
        response="utter_ssp_kontakt", contact=card(code), choices=[*steps, change], kommune=code
    )
    return [SlotSet("kommune", code)]
