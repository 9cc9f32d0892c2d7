"""Why a message gets the answer it gets (``make explain TEXT="…"``), in Danish: for whoever edits
the phrases in ``data/nlu``.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import tarfile
import textwrap
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_NAME_KEY
from rasa.utils.log_utils import configure_structlog

from actions.afklaring import suggestions
from assistant.danger import in_plain_words, named_danger
from assistant.history import POSSIBLE_DANGER, QUESTIONS, History
from assistant.intent_model import IntentModel
from assistant.overrides import (
    DANGER_BAR,
    bare_intent,
    danger_of,
    foreign_intent,
    likely_danger,
    outranking,
    possible_danger,
    situation_intent,
)
from assistant.segments import questions
from assistant.wording import FOLLOW_UPS
from content.library import library
from evaluation.measure import FALLBACK, MODEL
from evaluation.phrases import training_phrases

THRESHOLD = "FallbackClassifier"
CLASSIFIER = "train_assistant.classifier.PamphletClassifier*"
ASKS_BACK = "afklaring"
RANKED = 5
PHRASES = 8
WIDTH = 96

# Why something outranks the classifier, by the function that found it.
WHY = {
    named_danger.__name__: "Ordene i beskeden siger fare. Så vinder det, uanset hvad de ligner.",
    bare_intent.__name__: "Der står kun et sted eller en alder, så den er svar på et spørgsmål.",
    likely_danger.__name__: "Den ligner noget akut nok ({found}, og grænsen er {bar}).",
    foreign_intent.__name__: "Den er skrevet på et andet sprog ({language}).",
    situation_intent.__name__: "Ordene siger, hvad barnets del i det er. Det afgør, hvilket svar "
    "det bliver.",
}


@dataclass(frozen=True)
class Reply:
    """What the product replies when a conversation begins with a message: the answer's id, or the
    name of what is said instead; and what the pipeline made of the message."""

    id: str | None
    parsed: Mapping[str, Any]


class Assistant:
    """The trained assistant, with all the steps of ``config.yml``. ``model`` is its classifier,
    ``threshold`` the certainty below which a parent is asked back."""

    def __init__(self, path: Path = MODEL) -> None:
        configure_structlog(logging.ERROR)  # or the message would be printed
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an editor can do nothing about them
            from rasa.core.agent import load_agent

            self._processor = asyncio.run(load_agent(model_path=str(path))).processor
        steps = self._processor.model_metadata.predict_schema.nodes
        (self.threshold,) = [
            step.config["threshold"] for name, step in steps.items() if THRESHOLD in name
        ]
        with TemporaryDirectory() as folder, tarfile.open(path) as archive:
            archive.extractall(folder)
            self.model = IntentModel.load(next(Path(folder).rglob(CLASSIFIER)))

    def reply(self, text: str) -> Reply:
        return asyncio.run(self._reply(text))

    async def _reply(self, text: str) -> Reply:
        from rasa.core.channels.channel import UserMessage  # by now without a warning

        tracker = await self._processor.log_message(UserMessage(text), should_save_tracker=False)
        scores = self._processor.predict_next_with_tracker(tracker)["scores"]
        action = max(scores, key=itemgetter("score"))["action"]
        said = History([{"event": "action", "name": action}], ()).last
        return Reply(said, tracker.latest_message.parse_data)


def decision(
    text: str, probabilities: Mapping[str, float], parsed: Mapping[str, Any]
) -> tuple[str | None, str]:
    """The intent that outranks the classifier, or None, and what made it so."""
    ranking = dict(probabilities)
    winner, by = outranking(text, ranking, parsed[ENTITIES], parsed.get("language"))
    if winner and by:
        found, bar = _percent(danger_of(ranking)), _percent(DANGER_BAR)
        why = WHY[by].format(found=found, bar=bar, **parsed)
        return winner, why
    if possible := possible_danger(ranking):
        return None, f"Intet, men den kan handle om {possible}. Det svar bliver den første knap."
    if questions(text):
        return None, "Intet. Det, den og spørgsmålene i den ligner mest, bestemmer."
    return None, "Intet. Det, den ligner mest, bestemmer."


def explain(text: str, assistant: Assistant) -> Iterator[str]:
    """The lines to show."""
    plain = in_plain_words(text)
    probabilities = _ranked(assistant.model, plain)
    first = next(iter(probabilities))
    reply = assistant.reply(text)
    entities = reply.parsed[ENTITIES]

    yield f"Beskeden: {text}"
    if plain != text:
        yield f"Læst som: {plain}"
    yield from ("", "Den ligner mest:")
    for intent, probability in list(probabilities.items())[:RANKED]:
        yield f"  {_percent(probability):>6}  {_titled(intent)}"
    asked = questions(text)
    if asked:
        yield from ("", "Spørgsmålene i den ligner mest:")
    for question in asked:
        intent, probability = next(iter(_ranked(assistant.model, in_plain_words(question)).items()))
        yield f"  {_percent(probability):>6}  {_titled(intent)}: »{question}«"
    yield from ("", "Fundet i beskeden:")
    for entity in entities:
        yield f"  {entity['entity']}: {entity['value']} (»{_span(text, entity)}«)"
    if not entities:
        yield "  Hverken sted, alder eller platform."

    winner, why = decision(text, probabilities, reply.parsed)
    yield from ("", "Det, der går forud (fare, sted eller alder alene, andet sprog):")
    yield f"  {why}"
    if winner and winner != first:
        yield f"  Før: {_titled(first)}"
        yield f"  Efter: {_titled(winner)}"
    yield from ("", "Svaret:")
    yield from _reply_lines(reply, assistant.threshold)
    yield from ("", "De sætninger i data/nlu, den ligner mest:")
    yield from _phrase_lines(assistant.model.nearest(plain, PHRASES))


def _ranked(model: IntentModel, text: str) -> dict[str, float]:
    """The probability of every intent, the likeliest first."""
    (row,) = model.probabilities([text])
    return {model.intents[i]: float(row[i]) for i in row.argsort()[::-1]}


def _reply_lines(reply: Reply, threshold: float) -> Iterator[str]:
    """What is said, and the buttons for what the message may ask for besides."""
    answers = library().current().answers
    danger, asked = reply.parsed.get(POSSIBLE_DANGER), reply.parsed.get(QUESTIONS) or []
    besides = dict.fromkeys(id_ for id_ in (danger, *asked) if id_ in answers and id_ != reply.id)
    unsure = reply.parsed[INTENT][INTENT_NAME_KEY] == FALLBACK
    below = f"Under {_percent(threshold)} sikker"
    if reply.id == ASKS_BACK:
        likely = suggestions(reply.parsed["intent_ranking"], answers)
        offered = ", ".join(dict.fromkeys([*besides, *likely]))
        means = f"»Mente du …«: {offered}" if offered else "om, hvad det handler om"
        yield f"  {below}, så der bliver spurgt {means}"
        return
    if unsure:
        yield f"  {below}, men det kan være et sted:"
    yield f"  {_titled(str(reply.id))}"
    for id_ in list(besides)[:FOLLOW_UPS]:
        yield f"  med en knap til {_titled(id_)}"


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
    print("\n".join(explain(text, Assistant())))
    return 0


if __name__ == "__main__":
    sys.exit(main())
