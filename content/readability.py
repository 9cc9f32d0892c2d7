"""LIX, the Danish readability index.

LIX = words per sentence + percentage of words longer than six letters.
Up to 24 is very easy, 25-34 easy, 35-44 medium, 45-54 hard (Björnsson's scale).
Headings and link targets are left out, and a service's name and number count as one short word:
they are names, not prose.
"""

from __future__ import annotations

import re

PLACEHOLDER = re.compile(r"\{([a-z_0-9]+)\}")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS = re.compile(r"[*_#>`]")
_LIST_MARK = re.compile(r"^\s*(?:\d+\.|-)\s+", re.MULTILINE)
_HEADING = re.compile(r"^#+ .*$", re.MULTILINE)
# A full stop may be followed by the mark that closes a quotation. After a number and before a small
# letter it makes an ordinal: "den 1. juli".
_SENTENCE_END = re.compile(r"(?!(?<=\d)\.[ \xa0][a-zæøå])[.!?:]+[»«\"”’')\]]*(?:\s|$)|\n")
_WORD = re.compile(r"[^\W\d_]+")
LONG_WORD = 7  # letters


def plain(markdown: str) -> str:
    """The prose of a Markdown text, without marks, headings and link targets."""
    text = PLACEHOLDER.sub("linjen", markdown)
    text = _LINK.sub(r"\1", text)
    text = _HEADING.sub("", text)
    text = _LIST_MARK.sub("", text)
    return _MARKS.sub("", text)


def words(markdown: str) -> list[str]:
    """The words of a Markdown text."""
    return _WORD.findall(plain(markdown))


def lix(markdown: str) -> float:
    """The LIX number of a Markdown text; 0.0 for a text without words."""
    found = words(markdown)
    if not found:
        return 0.0
    sentences = sum(1 for part in _SENTENCE_END.split(plain(markdown)) if _WORD.search(part))
    long_words = sum(1 for word in found if len(word) >= LONG_WORD)
    return len(found) / max(1, sentences) + 100 * long_words / len(found)
