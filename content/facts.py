"""The fact register, ``data/fakta.yml``: what the answers build on and how sure it is."""

from __future__ import annotations

from pathlib import Path

from content.answers import is_url
from content.errors import ContentError, Problem
from content.files import line_of_entry, parse_yaml, read_text

USABLE = ("OK", "ET_STED")
STATUSES = (*USABLE, "GAMMEL", "UENIGE", "UBEKRAEFTET")

_KEYS = {"paastand", "status", "kilder", "bemaerk"}


def load_facts(path: Path) -> dict[str, str]:
    """The status of each fact by id."""
    text = read_text(path)
    raw = parse_yaml(path, text)
    if not isinstance(raw, dict):
        what = "Faktaregistret kan ikke læses."
        raise ContentError([Problem(path, 1, what, "Læg den seneste gode udgave tilbage.")])
    problems: list[Problem] = []
    for id_, item in raw.items():
        fact = item if isinstance(item, dict) else {}
        sources = fact.get("kilder")
        if not isinstance(fact.get("paastand"), str):
            key, what = "paastand", f"'paastand' mangler ved {id_}."
        elif fact.get("status") not in STATUSES:
            key, what = "status", f"'status' ved {id_} er ikke en af {', '.join(STATUSES)}."
        elif not isinstance(sources, list) or not all(is_url(source) for source in sources):
            key, what = "kilder", f"{id_} har en kilde, der ikke er en adresse på nettet."
        elif fact.keys() - _KEYS:
            key = str(min(fact.keys() - _KEYS, key=str))
            what = f"'{key}' ved {id_} kendes ikke."
        else:
            continue
        remedy = "Sæt den op som de andre i filen."
        problems.append(Problem(path, line_of_entry(text, id_, key), what, remedy))
    if problems:
        raise ContentError(problems)
    return {str(id_): fact["status"] for id_, fact in raw.items()}
