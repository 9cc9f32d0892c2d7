"""Counting, not the model: what is measured must be what is reported."""

from __future__ import annotations

from evaluation.evaluate import FALLBACK, Score, report

MESSAGE = {"text": "de truer ham", "expected": ["afpresning", "foerste_skridt"]}


def test_acceptable_is_not_exact() -> None:
    score = Score()
    score.add(MESSAGE, "foerste_skridt", ["foerste_skridt", "grooming"], 0.6)
    assert score.rates() == {
        "acceptable_first": 1.0,
        "exact_first": 0.0,
        "in_three": 1.0,
        "clarified": 0.0,
    }
    assert not score.wrong


def test_only_the_first_three_count_as_offered() -> None:
    score = Score()
    score.add(MESSAGE, "grooming", ["grooming", "deepfake", "tak", "afpresning"], 0.3)
    assert score.rates()["in_three"] == 0.0
    assert score.wrong[0]["ranking"] == ["grooming", "deepfake", "tak"]


def test_being_asked_back_is_counted_and_shown() -> None:
    score = Score()
    score.add(MESSAGE, FALLBACK, ["grooming", "afpresning"], 0.2)
    assert score.rates()["clarified"] == 1.0
    assert "0.20 ?" in report({"all": score})
