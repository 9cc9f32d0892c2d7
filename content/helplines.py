"""National services: ``data/hjaelp.yml``."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from content.answers import is_date, is_url
from content.errors import ContentError, Problem
from content.files import line_of_entry, parse_yaml, read_text
from content.readability import PLACEHOLDER

# Placeholders that are filled with something else than a service.
RESERVED_PLACEHOLDERS = ("kommune", "minutter")

_TEXTS = ("id", "navn", "udbyder", "for_hvem", "vises_som", "note")
_NUMBERS = ("telefon", "sms")
_ADDRESSES = ("url", "kilde")
_DATES = ("set", "bekraeftet")
_KEYS = (*_TEXTS, *_NUMBERS, *_ADDRESSES, *_DATES, "doegnaabent")


@dataclass(frozen=True)
class Helpline:
    """A service a parent can ring or visit. ``phone`` holds digits only.

    ``seen`` is the day its source was read, ``confirmed`` the day a professional checked it.
    """

    id: str
    name: str
    provider: str | None
    audience: str | None
    phone: str | None
    shown_as: str | None
    sms: str | None
    url: str | None
    always_open: bool
    note: str | None
    source: str | None
    confirmed: date | None
    seen: date | None = None

    @property
    def value(self) -> str | None:
        """The number as it is read, or None for a service that is only on the web."""
        number = self.phone or self.sms
        return (self.shown_as or number) if number else None

    @property
    def href(self) -> str | None:
        """Where its link leads, or None when there is nothing to follow."""
        if self.phone:
            return f"tel:{self.phone}"
        return f"sms:{self.sms}" if self.sms else self.url

    @property
    def plain(self) -> str:
        """Name and number as words, e.g. ``BørneTelefonen 116 111``."""
        sms = "sms" if self.sms and not self.phone else None
        return " ".join(part for part in (self.name, sms, self.value) if part)

    @property
    def markdown(self) -> str:
        """Name and number as a link, e.g. ``[BørneTelefonen 116 111](tel:116111)``."""
        return f"[{self.plain}]({self.href})" if self.href else self.plain


def load_helplines(path: Path) -> dict[str, Helpline]:
    """All services by id."""
    text = read_text(path)
    raw = parse_yaml(path, text)
    items = raw.get("linjer") if isinstance(raw, dict) else None
    if not isinstance(items, list):
        what = "Filen skal begynde med 'linjer:' og derefter en linje for hvert tilbud."
        raise ContentError([Problem(path, 1, what, "Læg den seneste gode udgave tilbage.")])
    found: dict[str, Helpline] = {}
    problems: list[Problem] = []
    for number, item in enumerate(items):
        mistakes = list(_mistakes(item, found))
        for key, what, remedy in mistakes:
            line = line_of_entry(text, "linjer", number, key)
            problems.append(Problem(path, line, what, remedy))
        if mistakes:
            continue
        found[item["id"]] = Helpline(
            id=item["id"],
            name=item["navn"],
            provider=item.get("udbyder"),
            audience=item.get("for_hvem"),
            phone=item.get("telefon"),
            shown_as=item.get("vises_som"),
            sms=item.get("sms"),
            url=item.get("url"),
            always_open=item.get("doegnaabent") is True,
            note=item.get("note"),
            source=item.get("kilde"),
            confirmed=item.get("bekraeftet"),
            seen=item.get("set"),
        )
    if problems:
        raise ContentError(problems)
    return found


def _mistakes(item: Any, known: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """``(key, what, remedy)`` for everything wrong with one service."""
    if not isinstance(item, dict):
        yield "", "Et tilbud kan ikke læses.", "Sæt det op som de andre i filen."
        return
    name = item.get("navn") or item.get("id") or "Et tilbud"
    for key in item.keys() - set(_KEYS):
        yield str(key), f"'{key}' kendes ikke.", "Brug kun: " + ", ".join(_KEYS) + "."
    for key in ("id", "navn"):
        if not item.get(key):
            yield key, f"'{key}' mangler.", "Giv hver linje sit eget id og et navn."
    for key in _TEXTS:
        if not isinstance(item.get(key), (str, type(None))):
            yield key, f"'{key}' ved {name} skal være tekst.", "Sæt anførselstegn om."
    id_ = str(item.get("id") or "x")
    if not PLACEHOLDER.fullmatch("{" + id_ + "}") or id_ in RESERVED_PLACEHOLDERS:
        yield "id", f"'{id_}' kan ikke bruges som id.", "Brug små bogstaver uden æøå, tal og _."
    if id_ in known:
        yield "id", f"Id'et '{id_}' står to gange.", "Giv hver linje sit eget id."
    for key in _NUMBERS:
        value = item.get(key)
        if value is not None and not _is_number(value):
            remedy = f"Skriv det i anførselstegn uden mellemrum, fx {key}: '116111'."
            yield key, f"Nummeret til {name} er ikke rene cifre i anførselstegn.", remedy
    number, shown = item.get("telefon") or item.get("sms"), item.get("vises_som")
    if _is_number(number) and shown and re.sub(r"\D", "", str(shown)) != number:
        what = f"{name} vises som {shown}, men nummeret er {number}."
        yield "vises_som", what, "Ret det ene, så cifrene er de samme."
    for key in _ADDRESSES:
        if item.get(key) is not None and not is_url(item[key]):
            yield key, f"'{key}' ved {name} er ikke en adresse.", "Begynd med https://."
    for key in _DATES:
        if item.get(key) is not None and not is_date(item[key]):
            yield key, f"'{key}' ved {name} er ikke en dato.", "Skriv den som 2026-11-22."
    if item.get("doegnaabent") not in (True, False, None):
        yield "doegnaabent", "'doegnaabent' skal være true eller false.", "Ret det."
    if not (number or item.get("url")):
        yield "telefon", f"{name} har hverken telefon, sms eller url.", "Skriv en af dem."


def _is_number(value: Any) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9]+", value) is not None
