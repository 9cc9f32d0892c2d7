"""The plan to hold on to: the lines of ``data/handleplan.yml`` that fit one family."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from content.answers import AGE_BANDS, is_date
from content.errors import ContentError, Problem
from content.files import line_of_entry, parse_yaml, read_text
from content.helplines import Helpline
from content.kommuner import ContactCard, ContactLine, contact_card
from content.readability import PLACEHOLDER

if TYPE_CHECKING:
    from content.library import Edition

ROLES = ("vist", "delt", "modtaget", "presset", "vidne")
UNKNOWN = "ukendt"  # in a condition: the family has not told
PERIODS = ("nu", "i_morgen", "naeste_uger")

# The age bands as the file writes them: to YAML ``15_17`` is a number.
_AGES = {band.replace("_17", "-17"): band for band in AGE_BANDS}

# What fits one A4 page and a tired reader. Of the lines that fit, the first ones are taken.
LONGEST_LINE = 14  # words
MOST_STEPS = {"nu": 6, "i_morgen": 4, "naeste_uger": 4}
MOST_TO_AVOID = 5
MOST_HELPLINES = 6
MOST_CONTACT_LINES = 3

_HEADINGS = ("titel", "lavet_til", *PERIODS, "undgaa", "hjaelp", "hele_doegnet")
_KEYS = {
    "gennemgaaet",
    "godkendt_af",
    "naeste_gennemgang",
    "overskrifter",
    "grundlag",
    "ord",
    "trin",
    "undgaa",
    "linjer",
}
_ENTRY_KEYS = {
    "trin": {"naar", "tekst", "svar"},
    "undgaa": {"tekst"},
    "linjer": {"linje"},
}
_CONDITION_VALUES: Mapping[str, Collection[str] | None] = {
    "rolle": (*ROLES, UNKNOWN),
    "aldersgruppe": (*_AGES, UNKNOWN),
    "emne": None,  # any answer
}


@dataclass(frozen=True)
class Condition:
    """Which families something is for. Every part that is given must hold."""

    roles: frozenset[str] = frozenset()
    ages: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()

    def holds(self, role: str | None, age_band: str | None, topics: Collection[str]) -> bool:
        return (
            (not self.roles or (role or UNKNOWN) in self.roles)
            and (not self.ages or (age_band or UNKNOWN) in self.ages)
            and (not self.topics or not self.topics.isdisjoint(topics))
        )


@dataclass(frozen=True)
class Entry:
    """A line of the file: a step, something to leave alone, or a helpline (``text`` is its id)."""

    text: str
    period: str | None
    answer: str | None
    only_for: Condition
    not_for: Condition | None

    def fits(self, role: str | None, age_band: str | None, topics: Collection[str]) -> bool:
        return self.only_for.holds(role, age_band, topics) and not (
            self.not_for and self.not_for.holds(role, age_band, topics)
        )


@dataclass(frozen=True)
class PlanGuide:
    """Everything a plan can be made of."""

    headings: Mapping[str, str]
    basis: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]
    steps: tuple[Entry, ...]
    to_avoid: tuple[Entry, ...]
    helplines: tuple[Entry, ...]
    reviewed: date | None
    approved_by: str | None

    @property
    def is_draft(self) -> bool:
        """True until a professional has reviewed and approved the lines."""
        return not (self.reviewed and self.approved_by)

    def role_in(self, reply: str) -> str | None:
        """The child's part as a reply in the parent's own words tells it; None when it does not
        tell, or tells of several."""
        found = [
            role
            for role, words in self.words.items()
            if any(re.search(rf"\b{re.escape(word)}", reply.lower()) for word in words)
        ]
        return found[0] if len(found) == 1 else None


@dataclass(frozen=True)
class Step:
    """One thing to do, and the answer that tells how."""

    text: str
    answer: str
    title: str


@dataclass(frozen=True)
class Section:
    heading: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Plan:
    """A plan for one family. All texts are plain, without Markdown."""

    title: str
    basis: str
    sections: tuple[Section, ...]
    avoid_heading: str
    avoid: tuple[str, ...]
    help_heading: str
    helplines: tuple[ContactLine, ...]
    contact: ContactCard | None

    def as_dict(self) -> dict[str, Any]:
        """The plan for JSON, with ``text``, the plan to copy."""
        return {**asdict(self), "text": self.as_text()}

    def as_text(self) -> str:
        """The whole plan as plain text."""
        blocks = ["\n".join(part for part in (self.title, self.basis) if part)]
        for section in self.sections:
            blocks.append(_block(section.heading, (step.text for step in section.steps)))
        blocks.append(_block(self.avoid_heading, self.avoid))
        blocks.append(_block(self.help_heading, map(_reach, self.helplines)))
        if self.contact:
            blocks.append(_block(self.contact.heading, map(_reach, self.contact.lines)))
        return "\n\n".join(blocks)


def _block(heading: str, lines: Collection[str] | Iterator[str]) -> str:
    return "\n".join([heading.upper(), *(f"- {line}" for line in lines)])


def _reach(line: ContactLine) -> str:
    where = line.href if line.kind == "link" else line.value
    return f"{line.label}: {where}" + (f" ({line.note.rstrip('.')})" if line.note else "")


def assemble(
    edition: Edition,
    role: str | None,
    age_band: str | None,
    kommune: str | None,
    topics: Collection[str] = (),
) -> Plan | None:
    """The plan for a family; None while ``data/handleplan.yml`` has no good version.

    ``topics`` are the answers the conversation has been about. A step whose answer is gone is
    left out with it.
    """
    guide = edition.plan
    if guide is None:
        return None
    known = edition.kommune(kommune)
    plain = {id_: line.plain for id_, line in edition.helplines.items()}

    def fitting(entries: tuple[Entry, ...], most: int, period: str | None = None) -> list[Entry]:
        return [
            entry
            for entry in entries
            if entry.period == period
            and entry.fits(role, age_band, topics)
            and (entry.answer is None or entry.answer in edition.answers)
        ][:most]

    def words(text: str) -> str:
        return edition.render(text, kommune=kommune, **plain)

    def step(entry: Entry) -> Step:
        answer = edition.answers[entry.answer or ""]
        return Step(words(entry.text), answer.id, answer.title)

    basis = [
        guide.basis.get(role or ""),
        guide.basis.get(age_band or ""),
        known.navn if known else None,
    ]
    told = ", ".join(part for part in basis if part)
    lines = fitting(guide.helplines, MOST_HELPLINES)
    return Plan(
        title=guide.headings["titel"],
        basis=f"{guide.headings['lavet_til']} {told}." if told else "",
        sections=tuple(
            Section(
                guide.headings[period],
                tuple(map(step, fitting(guide.steps, MOST_STEPS[period], period))),
            )
            for period in PERIODS
        ),
        avoid_heading=guide.headings["undgaa"],
        avoid=tuple(words(e.text) for e in fitting(guide.to_avoid, MOST_TO_AVOID)),
        help_heading=guide.headings["hjaelp"],
        helplines=tuple(
            _helpline(edition.helplines[entry.text], guide.headings["hele_doegnet"])
            for entry in lines
            if entry.text in edition.helplines
        ),
        contact=_short_card(contact_card(known, edition.card_texts)) if known else None,
    )


def _helpline(line: Helpline, day_and_night: str) -> ContactLine:
    note = [f"{line.audience}." if line.audience else "", day_and_night if line.always_open else ""]
    return ContactLine(
        label=line.name,
        kind="telefon" if line.value else "link",
        value=line.value or urlsplit(line.url or "").netloc.removeprefix("www."),
        href=line.href or "",
        note=" ".join(part for part in note if part) or None,
    )


def _short_card(card: ContactCard) -> ContactCard:
    """The best ways to reach SSP; 114 and 112, which close every card, are among the helplines."""
    return ContactCard(card.kommune, card.kode, card.heading, card.lines[:-2][:MOST_CONTACT_LINES])


# --- reading -------------------------------------------------------------------------------------


def load_plan(path: Path) -> PlanGuide:
    """The lines of ``data/handleplan.yml``. Raises :class:`ContentError` with every problem."""
    text = read_text(path)
    raw = parse_yaml(path, text)
    if not isinstance(raw, dict):
        what = "Filen skal bestå af overskrifter, grundlag, trin, undgaa og linjer."
        raise ContentError([Problem(path, 1, what, "Læg den seneste gode udgave tilbage.")])
    problems = [
        Problem(path, line_of_entry(text, *place), what, remedy)
        for place, what, remedy in _mistakes(raw)
    ]
    if problems:
        raise ContentError(problems)
    return PlanGuide(
        headings=raw["overskrifter"],
        basis={
            **raw["grundlag"]["rolle"],
            **{_AGES[age]: text for age, text in raw["grundlag"]["aldersgruppe"].items()},
        },
        words={role: tuple(words) for role, words in raw["ord"].items()},
        steps=tuple(_entry(item) for item in raw["trin"]),
        to_avoid=tuple(_entry(item) for item in raw["undgaa"]),
        helplines=tuple(_entry(item) for item in raw["linjer"]),
        reviewed=raw.get("gennemgaaet"),
        approved_by=raw.get("godkendt_af"),
    )


def _entry(item: Mapping[str, Any]) -> Entry:
    return Entry(
        text=(item.get("tekst") or item["linje"]).strip(),
        period=item.get("naar"),
        answer=item.get("svar"),
        only_for=_condition(item.get("hvis") or {}),
        not_for=_condition(item["undtagen"]) if item.get("undtagen") else None,
    )


def _condition(given: Mapping[str, list[str]]) -> Condition:
    roles, ages, topics = (given.get(key, ()) for key in _CONDITION_VALUES)
    return Condition(
        frozenset(roles), frozenset(_AGES.get(age, age) for age in ages), frozenset(topics)
    )


_Mistake = tuple[tuple["str | int", ...], str, str]


def _mistakes(raw: Mapping[str, Any]) -> Iterator[_Mistake]:
    """``(entry, what, remedy)`` for everything wrong in the file."""
    for key in raw.keys() - _KEYS:
        yield (str(key),), f"'{key}' kendes ikke.", "Brug kun: " + ", ".join(sorted(_KEYS)) + "."
    for key in ("gennemgaaet", "naeste_gennemgang"):
        if raw.get(key) is not None and not is_date(raw[key]):
            yield (key,), f"'{key}' er ikke en dato.", "Skriv den som 2027-05-22, eller skriv null."
    if raw.get("godkendt_af") is not None and not _is_text(raw["godkendt_af"]):
        yield ("godkendt_af",), "'godkendt_af' er ikke tekst.", 'Skriv fx "SSP Horsens".'
    yield from _missing_texts(raw, ("overskrifter",), _HEADINGS)
    yield from _missing_texts(raw, ("grundlag", "rolle"), ROLES)
    yield from _missing_texts(raw, ("grundlag", "aldersgruppe"), tuple(_AGES))
    words = raw.get("ord")
    usable = isinstance(words, dict) and all(
        role in ROLES and isinstance(part, list) and all(map(_is_text, part))
        for role, part in words.items()
    )
    if not usable:
        yield ("ord",), "'ord' kan ikke læses.", "Skriv hver linje som vidne: [set, hørt]."
    for kind, keys in _ENTRY_KEYS.items():
        items = raw.get(kind)
        if not isinstance(items, list) or not items:
            yield (kind,), f"'{kind}' skal være en liste.", "Læg den seneste gode udgave tilbage."
            continue
        for number, item in enumerate(items):
            for key, what, remedy in _entry_mistakes(item, keys):
                yield (kind, number, key), what, remedy


def _missing_texts(
    raw: Mapping[str, Any], place: tuple[str, ...], keys: tuple[str, ...]
) -> Iterator[_Mistake]:
    part: Any = raw
    for name in place:
        part = part.get(name) if isinstance(part, dict) else None
    for key in keys:
        if not isinstance(part, dict) or not _is_text(part.get(key)):
            what = f"'{key}' mangler en tekst under '{place[-1]}'."
            yield (*place, key), what, f"Skriv {key}: og teksten."


def _entry_mistakes(item: Any, keys: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """``(key, what, remedy)`` for everything wrong with one line."""
    if not isinstance(item, dict):
        yield "", "En linje kan ikke læses.", "Sæt den op som de andre i listen."
        return
    for key in item.keys() - keys - {"hvis", "undtagen"}:
        yield str(key), f"'{key}' kendes ikke.", "Ret stavefejlen, eller slet det."
    for key in keys:
        if not _is_text(item.get(key)):
            yield key, f"'{key}' mangler.", f"Skriv {key}: og teksten."
    length = len(PLACEHOLDER.sub("x", str(item.get("tekst") or "")).split())
    if length > LONGEST_LINE:
        what = f"Linjen er på {length} ord. Planen har plads til {LONGEST_LINE}."
        yield "tekst", what, "Gør den kortere, eller del den i to."
    if "naar" in keys and _is_text(item.get("naar")) and item["naar"] not in PERIODS:
        yield "naar", f"'{item['naar']}' kendes ikke.", "Skriv " + ", ".join(PERIODS) + "."
    for name in ("hvis", "undtagen"):
        for what, remedy in _condition_mistakes(item.get(name) or {}):
            yield name, what, remedy


def _condition_mistakes(given: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(given, dict) or not all(isinstance(part, list) for part in given.values()):
        yield "Betingelsen kan ikke læses.", "Skriv fx {rolle: [delt], aldersgruppe: [under_15]}."
        return
    for key, values in given.items():
        if key not in _CONDITION_VALUES:
            yield f"'{key}' kendes ikke.", "Brug rolle, aldersgruppe eller emne."
            continue
        allowed = _CONDITION_VALUES[key]
        for value in values:
            if not _is_text(value) or (allowed is not None and value not in allowed):
                known = ", ".join(allowed) if allowed else "et svars id"
                yield f"'{value}' kan ikke stå under '{key}'.", f"Brug {known}."


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
