"""The dialogue's exceptions. Rules say which answer belongs to which intent; this policy says
when the conversation itself matters more: a crisis that is not over, a question we asked,
a second miss in a row.
"""

from __future__ import annotations

import re
from collections.abc import Container
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

from assistant.history import ACUTE, AFTERWARDS, LONGEST_PLACE_REPLY, SKIPS, History
from content.library import library

# Above RulePolicy (6), which is equally certain of its rules.
PRIORITY = 7

# In a crisis another topic is taken up only when the classifier is at least this certain:
# between "he is calm now" and a new question the crisis is the safer reading.
LEAVE_CRISIS = 0.5
# These answers use the words of someone who is still in it ("hun græder", "jeg ryster").
CLOSE_TO_CRISIS = {
    "min_egen_reaktion", "skam_og_skyld", "tegn_paa_mistrivsel", "barnet_vil_ikke_tale",
    "tal_med_barnet", "foerste_skridt",
}  # fmt: skip
LEAVE_FOR_CLOSE = 0.85
# Whoever asks for people gets the numbers, crisis or not.
ASKS_FOR_PEOPLE = {"raadgivning_linjer", "tal_med_menneske", "ssp_kontakt", "tak", "farvel"}

# Words that continue what was being talked about.
_CONTINUES = {
    "ja", "nej", "forstod_ikke", "hilsen", "nonsens", "oplyser_alder", "oplyser_rolle",
    "spring_over", "utilfreds",
}  # fmt: skip

# What a plan is made from: answers its questions, and corrects a plan that has been made.
_TELLS_FOR_PLAN = {"oplyser_alder", "oplyser_rolle", "oplyser_sted"}

# Short replies that are no places, however much they look like one.
_NO_PLACES = {"ja", "nej", "tak", "farvel", "tal_med_menneske"}

# What the classifier makes of a place it has never seen, or of "vidne": too short for a topic.
_UNREAD = {DEFAULT_NLU_FALLBACK_INTENT_NAME, "nonsens"}

# Answers that an action puts together; they have no age variants.
SPOKEN_BY_ACTIONS = {"ssp_kontakt", "kommunens_indsats"}

# "8. klasse" is an age, but on both sides of the law's border: no age band comes of it.
_GRADE = re.compile(r"\bklasse|\b\d{1,2}\b")


def decide(
    history: History,
    intent: Optional[str],
    confidence: float,
    is_choice: bool,
    words: int,
    places: bool,
    reply_is_place: bool,
    kommune_known: bool,
    answers: Container[str] = (),
    plan_asks: Optional[str] = None,
    tells_role: bool = False,
    reply_is_age: bool = False,
) -> Optional[str]:
    """The name of the action that must be taken, or None to leave it to the rules.

    ``words`` is the length of the message; ``places`` tells whether it names a place, and
    ``reply_is_place`` whether it can be read as one by whoever has just asked for it;
    ``answers`` are the pamphlet answers, which can be given again for another age;
    ``plan_asks`` is what the plan is waiting to hear (``rolle``, ``aldersgruppe`` or
    ``kommune``), ``tells_role`` tells whether the message names the child's part in it, and
    ``reply_is_age`` whether it can be read as an age, though perhaps not as one we can use.
    """
    in_plan = history.last == "handleplan" and intent not in ACUTE
    if in_plan and _is_for_plan(intent, plan_asks, tells_role):
        return "action_handleplan"
    crisis = history.crisis
    if crisis and not is_choice:
        other_crisis = intent in ACUTE and intent != crisis
        certain_enough = LEAVE_FOR_CLOSE if intent in CLOSE_TO_CRISIS else LEAVE_CRISIS
        unsure = intent == DEFAULT_NLU_FALLBACK_INTENT_NAME or (
            confidence < certain_enough and intent not in ASKS_FOR_PEOPLE
        )
        if not other_crisis and (intent == crisis or intent in _CONTINUES or unsure):
            return f"utter_{crisis}{AFTERWARDS}"
    reply = {"kommune": reply_is_place and intent not in _NO_PLACES, "aldersgruppe": reply_is_age}
    unread = intent in _UNREAD and words <= LONGEST_PLACE_REPLY
    if in_plan and plan_asks and (unread or reply.get(plan_asks)):
        return "action_handleplan"
    asked = history.last == "spoerg_kommune" or (
        history.last == "ssp_kontakt" and not kommune_known
    )
    if asked and reply_is_place and intent not in (*ACUTE, *_NO_PLACES):
        return "action_ssp_kontakt"
    if asked and words <= LONGEST_PLACE_REPLY and intent in _UNREAD:
        return "action_ssp_kontakt"
    if intent == DEFAULT_NLU_FALLBACK_INTENT_NAME:
        if places:
            return "action_ssp_kontakt"
        return "action_to_gange_forbi" if history.last == "afklaring" else "action_afklaring"
    if intent == "oplyser_sted" and history.last == "kommunens_indsats":
        return "action_kommunens_indsats"
    if intent == "oplyser_alder":
        topic = history.topic
        return f"utter_{topic}" if topic in answers else "utter_oplyser_alder"
    return None


def _is_for_plan(intent: Optional[str], asked: Optional[str], tells_role: bool) -> bool:
    """True for what answers the plan's question, or tells what the plan is made from."""
    return (
        intent in _TELLS_FOR_PLAN
        or (asked is not None and intent in SKIPS)
        or (asked == "rolle" and tells_role)
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
        text = message.text or ""
        content = library().current()
        catalogue = content.catalogue
        words = len(text.split())
        return decide(
            history=History(
                (event.as_dict() for event in tracker.events), catalogue.conversational
            ),
            intent=message.intent_name,
            confidence=float(message.intent.get("confidence") or 0.0),
            is_choice=text.startswith("/"),
            words=words,
            places=any(
                entity["entity"] in ("kommune", "omtalt_kommune", "sted_flertydigt", "sted_bredt")
                for entity in message.entities
            ),
            reply_is_place=words <= LONGEST_PLACE_REPLY
            and bool(content.gazetteer.find(text, lenient=True)),
            kommune_known=bool(tracker.get_slot("kommune")),
            answers=catalogue.pamphlet_of.keys() - SPOKEN_BY_ACTIONS,
            plan_asks=tracker.get_slot("plan_spoerger"),
            tells_role=message.intent_name
            in {mapping.get("intent") for mapping in tracker.slots["rolle"].mappings},
            reply_is_age=words <= LONGEST_PLACE_REPLY and bool(_GRADE.search(text.lower())),
        )
