"""Reliability and calibration error."""

from __future__ import annotations

import numpy as np
import pytest

from evaluation.calibration import calibration_error, reliability


def test_probabilities_that_come_true_have_no_error() -> None:
    stated = np.full(10, 0.75)
    right = np.array([True] * 7 + [False] * 2 + [True])  # 8 of 10
    assert calibration_error(stated, right) == pytest.approx(0.05)
    assert calibration_error(np.full(4, 0.75), np.array([1, 1, 1, 0])) == pytest.approx(0.0)


def test_error_is_weighted_by_the_number_of_messages() -> None:
    stated = np.array([0.95, 0.95, 0.95, 0.15])
    right = np.array([True, True, True, True])
    assert calibration_error(stated, right) == pytest.approx((3 * 0.05 + 0.85) / 4)


def test_certainty_itself_falls_in_the_last_tenth() -> None:
    assert reliability(np.array([1.0, 0.95]), np.array([True, False])) == [
        (pytest.approx(0.975), 0.5, 2)
    ]
    assert calibration_error(np.array([]), np.array([])) == 0
