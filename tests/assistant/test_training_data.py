"""The training phrases: enough of them, each once, and none from the tests."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml
from rapidfuzz import fuzz, process

from content.library import library

ROOT = Path(__file__).resolve().parents[2]
FEWEST_PHRASES = 40
# Two messages of four words and more that are this much alike, whatever the order of their words,
# are the same question. (The plain token set counts "er du en robot" as a part of every longer
# message with these words, so what the two do not share has to count as well.)
TOO_LIKE = 90


def normal(text: str) -> str:
    """Lower case, without punctuation and surplus white space."""
    words = re.sub(r"[\W_]+", " ", unicodedata.normalize("NFKC", text).lower())
    return words.strip() or text.strip()


def training_phrases() -> list[tuple[str, str]]:
    found = []
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                found.append((normal(line.removeprefix("- ")), block["intent"]))
    return found


def test_messages() -> list[str]:
    found = []
    for path in sorted((ROOT / "tests" / "messages").glob("*.yml")):
        found += [normal(m["text"]) for m in yaml.safe_load(path.read_text(encoding="utf-8"))]
    for path in sorted((ROOT / "tests" / "conversations").glob("*.yml")):
        for story in yaml.safe_load(path.read_text(encoding="utf-8"))["stories"]:
            for step in story["steps"]:
                if "user" in step:
                    plain = re.sub(r"\[([^\]]*)\]\{[^}]*\}", r"\1", step["user"])
                    found.append(normal(plain))
    pairs = yaml.safe_load(Path(__file__).with_name("safety.yml").read_text(encoding="utf-8"))
    found += [normal(pair[half]) for pair in pairs for half in ("acute", "harmless")]
    return found


test_messages.__test__ = False  # type: ignore[attr-defined]
PHRASES = training_phrases()


def test_every_answer_has_enough_phrases() -> None:
    counts = Counter(intent for _, intent in PHRASES)
    assert not {
        id_: counts[id_] for id_ in library().current().answers if counts[id_] < FEWEST_PHRASES
    }


def test_no_phrase_stands_twice() -> None:
    intents = defaultdict(list)
    for phrase, intent in PHRASES:
        intents[phrase].append(intent)
    assert not {phrase: found for phrase, found in intents.items() if len(found) > 1}


def test_the_test_messages_are_not_trained_on() -> None:
    # Greetings and single words are the same for everyone.
    said = {message for message in test_messages() if len(message.split()) > 3}
    assert len(said) > 200
    assert not said & {phrase for phrase, _ in PHRASES}


def test_no_phrase_is_nearly_a_test_message() -> None:
    said = [message for message in test_messages() if len(message.split()) > 3]
    phrases = [phrase for phrase, _ in PHRASES if len(phrase.split()) > 3]
    scores = process.cdist(said, phrases, scorer=fuzz.token_sort_ratio, score_cutoff=TOO_LIKE)
    assert not [(said[i], phrases[j]) for i, j in zip(*scores.nonzero())]


def test_no_phrase_has_nearly_the_words_of_a_test_message() -> None:
    said = [message for message in test_messages() if len(message.split()) > 3]
    phrases = [(phrase, frozenset(phrase.split())) for phrase, _ in PHRASES]
    assert not [
        (message, phrase)
        for message, words in ((message, frozenset(message.split())) for message in said)
        for phrase, others in phrases
        if 100 * len(words) >= TOO_LIKE * len(others)
        and 100 * len(words & others) >= TOO_LIKE * len(words | others)
    ]


@pytest.mark.parametrize("folder", ["messages", "conversations"])
def test_there_is_something_to_compare_with(folder: str) -> None:
    assert list((ROOT / "tests" / folder).glob("*.yml"))
