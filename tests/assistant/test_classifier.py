"""The classifier as Rasa sees it, around a model of known probabilities."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from rasa.shared.nlu.training_data.message import Message

from assistant.classifier import RANKING_LENGTH, PamphletClassifier
from assistant.history import DANGERS

INTENTS = [f"intent_{number:02}" for number in range(15)]


class Model:
    intents = INTENTS

    def __init__(self) -> None:
        self.texts: list[str] = []

    def probabilities(self, texts: list[str]) -> np.ndarray:
        self.texts += texts
        return np.tile(np.arange(15) / np.arange(15).sum(), (len(texts), 1))


@pytest.fixture
def model() -> Model:
    return Model()


def classify(model: Model, *texts: str | None) -> list[Message]:
    nowhere: Any = None
    known: Any = model
    messages = [Message({"text": text} if text is not None else {}) for text in texts]
    return PamphletClassifier({}, nowhere, nowhere, known).process(messages)


def test_ranking_is_the_likeliest_first(model: Model) -> None:
    [message] = classify(model, "hvad nu")
    ranking = message.get("intent_ranking")
    assert [entry["name"] for entry in ranking] == INTENTS[::-1][:RANKING_LENGTH]
    assert message.get("intent") == ranking[0]
    assert ranking[0]["confidence"] == pytest.approx(14 / 105)


def test_a_danger_is_in_the_ranking_wherever_it_comes(model: Model) -> None:
    model.intents = [*DANGERS, *INTENTS[len(DANGERS) :]]
    [message] = classify(model, "hvad nu")
    ranked = [entry["name"] for entry in message.get("intent_ranking")]
    assert ranked == [*INTENTS[::-1][:RANKING_LENGTH], *DANGERS[::-1]]


def test_message_without_text_is_classified_too(model: Model) -> None:
    assert len(classify(model, "hej", None)) == 2
    assert model.texts == ["hej", ""]


def test_a_choice_is_not_classified(model: Model) -> None:
    choice, _text = classify(model, "/gem_bevis", "gem beviser")
    assert model.texts == ["gem beviser"]
    assert choice.get("intent_ranking") is None


def test_sayings_are_classified_in_plain_words_and_the_text_is_kept(model: Model) -> None:
    [message] = classify(model, "hendes telefon er død")
    assert "død" not in model.texts[0]
    assert message.get("text") == "hendes telefon er død"


def test_untrained_classifier_cannot_be_used() -> None:
    nowhere: Any = None
    with pytest.raises(AssertionError, match="before it is trained"):
        PamphletClassifier({}, nowhere, nowhere).process([Message({"text": "hej"})])
