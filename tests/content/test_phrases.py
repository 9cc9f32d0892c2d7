"""The training phrases, as Rasa would read them."""

from __future__ import annotations

from pathlib import Path

import pytest

from content.errors import ContentError
from content.phrases import Phrase, load_phrases, near_contradictions

GOOD = """\
version: "3.1"

nlu:
  - intent: gem_bevis
    metadata: {stemme: p1}
    examples: |
      - hvad skal jeg gemme
      - "Gem det", sagde hun: men hvordan

      - skal jeg tage et skærmbillede?
  - intent: tak
    examples: |
      - tak
  - synonym: snap
    examples: |
      - snapchat
"""


def load(folder: Path, text: str) -> list[Phrase]:
    path = folder / "pjece.yml"
    path.write_text(text, encoding="utf-8")
    return load_phrases(path)


def test_phrases_with_their_lines_and_voices(tmp_path: Path) -> None:
    found = load(tmp_path, GOOD)
    assert [(phrase.intent, phrase.line, phrase.voice) for phrase in found] == [
        ("gem_bevis", 7, "p1"),
        ("gem_bevis", 8, "p1"),
        ("gem_bevis", 10, "p1"),
        ("tak", 13, ""),
    ]
    lines = GOOD.splitlines()
    assert all(lines[phrase.line - 1].strip() == f"- {phrase.text}" for phrase in found)


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("      - tak", "      tak", 13),
        ("      - tak", "      -tak", 13),
        ("      - tak", "      - ", 13),
        ("intent: tak", "intnt: tak", 11),
        ("  - intent: tak\n    examples: |", "  - intent: tak\n    eksempler: |", 11),
        ("  - intent: tak\n    examples: |", "  - intent: tak\n    examples:", 13),
        ("  - intent: tak\n", "  - intent: tak\n    intent: tak\n", 12),
        ("nlu:", "nul:", 1),
    ],
)
def test_what_rasa_would_pass_over_is_named(
    tmp_path: Path, before: str, after: str, line: int
) -> None:
    assert before in GOOD
    with pytest.raises(ContentError) as error:
        load(tmp_path, GOOD.replace(before, after))
    (problem,) = error.value.problems
    assert (problem.line, bool(problem.remedy)) == (line, True)


@pytest.mark.parametrize("text", ["", "x", "nlu: x", "nlu: [x]", "nlu: [{intent: [a]}]"])
def test_file_of_another_shape_is_refused_in_words(tmp_path: Path, text: str) -> None:
    with pytest.raises(ContentError):
        load(tmp_path, text)


def test_comparable_is_what_the_classifier_sees() -> None:
    def comparable(text: str) -> str:
        return Phrase("x", text, Path("x"), 1).comparable

    assert comparable("Hvad gør jeg?!") == comparable("hvad  gør jeg")
    assert comparable("hvad gør jeg") != comparable("hvad gor jeg")
    assert comparable("🙏") != comparable("??")


def pairs(*written: tuple[str, str]) -> list[tuple[str, str]]:
    phrases = [Phrase(intent, text, Path("x.yml"), n) for n, (intent, text) in enumerate(written)]
    return [(a.text, b.text) for a, b in near_contradictions(phrases)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kan han få en dom", "Kan han da få en dom?"),
        ("kan han få en dom for det", "for det kan han få en dom"),
        ("må skolen tage hans telefon i dag", "i dag må skolen tage hans telefon fra"),
    ],
)
def test_nearly_the_same_words_for_two_answers(one: str, other: str) -> None:
    assert pairs(("a", one), ("b", other)) == [(one, other)]
    assert pairs(("a", one), ("a", other)) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("er du sød", "er du dum"),  # a word tells such short phrases apart
        ("hvad er straffen for at dele", "hvad er straffen for at have"),
        ("kan han få en dom", "kan han få en dom når han kun er tretten år"),
    ],
)
def test_other_words_are_no_contradiction(one: str, other: str) -> None:
    assert pairs(("a", one), ("b", other)) == []


def test_every_pair_is_found_among_many() -> None:
    # Comparing only phrases with a rare word in common must not lose any of them.
    words = [f"ord{number}" for number in range(40)]
    phrases = []
    for start in range(30):
        for left_out in range(0, 10, 3):
            text = words[start : start + 10]
            phrases.append((f"i{start % 3}", " ".join(text[:left_out] + text[left_out + 1 :])))

    def alike(one: str, other: str) -> bool:
        a, b = set(one.split()), set(other.split())
        return 5 * len(a & b) >= 4 * len(a | b)

    expected = {
        (one, other)
        for n, (intent, one) in enumerate(phrases)
        for second, other in phrases[n + 1 :]
        if second != intent and alike(one, other)
    }
    assert expected
    assert set(pairs(*phrases)) == expected
