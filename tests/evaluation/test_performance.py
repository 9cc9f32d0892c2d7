"""What the document about speed says of measurements."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

from evaluation.performance import as_markdown, draw


def waits(parents: int, p50: float) -> dict[str, Any]:
    kinds = {"answered": 98, "helped": 2, "failed": 0}
    points = {"p50_ms": p50, "p95_ms": 2 * p50, "p99_ms": 3 * p50}
    return {"parents": parents, "messages": 100, "per_second": 20.0, **points, **kinds}


@pytest.fixture
def found() -> dict[str, Any]:
    held = [{"conversations": count, "engine": 400.0} for count in (50, 2000)]
    ours = {
        "start": {"median_s": 5.0, "slowest_s": 6.0},
        "latency": [waits(1, 20.0), waits(100, 80.0)],
        "direct": waits(1, 15.0),
        "saturation": waits(16, 300.0),
        "overload": {**waits(1000, 900.0), "recovered_s": 3.0, "ended": []},
        "memory": {"first": {"engine": 390.0}, "samples": held, "moved": {"engine": 0.012}},
        "training_s": 12.0,
    }
    template = copy.deepcopy(ours)
    template["start"]["median_s"] = 20.0
    template["direct"] = template["latency"][0] = waits(1, 60.0)
    template["overload"].update(recovered_s=None, ended=["engine"])
    return {
        "date": "2026-06-01",
        "longest_training_s": 600.0,
        "machine": {"processor": "Fast", "cores": 2, "busy": 0.1},
        "understanding": {"median_ms": 12.0, "p95_ms": 25.0, "package_encoder_median_ms": 30.0},
        "ours": ours,
        "rasa init": template,
    }


def test_figures_stand_beside_the_template_with_their_share_and_goal(found: dict) -> None:
    text = as_markdown(found)
    assert "| cold start to the first answer | 5.0 s | 20.0 s | 0.25 | 0.33 |" in text
    assert "| a message, median, one parent | 20.0 ms | 60.0 ms | 0.33 | 0.50 |" in text
    line = "| a message, median, one parent, the engine asked directly | 15.0 ms | 60.0 ms | 0.25 |"
    assert line in text
    assert "| 100 | ours | 80 | 160 | 240 | 20.0 | 98 | 2 | 0 |" in text
    assert "| ours | engine | 390 | 400 | ±1.2 % |" in text


def test_a_training_that_was_stopped_is_not_called_done(found: dict) -> None:
    assert "| training on the same 1,000 phrases | 12.0 s | 12.0 s | 1.00 |" in as_markdown(found)
    found["rasa init"]["training_s"] = 600.0
    line = "| training on the same 1,000 phrases | 12.0 s | over 600.0 s | under 0.02 | 0.10 |"
    assert line in as_markdown(found)


def test_what_did_not_recover_or_ended_is_said(found: dict) -> None:
    text = as_markdown(found)
    assert "- ours: as fast as before after 3.0 s when the overload ends\n" in text
    assert "- rasa init: as fast as before not within a minute" in text
    assert "ended: engine" in text


def test_the_picture_is_the_same_for_the_same_figures(found: dict, tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        draw(found, tmp_path / name)
    drawn = (tmp_path / "a.svg").read_text(encoding="utf-8")
    assert drawn == (tmp_path / "b.svg").read_text(encoding="utf-8")
    assert "Memory of the engine" in drawn
