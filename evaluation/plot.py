"""The figures as a picture (SVG, the same bytes for the same figures)."""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from evaluation.calibration import reliability
from evaluation.measure import Outcome, by_kind

OURS, PALE = "#1b5e7d", "#b9d3df"
# Text stays text, and what matplotlib would otherwise draw by lot is fixed.
SETTINGS = {"svg.fonttype": "none", "svg.hashsalt": "accuracy", "font.size": 9}


def draw(found: Sequence[Outcome], path: Path) -> None:
    """The reliability curve, and the share understood by kind of message."""
    with matplotlib.rc_context(SETTINGS):
        figure = Figure(figsize=(9, 4), constrained_layout=True)
        curve, bars = figure.subplots(1, 2)

        stated = np.array([one.confidence for one in found])
        right = np.array([one.acceptable for one in found])
        said, came, counts = zip(*reliability(stated, right))
        curve.plot([0, 1], [0, 1], color="grey", linestyle=":", linewidth=1)
        curve.plot(said, came, color=OURS, linewidth=1)
        sizes = [10 * count**0.5 for count in counts]
        curve.scatter(said, came, s=sizes, color=OURS, alpha=0.6, clip_on=False)
        curve.set(xlim=(0, 1.03), ylim=(0, 1.03), xlabel="stated certainty", aspect="equal")
        curve.set(ylabel="share acceptable", title="Does the certainty come true?")

        kinds = by_kind(found)
        names = [f"{name} ({figures.messages})" for name, figures in kinds.items()]
        bars.barh(names, [figures.in_three for figures in kinds.values()], color=PALE)
        bars.barh(names, [figures.acceptable_first for figures in kinds.values()], color=OURS)
        bars.invert_yaxis()
        bars.set(xlim=(0, 1), title="Acceptable first (dark), in three (pale)")
        for axes in (curve, bars):
            axes.spines[["top", "right"]].set_visible(False)
        drawn = StringIO()
        figure.savefig(drawn, format="svg", metadata={"Date": None})
    # In quotes it would be the name of a font nobody has.
    path.write_text(drawn.getvalue().replace("'sans-serif'", "sans-serif"), encoding="utf-8")
