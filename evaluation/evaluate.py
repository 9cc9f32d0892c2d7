"""Understanding, measured on labelled messages (``make evaluate FILE=…``).

A file is a YAML list of ``{id, text, expected: [answer ids, best first], kind}``; without one,
every file in ``tests/messages`` is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from datetime import date
from pathlib import Path

from environment import ROOT
from evaluation.measure import MESSAGES, MODEL, load_messages, outcomes
from evaluation.report import Files, as_json, as_markdown, as_text, everything

DOCUMENT = ROOT / "docs" / "accuracy.md"
TEMPLATE = ROOT / "evaluation" / "template" / "measured.json"


def measured(paths: list[Path], model: Path = MODEL) -> Files:
    """The outcomes by file name."""
    files = {path.name: load_messages(path) for path in paths}
    found = iter(asyncio.run(outcomes([m for listed in files.values() for m in listed], model)))
    return {name: [next(found) for _ in listed] for name, listed in files.items()}


def write(files: Files, document: Path = DOCUMENT) -> None:
    """The document and its picture, beside what the template pipeline reached."""
    # Only needed here, and slow to import.
    from evaluation.plot import draw

    template = json.loads(TEMPLATE.read_text(encoding="utf-8")) if TEMPLATE.exists() else None
    document.write_text(as_markdown(files, date.today(), template), encoding="utf-8")
    draw(everything(files), document.with_suffix(".svg"))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=sorted(MESSAGES.glob("*.yml")))
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--write", action="store_true", help="renew docs/accuracy.md and its plot")
    arguments = parser.parse_args()
    for path in arguments.files:
        if not path.is_file():
            sys.exit(f"{path} does not exist: name a YAML file of labelled messages.")
    files = measured(arguments.files)
    if arguments.write:
        write(files)
    if arguments.format == "json":
        print(json.dumps(as_json(files, date.today()), ensure_ascii=False, indent=2))
    else:
        print(as_text(files))
    return 0


if __name__ == "__main__":
    sys.exit(main())
