"""What is handed to Rasa's own commands."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from rasa.shared.nlu.training_data.loading import load_data

from evaluation import compare
from evaluation.compare import CONFIG, configuration, trained_on, training_pairs
from evaluation.nlu_file import write_nlu


def test_rasa_reads_back_what_is_written(tmp_path: Path) -> None:
    labelled = [
        ("hej: #med 'tegn'", "hilsen"),
        ("to\nlinjer", "tak"),
        ("- streg", "tak"),
        ("en, der {er} 14", "hilsen"),
    ]
    path = tmp_path / "new" / "nlu.yml"
    write_nlu(labelled, path)
    found = [(m.get("text"), m.get("intent")) for m in load_data(str(path)).intent_examples]
    expected = [(" ".join(text.split()), intent) for text, intent in labelled]
    assert sorted(found) == sorted(expected)


def test_only_the_epochs_of_the_template_change() -> None:
    written = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    changed = yaml.safe_load(configuration(7))
    (diet,) = [part for part in changed["pipeline"] if part["name"] == "DIETClassifier"]
    assert diet["epochs"] == 7
    diet["epochs"] = 100
    assert changed == written


def test_longest_phrases_are_left_out() -> None:
    short, every = training_pairs(30), training_pairs(1000)
    assert 0 < len(short) < len(every)
    assert max(len(text.split()) for text, _ in short) == 30


def test_what_was_trained_on_is_read_from_what_was_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare, "PHRASES", tmp_path / "nlu.yml")
    monkeypatch.setattr(compare, "USED", tmp_path / "config.yml")
    write_nlu([("hej med dig", "hilsen"), ("tak", "tak")], tmp_path / "nlu.yml")
    (tmp_path / "config.yml").write_text(configuration(7), encoding="utf-8")
    assert trained_on() == {"phrases": 2, "longest": 3, "epochs": 7}
