"""Counting, not the model: what is measured must be what is reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from content.library import library
from evaluation.measure import (
    FALLBACK,
    MESSAGES,
    Outcome,
    acute,
    by_answer,
    by_kind,
    confusions,
    load_messages,
    read_outcome,
    summary,
)

Make = Callable[..., Outcome]


def parsed(*ranking: tuple[str, float]) -> dict[str, object]:
    entries = [{"name": name, "confidence": confidence} for name, confidence in ranking]
    return {"intent": entries[0], "intent_ranking": entries}


def test_fallback_is_no_answer_but_asks_back() -> None:
    message = {"text": "de truer ham", "expected": ["afpresning"], "kind": "short"}
    found = read_outcome(message, parsed((FALLBACK, 0.7), ("grooming", 0.3), ("afpresning", 0.2)))
    assert found.asked_back
    assert (found.ranking, found.confidence) == (("grooming", "afpresning"), 0.3)
    assert not read_outcome(message, parsed(("grooming", 0.7))).asked_back


def test_acceptable_is_not_exact(outcome: Make) -> None:
    figures = summary([outcome("afpresning foerste_skridt", "foerste_skridt grooming")])
    assert (figures.acceptable_first, figures.exact_first) == (1.0, 0.0)


def test_only_the_first_three_count_as_offered(outcome: Make) -> None:
    three = outcome("afpresning", "grooming deepfake afpresning")
    four = outcome("afpresning", "grooming deepfake tak afpresning")
    assert summary([three, four]).in_three == 0.5


def test_wrong_and_certain_leaves_out_who_is_asked_back(outcome: Make) -> None:
    figures = summary(
        [
            outcome("tak", "tak"),
            outcome("tak", "farvel", asked_back=True),
            outcome("tak", "hilsen"),
            outcome("tak", "tak", asked_back=True),
        ]
    )
    assert figures.wrong_and_certain == 0.25
    assert (figures.answered, figures.asked_back) == (0.5, 0.5)


def test_calibration_is_measured_on_acceptable_answers(outcome: Make) -> None:
    sure = [outcome("tak farvel", "farvel", confidence=1.0)]
    assert summary(sure).calibration_error == pytest.approx(0.0)
    assert summary([*sure, outcome("tak", "nej", confidence=1.0)]).calibration_error == 0.5


def test_nothing_measured_is_nothing(outcome: Make) -> None:
    assert summary([]).messages == 0


def test_acute_recall_and_false_alarms(outcome: Make) -> None:
    figures = acute(
        [
            outcome("selvmordstanker", "selvmordstanker"),
            outcome("akut_fare", "overgreb_sket"),  # another acute answer also leads to help
            outcome("akut_fare", "akut_fare", asked_back=True),
            outcome("overgreb_sket", "skam_og_skyld"),
            outcome("grooming akut_fare", "akut_fare"),  # acceptable, so no false alarm
            outcome("tak", "selvmordstanker"),
            outcome("tak", "tak"),
        ]
    )
    assert (figures.needed, figures.caught) == (4, 2)
    assert (figures.others, figures.false_alarms) == (2, 1)


def test_groups_and_their_order(outcome: Make) -> None:
    found = [
        outcome("tak", "tak", kind="short"),
        outcome("tak", "tak", kind="short"),
        outcome("hilsen tak", "farvel", kind="normal"),
    ]
    assert [(name, s.messages) for name, s in by_kind(found).items()] == [
        ("short", 2),
        ("normal", 1),
    ]
    assert list(by_answer(found)) == ["hilsen", "tak"]  # the least understood first


def test_confusions_are_counted_from_the_best_answer(outcome: Make) -> None:
    found = [
        outcome("hilsen tak", "farvel"),
        outcome("ja", "nej"),
        outcome("hilsen", "farvel"),
        outcome("tak", "tak"),
    ]
    assert confusions(found) == [("hilsen", "farvel", 2), ("ja", "nej", 1)]


@pytest.mark.parametrize("path", sorted(MESSAGES.glob("*.yml")), ids=lambda path: path.name)
def test_labelled_messages_are_well_formed(path: Path) -> None:
    answers = library().current().answers
    messages = load_messages(path)
    assert len({message["id"] for message in messages}) == len(messages)
    for message in messages:
        assert message["text"].strip() and message["kind"]
        assert message["expected"] and set(message["expected"]) <= set(answers), message["id"]
