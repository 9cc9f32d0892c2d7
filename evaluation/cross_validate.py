"""Cross-validation on the training phrases, the measurement behind our thresholds
(``make cross-validate``).

The folds are grouped by writer: phrases by one writer, who keeps up four or five voices, never
stand on both sides, since a writer's habits would otherwise give the label away. Prints accuracy,
the sharpness that makes the probabilities come true, the fallback threshold with the lowest cost,
and what the acute bars of :mod:`assistant.overrides` catch and falsely catch. Phrases that the
model, trained without their writer, puts elsewhere are listed in ``results/misplaced.tsv`` for a
person to reread.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass

import numpy as np
import yaml
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax

from assistant.classifier import EMBEDDINGS, PamphletClassifier
from assistant.danger import in_plain_words, named_danger
from assistant.encoder import SentenceEncoder
from assistant.history import DANGERS
from assistant.intent_model import IntentModel
from assistant.overrides import likely_danger, possible_danger
from environment import ROOT
from evaluation.calibration import calibration_error
from evaluation.phrases import training_phrases

FOLDS = 6
MISPLACED = ROOT / "results" / "misplaced.tsv"
# Short lines that steer the dialogue, and lines whose writer is not told; only trained on.
EDITORIAL = {"redaktion", "titel", ""}

# What a reply costs a parent: a wrong answer, or being asked back with or without the right choice.
WRONG, ASKED_WITH_CHOICE, ASKED_WITHOUT = 5.0, 1.0, 3.0


@dataclass
class Phrases:
    """The training phrases as parallel arrays."""

    texts: np.ndarray
    intents: np.ndarray
    voices: np.ndarray

    @property
    def writers(self) -> np.ndarray:
        """Who wrote each phrase: voice ``q3b`` is the second voice of writer ``q3``."""
        return np.array([v if v in EDITORIAL else v[:2] for v in self.voices], object)


def load_phrases() -> Phrases:
    """The training phrases with their intents and voices."""
    rows = [(phrase.text, phrase.intent, phrase.voice) for phrase in training_phrases()]
    return Phrases(*(np.array(column, object) for column in zip(*rows)))


def held_out_scores(phrases: Phrases) -> tuple[np.ndarray, np.ndarray]:
    """Each phrase's scores from a model that never saw its writer, shape ``(phrases, intents)``,
    and the intents of the columns. Rows of editorial phrases are NaN. As in the engine, a message's
    sayings are put into plain words, a training phrase's are not."""
    encoder = SentenceEncoder()
    embeddings = encoder.encode_with_memory(list(phrases.texts), EMBEDDINGS)
    plain = np.array([in_plain_words(text) for text in phrases.texts], object)
    changed = plain != phrases.texts
    embeddings_of_plain = embeddings.copy()
    embeddings_of_plain[changed] = encoder.encode(list(plain[changed]))
    writers = sorted(set(phrases.writers) - EDITORIAL)
    intents = sorted(set(phrases.intents))
    held_out = np.full((len(phrases.texts), len(intents)), np.nan, dtype=np.float32)
    for fold in range(FOLDS):
        test = np.isin(phrases.writers, writers[fold::FOLDS])
        model = IntentModel(**settings())
        model.fit(list(phrases.texts[~test]), list(phrases.intents[~test]), embeddings[~test])
        columns = [intents.index(intent) for intent in model.intents]
        found = model.scores(list(plain[test]), embeddings_of_plain[test])
        held_out[np.ix_(np.flatnonzero(test), columns)] = found
        print(f"fold {fold + 1} of {FOLDS} done", file=sys.stderr, flush=True)
    return held_out, np.array(intents, object)


def settings() -> dict[str, float]:
    """The classifier's settings in ``config.yml``."""
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    name = f"{PamphletClassifier.__module__}.{PamphletClassifier.__name__}"
    (component,) = [part for part in config["pipeline"] if part["name"] == name]
    return {name: component[name] for name in ("ridge", "sharpness")}


def best_sharpness(scores: np.ndarray, truth: np.ndarray) -> float:
    """The factor before the softmax with the greatest likelihood; ``truth`` holds columns."""
    rows = np.arange(len(truth))

    def loss(sharpness: float) -> float:
        return -float(log_softmax(sharpness * scores, axis=1)[rows, truth].mean())

    return float(minimize_scalar(loss, bounds=(1, 60), method="bounded").x)


def print_thresholds(top: np.ndarray, first: np.ndarray, in_three: np.ndarray) -> None:
    """What each fallback threshold would cost a parent."""
    print("\nthreshold  cost per message  asked back  wrong")
    asking = np.where(in_three, ASKED_WITH_CHOICE, ASKED_WITHOUT)
    for threshold in np.arange(0.0, 0.96, 0.05):
        asked = top < threshold
        cost = np.where(asked, asking, np.where(first, 0.0, WRONG)).mean()
        wrong = (~asked & ~first).mean()
        print(f"{threshold:9.2f}{cost:18.3f}{asked.mean():12.3f}{wrong:7.3f}")


def print_acute(phrases: Phrases, probabilities: np.ndarray, names: np.ndarray) -> None:
    """What the safety step makes of each phrase."""
    rankings = [dict(zip(names, row.tolist())) for row in probabilities]
    found = [
        named_danger(text) or likely_danger(ranking)
        for text, ranking in zip(phrases.texts, rankings)
    ]
    caught = np.array([winner is not None for winner in found])
    offered = caught | [possible_danger(ranking) is not None for ranking in rankings]
    acute = np.isin(phrases.intents, DANGERS)
    print("\nacute intents with the safety step")
    print(f"  caught as acute: {(caught & acute).sum()} of {acute.sum()}; ", end="")
    print(f"false alarms: {(caught & ~acute).sum()} of {(~acute).sum()}")
    print(f"  or offered: {(offered & acute).sum()}; {(offered & ~acute).sum()} in vain")
    for i in np.flatnonzero(acute & ~caught):
        print(f"  missed {phrases.intents[i]}: {phrases.texts[i][:160]}")
    for i in np.flatnonzero(~acute & caught):
        print(f"  false alarm ({phrases.intents[i]} → {found[i]}): {phrases.texts[i][:160]}")


def write_misplaced(phrases: Phrases, probabilities: np.ndarray, names: np.ndarray) -> None:
    """Phrases put elsewhere, the most certain first, with the intents most often confused."""
    best = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(names[best] != phrases.intents)
    wrong = wrong[probabilities[wrong, best[wrong]].argsort()[::-1]]
    MISPLACED.parent.mkdir(exist_ok=True)
    with MISPLACED.open("w", encoding="utf-8") as file:
        print("written for\tput at\tcertainty\tvoice\tphrase", file=file)
        for i in wrong:
            row = (phrases.intents[i], names[best[i]], f"{probabilities[i, best[i]]:.2f}")
            print(*row, phrases.voices[i], phrases.texts[i], sep="\t", file=file)
    print("\nmost often confused (written for → put at)")
    pairs = Counter((phrases.intents[i], names[best[i]]) for i in wrong)
    for (written, put), count in pairs.most_common(30):
        print(f"{count:5d}  {written} → {put}")


def main() -> int:
    phrases = load_phrases()
    scores, names = held_out_scores(phrases)
    tested = ~np.isnan(scores).all(axis=1)
    # An intent that only editors wrote for is unknown to no fold; -1 keeps the others in order.
    scores = np.nan_to_num(scores[tested], nan=-1.0)
    phrases = Phrases(phrases.texts[tested], phrases.intents[tested], phrases.voices[tested])
    truth = np.searchsorted(names, phrases.intents)
    best_three = scores.argsort(axis=1)[:, ::-1][:, :3]
    first = best_three[:, 0] == truth
    in_three = (best_three == truth[:, None]).any(axis=1)
    print(f"{len(truth)} phrases, {len(names)} intents: ", end="")
    print(f"first {first.mean():.4f}, in three {in_three.mean():.4f}")
    long = np.array([len(text.split()) >= 40 for text in phrases.texts])
    print(f"of {long.sum()} long stories: first {first[long].mean():.4f}")
    print(f"\nsharpness with the greatest likelihood: {best_sharpness(scores, truth):.1f}")
    used = settings()["sharpness"]
    probabilities = softmax(used * scores, axis=1)
    top = probabilities.max(axis=1)
    print(f"calibration error with the {used} of config.yml: {calibration_error(top, first):.3f}")
    print_thresholds(top, first, in_three)
    print_acute(phrases, probabilities, names)
    write_misplaced(phrases, probabilities, names)
    return 0


if __name__ == "__main__":
    sys.exit(main())
