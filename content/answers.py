"""Answers and pamphlets: the texts of ``data/pjecer`` and ``data/samtale``."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from content.errors import ContentError, Problem
from content.files import Document, line_of_entry, parse_yaml, read_document, read_text

AGE_BANDS = {
    "under_15": "Hvis barnet er under 15",
    "15_17": "Hvis barnet er 15-17",
    "over_18": "Hvis barnet er 18 eller over",
}
KOMMUNE_HEADING = "Hvis I bor i "
PLATFORM_HEADING = "Hvis det er på "
MORE_HEADING = "Læs mere"
AFTERWARDS_HEADING = "Bagefter"

ACUTE_PAMPHLET = "akut"

_SECTION = re.compile(r"^## +(.+?) *$", re.MULTILINE)
_URL = re.compile(r"https?://[^\s/]+\.\S+")
_KEYS = {
    "titel",
    "kilder",
    "fakta",
    "gennemgaaet",
    "godkendt_af",
    "naeste_gennemgang",
    "naeste",
}
_PAMPHLET_KEYS = ("titel", "undertitel", "raekkefoelge")
_SOURCE_KEYS = {"navn", "url", "set"}


@dataclass(frozen=True)
class Source:
    """Where an answer's facts come from. ``seen`` is the day the page was read."""

    name: str
    url: str
    seen: date | None


@dataclass(frozen=True)
class Answer:
    """One answer. Texts are Markdown with ``{placeholders}`` (see :mod:`content.library`).

    ``variants`` maps ``under_15``, ``15_17``, ``over_18``, ``kommune:<name>`` or
    ``platform:<name>`` (names in lower case) to a text that is added to ``body``.
    ``headings`` holds their headings as they are written, in the same order.
    ``afterwards`` is what an acute answer says when the parent goes on talking.
    """

    id: str
    pamphlet: str | None
    title: str
    body: str
    variants: Mapping[str, str] = field(default_factory=dict)
    more: str = ""
    afterwards: str = ""
    sources: tuple[Source, ...] = ()
    facts: tuple[str, ...] = ()
    reviewed: date | None = None
    approved_by: str | None = None
    next_review: date | None = None
    follow_ups: tuple[str, ...] = ()
    headings: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_draft(self) -> bool:
        """True until a professional has reviewed and approved the text."""
        return not (self.reviewed and self.approved_by)

    @property
    def is_acute(self) -> bool:
        return self.pamphlet == ACUTE_PAMPHLET


@dataclass(frozen=True)
class Pamphlet:
    """A pamphlet: title, introduction and the ids of its answers in order."""

    id: str
    title: str
    subtitle: str
    introduction: str
    order: int
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Catalogue:
    """Every id the assistant knows, with the editor's definition of each."""

    pamphlets: Mapping[str, Mapping[str, str]]
    conversational: Mapping[str, str]

    @property
    def pamphlet_of(self) -> dict[str, str]:
        return {answer: name for name, ids in self.pamphlets.items() for answer in ids}

    @property
    def ids(self) -> tuple[str, ...]:
        return (*self.pamphlet_of, *self.conversational)


def load_catalogue(path: Path) -> Catalogue:
    """The catalogue of ``data/katalog.yml``."""
    text = read_text(path)
    raw = parse_yaml(path, text)
    if not isinstance(raw, dict) or not {"pjecer", "samtale"} <= raw.keys():
        raise ContentError(
            [Problem(path, 1, "Kataloget skal have 'pjecer:' og 'samtale:'.", "Tilføj dem.")]
        )
    problems: list[Problem] = []
    seen: set[str] = set()
    pamphlets, conversational = raw["pjecer"], raw["samtale"]
    lists: dict[tuple[str, ...], Any] = {("pjecer",): None}
    if isinstance(pamphlets, dict):
        lists = {("pjecer", str(name)): ids for name, ids in pamphlets.items()}
    lists["samtale",] = conversational
    for place, ids in lists.items():
        readable = isinstance(ids, dict) and all(
            isinstance(id_, str) and isinstance(meaning, str) for id_, meaning in ids.items()
        )
        if not readable:
            line = line_of_entry(text, *place)
            what = f"Listen under '{place[-1]}' kan ikke læses."
            remedy = "Skriv hver linje som 'id: hvad svaret handler om'."
            problems.append(Problem(path, line, what, remedy))
            continue
        for id_ in ids:
            if id_ in seen:
                line = line_of_entry(text, *place, id_)
                what = f"'{id_}' står to gange i kataloget."
                problems.append(Problem(path, line, what, "Slet den ene."))
            seen.add(id_)
    if problems:
        raise ContentError(problems)
    return Catalogue(pamphlets, conversational)


def load_pamphlet(path: Path) -> Pamphlet:
    """The pamphlet described by a ``_pjece.md``; ``answers`` is left for the caller to fill."""
    document = read_document(path)
    reader = _Reader(document)
    reader.refuse_other_keys(_PAMPHLET_KEYS)
    order = document.meta.get("raekkefoelge")
    if not isinstance(order, int) or isinstance(order, bool):
        reader.problem("raekkefoelge", "'raekkefoelge' skal være et helt tal.", "Skriv fx 3.")
        order = 0
    pamphlet = Pamphlet(
        id=path.parent.name,
        title=reader.text("titel", required=True),
        subtitle=reader.text("undertitel", required=True),
        introduction=document.body.strip(),
        order=order,
        answers=(),
    )
    if reader.problems:
        raise ContentError(reader.problems)
    return pamphlet


def load_answer(path: Path, pamphlet: str | None) -> Answer:
    """The answer in a Markdown file; its id is the file's name.

    Raises :class:`ContentError` with every problem found in the file.
    """
    document = read_document(path)
    reader = _Reader(document)
    body, sections = _split(document)
    variants: dict[str, str] = {}
    headings: dict[str, str] = {}
    extra = {MORE_HEADING: "", AFTERWARDS_HEADING: ""}
    for line, heading, text in sections:
        key = _variant_key(heading)
        if key in variants or extra.get(heading):
            reader.problem(line, f"Overskriften '{heading}' står to gange.", "Saml dem.")
        elif not text:
            reader.problem(
                line, f"Der står intet under '{heading}'.", "Skriv tekst eller slet den."
            )
        elif key:
            variants[key] = text
            headings[key] = heading
        elif heading in extra:
            extra[heading] = text
        else:
            reader.problem(
                line,
                f"Overskriften '{heading}' kendes ikke.",
                "Brug en af disse: " + ", ".join((*AGE_BANDS.values(), *extra)) + ", "
                f"'{KOMMUNE_HEADING}…' eller '{PLATFORM_HEADING}…'. "
                "Underoverskrifter skrives med ###.",
            )
    if not body:
        reader.problem(
            document.body_line,
            "Svaret har ingen tekst.",
            "Skriv svaret under den anden linje med ---.",
        )
    reader.refuse_other_keys(_KEYS)
    answer = Answer(
        id=path.stem,
        pamphlet=pamphlet,
        title=reader.text("titel", required=True),
        body=body,
        variants=variants,
        more=extra[MORE_HEADING],
        afterwards=extra[AFTERWARDS_HEADING],
        sources=reader.sources(),
        facts=reader.names("fakta"),
        reviewed=reader.date("gennemgaaet"),
        approved_by=reader.text("godkendt_af") or None,
        next_review=reader.date("naeste_gennemgang"),
        follow_ups=reader.names("naeste"),
        headings=headings,
    )
    if reader.problems:
        raise ContentError(reader.problems)
    return answer


def _split(document: Document) -> tuple[str, list[tuple[int, str, str]]]:
    """The text before the first heading, and ``(line, heading, text)`` for each heading."""
    body = document.body
    headings = list(_SECTION.finditer(body))
    ends = [heading.start() for heading in headings] + [len(body)]
    return body[: ends[0]].strip(), [
        (
            document.body_line + body.count("\n", 0, heading.start()),
            heading[1].strip(),
            body[heading.end() : end].strip(),
        )
        for heading, end in zip(headings, ends[1:], strict=True)
    ]


def _variant_key(heading: str) -> str | None:
    normal = heading.replace("–", "-")
    for band, title in AGE_BANDS.items():
        if normal == title:
            return band
    for prefix, kind in ((KOMMUNE_HEADING, "kommune"), (PLATFORM_HEADING, "platform")):
        if normal.startswith(prefix):
            return f"{kind}:{normal[len(prefix) :].strip().lower()}"
    return None


class _Reader:
    """Takes typed values out of front matter and gathers what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def problem(self, place: str | int | tuple[str | int, ...], what: str, remedy: str) -> None:
        """Notes a problem at a line or at an entry of the front matter."""
        entry = (place,) if isinstance(place, str) else place
        line = entry if isinstance(entry, int) else self.document.line_of_entry(*entry)
        self.problems.append(Problem(self.document.path, line, what, remedy))

    def refuse_other_keys(self, known: Collection[str]) -> None:
        for key in self.document.meta:
            if key not in known:
                remedy = "Brug kun: " + ", ".join(sorted(known)) + "."
                self.problem(str(key), f"'{key}' kendes ikke.", remedy)

    def text(self, key: str, required: bool = False) -> str:
        value = self.document.meta.get(key)
        if value is None or value == "":
            if required:
                self.problem(key, f"'{key}' mangler.", f"Skriv en linje med '{key}: …'.")
            return ""
        if not isinstance(value, str):
            self.problem(key, f"'{key}' skal være tekst.", "Sæt anførselstegn om.")
            return ""
        return value.strip()

    def date(self, key: str) -> date | None:
        value = self.document.meta.get(key)
        if value is not None and not is_date(value):
            self.problem(
                key, f"'{key}' er ikke en dato.", "Skriv den som 2027-05-22, eller skriv null."
            )
            return None
        return value

    def names(self, key: str) -> tuple[str, ...]:
        value: Any = self.document.meta.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.problem(
                key, f"'{key}' skal være en liste.", "Skriv fx [gem_bevis, tal_med_barnet]."
            )
            return ()
        return tuple(value)

    def sources(self) -> tuple[Source, ...]:
        raw: Any = self.document.meta.get("kilder") or []
        found: list[Source] = []
        for number, item in enumerate(raw if isinstance(raw, list) else [raw]):
            source = item if isinstance(item, dict) else {}
            name, url, seen = (source.get(key) for key in ("navn", "url", "set"))
            if not (isinstance(name, str) and isinstance(url, str) and is_url(url)):
                what = "En kilde mangler navn eller en adresse, der begynder med http."
            elif source.keys() - _SOURCE_KEYS:
                what = f"{name} har mere end navn, url og set."
            elif not is_date(seen):
                what = f"'set' ved {name} er ikke en dato."
            else:
                found.append(Source(name, url, seen))
                continue
            self.problem(
                ("kilder", number),
                what,
                'Skriv fx - {navn: "Red Barnet", url: "https://redbarnet.dk", set: 2026-11-22}.',
            )
        return tuple(found)


def is_date(value: Any) -> bool:
    """True for a day; a day with a time of day is another thing and compares with none."""
    return isinstance(value, date) and not isinstance(value, datetime)


def is_url(value: Any) -> bool:
    """True for an address of the web."""
    return isinstance(value, str) and _URL.fullmatch(value) is not None
