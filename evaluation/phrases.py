"""The training phrases, for what measures with them."""

from __future__ import annotations

from content.phrases import Phrase, load_phrases
from environment import ROOT


def training_phrases() -> list[Phrase]:
    """Every phrase in ``data/nlu`` as it stands now, file by file."""
    files = sorted((ROOT / "data" / "nlu").glob("*.yml"))
    return [phrase for path in files for phrase in load_phrases(path)]
