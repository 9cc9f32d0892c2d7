"""The assistant's own short messages (``data/beskeder.yml``) and other languages (``data/sprog``)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from content.errors import ContentError, Problem
from content.files import read_document, read_yaml


@dataclass(frozen=True)
class Button:
    """A suggestion: what a parent reads and the choice it stands for."""

    label: str
    choice: str


@dataclass(frozen=True)
class Message:
    """A short text that is not an answer: opening, clarification, error."""

    id: str
    text: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True)
class Language:
    """The short safe answer in another language. ``checked_by`` is a native speaker or None."""

    code: str
    name: str
    direction: str
    text: str
    checked_by: str | None


def load_messages(path: Path) -> dict[str, Message]:
    """All messages by id."""
    raw = read_yaml(path)
    found: dict[str, Message] = {}
    problems: list[Problem] = []
    for id_, value in (raw or {}).items():
        value = {"tekst": value} if isinstance(value, str) else value
        buttons = (value or {}).get("knapper") or []
        if not isinstance(value, dict) or not isinstance(value.get("tekst"), str):
            problems.append(Problem(path, None, f"'{id_}' har ingen tekst.", "Skriv den under 'tekst:'."))
        elif not all(isinstance(b, dict) and b.get("tekst") and b.get("valg") for b in buttons):
            problems.append(
                Problem(path, None, f"En knap under '{id_}' mangler 'tekst' eller 'valg'.", "Skriv begge.")
            )
        else:
            found[id_] = Message(
                id_, value["tekst"].strip(), tuple(Button(b["tekst"], b["valg"]) for b in buttons)
            )
    if problems:
        raise ContentError(problems)
    return found


def load_language(path: Path) -> Language:
    """The short safe answer in one language; the file's name is its ISO 639-1 code."""
    document = read_document(path)
    meta = document.meta
    if not meta.get("sprog") or meta.get("retning") not in ("ltr", "rtl") or not document.body.strip():
        raise ContentError(
            [Problem(path, 2, "'sprog', 'retning' (ltr eller rtl) eller teksten mangler.", "Skriv dem.")]
        )
    return Language(
        code=path.stem,
        name=meta["sprog"],
        direction=meta["retning"],
        text=document.body.strip(),
        checked_by=meta.get("kontrolleret_af_modersmaal"),
    )
