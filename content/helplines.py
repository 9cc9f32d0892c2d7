"""National services: ``data/hjaelp.yml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from content.errors import ContentError, Problem
from content.files import read_text, read_yaml


@dataclass(frozen=True)
class Helpline:
    """A service a parent can ring or visit. ``phone`` holds digits only."""

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

    @property
    def markdown(self) -> str:
        """Name and number as a link, e.g. ``[BørneTelefonen 116 111](tel:116111)``."""
        if self.sms and not self.phone:
            return f"[{self.name} sms {self.shown_as or self.sms}](sms:{self.sms})"
        if self.phone:
            return f"[{self.name} {self.shown_as or self.phone}](tel:{self.phone})"
        return f"[{self.name}]({self.url})" if self.url else self.name


def load_helplines(path: Path) -> dict[str, Helpline]:
    """All services by id."""
    raw = read_yaml(path)
    text = read_text(path)
    found: dict[str, Helpline] = {}
    problems: list[Problem] = []
    for item in (raw or {}).get("linjer") or []:
        id_ = str(item.get("id") or "")
        position = text.find(f"id: {id_}")
        line = text.count("\n", 0, position) + 1 if position >= 0 else None
        phone = item.get("telefon")
        if not id_ or not item.get("navn") or id_ in found:
            problems.append(
                Problem(path, line, f"Linjen '{id_}' mangler id eller navn, eller id'et står to gange.",
                        "Giv hver linje sit eget id og et navn.")
            )
        elif phone is not None and not (isinstance(phone, str) and phone.isdigit()):
            problems.append(
                Problem(path, line, f"Telefonnummeret til {item['navn']} er ikke rene cifre.",
                        'Skriv det i anførselstegn uden mellemrum, fx telefon: "116111".')
            )
        elif not (phone or item.get("url") or item.get("sms")):
            problems.append(
                Problem(path, line, f"{item['navn']} har hverken telefon eller url.", "Skriv en af dem.")
            )
        else:
            found[id_] = Helpline(
                id=id_,
                name=item["navn"],
                provider=item.get("udbyder"),
                audience=item.get("for_hvem"),
                phone=phone,
                shown_as=item.get("vises_som"),
                sms=item.get("sms"),
                url=item.get("url"),
                always_open=item.get("doegnaabent") is True,
                note=item.get("note"),
                source=item.get("kilde"),
                confirmed=item.get("bekraeftet"),
            )
    if problems:
        raise ContentError(problems)
    return found
