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

# Who can have an age, and what may stand between them and the number.
_GIRL = r"\w*(?:datter|døtre|pige|tøs|niece|søster)\w*"
_BOY = r"\w*(?:søn|dreng|knægt|knejt|nevø|bror)\w*"
_CHILD = rf"{_GIRL}|{_BOY}|\w*(?:barn|børn|teenager|tvilling|unge)\w*|ældste|yngste|mellemste|mindste"
_SUBJECT = rf"\b(?P<subject>{_CHILD}|alder(?:en)?:?|mine?|mit|han|hun|hn|de|jeg)"
_SOON = r"snart|næsten|knap|bliver|fylder"
_FILLER = (
    r"(?:er|æ|e|på|kun|bare|lige|selv|altså|jo|nu|i\s+dag|allerede|fyldte?|blevet|begge(?:\s+to)?"
    rf"|ca\.?|cirka|omkring|vist|nok|{_SOON})\s+"
)
_LEAD = re.compile(
    rf"(?:{_SUBJECT},?|\b(?:på|fyldte?|blev|{_SOON}))\s+(?:{_FILLER}){{0,4}}"
    r"(?P<border>(?:under|over)\s+)?$"
)
_SOON_BEFORE = re.compile(rf"\b(?:{_SOON})\s+(?:\w+\s+)?$")

# A number by itself: not part of an amount, a time, a date, a longer number, "§ 232" or "U14".
_NUMBER = re.compile(
    rf"(?<![\w§])(?<!\d[.,:/-])(?<!-)(?P<number>\d{{1,2}}|{'|'.join(_WORDS)})(?:,5|½)?"
    r"(?:\s?[-–/]\s?(?P<upper>\d{1,2}))?(?![.,:/]?\d)"
)
_YEARS = re.compile(r"\s*-?\s*(?:(?P<old>å|aa)ri\w*|(?:år|aar)s?|year)\b")
# What can be counted, so that a number before it is no age: "15 drenge", "på 14 dage".
_COUNTED = re.compile(
    r"\w|\.?\s*(?:kr\b|kroner|tusind|hundrede|procent|%|sek|min(?:utter)?\b|time|døgn|dag|uge|måned"
    r"|mdr|gang|billed|film|video|besked|snap|stk|styk|cm|meter|km|kg|mb|gb|høj|andre|forskellig"
    r"|drenge|piger|børn|unge|elever|ven|kammerat|klassekammerat|person|menneske|mand|mænd|profil"
    r"|kont|følger|likes|platform|gruppe|apps|sider|skoler|klasse|årgang|sal\b|telefon|sprog|[a-f]\b)"
)
_NOT_AFTER = re.compile(r"\s*(?:siden|i\s+træk|fængsel|betinget|strafferamme)")
# A duration, a border, a clock, a punishment.
_DURATION = re.compile(
    r"\b(?:i|for|til|om|over|under|mindst|højst|inden|efter|gennem|op|kl\.?|klokken|uge|nr\.?"
    r"|nummer|dag|får?|giver?|idømt|\w*(?:straf|ramme|fængsel|dom)\w*(?:\s+(?:er|på)){0,2})\s+"
    r"(?:kun\s+|bare\s+|næsten\s+|til\s+|på\s+|ca\.?\s+|cirka\s+)?$"
)
# An age to come or long past, or one that a stranger claims: "når hun er 18", "siger han er 15".
_NOT_NOW = re.compile(
    r"\b(?:når|før|inden|indtil|til|fra|siden|dengang|siger|sagde|skriver|skrev|påstår|påstod)\s+"
    r"(?:at\s+)?(?:han|hun|de|\w*(?:barnet|børnene|sønnen|datteren|drengen|pigen))\s+(?:\w+\s+){1,2}$"
)

_GRADE = re.compile(
    r"(?<!\bfra )(?<![\w.,:])(?:(?P<digit>\d{1,2})|(?P<word>" + "|".join(_ORDINALS) + r"))"
    r"(?:\s*\.?\s*(?:klasses?|klassen|kl\.?|klassetrin)(?!\w)|(?P<bare>\s*\.?\s*(?:[a-g]\b)?))"
)
_IN_GRADE = re.compile(r"\bgår\s+i\s+$")
_IN_CLASS = re.compile(r"\bi\s+$")
