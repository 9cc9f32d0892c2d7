"""When a message belongs to the plan, and when it leaves it."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.channel import payload_of
from assistant.history import ACUTE, History
from assistant.policy import Turn, decide
from content.answers import AGE_BANDS
from content.plan import ROLES

PLAN = "action_handleplan"
INTENTS = ["handleplan", "spring_over", "oplyser_rolle", "oplyser_alder", "oplyser_sted"]


def after(*turns: str, **message: Any) -> str | None:
    """What is decided on a message; it is long, sure and about nothing unless told otherwise."""
    history = History(({"event": "action", "name": turn} for turn in turns), {"tak", "nonsens"})
    plan_asks = message.pop("plan_asks", None)
    turn = Turn(**{"confidence": 0.9, "words": 9, **message})
    return decide(history, turn, plan_asks=plan_asks, answers={"afpresning"})


@pytest.mark.parametrize(
    ("asks", "message"),
    [
        ("rolle", {"intent": "oplyser_rolle"}),
        ("rolle", {"intent": "barn_har_delt", "tells_role": True}),
        ("rolle", {"intent": "nonsens", "words": 1}),
        ("rolle", {"intent": "spring_over"}),
        ("rolle", {"intent": "oplyser_alder"}),
        ("aldersgruppe", {"intent": "oplyser_alder"}),
        ("aldersgruppe", {"intent": "skolens_undervisning", "words": 2, "reply_is_age": True}),
        ("aldersgruppe", {"intent": "nej"}),
        ("kommune", {"intent": "oplyser_sted"}),
        ("kommune", {"intent": "kontakt_skole", "words": 1, "reply_is_place": True}),
        ("kommune", {"intent": "nlu_fallback", "words": 1}),
        ("kommune", {"intent": "nlu_fallback", "words": 9, "reply_is_place": True}),
        # A plan that has been made is corrected.
        (None, {"intent": "oplyser_alder"}),
        (None, {"intent": "oplyser_sted"}),
        (None, {"intent": "oplyser_rolle"}),
    ],
)
def test_belongs_to_the_plan(asks: str | None, message: dict[str, Any]) -> None:
    assert after("utter_afpresning", PLAN, plan_asks=asks, **message) == PLAN


@pytest.mark.parametrize(
    ("asks", "message"),
    [
        *((asks, {"intent": acute}) for asks in ("rolle", "aldersgruppe", None) for acute in ACUTE),
        ("aldersgruppe", {"intent": "barn_har_delt", "tells_role": True}),
        ("aldersgruppe", {"intent": "straf_for_at_dele"}),
        ("kommune", {"intent": "tak", "words": 1, "reply_is_place": True}),
        ("kommune", {"intent": "selvmordstanker", "words": 3, "reply_is_place": True}),
        (None, {"intent": "barn_har_delt", "tells_role": True}),
        (None, {"intent": "spring_over"}),
        (None, {"intent": "nej"}),
    ],
)
def test_leaves_the_plan(asks: str | None, message: dict[str, Any]) -> None:
    assert after("utter_afpresning", PLAN, plan_asks=asks, **message) is None


def test_a_long_text_nobody_understands_is_no_reply() -> None:
    assert after(PLAN, intent="nlu_fallback", plan_asks="rolle") == "action_afklaring"


def test_what_was_asked_before_another_turn_is_forgotten() -> None:
    turns = (PLAN, "utter_afpresning")
    assert after(*turns, intent="oplyser_alder", plan_asks="rolle") == "utter_afpresning"
    assert after(*turns, intent="spring_over", plan_asks="rolle") is None


def test_a_plan_does_not_end_a_crisis() -> None:
    turns = ("utter_selvmordstanker", PLAN)
    stays = "utter_selvmordstanker_bagefter"
    assert after(*turns, intent="nlu_fallback", words=3, plan_asks="rolle") == stays
    assert after(*turns, intent="min_egen_reaktion", confidence=0.3) == stays
    assert after(*turns, intent="oplyser_alder", plan_asks="aldersgruppe") == PLAN


@pytest.mark.parametrize("intent", ["spring_over", "oplyser_rolle"])
def test_words_meant_for_a_plan_do_not_end_a_crisis(intent: str) -> None:
    """ "Det vil jeg ikke svare på" may be the reply to "are you thinking of dying?"."""
    assert after("utter_selvmordstanker", intent=intent) == "utter_selvmordstanker_bagefter"


@pytest.mark.parametrize(
    ("choice", "payload"),
    [
        *((f"rolle:{role}", f'/oplyser_rolle{{"rolle": "{role}"}}') for role in ROLES),
        *((f"alder:{band}", f'/oplyser_alder{{"aldersgruppe": "{band}"}}') for band in AGE_BANDS),
        ("kommune:0615", '/oplyser_sted{"kommune": "0615"}'),
        ("handleplan", "/handleplan"),
        ("spring_over", "/spring_over"),
        ("rolle:offer", None),
        ("rolle:", None),
        ("alder:13", None),
        ('rolle:delt"}', None),
        ("kommune:615", None),
        ("humør:trist", None),
    ],
)
def test_buttons_of_the_plan(choice: str, payload: str | None) -> None:
    assert payload_of(choice, INTENTS) == payload
