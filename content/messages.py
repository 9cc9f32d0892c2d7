"""The assistant's own short messages (``data/beskeder.yml``), other languages (``data/sprog``)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from content.errors import ContentError, Problem
from content.files import line_of_entry, parse_yaml, read_document, read_text

# The messages the program asks for by name.
MESSAGES_IN_USE = (
    "aabning", "truet_eller_presset", "noget_andet", "afklaring", "afklaring_uden_forslag",
    "to_gange_forbi", "spoerg_kommune", "flere_steder", "for_bredt_sted", "ukendt_sted",
    "indsats_ukendt", "indsats_kendt", "indsats_kilde", "oplyser_alder", "samme_raad",
    "hvilken_alder", "svar_mangler", "sikkert_svar",
    "handleplan", "handleplan_rolle", "handleplan_alder", "handleplan_kommune",
    "knap_find_ssp", "knap_noget_andet", "knap_skift_kommune", "knap_lav_plan", "knap_spring_over",
    "fejl_ukendt_samtale", "fejl_for_lang", "fejl_tom", "fejl_travlt", "fejl_ugyldig",
    "fejl_metode", "fejl_findes_ikke", "fejl_intern",
    "fejl_for_mange", "fejl_for_mange_samtaler", "fejl_optaget",
)  # fmt: skip

_MESSAGE_KEYS = {"tekst", "knapper"}
_BUTTON_KEYS = {"tekst", "valg"}
_LANGUAGE_KEYS = ("kode", "sprog", "sprog_dansk", "retning", "kontrolleret_af_modersmaal")


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
    text = read_text(path)
    raw = parse_yaml(path, text)
    if not isinstance(raw, dict):
        what = "Filen skal bestå af beskeder med navn, fx 'aabning:'."
        raise ContentError([Problem(path, 1, what, "Læg den seneste gode udgave tilbage.")])
    found: dict[str, Message] = {}
    problems: list[Problem] = []
    for id_, item in raw.items():
        value = {"tekst": item} if isinstance(item, str) else item
        buttons = (value.get("knapper") or []) if isinstance(value, dict) else []
        mistake = _message_mistake(str(id_), value, buttons)
        if mistake:
            problems.append(Problem(path, line_of_entry(text, id_), *mistake))
        else:
            found[id_] = Message(
                id_, value["tekst"].strip(), tuple(Button(b["tekst"], b["valg"]) for b in buttons)
            )
    if problems:
        raise ContentError(problems)
    return found


def _message_mistake(id_: str, value: Any, buttons: Any) -> tuple[str, str] | None:
    """What is wrong with a message, and the remedy."""
    if not isinstance(value, dict) or not _is_text(value.get("tekst")):
        return f"'{id_}' har ingen tekst.", "Skriv den under 'tekst:', i anførselstegn."
    if value.keys() - _MESSAGE_KEYS:
        return f"'{id_}' har mere end 'tekst' og 'knapper'.", "Ret stavefejlen, eller slet linjen."
    usable = isinstance(buttons, list) and all(
        isinstance(button, dict)
        and button.keys() == _BUTTON_KEYS
        and all(_is_text(part) for part in button.values())
        for button in buttons
    )
    if not usable:
        remedy = "Skriv - {tekst: Find SSP, valg: ssp_kontakt}."
        return f"En knap under '{id_}' skal have netop 'tekst' og 'valg'.", remedy
    return None


def load_language(path: Path) -> Language:
    """The short safe answer in one language; the file's name is its ISO 639-1 code."""
    document = read_document(path)
    meta = document.meta
    checked_by = meta.get("kontrolleret_af_modersmaal")
    mistakes = [(str(key), f"'{key}' kendes ikke.") for key in meta if key not in _LANGUAGE_KEYS]
    if not _is_text(meta.get("sprog")):
        mistakes.append(("sprog", "'sprog' mangler eller er ikke tekst."))
    if meta.get("kode") not in (None, path.stem):
        mistakes.append(("kode", f"'kode' skal være {path.stem} som filens navn."))
    if meta.get("retning") not in ("ltr", "rtl"):
        mistakes.append(("retning", "'retning' skal være ltr eller rtl."))
    if checked_by is not None and not _is_text(checked_by):
        mistakes.append(("kontrolleret_af_modersmaal", "Hvem der har kontrolleret, er ikke tekst."))
    if not document.body.strip():
        mistakes.append(("", "Teksten mangler."))
    if mistakes:
        remedy = "Sæt filen op som de andre i mappen."
        raise ContentError(
            [Problem(path, document.line_of_entry(key), what, remedy) for key, what in mistakes]
        )
    return Language(
        code=path.stem,
        name=meta["sprog"],
        direction=meta["retning"],
        text=document.body.strip(),
        checked_by=checked_by,
    )


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())
