"""The labelled messages as a file for ``rasa test nlu`` (``make test-nlu``)."""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path


def write_nlu(labelled: Iterable[tuple[str, str]], path: Path) -> None:
    """Writes ``(text, intent)`` pairs in Rasa's format, one line each."""
    of_intent: defaultdict[str, list[str]] = defaultdict(list)
    for text, intent in labelled:
        of_intent[intent].append(f"    - {' '.join(text.split())}\n")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as file:
        file.write('version: "3.1"\nnlu:\n')
        for intent, lines in of_intent.items():
            file.writelines([f"- intent: {intent}\n  examples: |\n", *lines])


def main() -> int:
    """Every labelled message with its best answer, to the path given."""
    from evaluation.measure import MESSAGES, load_messages  # NumPy, which the web side lacks

    messages = [m for path in sorted(MESSAGES.glob("*.yml")) for m in load_messages(path)]
    write_nlu(((m["text"], m["expected"][0]) for m in messages), Path(sys.argv[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
