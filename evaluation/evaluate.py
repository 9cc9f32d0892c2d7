"""Understanding, measured on labelled messages (``make evaluate FILE=…``).

A file is a YAML list of ``{id, text, expected: [answer ids, best first], kind}``; the default is
the project's own ``tests/messages/messages.yml``. Every message goes through the whole trained
pipeline, safety step and fallback included, as it does in the product.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import sys
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from environment import ROOT

DEFAULT_FILE = ROOT / "tests" / "messages" / "messages.yml"
MODEL = ROOT / "models" / "assistant.tar.gz"
FALLBACK = "nlu_fallback"


@dataclass
class Score:
    """Counts over some messages; ``rate`` gives a share of them."""

    messages: int = 0
    acceptable_first: int = 0
    exact_first: int = 0
    in_three: int = 0
    clarified: int = 0
    wrong: list[dict[str, Any]] = field(default_factory=list)

    def add(
        self, message: dict[str, Any], intent: str, ranking: list[str], confidence: float
    ) -> None:
        """Counts one message. ``ranking`` is without the fallback, best first."""
        expected = message["expected"]
        self.messages += 1
        self.clarified += intent == FALLBACK
        self.acceptable_first += ranking[0] in expected
        self.exact_first += ranking[0] == expected[0]
        self.in_three += any(intent_ in expected for intent_ in ranking[:3])
        if ranking[0] not in expected:
            self.wrong.append(
                {
                    "text": message["text"],
                    "expected": expected,
                    "ranking": ranking[:3],
                    "confidence": round(confidence, 2),
                    "clarified": intent == FALLBACK,
                }
            )

    def rates(self) -> dict[str, float]:
        """Shares of the messages, from 0 to 1."""
        count = max(1, self.messages)
        return {
            "acceptable_first": self.acceptable_first / count,
            "exact_first": self.exact_first / count,
            "in_three": self.in_three / count,
            "clarified": self.clarified / count,
        }


async def measure(messages: list[dict[str, Any]]) -> dict[str, Score]:
    """The scores by kind of message, and under ``all``."""
    # Rasa takes seconds to import and would print every message parsed.
    from rasa.core.agent import load_agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    agent = await load_agent(model_path=str(MODEL))
    scores: dict[str, Score] = defaultdict(Score)
    for message in messages:
        parsed = await agent.parse_message(message["text"])
        entries = [r for r in parsed["intent_ranking"] if r["name"] != FALLBACK]
        ranking = [entry["name"] for entry in entries]
        for kind in ("all", message.get("kind", "unknown")):
            scores[kind].add(message, parsed["intent"]["name"], ranking, entries[0]["confidence"])
    return scores


def report(scores: dict[str, Score]) -> str:
    """The scores as readable text."""
    lines = [
        f"{'kind':22}{'messages':>9}{'first':>8}{'exact':>8}{'in three':>10}{'asked back':>12}"
    ]
    for kind, score in sorted(scores.items(), key=lambda item: -item[1].messages):
        rate = score.rates()
        lines.append(
            f"{kind:22}{score.messages:>9}{rate['acceptable_first']:>8.3f}"
            f"{rate['exact_first']:>8.3f}{rate['in_three']:>10.3f}{rate['clarified']:>12.3f}"
        )
    lines.append("\nNot acceptable first:")
    lines += [
        f"  {w['confidence']:.2f} {'?' if w['clarified'] else ' '} {'/'.join(w['ranking'])}"
        f"  expected {'/'.join(w['expected'])}: {w['text'][:100]}"
        for w in scores["all"].wrong
    ]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=DEFAULT_FILE)
    parser.add_argument("--json", action="store_true", help="machine-readable")
    arguments = parser.parse_args()
    if not arguments.file.is_file():
        sys.exit(f"{arguments.file} does not exist: name a YAML file of labelled messages.")
    messages = yaml.safe_load(arguments.file.read_text(encoding="utf-8"))
    scores = asyncio.run(measure(messages))
    if arguments.json:
        print(
            json.dumps({kind: {"messages": s.messages, **s.rates()} for kind, s in scores.items()})
        )
    else:
        print(report(scores))
    return 0


if __name__ == "__main__":
    sys.exit(main())
