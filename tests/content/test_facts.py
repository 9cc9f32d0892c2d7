"""The fact register."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from content.errors import ContentError
from content.facts import STATUSES, load_facts
from content.library import DATA

Edit = Callable[[str, str, str], Path]


def test_status_of_each_fact(data: Path) -> None:
    assert load_facts(data / "fakta.yml") == {"F-1": "OK", "F-2": "UENIGE"}


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("  status: UENIGE", "  status: uenige", 7),
        ("  status: UENIGE\n", "", 5),
        ("  paastand: Det er usikkert.\n", "", 5),
        ("kilder: []", "kilder:", 8),
        ("kilder: []", "kilder: [Jyllands-Posten]", 8),
        ("bemaerk:", "bemærk:", 9),
        ("F-2:", "F-1:", 5),
    ],
)
def test_mistake_is_named_on_its_line(
    data: Path, edit: Edit, before: str, after: str, line: int
) -> None:
    path = edit("fakta.yml", before, after)
    with pytest.raises(ContentError) as error:
        load_facts(path)
    (problem,) = error.value.problems
    assert (problem.line, bool(problem.remedy)) == (line, True)


@pytest.mark.parametrize("text", ["", "[]", "F-1:", "F-1: OK", "F-1: [a]"])
def test_file_of_another_shape_is_refused_in_words(data: Path, text: str) -> None:
    (data / "fakta.yml").write_text(text)
    with pytest.raises(ContentError):
        load_facts(data / "fakta.yml")


def test_our_register_uses_only_the_statuses_it_explains() -> None:
    text = (DATA / "fakta.yml").read_text(encoding="utf-8")
    for status in STATUSES:
        assert f"#   {status} " in text
    assert set(load_facts(DATA / "fakta.yml").values()) <= set(STATUSES)
