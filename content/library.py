"""Everything in ``data/`` that is read while the product runs, always in its latest good version.

An edited file counts from the next call of :meth:`Library.current`, without restart or training.
What :mod:`content.acceptance` refuses keeps its last good version (:mod:`content.last_good`).
"""

from __future__ import annotations

import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from operator import itemgetter
from pathlib import Path
from typing import Any

from content.acceptance import (
    Services,
    accept_answer,
    accept_language,
    accept_messages,
    accept_pamphlet,
    accept_plan,
)
from content.answers import Answer, Catalogue, Pamphlet, load_answer, load_catalogue
from content.errors import ContentError, Problem
from content.helplines import Helpline, load_helplines
from content.kommuner import Kommune, legible_part, load_card_texts, load_kommune
from content.last_good import Failure, LastGood, stamps
from content.messages import MESSAGES_IN_USE, Language, Message
from content.places import Gazetteer
from content.plan import PlanGuide
from content.readability import PLACEHOLDER
from environment import read_environment

DATA = read_environment().data_folder

# Looking at the time stamps of 209 files takes 1 ms, three times that on a busy machine.
LOOK_AGAIN = 1.0  # seconds

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
    # Without its words a card still has its numbers and links.
    card_texts: Mapping[str, str] = field(default_factory=lambda: defaultdict(str))

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
    """Gives the current :class:`Edition` of the content below ``root``.

    With a folder for ``copies``, what was good once is there after a restart too.
    """

    def __init__(self, root: Path = DATA, copies: Path | None = None) -> None:
        self.root = root
        self._files = LastGood(root, copies)
        self._lock = threading.Lock()
        self._state: Any = None
        self._edition: Edition | None = None
        self._looked = 0.0

    @property
    def failures(self) -> Mapping[Path, Failure]:
        """The files that cannot be used as they stand."""
        return self._files.failures

    def recent(self) -> Edition | None:
        """The content, when the files need not be looked at again yet."""
        return self._edition if time.monotonic() - self._looked < LOOK_AGAIN else None

    def current(self) -> Edition:
        """The content as the files are now, at most :data:`LOOK_AGAIN` seconds old."""
        if recent := self.recent():
            return recent
        now = time.monotonic()
        state = set(stamps(self.root))
        with self._lock:
            if self._edition is None or state != self._state:
                self._edition = self._read()
                self._state = state
            self._looked = now
            return self._edition

    def _read(self) -> Edition:
        root, load = self.root, self._files.load
        catalogue: Catalogue = load(load_catalogue, root / "katalog.yml") or Catalogue({}, {})
        services: Services = load(
            self._keeping(load_helplines, self._is_in_a_text), root / "hjaelp.yml"
        )
        names = None if services is None else frozenset(services)

        def load_text(accept: Callable[..., Any], path: Path) -> Any:
            return load(partial(accept, services=services), path, depends_on=names)

        def load_one(path: Path, pamphlet: str | None) -> Answer | None:
            # Too long an answer, or one with a gap, is more help than none.
            accept = partial(accept_answer, pamphlet=pamphlet, services=services)
            at_worst = partial(load_answer, pamphlet=pamphlet)
            return load(accept, path, depends_on=names, at_worst=at_worst)

        answers: dict[str, Answer] = {}
        pamphlets: dict[str, Pamphlet] = {}
        for name, ids in catalogue.pamphlets.items():
            folder = root / "pjecer" / name
            if not folder.is_dir():
                continue  # a pamphlet that is planned, not written
            present = []
            for id_ in ids:
                answer = load_one(folder / f"{id_}.md", name)
                if answer:
                    answers[id_] = answer
                    present.append(id_)
            pamphlet = load_text(accept_pamphlet, folder / "_pjece.md")
            if pamphlet:
                pamphlets[name] = replace(pamphlet, answers=tuple(present))
        for id_ in catalogue.conversational:
            answer = load_one(root / "samtale" / f"{id_}.md", None)
            if answer:
                answers[id_] = answer
        languages = (load_text(accept_language, path) for path in (root / "sprog").glob("*.md"))
        kommuner = self._kommuner()
        return Edition(
            catalogue=catalogue,
            pamphlets=dict(sorted(pamphlets.items(), key=lambda item: item[1].order)),
            answers=answers,
            helplines=services or {},
            messages=load_text(
                self._keeping(accept_messages, MESSAGES_IN_USE.__contains__), root / "beskeder.yml"
            )
            or {},
            languages={language.code: language for language in languages if language},
            kommuner=kommuner,
            gazetteer=load(
                partial(Gazetteer.load, kommuner=kommuner),
                root / "steder.yml",
                depends_on=tuple((k.kode, k.navn, k.kortnavn) for k in kommuner.values()),
            )
            or Gazetteer(_NO_PLACES, kommuner),
            plan=load_text(accept_plan, root / "handleplan.yml"),
            card_texts=load(load_card_texts, root / "kontaktkort.yml") or defaultdict(str),
        )

    def _kommuner(self) -> dict[str, Kommune]:
        """The kommuner by code. One that cannot be read is shown with what can be made out."""
        folder = self.root / "kommuner"
        found: dict[str, tuple[Path, Kommune]] = {}
        problems: list[Problem] = []
        # Where two files have the same code, one is a copy, and has the longer name.
        for path in sorted(folder.glob("*.yml"), key=lambda path: (len(path.name), path)):
            kommune = self._files.load(load_kommune, path) or legible_part(path)
            if kommune and kommune.kode in found:
                what = f"Koden {kommune.kode} bruges også i {found[kommune.kode][0].name}."
                problems.append(Problem(path, None, what, "Flyt filen, eller ret koden."))
            elif kommune:
                found[kommune.kode] = (path, kommune)
        if problems:
            self._files.refuse(folder, ContentError(problems), "Kun den ene fil bliver læst.")
        else:
            self._files.failures.pop(folder, None)
        return {kommune.kode: kommune for _, kommune in sorted(found.values(), key=itemgetter(0))}

    def _keeping(
        self, loader: Callable[..., Any], is_needed: Callable[[str], bool]
    ) -> Callable[..., Any]:
        """``loader``, but refusing a file from which an entry that is needed has disappeared."""

        def load(path: Path, **services: Any) -> Any:
            found = loader(path, **services)
            before: Any = {}
            with suppress(Exception):  # no copy, or one that today's rules refuse
                before = loader(self._files.copy_of(path), **services)
            gone = [id_ for id_ in before if id_ not in found and is_needed(id_)]
            if gone:
                remedy = "Skriv det tilbage, som det var. Navnet til venstre må ikke ændres."
                raise ContentError(
                    [Problem(path, None, f"'{id_}' mangler, men bliver brugt.", remedy)
                     for id_ in gone]
                )  # fmt: skip
            return found

        return load

    def _is_in_a_text(self, id_: str) -> bool:
        """True when ``{id_}`` stands in one of the texts."""
        texts = [*self.root.rglob("*.md"), *self.root.glob("*.yml")]
        return any(b"{" + id_.encode() + b"}" in path.read_bytes() for path in texts)


@lru_cache(maxsize=1)
def library() -> Library:
    """The process's one library of the content (``DATA_FOLDER``)."""
    return Library(DATA, read_environment().last_good_folder)
