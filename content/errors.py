"""Content errors in words that a person who does not program can act on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One thing wrong in one content file.

    ``what`` and ``remedy`` are Danish sentences: SSP staff read them.
    """

    file: Path
    line: int | None
    what: str
    remedy: str
    warning: bool = False

    def __str__(self) -> str:
        place = f"{self.file}, linje {self.line}" if self.line else f"{self.file}"
        kind = "Bemærk" if self.warning else "Fejl"
        return f"{kind} i {place}: {self.what} {self.remedy}"


class ContentError(ValueError):
    """A content file that cannot be used; carries every problem found in it."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))
