"""Utterance segmentation: the questions inside one message.

Frightened parents write without full stops and question marks, so a question is known by how it
begins: a question word or a verb before its subject. In "jeg ved ikke, hvad jeg skal gøre" the
subject comes first: that is none.
"""

from __future__ import annotations

import re

SHORTEST_QUESTION = 3  # words; "hvad nu?" says nothing by itself
MOST_QUESTIONS = 4  # of one message; each is classified

_PRONOUN = r"(?:jeg|vi|du|i|han|hun|de|man|det|den|der|dette|disse|min|mit|mine|vores)\b"
_MODAL = r"(?:kan|skal|må|bør|vil|tør|kunne|skulle|måtte|burde|ville)\b"
_FULL_VERB = r"(?:er|har|får|kommer|bliver|gør|findes|gælder|hjælper)\b"
_ANY_VERB = (
    rf"(?:{_MODAL}|{_FULL_VERB}|"
    r"(?:går|sker|siger|finder|ringer|melder|taler|snakker|betyder|handler|starter)\b)"
)
# A noun only after a modal verb: "må skolen", but "har været".
_NOUN = r"(?!gerne\b)\w+(?:en|et|ne)\b"
_VERB_FIRST = rf"(?:(?:{_MODAL}|{_FULL_VERB})\s+(?:ikke\s+|så\s+)?{_PRONOUN}|{_MODAL}\s+{_NOUN})"
_WORD = rf"(?:hvad|hvem|hvornår|hvordan|hvorfor|hvilken|hvilket|hvilke)\b(?!\s+{_PRONOUN})"
_HVOR = rf"hvor\b(?!\s+{_PRONOUN})"
_WORD_FIRST = rf"(?:(?:{_WORD}|{_HVOR})(?:\s+\w+){{0,2}}?\s+{_ANY_VERB}|hvad\s+(?:med|hvis|så)\b)"
# "Hvor" also begins relative clauses: it needs a verb, the others do not.
_ASKS = rf"(?:{_WORD}|{_WORD_FIRST}|{_VERB_FIRST})"
_JOIN = r"(?:og|men|eller|samt|for|så|også)\b"

_BOUNDARY = re.compile(
    r"(?<=[.!?…])\s+|\n+"
    rf"|(?:[,;]|(?<!\s))\s+(?=(?:{_JOIN}\s+){{1,4}}{_ASKS})|[,;:–]\s*(?={_ASKS})"
    rf"|\s(?={_WORD_FIRST})",  # without any mark: only where it cannot be a statement
    re.IGNORECASE,
)
# "Må hun have det" and "får det konsekvenser" lean wholly on what is said beside them.
_EMPTY = re.compile(
    rf"(?:(?:{_PRONOUN}|{_MODAL}|\b(?:ikke|så|også|er|være|har|have|får|få|ham|hende|dem|os|mig|hvordan|gør|gøre|"
    r"problemer|ballade|konsekvenser)\b)\W*)+",
    re.IGNORECASE,
)
_JOINING = re.compile(rf"^(?:{_JOIN}[,\s]*)+", re.IGNORECASE)
_QUESTION = re.compile(rf"{_ASKS}|.*\?$", re.IGNORECASE | re.DOTALL)


def clauses(text: str) -> list[str]:
    """The sentences of ``text``; one that goes on with a question is divided before it."""
    parts = (_JOINING.sub("", part.strip()) for part in _BOUNDARY.split(text))
    return [part for part in parts if re.search(r"\w", part)]


def asks(text: str) -> bool:
    """True when there is a question in ``text``."""
    return any(map(_QUESTION.match, clauses(text)))


def questions(text: str) -> list[str]:
    """The questions in ``text`` that can be answered by themselves, in their order; none when the
    message is one question and nothing else."""
    parts = clauses(text)
    asked = [part for part in parts if _QUESTION.match(part)] if len(parts) > 1 else []
    complete = [
        part
        for part in asked
        if len(part.split()) >= SHORTEST_QUESTION and not _EMPTY.fullmatch(part)
    ]
    return complete[:MOST_QUESTIONS]
