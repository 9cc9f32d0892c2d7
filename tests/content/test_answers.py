"""Answer files, pamphlets and the catalogue."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from content.answers import (
    AGE_BANDS,
    is_date,
    is_url,
    load_answer,
    load_catalogue,
    load_pamphlet,
)
from content.errors import ContentError, Problem
from content.library import DATA

DELT = "pjecer/naar-det-sker/barn_har_delt.md"
PJECE = "pjecer/naar-det-sker/_pjece.md"

Edit = Callable[[str, str, str], Path]


def problems(loader: Callable[[], object]) -> list[Problem]:
    with pytest.raises(ContentError) as error:
        loader()
    return error.value.problems


# --- answers --------------------------------------------------------------------------------------


def test_answer(data: Path) -> None:
    answer = load_answer(data / DELT, "naar-det-sker")
    assert (answer.id, answer.pamphlet) == ("barn_har_delt", "naar-det-sker")
    assert answer.title == "Mit barn har delt videre"
    assert answer.follow_ups == ("gem_bevis",)
    assert answer.facts == ("F-1",)
    assert answer.sources[0].url == "https://politi.test/deling"
    assert answer.sources[0].seen == date(2026, 1, 15)
    assert answer.body.startswith("Det er godt") and answer.body.endswith(
        "(https://politi.test/tal)."
    )
    assert answer.more.startswith("### Bagefter")
    assert not answer.is_draft and not answer.is_acute


def test_variants_have_a_key_that_slots_can_name_and_a_heading_to_show(data: Path) -> None:
    answer = load_answer(data / DELT, None)
    assert list(answer.variants) == ["under_15", "platform:snapchat", "kommune:horsens"]
    assert answer.variants["kommune:horsens"] == "Ring til SSP i {kommune}."
    assert answer.headings["platform:snapchat"] == "Hvis det er på Snapchat"


@pytest.mark.parametrize(("band", "heading"), AGE_BANDS.items())
def test_age_band_headings(data: Path, edit: Edit, band: str, heading: str) -> None:
    edit(DELT, "Hvis barnet er under 15", heading.replace("-", "–"))  # as Word would write it
    assert band in load_answer(data / DELT, None).variants


def test_acute_answer_has_an_afterwards(data: Path) -> None:
    answer = load_answer(data / "pjecer/akut/akut_fare.md", "akut")
    assert answer.is_acute and answer.afterwards == "Ring igen."
    assert "Ring igen" not in answer.body


@pytest.mark.parametrize("missing", ["gennemgaaet: 2026-02-01", 'godkendt_af: "SSP Horsens"'])
def test_answer_is_a_draft_until_both_reviewed_and_approved(
    data: Path, edit: Edit, missing: str
) -> None:
    edit(DELT, missing, missing.partition(":")[0] + ": null")
    assert load_answer(data / DELT, None).is_draft


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("titel: Mit barn har delt videre", "titel:", "titel:"),
        ("titel: Mit barn har delt videre", "titel: 17", "titel:"),
        ("fakta:", "kort: x\nfakta:", "kort: x"),
        ("2027-02-01", "næste år", "naeste_gennemgang:"),
        ("2026-02-01", "2026-02-01 10:00:00", "gennemgaaet:"),
        ("[gem_bevis]", "gem_bevis", "naeste:"),
        ("[gem_bevis]", "[1, 2]", "naeste:"),
        ("[F-1]", "{F-1: x}", "fakta:"),
        ('navn: "Politiet", ', "", "url:"),
        ("https://politi.test/deling", "httpx", "url:"),
        ("set: 2026-01-15", "sat: 2026-01-15", "sat:"),
        ("set: 2026-01-15", "set: i går", "set:"),
        ("## Læs mere", "## Læs meget", "## Læs meget"),
        ("## Læs mere", "## Hvis barnet er under 15", "## Hvis barnet er under 15"),
        ("Et barn under 15 kan ikke straffes.", "", "## Hvis barnet er under 15"),
        ("## Læs mere\n", "## Læs mere\n\n## Bagefter\n", "## Læs mere"),
    ],
)
def test_mistake_is_named_on_its_line(
    data: Path, edit: Edit, before: str, after: str, line: str
) -> None:
    path = edit(DELT, before, after)
    (problem, *_) = problems(lambda: load_answer(path, None))
    assert problem.line and problem.remedy
    assert line in path.read_text(encoding="utf-8").splitlines()[problem.line - 1]


def test_second_of_two_equal_headings_is_pointed_at(data: Path, edit: Edit) -> None:
    path = edit(DELT, "## Læs mere", "## Hvis barnet er under 15")
    lines = path.read_text(encoding="utf-8").splitlines()
    (problem,) = problems(lambda: load_answer(path, None))
    assert problem.line == len(lines) - lines[::-1].index("## Hvis barnet er under 15")


def test_answer_without_text(data: Path, edit: Edit) -> None:
    path = data / "samtale" / "hilsen.md"
    edit("samtale/hilsen.md", "Hej.\n", "")
    assert "tekst" in problems(lambda: load_answer(path, None))[0].what


def test_every_problem_of_a_file_is_told_at_once(data: Path, edit: Edit) -> None:
    edit(DELT, "naeste: ", "neste: ")
    edit(DELT, "[F-1]", "F-1")
    path = edit(DELT, "## Læs mere", "## Læs meget")
    assert len(problems(lambda: load_answer(path, None))) == 3


def test_no_mistake_gets_past_as_another_error(data: Path) -> None:
    """Whatever a hand does to the top of a file, it loads or is refused in words."""
    path = data / DELT
    top, body = path.read_text(encoding="utf-8").removeprefix("---\n").split("---\n", 1)
    good, chance = yaml.safe_load(top), random.Random(1)
    values = [None, "x", 7, 1.5, [], {}, ["x"], [{}], [None], True, date(2026, 1, 1), [["x"]]]
    for _ in range(300):
        meta = dict(good)
        meta[chance.choice([*good, "andet"])] = chance.choice(values)
        path.write_text(f"---\n{yaml.safe_dump(meta)}---\n{body}", encoding="utf-8")
        try:
            load_answer(path, "naar-det-sker")
        except ContentError as error:
            assert all(problem.line and problem.remedy for problem in error.problems)


# --- pamphlets and catalogue ----------------------------------------------------------------------


def test_pamphlet(data: Path) -> None:
    pamphlet = load_pamphlet(data / PJECE)
    assert (pamphlet.id, pamphlet.order) == ("naar-det-sker", 1)
    assert pamphlet.introduction == "Begynd her."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("raekkefoelge: 1", "raekkefoelge: første"),
        ("raekkefoelge: 1", "raekkefoelge: true"),
        ("raekkefoelge: 1\n", ""),
        ("undertitel:", "undertittel:"),
        ("titel: Når det sker\n", ""),
    ],
)
def test_mistake_in_a_pamphlet(data: Path, edit: Edit, before: str, after: str) -> None:
    path = edit(PJECE, before, after)
    assert problems(lambda: load_pamphlet(path))[0].line


def test_catalogue(data: Path) -> None:
    catalogue = load_catalogue(data / "katalog.yml")
    assert catalogue.ids == ("barn_har_delt", "gem_bevis", "akut_fare", "deepfake", "hilsen")
    assert catalogue.pamphlet_of["akut_fare"] == "akut"
    assert "hilsen" not in catalogue.pamphlet_of


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("hilsen: hej", "deepfake: igen", 10),
        ("    deepfake: planlagt", "    gem_bevis: igen", 8),
        ("    gem_bevis: hvad man gemmer\n", "    gem_bevis:\n", 2),
        ("    deepfake: planlagt", "    - deepfake", 7),
        ("samtale:\n  hilsen: hej\n", "samtale:\n", 9),
        ("samtale:", "samtaler:", 1),
    ],
)
def test_mistake_in_the_catalogue(
    data: Path, edit: Edit, before: str, after: str, line: int
) -> None:
    path = edit("katalog.yml", before, after)
    assert problems(lambda: load_catalogue(path))[0].line == line


@pytest.mark.parametrize("text", ["", "[]", "pjecer: []\nsamtale: {}", "pjecer:\nsamtale: {a: b}"])
def test_catalogue_of_another_shape(data: Path, text: str) -> None:
    (data / "katalog.yml").write_text(text)
    assert problems(lambda: load_catalogue(data / "katalog.yml"))


def test_our_catalogue_has_every_answer_once() -> None:
    ids = load_catalogue(DATA / "katalog.yml").ids
    assert len(ids) == len(set(ids)) == 79


@pytest.mark.parametrize(
    ("value", "date_", "url"),
    [
        (date(2026, 1, 1), True, False),
        ("2026-01-01", False, False),
        ("https://horsens.dk", False, True),
        ("http://dkr.dk/it/deling/", False, True),
        ("https://", False, False),
        ("https://horsens", False, False),
        ("www.horsens.dk", False, False),
        ("https://horsens.dk og mere", False, False),
        ("javascript:alert(1)", False, False),
        (None, False, False),
    ],
)
def test_what_is_a_date_and_what_an_address(value: object, date_: bool, url: bool) -> None:
    assert (is_date(value), is_url(value)) == (date_, url)
