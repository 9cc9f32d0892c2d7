"""Reading YAML and Markdown-with-front-matter, with errors that name the line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from content.errors import ContentError, Problem

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)(.*)\Z", re.DOTALL)


@dataclass(frozen=True)
class Document:
    """A Markdown file: front matter, body and the means to name a line in it."""

    path: Path
    meta: dict[str, Any]
    body: str
    text: str

    def line_of(self, fragment: str) -> int | None:
        """The 1-based line on which ``fragment`` first stands, or None."""
        position = self.text.find(fragment)
        return None if position < 0 else self.text.count("\n", 0, position) + 1


def read_text(path: Path) -> str:
    """The file's text; line ends normalised, a byte order mark dropped."""
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise ContentError([Problem(path, None, "Filen findes ikke.", "Opret den.")]) from None
    except UnicodeDecodeError:
        raise ContentError(
            [
                Problem(
                    path,
                    None,
                    "Filen er ikke gemt som UTF-8, så æ, ø og å kan ikke læses.",
                    "Gem den igen, og vælg tegnsættet UTF-8.",
                )
            ]
        ) from None


def parse_yaml(path: Path, text: str, first_line: int = 1) -> Any:
    """The YAML value of ``text``, which begins on line ``first_line`` of ``path``."""
    try:
        return yaml.load(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line if error.problem_mark else 0) + first_line
        raise ContentError(
            [
                Problem(
                    path,
                    line,
                    f"Opsætningen kan ikke læses ({error.problem}).",
                    "Se efter manglende kolon, indrykning med tabulator eller et anførselstegn, "
                    "der ikke er lukket – på denne linje eller den lige over.",
                )
            ]
        ) from None
    except yaml.YAMLError:
        raise ContentError(
            [
                Problem(
                    path,
                    first_line,
                    "Filen indeholder tegn, der ikke kan læses.",
                    "Skriv linjen forfra uden usynlige tegn.",
                )
            ]
        ) from None


def read_yaml(path: Path) -> Any:
    """The YAML value of a file."""
    return parse_yaml(path, read_text(path))


def read_document(path: Path) -> Document:
    """A Markdown file with front matter between two ``---`` lines."""
    text = read_text(path)
    match = FRONT_MATTER.match(text)
    if not match:
        raise ContentError(
            [
                Problem(
                    path,
                    1,
                    "Filen skal begynde med oplysninger mellem to linjer med ---.",
                    "Kopiér toppen fra et andet svar, og ret den til.",
                )
            ]
        )
    meta = parse_yaml(path, match[1], first_line=2)
    if not isinstance(meta, dict):
        raise ContentError(
            [
                Problem(
                    path,
                    2,
                    "Oplysningerne mellem de to --- skal stå som 'navn: værdi'.",
                    "Kopiér toppen fra et andet svar, og ret den til.",
                )
            ]
        )
    return Document(path, meta, match[2], text)
