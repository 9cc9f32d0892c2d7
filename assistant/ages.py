"""The child's age in what a parent writes: digits, words and school grades.

The law's borders are 15 and 18, so a grade that may lie on either side of 15 (the eighth)
gives no age band: better to say nothing than to give a 14-year-old the text for a 15-year-old.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORDS = {
    "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8, "ni": 9, "ti": 10, "elleve": 11,
    "tolv": 12, "tretten": 13, "fjorten": 14, "femten": 15, "seksten": 16, "sytten": 17,
    "atten": 18, "nitten": 19,
}  # fmt: skip
_ORDINALS = {
    "første": 1, "anden": 2, "tredje": 3, "fjerde": 4, "femte": 5, "sjette": 6,
    "syvende": 7, "ottende": 8, "niende": 9, "tiende": 10,
}  # fmt: skip
YOUNGEST, OLDEST = 4, 19  # years; older people in a message are not the child

_NUMBER = r"(?P<number>\d{1,2}|" + "|".join(sorted(_WORDS, key=len, reverse=True)) + ")"
_GRADE = r"(?P<grade>\d{1,2}|" + "|".join(_ORDINALS) + ")"
_NOT_AFTER = r"(?!\s*(?:år|års|aar)?\s*(?:siden|i\s*træk|fængsel|betinget|strafferamme))"
_PATTERNS = [
    # "14 år", "14-årig", "fjortenårige", "14års", "14 aar"
    re.compile(_NUMBER + r"\s*-?\s*(?:års?|åri\w*|aars?|aari\w*|year)\b" + _NOT_AFTER),
    # "(14)", "pige, 13,", "datter 15"
    re.compile(r"(?<=\()\s*" + _NUMBER + r"\s*(?=\))"),
    re.compile(
        r"\b(?:søn\w*|datter\w*|dreng\w*|pige\w*|barn\w*|knægt\w*|tøs\w*|teenager\w*|unge|unger|mand|han|hun)"
        r",?\s+(?:er\s+|på\s+|kun\s+|bare\s+|lige\s+|fyldt\s+|blevet\s+|nu\s+){0,4}"
        + _NUMBER
        + r"(?![\d.:]|\s*(?:kr|kroner|%|minut|time|dag|uge|måned|gang|billed|video|besked|andre|forskellige|stk|cm|høj|kg|klasse))"
        r"(?=\W|$)"
    ),
    # "på 14", "fyldt 15", "bliver 15"
    re.compile(
        r"\b(?:på|fyldt|fylder|bliver|blev)\s+(?:kun\s+|bare\s+|lige\s+|snart\s+)?"
        + _NUMBER
        + r"(?![\d.:]|\s*(?:kr|kroner|%|minut|time|dag|uge|måned|gang|billed|video|besked|andre|forskellige|stk|cm|platform|klasse|sekund|skole))"
        r"(?=\W|$)"
    ),
]
_GRADE_PATTERN = re.compile(
    r"\b" + _GRADE + r"\s*\.?\s*(?:klasses?|kl\b\.?|klassetrin)|"
    r"\bgår\s+i\s+" + _GRADE.replace("grade", "grade2") + r"\b(?:\s*\.?\s*[a-f]\b)?(?!\s*(?:skole|uge|år))|"
    r"\bi\s+(?P<grade3>\d)\s*\.?\s*[a-f]\b"
)
_DURATION = re.compile(
    r"(?:\bi|\bfor|\btil|\bom|\bover|\bunder|\bmindst|\bhøjst|\binden|\bcirka|\bca\.?)\s+(?:kun\s+|bare\s+|næsten\s+)?$"
)
_OWN = re.compile(
    r"\b(?:min|mit|vores|vor|mine|hendes|hans)\s+(?:\w+\s+){0,2}?"
    r"(?:søn|datter|dreng|pige|barn|knægt|tøs|teen\w*|unge|ældste|yngste|mellemste|bonus\w*|pleje\w*|barnebarn|sted\w*|niece|nevø|lille\w*|store\w*)\w*"
)
_OTHER = re.compile(
    r"\b(?:en|et|den|ham|nogle|to|tre|fremmed\w*|voksen|ældre|anden)\s+(?:\w+\s+){0,2}?"
    r"(?:mand|fyr|kvinde|dreng|pige|person|kæreste|ven|veninde|type|gut|drenge|piger|bror|søster)\w*"
)


@dataclass(frozen=True)
class Age:
    """An age in a text. ``years`` is None when only the band is known (a school grade)."""

    start: int
    end: int
    years: int | None
    band: str


def band_of(years: int) -> str:
    """The age band of the law: ``under_15``, ``15_17`` or ``over_18``."""
    return "under_15" if years < 15 else "15_17" if years < 18 else "over_18"


def find_age(text: str) -> Age | None:
    """The age of the writer's own child, or None when the text does not say it."""
    lowered = text.lower()
    found: list[tuple[int, Age]] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(lowered):
            raw = match["number"]
            years = int(raw) if raw.isdigit() else _WORDS[raw]
            before = lowered[: match.start("number")]
            if not YOUNGEST <= years <= OLDEST or _DURATION.search(before):
                continue
            if re.search(r"(?:kl\.?|klokken|uge|§|nr\.?|nummer)\s*$", before):
                continue
            age = Age(match.start("number"), match.end(), years, band_of(years))
            found.append((_ownership(before + lowered[match.start("number"): match.end()]), age))
    for match in _GRADE_PATTERN.finditer(lowered):
        group = next(name for name in ("grade", "grade2", "grade3") if match[name])
        raw = match[group]
        grade = int(raw) if raw.isdigit() else _ORDINALS[raw]
        if not 0 <= grade <= 10 or grade == 8:
            continue
        band = "under_15" if grade < 8 else "15_17"
        age = Age(match.start(), match.end(), None, band)
        found.append((_ownership(lowered[: match.end()]) - 1, age))
    if not found:
        return None
    best = max(score for score, _ in found)
    return min((age for score, age in found if score == best), key=lambda age: age.start) if best > -1 else None


def _ownership(text: str) -> int:
    """2 when the last person named before the age is the writer's child, 0 when another, else 1."""
    clause = re.split(r"[.!?;]|\bog\b|\bmen\b|\baf\b|\bmed\b|\bfra\b|\btil\b", text)[-1]
    if _OWN.search(clause):
        return 2
    return 0 if _OTHER.search(clause) else 1
