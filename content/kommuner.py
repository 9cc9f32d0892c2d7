"""The 98 kommuner (``data/kommuner``) and the contact card a parent is shown for one.

The attributes carry the Danish keys of the files, so that whoever reads one can read the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit

from content.answers import is_url
from content.errors import ContentError, Problem
from content.files import line_of_entry, parse_yaml, read_text
from content.prose import mistakes

# The kommuner moved their sites in 2020-21, and emergency numbers went with the pandemic pages.
OLD_BEFORE = 2022


@dataclass(frozen=True)
class Kilde:
    """Where a value was found. ``dato``: ``2024``, ``2024-02``, ``2024-02-26``, ``ca. 2013``."""

    kilde: str
    dato: str | None = None
    note: str | None = None
    gammel: bool = False

    @property
    def is_old(self) -> bool:
        """True when staff marked it old or its date is before :data:`OLD_BEFORE`."""
        year = re.search(r"\d{4}", self.dato or "")
        return self.gammel or (year is not None and int(year[0]) < OLD_BEFORE)


@dataclass(frozen=True)
class Ssp:
    """What is known about the kommune's SSP; what may be shown is for :func:`contact_card`."""

    enhed: str | None = None
    telefon: str | None = None
    email: str | None = None
    url: str | None = None
    aabningstid: str | None = None
    adresse: str | None = None


@dataclass(frozen=True)
class Underretning:
    """Where to tell the kommune about a worry for a child."""

    telefon: str | None = None
    email: str | None = None
    url: str | None = None
    aabningstid: str | None = None


@dataclass(frozen=True)
class Indsats:
    """One thing the kommune does or has done about the subject."""

    tekst: str
    kilde: str
    dato: str | None = None


@dataclass(frozen=True)
class Kommune:
    """One kommune as its file has it. Phone numbers hold digits only."""

    kode: str
    navn: str
    kortnavn: str
    hjemmeside: str
    ssp_samraadet_url: str
    region: str | None = None
    politikreds: str | None = None
    hovednummer: str | None = None
    hovednummer_svag_kilde: str | None = None
    ssp: Ssp = Ssp()
    underretning: Underretning = Underretning()
    social_doegnvagt: str | None = None
    social_doegnvagt_note: str | None = None
    raadgivning_telefon: str | None = None
    raadgivning_note: str | None = None
    indsats: tuple[Indsats, ...] = ()
    sikkerhed: str = "ingen"
    foraeldet: bool = False
    underretning_sikkerhed: str = "ingen"
    bekraeftet: date | None = None
    bemaerkning: str | None = None
    felt_kilder: Mapping[str, Kilde] = field(default_factory=dict, hash=False)

    def is_own_site(self, url: str) -> bool:
        """True when ``url`` lies on the kommune's own domain or below it."""
        domain = _host(self.hjemmeside)
        return _host(url) == domain or _host(url).endswith("." + domain)


@dataclass(frozen=True)
class ContactLine:
    """One way to get in touch: what a parent reads, where it leads and where we know it from."""

    label: str
    kind: str
    value: str
    href: str
    note: str | None = None
    source: str | None = None
    source_date: str | None = None


@dataclass(frozen=True)
class ContactCard:
    """Whom a parent in one kommune can contact, best first; 114 and 112 always close it."""

    kommune: str
    kode: str
    heading: str
    lines: tuple[ContactLine, ...]

    def as_dict(self) -> dict[str, Any]:
        """The card for JSON."""
        return {**asdict(self), "lines": [asdict(line) for line in self.lines]}


def contact_card(kommune: Kommune, texts: Mapping[str, str] | None = None) -> ContactCard:
    """The card for ``kommune``: only what is confirmed, or the kommune's own current page says.

    ``texts`` are the words of ``data/kontaktkort.yml``; left out, the process's library has them.
    """
    if texts is None:
        from content.library import library  # which needs this module

        texts = library().current().card_texts
    card = _CardWriter(kommune, texts)
    return ContactCard(
        kommune.navn, kommune.kode, card.text("overskrift") or kommune.navn, tuple(card.lines())
    )


class _CardWriter:
    """Applies the display rules (design 4) to one kommune."""

    def __init__(self, kommune: Kommune, texts: Mapping[str, str]) -> None:
        self.kommune = kommune
        self.texts = texts

    def lines(self) -> list[ContactLine]:
        kommune, ssp, report = self.kommune, self.kommune.ssp, self.kommune.underretning
        ssp_shown = bool(kommune.bekraeftet) or (
            kommune.sikkerhed == "hoej" and not kommune.foraeldet
        )
        main_number = None if kommune.hovednummer_svag_kilde else kommune.hovednummer
        no_ssp_phone = not (ssp_shown and ssp.telefon)
        reports_shown = kommune.underretning_sikkerhed == "hoej"
        found = [
            ssp_shown and self._phone("ssp_telefon", "ssp.telefon", ssp.telefon, self._ssp_note()),
            ssp_shown and self._email("ssp_email", "ssp.email", ssp.email),
            not kommune.foraeldet and self._link("ssp_side", "ssp.url", ssp.url),
            no_ssp_phone
            and self._phone(
                "hovednummer", "hovednummer", main_number, self.text("hovednummer_note")
            ),
            no_ssp_phone
            and self._link(
                "hjemmeside", "hjemmeside", kommune.hjemmeside, self.text("hjemmeside_note")
            ),
            self._link(
                "ssp_samraadet",
                "ssp_samraadet",
                kommune.ssp_samraadet_url,
                self.text("ssp_samraadet_note"),
            ),
            reports_shown
            and self._phone(
                "underretning_telefon",
                "underretning.telefon",
                report.telefon,
                self.text("underretning_aabningstid", tid=report.aabningstid),
            ),
            reports_shown and self._email("underretning_email", "underretning.email", report.email),
            reports_shown and self._link("underretning_side", "underretning.url", report.url),
            reports_shown and self._duty_officer(),
            self._phone("politi", "politi", "114", self.text("politi_note")),
            self._phone("alarm", "alarm", "112", self.text("alarm_note")),
        ]
        return [line for line in found if line]

    def _duty_officer(self) -> ContactLine | None:
        """The kommune's own duty number. Where it is 114, the line about the police says so."""
        number, source = self.kommune.social_doegnvagt, self._source("social_doegnvagt")
        if number in (None, "114") or source is None or source.is_old:
            return None
        if not self.kommune.is_own_site(source.kilde):
            return None
        note = self.kommune.social_doegnvagt_note or self.text("social_doegnvagt_note")
        return self._phone("social_doegnvagt", "social_doegnvagt", number, note)

    def _ssp_note(self) -> str | None:
        ssp = self.kommune.ssp
        return self.text("ssp_aabningstid", tid=ssp.aabningstid) or ssp.enhed

    def _phone(
        self, label: str, field_: str, number: str | None, note: str | None = None
    ) -> ContactLine | None:
        if not number:
            return None
        href = f"tel:+45{number}" if len(number) == 8 else f"tel:{number}"
        return self._line(label, field_, "telefon", spaced(number), href, note)

    def _email(self, label: str, field_: str, address: str | None) -> ContactLine | None:
        if not address:
            return None
        note = self.text("email_note")
        return self._line(label, field_, "email", address, f"mailto:{address}", note)

    def _link(
        self, label: str, field_: str, url: str | None, note: str | None = None
    ) -> ContactLine | None:
        return self._line(label, field_, "link", _host(url), url, note) if url else None

    def _line(
        self, label: str, field_: str, kind: str, value: str, href: str, note: str | None
    ) -> ContactLine:
        source = self._source(field_)
        return ContactLine(
            label=self.text(label) or value,
            kind=kind,
            value=value,
            href=href,
            note=note,
            source=source.kilde if source else None,
            source_date=source.dato if source else None,
        )

    def _source(self, field_: str) -> Kilde | None:
        confirmed = self.kommune.bekraeftet
        if confirmed and field_ in ("ssp.telefon", "ssp.email"):
            return Kilde(self.texts["bekraeftet_kilde"], confirmed.isoformat())
        if f"{field_}_kilde" in self.texts:
            return Kilde(self.texts[f"{field_}_kilde"], self.texts.get(f"{field_}_dato"))
        return self.kommune.felt_kilder.get(field_)

    def text(self, key: str, **values: str | None) -> str | None:
        """The text of ``key`` filled in; None when one of ``values`` is missing."""
        if None in values.values():
            return None
        text = self.texts[key]
        for name, value in {
            "navn": self.kommune.navn,
            "kortnavn": self.kommune.kortnavn,
            **values,
        }.items():
            text = text.replace("{" + name + "}", value or "")
        return text


def spaced(number: str) -> str:
    """A phone number as Danes write it: ``76 29 29 29``, ``116 111``, ``114``."""
    size = 3 if len(number) == 6 else 2
    if len(number) < 6:
        return number
    return " ".join(number[i : i + size] for i in range(0, len(number), size))


def _host(url: str | None) -> str:
    return urlsplit(url or "").netloc.lower().removeprefix("www.")


# --- reading -------------------------------------------------------------------------------------

_LEGIBLE = ("kode", "navn", "kortnavn", "hjemmeside", "ssp_samraadet_url")

_CARD_KEYS = (
    "overskrift",
    "ssp_telefon",
    "ssp_aabningstid",
    "ssp_email",
    "ssp_side",
    "hovednummer",
    "hovednummer_note",
    "hjemmeside",
    "hjemmeside_note",
    "ssp_samraadet",
    "ssp_samraadet_note",
    "underretning_telefon",
    "underretning_aabningstid",
    "underretning_email",
    "underretning_side",
    "email_note",
    "social_doegnvagt",
    "social_doegnvagt_note",
    "politi",
    "politi_note",
    "alarm",
    "alarm_note",
    "bekraeftet_kilde",
)


def load_card_texts(path: Path) -> dict[str, str]:
    """The words on the card (``data/kontaktkort.yml``)."""
    source = read_text(path)
    raw = parse_yaml(path, source)
    texts = raw if isinstance(raw, dict) else {}
    problems = [
        Problem(path, None, f"'{key}' mangler en tekst.", f"Skriv {key}: og teksten.")
        for key in _CARD_KEYS
        if not isinstance(texts.get(key), str)
    ]
    for key, value in texts.items() if not problems else ():
        line = line_of_entry(source, key)
        if not key.endswith(("_kilde", "_dato")):
            for _, what, remedy in mistakes(value, ("navn", "kortnavn", "tid"), {}):
                problems.append(Problem(path, line, what, remedy))
        elif key.endswith("_kilde") and key != "bekraeftet_kilde" and not is_url(value):
            what = f"'{key}' er ikke en adresse."
            problems.append(Problem(path, line, what, "Begynd med https://."))
    if problems:
        raise ContentError(problems)
    return {key: str(value) for key, value in texts.items()}


def load_kommuner(path: Path) -> dict[str, Kommune]:
    """All kommuner in the folder ``path``, by kode."""
    found: dict[str, Kommune] = {}
    problems: list[Problem] = []
    for file in sorted(path.glob("*.yml")):
        try:
            kommune = load_kommune(file)
        except ContentError as error:
            problems += error.problems
            continue
        if kommune.kode in found:
            what = f"Koden {kommune.kode} bruges også af {found[kommune.kode].navn}."
            line = line_of_entry(read_text(file), "kode")
            problems.append(Problem(file, line, what, "Slet den ene fil, eller ret koden."))
        else:
            found[kommune.kode] = kommune
    if not found and not problems:
        problems.append(Problem(path, None, "Der er ingen kommuner.", "Læg filerne tilbage."))
    if problems:
        raise ContentError(problems)
    return found


def load_kommune(path: Path) -> Kommune:
    """The kommune of one file."""
    reader = _KommuneReader(path)
    kommune = reader.read()
    if kommune is None or reader.problems:
        raise ContentError(reader.problems)
    return kommune


def legible_part(path: Path) -> Kommune | None:
    """The kommune of a file with an error, with what can be read line by line.

    Enough to recognise it and to show the ways that need no number: its site and SSP-Samrådet.
    """
    try:
        raw = path.read_bytes()
    except OSError:
        return None
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")  # what else a Danish editor writes
    values = {
        key: match[1].strip().strip("'\"")
        for key in _LEGIBLE
        if (match := re.search(rf"^{key}:(.*)$", text, re.MULTILINE))
    }
    usable = (
        all(values.get(key) for key in _LEGIBLE)
        and re.fullmatch(r"0\d{3}", values["kode"])
        and is_url(values["hjemmeside"])
        and is_url(values["ssp_samraadet_url"])
    )
    return Kommune(**values) if usable else None


class _KommuneReader:
    """Reads one file and gathers what is wrong with it."""

    _CHOICES: ClassVar = {
        "sikkerhed": ("hoej", "middel", "lav", "ingen"),
        "underretning_sikkerhed": ("hoej", "middel", "ingen"),
    }
    _PARTS: ClassVar = {"ssp": Ssp, "underretning": Underretning}

    def __init__(self, file: Path) -> None:
        self.file = file
        self.source = read_text(file)
        self.problems: list[Problem] = []
        raw = parse_yaml(file, self.source)
        self.raw: dict[str, Any] = raw if isinstance(raw, dict) else {}

    def read(self) -> Kommune | None:
        """The kommune, or None when something is wrong."""
        raw = self.raw
        for key in _LEGIBLE:
            if not raw.get(key):
                self._problem(key, f"'{key}' mangler.", "Kopiér linjen fra en anden kommunes fil.")
        for key in set(raw) - set(Kommune.__dataclass_fields__):
            self._problem(key, f"'{key}' kendes ikke.", "Ret stavefejlen, eller slet linjen.")
        if self.problems:
            return None
        values: dict[str, Any] = {
            key: self._value(key, value)
            for key, value in raw.items()
            if key not in (*self._PARTS, "indsats", "felt_kilder")
        }
        for key, type_ in self._PARTS.items():
            values[key] = self._record(key, type_, raw.get(key) or {}, path=key + ".")
        efforts, sources = raw.get("indsats") or [], raw.get("felt_kilder") or {}
        if not isinstance(efforts, list) or not isinstance(sources, dict):
            self._problem("indsats", "'indsats' eller 'felt_kilder' kan ikke læses.",
                          "Sæt den op som i en anden kommunes fil.")  # fmt: skip
            return None
        values["indsats"] = tuple(self._record("indsats", Indsats, item) for item in efforts)
        values["felt_kilder"] = {
            str(key): self._record(str(key), Kilde, item) for key, item in sources.items()
        }
        return None if self.problems else Kommune(**values)

    def _record(self, key: str, type_: type[Any], item: Any, path: str = "") -> Any:
        fields = type_.__dataclass_fields__
        if not isinstance(item, dict) or not set(item) <= set(fields):
            self._problem(key, f"'{key}' kan ikke læses.", f"Brug kun {', '.join(fields)}.")
            return None
        try:
            return type_(**{name: self._value(path + name, v) for name, v in item.items()})
        except TypeError:  # a field without a default is missing
            self._problem(key, f"Der mangler noget under '{key}'.", f"Skriv {', '.join(fields)}.")
            return None

    def _value(self, path: str, value: Any) -> Any:
        """``value`` checked and in its final form; ``path`` is e.g. ``ssp.telefon``."""
        name = path.rpartition(".")[2]
        if name in ("foraeldet", "gammel"):
            if not isinstance(value, bool):
                self._problem(path, f"'{name}' skal være true eller false.", "Ret det.")
        elif name == "bekraeftet":
            if isinstance(value, datetime) or not isinstance(value, (date, type(None))):
                self._problem(
                    path, "Datoen i 'bekraeftet' kan ikke læses.", "Skriv den som 2026-11-22."
                )
        elif value is None:
            return None
        elif name == "kode":
            if not re.fullmatch(r"0\d{3}", str(value)):
                self._problem(path, "Kommunekoden er ikke fire cifre.", "Skriv den som '0615'.")
        elif name in ("telefon", "hovednummer", "social_doegnvagt", "raadgivning_telefon"):
            value = re.sub(r"\s", "", str(value))  # a number may be written with spaces
            if not re.fullmatch(r"\d{3}|\d{6}|\d{8}", value):
                self._problem(
                    path, f"Telefonnummeret {value} har ikke otte cifre.", "Skriv fx '76292929'."
                )
        elif name == "email":
            if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", str(value)):
                self._problem(path, f"{value} er ikke en mailadresse.", "Skriv fx ssp@horsens.dk.")
        elif name in ("url", "hjemmeside", "ssp_samraadet_url"):
            if not re.match(r"https?://\S+$", str(value)):
                self._problem(path, f"{value} er ikke en adresse.", "Begynd med https://.")
        elif name in self._CHOICES:
            if value not in self._CHOICES[name]:
                choices = ", ".join(self._CHOICES[name])
                self._problem(path, f"'{name}: {value}' kendes ikke.", f"Skriv en af: {choices}.")
        else:
            value = str(value).strip()
        return value

    def _problem(self, path: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(self.file, self.line_of(path), what, remedy))

    def line_of(self, path: str) -> int | None:
        """The line of ``path``: of ``telefon`` below ``ssp`` for ``ssp.telefon``."""
        position = 0
        for key in path.split("."):
            match = re.compile(rf"^[ -]*{re.escape(key)}:", re.MULTILINE).search(
                self.source, position
            )
            if not match:
                return None
            position = match.end()
        return self.source.count("\n", 0, position) + 1
