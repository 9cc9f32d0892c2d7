"""Not sure enough: offers the most likely answers instead of guessing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import edition
from content.answers import Answer

SUGGESTIONS = 3


def suggestions(ranking: List[Dict[str, Any]], answers: Mapping[str, Answer]) -> List[str]:
    """The ids to choose among: the likeliest advice. People have a button of their own."""
    names = (entry["name"] for entry in ranking)
    advice = [id_ for id_ in names if id_ in answers and answers[id_].pamphlet]
    return [id_ for id_ in advice if id_ != "ssp_kontakt"][:SUGGESTIONS]


class Clarify(Action):
    def name(self) -> str:
        return "action_afklaring"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[Dict[str, Any]]:
        content = edition()
        likely = suggestions(tracker.latest_message.get("intent_ranking") or [], content.answers)
        people = [
            {"label": content.messages["knap_find_ssp"].text, "choice": "ssp_kontakt"},
            {"label": content.messages["knap_noget_andet"].text, "choice": "noget_andet"},
        ]
        if likely:
            choices = content.choices(likely)
            dispatcher.utter_message(response="utter_afklaring", choices=[*choices, *people])
        else:
            dispatcher.utter_message(response="utter_afklaring_uden_forslag")
        return []
