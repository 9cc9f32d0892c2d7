"""What we know of the kommune's own efforts against digital sexual violations."""

from __future__ import annotations

from typing import Any, Dict, List, Optional

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import edition, entities, which_of


class KommuneEfforts(Action):
    def name(self) -> str:
        return "action_kommunens_indsats"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[Dict[str, Any]]:
        # Not told_kommune: a place too broad ("Fyn") is no reason to ask when we know the kommune.
        named = entities(tracker, "kommune", "omtalt_kommune")
        ambiguous = entities(tracker, "sted_flertydigt")
        if ambiguous and not named:
            which_of(dispatcher, ambiguous[-1].split(","))
            return []
        code = named[-1] if named else tracker.get_slot("kommune")
        kommune = edition().kommune(code)
        if not kommune:
            dispatcher.utter_message(response="utter_kommunens_indsats", ask_kommune=True)
            return []
        messages = edition().messages
        if kommune.indsats:
            source = messages["indsats_kilde"].text
            lines = [
                f"- {effort.tekst} ([{source}]({effort.kilde}){_dated(effort.dato)})"
                for effort in kommune.indsats
            ]
            addition = "\n".join([messages["indsats_kendt"].text, "", *lines])
        else:
            addition = messages["indsats_ukendt"].text
        addition = edition().render(addition, kommune=code)
        dispatcher.utter_message(response="utter_kommunens_indsats", addition=addition)
        return [SlotSet("kommune", code)]


def _dated(date: Optional[str]) -> str:
    return f", {date}" if date else ""
