"""Reading files: errors in Danish on the right line, whatever a hand did to the file."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from content.errors import ContentError, Problem
from content.files import line_of_entry, parse_yaml, read_document, read_text, read_yaml


def problem_of(path: Path, text: str) -> Problem:
    with pytest.raises(ContentError) as error:
        parse_yaml(path, text)
    (problem,) = error.value.problems
    return problem


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("a: 1\nb: 2: 3\n", 2, "kolon"),
        ("a: 1\nb:\n\tc: 2\n", 3, "tabulator"),
        ("a: 'x\nb: 2\n", 1, "anførselstegn"),
        ("a: 1\nb: [x, y\nc: 2\n", 2, "liste"),
        ("a: 1\nb: {x: y\nc: 2\n", 2, "{"),
        ("a: 1\nb: 2\na: 3\n", 3, "'a' står to gange"),
        ("a:\n  - {x: 1, y: 2, x: 3}\n", 2, "'x' står to gange"),
        ("a: 1\n- b\n", 2, "læses"),
        ("a: 1\nb: \x01\n", 2, "usynligt"),
        ("a: 1\nb: *c\n", 2, "læses"),
        ("a: 1\nb: !python/object:os.system x\n", 2, "læses"),
    ],
)
def test_slip_is_named_on_its_line(text: str, line: int, said: str) -> None:
    problem = problem_of(Path("x.yml"), text)
    assert (problem.line, problem.file) == (line, Path("x.yml"))
    assert said in problem.what and problem.remedy


def test_what_the_reader_says_in_english_is_not_passed_on() -> None:
    for text in ("a: b: c", "a:\n\tb", "a: 'x", "a: [x", "a: {x", "a: @x", "a: 1\n- b"):
        problem = problem_of(Path("x.yml"), text)
        said = f"{problem.what} {problem.remedy}".lower()
        assert not {"expected", "found", "while", "mapping", "token"} & set(said.split())


def test_lines_count_from_the_top_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "svar.md"
    path.write_text("---\ntitel: A\nkort: b: c\n---\nTekst\n", encoding="utf-8")
    with pytest.raises(ContentError) as error:
        read_document(path)
    assert error.value.problems[0].line == 3


def test_day_that_is_not_in_the_calendar_stays_a_text() -> None:
    assert parse_yaml(Path("x.yml"), "a: 2027-02-31") == {"a": "2027-02-31"}


def test_same_name_at_two_levels_is_fine() -> None:
    text = "tekst: 1\nknapper:\n  - {tekst: 2}\n  - {tekst: 3}\n"
    assert parse_yaml(Path("x.yml"), text)["tekst"] == 1


def test_file_of_another_editor_reads_the_same(tmp_path: Path) -> None:
    path = tmp_path / "svar.md"
    path.write_bytes("\ufeff---\r\ntitel: Æble\r\n---\r\nTekst\r\n".encode())
    document = read_document(path)
    assert document.meta == {"titel": "Æble"}
    assert document.body == "Tekst\n"


@pytest.mark.parametrize("content", ["æøå".encode("latin-1"), b"\xff\xfe"])
def test_other_encoding_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.yml"
    path.write_bytes(content)
    with pytest.raises(ContentError, match="UTF-8"):
        read_text(path)


def test_missing_file_and_folder_in_its_place(tmp_path: Path) -> None:
    for path in (tmp_path / "findes-ikke.yml", tmp_path):
        with pytest.raises(ContentError) as error:
            read_yaml(path)
        assert error.value.problems[0].file == path


@pytest.mark.parametrize("text", ["", "Tekst", "---\ntitel: A\n", "---\n- a\n---\nTekst", "\n---"])
def test_document_without_front_matter_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "svar.md"
    path.write_text(text)
    with pytest.raises(ContentError):
        read_document(path)


def test_lines_of_a_document(tmp_path: Path) -> None:
    path = tmp_path / "svar.md"
    path.write_text("---\ntitel: A\nkilder:\n  - navn: X\n    set: 2026\n---\n\nEt\n## To\n")
    document = read_document(path)
    assert document.body_line == 7
    assert document.line_of("## To") == 9
    assert document.line_of("findes ikke") is None
    assert document.line_of_entry("kilder", 0, "set") == 5
    assert document.line_of_entry("kilder", 0, "url") == 4  # missing: the source it belongs to
    assert document.line_of_entry("fakta") == 2


def test_line_of_an_entry() -> None:
    text = "# top\na:\n  - x: 1\n    y: 2\n  - x: 3\nb: {c: 4}\n"
    assert line_of_entry(text, "a", 0, "y") == 4
    assert line_of_entry(text, "a", 1) == 5
    assert line_of_entry(text, "b", "c") == 6
    assert line_of_entry(text, "a", 7) == 2
    assert line_of_entry("", "a") == 1


def test_no_mistake_gets_past_as_another_error() -> None:
    """Whatever is typed into a file, it is read or refused in words."""
    good = 'a: 1\nb: [x, "y"]\nc: {d: 2027-01-31, e: null}\nf: |\n  tekst: {æ}\n'
    chance = random.Random(1)
    for _ in range(500):
        place = chance.randrange(len(good))
        text = good[:place] + chance.choice("\t:[]{}\"'&*!|>%@`-#?, \n\x00é0") + good[place + 1 :]
        try:
            parse_yaml(Path("x.yml"), text)
        except ContentError as error:
            assert 1 <= (error.problems[0].line or 0) <= text.count("\n") + 1
