"""``make check``: is everything in ``data/`` as it should be?

``python -m content.check [FOLDER] [--details] [--format text|json] [--links]``. Ends with 1 when
there are errors, with 0 when there are only warnings or nothing, and when links are listed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from content.errors import Problem
from content.library import DATA
from content.phrases import Phrase, near_contradictions
from content.validation import (
    EASY_LIX,
    FEWEST_PHRASES,
    REMEDIES,
    SOON,
    Remark,
    Report,
    check,
)

WIDTH = 96
NAMES_SHOWN = 4


class _Kind(NamedTuple):
    """How a kind of warning is summarised: "3 svar skulle have været …"."""

    one: str
    many: str
    says: str


_ANSWER = ("svar", "svar")
_KINDS = {
    "overdue": _Kind(*_ANSWER, "skulle have været gennemgået igen"),
    "due_soon": _Kind(*_ANSWER, f"skal gennemgås igen inden {SOON.days} dage"),
    "weak_fact": _Kind(*_ANSWER, "bygger på oplysninger, der ikke er sikre nok"),
    "old_source": _Kind("sted", "steder", "har en kilde, der er læst for mere end to år siden"),
    "no_age_variant": _Kind(*_ANSWER, "mangler råd efter barnets alder"),
    "no_afterwards": _Kind("akut svar", "akutte svar", "mangler '## Bagefter'"),
    "lix": _Kind(*_ANSWER, f"kan gøres lettere at læse (LIX over {EASY_LIX})"),
    "planned_step": _Kind(*_ANSWER, "peger videre på svar, der ikke er skrevet endnu"),
    "few_phrases": _Kind(*_ANSWER, f"har færre end {FEWEST_PHRASES} træningssætninger"),
    "near_contradiction": _Kind(
        "par træningssætninger",
        "par træningssætninger",
        "har næsten de samme ord, men står under hvert sit svar",
    ),
    "unconfirmed_helpline": _Kind("tilbud", "tilbud", "i hjaelp.yml er ikke bekræftet"),
    "unchecked_language": _Kind(
        "sprog", "sprog", "er ikke kontrolleret af en, der har det som modersmål"
    ),
    "old_confirmation": _Kind(
        "kommune", "kommuner", "har en kontakt, der er bekræftet for mere end to år siden"
    ),
    "no_source": _Kind("kommune", "kommuner", "har en oplysning om SSP uden kilde"),
    "no_phone": _Kind(
        "kommune", "kommuner", "har intet telefonnummer på kontaktkortet ud over 112 og 114"
    ),
    "odd_source": _Kind(
        "kommune", "kommuner", "viser noget på kontaktkortet uden en side på nettet som kilde"
    ),
}
_REMEDIES = {
    **REMEDIES,
    "near_contradiction": "Læs begge. Spørger de om det samme, så slet den, der står forkert; gør "
    "de ikke, så lad dem stå.",
}
_STATUSES = {"draft": "kladde", "approved": "godkendt", "review_due": "skal gennemgås igen"}


def main(arguments: Sequence[str] | None = None) -> int:
    """Checks and prints; returns the exit status."""
    options = _parser().parse_args(arguments)
    if not options.folder.is_dir():
        print(f"Mappen {options.folder} findes ikke.", file=sys.stderr)
        return 2
    report = check(options.folder.resolve())
    report.remarks += near_contradiction_remarks(report.phrases)
    if options.format == "json":
        print(json.dumps(as_json(report), ensure_ascii=False, indent=2))
    elif options.links:
        print("\n".join(link_lines(report)))
        return 0
    else:
        print("\n".join(text_lines(report, options.details)))
    return 1 if report.errors else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m content.check",
        description="Ser efter fejl og mangler i indholdet.",
    )
    parser.add_argument("folder", nargs="?", type=Path, default=DATA, help="mappen med indholdet")
    parser.add_argument("--details", action="store_true", help="vis alle bemærkninger og alle tal")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument(
        "--links", action="store_true", help="vis alle adresser, så et menneske kan se dem efter"
    )
    return parser


def near_contradiction_remarks(phrases: Iterable[Phrase]) -> Iterator[Remark]:
    """A remark for each pair of phrases that a parent could hardly tell apart."""
    for earlier, later in near_contradictions(phrases):
        what = (
            f"»{_shortened(later.text)}« ({later.intent}) ligner »{_shortened(earlier.text)}« "
            f"({earlier.intent}, {earlier.path.name}, linje {earlier.line})."
        )
        remedy = _REMEDIES["near_contradiction"]
        problem = Problem(later.path, later.line, what, remedy, warning=True)
        name = " og ".join(f"{phrase.path.name}:{phrase.line}" for phrase in (earlier, later))
        yield Remark("near_contradiction", name, problem)


def _shortened(text: str) -> str:
    return textwrap.shorten(text, 70, placeholder=" …")


# --- for people ----------------------------------------------------------------------------------


def text_lines(report: Report, details: bool = False) -> Iterator[str]:
    """The report for a person: errors, warnings, summary."""
    yield from error_lines(report) if report.errors else ("Der er ingen fejl i indholdet.",)
    if report.remarks:
        yield ""
        yield "Bemærk (det stopper ikke assistenten):"
        if not details:
            yield "  Vil du se dem alle, så skriv: make check DETAILS=1"
        for kind in _KINDS:
            group = [remark for remark in report.remarks if remark.kind == kind]
            yield from _group_lines(kind, group, report, details) if group else ()
    yield ""
    yield "Kort fortalt:"
    yield from _wrapped_all(_summary_lines(report))
    if details:
        yield ""
        yield from _table_lines(report)


def error_lines(report: Report) -> Iterator[str]:
    """The errors for a person: where, what and the remedy."""
    yield f"{_counted(len(report.errors), 'fejl', 'fejl')} skal rettes:"
    for problem in report.errors:
        yield ""
        yield from _wrapped(f"{_place(problem, report)}: {problem.what}", "  ", "    ")
        yield from _wrapped(problem.remedy, "    → ", "      ")


def _group_lines(kind: str, group: list[Remark], report: Report, details: bool) -> Iterator[str]:
    names = list(dict.fromkeys(remark.name for remark in group))
    one, many, says = _KINDS[kind]
    head = f"{_counted(len(names), one, many)} {says}"
    yield ""
    if details:
        yield from _wrapped(f"{head}. {_REMEDIES[kind]}", "- ", "  ")
        for remark in group:
            yield from _wrapped(f"{_place(remark.problem, report)}: {remark.problem.what}", "    ",
                                "      ")  # fmt: skip
    else:
        rest = len(names) - NAMES_SHOWN
        shown = ", ".join(names[:NAMES_SHOWN]) + (f" og {rest} til" if rest > 0 else "")
        yield from _wrapped(f"{head}: {shown}. {_REMEDIES[kind]}", "- ", "  ")


def _summary_lines(report: Report) -> Iterator[str]:
    answers = report.answers
    statuses = Counter(state.status for state in answers)
    yield (
        f"{len(answers)} svar: {_counted(statuses['draft'], 'kladde', 'kladder')}, "
        f"{_counted(statuses['approved'], 'godkendt', 'godkendte')}, "
        f"{statuses['review_due']} skal gennemgås igen."
    )
    if report.planned:
        yield f"{len(report.planned)} svar er planlagt, men ikke skrevet."
    if answers:
        total = sum(state.words for state in answers)
        longest = max(answers, key=lambda state: state.longest)
        hardest = max(answers, key=lambda state: state.lix)
        yield (
            f"{_thousands(total)} ord i svarenes første del, "
            f"{round(total / len(answers))} i gennemsnit. "
            f"Længst med 'Hvis …' er {longest.id} ({longest.longest})."
        )
        yield (
            f"LIX er {sum(state.lix for state in answers) / len(answers):.0f} i gennemsnit. "
            f"Sværest at læse er {hardest.id} ({hardest.lix:.0f})."
        )
    dead = f"{report.dead_steps} peger ikke på noget" if report.dead_steps else "alle fører frem"
    yield f"{report.steps} veje fra svar til svar ('naeste'); {dead}."
    yield f"{_thousands(len(report.phrases))} træningssætninger."
    yield (
        f"{_thousands(len(report.links))} adresser uden for produktet. De bliver ikke åbnet her; "
        "se dem efter med: make check LINKS=1"
    )


def _table_lines(report: Report) -> Iterator[str]:
    width = max([len(state.id) for state in report.answers], default=0)
    yield f"{'Svar':{width}}   Ord  Længst   LIX  Sætninger  Status"
    for state in report.answers:
        yield (
            f"{state.id:{width}}  {state.words:4}  {state.longest:6}  {state.lix:4.0f}  "
            f"{state.phrases:9}  {_STATUSES[state.status]}"
        )
    if report.plan_lines:
        yield ""
        yield "Ret også linjerne i handleplan.yml, når du retter et af disse svar:"
    for id_, lines in sorted(report.plan_lines.items()):
        yield from _wrapped(f"{id_}: linje {', '.join(map(str, lines))}", "", "  ")


def link_lines(report: Report) -> Iterator[str]:
    """Every external address, the one read longest ago first."""
    yield f"{len(report.links)} adresser uden for produktet. Åbn dem, og se, om de stadig passer."
    yield "Først står dagen, siden sidst blev læst, så vidt vi ved. De ældste står øverst."
    for link in report.links:
        yield ""
        yield f"{link.seen or 'uden dato'}  {link.url}"
        files = [str(_relative(file, report)) for file in link.files]
        yield from _wrapped(", ".join(files), "    ", "    ")


def _place(problem: Problem, report: Report) -> str:
    line = f", linje {problem.line}" if problem.line else ""
    return f"{_relative(problem.file, report)}{line}"


def _relative(path: Path, report: Report) -> Path:
    base = report.root.parent
    return path.relative_to(base) if path.is_relative_to(base) else path


def _counted(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _thousands(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _wrapped(text: str, first: str, rest: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _wrapped_all(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from _wrapped(line, "- ", "  ")


# --- for machines --------------------------------------------------------------------------------


def as_json(report: Report) -> dict[str, Any]:
    """The report as one JSON document; the sentences in it are Danish, the keys English."""

    def problem(item: Problem) -> dict[str, Any]:
        return {
            "file": _relative(item.file, report).as_posix(),
            "line": item.line,
            "what": item.what,
            "remedy": item.remedy,
        }

    statuses = Counter(state.status for state in report.answers)
    return {
        "ok": not report.errors,
        "date": report.today.isoformat(),
        "errors": [problem(error) for error in report.errors],
        "warnings": [
            {"kind": remark.kind, "name": remark.name, **problem(remark.problem)}
            for remark in report.remarks
        ],
        "summary": {
            "answers": {status: statuses[status] for status in _STATUSES},
            "planned": report.planned,
            "words": sum(state.words for state in report.answers),
            "steps": report.steps,
            "dead_steps": report.dead_steps,
            "phrases": len(report.phrases),
            "links": len(report.links),
        },
        "answers": [asdict(state) for state in report.answers],
        "links": [
            {
                "url": link.url,
                "seen": link.seen,
                "files": [_relative(file, report).as_posix() for file in link.files],
            }
            for link in report.links
        ],
    }


if __name__ == "__main__":
    try:
        sys.exit(main())
    except BrokenPipeError:  # whoever reads has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
