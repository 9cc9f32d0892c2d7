"""The dialogue's exceptions. Rules say which answer belongs to which intent; this policy says
when the conversation itself matters more: a crisis that is not over, a question we asked,
a second miss in a row.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import dataclass
from typing import Any, Dict, List, Optional

from rasa.core.featurizers.precomputation import MessageContainerForCoreFeaturization
from rasa.core.policies.policy import Policy, PolicyPrediction, SupportedData
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.history import (
    ACUTE,
    AFTERWARDS,
    LONGEST_PLACE_REPLY,
    SKIPS,
    SPOKEN_BY_ACTIONS,
    History,
)
from assistant.segments import asks
from content.library import library
from content.places import Gazetteer

# Above RulePolicy (6), which is equally certain of its rules.
PRIORITY = 7

# In a crisis another topic is taken up only when the classifier is at least this certain:
# between "he is calm now" and a new question the crisis is the safer reading.
LEAVE_CRISIS = 0.5
# These answers use the words of someone who is still in it ("hun græder", "jeg ryster"): only a
# question leaves for one of them.
CLOSE_TO_CRISIS = {
    "min_egen_reaktion", "skam_og_skyld", "tegn_paa_mistrivsel", "barnet_vil_ikke_tale",
    "tal_med_barnet", "foerste_skridt",
}  # fmt: skip
# Whoever asks for people gets the numbers, crisis or not.
ASKS_FOR_PEOPLE = {"raadgivning_linjer", "tal_med_menneske", "ssp_kontakt", "tak", "farvel"}

# Words that continue what was being talked about.
_CONTINUES = {
    "ja", "nej", "forstod_ikke", "hilsen", "nonsens", "oplyser_alder", "oplyser_rolle",
    "spring_over", "utilfreds",
}  # fmt: skip

# After these "what if he is 14?" asks what the law says at that age: they say it themselves, and
# the answers that follow them ("and the school?") do not.
_CHILD_DID_IT = {"barn_har_delt", "barn_har_filmet", "straf_for_at_dele"}

# What a plan is made from: answers its questions, and corrects a plan that has been made.
_TELLS_FOR_PLAN = {"oplyser_alder", "oplyser_rolle", "oplyser_sted"}

_PLACES = {"kommune", "omtalt_kommune", "sted_flertydigt", "sted_bredt"}

# Short replies that are no places, however much they look like one.
_NO_PLACES = {"ja", "nej", "tak", "farvel", "tal_med_menneske"}

# Words of a misspelt place that is said without being asked for ("skandeborg").
_BARE_PLACE = 2

# What the classifier makes of a place it has never seen, or of "vidne": too short for a topic.
_UNREAD = {DEFAULT_NLU_FALLBACK_INTENT_NAME, "nonsens"}

# "8. klasse" is an age, but on both sides of the law's border: no age band comes of it.
_GRADE = re.compile(r"\bklasse|\b\d{1,2}\b")


@dataclass(frozen=True)
class Turn:
    """What the parent has just said, as far as :func:`decide` looks at it."""

    intent: Optional[str]
    confidence: float = 1.0
    words: int = 0
    is_choice: bool = False
    """A button, not a text."""
    asks: bool = False
    """There is a question in it."""
    names_place: bool = False
    reply_is_place: bool = False
    """It can be read as a place by whoever has just asked for one."""
    reply_is_age: bool = False
    """It can be read as an age, though perhaps not as one we can use."""
    tells_role: bool = False
    """It names the child's part in it."""


def decide(
    history: History,
    turn: Turn,
    kommune_known: bool = False,
    plan_asks: Optional[str] = None,
    answers: Container[str] = (),
    of_age: Container[str] = (),
) -> Optional[str]:
    """The name of the action that must be taken, or None to leave it to the rules.

    ``plan_asks`` is what the plan is waiting to hear (``rolle``, ``aldersgruppe`` or
    ``kommune``); ``answers`` are the pamphlet answers, which can be given again for another age,
    and ``of_age`` those that say something of their own at the child's age.
    """
    intent = turn.intent
    in_plan = history.last == "handleplan" and intent not in ACUTE
    if in_plan and _is_for_plan(turn, plan_asks):
        return "action_handleplan"
    if history.crisis and not turn.is_choice and _goes_on(history.crisis, turn):
        return f"utter_{history.crisis}{AFTERWARDS}"
    reads_as = {
        "kommune": turn.reply_is_place and intent not in _NO_PLACES,
        "aldersgruppe": turn.reply_is_age,
    }
    unread = intent in _UNREAD and turn.words <= LONGEST_PLACE_REPLY
    if in_plan and plan_asks and (unread or reads_as.get(plan_asks)):
        return "action_handleplan"
    asked = history.last == "spoerg_kommune" or (
        history.last == "ssp_kontakt" and not kommune_known
    )
    if asked and (unread or (turn.reply_is_place and intent not in (*ACUTE, *_NO_PLACES))):
        return "action_ssp_kontakt"
    if intent == DEFAULT_NLU_FALLBACK_INTENT_NAME:
        if turn.names_place or (turn.reply_is_place and turn.words <= _BARE_PLACE):
            return "action_ssp_kontakt"
        return "action_to_gange_forbi" if history.last == "afklaring" else "action_afklaring"
    if intent == "oplyser_sted" and history.last == "kommunens_indsats":
        return "action_kommunens_indsats"
    if intent == "oplyser_alder":
        did_it = _CHILD_DID_IT.intersection(history.topics[:3])
        if turn.asks and did_it and history.topic not in did_it:
            return "utter_kriminel_lavalder"
        topic = next((id_ for id_ in history.topics[:2] if id_ in of_age), history.topic)
        return f"utter_{topic}" if topic in answers else "utter_oplyser_alder"
    return None


def _goes_on(crisis: str, turn: Turn) -> bool:
    """True while what is said belongs to the crisis, or may belong to it."""
    if turn.intent == crisis or turn.intent in _CONTINUES:
        return True
    if turn.intent in ACUTE or turn.intent in ASKS_FOR_PEOPLE:
        return False
    unsure = turn.intent == DEFAULT_NLU_FALLBACK_INTENT_NAME or turn.confidence < LEAVE_CRISIS
    return unsure or (turn.intent in CLOSE_TO_CRISIS and not turn.asks)


def _is_for_plan(turn: Turn, asked: Optional[str]) -> bool:
    """True for what answers the plan's question, or tells what the plan is made from."""
    return (
        turn.intent in _TELLS_FOR_PLAN
        or (asked is not None and turn.intent in SKIPS)
        or (asked == "rolle" and turn.tells_role)
    )


@DefaultV1Recipe.register(
    DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True
)
class ConversationPolicy(Policy):
    """Predicts what :func:`decide` says; after any action it listens (one action a turn)."""

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            {**config, "priority": PRIORITY}, model_storage, resource, execution_context
        )

    @staticmethod
    def supported_data() -> SupportedData:
        return SupportedData.ML_AND_RULE_DATA

    @staticmethod
    def get_default_config() -> Dict[str, Any]:
        return {"priority": PRIORITY}

    def train(
        self,
        training_trackers: List[TrackerWithCachedStates],
        domain: Domain,
        **kwargs: Any,
    ) -> Resource:
        return self._resource  # nothing is learned

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ConversationPolicy:
        return cls(config, model_storage, resource, execution_context)

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: Optional[Dict[str, Any]] = None,
        precomputations: Optional[MessageContainerForCoreFeaturization] = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        probabilities = self._default_predictions(domain)
        action = self._next_action(tracker)
        if action in domain.action_names_or_texts:
            probabilities[domain.index_for_action(action)] = 1.0
        return self._prediction(probabilities)

    def _next_action(self, tracker: DialogueStateTracker) -> Optional[str]:
        if tracker.latest_action_name != ACTION_LISTEN_NAME:
            return ACTION_LISTEN_NAME
        message: Optional[UserUttered] = tracker.latest_message
        if message is None:
            return None
        content = library().current()
        catalogue = content.catalogue
        age = tracker.get_slot("aldersgruppe")
        roles = {mapping.get("intent") for mapping in tracker.slots["rolle"].mappings}
        return decide(
            history=History(
                (event.as_dict() for event in tracker.events), catalogue.conversational
            ),
            turn=_turn(message, content.gazetteer, roles),
            kommune_known=bool(tracker.get_slot("kommune")),
            plan_asks=tracker.get_slot("plan_spoerger"),
            answers=catalogue.pamphlet_of.keys() - SPOKEN_BY_ACTIONS,
            of_age={id_ for id_, answer in content.answers.items() if age in answer.variants},
        )


def _turn(message: UserUttered, gazetteer: Gazetteer, roles: Container[Optional[str]]) -> Turn:
    text = message.text or ""
    words = len(text.split())
    short = words <= LONGEST_PLACE_REPLY
    return Turn(
        intent=message.intent_name,
        confidence=float(message.intent.get("confidence") or 0.0),
        words=words,
        is_choice=text.startswith("/"),
        asks=asks(text),
        names_place=any(entity["entity"] in _PLACES for entity in message.entities),
        reply_is_place=short and bool(gazetteer.find(text, lenient=True)),
        reply_is_age=short and bool(_GRADE.search(text.lower())),
        tells_role=message.intent_name in roles,
    )
