"""The child's age in what a parent writes: digits, words and school grades.

The law's borders are 15 and 18, so a grade that may lie on either side of 15 (the eighth and
the ninth) gives no age band: better to say nothing than to give a 14-year-old the text for a
15-year-old. For the same reason "bliver 15 på lørdag" is 14.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

YOUNGEST, OLDEST = 4, 19  # years; older people in a message are not the child

_WORDS = {
    "fire": 4, "fem": 5, "seks": 6, "syv": 7, "otte": 8, "ni": 9, "ti": 10, "elleve": 11,
    "tolv": 12, "tretten": 13, "fjorten": 14, "femten": 15, "seksten": 16, "sytten": 17,
    "atten": 18, "nitten": 19,
}  # fmt: skip
_ORDINALS = {
    "første": 1, "anden": 2, "tredje": 3, "fjerde": 4, "femte": 5, "sjette": 6,
    "syvende": 7, "ottende": 8, "niende": 9, "tiende": 10,
}  # fmt: skip

# --- the number ---------------------------------------------------------------------------------

_YEARS_OLD = rf"(\d{{1,2}}|{'|'.join(sorted(_WORDS, reverse=True))})"
# By itself: not part of an amount, a time, a date, a longer number, "§ 232" or "U14".
_NUMBER = re.compile(
    rf"(?<![\w§])(?<!\d[.,:/-]){_YEARS_OLD}"
    r"(?:,5|\s?½|\s1/2)?(?:\s?[-–/]\s?(\d{1,2}))?(?![.,:/\s]?\d)"
)
# "14 eller 15", "14 år, nej 15", "12, 14 og 16"; not "14 og 15 af dem", "14 og fire store drenge"
_OR = r"(?:eller|og|nej|til|måske)"
_ANOTHER = re.compile(
    r"(?:\s?(?:år|aar)\b)?"
    rf"(?:[,.]*\s+[(–-]?(?:{_OR}\b,?\s+){{1,3}}(?:(?<=nej\s)h[au]n\s+er\s+|(?<=nej,\s)h[au]n\s+er\s+)?"
    rf"|,\s+(?=\w+,?\s+{_OR}\s)){_YEARS_OLD}"
    r"(?![.,:/\s]?\d|\s+af\b|\s+(?:\w+e\s+)?(?:drenge|piger|fyre|unge|mænd|venner|veninder)\b)"
)
_IN_BRACKETS = re.compile(r"\(\s*$"), re.compile(r"\s*\)")
_YEARS = re.compile(r"\s*(?:-\s*)?(?:(?P<old>å|aa)ri\w*|(?:år|aar)s?|year)\b")
# What can be counted, so that a number before it is no age: "15 drenge", "på 14 dage".
_COUNTED = re.compile(
    r"\w|\.?\s*(?:%|(?:kr|kroner|tusind|hundrede|procent|sek\w*|min|minut\w*|timer?|døgn|dage?|uger?"
    r"|måned\w*|mdr|gange?|billed\w*|film|video\w*|besked\w*|snaps|stk|styk\w*|cm|meter|km|kg|mb|gb|høj"
    r"|i\s+alt|mod\s+en|andre|forskellig\w*|drenge|piger|børn|unge|elever|venner|veninder|\w*kammerater|person\w*"
    r"|menneske\w*|mand|mænd|profiler|konti|følgere|likes|platforme|grupper|apps|sider|skoler|klass\w*"
    r"|årgang\w*|sal|telefon\w*|sprog)\b)"
)
_PENALTY = re.compile(r"\s*(?:siden|i\s+træk|fængsel|betinget|strafferamme)")

# --- what stands before it ----------------------------------------------------------------------

_GIRL = r"\w*(?:datter|døtre|pige|tøs|niece|søster)(?:en|n|rne|r|s)?"
_BOY = r"\w*(?:søn(?:n|nike)?|dreng|knægt|knejt|nevø|bror)(?:ene|en|e|s)?"
_CHILD = (
    rf"(?:{_GIRL}|{_BOY}|\w*(?:barn|børn)(?:et|ene|s)?|unge[nr]?|(?=\w*(?:teen|tvilling))\w+"
    r"|ældste|yngste|mellemste|mindste)"
)
_SOON = r"(?:snart|næsten|knap|bliver|fylder)"
_FILLER = (
    r"(?:er|æ|e|på|kun|bare|lige|selv|altså|jo|nu|i\s+dag|allerede|fyldte?|blevet|begge(?:\s+to)?"
    rf"|ca\.?|cirka|omkring|vist|nok|{_SOON})"
)
# "min søn Tim er", "en datter som er"; not "lagt min datter ud", "en pige han"
_NAME = (
    r"(?:(?<!s)\s+(?!(?:ud|op|ind|ned|hjem|rundt|videre|han|hun|de|den|det)\b)[^\W\d]+"
    r"(?=\s+(?:er|æ|på)\s))?"
)
# "pige, 13", "han er kun 14", "Emil på 14", "lige fyldt 15", "hun er under 15"
_LEAD = re.compile(
    rf"\b(?:(?P<subject>{_CHILD}{_NAME}|alder(?:en)?:?|mine?|mit|han|hun|hn|(?:de|jeg)(?=\s+{_FILLER}\s)),?|på"
    rf"|fyldte?|blev|{_SOON})\s+(?:{_FILLER}\s+){{0,4}}(?:(?<=er )(?P<border>under|over)\s+)?$"
)
_NOT_REACHED = re.compile(r"\bikke\s+(?:\w+\s+){0,2}fyldt\s+$")
_NOT_YET = re.compile(rf"\b(?:{_SOON}|ikke\s+(?:er\s+)?(?:fyldt|blevet))\s+(?:\w+\s+)?$")
# "i 14 år", "kl. 14", "under 15", "straffen er 6 år"
_DURATION = re.compile(
    r"\b(?:i|for|til|om|over|under|mindst|højst|inden|efter|gennem|op|kl\.?|klokken(?:\s+er)?|uge"
    r"|nr\.?|nummer|(?<!i )dag|det|får?|giver?|idømt"
    r"|\w*(?:straf|ramme|fængsel|dom)\w*(?:\s+(?:er|på)){0,2})\s+(?:(?:kun|bare|næsten|snart|til|ca\.?|cirka)\s+)?$"
)
# "når hun bliver 18", "siger han er 15": an age to come or long past, or one a stranger claims.
_ELSEWHEN = re.compile(
    rf"\b(?:(?:når|hvornår)\s+(?:han|hun|de|{_CHILD})\s+(?:er\s+fyldt|bliver|fylder)"
    rf"|(?:før|inden|indtil|til|fra|siden|dengang|siger|sagde|skriver|skrev|påstår|påstod)\s+(?:at\s+)?"
    rf"(?:han|hun|de|{_CHILD})\s+(?:er|var|blev|bliver|fylder|fyldte))\s+(?:\w+\s+)?$"
)

# --- whose it is --------------------------------------------------------------------------------

_OWN = re.compile(
    r"\b(?:min|mit|mine|vores|vor|hendes|hans)\s+"
    rf"(?:(?:\w+\s+){{0,2}}?(?:(?P<girl>{_GIRL})|(?P<boy>{_BOY})|{_CHILD})\b|$)"
)
_OTHER = re.compile(
    r"(?<!\ber )(?<!\bhar )(?<!, )\b(?:en|et|den|ham|nogle|to|tre|fremmed\w*|voksen|ældre|anden)\s+"
    rf"(?:(?:\w+\s+){{0,2}}?(?:{_GIRL}|{_BOY}|person\w*|type)|(?:på\s+)?$)"
)
_STRANGER = re.compile(
    r"\b(?:(?:mand|fyr|kvinde|gut|ven|veninde|\w*kæreste|\w*kammerat)(?:e?n)?"
    r"|(?:hans|hendes)\s+store(?:bror|søster)),?\s+"
    rf"(?:{_FILLER}\s+)+$"
)
_PRONOUN = re.compile(r"\bh[au]n\b[^.!?]*$")
_CLAUSE_ENDS = re.compile(r"[.!?;]|\b(?:og|men|af|med|fra|til)\b")

_GRADE_NUMBER = r"(\d{1,2}|" + "|".join(_ORDINALS) + r")\s*\.?\s*"
_GRADE = re.compile(
    # "7. klasse", "går i fjerde", "i 7.b"; "fra 9. klasse" is somebody else, "på 1. klasse" a train
    rf"(?<!\bfra )(?<!\bpå (?=1\W))(?<![\w.,:]){_GRADE_NUMBER}(?:klasse[ns]?|klassetrin|kl)\b"
    rf"|\bgår\s+i\s+{_GRADE_NUMBER}(?!\W*g\b)(?:[a-f]\b|klasse[ns]?\b)?(?=\s*(?:$|[.,!?)…]|(?:og|på|men|nu|så|der|som|klas)\b))"
    r"|(?<=\bi )(\d)\s*\.?\s*[a-f]\b|(?:^|(?<=[,(] ))(\d)\.[a-f](?=\s*(?:$|[.,!?)]))"
    rf"|\b(?:min|mit|vores|vor)\s+{_CHILD}\s+i\s+(\d)\.(?=\s+[^\W\d])"
)
_BANDS = {
    # In the second year of upper secondary school some are 18.
    "15_17": rf"\b(?:går\s+(?:\w+\s+)?|{_CHILD}\s+)i\s+(?P<said>1\.\s?(?:g|hf|htx|hhx))\b",
    "under_15": r"\bgår\s+(?:\w+\s+)?i\s+"
    r"(?P<said>nulte|(?:børnehave|vuggestue|dagpleje)(?:n|klassen?)?)\b"
    rf"|\b(?:{_CHILD}|han|hun|hn)\s+(?:{_FILLER}\s+)+under\s+"
    r"(?P<age>(?:den\s+)?(?:(?:kriminelle|seksuelle)\s+)?lavalder(?:en)?)\b",
}


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
    lowered = text.replace("İ", "I").lower()  # "İ" is two characters in lower case
    own = [match for match in _OWN.finditer(lowered) if match[0][0] in "mv"]  # min, vores
    found: list[tuple[int, bool, int, Age]] = []
    for age in (*_ages(lowered), *_grades(lowered), *_told_bands(lowered)):
        before = _before(lowered, age.start)
        spoken_of = {match.lastgroup for match in own if match.end() < age.start}
        closeness = _closeness(before, spoken_of)
        # Another child's age counts when the writer speaks of no child of their own.
        if closeness > 0 or (closeness == 0 and not own and not _PRONOUN.search(before)):
            found.append((closeness, age.years is not None, -age.start, age))
    return max(found, key=lambda item: item[:3])[3] if found else None


def _before(text: str, position: int) -> str:
    return text[max(0, position - 100) : position]


def _ages(text: str) -> Iterator[Age]:
    read = 0  # up to here
    for match in _NUMBER.finditer(text):
        start, end = match.span()
        if start < read:
            continue
        said = [raw for raw in match.groups() if raw]
        unit = _YEARS.match(text, end)
        while another := _another(text, end, said[-1]):
            said.append(another[1])
            read = end = another.end()
            unit = _YEARS.match(text, end) or unit
        before = _before(text, start)
        lead = _LEAD.search(before)
        counted = _COUNTED.match(text, end)
        alone = text[start:end] == text.strip(" .!?\n")
        bracketed = _IN_BRACKETS[0].search(before) and _IN_BRACKETS[1].match(text, end)
        if not (unit or alone or bracketed or (lead and not counted)):
            continue
        end = max(end, unit.end()) if unit else end
        years = [_number(raw) for raw in said]
        border = "under" if _NOT_REACHED.search(before) else lead["border"] if lead else None
        if border:
            if (border, years) in (("under", [15]), ("over", [18])):
                yield Age(start, end, None, "under_15" if years == [15] else "over_18")
            continue
        if not (unit and unit["old"]) and (_DURATION.search(before) or _ELSEWHEN.search(before)):
            continue
        if _PENALTY.match(text, end) or not all(YOUNGEST <= age <= OLDEST for age in years):
            continue
        if lead and _NOT_YET.search(before):
            years = [age - 1 for age in years]
        if band_of(min(years)) == band_of(max(years)):
            yield Age(start, end, years[0] if len(years) == 1 else None, band_of(years[0]))


def _another(text: str, end: int, first: str) -> re.Match[str] | None:
    """Another age beside ``first``, which ends at ``end``."""
    match = _ANOTHER.match(text, end)
    if not match or not all(YOUNGEST <= _number(raw) <= OLDEST for raw in (first, match[1])):
        return None
    counted = _COUNTED.match(text, match.end()) and not _YEARS.match(text, match.end())
    return None if counted else match


def _number(raw: str) -> int:
    return int(raw) if raw.isdigit() else _WORDS[raw]


def _grades(text: str) -> Iterator[Age]:
    for match in _GRADE.finditer(text):
        group = match.lastindex or 0
        raw = match[group]
        grade = int(raw) if raw.isdigit() else _ORDINALS[raw]
        if grade <= 10 and grade not in (8, 9):
            yield Age(match.start(group), match.end(), None, "under_15" if grade < 8 else "15_17")


def _told_bands(text: str) -> Iterator[Age]:
    """What tells the band without a number: "under den kriminelle lavalder", "går i børnehave"."""
    for band, pattern in _BANDS.items():
        for match in re.finditer(pattern, text):
            start, end = match.span(match.lastgroup or 0)
            yield Age(start, end, None, band)


def _closeness(before: str, spoken_of: set[str | None]) -> int:
    """2 when the last person named before the age is the writer's child, 1 when nobody is named,
    0 when it is another child, -1 when it cannot be the child. ``spoken_of`` holds ``girl`` or
    ``boy`` for the children the writer has called theirs before."""
    lead = _LEAD.search(before)
    pronoun = {"han": "boy", "hun": "girl"}.get(lead["subject"] or "") if lead else None
    if pronoun:
        # "min datter … han er 17"
        return 1 if pronoun in spoken_of or not spoken_of & {"girl", "boy"} else -1
    if _STRANGER.search(before):
        return -1
    clause = _CLAUSE_ENDS.split(before)[-1]
    own, other = (
        max((match.start() for match in pattern.finditer(clause)), default=-1)
        for pattern in (_OWN, _OTHER)
    )
    return 1 if own == other else 2 if own > other else 0
