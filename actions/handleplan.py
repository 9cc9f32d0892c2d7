"""The plan to hold on to. Asks only for what is not known yet; every question can be skipped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Dict, List, Optional, Set

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.context import edition, entities, told_kommune
from assistant.history import AFTERWARDS, SKIPS, History
from assistant.roles import find_role
from content.plan import assemble

# The questions, each named by the slot it fills, in the order they are asked.
QUESTIONS = {
    "rolle": "utter_handleplan_rolle",
    "aldersgruppe": "utter_handleplan_alder",
    "kommune": "utter_handleplan_kommune",
}


class MakePlan(Action):
    def name(self) -> str:
        return "action_handleplan"

    def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[str, Any]
    ) -> List[Dict[str, Any]]:
        intent = (tracker.latest_message.get("intent") or {}).get("name")
        # Whoever asks for a plan begins anew; only a reply belongs to the question before it.
        asked = tracker.get_slot("plan_spoerger") if intent != "handleplan" else None
        skipped = list(tracker.get_slot("plan_sprunget_over") or [])
        known = {slot: tracker.get_slot(slot) for slot in QUESTIONS}
        if intent == "oplyser_rolle" or (asked == "rolle" and not known["rolle"]):
            known["rolle"] = _role_in(tracker) or known["rolle"]
        known["rolle"] = known["rolle"] or _role_told_before(tracker)
        asked_place = asked == "kommune" and intent not in SKIPS
        if asked_place or intent in ("handleplan", "oplyser_sted"):
            skip = {"label": edition().messages["knap_spring_over"].text, "choice": "spring_over"}
            told = told_kommune(dispatcher, tracker, asked_place, choices=[skip])
            known["kommune"] = told or known["kommune"]
        if dispatcher.messages:  # it takes another question to know which place is meant
            return self._remember(known, skipped, asked="kommune")
        if asked and not known[asked] and (intent in SKIPS or not _told_something_else(tracker)):
            skipped.append(asked)  # nobody is asked the same thing twice
        missing = [slot for slot in QUESTIONS if not known[slot] and slot not in skipped]
        if missing:
            dispatcher.utter_message(response=QUESTIONS[missing[0]])
            return self._remember(known, skipped, asked=missing[0])
        self._give(dispatcher, tracker, known)
        return self._remember(known, skipped, asked=None)

    @staticmethod
    def _give(dispatcher: CollectingDispatcher, tracker: Tracker, known: Dict[str, Any]) -> None:
        content = edition()
        plan = assemble(
            content,
            known["rolle"],
            known["aldersgruppe"],
            known["kommune"],
            _topics(tracker, content.catalogue.conversational),
        )
        if plan is None:
            dispatcher.utter_message(response="utter_svar_mangler")
            return
        find_ssp = {"label": content.messages["knap_find_ssp"].text, "choice": "ssp_kontakt"}
        dispatcher.utter_message(
            response="utter_handleplan",
            plan=plan.as_dict(),
            choices=[] if plan.contact else [find_ssp],
        )

    @staticmethod
    def _remember(
        known: Dict[str, Any], skipped: List[str], asked: Optional[str]
    ) -> List[Dict[str, Any]]:
        return [
            *(SlotSet(slot, value) for slot, value in known.items()),
            SlotSet("plan_sprunget_over", skipped),
            SlotSet("plan_spoerger", asked),
        ]


def _topics(tracker: Tracker, conversational: Iterable[str]) -> Set[str]:
    """What the conversation has been about: the answers given, and what the parent has told."""
    given = History(tracker.events, conversational).turns
    told = (event["parse_data"] for event in tracker.events if event.get("event") == "user")
    return {
        *(turn.removesuffix(AFTERWARDS) for turn in given),
        *((data.get("intent") or {}).get("name") or "" for data in told),
    }


def _role_in(tracker: Tracker) -> Optional[str]:
    """The child's part in it, told in the parent's own words."""
    guide, text = edition().plan, tracker.latest_message.get("text") or ""
    if text.startswith("/"):
        return None
    return find_role(text) or (guide.role_in(text) if guide else None)


def _role_told_before(tracker: Tracker) -> Optional[str]:
    """The child's part as the latest message that clearly says it tells it. What the messages
    were about (the slot's mappings from intents) is more certain and goes before."""
    told = (event["parse_data"] for event in tracker.events if event.get("event") == "user")
    roles = [find_role(data.get("text") or "") for data in told]
    return next((role for role in reversed(roles) if role), None)


def _told_something_else(tracker: Tracker) -> bool:
    """True when a reply tells another thing a plan is made from."""
    return bool(entities(tracker, "rolle", "aldersgruppe", "kommune", "omtalt_kommune"))
