"""Why a message gets the answer it gets (``make explain TEXT="…"``), in Danish: for whoever edits
the phrases in ``data/nlu``.
"""

from __future__ import annotations

import json
import sys
import tarfile
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.danger import in_plain_words, named_danger
from assistant.entities import PamphletEntities
from assistant.intent_model import IntentModel
from assistant.overrides import (
    ACUTE_BAR,
    bare_intent,
    foreign_intent,
    likely_danger,
    possible_danger,
    situation_intent,
)
from content.library import library
from evaluation.measure import MODEL, OFFERED
from evaluation.phrases import training_phrases

FALLBACK = "FallbackClassifier"
CLASSIFIER = "train_assistant.classifier.PamphletClassifier*"
RANKED = 5
PHRASES = 8
WIDTH = 96


def load_assistant(path: Path = MODEL) -> tuple[IntentModel, float]:
    """The classifier of the trained assistant, without starting the rest of it, and the certainty
    below which a parent is asked back."""
    with TemporaryDirectory() as folder, tarfile.open(path) as archive:
        archive.extractall(folder)
        described = (Path(folder) / "metadata.json").read_text(encoding="utf-8")
        steps = json.loads(described)["predict_schema"]["nodes"].values()
        (threshold,) = [s["config"]["threshold"] for s in steps if s["uses"].endswith(FALLBACK)]
        return IntentModel.load(next(Path(folder).rglob(CLASSIFIER))), threshold


def decision(
    text: str, probabilities: Mapping[str, float], message: Message
) -> tuple[str | None, str]:
    """The intent that outranks the classifier, or None, and what made it so."""
    ranking = dict(probabilities)
    named = named_danger(text)
    if named:
        return named, "Ordene i beskeden siger fare. Så vinder det, uanset hvad de ligner."
    bare = bare_intent(text, message.get(ENTITIES))
    if bare:
        return bare, "Der står kun et sted eller en alder, så den er svar på et spørgsmål."
    acute = likely_danger(ranking)
    if acute:
        bar = f"{_percent(ranking[acute])}, og grænsen er {_percent(ACUTE_BAR[acute])}"
        return acute, f"Den ligner noget akut nok ({bar})."
    foreign = foreign_intent(ranking, message.get("language"))
    if foreign:
        return foreign, f"Den er skrevet på et andet sprog ({message.get('language')})."
    told = situation_intent(text, ranking)
    if told:
        return told, "Ordene siger, hvad barnets del i det er. Det afgør, hvilket svar det bliver."
    danger = possible_danger(ranking)
    if danger:
        return None, f"Intet, men den kan handle om {danger}. Det svar bliver den første knap."
    return None, "Intet. Det, den ligner mest, bestemmer."


def explain(text: str, model: IntentModel, threshold: float) -> Iterator[str]:
    """The lines to show."""
    plain = in_plain_words(text)
    (row,) = model.probabilities([plain])
    probabilities = {model.intents[i]: float(row[i]) for i in row.argsort()[::-1]}
    first, certainty = next(iter(probabilities.items()))
    message = Message(data={TEXT: text})
    PamphletEntities().process([message])

    yield f"Beskeden: {text}"
    if plain != text:
        yield f"Læst som: {plain}"
    yield from ("", "Den ligner mest:")
    for intent, probability in list(probabilities.items())[:RANKED]:
        yield f"  {_percent(probability):>6}  {_titled(intent)}"
    yield from ("", "Fundet i beskeden:")
    for entity in message.get(ENTITIES):
        yield f"  {entity['entity']}: {entity['value']} (»{_span(text, entity)}«)"
    if not message.get(ENTITIES):
        yield "  Hverken sted, alder eller platform."

    winner, why = decision(text, probabilities, message)
    yield from ("", "Det, der går forud (fare, sted eller alder alene, andet sprog):")
    yield f"  {why}"
    if winner and winner != first:
        yield f"  Før: {_titled(first)}"
        yield f"  Efter: {_titled(winner)}"
    yield from ("", "Svaret:")
    if winner is None and certainty < threshold:
        offered = ", ".join(list(probabilities)[:OFFERED])
        yield f"  Under {_percent(threshold)} sikker, så der bliver spurgt »Mente du …«: {offered}"
    else:
        yield f"  {_titled(winner or first)}"
    yield from ("", "De sætninger i data/nlu, den ligner mest:")
    yield from _phrase_lines(model.nearest(plain, PHRASES))


def _phrase_lines(nearest: list[tuple[float, str]]) -> Iterator[str]:
    known = {phrase.text: phrase for phrase in training_phrases()}
    for likeness, text in nearest:
        phrase = known.get(text)
        place = (
            f"{phrase.intent} ({phrase.path.name}, linje {phrase.line})"
            if phrase
            else "er slettet eller rettet, siden assistenten sidst lærte"
        )
        yield f"  {likeness:.2f}  {place}"
        yield f"        {textwrap.shorten(text, WIDTH - 8, placeholder=' …')}"


def _span(text: str, entity: Mapping[str, Any]) -> str:
    return text[entity["start"] : entity["end"]]


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def _titled(intent: str) -> str:
    answer = library().current().answers.get(intent)
    return f"{intent} ({answer.title})" if answer else intent


def main() -> int:
    text = " ".join(sys.argv[1:]).strip()
    if not text:
        sys.exit('Skriv beskeden med: make explain TEXT="min søn har delt et billede"')
    print("\n".join(explain(text, *load_assistant())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
