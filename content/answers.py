"""Answers and pamphlets: the texts of ``data/pjecer`` and ``data/samtale``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from content.errors import ContentError, Problem
from content.files import Document, read_document, read_yaml

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
_KEYS = {
    "titel",
    "kort",
    "kilder",
    "fakta",
    "gennemgaaet",
    "godkendt_af",
    "naeste_gennemgang",
    "naeste",
}


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
    ``afterwards`` is what an acute answer says when the parent goes on talking.
    """

    id: str
    pamphlet: str | None
    title: str
    summary: str
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
    raw = read_yaml(path)
    if not isinstance(raw, dict) or not {"pjecer", "samtale"} <= raw.keys():
        raise ContentError(
            [Problem(path, 1, "Kataloget skal have 'pjecer:' og 'samtale:'.", "Tilføj dem.")]
        )
    return Catalogue(raw["pjecer"], raw["samtale"])


def load_pamphlet(path: Path) -> Pamphlet:
    """The pamphlet described by a ``_pjece.md``; ``answers`` is left for the caller to fill."""
    document = read_document(path)
    problems = [
        Problem(path, 2, f"'{key}' mangler.", f"Skriv en linje med '{key}: …'.")
        for key in ("titel", "undertitel", "raekkefoelge")
        if not document.meta.get(key)
    ]
    if problems:
        raise ContentError(problems)
    return Pamphlet(
        id=path.parent.name,
        title=str(document.meta["titel"]),
        subtitle=str(document.meta["undertitel"]),
        introduction=document.body.strip(),
        order=int(document.meta["raekkefoelge"]),
        answers=(),
    )


def load_answer(path: Path, pamphlet: str | None) -> Answer:
    """The answer in a Markdown file; its id is the file's name.

    Raises :class:`ContentError` with every problem found in the file.
    """
    document = read_document(path)
    reader = _Reader(document)
    body, sections = _split(document.body)
    variants: dict[str, str] = {}
    extra = {MORE_HEADING: "", AFTERWARDS_HEADING: ""}
    for heading, text in sections:
        key = _variant_key(heading)
        if key in variants or extra.get(heading):
            reader.problem(f"## {heading}", f"Overskriften '{heading}' står to gange.", "Saml dem.")
        elif not text:
            reader.problem(
                f"## {heading}", f"Der står intet under '{heading}'.", "Skriv tekst eller slet den."
            )
        elif key:
            variants[key] = text
        elif heading in extra:
            extra[heading] = text
        else:
            reader.problem(
                f"## {heading}",
                f"Overskriften '{heading}' kendes ikke.",
                "Brug en af disse: " + ", ".join((*AGE_BANDS.values(), *extra)) + ", "
                f"'{KOMMUNE_HEADING}…' eller '{PLATFORM_HEADING}…'. Underoverskrifter skrives med ###.",
            )
    if not body:
        reader.problem("---", "Svaret har ingen tekst.", "Skriv svaret under den anden linje med ---.")
    for key in document.meta.keys() - _KEYS:
        reader.problem(
            f"{key}:", f"'{key}' kendes ikke.", "Brug kun: " + ", ".join(sorted(_KEYS)) + "."
        )
    answer = Answer(
        id=path.stem,
        pamphlet=pamphlet,
        title=reader.text("titel", required=True),
        summary=reader.text("kort"),
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
    )
    if reader.problems:
        raise ContentError(reader.problems)
    return answer


def _split(body: str) -> tuple[str, list[tuple[str, str]]]:
    first, *rest = _SECTION.split(body)
    return first.strip(), [
        (heading.strip(), text.strip()) for heading, text in zip(rest[::2], rest[1::2])
    ]


def _variant_key(heading: str) -> str | None:
    normal = heading.replace("–", "-")
    for band, title in AGE_BANDS.items():
        if normal == title:
            return band
    for prefix, kind in ((KOMMUNE_HEADING, "kommune"), (PLATFORM_HEADING, "platform")):
        if normal.startswith(prefix):
            return f"{kind}:{normal[len(prefix):].strip().lower()}"
    return None


class _Reader:
    """Takes typed values out of front matter and gathers what is wrong with them."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.problems: list[Problem] = []

    def problem(self, fragment: str, what: str, remedy: str) -> None:
        line = self.document.line_of(fragment)
        self.problems.append(Problem(self.document.path, line, what, remedy))

    def text(self, key: str, required: bool = False) -> str:
        value = self.document.meta.get(key)
        if value is None or value == "":
            if required:
                self.problem("---", f"'{key}' mangler.", f"Skriv en linje med '{key}: …'.")
            return ""
        if not isinstance(value, str):
            self.problem(
                f"{key}:", f"'{key}' skal være tekst.", "Sæt anførselstegn om, hvis der står et kolon."
            )
            return ""
        return value.strip()

    def date(self, key: str) -> date | None:
        value = self.document.meta.get(key)
        if value is not None and not isinstance(value, date):
            self.problem(
                f"{key}:", f"'{key}' er ikke en dato.", "Skriv den som 2027-05-22, eller skriv null."
            )
            return None
        return value

    def names(self, key: str) -> tuple[str, ...]:
        value: Any = self.document.meta.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.problem(f"{key}:", f"'{key}' skal være en liste.", "Skriv fx [gem_bevis, tal_med_barnet].")
            return ()
        return tuple(value)

    def sources(self) -> tuple[Source, ...]:
        raw: Any = self.document.meta.get("kilder") or []
        found: list[Source] = []
        for item in raw if isinstance(raw, list) else [raw]:
            name, url = (
                (item.get("navn"), item.get("url")) if isinstance(item, dict) else (None, None)
            )
            seen = item.get("set") if isinstance(item, dict) else None
            if not (isinstance(name, str) and isinstance(url, str) and url.startswith("http")):
                self.problem(
                    "kilder:",
                    "En kilde mangler navn eller en adresse, der begynder med http.",
                    'Skriv fx - {navn: "Red Barnet", url: "https://redbarnet.dk", set: 2026-11-22}.',
                )
                continue
            found.append(Source(name, url, seen if isinstance(seen, date) else None))
        return tuple(found)
