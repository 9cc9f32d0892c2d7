"""The plan: every family gets one, it leads on, it fits a page, and a slip in the file is named."""

from __future__ import annotations

import dataclasses
import itertools
import re
from pathlib import Path

import pytest

from content.answers import AGE_BANDS
from content.errors import ContentError
from content.library import DATA, Edition, Library
from content.plan import LONGEST_LINE, ROLES, Plan, assemble, load_plan
from content.readability import lix

FAMILIES = list(itertools.product((None, *ROLES), (None, *AGE_BANDS)))
TOPICS = [
    ("presset", "afpresning"),
    ("presset", "grooming"),
    ("vist", "barn_har_sendt_af_sig_selv"),
    ("vist", "barn_filmet_i_skjul"),
    ("vist", "deepfake"),
    ("vist", "salg_af_billeder"),
    ("delt", "barn_har_filmet"),
    ("modtaget", "uopfordret_dickpic"),
    ("vist", "mobning_efter_deling"),
    ("vist", "selvmordstanker"),
    ("vist", "overgreb_sket"),
]
A4_LINES = 54  # of 11 points, which is what is left of a page under its headings


@pytest.fixture(scope="module")
def edition() -> Edition:
    return Library().current()


def made(edition: Edition, *family: str | None, topics: set[str] | None = None) -> Plan:
    role, age_band = family
    plan = assemble(edition, role, age_band, "0615", topics or set())
    assert plan is not None
    return plan


def links(plan: Plan) -> list[str]:
    return [step.answer for section in plan.sections for step in section.steps]


@pytest.mark.parametrize(("role", "age_band"), FAMILIES)
def test_every_family_gets_a_whole_plan(
    edition: Edition, role: str | None, age_band: str | None
) -> None:
    plan = made(edition, role, age_band)
    now, tomorrow, weeks = (len(section.steps) for section in plan.sections)
    assert 4 <= now <= 6
    assert 3 <= tomorrow <= 4
    assert 3 <= weeks <= 4
    assert 3 <= len(plan.avoid) <= 5
    assert {"tel:112", "tel:114"} <= {line.href for line in plan.helplines}
    assert plan.contact is not None
    assert plan.contact.kode == "0615"


@pytest.mark.parametrize(
    ("role", "age_band", "topic"),
    [(role, age, None) for role, age in FAMILIES]
    + [(role, age, topic) for role, topic in TOPICS for age in (None, *AGE_BANDS)],
)
def test_plan_leads_to_answers_and_fits_a_page(
    edition: Edition, role: str | None, age_band: str | None, topic: str | None
) -> None:
    plan = made(edition, role, age_band, topics={topic} if topic else None)
    assert set(links(plan)) <= edition.catalogue.pamphlet_of.keys() & edition.answers.keys()
    lines = [step.text for section in plan.sections for step in section.steps] + list(plan.avoid)
    assert len(set(lines)) == len(lines)
    assert len(plan.as_text().splitlines()) <= A4_LINES
    assert len(plan.as_text().split()) <= 400
    assert not re.search(r"[{}*\[\]]", plan.as_text())


def test_no_helpline_for_the_wrong_age(edition: Edition) -> None:
    """SletDet and BørneTelefonen are for those under 18, StopChikane for those over."""
    grown, child = (
        {line.label for line in made(edition, "vist", age).helplines}
        for age in ("over_18", "under_15")
    )
    names = {id_: edition.helplines[id_].name for id_ in ("sletdet", "boernetelefonen")}
    assert child >= set(names.values())
    assert not grown & set(names.values())
    assert edition.helplines["stopchikane"].name in grown - child


def test_what_has_been_talked_about_changes_the_plan(edition: Edition) -> None:
    """A groomer must not be blocked before the police have been asked; others are blocked."""
    usual = made(edition, "presset", None)
    grooming = made(edition, "presset", None, topics={"grooming"})
    assert "grooming" in links(grooming)
    assert "grooming" not in links(usual)
    assert "afpresning" not in links(grooming)[:5]
    crisis = made(edition, "vist", None, topics={"selvmordstanker"})
    assert links(crisis)[0] == "selvmordstanker"


def test_a_received_picture_is_only_deleted_where_that_is_the_advice(edition: Edition) -> None:
    """The unwanted picture to a child under 15 is for the police to see first."""
    usual = made(edition, "modtaget", "under_15")
    unwanted = made(edition, "modtaget", "under_15", topics={"uopfordret_dickpic"})
    assert any("slet det" in step.text for step in usual.sections[0].steps)
    assert not any("slet det" in step.text for step in unwanted.sections[0].steps)


def test_lines_are_short_and_easy() -> None:
    guide = load_plan(DATA / "handleplan.yml")
    texts = [entry.text for entry in (*guide.steps, *guide.to_avoid)]
    assert max(len(text.split()) for text in texts) <= LONGEST_LINE
    assert lix("\n".join(texts)) <= 35


def test_nothing_known_is_a_plan_too(edition: Edition) -> None:
    plan = assemble(edition, None, None, None)
    assert plan is not None
    assert plan.basis == ""
    assert plan.contact is None
    assert plan.as_dict()["text"] == plan.as_text()


def test_a_step_without_its_answer_is_left_out(edition: Edition) -> None:
    answers = {id_: answer for id_, answer in edition.answers.items() if id_ != "gem_bevis"}
    plan = made(dataclasses.replace(edition, answers=answers), "vist", None)
    assert "gem_bevis" in links(made(edition, "vist", None))
    assert "gem_bevis" not in links(plan)


def test_without_a_good_file_there_is_no_plan(edition: Edition) -> None:
    assert assemble(dataclasses.replace(edition, plan=None), "vist", None, None) is None


@pytest.mark.parametrize(
    ("reply", "role"),
    [
        ("hun er offeret", "vist"),
        ("vidne", "vidne"),
        ("det er min søn der er gerningsmanden", "delt"),
        ("han har fået det tilsendt", "modtaget"),
        ("Truet", "presset"),
        ("både offer og gerningsmand", None),
        ("ingen af delene", None),
        ("", None),
    ],
)
def test_role_in_own_words(edition: Edition, reply: str, role: str | None) -> None:
    assert edition.plan is not None
    assert edition.plan.role_in(reply) == role


def edited(tmp_path: Path, old: str, new: str) -> Path:
    text = (DATA / "handleplan.yml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^gennemgaaet: .*$", "gennemgaaet: null", text)  # also once it is approved
    assert old in text
    path = tmp_path / "handleplan.yml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("    svar: gem_bevis\n", "", "'svar' mangler"),
        ("naar: nu", "naar: straks", "'straks' kendes ikke"),
        ("rolle: [vist]", "rolle: [offer]", "'offer' kan ikke stå under 'rolle'"),
        ("rolle: [vist]", "rolle: vist", "Betingelsen kan ikke læses"),
        ("[15-17]", "[15_17]", "kan ikke stå under 'aldersgruppe'"),
        ("hvis: {rolle", "hvis: {rolel", "'rolel' kendes ikke"),
        ("undtagen: {", "udtagen: {", "'udtagen' kendes ikke"),
        ("  nu: Nu\n", "", "'nu' mangler en tekst under 'overskrifter'"),
        ("    vidne: dit barn har set eller hørt om det\n", "", "'vidne' mangler en tekst"),
        ("tekst: Send ikke mere, og betal ikke.", "tekst: " + "ord " * 15, "Linjen er på 15 ord"),
        ("gennemgaaet: null", "gennemgaaet: i dag", "'gennemgaaet' er ikke en dato"),
        ("  - linje: alarm", "  - alarm", "En linje kan ikke læses"),
        ("linjer:\n  - linje", "numre:\n  - linje", "'numre' kendes ikke"),
        ("  vidne: [vidne,", "  vidner: [vidne,", "'ord' kan ikke læses"),
    ],
)
def test_slips_are_named_in_danish(tmp_path: Path, old: str, new: str, named: str) -> None:
    path = edited(tmp_path, old, new)
    with pytest.raises(ContentError) as caught:
        load_plan(path)
    problem = next(p for p in caught.value.problems if named in p.what)
    assert problem.line
    assert problem.remedy
