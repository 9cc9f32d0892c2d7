"""The explanation says what the product would do, and where to look."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from assistant.intent_model import IntentModel
from content.phrases import load_phrases
from environment import ROOT
from evaluation.explain import Assistant, explain

Explained = Callable[..., str]


class FixedModel:
    """A classifier that ranks as it is told: all texts alike, but those ``apart``."""

    def __init__(self) -> None:
        self.intents: list[str] = []
        self.ranking: dict[str, float] = {}
        self.apart: dict[str, dict[str, float]] = {}
        self.phrase = "en sætning"

    def rank(self, ranking: dict[str, float], apart: dict[str, dict[str, float]]) -> None:
        self.ranking, self.apart = ranking, apart
        self.intents = list({**ranking, **{i: 0 for row in apart.values() for i in row}})

    def probabilities(self, texts: list[str]) -> np.ndarray:
        rows = [self.apart.get(text, self.ranking) for text in texts]
        return np.array([[row.get(intent, 0.0) for intent in self.intents] for row in rows])

    def nearest(self, text: str, count: int) -> list[tuple[float, str]]:
        return [(0.5, self.phrase)]


@pytest.fixture(scope="module")
def assistant() -> Iterator[Assistant]:
    """The trained one, but for its classifier."""
    with pytest.MonkeyPatch.context() as patch:
        model = FixedModel()
        patch.setattr(IntentModel, "load", lambda folder: model)
        yield Assistant()


@pytest.fixture
def explained(assistant: Assistant) -> Explained:
    def explained(
        text: str, apart: dict[str, dict[str, float]] | None = None, **ranking: float
    ) -> str:
        assistant.model.rank(ranking, apart or {})
        return "\n".join(explain(text, assistant))

    return explained


def answer_in(lines: str) -> str:
    """What stands under 'Svaret'."""
    return lines.split("Svaret:\n")[1].splitlines()[0].strip()


def buttons_in(lines: str) -> list[str]:
    """The answers behind the buttons that are told of."""
    found = [line.split(" til ")[1] for line in lines.splitlines() if "med en knap til" in line]
    return [button.split()[0] for button in found]


def test_the_first_answers_when_it_is_certain_enough(explained: Explained) -> None:
    said = explained("min søn har delt noget", barn_har_delt=0.9, barn_har_filmet=0.1)
    assert answer_in(said).startswith("barn_har_delt")


def test_below_the_threshold_the_three_best_are_asked_about(explained: Explained) -> None:
    said = explained("noget", afpresning=0.1, gem_bevis=0.3, tak=0.2, grooming=0.15, deepfake=0.05)
    assert "Mente du" in answer_in(said)
    assert answer_in(said).endswith("gem_bevis, grooming, afpresning")  # small talk is not offered


def test_without_anything_to_offer_it_is_asked_openly(explained: Explained) -> None:
    said = answer_in(explained("noget", tak=0.3, nej=0.3))
    assert "spurgt om" in said and "Mente du" not in said


def test_an_unsure_message_that_names_a_place_gets_the_contact_there(explained: Explained) -> None:
    said = explained("noget helt andet fra Horsens her", gem_bevis=0.3)
    assert "Under 80 %" in answer_in(said)
    assert "ssp_kontakt (" in said.split("Svaret:\n")[1]


def test_questions_are_read_by_themselves_and_both_are_answered(explained: Explained) -> None:
    said = explained(
        "Skal vi betale ham der truer vores søn, og skal vi melde det?",
        {
            "Skal vi betale ham der truer vores søn": {"afpresning": 0.99},
            "skal vi melde det?": {"anmeld_til_politiet": 0.95},
        },
        anmeld_til_politiet=0.49,
        afpresning=0.38,
    )
    assert answer_in(said).startswith("afpresning (")
    assert buttons_in(said) == ["anmeld_til_politiet"]
    assert "95 %  anmeld_til_politiet (" in said and "»skal vi melde det?«" in said


def test_named_danger_wins_and_before_and_after_are_shown(explained: Explained) -> None:
    said = explained("hun vil ikke leve mere", tak=0.99)
    assert answer_in(said).startswith("selvmordstanker")
    assert "Før: tak" in said and "Efter: selvmordstanker" in said


def test_acute_bar_is_named(explained: Explained) -> None:
    said = explained("det er gået galt", tak=0.5, overgreb_sket=0.45)
    assert answer_in(said).startswith("overgreb_sket")
    assert "45 %" in said and "grænsen" in said


def test_bare_place_gets_the_contact_there(explained: Explained) -> None:
    said = explained("8700", nonsens=0.9)
    assert answer_in(said).startswith("ssp_kontakt (")
    assert "Efter: oplyser_sted" in said
    assert "kommune: 0615" in said


def test_other_language(explained: Explained) -> None:
    said = explained("My daughter is being threatened with pictures", tak=0.5, andet_sprog=0.5)
    assert answer_in(said).startswith("andet_sprog")


def test_words_that_name_the_childs_part_decide(explained: Explained) -> None:
    said = explained("min søn har fået et billede og har sendt det videre", barn_har_modtaget=0.9)
    assert answer_in(said).startswith("barn_har_delt")


def test_possible_danger_is_told_as_a_button(explained: Explained) -> None:
    said = explained("det er gået galt", tak=0.9, overgreb_sket=0.05)
    assert answer_in(said).startswith("tak")
    assert "overgreb_sket. Det svar bliver den første knap" in said
    assert buttons_in(said) == ["overgreb_sket"]


def test_sayings_are_shown_as_they_are_read(explained: Explained) -> None:
    said = explained("jeg dør af skam over min søn", min_egen_reaktion=0.9)
    assert "Læst som" in said
    assert answer_in(said).startswith("min_egen_reaktion")
    assert "Læst som" not in explained("jeg skammer mig", min_egen_reaktion=0.9)


def test_phrases_are_given_with_their_place(
    explained: Explained, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "slettet" in explained("noget", tak=1.0)
    phrase = load_phrases(ROOT / "data" / "nlu" / "akut.yml")[0]
    monkeypatch.setattr(assistant.model, "phrase", phrase.text)
    assert f"{phrase.intent} (akut.yml, linje {phrase.line})" in explained("noget", tak=1.0)


def test_the_trained_assistant_can_be_read() -> None:
    assistant = Assistant()
    assert 0 < assistant.threshold < 1
    assert assistant.model.nearest("de truer min søn", 3)[0][0] > 0
    assert assistant.reply("tak").id == "tak"
