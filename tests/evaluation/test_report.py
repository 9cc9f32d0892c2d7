"""The same figures as text, JSON, Markdown and picture."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest

from evaluation import evaluate
from evaluation.measure import Outcome, acute
from evaluation.plot import draw
from evaluation.report import Files, as_json, as_markdown, as_text, by_file

TODAY = date(2026, 6, 1)


@pytest.fixture
def files(outcome: Callable[..., Outcome]) -> Files:
    return {
        "a.yml": [
            outcome("tak", "tak", kind="short"),
            outcome("tak", "farvel", 0.2, asked_back=True),
        ],
        "b.yml": [outcome("akut_fare", "grooming"), outcome("nej", "selvmordstanker")],
    }


def test_all_files_together_only_when_there_are_several(files: Files) -> None:
    assert {name: s.messages for name, s in by_file(files).items()} == {
        "a.yml": 2,
        "b.yml": 2,
        "all": 4,
    }
    assert list(by_file({"a.yml": files["a.yml"]})) == ["a.yml"]


def test_text_shows_mistakes_and_who_was_asked_back(files: Files) -> None:
    text = as_text(files)
    assert "0.20 ? farvel" in text
    assert "0.90   grooming" in text
    assert "0 of 1" in text and "1 of the 3" in text


def test_json_holds_everything(files: Files) -> None:
    found = json.loads(json.dumps(as_json(files, TODAY)))
    assert found["date"] == "2026-06-01"
    assert found["files"]["all"]["acceptable_first"] == 0.25
    assert found["kinds"]["short"]["messages"] == 1
    assert found["acute"] == {"needed": 1, "caught": 0, "others": 3, "false_alarms": 1}
    assert {"expected": "tak", "first": "farvel", "messages": 1} in found["confusions"]
    assert len(found["wrong"]) == 3


def test_document_names_the_day_and_every_acute_mistake(files: Files) -> None:
    text = as_markdown(files, TODAY)
    assert "2026-06-01" in text and "accuracy.svg" in text
    assert "- missed (akut_fare → grooming)" in text
    assert "- false alarm (nej → selvmordstanker)" in text
    assert "| a.yml | 2 | 0.500 |" in text
    assert "template" not in text


def test_document_sets_the_template_beside_ours(files: Files) -> None:
    figures = {name: asdict(summary) for name, summary in by_file(files).items()}
    template = {
        "trained": {"phrases": 123, "longest": 30, "epochs": 7},
        "date": "2026-05-01",
        "files": {name: {**row, "acceptable_first": 0.125} for name, row in figures.items()},
        "acute": asdict(acute(files["b.yml"])),
    }
    text = as_markdown(files, TODAY, template)
    assert all(said in text for said in ("123", "30 words", "7 epochs", "2026-05-01"))
    assert "| a.yml, ours | 2 | 0.500 |" in text
    assert "| a.yml, template | 2 | 0.125 |" in text


def test_picture_is_the_same_for_the_same_figures(files: Files, tmp_path: Path) -> None:
    for name in ("one.svg", "two.svg"):
        draw([one for found in files.values() for one in found], tmp_path / name)
    first = (tmp_path / "one.svg").read_text(encoding="utf-8")
    assert first == (tmp_path / "two.svg").read_text(encoding="utf-8")
    assert "short (1)" in first and "dc:date" not in first


def test_document_and_picture_are_written_together(files: Files, tmp_path: Path) -> None:
    evaluate.write(files, tmp_path / "accuracy.md")
    assert {path.name for path in tmp_path.iterdir()} == {"accuracy.md", "accuracy.svg"}
