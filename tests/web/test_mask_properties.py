"""Masking and cleaning, tried on numbers and texts that hypothesis makes up.

Every personal number must go in every spelling; nothing harmless may. The digits are random, and
no CPR, phone, card or account number here belongs to anybody on purpose.
"""

from __future__ import annotations

import itertools
import re
import string
import unicodedata

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from content.library import library
from web.guard import ACCOUNT, CARD, CPR, EMAIL, PHONE, clean, mask

settings.register_profile(
    "same every time",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=300,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
settings.load_profile("same every time")

LINES = {
    number
    for line in library().current().helplines.values()
    for number in (line.phone, line.sms)
    if number
}
FRAMES = st.sampled_from(
    ["{}", "min søn {} er ked af det", "({})", "ring {}, tak", "nr.: {}!", "hun hedder\n{}\nhej",
     "x{}x", "🙂{}🙂", "»{}«", "{} {{}} %s <b>", "den 3/4 kl. 20 skrev {} til hende"]
)  # fmt: skip
# What a phone's keyboard, a paste or another language puts in the place of a space or a digit.
SPACE = st.sampled_from([" ", "\u00a0", "\u2009", "\u202f"])
ALPHABETS = st.sampled_from(["0123456789", "０１２３４５６７８９", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९"])
HIDDEN = st.sampled_from(["", "", "\u200b", "\u202e", "\u2066", "\u00ad", "\ufe0f", "\U000e0041"])


def digits(n: int) -> st.SearchStrategy[str]:
    return st.text(string.digits, min_size=n, max_size=n)


def masked(text: str) -> str:
    """As the API does it."""
    return mask(clean(text), LINES)


def disguise(text: str, alphabet: str, space: str, hidden: str) -> str:
    text = text.translate(str.maketrans("0123456789", alphabet)).replace(" ", space)
    return hidden.join(text)


def is_masked(frame: str, number: str, word: str) -> bool:
    return masked(frame.format(number)) == clean(frame.format(word))


@st.composite
def cpr_numbers(draw: st.DrawFn) -> str:
    day = f"{draw(st.integers(1, 31)) + draw(st.sampled_from([0, 60])):02}"
    month, year, last = f"{draw(st.integers(1, 12)):02}", draw(digits(2)), draw(digits(4))
    century = draw(st.sampled_from(["", "19", "20"]))
    dash = draw(st.sampled_from(["-", " - ", "–", "—", "- ", *"\u2010\u2011\u2212./", " / "]))
    marks = "./- –—\u2010\u2011\u2212"
    # In this century they begin with 4-9; with 0-2 they are the time of day beside a date.
    late = f"{draw(st.integers(4000, 9999))}" if century == "20" else last
    forms = [
        f"{day}{month}{century}{year}{dash}{last}",
        f"{day}{month}{century}{year}{last}",
        f"{day}{month}{century}{year} {last}",
        *(f"{day}{m}{month}{m}{century}{year}{dash}{last}" for m in marks),
        *(f"{day}{m}{month}{m}{century}{year} {late}" for m in marks),
        f"{day}/{month}-{year} {last}",
        f"{day} {month} {year} {last}",
        f"{day} {month} {year} {last[:2]} {last[2:]}",
    ]
    return draw(st.sampled_from(forms))


@given(cpr_numbers(), FRAMES, ALPHABETS, SPACE, HIDDEN)
def test_cpr_in_every_spelling(number, frame, alphabet, space, hidden) -> None:
    assert is_masked(frame, disguise(number, alphabet, space, hidden), CPR)


@st.composite
def phone_numbers(draw: st.DrawFn) -> str:
    number = draw(st.integers(20_000_000, 99_999_999).map(str))
    assume(number not in LINES)
    parts = grouped(number, draw(st.sampled_from(GROUPINGS)))
    separator = draw(st.sampled_from([*" -.–—", "\u2010", "\u2011", "\u2212"]))
    assume(not all(part[:2] in ("19", "20") for part in parts) or len(parts) != 2)
    assume(not is_date(parts))
    prefix = draw(st.sampled_from(["", "+45", "+45 ", "0045", "0045 ", "(+45) ", "+45-"]))
    return prefix + separator.join(parts)


GROUPINGS = [
    (8,), (2, 2, 2, 2), (2, 2, 4), (4, 2, 2), (2, 3, 3), (3, 2, 3), (3, 3, 2), (4, 4), (3, 5),
    (5, 3), (2, 6),
]  # fmt: skip


def grouped(number: str, sizes: tuple[int, ...]) -> list[str]:
    ends = list(itertools.accumulate(sizes))
    return [number[end - size : end] for size, end in zip(sizes, ends, strict=True)]


def is_date(parts: list[str]) -> bool:
    day, month, year = parts if len(parts) == 3 else ("", "", "")
    if len(day) == 4:
        day, year = year, day
    return year[:2] in ("19", "20") and 1 <= int(month) <= 12 and 1 <= int(day) <= 31


@given(phone_numbers(), FRAMES, ALPHABETS, SPACE, HIDDEN)
def test_phone_in_every_spelling(number, frame, alphabet, space, hidden) -> None:
    assert is_masked(frame, disguise(number, alphabet, space, hidden), PHONE)


@given(
    st.sampled_from(["+46", "+47", "+49", "+44", "0046", "0047"]),
    st.lists(st.integers(2, 4), min_size=3, max_size=4),
    st.sampled_from(["", " ", "-"]),
    st.data(),
)
def test_phone_from_abroad(country, groups, separator, data) -> None:
    assume(sum(groups) <= 13)  # no number is longer than fifteen digits
    rest = [data.draw(digits(length)) for length in groups]
    assert masked("ring " + separator.join([country, *rest])) == f"ring {PHONE}"


_LOCAL = string.ascii_letters + string.digits + "æøåÆØÅ._+-"
_NAMES = st.text(string.ascii_lowercase + "æøå-", min_size=1, max_size=20)


@given(
    st.text(_LOCAL, min_size=1, max_size=40),
    st.lists(_NAMES, min_size=2, max_size=4),
    st.sampled_from(["skriv til {}", "{}", "<{}>", "mail: {}", "({})", "mailto:{}"]),
    HIDDEN,
)
def test_email_in_every_spelling(local, domain, frame, hidden) -> None:
    address = f"{local}@{'.'.join(domain)}"
    found = masked(frame.format(hidden.join(address)))
    assert EMAIL in found
    assert "@" not in found


def card_digits(n: int) -> st.SearchStrategy[str]:
    return st.integers(10 ** (n - 1), 10**n - 1).map(str)  # none begins with 0


@given(
    card_digits(16),
    st.sampled_from(["", " ", "-", ".", " - ", "–"]),
    FRAMES,
    ALPHABETS,
    SPACE,
    HIDDEN,
)
def test_card_in_every_spelling(number, separator, frame, alphabet, space, hidden) -> None:
    fours = [number[i : i + 4] for i in range(0, 16, 4)]
    assume(not all(four[:2] in ("19", "20") for four in fours))
    written = disguise(separator.join(fours), alphabet, space, hidden)
    assert is_masked(frame, written, CARD)


@given(st.integers(13, 19).flatmap(card_digits), st.sampled_from(["kort {} nu", "{}", "x{}x"]))
def test_long_numbers(number, frame) -> None:
    assert is_masked(frame, number, CARD)


@given(card_digits(15), st.sampled_from([" ", "-", "."]))
def test_card_of_fifteen_digits(number, mark) -> None:
    assert is_masked("{}", mark.join((number[:4], number[4:10], number[10:])), CARD)


IBANS = {  # letters and lengths of the accounts behind country and check digits
    "DK": "0" * 14, "SE": "0" * 20, "NO": "0" * 11, "FI": "0" * 14, "DE": "0" * 18,
    "PL": "0" * 24, "NL": "A" * 4 + "0" * 10, "GB": "A" * 4 + "0" * 14, "RO": "A" * 4 + "0" * 16,
}  # fmt: skip


@given(
    st.sampled_from(sorted(IBANS)),
    digits(26),
    st.sampled_from(["", " ", "-"]),
    st.booleans(),
    st.sampled_from(["{}", "konto: {}.", "min iban er {} og hun har", "({})", "\n{}\n"]),
    SPACE,
    HIDDEN,
)
def test_iban_in_every_spelling(country, numbers, mark, lower, frame, space, hidden) -> None:
    form = IBANS[country]
    account = country + "".join(
        "BANK"[i - 2] if i >= 2 and form[i - 2] == "A" else n
        for i, n in enumerate(numbers[: len(form) + 2])
    )
    groups = [account[i : i + 4] for i in range(0, len(account), 4)]
    written = mark.join(groups)
    written = disguise(written.lower() if lower else written, "0123456789", space, hidden)
    found = masked(frame.format(written))
    # A part may look like a CPR number; what counts is that no long row of digits is left.
    assert ACCOUNT in found or CPR in found or CARD in found
    assert sum(c.isdigit() for c in found) <= 6


@given(digits(4), digits(10), st.sampled_from([" ", "-", " - ", "/"]))
def test_danish_account(branch, account, mark) -> None:
    found = masked(f"overfør til {branch}{mark}{account} nu")
    assert account not in found


def amount(n: int, mark: str) -> str:
    return f"{n:,}".replace(",", mark)


YEAR = st.integers(1950, 2049).map(str)
DAY, MONTH = st.integers(1, 31), st.integers(1, 12)
HARMLESS = st.one_of(
    st.integers(800, 9990).map(lambda n: f"{n:04} Horsens"),
    st.integers(1000, 9990).map(lambda n: f"DK-{n}"),
    st.integers(0, 110).map(lambda n: f"{n} år"),
    st.tuples(st.integers(5, 17), st.integers(5, 17)).map(lambda ages: "{} og {} år".format(*ages)),
    st.integers(0, 10).map(lambda n: f"{n}. klasse"),
    st.tuples(st.integers(0, 99_999_999), st.sampled_from(["", ".", " "]),
              st.sampled_from([" kr", " kr.", " kroner", ",00 kr", ",- kr", " DKK", " euro", " €"]))
    .map(lambda a: amount(a[0], a[1]) + a[2]),
    st.tuples(st.sampled_from(["kr. ", "kr ", "DKK ", "€"]), st.integers(0, 99_999_999))
    .map(lambda a: f"{a[0]}{a[1]}"),
    st.tuples(st.sampled_from(["kr. ", "kr ", "DKK "]), st.integers(0, 99_999_999))
    .map(lambda a: a[0] + amount(a[1], ".")),
    st.tuples(st.integers(1, 300), st.sampled_from(["", " a", " d", ", stk. 2", " d, stk. 1"]))
    .map(lambda p: f"§ {p[0]}{p[1]}"),
    st.tuples(st.integers(1, 1999), YEAR).map(lambda p: f"lov nr. {p[0]} af {p[1]}"),
    st.tuples(DAY, MONTH, YEAR, st.sampled_from([
        "{0:02}.{1:02}.{2}", "{0:02}-{1:02}-{2}", "{0:02}/{1:02}/{2}", "{0}/{1}-{2}", "{0}/{1} {2}",
        "{2}-{1:02}-{0:02}", "d. {0}. marts {2}", "{0}.{1}.{2} kl. 14.30", "{0:02} {1:02} {2}",
        "{2}.{1:02}.{0:02}", "{0:02}–{1:02}–{2}", "{0:02}.{1:02}.{2} 2.500 kr",
    ])).map(lambda d: d[3].format(*d[:3])),
    st.tuples(DAY, MONTH, st.integers(0, 99), st.sampled_from([
        "{0}.{1}.{2:02} kl 12", "{0:02}.{1:02}.{2:02}", "{0}/{1}-{2:02}",
        "{0:02}-{1:02}-{2:02} 20.15", "{0:02}.{1:02}.{2:02} 5000 kr",
        "{0:02}.{1:02}.20{2:02} 1800", "{0:02}-{1:02}-20{2:02} 0730",
    ])).map(lambda d: d[3].format(*d[:3])),
    YEAR.map(lambda year: f"i {year}"),
    st.tuples(YEAR, YEAR, st.sampled_from(["-", "/", " ", " og ", "–", " - "]))
    .map(lambda y: f"{y[0]}{y[2]}{y[1]}"),
    st.tuples(st.integers(0, 23), st.integers(0, 59), st.sampled_from([".", ":"]))
    .map(lambda t: f"kl. {t[0]:02}{t[2]}{t[1]:02}"),
    st.tuples(st.integers(1, 400), st.sampled_from(["", "A", "b", ", 2. tv", ", st. th"]))
    .map(lambda h: f"Nørregade {h[0]}{h[1]}"),
    st.integers(1, 99_999).map(lambda n: f"{n} visninger"),
    st.sampled_from(["112", "114", "uge 47", "5 af 12", "24/7", "@bruger_12", "1, 2, 3 og 4"]),
)  # fmt: skip


@given(st.lists(HARMLESS, min_size=1, max_size=4), st.sampled_from([", ", " og ", ". ", "\n"]))
@example(["§ 264 d", "§ 232"], " og ")
def test_harmless_numbers_stay(parts, mark) -> None:
    text = clean(mark.join(parts))
    assert mask(text, LINES) == text


@st.composite
def helpline_numbers(draw: st.DrawFn) -> str:
    number = draw(st.sampled_from(sorted(LINES)))
    size = draw(st.sampled_from([2, 3, 4, 8]))
    parts = [number[i : i + size] for i in range(0, len(number), size)]
    if len(number) == 8:
        parts = grouped(number, draw(st.sampled_from(GROUPINGS)))
    prefix = draw(st.sampled_from(["", "+45 ", "0045 ", "+45"])) if len(number) == 8 else ""
    return prefix + draw(st.sampled_from(" -.–")).join(parts)


@given(st.lists(helpline_numbers(), min_size=1, max_size=3), FRAMES)
def test_the_help_lines_own_numbers_stay(numbers, frame) -> None:
    text = clean(frame.format(" eller ".join(numbers)))
    assert mask(text, LINES) == text


@given(st.text(max_size=200))
def test_masked_words_have_no_number_in_them_and_stay_masked(text) -> None:
    once = masked(text)
    assert mask(once, LINES) == once


ANYTHING = st.text(
    st.one_of(
        st.characters(codec=None),
        st.sampled_from("/\\ \n\t\r\u200b\u200d\u202e\u2066\ufeff\u00ad\ufe0f\ue000<>\"'{}%\0"),
    ),
    max_size=300,
)


@given(ANYTHING)
def test_whatever_is_written_becomes_plain_text(text) -> None:
    found = clean(text)
    assert clean(found) == found
    assert unicodedata.is_normalized("NFC", found)
    assert not found.startswith("/")
    assert not {unicodedata.category(c) for c in found.replace("\n", "")} & {"Cc", "Cf", "Cs", "Co"}
    assert not re.search(r"^\s|\s$", found)
    found.encode("utf-8")  # no half characters
