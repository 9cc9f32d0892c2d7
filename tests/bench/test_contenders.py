"""What the two of ``make bench`` are trained on."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from content.phrases import Phrase, load_phrases
from environment import ROOT
from evaluation.contenders import OF_EACH, TRAINED_FROM, some_phrases
from evaluation.nlu_file import write_nlu


def phrases(**counts: int) -> list[Phrase]:
    return [
        Phrase(intent, f"{intent} {n}", Path("x.yml"), n)
        for intent, count in counts.items()
        for n in range(count)
    ]


def test_the_same_phrases_every_time_and_some_of_each_intent() -> None:
    all_of_them = phrases(tak=300, farvel=3, akut_fare=200)
    chosen = some_phrases(all_of_them, 50)
    assert len(chosen) == len(set(chosen)) == 50
    assert chosen == some_phrases(all_of_them, 50)
    assert min(Counter(intent for _, intent in chosen).values()) >= OF_EACH


def test_what_is_written_is_read_back_by_our_importer(tmp_path: Path) -> None:
    chosen = some_phrases(count=300)
    write_nlu(chosen, tmp_path / "some.yml")
    assert sorted((p.text, p.intent) for p in load_phrases(tmp_path / "some.yml")) == sorted(chosen)


def test_everything_that_is_copied_for_training_exists() -> None:
    assert all((ROOT / part).exists() for part in TRAINED_FROM)
