"""Cross-validation on the training phrases, the measurement behind our thresholds
(``make cross-validate``).

The folds are grouped by voice: phrases by one writer never stand on both sides, since a writer's
habits would otherwise give the label away. Prints accuracy, the fallback threshold with the
lowest cost, and what the acute bars of :mod:`assistant.overrides` catch and falsely catch.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
import yaml

from assistant.classifier import EMBEDDINGS
from assistant.intent_model import IntentModel
from assistant.overrides import ACUTE_BAR, acute_intent
from environment import ROOT

FOLDS = 6
EDITORIAL = {"redaktion", "titel"}  # short lines that steer the dialogue; only trained on

# What a reply costs a parent: a wrong answer, or being asked back with or without the right choice.
WRONG, ASKED_WITH_CHOICE, ASKED_WITHOUT = 5.0, 1.0, 3.0


@dataclass
class Phrases:
    """The training phrases as parallel arrays."""

    texts: np.ndarray
    intents: np.ndarray
    voices: np.ndarray


def load_phrases() -> Phrases:
    """Every phrase in ``data/nlu`` with its intent and voice."""
    rows = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["nlu"]:
            voice = block["metadata"]["stemme"]
            for line in block["examples"].splitlines():
                rows.append((line[2:].strip(), block["intent"], voice))
    texts, intents, voices = zip(*rows)
    return Phrases(np.array(texts, object), np.array(intents, object), np.array(voices, object))


def held_out_predictions(
    phrases: Phrases, regularisation: float = 30.0
) -> tuple[np.ndarray, list[str]]:
    """Each phrase's probabilities from a model that never saw its voice, and the intents of the
    columns. Rows of editorial phrases are NaN."""
    embeddings = IntentModel().encoder.encode_with_memory(list(phrases.texts), EMBEDDINGS)
    voices = sorted(set(phrases.voices) - EDITORIAL)
    intents = sorted(set(phrases.intents))
    held_out = np.full((len(phrases.texts), len(intents)), np.nan)
    for fold in range(FOLDS):
        test = np.isin(phrases.voices, voices[fold::FOLDS])
        model = IntentModel(regularisation)
        model.fit(list(phrases.texts[~test]), list(phrases.intents[~test]), embeddings[~test])
        columns = [intents.index(intent) for intent in model.intents]
        found = model.probabilities(list(phrases.texts[test]), embeddings[test])
        held_out[np.ix_(np.flatnonzero(test), columns)] = found
        print(f"fold {fold + 1} of {FOLDS} done", file=sys.stderr, flush=True)
    return held_out, intents


def main() -> int:
    phrases = load_phrases()
    probabilities, intents = held_out_predictions(phrases)
    tested = ~np.isnan(probabilities).all(axis=1)
    probabilities = np.nan_to_num(probabilities[tested])
    truth, texts = phrases.intents[tested], phrases.texts[tested]
    names = np.array(intents, object)
    order = probabilities.argsort(axis=1)[:, ::-1]
    first = names[order[:, 0]] == truth
    in_three = np.array([t in names[o[:3]] for t, o in zip(truth, order)])
    top = probabilities.max(axis=1)
    print(f"{tested.sum()} phrases, {len(intents)} intents: ", end="")
    print(f"first {first.mean():.3f}, in three {in_three.mean():.3f}")
    print("\nthreshold  cost per message  asked back  wrong")
    for threshold in np.arange(0.10, 0.71, 0.05):
        asked = top < threshold
        asking = np.where(in_three, ASKED_WITH_CHOICE, ASKED_WITHOUT)
        cost = np.where(asked, asking, np.where(first, 0.0, WRONG))
        wrong = (~asked & ~first).mean()
        print(f"{threshold:9.2f}{cost.mean():18.3f}{asked.mean():12.3f}{wrong:7.3f}")
    print("\nacute intents with the safety step")
    winners = np.array(
        [acute_intent(text, dict(zip(intents, row))) for text, row in zip(texts, probabilities)],
        object,
    )
    acute = np.isin(truth, list(ACUTE_BAR))
    caught = np.array([w is not None for w in winners])
    print(f"  caught as acute: {(caught & acute).sum()} of {acute.sum()}; ", end="")
    print(f"false alarms: {(caught & ~acute).sum()} of {(~acute).sum()}")
    for i in np.flatnonzero(acute & ~caught):
        print(f"  missed {truth[i]}: {texts[i][:110]}")
    for i in np.flatnonzero(~acute & caught)[:40]:
        print(f"  false alarm ({truth[i]} → {winners[i]}): {texts[i][:110]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
