"""Sentence embeddings and their memory."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.encoder import DIMENSIONS, SentenceEncoder

TEXTS = ["min datter bliver truet", "hvad er SSP", "mit barn bliver afpresset"]


@pytest.fixture(scope="module")
def vectors() -> np.ndarray:
    return SentenceEncoder().encode(TEXTS)


def test_embeddings_have_unit_length(vectors: np.ndarray) -> None:
    assert vectors.shape == (len(TEXTS), DIMENSIONS)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-3)


def test_like_meanings_are_nearer_than_unlike(vectors: np.ndarray) -> None:
    threat, ssp, extortion = vectors
    assert threat @ extortion > threat @ ssp


def test_same_text_gives_the_same_vector(vectors: np.ndarray) -> None:
    assert np.array_equal(SentenceEncoder().encode(TEXTS[:1])[0], vectors[0])


def test_odd_texts_can_be_encoded() -> None:
    assert SentenceEncoder().encode([]).shape == (0, DIMENSIONS)
    found = SentenceEncoder().encode(["", "😱😱", "hvad nu " * 400])
    assert np.isfinite(found).all()


class Counting(SentenceEncoder):
    """Counts what is encoded instead of encoding it."""

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def encode(self, texts: list[str]) -> np.ndarray:
        self.encoded += texts
        rows = [np.full(DIMENSIONS, len(text), dtype=np.float32) for text in texts]
        return np.stack(rows) if rows else np.empty((0, DIMENSIONS), dtype=np.float32)


def test_memory_encodes_only_what_is_new(tmp_path: Path) -> None:
    encoder, path = Counting(), tmp_path / "below" / "memory.npz"
    first = encoder.encode_with_memory(["a", "bb", "a"], path)
    assert first[:, 0].tolist() == [1, 2, 1]
    assert encoder.encoded == ["a", "bb"]
    again = encoder.encode_with_memory(["ccc", "bb"], path)
    assert again[:, 0].tolist() == [3, 2]
    assert encoder.encoded == ["a", "bb", "ccc"]


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
