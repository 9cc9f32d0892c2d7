"""The SSP contact of the family's kommune, asking for the kommune when it is not known."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import card, edition, told_kommune


class SspContact(Action):
    def name(self) -> str:
        return "action_ssp_kontakt"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[Dict[str, Any]]:
        known = tracker.get_slot("kommune")
        # Nothing but a place is said: even misspelt it is meant as one.
        only_a_place = tracker.get_intent_of_latest_message() in ("oplyser_sted", "nlu_fallback")
        answers = _just_asked(tracker) or only_a_place
        code = told_kommune(dispatcher, tracker, answers) or known
        if dispatcher.messages:  # it takes another question to know which place is meant
            return []
        if not edition().kommune(code):
            dispatcher.utter_message(response="utter_spoerg_kommune")
            return []
        return _give(dispatcher, code)


def _just_asked(tracker: Tracker) -> bool:
    said = [e for e in tracker.events if e.get("event") == "bot"]
    custom = ((said[-1].get("data") or {}).get("custom") or {}) if said else {}
    return bool(custom.get("ask_kommune"))


def _give(dispatcher: CollectingDispatcher, code: str) -> List[Dict[str, Any]]:
    change = {"label": edition().messages["knap_skift_kommune"].text, "choice": "skift_kommune"}
    answer = edition().answers.get("ssp_kontakt")
    steps = edition().choices(answer.follow_ups if answer else ())[:2]
    dispatcher.utter_message(
        response="utter_ssp_kontakt", contact=card(code), choices=[*steps, change]
    )
    return [SlotSet("kommune", code)]
