"""Ages in what parents write: ``ages.yml`` holds the sentences."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.ages import band_of, find_age

SENTENCES = yaml.safe_load(Path(__file__).with_name("ages.yml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", SENTENCES, ids=[case["text"][:60] for case in SENTENCES])
def test_sentence(case: dict[str, Any]) -> None:
    age, expected = find_age(case["text"]), case["expect"]
    if expected is None:
        assert age is None
    elif isinstance(expected, int):
        assert age is not None
        assert (age.years, age.band) == (expected, band_of(expected))
    else:
        assert age is not None
        assert (age.years, age.band) == (None, expected)


def test_there_are_enough_sentences_both_ways() -> None:
    assert sum(case["expect"] is None for case in SENTENCES) >= 50
    assert sum(case["expect"] is not None for case in SENTENCES) >= 50


@pytest.mark.parametrize(
    ("years", "band"),
    [(6, "under_15"), (14, "under_15"), (15, "15_17"), (17, "15_17"), (18, "over_18")],
)
def test_bands_follow_the_borders_of_the_law(years: int, band: str) -> None:
    assert band_of(years) == band


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("min datter på 14 år, altså", "14 år"),
        ("Hun er 15.", "15"),
        ("min fjortenårige søn", "fjortenårige"),
        ("hun går i 7. klasse nu", "7. klasse"),
    ],
)
def test_position_covers_the_age_and_its_unit(text: str, said: str) -> None:
    age = find_age(text)
    assert age is not None
    assert text[age.start : age.end] == said


def test_capital_letters_that_change_length_in_lower_case_do_not_move_the_position() -> None:
    text = "İ min datter på 14"
    age = find_age(text)
    assert age is not None
    assert text[age.start : age.end] == "14"


def test_position_covers_both_of_two_ages() -> None:
    text = "de er 12 eller 13 år, tror jeg"
    age = find_age(text)
    assert age is not None
    assert text[age.start : age.end] == "12 eller 13 år"


@pytest.mark.parametrize("repeated", ["teen", "barn", "datter", "14 og ", "er 14, "])
def test_the_age_is_found_beside_any_number_of_words(repeated: str) -> None:
    age = find_age(f"min søn er 13. Altså {repeated * (8_000 // len(repeated))}")
    assert age is not None
    assert age.years == 13
