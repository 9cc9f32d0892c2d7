"""The explanation says what the product would do, and where to look."""

from __future__ import annotations

import numpy as np

from content.phrases import load_phrases
from environment import ROOT
from evaluation.explain import explain, load_assistant


class FixedModel:
    """Ranks the same for every text."""

    def __init__(self, phrase: str = "en sætning", **probabilities: float) -> None:
        self.intents = list(probabilities)
        self.row = np.array([list(probabilities.values())])
        self.phrase = phrase

    def probabilities(self, texts: list[str]) -> np.ndarray:
        return self.row

    def nearest(self, text: str, count: int) -> list[tuple[float, str]]:
        return [(0.5, self.phrase)]


def explained(text: str, threshold: float = 0.5, **probabilities: float) -> str:
    return "\n".join(explain(text, FixedModel(**probabilities), threshold))  # type: ignore[arg-type]


def answer_in(lines: str) -> str:
    """What stands under 'Svaret'."""
    return lines.split("Svaret:\n")[1].splitlines()[0].strip()


def test_the_first_answers_when_it_is_certain_enough() -> None:
    said = explained("min søn har delt noget", barn_har_delt=0.7, barn_har_filmet=0.3)
    assert answer_in(said).startswith("barn_har_delt")


def test_below_the_threshold_the_three_best_are_asked_about() -> None:
    said = explained("noget", tak=0.1, nej=0.3, ja=0.2, farvel=0.15, hilsen=0.05)
    assert "Mente du" in answer_in(said)
    assert answer_in(said).endswith("nej, ja, farvel")


def test_named_danger_wins_and_before_and_after_are_shown() -> None:
    said = explained("hun vil ikke leve mere", tak=0.99)
    assert answer_in(said).startswith("selvmordstanker")
    assert "Før: tak" in said and "Efter: selvmordstanker" in said


def test_acute_bar_is_named() -> None:
    said = explained("det er gået galt", tak=0.5, overgreb_sket=0.45)
    assert answer_in(said).startswith("overgreb_sket")
    assert "45 %" in said and "grænsen" in said


def test_bare_place_answers_a_question() -> None:
    said = explained("8700", nonsens=0.9)
    assert answer_in(said) == "oplyser_sted"
    assert "kommune: 0615" in said


def test_other_language() -> None:
    said = explained("My daughter is being threatened with pictures", tak=0.5, andet_sprog=0.5)
    assert answer_in(said).startswith("andet_sprog")


def test_words_that_name_the_childs_part_decide() -> None:
    said = explained("min søn har fået et billede og har sendt det videre", barn_har_modtaget=0.9)
    assert answer_in(said).startswith("barn_har_delt")


def test_possible_danger_is_told_as_a_button() -> None:
    said = explained("det er gået galt", tak=0.9, overgreb_sket=0.05)
    assert answer_in(said).startswith("tak")
    assert "overgreb_sket. Det svar bliver den første knap" in said


def test_sayings_are_shown_as_they_are_read() -> None:
    said = explained("jeg dør af skam over min søn", min_egen_reaktion=0.9)
    assert "Læst som" in said
    assert answer_in(said).startswith("min_egen_reaktion")
    assert "Læst som" not in explained("jeg skammer mig", min_egen_reaktion=0.9)


def test_phrases_are_given_with_their_place() -> None:
    phrase = load_phrases(ROOT / "data" / "nlu" / "akut.yml")[0]
    said = "\n".join(explain("noget", FixedModel(phrase.text, tak=1.0), 0.5))  # type: ignore[arg-type]
    assert f"{phrase.intent} (akut.yml, linje {phrase.line})" in said
    assert "slettet" in explained("noget", tak=1.0)


def test_the_trained_assistant_can_be_read() -> None:
    model, threshold = load_assistant()
    assert 0 < threshold < 1
    assert model.nearest("de truer min søn", 3)[0][0] > 0
