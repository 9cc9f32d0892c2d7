"""How far stated probabilities are from what comes true."""

from __future__ import annotations

import numpy as np

BINS = 10


def reliability(stated: np.ndarray, right: np.ndarray) -> list[tuple[float, float, int]]:
    """Per tenth of the stated probability that holds any message: the mean probability stated,
    the share that was right, and how many messages."""
    tenth = np.minimum((stated * BINS).astype(int), BINS - 1)
    return [
        (float(stated[tenth == i].mean()), float(right[tenth == i].mean()), int(count))
        for i, count in enumerate(np.bincount(tenth, minlength=BINS))
        if count
    ]


def calibration_error(stated: np.ndarray, right: np.ndarray) -> float:
    """The expected calibration error (0–1): the mean gap of :func:`reliability`, weighted."""
    rows = reliability(stated, right)
    return sum(abs(said - came) * count for said, came, count in rows) / max(len(stated), 1)
