"""The figures as text for the terminal, as JSON and as Markdown for ``docs/accuracy.md``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from evaluation.measure import (
    Acute,
    Outcome,
    Summary,
    acute,
    by_answer,
    by_kind,
    confusions,
    summary,
)

ALL = "all"
COLUMNS = {
    "acceptable_first": "first",
    "exact_first": "exact",
    "in_three": "in three",
    "asked_back": "asked back",
    "wrong_and_certain": "wrong, certain",
    "calibration_error": "calib. error",
}
SHOWN = 15  # of a long list in the document

Files = Mapping[str, Sequence[Outcome]]


def everything(files: Files) -> list[Outcome]:
    """The messages of all files."""
    return [one for found in files.values() for one in found]


def by_file(files: Files) -> dict[str, Summary]:
    """The figures for each file, and for all when there are several."""
    found = {name: summary(outcomes) for name, outcomes in files.items()}
    return {**found, ALL: summary(everything(files))} if len(files) > 1 else found


def as_json(files: Files, today: date) -> dict[str, Any]:
    """Everything measured, as one JSON document."""
    found = everything(files)
    return {
        "date": today.isoformat(),
        "files": _plain(by_file(files)),
        "kinds": _plain(by_kind(found)),
        "answers": _plain(by_answer(found)),
        "acute": asdict(acute(found)),
        "confusions": [
            {"expected": best, "first": first, "messages": count}
            for best, first, count in confusions(found)
        ],
        "wrong": [asdict(one) for one in found if not one.acceptable],
    }


def _plain(summaries: Mapping[str, Summary]) -> dict[str, Any]:
    return {
        name: {key: round(value, 4) for key, value in asdict(figures).items()}
        for name, figures in summaries.items()
    }


# --- text ----------------------------------------------------------------------------------------


def as_text(files: Files) -> str:
    """Everything measured, for the terminal."""
    found = everything(files)
    lines = _text_table("file", by_file(files))
    lines += ["", *_text_table("kind", by_kind(found))]
    lines += ["", *_text_table("best answer", by_answer(found))]
    lines += ["", _acute_sentence(acute(found)), "", "Confusions (best answer → first answer):"]
    lines += [f"{count:5}  {best} → {first}" for best, first, count in confusions(found)]
    lines += ["", "Not acceptable first (? = asked back):"]
    lines += [
        f"  {o.confidence:.2f} {'?' if o.asked_back else ' '} {'/'.join(o.ranking[:3])}"
        f"  expected {'/'.join(o.expected)}: {o.text[:100]}"
        for o in found
        if not o.acceptable
    ]
    return "\n".join(lines)


def _text_table(title: str, summaries: Mapping[str, Summary]) -> list[str]:
    head = f"{title:28}{'messages':>9}" + "".join(f"{name:>15}" for name in COLUMNS.values())
    return [head] + [
        f"{name:28}{figures.messages:>9}"
        + "".join(f"{getattr(figures, column):>15.3f}" for column in COLUMNS)
        for name, figures in summaries.items()
    ]


def _acute_sentence(figures: Acute) -> str:
    return (
        f"Acute: {figures.caught} of {figures.needed} messages that need an acute answer get one; "
        f"{figures.false_alarms} of the {figures.others} that need none get one all the same."
    )


# --- the document --------------------------------------------------------------------------------

_INTRODUCTION = """\
# How well the assistant understands

Measured on {day} by `make accuracy` on {messages} labelled messages in `tests/messages/`, none of
which is trained on (`tests/assistant/test_training_data.py` compares). Every message goes through
the whole pipeline, safety step and fallback included, as the first message of a conversation.

![Stated and actual certainty, and the share understood by kind of message](accuracy.svg)

- *first*: the first answer is an acceptable one; *exact*: it is the best one.
- *in three*: an acceptable answer is among the three that a parent who is asked back can choose.
- *asked back*: too uncertain to answer; the parent is asked "Mente du …". All others are answered.
  (Being passed on to people needs a second miss in a row, so it does not show here.)
- *wrong, certain*: a wrong answer was given, and the parent was not asked.
- *calib. error*: expected calibration error, how far the stated certainty is from what comes true.

Small groups say little: of 10 messages one is 10 %.
"""

_TEMPLATE = """\
## Beside Rasa's template

The pipeline that `rasa init` writes (word and character counts, DIET), measured on {day} by
`make evaluate-template` on the same messages. It was trained on the {phrases} phrases of at most
{longest} words for {epochs} epochs; all phrases and the template's own 100 epochs would take
hours.
"""


def as_markdown(files: Files, today: date, template: Mapping[str, Any] | None = None) -> str:
    """The document. ``template`` is what :mod:`evaluation.compare` kept."""
    found = everything(files)
    ours = by_file(files)
    lines = [_INTRODUCTION.format(day=today.isoformat(), messages=len(found))]
    lines += ["## By file", "", *_table("file", ours), ""]
    if template:
        trained = {**template["trained"], "day": template["date"]}
        lines.append(_TEMPLATE.format(**trained))
        both = {f"{name}, ours": figures for name, figures in ours.items()}
        both |= {
            f"{name}, template": Summary(**figures) for name, figures in template["files"].items()
        }
        lines += [*_table("file, pipeline", dict(sorted(both.items()))), ""]
        lines += [f"Template. {_acute_sentence(Acute(**template['acute']))}", ""]
    lines += ["## Acute messages", "", _acute_sentence(acute(found)), ""]
    lines += _acute_mistakes(found)
    lines += ["## By kind of message", "", *_table("kind", by_kind(found)), ""]
    worst = [item for item in by_answer(found).items() if item[1].acceptable_first < 1][:SHOWN]
    lines += ["## The least understood answers", "", *_table("best answer", dict(worst)), ""]
    lines += ["## What is taken for what", "", "| best answer | first answer | messages |"]
    lines += ["|---|---|--:|"]
    rows = confusions(found)[:SHOWN]
    lines += [f"| {best} | {first} | {count} |" for best, first, count in rows]
    return "\n".join(lines) + "\n"


def _acute_mistakes(found: Iterable[Outcome]) -> Iterator[str]:
    """The few where it matters most, word for word."""
    for one in found:
        if one.missed:
            yield f"- missed ({one.expected[0]} → {one.ranking[0]}): {one.text}"
        elif one.false_alarm:
            yield f"- false alarm ({one.expected[0]} → {one.ranking[0]}): {one.text}"
    yield ""


def _table(title: str, summaries: Mapping[str, Summary]) -> list[str]:
    head = [title, "messages", *COLUMNS.values()]
    rows = [
        [name, str(figures.messages), *(f"{getattr(figures, key):.3f}" for key in COLUMNS)]
        for name, figures in summaries.items()
    ]
    rule = ["---", *("--:" for _ in head[1:])]
    return [f"| {' | '.join(row)} |" for row in (head, rule, *rows)]
