"""The kommune files and what a contact card may show."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from content.errors import ContentError
from content.kommuner import (
    ContactCard,
    Indsats,
    Kilde,
    Kommune,
    Ssp,
    Underretning,
    contact_card,
    load_card_texts,
    load_kommuner,
    spaced,
)

FOLDER = Path(__file__).resolve().parents[2] / "data" / "kommuner"
KOMMUNER = load_kommuner(FOLDER)
TEXTS = load_card_texts(FOLDER.parent / "kontaktkort.yml")
CONFIRMED = date(2026, 12, 1)

every_kommune = pytest.mark.parametrize(
    "kommune", KOMMUNER.values(), ids=[kommune.kortnavn for kommune in KOMMUNER.values()]
)


def in_ascii(name: str) -> str:
    return name.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")


def labels(card: ContactCard) -> list[str]:
    return [line.label for line in card.lines]


def values(card: ContactCard, key: str) -> list[str]:
    return [line.value for line in card.lines if line.label == TEXTS[key]]


# --- the files ------------------------------------------------------------------------------------


def test_there_are_98() -> None:
    assert len(KOMMUNER) == 98
    assert all(kode == kommune.kode for kode, kommune in KOMMUNER.items())


@every_kommune
def test_file_is_named_after_the_kommune(kommune: Kommune) -> None:
    text = (FOLDER / f"{in_ascii(kommune.kortnavn)}.yml").read_text(encoding="utf-8")
    assert text.startswith(f"# {kommune.navn}\n")
    assert "bekraeftet: 2026-11-22" in text.partition("\nkode:")[0]  # how to confirm


@every_kommune
def test_every_value_has_a_source(kommune: Kommune) -> None:
    paths = ["hovednummer", "hjemmeside", "social_doegnvagt", "raadgivning_telefon"]
    found = [path for path in paths if getattr(kommune, path)]
    found += [f"ssp.{name}" for name, value in vars(kommune.ssp).items() if value]
    found += [f"underretning.{name}" for name, value in vars(kommune.underretning).items() if value]
    confirmed = {"ssp.telefon", "ssp.email"} if kommune.bekraeftet else set()
    assert set(found) <= set(kommune.felt_kilder) | confirmed


@every_kommune
def test_dates_can_be_read(kommune: Kommune) -> None:
    dates = [kilde.dato for kilde in kommune.felt_kilder.values()]
    dates += [indsats.dato for indsats in kommune.indsats]
    for dato in filter(None, dates):
        assert re.fullmatch(r"(ca\. )?\d{4}(-\d\d){0,2}", dato)


@every_kommune
def test_efforts_are_sentences_in_the_third_person(kommune: Kommune) -> None:
    for indsats in kommune.indsats:
        assert re.match(r"[A-ZÆØÅ»]", indsats.tekst) and indsats.tekst.endswith((".", ")."))
        assert not re.search(r"\b(vi|vores|os|jeg|bl\.a|fx)\b", indsats.tekst)
        assert indsats.kilde.startswith("http")


@every_kommune
def test_addresses_are_not_personal(kommune: Kommune) -> None:
    for address in (kommune.ssp.email, kommune.underretning.email):
        assert not re.match(r"\w+\.\w+@", address or "")


# --- the card -------------------------------------------------------------------------------------


@every_kommune
def test_card_ends_with_114_and_112(kommune: Kommune) -> None:
    card = contact_card(kommune)
    assert [line.value for line in card.lines[-2:]] == ["114", "112"]
    assert card.kode == kommune.kode and card.kommune == kommune.navn
    assert kommune.navn in card.heading


@every_kommune
def test_card_never_shows_an_unconfirmed_ssp_contact(kommune: Kommune) -> None:
    card = contact_card(kommune)
    if not kommune.bekraeftet and not (kommune.sikkerhed == "hoej" and not kommune.foraeldet):
        assert not values(card, "ssp_telefon") + values(card, "ssp_email")
        shown = {line.href for line in card.lines}
        other = {kommune.hovednummer, kommune.underretning.telefon}
        if kommune.ssp.telefon and kommune.ssp.telefon not in other:
            assert f"tel:+45{kommune.ssp.telefon}" not in shown


@every_kommune
def test_card_is_never_empty_and_every_line_is_usable(kommune: Kommune) -> None:
    card = contact_card(kommune)
    assert TEXTS["ssp_samraadet"] in labels(card)
    for line in card.lines:
        assert line.label and line.value and line.source
        scheme = {"telefon": r"tel:(\+45\d{8}|\d{3})", "email": "mailto:", "link": "https://"}
        assert re.match(scheme[line.kind], line.href)
        assert "{" not in line.label + (line.note or "") + card.heading
    assert json.loads(json.dumps(card.as_dict()))["lines"][-1]["href"] == "tel:112"


@every_kommune
def test_confirmed_ssp_contact_is_shown(kommune: Kommune) -> None:
    card = contact_card(replace(kommune, bekraeftet=CONFIRMED))
    shown = [line for line in card.lines if line.label == TEXTS["ssp_telefon"]]
    assert [line.value.replace(" ", "") for line in shown] == list(
        filter(None, [kommune.ssp.telefon])
    )
    assert all(line.source_date == "2026-12-01" for line in shown)


def example(**changes: Any) -> Kommune:
    """A kommune with everything, from its own current pages."""
    sources = ["hovednummer", "hjemmeside", "social_doegnvagt"]
    sources += [f"ssp.{name}" for name in ("telefon", "email", "url")]
    sources += [f"underretning.{name}" for name in ("telefon", "email", "url")]
    everything = Kommune(
        kode="0999",
        navn="Eksempel Kommune",
        kortnavn="Eksempel",
        hjemmeside="https://www.eksempel.dk",
        ssp_samraadet_url="https://ssp-samraadet.dk/?search=Eksempel",
        hovednummer="11111111",
        ssp=Ssp("SSP Eksempel", "22222222", "ssp@eksempel.dk", "https://eksempel.dk/ssp"),
        underretning=Underretning("33333333", "u@eksempel.dk", "https://eksempel.dk/underret"),
        social_doegnvagt="44444444",
        sikkerhed="hoej",
        underretning_sikkerhed="hoej",
        felt_kilder={path: Kilde("https://eksempel.dk/x", "2025") for path in sources},
    )
    return replace(everything, **changes)


def test_high_confidence_shows_all() -> None:
    card = contact_card(example())
    assert labels(card) == [
        TEXTS[key]
        for key in (
            "ssp_telefon", "ssp_email", "ssp_side", "ssp_samraadet", "underretning_telefon",
            "underretning_email", "underretning_side", "social_doegnvagt", "politi", "alarm",
        )
    ]  # fmt: skip


@pytest.mark.parametrize("sikkerhed", ["middel", "lav", "ingen"])
def test_lower_confidence_shows_the_main_number_instead(sikkerhed: str) -> None:
    card = contact_card(example(sikkerhed=sikkerhed))
    assert not values(card, "ssp_telefon") and not values(card, "ssp_email")
    assert values(card, "ssp_side") == ["eksempel.dk"]
    assert values(card, "hovednummer") == ["11 11 11 11"]
    assert values(card, "hjemmeside") == ["eksempel.dk"]
    assert card.lines[labels(card).index(TEXTS["hovednummer"])].note == TEXTS["hovednummer_note"]


def test_confirmation_opens_the_ssp_contact() -> None:
    card = contact_card(example(sikkerhed="middel", bekraeftet=CONFIRMED))
    phone = card.lines[0]
    assert (phone.value, phone.href) == ("22 22 22 22", "tel:+4522222222")
    assert (phone.source, phone.source_date) == (TEXTS["bekraeftet_kilde"], "2026-12-01")


def test_outdated_page_is_hidden_and_so_is_its_contact() -> None:
    card = contact_card(example(foraeldet=True))
    assert not values(card, "ssp_telefon") and not values(card, "ssp_side")
    assert values(card, "hovednummer") == ["11 11 11 11"]


def test_opening_hours_stand_with_the_ssp_phone_only() -> None:
    ssp = replace(example().ssp, aabningstid="man-fre 8-15")
    assert contact_card(example(ssp=ssp)).lines[0].note == "Åbent: man-fre 8-15"
    hidden = contact_card(example(ssp=ssp, sikkerhed="middel"))
    assert not any("8-15" in (line.note or "") for line in hidden.lines)


def test_main_number_with_a_weak_source_is_hidden() -> None:
    card = contact_card(example(sikkerhed="lav", hovednummer_svag_kilde="avis, 2020"))
    assert not values(card, "hovednummer") and values(card, "hjemmeside")


@pytest.mark.parametrize("sikkerhed", ["middel", "ingen"])
def test_reporting_needs_the_kommunes_own_current_page(sikkerhed: str) -> None:
    card = contact_card(example(underretning_sikkerhed=sikkerhed))
    for key in ("underretning_telefon", "underretning_email", "underretning_side"):
        assert not values(card, key)
    assert not values(card, "social_doegnvagt")


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        (Kilde("https://eksempel.dk/vagt", None), True),
        (Kilde("https://sundhed.eksempel.dk/vagt", "2024"), True),
        (Kilde("https://avis.dk/vagt", "2025"), False),
        (Kilde("https://eksempel.dk.avis.dk/vagt", "2025"), False),
        (Kilde("https://eksempel.dk/vagt", "2020-03-17"), False),
        (Kilde("https://eksempel.dk/vagt", "ca. 2016"), False),
        (Kilde("https://eksempel.dk/vagt", None, gammel=True), False),
    ],
)
def test_duty_number_needs_an_own_current_source(source: Kilde, shown: bool) -> None:
    sources = {**example().felt_kilder, "social_doegnvagt": source}
    card = contact_card(example(felt_kilder=sources))
    assert bool(values(card, "social_doegnvagt")) is shown


def test_duty_officer_by_114_is_no_line_of_its_own() -> None:
    card = contact_card(example(social_doegnvagt="114"))
    assert [line.value for line in card.lines].count("114") == 1


def test_texts_come_from_the_file() -> None:
    card = contact_card(example(), texts={**TEXTS, "ssp_telefon": "Ring os op"})
    assert card.lines[0].label == "Ring os op"


@pytest.mark.parametrize(
    ("number", "written"),
    [("76292929", "76 29 29 29"), ("116111", "116 111"), ("114", "114"), ("112", "112")],
)
def test_numbers_are_written_as_danes_do(number: str, written: str) -> None:
    assert spaced(number) == written


# --- mistakes in the files ------------------------------------------------------------------------

GOOD = (Path(__file__).parent / "horsens.yml").read_text(encoding="utf-8")


def load_text(folder: Path, text: str) -> Kommune:
    (folder / "horsens.yml").write_text(text, encoding="utf-8")
    return load_kommuner(folder)["0615"]


def test_confirming_is_writing_a_date(tmp_path: Path) -> None:
    kommune = load_text(tmp_path, GOOD.replace("bekraeftet: null", "bekraeftet: 2026-12-01"))
    assert kommune.bekraeftet == CONFIRMED
    assert values(contact_card(kommune), "ssp_telefon") == ["76 29 15 30"]


def test_numbers_may_be_written_with_spaces_or_without_quotes(tmp_path: Path) -> None:
    spaced_out = load_text(tmp_path, GOOD.replace("'76292929'", "76 29 29 29"))
    bare = load_text(tmp_path, GOOD.replace("'76292929'", "76292929"))
    assert spaced_out.hovednummer == bare.hovednummer == "76292929"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("'76291530'", "'7629153'", "Telefonnummeret"),
        ("bekraeftet: null", "bekraeftet: i går", "bekraeftet"),
        ("sikkerhed: middel", "sikkerhed: god", "sikkerhed"),
        ("foraeldet: true", "foraeldet: måske", "foraeldet"),
        ("ungdomsskolen@horsens.dk", "ungdomsskolen", "mailadresse"),
        ("https://www.unghorsens.dk", "unghorsens", "adresse"),
        ("hovednummer:", "hovednumer:", "hovednumer"),
        ("kode: '0615'", "kode: 615", "Kommunekoden"),
        ("navn: Horsens Kommune", "navn:", "navn"),
    ],
)
def test_mistake_is_named_with_line_and_remedy(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    assert before in GOOD
    with pytest.raises(ContentError) as error:
        load_text(tmp_path, GOOD.replace(before, after, 1))
    problem = error.value.problems[0]
    assert said in problem.what and problem.remedy
    assert (
        problem.line is None
        or after.split(":")[0] in GOOD.replace(before, after, 1).splitlines()[problem.line - 1]
    )


def test_the_same_code_twice_is_a_mistake(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.yml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ContentError, match="0615"):
        load_kommuner(tmp_path)


def test_no_mistake_gets_past_as_another_error(tmp_path: Path) -> None:
    """Whatever a hand does to a file, it loads or is refused in words."""
    chance = random.Random(1)
    for _ in range(300):
        raw = yaml.safe_load(GOOD)
        record = chance.choice([raw, raw["ssp"], raw["indsats"][0], raw["felt_kilder"]])
        record[chance.choice(list(record))] = chance.choice([None, "x", 7, [], {}, ["x"], True])
        try:
            kommune = load_text(tmp_path, yaml.safe_dump(raw))
        except (ContentError, KeyError):  # KeyError: loaded, but under another code
            continue
        contact_card(kommune)


def test_missing_text_on_the_card_is_named(tmp_path: Path) -> None:
    path = tmp_path / "kontaktkort.yml"
    path.write_text("overskrift: SSP i {navn}\n", encoding="utf-8")
    with pytest.raises(ContentError, match="ssp_telefon"):
        load_card_texts(path)


def test_effort_without_source_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="indsats"):
        load_text(tmp_path, re.sub(r"(?m)^    kilde: https://tv2.*\n", "", GOOD, count=1))
    assert Indsats("Et oplæg.", "https://eksempel.dk").dato is None
