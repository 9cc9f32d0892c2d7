"""Speed and memory, ours beside the ``rasa init`` template (``make bench``).

Times depend on the machine and on what else it does, so all is measured in one run, one thing at
a time. Ours is the whole product over its public API, the template Rasa's server alone over its
REST channel: what stands in between counts against us. Beside that, our engine alone answers one
parent over its private channel, which is like for like. Nothing of this is tested, since a busy
machine would fail for no fault of ours.

``docs/performance.md`` is written by a complete run of the usual length and by nothing else.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from environment import ROOT
from evaluation.contenders import ENGINE, LONGEST_TRAINING, Contender, Ours, Template, resident
from evaluation.load import THINK, Door, conversations, crowd, seconds_to_recover

MESSAGES = ROOT / "tests" / "messages" / "messages.yml"
RESULTS = ROOT / "results" / "performance.json"

STARTS = 3
PARENTS = (1, 10, 50, 100)
OVERLOAD = 10 * max(PARENTS)
SATURATION = 16  # parents who do not think
CONVERSATIONS, SETTLED, AT_ONCE, SAMPLE = 2000, 500, 4, 50
PARTS = ("training", "understanding", "start", "latency", "saturation", "overload", "memory")


class Length:
    """How long the parts last. ``short`` shows that they work and measures nothing."""

    def __init__(self, short: bool) -> None:
        self.short = short
        self.starts = 1 if short else STARTS
        self.seconds = 8 if short else 45
        self.parents = (1, 10) if short else PARENTS
        self.overload = 100 if short else OVERLOAD
        self.conversations = 100 if short else CONVERSATIONS
        self.settled = 25 if short else SETTLED
        self.sample = 10 if short else SAMPLE


def starts(contender: Contender, length: Length) -> dict[str, float]:
    """Cold start, from the command to the first answer of the assistant's own."""
    seconds = []
    for _ in range(length.starts):
        try:
            seconds.append(contender.start())
        finally:
            contender.stop()
    return {"median_s": statistics.median(seconds), "slowest_s": max(seconds)}


def waits(door: Door, texts: list[str], parents: int, length: Length) -> dict[str, Any]:
    """The waits of so many. One parent does not think, or the time would hold a dozen messages."""
    think = 0 if parents == 1 else THINK
    return asyncio.run(crowd(door, texts, parents, length.seconds, think))


def overload(contender: Contender, texts: list[str], length: Length) -> dict[str, Any]:
    """Ten times as many parents as it is made for, and how soon it is itself again."""
    recover = partial(seconds_to_recover, contender.door, texts)
    found = asyncio.run(
        crowd(contender.door, texts, length.overload, length.seconds, afterwards=recover)
    )
    recovered = found.pop("afterwards")
    ended = [name for name, p in contender.processes.items() if p.poll() is not None]
    return {**found, "recovered_s": recovered, "ended": ended}


def memory(contender: Contender, texts: list[str], length: Length) -> dict[str, Any]:
    """Megabytes of each process while the conversations go through a server just started."""
    samples: list[dict[str, float]] = []

    def sample(begun: int) -> None:
        if begun % length.sample == 0 and begun <= length.conversations:
            held = {name: resident(process) for name, process in contender.processes.items()}
            samples.append({"conversations": begun, **held})

    contender.start()
    try:
        first = {name: resident(process) for name, process in contender.processes.items()}
        run = conversations(contender.door, texts, length.conversations, AT_ONCE, sample)
        asyncio.run(run)
    finally:
        contender.stop()
    settled = [one for one in samples if one["conversations"] >= length.settled]
    moved = {}
    for name in first:
        held = [one[name] for one in settled]
        moved[name] = max(
            max(held) / statistics.mean(held) - 1, 1 - min(held) / statistics.mean(held)
        )
    return {"first": first, "samples": samples, "moved": moved}


def served(
    contender: Contender, texts: list[str], parts: list[str], length: Length
) -> dict[str, Any]:
    """Everything that is measured on a running server."""
    found: dict[str, Any] = {}
    if "start" in parts:
        found["start"] = _said(contender, "start", starts(contender, length))
    on_one: dict[str, Callable[[], Any]] = {
        "latency": lambda: [waits(contender.door, texts, n, length) for n in length.parents],
        "saturation": lambda: asyncio.run(
            crowd(contender.door, texts, SATURATION, length.seconds / 2, think=0)
        ),
        "overload": lambda: overload(contender, texts, length),
    }
    chosen = [name for name in on_one if name in parts]
    if chosen:
        contender.start()
        try:
            for name in chosen:
                found[name] = _said(contender, name, on_one[name]())
            if "latency" in chosen:
                engine = contender.engine_door
                one = waits(engine, texts, 1, length) if engine else found["latency"][0]
                found["direct"] = _said(contender, "direct", one)
        finally:
            contender.stop()
    if "memory" in parts:
        found["memory"] = _said(contender, "memory", memory(contender, texts, length))
    return found


def _said(contender: Contender, part: str, found: Any) -> Any:
    shown = {k: v for k, v in found.items() if k != "samples"} if isinstance(found, dict) else found
    print(f"{contender.name}, {part}: {json.dumps(shown)}", flush=True)
    return found


def understanding() -> dict[str, float]:
    command = [ENGINE / "python", "-m", "evaluation.understanding"]
    done = subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT)
    return json.loads(done.stdout.splitlines()[-1])


def machine() -> dict[str, Any]:
    """What it was measured on, and how busy that was before."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    names = [line.split(":")[1].strip() for line in info.splitlines() if "model name" in line]
    return {
        "processor": names[0] if names else platform.machine(),
        "cores": os.cpu_count(),
        "busy": os.getloadavg()[0],
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", default=",".join(PARTS), help="comma between")
    parser.add_argument("--short", action="store_true", help="only shows that it works")
    arguments = parser.parse_args()
    parts = arguments.parts.split(",")
    if unknown := set(parts) - set(PARTS):
        sys.exit(f"{', '.join(sorted(unknown))}: there are {', '.join(PARTS)}.")
    length = Length(arguments.short)
    texts = [m["text"] for m in yaml.safe_load(MESSAGES.read_text(encoding="utf-8"))]
    found: dict[str, Any] = {
        "date": date.today().isoformat(),
        "machine": machine(),
        "longest_training_s": LONGEST_TRAINING,
    }
    if found["machine"]["busy"] > 0.5:
        print(f"The machine is busy ({found['machine']['busy']:.1f}): the figures will show it.")
    if "understanding" in parts:
        found["understanding"] = understanding()
        print(f"understanding: {json.dumps(found['understanding'])}", flush=True)
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        for contender in (Ours(Path(name) / "ours"), Template(Path(name))):
            measured = served(contender, texts, parts, length)
            if "training" in parts:
                measured["training_s"] = contender.seconds_to_train()
                print(f"{contender.name}, training: {measured['training_s']:.1f} s", flush=True)
            found[contender.name] = measured
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    if set(parts) == set(PARTS) and not length.short:
        write = [ENGINE / "python", "-m", "evaluation.performance", RESULTS]
        subprocess.run(write, check=True, cwd=ROOT)
    else:
        print(f"Not a complete run: {RESULTS.relative_to(ROOT)}, but not docs/performance.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
