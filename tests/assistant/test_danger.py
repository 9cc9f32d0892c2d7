"""Wordings of danger and the sayings that only sound like it; ``safety.yml`` holds the pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.danger import in_plain_words, named_danger

PAIRS = yaml.safe_load(Path(__file__).with_name("safety.yml").read_text(encoding="utf-8"))
BY_WORDING = [pair for pair in PAIRS if pair.get("by") != "model"]


@pytest.mark.parametrize("pair", BY_WORDING, ids=[pair["acute"] for pair in BY_WORDING])
def test_acute_wording_is_known_without_the_classifier(pair: dict[str, Any]) -> None:
    assert named_danger(pair["acute"]) == pair["intent"]


@pytest.mark.parametrize("pair", PAIRS, ids=[pair["harmless"] for pair in PAIRS])
def test_harmless_wording_names_no_danger(pair: dict[str, Any]) -> None:
    assert named_danger(pair["harmless"]) is None


@pytest.mark.parametrize(
    "text",
    [
        "hun siger hun ikke vil leve mere og at hun er ved at dø af skam",
        "hans telefon er død, og han siger at han vil dø",
        "jeg kunne slå ham ihjel, og nu siger han at han vil tage livet af sig",
        "hun hænger sig i garagen",
        "hun har skåret sig på et barberblad",
    ],
)
def test_a_saying_does_not_hide_the_rest_of_the_message(text: str) -> None:
    assert named_danger(text) == "selvmordstanker"


def test_a_threat_is_no_saying_when_somebody_else_makes_it() -> None:
    assert named_danger("han slår hende ihjel hvis hun siger noget") == "akut_fare"
    assert named_danger("jeg slår ham ihjel hvis han har sendt mere") is None


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("jeg er ved at dø af skam", "jeg er fuld af skam"),
        ("Telefonen er død", "Telefonen er uden strøm"),
        ("hun kan ikke leve uden sin mobil", "hun kan ikke undvære sin mobil"),
        ("min far er død", "min far er død"),
        ("hun vil ikke være her", "hun vil ikke være her"),
        ("", ""),
    ],
)
def test_sayings_become_plain_words_and_the_rest_is_left_alone(text: str, plain: str) -> None:
    assert in_plain_words(text) == plain


@pytest.mark.parametrize(
    "text",
    [
        "min datter har taget 20 tabletter dør hun",
        "siden far døde er hun ked af det",
        "hun lagde mobilen og hænger sig",
        "hun ligger med telefonen og dør",
        "på internettet døde en pige af det",
        "hun har taget nok til at dø af",
        "han siger han ville ønske han var død godnat",
        "jeg ville ønske jeg var død træt af det hele",
        "han har rørt over hele hendes krop",
        "hun er stukket af fra gruppehjemmet",
        "han skader hendes ryg",
        "de slår hinanden ihjel nede på gaden",
        "hun tog en pille og lagde sig ned",
        "hun har taget en masse piller mod hovedpine",
        "hun skriver at han har det bedre uden hende",
        "jeg vil ikke være her på jorden",
        "han har skåret sig på et glasskår",
        "hun har skåret sig i fingeren med vilje",
        "jeg vil hænge mig op på loftet",
        "han vil hænge sig fast i et reb",
    ],
)
def test_what_can_be_meant_in_earnest_is_no_saying(text: str) -> None:
    assert in_plain_words(text) == text


@pytest.mark.parametrize("repeated", ["telefon", "spil", "helst ", "ikke mere at jo ", "vågne "])
def test_a_danger_is_found_behind_any_number_of_words(repeated: str) -> None:
    long = repeated * (10_000 // len(repeated))
    assert named_danger(long) is None
    assert named_danger(f"{long}. hun vil ikke leve mere") == "selvmordstanker"
