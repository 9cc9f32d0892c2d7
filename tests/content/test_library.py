"""The library: the latest good version of everything, whatever happens to the files."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from content import library as module
from content.library import Library

Edit = Callable[[str, str, str], Path]
DELT = "pjecer/naar-det-sker/barn_har_delt.md"


@pytest.fixture
def library(data: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A library that looks at the files every time it is asked."""
    monkeypatch.setattr(module, "LOOK_AGAIN", 0)
    return Library(data)


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


def test_everything_below_data(library: Library, caplog: pytest.LogCaptureFixture) -> None:
    edition = library.current()
    assert list(edition.answers) == ["barn_har_delt", "gem_bevis", "akut_fare", "hilsen"]
    assert edition.pamphlets["naar-det-sker"].answers == ("barn_har_delt", "gem_bevis")
    assert edition.answers["akut_fare"].is_acute
    assert edition.answers["hilsen"].pamphlet is None
    assert "senere" not in edition.pamphlets  # planned
    assert edition.kommune("0615").kortnavn == "Horsens"
    assert edition.kommune("9999") is edition.kommune(None) is None
    assert edition.gazetteer.find("vi bor i Horsens")[0].kommune == "0615"
    assert len(edition.languages) == 8 and len(edition.helplines) == 2
    assert errors(caplog) == []


def test_pamphlets_come_in_their_order(library: Library, edit: Edit) -> None:
    edit("pjecer/naar-det-sker/_pjece.md", "raekkefoelge: 1", "raekkefoelge: 2")
    assert list(library.current().pamphlets) == ["akut", "naar-det-sker"]


@pytest.mark.parametrize(
    ("name", "before", "after", "shown"),
    [
        (DELT, "Det er godt", "Det er fint", lambda e: e.answers["barn_har_delt"].body[:11]),
        ("hjaelp.yml", "Chatten", "Det er fint", lambda e: e.helplines["foraeldrechat"].name),
        ("beskeder.yml", "fejl_tom: Det er en besked.", "fejl_tom: Det er fint",
         lambda e: e.messages["fejl_tom"].text),
        ("sprog/en.md", "sprog: en", "sprog: Det er fint", lambda e: e.languages["en"].name),
        ("kommuner/horsens.yml", "navn: Horsens Kommune", "navn: Det er fint",
         lambda e: e.kommuner["0615"].navn),
    ],
)  # fmt: skip
def test_an_edit_counts_at_once(
    library: Library, edit: Edit, name: str, before: str, after: str, shown: Callable
) -> None:
    assert shown(library.current()) != "Det er fint"
    edit(name, before, after)
    assert shown(library.current()) == "Det er fint"


def test_nothing_changed_is_the_same_edition(library: Library) -> None:
    assert library.current() is library.current()


def test_files_are_looked_at_only_now_and_then(
    data: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_AGAIN", 3600)
    library = Library(data)
    first = library.current()
    edit(DELT, "Det er godt", "Det er fint")
    assert library.current() is first


@pytest.mark.parametrize(
    ("name", "part"),
    [
        (DELT, "answers"),
        ("samtale/hilsen.md", "answers"),
        ("katalog.yml", "catalogue"),
        ("hjaelp.yml", "helplines"),
        ("beskeder.yml", "messages"),
        ("pjecer/naar-det-sker/_pjece.md", "pamphlets"),
        ("sprog/en.md", "languages"),
        ("kommuner/horsens.yml", "kommuner"),
        ("steder.yml", "gazetteer"),
    ],
)
@pytest.mark.parametrize("content", [b"a: [", b"\xff", b"", b"- 1", b"---\n7\n---\n"])
def test_bad_file_keeps_its_last_good_version_and_heals(
    data: Path,
    library: Library,
    caplog: pytest.LogCaptureFixture,
    name: str,
    part: str,
    content: bytes,
) -> None:
    good, path = library.current(), data / name
    text = path.read_bytes()
    path.write_bytes(content)
    os.utime(path, ns=(1, 1))
    assert getattr(library.current(), part) == getattr(good, part)
    said = errors(caplog)
    assert said and str(path) in said[0]
    library.current()
    assert errors(caplog) == said  # once is enough
    path.write_bytes(text)
    os.utime(path, ns=(2, 2))
    assert library.current().kommuner == good.kommuner
    path.write_bytes(content)
    os.utime(path, ns=(3, 3))
    library.current()
    assert len(errors(caplog)) == 2 * len(said)  # the same mistake made anew is told anew


def test_one_bad_file_leaves_the_others_live(data: Path, library: Library, edit: Edit) -> None:
    library.current()
    (data / "hjaelp.yml").write_text("linjer: [")
    edit(DELT, "Det er godt", "Det er fint")
    assert library.current().answers["barn_har_delt"].body.startswith("Det er fint")


def test_it_starts_with_a_bad_file_and_without_it(data: Path, library: Library) -> None:
    for name in (DELT, "hjaelp.yml", "beskeder.yml", "sprog/en.md", "pjecer/akut/_pjece.md"):
        (data / name).write_text("a: [")
    edition = library.current()
    assert list(edition.answers) == ["gem_bevis", "akut_fare", "hilsen"]
    assert (edition.helplines, edition.messages) == ({}, {})
    assert "en" not in edition.languages and "akut" not in edition.pamphlets


def test_it_starts_without_places_and_knows_the_kommuner_by_name(
    data: Path, library: Library
) -> None:
    (data / "steder.yml").unlink()
    gazetteer = library.current().gazetteer
    assert gazetteer.find("vi bor i Horsens")[0].kommune == "0615"
    assert gazetteer.find("vi bor i Brædstrup") == []


def test_it_starts_with_nothing_at_all(tmp_path: Path) -> None:
    edition = Library(tmp_path).current()
    assert edition.answers == {} and edition.gazetteer.find("Horsens") == []


def test_an_error_nobody_thought_of_is_met_like_the_others(
    data: Path,
    library: Library,
    edit: Edit,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    good = library.current().messages

    def broken(path: Path) -> None:
        raise KeyError("hemmelig")

    monkeypatch.setattr(module, "load_messages", broken)
    edit("beskeder.yml", "Hej.", "Davs.")
    assert library.current().messages == good
    assert "beskeder.yml" in errors(caplog)[0] and "hemmelig" not in errors(caplog)[0]


def test_render_fills_in_kommune_services_and_values(library: Library) -> None:
    edition = library.current()
    text = "SSP i {kommune}, {foraeldretelefonen}, om {minutter} minutter, {ukendt}."
    assert edition.render(text, kommune="0615", minutter="30") == (
        "SSP i Horsens Kommune, [ForældreTelefonen 12 34 56 78](tel:12345678), om 30 minutter, ."
    )
    assert edition.render("{kommune}") == edition.render("{kommune}", kommune="9999") != ""


def test_render_leaves_no_gap_where_a_placeholder_was(library: Library) -> None:
    assert library.current().render("En\n\n{ukendt}\n\nTo\n\n{ukendt}") == "En\n\nTo"


def test_our_own_content_is_read_without_an_error(caplog: pytest.LogCaptureFixture) -> None:
    edition = Library().current()
    assert errors(caplog) == []
    assert len(edition.kommuner) == 98
    assert set(edition.answers) <= set(edition.catalogue.ids)
