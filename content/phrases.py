"""How parents ask: the training phrases of ``data/nlu``, for the check and for the training.

Nothing is passed over, as Rasa's own reader would: what it does not understand is an error.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

import yaml

from content.errors import ContentError, Problem
from content.files import parse_nodes, read_text

_KEYS = {"intent", "examples", "metadata"}
_NO_PHRASES = {"synonym", "regex", "lookup"}

# Two phrases are nearly the same when they share this many per cent of all their words: four of
# five, so that a small word does not tell them apart. Those with fewer words a word may tell apart.
FEWEST_WORDS = 4
NEARLY = 80


@dataclass(frozen=True)
class Phrase:
    """One way parents put it, with the intent it is an example of.

    ``voice`` is who put it so (``metadata.stemme``, see ``docs/voices.md``), empty when not told.
    """

    intent: str
    text: str
    path: Path
    line: int
    voice: str = ""

    @property
    def comparable(self) -> str:
        """Without what the classifier does not tell apart: case and, beside words, punctuation."""
        return " ".join(re.findall(r"\w+", self.text.lower())) or self.text


def load_phrases(path: Path) -> list[Phrase]:
    """The training phrases of one file."""
    found: list[Phrase] = []
    problems: list[Problem] = []

    def problem(line: int, what: str, remedy: str) -> None:
        problems.append(Problem(path, line + 1, what, remedy))

    blocks = _entries(parse_nodes(path, read_text(path))).get("nlu")
    listed = isinstance(blocks, yaml.SequenceNode)
    if not listed:
        problem(0, "Filen har ikke 'nlu:' med en liste.", "Se, hvordan de andre filer begynder.")
    for node in blocks.value if listed else ():
        block = _entries(node)
        if _NO_PHRASES & block.keys():
            continue
        intent, examples = block.get("intent"), block.get("examples")
        if intent is None or examples is None or block.keys() - _KEYS:
            what = "En blok skal have 'intent' og 'examples' og ikke andet."
            problem(node.start_mark.line, what, "Ret stavefejlen, eller skriv det, der mangler.")
            continue
        line = examples.start_mark.line
        if getattr(examples, "style", "") != "|":
            remedy = "Skriv 'examples: |' og under den én sætning på hver linje."
            problem(line, "Sætningerne mangler den lodrette streg.", remedy)
            continue
        stemme = _entries(block.get("metadata")).get("stemme")
        voice = str(stemme.value) if stemme else ""
        for number, example in enumerate(examples.value.splitlines(), line + 1):
            mark, phrase = example[:2], example[2:].strip()
            if mark == "- " and phrase:
                found.append(Phrase(str(intent.value), phrase, path, number + 1, voice))
            elif example.strip():
                problem(number, "Linjen bliver ikke læst.", "Begynd hver sætning med '- '.")
    if problems:
        raise ContentError(problems)
    return found


def near_contradictions(phrases: Iterable[Phrase]) -> list[tuple[Phrase, Phrase]]:
    """Pairs of phrases with nearly the same words, in any order, but another intent.

    Sets that share so much have one of their rarest words in common, and about as many words, so
    only such phrases are compared: a second or two instead of minutes.
    """
    found = []
    worded = [(frozenset(phrase.comparable.split()), phrase) for phrase in phrases]
    worded = [(words, phrase) for words, phrase in worded if len(words) >= FEWEST_WORDS]
    spread = Counter(word for words, _ in worded for word in words)
    # By (word, number of words): the phrases so far that have it among their rarest.
    seen: defaultdict[tuple[str, int], list[int]] = defaultdict(list)
    for number, (words, phrase) in enumerate(worded):
        size = len(words)
        shared = ceil(NEARLY * size / 100)  # at least this many, or the pair is not nearly the same
        rarest = sorted(words, key=lambda word: (spread[word], word))[: size - shared + 1]
        sizes = range(shared, 100 * size // NEARLY + 1)
        for other in {n for word in rarest for count in sizes for n in seen.get((word, count), ())}:
            others, earlier = worded[other]
            if earlier.intent == phrase.intent:
                continue
            common = len(words & others)
            if 100 * common >= NEARLY * (size + len(others) - common):
                found.append((earlier, phrase))
        for word in rarest:
            seen[word, size].append(number)
    return found


def _entries(node: Any) -> dict[str, Any]:
    """The value nodes of a mapping by key."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return {key.value: value for key, value in pairs}
