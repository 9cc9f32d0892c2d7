"""What outranks the classifier; ``safety.yml`` holds pairs with the same words, one in earnest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.shared.nlu.training_data.message import Message

from assistant.danger import named_danger
from assistant.entities import PamphletEntities
from assistant.history import DANGERS
from assistant.overrides import (
    DANGER_BAR,
    FOREIGN_BAR,
    OFFER_BAR,
    IntentOverrides,
    bare_intent,
    foreign_intent,
    likely_danger,
    possible_danger,
    situation_intent,
)

Parse = Callable[[str], dict[str, Any]]

PAIRS = yaml.safe_load(Path(__file__).with_name("safety.yml").read_text(encoding="utf-8"))

# --- acute messages and harmless ones with the same words -----------------------------------------


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["acute"] for pair in PAIRS])
def test_acute_half_wins_in_the_trained_product(pair: dict[str, Any], parse: Parse) -> None:
    assert parse(pair["acute"])["intent"]["name"] == pair["intent"]


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["harmless"] for pair in PAIRS])
def test_harmless_half_is_not_acute_in_the_trained_product(
    pair: dict[str, Any], parse: Parse
) -> None:
    assert parse(pair["harmless"])["intent"]["name"] not in DANGERS


def test_there_are_enough_pairs_with_the_same_word() -> None:
    count = Counter(pair["intent"] for pair in PAIRS)
    assert len(PAIRS) >= 80
    assert min(count[intent] for intent in DANGERS) >= 15
    for pair in PAIRS:
        for half in ("acute", "harmless"):
            assert str(pair["word"]).lower() in pair[half].lower()


# --- the bars -------------------------------------------------------------------------------------


@pytest.mark.parametrize("intent", DANGERS)
def test_acute_intent_wins_below_the_best_but_not_below_the_bar(intent: str) -> None:
    assert likely_danger({"gem_bevis": DANGER_BAR + 0.1, intent: DANGER_BAR}) == intent
    assert likely_danger({"gem_bevis": DANGER_BAR, intent: DANGER_BAR - 0.01}) is None


def test_several_dangers_are_danger_together_and_the_likeliest_wins() -> None:
    ranking = {
        "gem_bevis": DANGER_BAR + 0.1,
        "selvmordstanker": DANGER_BAR * 0.45,
        "akut_fare": DANGER_BAR * 0.56,
    }
    assert likely_danger(ranking) == "akut_fare"


def test_nothing_is_acute_without_wording_or_ranking() -> None:
    assert named_danger("hvad nu") is None
    assert likely_danger({}) is None


def test_likeliest_danger_is_possible_when_it_is_near_enough() -> None:
    ranking = {"gem_bevis": 0.8, "akut_fare": OFFER_BAR * 0.4, "overgreb_sket": OFFER_BAR * 0.61}
    assert possible_danger(ranking) == "overgreb_sket"
    assert possible_danger({"gem_bevis": 0.8, "akut_fare": OFFER_BAR - 0.01}) is None


@pytest.mark.parametrize(
    ("text", "likeliest", "expected"),
    [
        ("han har fået et billede og har sendt det videre", "barn_har_modtaget", "barn_har_delt"),
        ("han har fået et billede og har sendt det videre", "barn_har_delt", None),
        ("han har fået et billede og har sendt det videre", "afpresning", None),
        ("der er sket noget med et billede", "barn_har_modtaget", None),
    ],
)
def test_words_decide_between_the_childs_parts(
    text: str, likeliest: str, expected: str | None
) -> None:
    assert situation_intent(f"min søn, {text}", {likeliest: 0.6, "tak": 0.1}) == expected


# --- messages that only answer a question ---------------------------------------------------------


def entities_in(text: str) -> list[dict[str, Any]]:
    message = Message({"text": text})
    PamphletEntities().process([message])
    return message.get("entities")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Horsens", "oplyser_sted"),
        ("8700", "oplyser_sted"),
        ("vi bor i Odder kommune", "oplyser_sted"),
        ("nej, i Horsens", "oplyser_sted"),
        ("Jylland", "oplyser_sted"),
        ("han er 14", "oplyser_alder"),
        ("14", "oplyser_alder"),
        ("nej han er 13", "oplyser_alder"),
        ("og hvis hun er 16?", "oplyser_alder"),
        ("hun går i 7. klasse", "oplyser_alder"),
        ("vi bor i Horsens og hun er 12", "oplyser_sted"),
        # More is said than that.
        ("vi bor i Horsens og billedet er delt", None),
        ("han er 14 og har delt en video", None),
        ("kan man straffes når man er 14", None),
        ("en dreng fra Odder har truet ham", None),
        # A child writes: that is another answer.
        ("jeg er 13", None),
        ("hej", None),
        ("", None),
    ],
)
def test_bare_place_or_age(text: str, intent: str | None) -> None:
    assert bare_intent(text, entities_in(text)) == intent


# --- other languages ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "probability", "intent"),
    [
        ("en", FOREIGN_BAR, "andet_sprog"),
        ("en", FOREIGN_BAR - 0.01, None),
        (None, 0.9, None),
    ],
)
def test_detector_and_classifier_must_agree(
    language: str | None, probability: float, intent: str | None
) -> None:
    assert foreign_intent({"andet_sprog": probability}, language) == intent


# --- the component --------------------------------------------------------------------------------


def ranked(text: str, **data: Any) -> Message:
    ranking = [
        {"name": "gem_bevis", "confidence": 0.6},
        {"name": "selvmordstanker", "confidence": 0.05},
    ]
    return Message({"text": text, "intent": ranking[0], "intent_ranking": ranking, **data})


def names(message: Message) -> list[str]:
    return [entry["name"] for entry in message.get("intent_ranking")]


def test_winner_comes_first_and_once_and_the_rest_is_kept() -> None:
    message = ranked("hun vil ikke leve mere")
    IntentOverrides().process([message])
    assert message.get("intent") == {"name": "selvmordstanker", "confidence": 1.0}
    assert names(message) == ["selvmordstanker", "gem_bevis"]


def test_safety_goes_before_a_bare_answer() -> None:
    text = "han er 14 og vil dø"
    message = ranked(text, entities=entities_in(text))
    IntentOverrides().process([message])
    assert message.get("intent")["name"] == "selvmordstanker"


def test_ranking_stands_when_nothing_outranks_it() -> None:
    message = ranked("hvordan gemmer jeg det")
    IntentOverrides().process([message])
    assert names(message) == ["gem_bevis", "selvmordstanker"]
    assert message.get("intent")["confidence"] == 0.6
