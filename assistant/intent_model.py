"""The intent model: TF-IDF of words and characters beside sentence embeddings, and kernel ridge
regression on top. NumPy, SciPy and scikit-learn; :mod:`assistant.classifier` makes it a Rasa
component. What else was tried, and its numbers: ``docs/decisions/0009-kernel-ridge.md``.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.sparse import csr_matrix, hstack
from scipy.sparse.linalg import LinearOperator, cg
from scipy.special import softmax
from sklearn.feature_extraction.text import TfidfVectorizer
from threadpoolctl import threadpool_limits

from assistant.encoder import LAYERS, SentenceEncoder
from assistant.rounded import RoundedRows

DIMENSIONS = 384  # of the three layers' embeddings after principal component analysis
# A term in more than every 10th phrase is one more dimension of the dense vectors: these few terms
# are most of what a sparse product has to go through.
_COMMON = 10
_FREQUENT = 33  # in training, a term in more than every 33rd phrase is multiplied as dense numbers
_BLOCK = 1000  # rows, or columns
_LANDMARKS = 2000  # with more of them the solution takes fewer rounds, and each one longer
_RESIDUAL = 0.01  # share of the right side; an unseen phrase's scores move by some 0.01 at most
_ROUNDS = 200  # of conjugate gradients, at most
_THREADS = min(4, os.cpu_count() or 1)  # each has a block's sparse product, some 200 MB


class IntentModel:
    """Learns ``text → intent`` and gives calibrated probabilities.

    Two texts are as alike as half the cosine of their words and half that of their embeddings;
    the kernel is the square of that, moved to 0–1, so that pairs of features count and not only
    single ones. The training phrases' common terms and embeddings are rounded before they are
    learnt from, so that a message is compared with just what was learnt. ``ridge`` is what is
    added to the kernel's diagonal. ``sharpness`` multiplies the regression's scores before the
    softmax: the value with which the probabilities of unseen phrases come true as often as they
    say.
    """

    def __init__(self, ridge: float, sharpness: float) -> None:
        self.ridge = ridge
        self.sharpness = sharpness
        self.encoder = SentenceEncoder()
        self.words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        self.characters = TfidfVectorizer(
            analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2
        )
        self.intents: list[str] = []
        self.phrases: list[str] = []
        self._pool = ThreadPoolExecutor(os.cpu_count(), "likeness")

    def fit(
        self, texts: list[str], intents: list[str], embeddings: np.ndarray | None = None
    ) -> None:
        """Trains on parallel lists. ``embeddings`` may be given where they are known already."""
        embeddings = self.encoder.encode(texts) if embeddings is None else embeddings
        self.phrases = texts
        self.intents = sorted(set(intents))
        self._centre = embeddings.mean(axis=0)
        self._components = _principal_components(self._centred(embeddings), DIMENSIONS)
        terms = _side_by_side([v.fit_transform(texts) for v in self._vectorisers.values()])
        common = _terms_in_more_than_every(_COMMON, terms)
        self._common = np.flatnonzero(common)
        self._look_up()
        self._wordings = RoundedRows.of(terms[:, self._common].toarray())
        self._meanings = RoundedRows.of(self._meaning(embeddings))
        rare = terms[:, ~common]
        dense = np.hstack([self._wordings.values(), self._meanings.values()])
        kernel = _as_kernel(_gram(rare, dense))
        kernel[np.diag_indices_from(kernel)] += self.ridge
        targets = np.array(intents)[:, None] == np.array(self.intents)
        self._prior = targets.mean(axis=0, dtype=np.float32)
        self._weights = _solve(kernel, targets - self._prior)
        self._postings = rare.T.tocsr()

    def scores(self, texts: list[str], embeddings: np.ndarray | None = None) -> np.ndarray:
        """The regression's scores, about 1 for the right intent and 0 for the others; shape
        ``(len(texts), len(intents))``."""
        return self._kernel(texts, embeddings) @ self._weights + self._prior

    def probabilities(self, texts: list[str], embeddings: np.ndarray | None = None) -> np.ndarray:
        """Shape ``(len(texts), len(intents))``; each row sums to 1."""
        return softmax(self.sharpness * self.scores(texts, embeddings), axis=1)

    def nearest(self, text: str, count: int) -> list[tuple[float, str]]:
        """The training phrases most like ``text`` with their likeness (0–1), the best first."""
        (likeness,) = self._kernel([text])
        return [(float(likeness[i]), self.phrases[i]) for i in likeness.argsort()[::-1][:count]]

    def _kernel(self, texts: list[str], embeddings: np.ndarray | None = None) -> np.ndarray:
        # How alike the words are can be found while the texts are being encoded.
        of_words = self._pool.submit(self._likeness_of_words, texts)
        embeddings = self.encoder.encode(texts) if embeddings is None else embeddings
        likeness = of_words.result()
        for row, meaning in zip(likeness, self._meaning(embeddings)):
            row += self._meanings.products(meaning)
        return _as_kernel(likeness)

    def _likeness_of_words(self, texts: list[str]) -> np.ndarray:
        likeness = np.empty((len(texts), len(self.phrases)), dtype=np.float32)
        common = len(self._common)
        for row, text in zip(likeness, texts):
            columns, values = self._terms(text)
            places = self._places[columns]
            rare = places >= common
            dense = np.zeros(common, dtype=np.float32)
            dense[places[~rare]] = values[~rare]
            row[:] = self._wordings.products(dense)
            row += self._postings[places[rare] - common].T @ values[rare]
        return likeness

    def _terms(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """The columns of the terms in ``text`` and their TF-IDF, as the vectorisers side by side
        have them. Their own ``transform`` multiplies every text with a matrix as wide as the
        vocabulary, and a product of sparse matrices is made for many rows: with one row at a time
        a message takes 3 ms instead of 7."""
        columns, values, first = [], [], 0
        for analyse, vocabulary, weights in self._lookups:
            counts = Counter(map(vocabulary.get, analyse(text)))
            counts.pop(None, None)
            known = np.fromiter(counts, int, len(counts))
            found = (1 + np.log(np.fromiter(counts.values(), float, len(counts)))) * weights[known]
            columns.append(known + first)
            values.append(found / (np.linalg.norm(found) or 1))
            first += len(weights)
        share = np.float32(len(self._lookups) ** -0.5)
        return np.concatenate(columns), np.concatenate(values).astype(np.float32) * share

    def _look_up(self) -> None:
        """Keeps what the vectorisers have learnt where :meth:`_terms` finds it."""
        vectorisers = self._vectorisers.values()
        self._lookups = [(v.build_analyzer(), v.vocabulary_, v.idf_) for v in vectorisers]
        # A column's place: the common ones in the dense vectors, the others after them.
        is_rare = np.ones(sum(len(v.idf_) for v in vectorisers), dtype=bool)
        is_rare[self._common] = False
        self._places = np.empty(len(is_rare), dtype=int)
        self._places[np.argsort(is_rare, kind="stable")] = np.arange(len(is_rare))

    def _meaning(self, embeddings: np.ndarray) -> np.ndarray:
        return self._centred(embeddings) @ self._components

    def _centred(self, embeddings: np.ndarray) -> np.ndarray:
        """All e5 vectors point much the same way: what tells intents apart is what is left when
        that is taken off."""
        centred = embeddings - self._centre
        centred /= np.linalg.norm(centred, axis=2, keepdims=True) + 1e-9
        return centred.reshape(len(centred), -1) / np.float32(LAYERS**0.5)

    def save(self, folder: Path) -> None:
        """Writes the model below ``folder`` as words and numbers: loading executes nothing."""
        described = {
            "settings": {"ridge": self.ridge, "sharpness": self.sharpness},
            "intents": self.intents,
            "phrases": self.phrases,
            "vocabularies": {
                name: {term: int(column) for term, column in vectoriser.vocabulary_.items()}
                for name, vectoriser in self._vectorisers.items()
            },
        }
        (folder / "model.json").write_text(json.dumps(described), encoding="utf-8")
        np.savez(
            folder / "weights.npz",
            centre=self._centre,
            components=self._components,
            common=self._common,
            wordings=self._wordings.numbers,
            wording_scales=self._wordings.scales,
            meanings=self._meanings.numbers,
            meaning_scales=self._meanings.scales,
            prior=self._prior,
            weights=self._weights,
            postings=self._postings.data,
            posting_phrases=self._postings.indices,
            posting_bounds=self._postings.indptr,
            **{name: vectoriser.idf_ for name, vectoriser in self._vectorisers.items()},
        )

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """The model that :meth:`save` wrote."""
        described = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        model = cls(**described["settings"])
        model.intents, model.phrases = described["intents"], described["phrases"]
        with np.load(folder / "weights.npz", allow_pickle=False) as stored:
            for name, vectoriser in model._vectorisers.items():
                vectoriser.vocabulary_ = described["vocabularies"][name]
                vectoriser.idf_ = stored[name]
            model._centre = stored["centre"]
            model._components = stored["components"]
            model._common = stored["common"]
            model._wordings = RoundedRows(stored["wordings"], stored["wording_scales"])
            model._meanings = RoundedRows(stored["meanings"], stored["meaning_scales"])
            model._prior = stored["prior"]
            model._weights = stored["weights"]
            parts = (stored["postings"], stored["posting_phrases"], stored["posting_bounds"])
        model._look_up()
        shape = (len(parts[2]) - 1, len(model.phrases))
        model._postings = csr_matrix(parts, shape=shape)
        return model

    @property
    def _vectorisers(self) -> dict[str, TfidfVectorizer]:
        return {"words": self.words, "characters": self.characters}


def _as_kernel(cosines: np.ndarray) -> np.ndarray:
    """The sum of two cosines (-2 to 2) becomes the kernel, in place."""
    cosines += 2
    cosines /= 4
    return np.square(cosines, out=cosines)


def _principal_components(rows: np.ndarray, count: int) -> np.ndarray:
    """The directions in which ``rows`` differ most, shape ``(columns, count)``, orthonormal."""
    _, directions = np.linalg.eigh(rows.T @ rows)
    return np.ascontiguousarray(directions[:, -count:])


def _side_by_side(found: list[csr_matrix]) -> csr_matrix:
    """The vectorisers' TF-IDF as rows of unit length."""
    return hstack(found, format="csr", dtype=np.float32) * np.float32(len(found) ** -0.5)


def _terms_in_more_than_every(nth: int, terms: csr_matrix) -> np.ndarray:
    """Which columns of ``terms`` stand in more than every ``nth`` row."""
    return np.bincount(terms.indices, minlength=terms.shape[1]) > terms.shape[0] / nth


def _gram(terms: csr_matrix, dense: np.ndarray) -> np.ndarray:
    """``terms @ terms.T + dense @ dense.T`` as dense numbers. The matrix is symmetric: half of it
    is multiplied, and copied to the other. The few frequent terms would make most of the rest: as
    dense columns they take a fifth of the time. A thread for each block, since the sparse product
    knows of one only."""
    count = terms.shape[0]
    frequent = _terms_in_more_than_every(_FREQUENT, terms)
    dense = np.hstack([terms[:, frequent].toarray(), dense])
    rare = terms[:, ~frequent]
    product = np.empty((count, count), dtype=dense.dtype)

    def fill(start: int) -> None:
        block = product[start : start + _BLOCK, : start + _BLOCK]
        stop = start + len(block)
        np.matmul(dense[start:stop], dense[:stop].T, out=block)
        shared = (rare[:stop] @ rare[start:stop].T.tocsr()).tocoo()
        block[shared.col, shared.row] += shared.data
        product[:start, start:stop] = block[:, :start].T

    _in_threads(fill, reversed(range(0, count, _BLOCK)))
    return product


def _solve(matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    """``matrix⁻¹ @ right`` of a symmetric, positive definite matrix, by conjugate gradients for all
    columns at once. They are preconditioned with what some rows, the landmarks, tell of the matrix
    (Nyström): 14 rounds for 31,000 phrases, ten times fewer than without."""
    landmarks = np.linspace(0, len(matrix) - 1, min(_LANDMARKS, len(matrix)), dtype=int)
    columns = matrix[:, landmarks]
    triangle = np.linalg.cholesky(columns[landmarks])
    told = solve_triangular(triangle, columns.T, lower=True, check_finite=False).T
    inner = told.T @ told
    untold = (matrix.trace() - inner.trace()) / len(matrix)
    # Where all rows are landmarks nothing is untold, and something must be added all the same.
    inner[np.diag_indices_from(inner)] += max(untold, _RESIDUAL)
    inner = cho_factor(inner, check_finite=False)

    def of_all(product: Callable[[np.ndarray], np.ndarray]) -> LinearOperator:
        shape = (right.size, right.size)
        return LinearOperator(shape, lambda x: product(x.reshape(right.shape)), dtype=right.dtype)

    found, failed = cg(
        of_all(lambda x: _product(matrix, x)),
        right.ravel(),
        M=of_all(lambda x: x - told @ cho_solve(inner, told.T @ x, check_finite=False)),
        tol=_RESIDUAL,
        atol=0,
        maxiter=_ROUNDS,
    )
    if failed:
        raise ArithmeticError(
            "the kernel ridge regression does not converge; is `ridge` too small?"
        )
    return found.reshape(right.shape)


def _product(matrix: np.ndarray, right: np.ndarray) -> np.ndarray:
    """``matrix @ right``, a part of the rows in each thread: OpenBLAS shares a product with few
    columns badly."""
    parts = np.array_split(matrix, _THREADS)
    return np.concatenate(_in_threads(lambda part: part @ right, parts))


def _in_threads(work: Callable[[Any], Any], parts: Iterable[Any]) -> list[Any]:
    """What ``work`` makes of each of ``parts``, in order; a product within it takes one thread."""
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(work, parts))
