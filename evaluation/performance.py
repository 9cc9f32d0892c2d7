"""What ``make bench`` measured, as ``docs/performance.md`` and its picture. Runs in the engine's
environment, which has matplotlib."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure

from environment import ROOT
from evaluation.plot import OURS, PALE, SETTINGS

DOCUMENT = ROOT / "docs" / "performance.md"
CONTENDERS = {"ours": OURS, "rasa init": PALE}

# What it has to show: the figure beside the template's, and at most which share of it.
GOALS: tuple[tuple[str, str, float, Callable[[Mapping[str, Any]], float]], ...] = (
    ("cold start to the first answer", "s", 1 / 3, lambda one: one["start"]["median_s"]),
    ("a message, median, one parent", "ms", 1 / 2, lambda one: one["latency"][0]["p50_ms"]),
    (
        "a message, median, one parent, the engine asked directly",
        "ms",
        1 / 2,
        lambda one: one["direct"]["p50_ms"],
    ),
    (
        "memory of the engine after the conversations",
        "MB",
        1 / 2,
        lambda one: one["memory"]["samples"][-1]["engine"],
    ),
    ("training on the same 1,000 phrases", "s", 1 / 10, lambda one: one["training_s"]),
)


def as_markdown(found: Mapping[str, Any]) -> str:
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Mapping[str, Any]) -> Iterator[str]:
    ours, template = found["ours"], found["rasa init"]
    machine = found["machine"]
    yield "# Speed and memory"
    yield ""
    yield (
        f"Written by `make bench` on {found['date']}; {machine['cores']} cores of "
        f"{machine['processor']}, load {machine['busy']:.1f} before. Ours is the whole product "
        "over its public API; the template is what `rasa init` makes, Rasa's server alone over its "
        "REST channel. Asked directly, ours is the engine over its private channel, without the "
        "web side: there like is compared with like. Both get the messages of "
        "`tests/messages/messages.yml`, and the load comes from the same machine."
    )
    yield from ("", "![Waits and memory](performance.svg)", "")
    yield from ("## Beside the template", "", "| | ours | `rasa init` | share | at most |")
    yield "|---|--:|--:|--:|--:|"
    for name, unit, most, figure in GOALS:
        a, b = figure(ours), figure(template)
        stopped = unit == "s" and b >= found["longest_training_s"]
        over, under = ("over ", "under ") if stopped else ("", "")
        shown = f"{a:.1f} {unit} | {over}{b:.1f} {unit} | {under}{a / b:.2f}"
        yield f"| {name} | {shown} | {most:.2f} |"
    understood = found["understanding"]
    yield ""
    yield (
        f"A message is understood in {understood['median_ms']:.1f} ms (median; 95 % within "
        f"{understood['p95_ms']:.1f} ms), goal 30 ms. The sentence encoder alone, as its own "
        f"package runs it, takes {understood['package_encoder_median_ms']:.1f} ms."
    )
    yield from ("", "## Parents at the same time", "")
    yield (
        "They think for five seconds between messages (one parent does not: as fast as answered). "
        "Milliseconds. Goal: 100 parents, 95 % within a second, no error."
    )
    yield ""
    yield "| parents | | p50 | p95 | p99 | messages/s | answered | help lines | failed |"
    yield "|--:|---|--:|--:|--:|--:|--:|--:|--:|"
    for rows in zip(ours["latency"], template["latency"]):
        for name, row in zip(CONTENDERS, rows):
            yield _row(str(row["parents"]), name, row)
    yield ""
    yield "As fast as they are answered, and ten times as many parents as above:"
    yield ""
    yield "| parents | | p50 | p95 | p99 | messages/s | answered | help lines | failed |"
    yield "|--:|---|--:|--:|--:|--:|--:|--:|--:|"
    for part in ("saturation", "overload"):
        for name in CONTENDERS:
            row = found[name][part]
            yield _row(f"{row['parents']} ({part})", name, row)
    yield ""
    for name in CONTENDERS:
        row = found[name]["overload"]
        again = row["recovered_s"]
        ended = f"; ended: {', '.join(row['ended'])}" if row["ended"] else ""
        after = "not within a minute" if again is None else f"after {again:.1f} s"
        yield f"- {name}: as fast as before {after} when the overload ends{ended}"
    yield from ("", "## Memory", "")
    yield "MB that each process holds; the last column is how far it moved from its mean after the"
    yield "first 500 of 2,000 conversations. Goal: 5 %."
    yield from ("", "| | process | at first | at the end | moved |", "|---|---|--:|--:|--:|")
    for name in CONTENDERS:
        held = found[name]["memory"]
        for process, first in held["first"].items():
            last = held["samples"][-1][process]
            moved = held["moved"][process]
            yield f"| {name} | {process} | {first:.0f} | {last:.0f} | ±{100 * moved:.1f} % |"


def _row(parents: str, name: str, row: Mapping[str, Any]) -> str:
    waits = " | ".join(f"{row[key]:.0f}" for key in ("p50_ms", "p95_ms", "p99_ms"))
    kinds = " | ".join(str(row[key]) for key in ("answered", "helped", "failed"))
    return f"| {parents} | {name} | {waits} | {row['per_second']:.1f} | {kinds} |"


def draw(found: Mapping[str, Any], path: Path) -> None:
    """The waits by number of parents, and the engine's memory by conversations."""
    with matplotlib.rc_context({**SETTINGS, "svg.hashsalt": "performance"}):
        figure = Figure(figsize=(9, 4), constrained_layout=True)
        waits, memory = figure.subplots(1, 2)
        for name, colour in CONTENDERS.items():
            rows = found[name]["latency"]
            parents = [row["parents"] for row in rows]
            for key, line in (("p50_ms", "-"), ("p95_ms", "--")):
                values = [row[key] for row in rows]
                label = f"{name}, {'median' if key == 'p50_ms' else '95 %'}"
                waits.plot(parents, values, line, color=colour, marker="o", label=label)
            samples = found[name]["memory"]["samples"]
            memory.plot(
                [one["conversations"] for one in samples],
                [one["engine"] for one in samples],
                color=colour,
                label=name,
            )
        waits.set(xlabel="parents at the same time", ylabel="ms", yscale="log", title="Waits")
        memory.set(xlabel="conversations", ylabel="MB", title="Memory of the engine")
        memory.set_ylim(bottom=0)
        for axes in (waits, memory):
            axes.legend(frameon=False)
            axes.spines[["top", "right"]].set_visible(False)
        drawn = StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    path.write_text(drawn.getvalue().replace("'sans-serif'", "sans-serif"), encoding="utf-8")


def main() -> int:
    found = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    DOCUMENT.write_text(as_markdown(found), encoding="utf-8")
    draw(found, DOCUMENT.with_suffix(".svg"))
    print(as_markdown(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
