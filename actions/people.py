"""People instead of answers: asked for by the parent, or after two misses in a row."""

from __future__ import annotations

from typing import Any, Dict, List

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.context import card


class TalkToHuman(Action):
    """The helplines, and the kommune's card when the kommune is known."""

    answer = "tal_med_menneske"

    def name(self) -> str:
        return f"action_{self.answer}"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[Dict[str, Any]]:
        contact = card(tracker.get_slot("kommune"))
        dispatcher.utter_message(
            response=f"utter_{self.answer}", contact=contact, ask_kommune=not contact
        )
        return []


class TwoMisses(TalkToHuman):
    """Two misses in a row: no third guess."""

    answer = "to_gange_forbi"
