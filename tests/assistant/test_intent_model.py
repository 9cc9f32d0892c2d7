"""The intent model: learns, is stored without pickle, and comes back the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.encoder import DIMENSIONS
from assistant.intent_model import IntentModel

PHRASES = {
    "afpresning": [
        "han truer min søn og kræver penge",
        "hun bliver truet og skal betale penge",
        "de kræver penge for ikke at dele billedet",
    ],
    "hvad_er_ssp": ["hvad er ssp", "hvem er ssp i kommunen", "hvad laver ssp"],
    "psykologhjaelp": [
        "hun har brug for en psykolog",
        "kan vi få en psykolog til hende",
        "hvordan får man en psykolog",
    ],
}
TEXTS = [text for texts in PHRASES.values() for text in texts]
INTENTS = [intent for intent, texts in PHRASES.items() for _ in texts]
UNSEEN = ["de truer ham og vil have penge", "hvad kan ssp", "skal hun have en psykolog"]


@pytest.fixture(scope="module")
def model() -> IntentModel:
    model = IntentModel(regularisation=10.0, embedding_weight=0.7)
    model.fit(TEXTS, INTENTS)
    return model


@pytest.fixture(scope="module")
def folder(model: IntentModel, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    model.save(folder)
    return folder


def test_unseen_messages_find_their_intent(model: IntentModel) -> None:
    best = model.probabilities(UNSEEN).argmax(axis=1)
    assert [model.intents[i] for i in best] == sorted(PHRASES)


def test_probabilities_sum_to_one_also_for_odd_texts(model: IntentModel) -> None:
    rows = model.probabilities(["", "😱", "xyzzy", *UNSEEN])
    assert rows.shape == (6, 3)
    assert np.allclose(rows.sum(axis=1), 1.0)


def test_given_embeddings_are_used_instead_of_encoding(model: IntentModel) -> None:
    embeddings = model.encoder.encode(UNSEEN)
    assert np.array_equal(model.probabilities(UNSEEN, embeddings), model.probabilities(UNSEEN))
    nothing = np.zeros((len(UNSEEN), DIMENSIONS), dtype=np.float32)
    assert not np.allclose(model.probabilities(UNSEEN, nothing), model.probabilities(UNSEEN))


def test_training_again_gives_the_same_model(model: IntentModel) -> None:
    again = IntentModel(regularisation=10.0, embedding_weight=0.7)
    again.fit(TEXTS, INTENTS)
    assert np.array_equal(again.probabilities(UNSEEN), model.probabilities(UNSEEN))


def test_stored_model_comes_back_the_same(model: IntentModel, folder: Path) -> None:
    loaded = IntentModel.load(folder)
    assert loaded.intents == model.intents
    assert (loaded.regularisation, loaded.embedding_weight) == (10.0, 0.7)
    assert np.array_equal(loaded.probabilities(UNSEEN), model.probabilities(UNSEEN))


def test_nothing_in_the_store_is_pickle(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["model.json", "weights.npz"]
    with np.load(folder / "weights.npz", allow_pickle=False) as weights:
        assert {array.dtype.kind for array in weights.values()} == {"f"}


def test_store_with_pickled_objects_is_not_loaded(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_bytes((folder / "model.json").read_bytes())
    with np.load(folder / "weights.npz") as weights:
        tampered = {**weights, "centre": np.array([object()], dtype=object)}
    np.savez(tmp_path / "weights.npz", **tampered)
    with pytest.raises(ValueError, match="allow_pickle"):
        IntentModel.load(tmp_path)
