"""Outcomes made by hand: what is counted is known."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evaluation.measure import Outcome

Make = Callable[..., Outcome]


@pytest.fixture
def outcome() -> Make:
    def make(
        expected: str,
        ranking: str,
        confidence: float = 0.9,
        asked_back: bool = False,
        kind: str = "normal",
    ) -> Outcome:
        """Answers are parted by spaces, the best first."""
        text = f"om {expected}"
        return Outcome(
            text, kind, tuple(expected.split()), tuple(ranking.split()), confidence, asked_back
        )

    return make
