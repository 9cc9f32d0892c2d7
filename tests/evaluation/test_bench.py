"""What the bench says of its measurements, and that it trains from what training needs."""

from __future__ import annotations

from environment import ROOT
from evaluation.bench import TRAINED_FROM, report

PARSED = {
    "messages": 200,
    "median_ms": 10.0,
    "p95_ms": 30.0,
    "package_encoder_median_ms": 40.0,
}
PRODUCT = {
    "ready_s": 9.0,
    "median_ms": 20.0,
    "p95_ms": 50.0,
    "engine_mb_at_start": 500.0,
    "engine_mb_after": 510.0,
}


def test_a_message_is_compared_with_the_same_run() -> None:
    assert "0.25 of what the package's own encoder" in report(60.0, PARSED, PRODUCT)


def test_training_is_left_out_when_it_was_not_measured() -> None:
    assert "training" in report(60.0, PARSED, PRODUCT)
    assert "training" not in report(None, PARSED, PRODUCT)


def test_everything_that_is_copied_for_training_exists() -> None:
    assert all((ROOT / part).exists() for part in TRAINED_FROM)
