"""What a message means in its conversation: its questions, what it refers to, what it follows.

Two components around the classifier. The first puts each question of a message beside it, so that
all of them are classified alike and at once. The second weighs what came of that, together with
what has been said before, and hands on the one message.
"""

from __future__ import annotations

import math
import re
from typing import Any, Dict, List, Optional

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import (
    INTENT,
    INTENT_NAME_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from assistant.component import StatelessComponent
from assistant.history import ACUTE, QUESTIONS, SPOKEN_BY_ACTIONS, History
from assistant.segments import clauses, questions
from content.library import Edition, library

# A question inside a message counts when its intent is more likely than not, and a message below
# that is not understood. On the 501 messages of tests/messages (single ones, out of any
# conversation) 436 answers are right and 29 wrong, 36 are asked back; without questions 428, 27
# and 46. A wrong answer costing 5 and asking back 1, 0.35 costs 189, 0.5 181, 0.65 183 and 0.8 186.
# These messages also judge the product, so they judge this one number a little kindly.
CERTAIN = 0.5
# In tests/conversations 51 % of the questions after an answer are among that answer's next steps,
# where chance would give 6 %: each of them is 18 times as likely as any other answer.
LEADS_ON = 18.0
OPENERS = {"hilsen", "hvad_kan_du"}  # in those conversations never said after an answer
PREFACES = {"hilsen", "tak", "ja", "nej"}  # small talk before a question
REMEMBERED = 3  # messages back in which "den anden" looks for what it refers to

_ORDINALS = [
    (0, r"første|(?:nummer|nr\.?|mulighed)\s*(?:1|et|én)"),
    (1, r"anden|andet|(?:nummer|nr\.?|mulighed)\s*(?:2|to)"),
    (2, r"tredje|(?:nummer|nr\.?|mulighed)\s*(?:3|tre)"),
    (-1, r"sidste|sidstnævnte"),
]
_ORDINALS = [(place, re.compile(rf"\b(?:{words})\b", re.IGNORECASE)) for place, words in _ORDINALS]
_SMALL = re.compile(
    r"\b(?:og|så|nej|ja|jo|ok|okay|nå|men|altså|undskyld|hov|jeg|vi|mente|mener|tænkte|på|vil|have|gerne|hellere|"
    r"tage?|tager|svar|svare|besvar|vælger?|giv|lad|os|kan|du|må|er|var|det|den|de|som|til|med|om|hvad|først|lige|bare|nu|tak|"
    r"spørgsmål(?:et)?|ting|emne|svaret|muligheden?)\b",
    re.IGNORECASE,
)


def position(text: str) -> Optional[int]:
    """Which of several things ``text`` picks ("den anden" → 1, "den sidste" → -1), or None when
    it says anything else."""
    for place, words in _ORDINALS:
        rest, found = words.subn(" ", text, count=1)
        if found and not re.search(r"\w", _SMALL.sub(" ", rest)):
            return place
    return None


def referents(tracker: DialogueStateTracker, back: int = REMEMBERED) -> List[str]:
    """The answers a reply can refer to: those just suggested, or those that one of the ``back``
    latest messages asked for."""
    seen = 0
    for event in reversed(tracker.events):
        if isinstance(event, BotUttered):
            custom = event.data.get("custom") or {}
            if custom.get("message") == "afklaring":
                answers = library().current().answers
                choices = [button["choice"] for button in custom["choices"]]
                return [id_ for id_ in choices if id_ in answers and id_ != "ssp_kontakt"]
        elif isinstance(event, UserUttered):
            asked = (event.parse_data or {}).get(QUESTIONS)
            seen += 1
            if asked or seen == back:
                return asked or []
    return []


def referred(
    text: str, agrees: bool, tracker: DialogueStateTracker, last: str | None
) -> str | None:
    """The answer that ``text`` picks of those it can refer to, or None. Whoever ``agrees`` and
    names none means the first of those just spoken of. ``last`` has just been given: whoever asks
    for "den anden" then means another."""
    place = position(text)
    if place is None and not agrees:
        return None
    known = referents(tracker, 1 if place is None else REMEMBERED)
    place = place or 0
    picked = known[place : place + 1 or None]
    if picked == [last]:
        picked = [id_ for id_ in known if id_ != last]
    return picked[0] if picked else None


def followed(
    ranking: List[Dict[str, Any]], topic: Optional[str], edition: Edition
) -> List[Dict[str, Any]]:
    """The classifier's ranking after the answer ``topic``: what that answer is about and what it
    leads on to is likelier there than elsewhere (Bayes' rule, the rest of the intents together)."""
    answer = edition.answers.get(topic or "")
    if not answer or not answer.pamphlet or answer.id in (*ACUTE, *SPOKEN_BY_ACTIONS):
        return ranking
    # The way to SSP is a button below every answer.
    weight = {id_: LEADS_ON for id_ in (answer.id, *answer.follow_ups, "ssp_kontakt")}
    weight.update(dict.fromkeys(OPENERS, 1 / LEADS_ON))
    likely = {_name(entry): _certainty(entry) * weight.get(_name(entry), 1.0) for entry in ranking}
    total = sum(likely.values()) + max(0.0, 1.0 - sum(map(_certainty, ranking)))
    return [
        {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: value / total}
        for name, value in sorted(likely.items(), key=lambda item: -item[1])
    ]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class UtteranceSegmenter(StatelessComponent):
    """Puts the questions of a message beside it. Stands before the classifier."""

    def process(self, messages: List[Message]) -> List[Message]:
        (message,) = messages  # Rasa parses one at a time
        text = message.get(TEXT) or ""
        asked = [] if text.startswith("/") else questions(text)
        return [message, *(Message({TEXT: question}) for question in asked)]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class DiscourseInterpreter(StatelessComponent):
    """Decides what the message means. Stands after safety, which it never overrules, and before
    the fallback."""

    def process(self, messages: List[Message], tracker: DialogueStateTracker) -> List[Message]:
        message, *parts = messages
        text = message.get(TEXT) or ""
        if text.startswith("/") or _name(message.get(INTENT)) in ACUTE:
            return [message]
        edition = library().current()
        events = (event.as_dict() for event in tracker.events)
        history = History(events, edition.catalogue.conversational)
        whole = message.get(INTENT)
        agrees = _name(whole) == "ja" and _certainty(whole) >= CERTAIN
        meant = referred(text, agrees, tracker, history.last)
        if meant:
            _decide(message, meant, 1.0)
            return [message]
        asked = {
            _name(part.get(INTENT)): _certainty(part.get(INTENT))
            for part in parts
            if _certainty(part.get(INTENT)) >= CERTAIN and _is_advice(part.get(INTENT), edition)
        }
        if asked:
            _answer_questions(message, asked, edition)
        decided = message.get(INTENT)
        if _certainty(decided) < 1.0:  # else it is known by more than likeness
            ranking = followed(message.get("intent_ranking") or [], history.topic, edition)
            first = ranking[0]
            # What is asked for can be borne out by the conversation, not overruled.
            borne_out = _name(first) == _name(decided) and _certainty(first) > _certainty(decided)
            if borne_out or not asked:
                message.set("intent_ranking", ranking, add_to_output=True)
                message.set(INTENT, first, add_to_output=True)
        return [message]


def _answer_questions(message: Message, asked: Dict[str, float], edition: Edition) -> None:
    """Decides which of the answers a message with questions gets first, and keeps the others.

    All of them are given or offered, so the reply is as certain as that one of them is right. One
    question does not speak for a message that was not understood: it is the first suggestion.
    """
    whole = message.get(INTENT)
    preface = _name(whole) in PREFACES
    unread = _certainty(whole) < CERTAIN or preface
    if not unread and not _is_advice(whole, edition):
        return
    # Where there is no story beside them, the questions are the message, and what their words make
    # together is a third one only when it is the clearest.
    nothing_else = len(asked) == len(clauses(message.get(TEXT)))
    only_a_sum = nothing_else and _name(whole) not in asked
    by_questions = unread or (only_a_sum and _certainty(whole) < max(asked.values()))
    chosen = next(iter(asked)) if by_questions else _name(whole)
    if unread and len(asked) == 1 and not preface:
        _decide(message, chosen, _certainty(whole))
        return
    doubt = 1.0 if by_questions else 1.0 - _certainty(whole)
    _decide(message, chosen, 1.0 - doubt * math.prod(1.0 - each for each in asked.values()))
    others = [id_ for id_ in asked if id_ != chosen]
    if others:
        after_a_story = chosen not in asked and len(others) == 1
        several = [chosen, *others] if after_a_story else list(asked)
        message.set(QUESTIONS, several, add_to_output=True)


def _is_advice(intent: Dict[str, Any], edition: Edition) -> bool:
    """True for an answer of a pamphlet that is not about danger: small talk is nothing to offer,
    and danger has been judged on the whole message."""
    answer = edition.answers.get(_name(intent))
    return bool(answer and answer.pamphlet and answer.id not in ACUTE)


def _name(intent: Dict[str, Any]) -> str:
    return str(intent[INTENT_NAME_KEY])


def _certainty(intent: Dict[str, Any]) -> float:
    return float(intent[PREDICTED_CONFIDENCE_KEY])


def _decide(message: Message, name: str, certainty: float) -> None:
    intent = {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: certainty}
    ranking = message.get("intent_ranking") or []
    message.set(INTENT, intent, add_to_output=True)
    others = [entry for entry in ranking if _name(entry) != name]
    message.set("intent_ranking", [intent, *others], add_to_output=True)
