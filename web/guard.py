"""Cleans and masks what a parent writes before anything else sees it. Pure functions.

Known limits of :func:`mask`, chosen on the side of privacy: an eight-digit number is taken for a
phone number unless an amount's ``kr``, ``DKK`` or ``euro`` stands beside it, so ``12032024`` (a
date written without separators) and ``12.345.678 visninger`` are masked, and so are eight digits
inside a link. A date and four digits are a CPR number, also when they are a postal code. Sixteen
digits in fours are a card, also when they are four postal codes. The other way, ``20 12 2012`` is
taken for a date and stays. Names and addresses are not found, nor numbers in words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

CPR = "[cpr-nummer]"
PHONE = "[telefonnummer]"
EMAIL = "[e-mail]"
CARD = "[kortnummer]"
ACCOUNT = "[kontonummer]"

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
_JOIN = r"(?:[ ]?[-–—/][ ]?|\.)"
_CLOCK = r"(?:[01]\d|2[0-3])[0-5]\d(?!\d)"
_MONEY = r"(?:,\d\d|,-)?[ ]?(?:(?:kr|kroner|dkk|euro?|eur)\b|€)"
_CPR = re.compile(
    rf"""(?<!\d)(?:
        {_DAY}{_MONTH}(?:19|20)?\d\d(?:{_JOIN}|[ ])?\d{{4}}              # 010190-1234, 010190 1234
      | {_DAY}(?:(?P<mark>[-–—./ ]){_MONTH}(?P=mark)|/{_MONTH}[- ])(?:19|20)?\d\d(?:
            {_JOIN}\d{{4}}                                             # 01.01.90-1234
            # 01.01.90 1234, but no amount beside a date, and no time: whoever is born in this
            # century has 4-9 there.
          | [ ](?!(?<=[-–—./ ]20\d\d[ ]){_CLOCK})\d{{4}}(?!{_MONEY})
        )
      | {_DAY}[ ]{_MONTH}[ ]\d\d[ ]\d\d[ ]?\d\d                      # 01 01 90 12 34
    )(?!\d)""",
    re.VERBOSE | re.IGNORECASE,
)
_GROUPINGS = (
    (2, 2, 4), (4, 2, 2), (2, 3, 3), (3, 2, 3), (3, 3, 2), (4, 4), (3, 5), (5, 3), (2, 6),
)  # fmt: skip
_GROUPED = "|".join("(?P=mark)".join(rf"\d{{{n}}}" for n in sizes) for sizes in _GROUPINGS)
_SEPARATOR = "[ .–—-]?"
_PHONE = re.compile(
    rf"""(?:
        (?:\((?:\+|00)45\)|(?:\+|(?<!\d)00)(?:45|\(45\)))            # +45 12 34 56 78
        {_SEPARATOR}(?:\d{_SEPARATOR}){{7}}\d
      | (?:\+|(?<!\d)00)[1-9]\d(?:{_SEPARATOR}\d){{6,13}}              # +46 70 123 45 67
      | (?<!\d)\d{{8}}
      | (?<!\d)(?=\d{{2,5}}(?P<mark>[ .–—-]))(?:
            \d\d(?:(?P=mark)\d\d){{3}}
          | (?!(?<=\d[./–—-])(?:19|20)\d\d)                           # not 12-03-2024 1800
            (?!\d+(?:[ ]\d\d){{4}}(?!\d))                             # not 8700 12 34 56 78
            (?:{_GROUPED})
        )
    )(?!\d)""",
    re.VERBOSE,
)
_IBAN = re.compile(
    r"""(?<![^\W_])(?:[A-Z]{2}|(?-i:[A-Z]{2}[ ]))\d\d(?:
        [0-9A-Z]{11,30}                                          # DK5000400440116243
      | (?P<mark>[ .-])[0-9A-Z]{4}                               # GB29 NWBK 6016 1331 9268 19
        (?:(?P=mark)(?=[A-Z]{0,3}\d)[0-9A-Z]{4}){1,6}
        (?:(?P=mark)(?=[A-Z]{0,3}\d)[0-9A-Z]{1,4})?
      | (?:[ .-]?\d){11,30}                                      # DK50 0040 0440116243
    )(?![^\W_])""",
    re.VERBOSE | re.IGNORECASE,
)
_BETWEEN = r"[ ]?[-–—./]?[ ]?"
_CARD = re.compile(
    rf"""(?<!\d)
    (?!(?:00|(?<=\+))[1-9]\d{{6,14}}(?!\d))                            # +46 … is a telephone
    (?:
        \d{{13,19}}
      | [1-9]\d{{3}}(?P<four>{_BETWEEN})\d{{4}}(?:(?P=four)\d{{4}}){{2}}(?:(?P=four)\d{{1,3}})?
      | \d{{4}}(?P<six>[ .-])\d{{6}}(?P=six)\d{{4,5}}
    )(?!\d)""",
    re.VERBOSE,
)
_ACCOUNT = re.compile(
    r"""(?<!\d)\d{4}(?:[ ]?[-–/.][ ]?|[ ])\d{10}(?!\d)          # 1234-0001234567
      | (?<=konto[ ])\d{6,12}(?!\d)
      | (?<=kontonr[ .:])[ ]?\d{6,12}(?!\d)
      | (?<=kontonummer[ :])[ ]?\d{6,12}(?!\d)""",
    re.VERBOSE | re.IGNORECASE,
)
_YEARS = re.compile(r"(?:19|20)\d\d(?:(?:[ ]?[-–/][ ]?|[ ])(?:19|20)\d\d)+")
_DATE = re.compile(
    rf"""(?:0[1-9]|[12]\d|3[01])(?P<mark>[-–—. ]){_MONTH}(?P=mark)(?:19|20)\d\d
      | (?:19|20)\d\d(?P<iso>[-–—. ]){_MONTH}(?P=iso)(?:0[1-9]|[12]\d|3[01])""",
    re.VERBOSE,
)
_AMOUNT_FOLLOWS = re.compile(_MONEY, re.IGNORECASE)
_AMOUNT_BEFORE = re.compile(r"(?:\b(?:kr\.?|dkk|eur)|€)[ ]?\Z", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
_SPACES = re.compile("[\t\u00a0\u2007\u2009\u202f]")
_HYPHENS = re.compile("[\u2010-\u2012\u2015\u2212\ufe58\ufe63\uff0d]")  # and minus signs


def mask(text: str, keep: Collection[str] = ()) -> str:
    """``text`` with a word in place of each e-mail address and CPR, phone, card and account number.

    ``keep`` holds the digits of numbers that may stand: those of the help lines.
    """
    text = _plain_digits(_HYPHENS.sub("-", _SPACES.sub(" ", text)))
    known = {*EMERGENCY, *keep}

    def phone(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match[0])
        abroad = match[0].lstrip("(").startswith(("+", "00"))
        national = re.sub(r"^(?:00)?45", "", digits) if abroad else digits
        if national in known or (not abroad and _is_harmless(match)):
            return match[0]
        return PHONE

    text = _EMAIL.sub(EMAIL, text)
    text = _CPR.sub(CPR, text)
    text = _IBAN.sub(lambda m: ACCOUNT if _has_digits(m[0], 10) else m[0], text)
    text = _CARD.sub(lambda m: m[0] if _is_harmless(m) else CARD, text)
    text = _ACCOUNT.sub(lambda m: m[0] if _is_harmless(m) else ACCOUNT, text)
    return _PHONE.sub(phone, text)


def _is_harmless(match: re.Match[str]) -> bool:
    """True for an amount of money, a date and a row of years."""
    return bool(
        _AMOUNT_FOLLOWS.match(match.string, match.end())
        or _AMOUNT_BEFORE.search(match.string, max(0, match.start() - 5), match.start())
        or _DATE.fullmatch(match[0])
        or _YEARS.fullmatch(match[0])
    )


def _has_digits(text: str, least: int) -> bool:
    return sum(c.isdigit() for c in text) >= least


def _plain_digits(text: str) -> str:
    """Arabic, Persian, full-width and other digits as 0-9, so that they are recognised."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(c)) if not c.isascii() and c.isdecimal() else c for c in text
    )
