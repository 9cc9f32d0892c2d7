"""Rasa's template pipeline, measured on the same messages (``make evaluate-template``).

DIET pads each batch to its longest phrase and learns for hours from ours; ``--longest`` and
``--epochs`` make it less, and what was used stands beside the figures. They are kept in
``evaluation/template/measured.json``, from which ``docs/accuracy.md`` repeats them.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from environment import ROOT
from evaluation.evaluate import TEMPLATE, measured
from evaluation.measure import MESSAGES
from evaluation.nlu_file import write_nlu
from evaluation.phrases import training_phrases
from evaluation.report import as_json

CONFIG = TEMPLATE.with_name("config.yml")
FOLDER = ROOT / "results" / "template"
PHRASES, USED, MODEL = FOLDER / "nlu.yml", FOLDER / "config.yml", FOLDER / "template.tar.gz"


def training_pairs(longest: int) -> list[tuple[str, str]]:
    """The training phrases of at most so many words, with their intents."""
    short = (phrase for phrase in training_phrases() if len(phrase.text.split()) <= longest)
    return [(phrase.text, phrase.intent) for phrase in short]


def configuration(epochs: int) -> str:
    """The template's ``config.yml`` with another number of epochs."""
    config = yaml.safe_load(CONFIG.read_text(encoding="utf-8"))
    (diet,) = _diet(config)
    diet["epochs"] = epochs
    return yaml.safe_dump(config)


def _diet(config: dict[str, Any]) -> list[dict[str, Any]]:
    return [part for part in config["pipeline"] if part["name"] == "DIETClassifier"]


def train(pairs: list[tuple[str, str]], epochs: int) -> None:
    """Trains :data:`MODEL` in a process of its own."""
    write_nlu(pairs, PHRASES)
    USED.write_text(configuration(epochs), encoding="utf-8")
    rasa = Path(sys.executable).with_name("rasa")
    command = [rasa, "train", "nlu", "--nlu", PHRASES, "--config", USED, "--out", FOLDER]
    subprocess.run([*command, "--fixed-model-name", MODEL.name.split(".")[0]], check=True)


def trained_on() -> dict[str, int]:
    """What the model in :data:`FOLDER` was trained on, from the files it was trained with."""
    blocks = yaml.load(PHRASES.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]
    lengths = [len(line.split()) - 1 for b in blocks for line in b["examples"].splitlines()]
    (diet,) = _diet(yaml.safe_load(USED.read_text(encoding="utf-8")))
    return {"phrases": len(lengths), "longest": max(lengths), "epochs": diet["epochs"]}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--longest", type=int, default=1000, help="words of a phrase trained on")
    parser.add_argument("--trained", action="store_true", help="it is: only measure it")
    arguments = parser.parse_args()
    if not arguments.trained:
        train(training_pairs(arguments.longest), arguments.epochs)
    found = as_json(measured(sorted(MESSAGES.glob("*.yml")), MODEL), date.today())
    kept = {key: found[key] for key in ("date", "files", "kinds", "acute")}
    text = json.dumps({"trained": trained_on(), **kept}, indent=2)
    TEMPLATE.write_text(text + "\n", encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
