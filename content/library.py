"""Everything in ``data/`` that is read while the product runs, always in its latest good version.

An edited file counts from the next call of :meth:`Library.current`, without restart or training.
A file with an error keeps its last good version, and the error is logged once, in Danish.
"""

from __future__ import annotations

import logging
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from content.answers import (
    Answer,
    Catalogue,
    Pamphlet,
    load_answer,
    load_catalogue,
    load_pamphlet,
)
from content.errors import ContentError
from content.helplines import Helpline, load_helplines
from content.kommuner import Kommune, load_kommuner
from content.messages import Language, Message, load_language, load_messages
from content.places import Gazetteer
from content.plan import PlanGuide, load_plan
from content.readability import PLACEHOLDER
from environment import read_environment

logger = logging.getLogger(__name__)

DATA = read_environment().data_folder

# Looking at the time stamps of 220 files takes 3 ms, and one message asks several times.
LOOK_AGAIN = 0.25  # seconds

# With these a gazetteer knows the kommuner by name and nothing else.
_NO_PLACES: Mapping[str, Any] = {
    **{key: {} for key in ("steder", "flertydige", "delte_tidligere", "postnumre")},
    "for_brede": [],
    "almindelige_ord": defaultdict(list),
}

_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Edition:
    """All content at one moment; never changes."""

    catalogue: Catalogue
    pamphlets: Mapping[str, Pamphlet]
    answers: Mapping[str, Answer]
    helplines: Mapping[str, Helpline]
    messages: Mapping[str, Message]
    languages: Mapping[str, Language]
    kommuner: Mapping[str, Kommune]
    gazetteer: Gazetteer
    plan: PlanGuide | None = None

    def choices(self, ids: Iterable[str]) -> list[dict[str, str]]:
        """Buttons for those of ``ids`` that are written: what is read, and the choice."""
        return [{"label": self.answers[i].title, "choice": i} for i in ids if i in self.answers]

    def kommune(self, code: str | None) -> Kommune | None:
        """The kommune with this four-digit code, if there is one."""
        return self.kommuner.get(code) if code else None

    def render(self, text: str, kommune: str | None = None, **values: str) -> str:
        """Markdown with its ``{placeholders}`` filled in.

        ``{kommune}`` becomes the kommune's name; ``{<helpline id>}`` name and number of a
        service; any other name is looked up in ``values``. Unknown names are left out.
        """
        chosen = self.kommune(kommune)
        known = {
            "kommune": chosen.navn if chosen else "din kommune",
            **{id_: line.markdown for id_, line in self.helplines.items()},
            **values,
        }
        return _BLANK_LINES.sub(
            "\n\n", PLACEHOLDER.sub(lambda m: known.get(m[1], ""), text)
        ).strip()


class Library:
    """Gives the current :class:`Edition` of the content below ``root``."""

    def __init__(self, root: Path = DATA) -> None:
        self.root = root
        self._lock = threading.Lock()
        self._parsed: dict[tuple[Path, ...], tuple[Any, Any]] = {}
        self._reported: dict[tuple[Path, ...], str] = {}
        self._state: Any = None
        self._edition: Edition | None = None
        self._looked = 0.0

    def current(self) -> Edition:
        """The content as the files are now, at most :data:`LOOK_AGAIN` seconds old."""
        now = time.monotonic()
        if self._edition is not None and now - self._looked < LOOK_AGAIN:
            return self._edition
        state = self._stamp(sorted(self.root.rglob("*.yml")) + sorted(self.root.rglob("*.md")))
        with self._lock:
            if self._edition is None or state != self._state:
                self._edition = self._read()
                self._state = state
            self._looked = now
            return self._edition

    @staticmethod
    def _stamp(paths: list[Path]) -> tuple[Any, ...]:
        stamps = []
        for path in paths:
            try:
                status = path.stat()
            except FileNotFoundError:  # removed or being replaced just now
                continue
            stamps.append((path, status.st_mtime_ns, status.st_size))
        return tuple(stamps)

    def _load(self, loader: Callable[..., Any], *paths: Path, default: Any = None) -> Any:
        """What ``loader`` makes of ``paths``; on an error the last good version or ``default``."""
        stamp = self._stamp([p for path in paths for p in (path, *path.glob("*.yml"))])
        known = self._parsed.get(paths)
        if known and known[0] == stamp:
            return known[1]
        try:
            value = loader(*paths)
            self._reported.pop(paths, None)
        except Exception as error:  # content may never take the assistant down
            self._report(paths, error)
            value = known[1] if known else default
        self._parsed[paths] = (stamp, value)
        return value

    def _report(self, paths: tuple[Path, ...], error: Exception) -> None:
        if isinstance(error, ContentError):
            message = str(error)
        else:
            message = f"{paths[0]} kan ikke læses ({type(error).__name__}). Kør 'make check'."
        if message not in self._reported.values():
            logger.error("%s\nDen seneste gode udgave bruges fortsat.", message)
        self._reported[paths] = message

    def _read(self) -> Edition:
        root = self.root
        catalogue: Catalogue = self._load(
            load_catalogue, root / "katalog.yml", default=Catalogue({}, {})
        )
        answers: dict[str, Answer] = {}
        pamphlets: dict[str, Pamphlet] = {}
        for name, ids in catalogue.pamphlets.items():
            folder = root / "pjecer" / name
            if not folder.is_dir():
                continue  # a pamphlet that is planned, not written
            present = []
            for id_ in ids:
                answer = self._load(_pamphlet_answer, folder / f"{id_}.md")
                if answer:
                    answers[id_] = answer
                    present.append(id_)
            pamphlet = self._load(load_pamphlet, folder / "_pjece.md")
            if pamphlet:
                pamphlets[name] = replace(pamphlet, answers=tuple(present))
        for id_ in catalogue.conversational:
            answer = self._load(_conversational_answer, root / "samtale" / f"{id_}.md")
            if answer:
                answers[id_] = answer
        languages = (self._load(load_language, path) for path in (root / "sprog").glob("*.md"))
        kommuner: dict[str, Kommune] = self._load(load_kommuner, root / "kommuner", default={})
        return Edition(
            catalogue=catalogue,
            pamphlets=dict(sorted(pamphlets.items(), key=lambda item: item[1].order)),
            answers=answers,
            helplines=self._load(load_helplines, root / "hjaelp.yml", default={}),
            messages=self._load(load_messages, root / "beskeder.yml", default={}),
            languages={language.code: language for language in languages if language},
            kommuner=kommuner,
            gazetteer=self._load(Gazetteer.load, root / "steder.yml", root / "kommuner")
            or Gazetteer(_NO_PLACES, kommuner),
            plan=self._load(load_plan, root / "handleplan.yml"),
        )


def _pamphlet_answer(path: Path) -> Answer:
    return load_answer(path, path.parent.name)


def _conversational_answer(path: Path) -> Answer:
    return load_answer(path, None)


@lru_cache(maxsize=1)
def library() -> Library:
    """The process's one library of the content (``DATA_FOLDER``)."""
    return Library()
