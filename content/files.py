"""Reading YAML and Markdown-with-front-matter, with errors that name the line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from content.errors import ContentError, Problem

_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C reader is ten times as fast

# What the YAML reader says about the usual slips, and the same in Danish with a remedy.
_SLIPS = (
    (
        "mapping values are not allowed",
        "der mangler et kolon på linjen over, eller der står et kolon midt i en tekst",
        "Skriv kolon efter navnet på linjen over. Står kolonet midt i en tekst, så sæt "
        "anførselstegn om hele teksten.",
    ),
    (
        "cannot start any token",
        "her står en tabulator eller et tegn, som en tekst ikke må begynde med",
        "Brug mellemrum i stedet for tabulator, og sæt anførselstegn om teksten.",
    ),
    ("quoted scalar", "et anførselstegn er ikke lukket", "Sæt det andet anførselstegn."),
    ("',' or ']'", "en liste er ikke lukket", "Sæt komma mellem navnene og ] til sidst."),
    ("',' or '}'", "en { er ikke lukket", "Sæt komma mellem delene og } til sidst."),
)
_OTHER_SLIP = (
    "Se efter manglende kolon, skæv indrykning eller et anførselstegn, der ikke er lukket – "
    "på denne linje eller den lige over. Står der ikke noget galt her, så se længere oppe, især på "
    "den linje, du sidst rettede."
)


class _Twice(yaml.MarkedYAMLError):
    """The same key twice: YAML itself would silently drop the first."""


class Loader(_Base):  # type: ignore[misc]
    """Safe YAML without silent losses."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[tuple[str, Any]] = set()
        for key, _ in node.value:
            name = (key.tag, key.value) if isinstance(key, yaml.ScalarNode) else None
            if name in seen:
                raise _Twice(problem=key.value, problem_mark=key.start_mark)
            if name:
                seen.add(name)
        return super().construct_mapping(node, deep)

    def construct_date(self, node: yaml.ScalarNode) -> Any:
        """A date, or the text as it stands when the calendar has no such day."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return node.value


Loader.add_constructor("tag:yaml.org,2002:timestamp", Loader.construct_date)

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

    @property
    def body_line(self) -> int:
        """The 1-based line on which the body begins."""
        return self.text.count("\n", 0, len(self.text) - len(self.body)) + 1

    def line_of_entry(self, *entry: str | int) -> int:
        """The line of an entry in the front matter, e.g. ``("kilder", 0, "set")``."""
        match = FRONT_MATTER.match(self.text)
        return line_of_entry(match[1] if match else "", *entry, first_line=2)


def read_text(path: Path) -> str:
    """The file's text; line ends normalised, a byte order mark dropped."""
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise ContentError([Problem(path, None, "Filen findes ikke.", "Opret den.")]) from None
    except OSError as error:
        raise ContentError(
            [Problem(path, None, f"Filen kan ikke åbnes ({error.strerror}).", "Spørg jeres it.")]
        ) from None
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
    return _parse(path, text, first_line)[0]


def parse_nodes(path: Path, text: str) -> Any:
    """The YAML nodes of a whole file, which know their lines. None when it is empty."""
    return _parse(path, text, 1)[1]


def _parse(path: Path, text: str, first_line: int) -> tuple[Any, Any]:
    """The value and the nodes it was made from."""
    try:
        loader = Loader(text)
        node = loader.get_single_node()
        return loader.construct_document(node) if node else None, node
    except yaml.MarkedYAMLError as error:
        line, what, remedy = _explain(error)
        problem = Problem(path, line + first_line, what, remedy)
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, max(int(error.position or 0), 0)) + first_line
        problem = Problem(path, line, "Linjen indeholder et usynligt tegn, der ikke kan læses.",
                          "Slet linjen, og skriv den forfra.")  # fmt: skip
    except (yaml.YAMLError, ValueError):
        problem = Problem(path, first_line, "Filen indeholder noget, der ikke kan læses.",
                          "Læg den seneste gode udgave tilbage.")  # fmt: skip
    raise ContentError([problem])


def _explain(error: yaml.MarkedYAMLError) -> tuple[int, str, str]:
    """The line (from 0), what is wrong and the remedy."""
    mark = error.problem_mark or error.context_mark
    line = mark.line if mark else 0
    if isinstance(error, _Twice):
        return line, f"'{error.problem}' står to gange.", "Slet den ene, eller saml dem."
    said = f"{error.context} {error.problem}"
    for words, reason, remedy in _SLIPS:
        if words in said:
            # What is not closed is noticed at its end, but has to be mended where it begins.
            begins = error.context_mark if "ikke lukket" in reason else None
            line = begins.line if begins else line
            return line, f"Filen kan ikke læses her: {reason}.", remedy
    return line, "Filen kan ikke læses her.", _OTHER_SLIP


def line_of_entry(text: str, *entry: str | int, first_line: int = 1) -> int:
    """The line of an entry in readable YAML: ``("linjer", 2, "telefon")``.

    Where the entry is missing, the line of the nearest thing around it.
    """
    node, line = _nodes(text), 0
    for step in entry:
        found = _step(node, step)
        if found is None:
            break
        node, line = found
    return line + first_line


@lru_cache(maxsize=8)
def _nodes(text: str) -> Any:
    return yaml.compose(text, Loader=Loader)


def _step(node: Any, step: str | int) -> tuple[Any, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line
    return None


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
