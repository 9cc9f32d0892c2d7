"""What the assistant makes of labelled messages, and the figures that follow from it."""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from assistant.history import DANGERS
from environment import ROOT
from evaluation.calibration import calibration_error

MESSAGES = ROOT / "tests" / "messages"
MODEL = ROOT / "models" / "assistant.tar.gz"
FALLBACK = "nlu_fallback"
# A place alone is answered with the SSP contact there (data/rules).
ANSWERED_WITH = {"oplyser_sted": "ssp_kontakt"}
OFFERED = 3  # asked back, a parent chooses among so many

Messages = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """One message and the ranking of its answers, best first, without the fallback. ``confidence``
    is what the pipeline states of the first; a rule that outranks the classifier states 1."""

    text: str
    kind: str
    expected: tuple[str, ...]
    ranking: tuple[str, ...]
    confidence: float
    asked_back: bool

    @property
    def acceptable(self) -> bool:
        return self.ranking[0] in self.expected

    @property
    def exact(self) -> bool:
        return self.ranking[0] == self.expected[0]

    @property
    def in_three(self) -> bool:
        return not set(self.ranking[:OFFERED]).isdisjoint(self.expected)

    @property
    def acute(self) -> bool:
        """Whether an acute answer was given."""
        return self.ranking[0] in DANGERS and not self.asked_back

    @property
    def needs_acute(self) -> bool:
        """Whether the best answer is an acute one."""
        return self.expected[0] in DANGERS

    @property
    def may_be_acute(self) -> bool:
        """Whether an acute answer is acceptable."""
        return not set(DANGERS).isdisjoint(self.expected)

    @property
    def missed(self) -> bool:
        """An acute answer was needed, and none was given; which of them it is, is all the same:
        each leads to help."""
        return self.needs_acute and not self.acute

    @property
    def false_alarm(self) -> bool:
        return self.acute and not self.may_be_acute


@dataclass(frozen=True)
class Summary:
    """Shares (0–1) of some messages.

    ``answered`` and ``asked_back`` make up the whole: the product passes a parent on to people
    when a second message in a row is not understood, which no single message can show.
    ``wrong_and_certain``: a wrong answer was given, and the parent was not asked.
    """

    messages: int
    acceptable_first: float
    exact_first: float
    in_three: float
    answered: float
    asked_back: float
    wrong_and_certain: float
    calibration_error: float


@dataclass(frozen=True)
class Acute:
    """How many messages needed an acute answer first and got one; how many needed none and yet
    got one."""

    needed: int
    caught: int
    others: int
    false_alarms: int


def load_messages(path: Path) -> list[dict[str, Any]]:
    """The labelled messages of one file."""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


async def outcomes(messages: Messages, model: Path = MODEL) -> list[Outcome]:
    """What the whole trained pipeline makes of each message, as in the product."""
    # Slow to import and full of warnings; whoever only counts need not wait for it.
    from rasa.core.agent import load_agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)  # or every message would be printed
    agent = await load_agent(model_path=str(model))
    return [
        read_outcome(message, await agent.parse_message(message["text"])) for message in messages
    ]


def read_outcome(message: dict[str, Any], parsed: dict[str, Any]) -> Outcome:
    """A labelled message beside what Rasa's pipeline says of it."""
    ranking = {}
    for entry in parsed["intent_ranking"]:
        if entry["name"] != FALLBACK:
            answer = ANSWERED_WITH.get(entry["name"], entry["name"])
            ranking.setdefault(answer, entry["confidence"])
    return Outcome(
        text=message["text"],
        kind=message.get("kind", "unknown"),
        expected=tuple(message["expected"]),
        ranking=tuple(ranking),
        confidence=next(iter(ranking.values())),
        asked_back=parsed["intent"]["name"] == FALLBACK,
    )


def summary(found: Sequence[Outcome]) -> Summary:
    """The figures for some messages."""

    def share(holds: Callable[[Outcome], bool]) -> float:
        return sum(map(holds, found)) / max(len(found), 1)

    stated = np.array([o.confidence for o in found])
    right = np.array([o.acceptable for o in found])
    return Summary(
        messages=len(found),
        acceptable_first=share(lambda o: o.acceptable),
        exact_first=share(lambda o: o.exact),
        in_three=share(lambda o: o.in_three),
        answered=share(lambda o: not o.asked_back),
        asked_back=share(lambda o: o.asked_back),
        wrong_and_certain=share(lambda o: not o.acceptable and not o.asked_back),
        calibration_error=float(calibration_error(stated, right)) if found else 0.0,
    )


def by(key: Callable[[Outcome], str], found: Sequence[Outcome]) -> dict[str, Summary]:
    """The figures for each value of ``key``, the most frequent first."""
    groups: defaultdict[str, list[Outcome]] = defaultdict(list)
    for one in found:
        groups[key(one)].append(one)
    ordered = sorted(groups.items(), key=lambda group: (-len(group[1]), group[0]))
    return {name: summary(group) for name, group in ordered}


def by_kind(found: Sequence[Outcome]) -> dict[str, Summary]:
    return by(lambda o: o.kind, found)


def by_answer(found: Sequence[Outcome]) -> dict[str, Summary]:
    """The figures for the messages with each best answer, the least understood first."""
    answers = by(lambda o: o.expected[0], found)
    return dict(sorted(answers.items(), key=lambda item: item[1].acceptable_first))


def acute(found: Sequence[Outcome]) -> Acute:
    """Recall and false alarms of the acute answers."""
    needed = sum(o.needs_acute for o in found)
    return Acute(
        needed=needed,
        caught=needed - sum(o.missed for o in found),
        others=sum(not o.may_be_acute for o in found),
        false_alarms=sum(o.false_alarm for o in found),
    )


def confusions(found: Sequence[Outcome]) -> list[tuple[str, str, int]]:
    """``(best answer, first answer, how often)`` where that was not acceptable."""
    pairs = Counter((o.expected[0], o.ranking[0]) for o in found if not o.acceptable)
    return [(best, first, count) for (best, first), count in pairs.most_common()]
