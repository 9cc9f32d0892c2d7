"""Not sure enough: offers the most likely answers instead of guessing."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import edition

SUGGESTIONS = 3


class Clarify(Action):
    def name(self) -> str:
        return "action_afklaring"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[Dict[str, Any]]:
        content = edition()
        ranking = tracker.latest_message.get("intent_ranking") or []
        likely = [
            content.answers[entry["name"]]
            for entry in ranking
            if entry["name"] in content.answers
            and content.answers[entry["name"]].pamphlet
            and entry["name"] != "ssp_kontakt"
        ][:SUGGESTIONS]
        people = [
            {"label": content.messages["knap_find_ssp"].text, "choice": "ssp_kontakt"},
            {"label": content.messages["knap_noget_andet"].text, "choice": "noget_andet"},
        ]
        if likely:
            choices = content.choices(answer.id for answer in likely)
            dispatcher.utter_message(response="utter_afklaring", choices=[*choices, *people])
        else:
            dispatcher.utter_message(response="utter_afklaring_uden_forslag")
        return []
