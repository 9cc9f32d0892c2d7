"""The intent model: learns, is stored without pickle, and comes back the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from assistant import intent_model
from assistant.encoder import SHAPE
from assistant.intent_model import _BLOCK, IntentModel, _gram, _solve

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
    model = IntentModel(ridge=0.1, sharpness=9.0)
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
    nothing = np.zeros((len(UNSEEN), *SHAPE), dtype=np.float32)
    assert not np.allclose(model.probabilities(UNSEEN, nothing), model.probabilities(UNSEEN))


def test_scores_of_what_was_learnt_are_near_one_and_nought(model: IntentModel) -> None:
    right = np.array(INTENTS)[:, None] == np.array(model.intents)
    scores = model.scores(TEXTS)
    assert scores[right].min() > 0.7
    assert np.abs(scores[~right]).max() < 0.3


def test_sharper_is_surer_and_the_order_stays(model: IntentModel, folder: Path) -> None:
    sharper = IntentModel.load(folder)
    sharper.sharpness *= 2
    before, after = model.probabilities(UNSEEN), sharper.probabilities(UNSEEN)
    assert (after.max(axis=1) > before.max(axis=1)).all()
    assert np.array_equal(after.argsort(axis=1), before.argsort(axis=1))


def test_nearest_phrases_are_named_best_first(model: IntentModel) -> None:
    nearest = model.nearest("hvad er ssp", 3)
    assert nearest[0][1] == "hvad er ssp"
    assert nearest[0][0] == pytest.approx(1.0, abs=0.02)
    assert {phrase for _, phrase in nearest} == set(PHRASES["hvad_er_ssp"])


def test_terms_are_weighed_as_the_vectorisers_weigh_them(model: IntentModel) -> None:
    texts = [*TEXTS, *UNSEEN, "", "ukendteord", "hvad hvad hvad er er ssp ssp ssp ssp"]
    weighed = hstack([v.transform(texts) for v in (model.words, model.characters)])
    for text, expected in zip(texts, weighed.toarray() * 0.5**0.5):
        columns, values = model._terms(text)
        found = np.zeros_like(expected)
        found[columns] = values
        assert np.allclose(found, expected, atol=1e-6)


def test_frequent_and_rare_terms_together_make_the_whole_product() -> None:
    # More phrases than one block of rows, some terms frequent and some rare.
    texts = [f"fælles ord nummer{i % 70} og {i}" for i in range(_BLOCK + 200)]
    terms = TfidfVectorizer(dtype=np.float32).fit_transform(texts)
    meanings = np.random.default_rng(0).normal(size=(len(texts), 3)).astype(np.float32)
    whole = (terms @ terms.T).toarray() + meanings @ meanings.T
    assert np.allclose(_gram(terms, meanings), whole, atol=1e-5)


def test_training_again_gives_the_same_model(model: IntentModel) -> None:
    again = IntentModel(ridge=0.1, sharpness=9.0)
    again.fit(TEXTS, INTENTS)
    assert np.array_equal(again.probabilities(UNSEEN), model.probabilities(UNSEEN))


def test_stored_model_comes_back_the_same(model: IntentModel, folder: Path) -> None:
    loaded = IntentModel.load(folder)
    assert loaded.intents == model.intents
    assert (loaded.ridge, loaded.sharpness) == (0.1, 9.0)
    assert np.array_equal(loaded.probabilities(UNSEEN), model.probabilities(UNSEEN))


def test_nothing_in_the_store_is_pickle(folder: Path) -> None:
    assert sorted(path.name for path in folder.iterdir()) == ["model.json", "weights.npz"]
    with np.load(folder / "weights.npz", allow_pickle=False) as weights:
        assert {array.dtype.kind for array in weights.values()} == {"f", "i"}


def test_store_with_pickled_objects_is_not_loaded(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "model.json").write_bytes((folder / "model.json").read_bytes())
    with np.load(folder / "weights.npz") as weights:
        tampered = {**weights, "centre": np.array([object()], dtype=object)}
    np.savez(tmp_path / "weights.npz", **tampered)
    with pytest.raises(ValueError, match="allow_pickle"):
        IntentModel.load(tmp_path)


@pytest.mark.parametrize("landmarks", [1, 30, 1000])
def test_the_solution_is_near_whatever_the_landmarks_tell(
    landmarks: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intent_model, "_LANDMARKS", landmarks)
    rng = np.random.default_rng(0)
    rows = rng.standard_normal((300, 20), dtype=np.float32)
    matrix = rows @ rows.T / 20 + np.eye(len(rows), dtype=np.float32)
    right = rng.standard_normal((300, 5), dtype=np.float32)
    right[:, 2] = 0  # an intent that all phrases have, or none
    found = _solve(matrix, right)
    assert np.linalg.norm(matrix @ found - right) <= 0.011 * np.linalg.norm(right)
    assert not found[:, 2].any()


def test_training_that_does_not_converge_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intent_model, "_ROUNDS", 1)
    monkeypatch.setattr(intent_model, "_LANDMARKS", 1)
    matrix = np.diag(np.arange(1, 51, dtype=np.float32))
    with pytest.raises(ArithmeticError, match="ridge"):
        _solve(matrix, np.ones((50, 1), dtype=np.float32))
