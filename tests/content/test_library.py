"""The library: the latest good version of everything, whatever happens to the files."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from content import library as module
from content.kommuner import contact_card
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
    assert library.recent() is None
    first = library.current()
    edit(DELT, "Det er godt", "Det er fint")
    assert library.current() is library.recent() is first
    monkeypatch.setattr(module, "LOOK_AGAIN", 0)
    assert library.recent() is None
    assert library.current() is not first


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

    def broken(path: Path, services: Any) -> None:
        raise KeyError("hemmelig")

    monkeypatch.setattr(module, "accept_messages", broken)
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


# --- rules, and starting with a bad file ----------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("{foraeldretelefonen}", "{forældretelefonen}"),
        ("{foraeldretelefonen}", "{foraeldretelefonen"),
        ("{foraeldretelefonen}", "12 34 56 78"),
        ("## Hvis barnet", "##Hvis barnet"),
        ("## Hvis barnet", "# Hvis barnet"),
        ("Et barn under 15", "Det er godt. " * 50),
        ("titel: Mit barn", "titel: Mit {kommune}"),
    ],
)
def test_what_make_check_refuses_does_not_go_live(
    library: Library, edit: Edit, caplog: pytest.LogCaptureFixture, before: str, after: str
) -> None:
    good = library.current().answers["barn_har_delt"]
    edit(DELT, before, after)
    assert library.current().answers["barn_har_delt"] == good
    assert "barn_har_delt.md, linje" in errors(caplog)[0]
    edit(DELT, after, before)
    assert library.current().answers["barn_har_delt"] == good
    assert not library.failures


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("beskeder.yml", "{minutter}", "{timer}"),
        ("kontaktkort.yml", "SSP i {navn}", "SSP i {by}"),
        ("pjecer/akut/_pjece.md", "Begynd her.", "Begynd {her}."),
        ("sprog/en.md", "Call 112", "Call {her} 112"),
        ("handleplan.yml", "{foraeldretelefonen}", "{telefonen}"),
    ],
)
def test_every_text_keeps_to_the_rules(
    library: Library, edit: Edit, name: str, before: str, after: str
) -> None:
    good = library.current()
    edit(name, before, after)
    assert library.current() == replace(good, gazetteer=library.current().gazetteer)
    assert [path.name for path in library.failures] == [Path(name).name]


def test_an_error_that_is_mended_in_another_file_heals(library: Library, edit: Edit) -> None:
    library.current()
    edit(DELT, "{foraeldretelefonen}", "{nylinje}")
    library.current()
    assert library.failures
    edit("hjaelp.yml", "id: foraeldrechat", "id: nylinje")
    assert "{nylinje}" in library.current().answers["barn_har_delt"].body
    assert not library.failures


@pytest.fixture
def copies(data: Path) -> Path:
    """Where a first library has kept its copies."""
    folder = data.parent / ".rasa" / "last_good"
    assert not Library(data, folder).failures
    Library(data, folder).current()
    return folder


ESSENTIAL = [
    "katalog.yml", "hjaelp.yml", "beskeder.yml", "handleplan.yml", "steder.yml", "kontaktkort.yml",
]  # fmt: skip


@pytest.mark.parametrize("name", [*ESSENTIAL, DELT, "kommuner/horsens.yml", "sprog/en.md"])
@pytest.mark.parametrize("content", [b"a: [", b"\xff", b"", None])
def test_a_start_with_a_bad_file_takes_the_copy(
    data: Path, copies: Path, caplog: pytest.LogCaptureFixture, name: str, content: bytes | None
) -> None:
    good = Library(data).current()
    path = data / name
    if content is None and path.parent.name in ("kommuner", "sprog"):
        return  # which files there are is told by the folder
    path.write_bytes(content or b"") if content is not None else path.unlink()
    os.utime(copies / name, (0, 1_700_000_000))
    library = Library(data, copies)
    found = library.current()
    assert replace(found, gazetteer=good.gazetteer) == good
    assert found.gazetteer.find("vi bor i Brædstrup")[0].kommune == "0615"
    (said,) = errors(caplog)
    assert str(path) in said and "14.11.2023" in said
    assert library.failures[path].has_version


def test_without_a_good_version_a_flawed_answer_is_more_help_than_none(
    data: Path, edit: Edit
) -> None:
    edit(DELT, "{foraeldretelefonen}", "{ukendt}")
    library = Library(data)
    assert "Det er godt" in library.current().answers["barn_har_delt"].body
    assert list(library.failures) == [data / DELT]


def test_a_copy_is_never_of_a_bad_version_and_follows_the_good_ones(
    data: Path, copies: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_AGAIN", 0)
    library = Library(data, copies)
    edit(DELT, "Det er godt", "Det er fint")
    library.current()
    edit(DELT, "{foraeldretelefonen}", "{ukendt}")
    library.current()
    kept = (copies / DELT).read_text(encoding="utf-8")
    assert "Det er fint" in kept and "{ukendt}" not in kept
    assert not list(copies.rglob("*.tmp")) and not (copies / "nlu").exists()


def test_copies_that_cannot_be_written_are_missed_by_nobody(
    data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (data.parent / "file").write_text("")
    edition = Library(data, data.parent / "file" / "last_good").current()
    assert edition.answers and not errors(caplog)
    assert len(caplog.records) == 1


def test_a_service_that_the_texts_name_does_not_disappear(
    data: Path, copies: Path, edit: Edit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_AGAIN", 0)
    path = edit("hjaelp.yml", "id: foraeldretelefonen", "id: foraeldrelinjen")
    library = Library(data, copies)
    assert "foraeldretelefonen" in library.current().helplines
    assert "barn_har_delt" in library.current().answers
    assert list(library.failures) == [path]
    for name in (DELT, "handleplan.yml"):
        edit(name, "{foraeldretelefonen}", "{foraeldrelinjen}")
    assert "foraeldrelinjen" in library.current().helplines
    assert not library.failures


def test_a_message_that_the_program_needs_does_not_disappear(
    data: Path, copies: Path, edit: Edit
) -> None:
    edit("beskeder.yml", "\naabning:", "\naabnin:")
    assert "aabning" in Library(data, copies).current().messages


# --- kommuner -------------------------------------------------------------------------------------


@pytest.fixture
def vejle(data: Path) -> Path:
    """A second kommune."""
    path = data / "kommuner" / "vejle.yml"
    text = (data / "kommuner" / "horsens.yml").read_text(encoding="utf-8")
    path.write_text(text.replace("0615", "0630").replace("Horsens", "Vejle"), encoding="utf-8")
    return path


@pytest.mark.parametrize("slip", [("'76292929'", "'76292929"), ("  telefon", "\ttelefon")])
def test_a_bad_kommune_costs_only_its_own_numbers(
    data: Path, vejle: Path, edit: Edit, slip: tuple[str, str]
) -> None:
    edit("kommuner/vejle.yml", *slip)
    edition = Library(data).current()
    assert edition.kommuner["0615"].hovednummer
    assert edition.gazetteer.find("vi bor i Vejle")[0].kommune == "0630"
    assert edition.gazetteer.find("vi bor i Brædstrup")[0].kommune == "0615"
    lines = contact_card(edition.kommuner["0630"], edition.card_texts).lines
    assert [line.kind for line in lines] == ["link", "link", "telefon", "telefon"]
    assert [line.value for line in lines[-2:]] == ["114", "112"]


def test_a_kommune_of_which_nothing_can_be_read_costs_no_other(data: Path, vejle: Path) -> None:
    vejle.write_bytes(b"")
    edition = Library(data).current()
    assert list(edition.kommuner) == ["0615"]
    assert edition.gazetteer.find("8700")[0].kommune == "0615"


def test_a_copy_of_a_kommune_in_the_folder_is_named_and_not_used(
    data: Path, edit: Edit, caplog: pytest.LogCaptureFixture
) -> None:
    original = data / "kommuner" / "horsens.yml"
    shutil.copy(original, original.with_name("horsens - Kopi.yml"))
    edit("kommuner/horsens.yml", "navn: Horsens Kommune", "navn: Ny")
    assert Library(data).current().kommuner["0615"].navn == "Ny"
    assert "horsens - Kopi.yml" in errors(caplog)[0]
