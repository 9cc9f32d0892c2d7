"""Cleans and masks what a parent writes before anything else sees it. Pure functions.

Known limits of :func:`mask`, chosen on the side of privacy: an eight-digit number is taken for a
phone number unless ``kr``, ``kroner`` or ``DKK`` follows, so ``12032024`` (a date written without
separators) is masked, and so are eight digits inside a link. Names and addresses are not found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

CPR = "[cpr-nummer]"
PHONE = "[telefonnummer]"
EMAIL = "[e-mail]"

EMERGENCY = frozenset({"112", "114"})

# Invisible, though Unicode does not class them as format characters: fillers, joiners and
# variation selectors (which can smuggle whole texts).
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_LINE_END = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
# Control, format (zero-width, bidi, tags), surrogates without a partner, private use.
_DROPPED = frozenset({"Cc", "Cf", "Cs", "Co"})


def clean(text: str) -> str:
    """``text`` in NFC without invisible characters, needless space and leading slashes.

    A leading slash would be a command to Rasa.
    """
    text = _LINE_END.sub("\n", text).replace("\t", " ")
    text = "".join(c for c in text if c == "\n" or unicodedata.category(c) not in _DROPPED)
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    text = re.sub(r"[^\S\n]+", " ", text)
    text = re.sub(r" ?\n ?", "\n", text)
    text = re.sub(r"\n{3,}", "\n\n", text)
    return text.lstrip("/ \n").rstrip()


_DAY = r"(?:0[1-9]|[12]\d|3[01]|6[1-9]|[78]\d|9[01])"  # 61-91: a temporary CPR number
_MONTH = r"(?:0[1-9]|1[0-2])"
_DASH = r"[ ]?[-–—][ ]?"
_CPR = re.compile(
    rf"""(?<!\d)(?:
        {_DAY}{_MONTH}(?:19|20)?\d\d(?:{_DASH}|[ ])?\d{{4}}          # 010190-1234, 010190 1234
      | {_DAY}(?P<mark>[./ -]){_MONTH}(?P=mark)(?:19|20)?\d\d{_DASH}\d{{4}}  # 01.01.90-1234
      | {_DAY}[ ]{_MONTH}[ ]\d\d[ ]\d\d[ ]?\d\d                      # 01 01 90 12 34
    )(?!\d)""",
    re.VERBOSE,
)
_SEPARATOR = "[ .-]?"
_PHONE = re.compile(
    rf"""(?:
        \(?(?:\+|(?<!\d)00)\(?(?:45)\)?{_SEPARATOR}(?:\d{_SEPARATOR}){{7}}\d   # +45 12 34 56 78
      | (?:\+|(?<!\d)00)[1-9]\d(?:{_SEPARATOR}\d){{6,12}}              # +46 70 123 45 67
      | (?<!\d)(?:
            \d{{8}}
          | \d\d([ .-])\d\d\1\d\d\1\d\d
          | (?<!\d[./-])\d{{4}}[ -]\d{{4}}                           # not 12-03-2024 1800
          | \d\d[ ]\d{{3}}[ ]\d{{3}}
          | \d{{3}}[ ]\d\d[ ]\d{{3}}
          | \d{{3}}[ ]\d{{3}}[ ]\d\d
        )
    )(?!\d)""",
    re.VERBOSE,
)
_YEARS = re.compile(r"(?:19|20)\d\d[ -](?:19|20)\d\d")
_AMOUNT_FOLLOWS = re.compile(r"(?:,\d\d|,-)?[ ]?(?:kr\b|kroner\b|dkk\b)", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_SPACES = re.compile("[\t\u00a0\u2007\u2009\u202f]")


def mask(text: str, keep: Collection[str] = ()) -> str:
    """``text`` with CPR numbers, phone numbers and e-mail addresses replaced by a word for each.

    ``keep`` holds the digits of numbers that may stand: those of the help lines.
    """
    text = _plain_digits(_SPACES.sub(" ", text))
    known = {*EMERGENCY, *keep}

    def phone(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match[0])
        abroad = match[0].lstrip("(").startswith(("+", "00"))
        national = re.sub(r"^(?:00)?45", "", digits) if abroad else digits
        amount = not abroad and _AMOUNT_FOLLOWS.match(text, match.end())
        if national in known or amount or _YEARS.fullmatch(match[0]):
            return match[0]
        return PHONE

    text = _EMAIL.sub(EMAIL, text)
    text = _CPR.sub(CPR, text)
    return _PHONE.sub(phone, text)


def _plain_digits(text: str) -> str:
    """Arabic, Persian, full-width and other digits as 0-9, so that they are recognised."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(c)) if not c.isascii() and c.isdecimal() else c for c in text
    )
