"""The national services and how they are shown."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from content.errors import ContentError
from content.files import read_yaml
from content.helplines import load_helplines
from content.library import DATA

Edit = Callable[[str, str, str], Path]
FILE = "hjaelp.yml"


def test_services_by_id(data: Path) -> None:
    found = load_helplines(data / FILE)
    assert list(found) == ["foraeldretelefonen", "foraeldrechat"]
    line = found["foraeldretelefonen"]
    assert (line.phone, line.shown_as, line.always_open) == ("12345678", "12 34 56 78", False)
    assert (line.seen, line.confirmed) == (date(2026, 1, 15), date(2026, 2, 1))


def test_markdown_is_a_link_to_what_the_service_has(data: Path, edit: Edit) -> None:
    found = load_helplines(data / FILE)
    assert found["foraeldretelefonen"].markdown == "[ForældreTelefonen 12 34 56 78](tel:12345678)"
    assert found["foraeldrechat"].markdown == "[Chatten sms 87 65 43 21](sms:87654321)"
    edit(FILE, "    telefon: '12345678'\n    vises_som: 12 34 56 78\n", "")
    assert load_helplines(data / FILE)["foraeldretelefonen"].markdown == (
        "[ForældreTelefonen](https://linje.test)"
    )


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("'12345678'", "12345678", "telefon:"),
        ("'12345678'", "'12 34 56 78'", "telefon:"),
        ("'12345678'", "'١٢٣٤٥٦٧٨'", "telefon:"),
        ("12 34 56 78", "12 34 56 87", "vises_som:"),
        ("sms: '87654321'", "sms: 87 65 43 21", "sms:"),
        ("telefon: '12345678'", "telefn: '12345678'", "telefn:"),
        ("url: https://linje.test", "url: linje.test", "url:"),
        ("kilde: https://linje.test/om", "kilde: set på nettet", "kilde:"),
        ("bekraeftet: 2026-02-01", "bekraeftet: ja", "bekraeftet:"),
        ("set: 2026-01-15", "set: 2026-01-32", "set:"),
        ("doegnaabent: false", "doegnaabent: måske", "doegnaabent:"),
        ("navn: Chatten", "navn:", "navn:"),
        ("id: foraeldrechat", "id: foraeldretelefonen", "- id: foraeldretelefonen"),
        ("id: foraeldrechat", "id: Forældrechat", "id: Forældrechat"),
        ("id: foraeldrechat", "id: kommune", "id: kommune"),
        ("    sms: '87654321'\n    vises_som: 87 65 43 21\n", "", "- id: foraeldrechat"),
    ],
)
def test_mistake_is_named_on_its_line(
    data: Path, edit: Edit, before: str, after: str, line: str
) -> None:
    path = edit(FILE, before, after)
    with pytest.raises(ContentError) as error:
        load_helplines(path)
    (problem,) = error.value.problems
    assert problem.line and problem.remedy
    assert line in path.read_text(encoding="utf-8").splitlines()[problem.line - 1]


def test_line_is_that_of_the_service_not_of_one_with_a_longer_id(data: Path, edit: Edit) -> None:
    edit(FILE, "id: foraeldretelefonen", "id: linje_to")
    path = edit(FILE, "id: foraeldrechat\n    navn: Chatten\n", "id: linje\n")
    with pytest.raises(ContentError) as error:
        load_helplines(path)
    assert error.value.problems[0].line == 12


@pytest.mark.parametrize(
    "text", ["", "[]", "linjer:", "linjer: {}", "linjer: [x]", "linjer: [[]]", "linjer: [null]"]
)
def test_file_of_another_shape_is_refused_in_words(data: Path, text: str) -> None:
    (data / FILE).write_text(text)
    with pytest.raises(ContentError):
        load_helplines(data / FILE)


def test_no_mistake_gets_past_as_another_error(data: Path) -> None:
    """Whatever a hand does to the file, it loads or is refused in words."""
    good, chance = read_yaml(data / FILE), random.Random(1)
    values = [None, "x", 7, 1.5, [], {}, ["x"], True, date(2026, 1, 1)]
    for _ in range(300):
        changed = copy.deepcopy(good)
        item = chance.choice(changed["linjer"])
        item[chance.choice([*item, "andet"])] = chance.choice(values)
        (data / FILE).write_text(yaml.safe_dump(changed), encoding="utf-8")
        try:
            for line in load_helplines(data / FILE).values():
                assert line.name in line.markdown
        except ContentError as error:
            assert all(problem.line and problem.remedy for problem in error.problems)


def test_our_services_have_what_the_safe_answer_needs() -> None:
    found = load_helplines(DATA / FILE)
    assert {"boernetelefonen", "foraeldretelefonen", "offerraadgivningen"} <= found.keys()
    assert found["boernetelefonen"].phone and found["foraeldretelefonen"].phone
    assert all(line.phone or line.sms or line.url for line in found.values())
