"""The assistant's short messages and the answers in other languages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from content.errors import ContentError
from content.messages import Button, load_language, load_messages

Edit = Callable[[str, str, str], Path]
FILE = "beskeder.yml"


def test_messages_with_and_without_buttons(data: Path) -> None:
    found = load_messages(data / FILE)
    assert found["fejl_tom"].text == "Det er en besked."
    assert found["aabning"].text.startswith("Hej.")
    assert found["aabning"].buttons[0] == Button("Mit barn har delt videre", "barn_har_delt")


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("fejl_tom: Det er en besked.", "fejl_tom:", "fejl_tom:"),
        ("fejl_tom: Det er en besked.", "fejl_tom: 7", "fejl_tom:"),
        ("fejl_tom: Det er en besked.", "fejl_tom: [Hej]", "fejl_tom:"),
        ("fejl_tom: Det er en besked.", 'fejl_tom: "  "', "fejl_tom:"),
        ("tekst: |", "text: |", "aabning:"),
        ("knapper:", "knaper:", "aabning:"),
        ("valg: start", "vlag: start", "aabning:"),
        ("valg: start", "valg: start, farve: rød", "aabning:"),
        ("tekst: Begynd forfra", "tekst: 7", "aabning:"),
        ("    - {tekst: Begynd forfra, valg: start}", "    - start", "aabning:"),
    ],
)
def test_mistake_is_named_on_its_line(
    data: Path, edit: Edit, before: str, after: str, line: str
) -> None:
    path = edit(FILE, before, after)
    with pytest.raises(ContentError) as error:
        load_messages(path)
    (problem,) = error.value.problems
    assert problem.line and problem.remedy
    assert path.read_text(encoding="utf-8").splitlines()[problem.line - 1].startswith(line)


@pytest.mark.parametrize("text", ["", "[]", "x", "a: {tekst: b, knapper: 7}", "1: {tekst: []}"])
def test_file_of_another_shape_is_refused_in_words(data: Path, text: str) -> None:
    (data / FILE).write_text(text)
    with pytest.raises(ContentError):
        load_messages(data / FILE)


def test_language(data: Path, edit: Edit) -> None:
    edit("sprog/ar.md", "retning: ltr", "retning: rtl")
    language = load_language(data / "sprog" / "ar.md")
    assert (language.code, language.direction, language.checked_by) == ("ar", "rtl", "NN")
    assert "112" in language.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("sprog: ar\n", ""),
        ("sprog: ar", "sprog: 7"),
        ("retning: ltr", "retning: venstre"),
        ("retning: ltr", "retning: ltr\nkode: fa"),
        ("retning: ltr", "rettning: ltr"),
        ("modersmaal: NN", "modersmaal: true"),
        ("Call 112, 114 or 12 34 56 78.\n", ""),
    ],
)
def test_mistake_in_a_language(data: Path, edit: Edit, before: str, after: str) -> None:
    path = edit("sprog/ar.md", before, after)
    with pytest.raises(ContentError) as error:
        load_language(path)
    assert all(problem.line and problem.remedy for problem in error.value.problems)
