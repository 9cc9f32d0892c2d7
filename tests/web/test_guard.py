"""What is taken out of a parent's text, and what must stay."""

from __future__ import annotations

import itertools
import random
import time
import unicodedata

import pytest

from web.guard import CPR, EMAIL, PHONE, clean, mask

LINES = {"116111", "35555557", "116006", "70201201", "1888", "47471020"}


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("hej", "hej"),
        ("  hej\t du\u00a0der  ", "hej du der"),
        ("en\r\nto\rtre\u2028fire", "en\nto\ntre\nfire"),
        ("en \n\n\n\n to", "en\n\nto"),
        ("/restart", "restart"),
        (" // / \n/start{}", "start{}"),
        ("\u200b/\u200bstart", "start"),
        ("\ufeff/start", "start"),
        ("og/eller", "og/eller"),
        ("a\u0000b\u0007c\u007fd", "abcd"),
        ("u\u200bs\u200dy\u2060n\u00adlig", "usynlig"),
        ("vend\u202eom\u2066igen\u2069", "vendomigen"),
        ("tag\U000e0041\U000e0042\U000e007f", "tag"),
        ("skjult\ufe01\U000e0100", "skjult"),
        ("halv \ud83d emoji", "halv emoji"),
        ("privat\ue000", "privat"),
        ("ae\u0301", "aé"),
        ("a\u200d\u030a", "å"),
        ("blåbærgrød æøå ÆØÅ 😢", "blåbærgrød æøå ÆØÅ 😢"),
        ("", ""),
        (" \n/\t/ ", ""),
    ],
)
def test_clean(raw: str, wanted: str) -> None:
    assert clean(raw) == wanted


def test_clean_twice_changes_nothing_more() -> None:
    pieces = ["/", " ", "\n", "\t", "å", "a\u030a", "\u200b", "\u202e", "\U000e0041", "x", "\r\n"]
    dice = random.Random(7)
    for _ in range(2000):
        once = clean("".join(dice.choices(pieces, k=dice.randint(0, 12))))
        assert clean(once) == once
        assert not once.startswith("/")
        assert unicodedata.is_normalized("NFC", once)
        assert not any(unicodedata.category(c) in {"Cc", "Cf"} for c in once if c != "\n")


@pytest.mark.parametrize(
    "cpr",
    [
        "010190-1234", "0101901234", "010190 1234", "010190 - 1234", "010190–1234", "311299-0001",
        "01011990-1234", "010119901234", "01.01.90-1234", "01-01-90-1234", "01/01/90 - 1234",
        "01 01 90-1234", "01 01 90 1234", "01 01 90 12 34", "010190\u00a01234", "610190-1234",
        "٠١٠١٩٠-١٢٣٤", "01.01.90 1234", "01-01-90 1234", "010190.1234", "010190/1234",
        "010190 / 1234", "010190—1234", "010190\u20101234", "010190\u20111234",
        "010190\u22121234", "01\u201101\u201190\u20111234", "01–01–90–1234", "01.01.90/1234",
        "01.01.90.1234", "01/01-90 1234", "01.01.1990 1234", "01.01.2012 4321",
    ],
)  # fmt: skip
@pytest.mark.parametrize("frame", ["{}", "cpr {}.", "hun hedder ({}), og", "cpr:{}\nhej", "nr{}x"])
def test_cpr_is_masked(cpr: str, frame: str) -> None:
    assert mask(frame.format(cpr), LINES) == frame.format(CPR)


PHONES = [
    "12 34 56 78", "12345678", "1234 5678", "1234-5678", "12-34-56-78", "12.34.56.78",
    "70 123 456", "701 23 456", "701 234 56", "+4512345678", "+45 12 34 56 78", "+45 12345678",
    "+45-12345678", "004512345678", "0045 12 34 56 78", "(+45) 12345678", "+46 70 123 45 67",
    "+49 151 12345678", "12\u00a034\u00a056\u00a078", "１２３４５６７８", "20112233",
    "20192020", "20 19 20 20", "12 34 5678", "1234 56 78", "1234.5678", "12.345.678",
    "12-345-678", "123 45678", "12345 678", "12 345678", "12–34–56–78", "1234–5678",
    "12\u201134\u201156\u201178", "+45 12–34–56–78",
]  # fmt: skip


@pytest.mark.parametrize("number", PHONES)
@pytest.mark.parametrize("frame", ["{}", "ring {}.", "tlf.: {}, tak", "\n{}\n", "tlf{} nu"])
def test_phone_is_masked(number: str, frame: str) -> None:
    assert mask(frame.format(number), LINES) == frame.format(PHONE)


def test_every_grouping_of_random_numbers_is_masked() -> None:
    dice = random.Random(11)
    for _ in range(500):
        digits = str(dice.randint(20_000_000, 99_999_999))
        if digits in LINES or digits[:2] in {"20", "19"}:
            continue
        pairs = " ".join(digits[i : i + 2] for i in range(0, 8, 2))
        for prefix, form in itertools.product(
            ("", "+45", "+45 ", "0045 "), (digits, pairs, f"{digits[:4]} {digits[4:]}")
        ):
            masked = mask(f"ring {prefix}{form} nu", LINES)
            assert not any(c.isdigit() for c in masked), prefix + form


@pytest.mark.parametrize("before", ["8700", "2024", "12.03.2024", "5. klasse"])
def test_the_number_beside_a_phone_stays(before: str) -> None:
    assert mask(f"{before} 12 34 56 78", LINES) == f"{before} {PHONE}"


@pytest.mark.parametrize("number", ["0045 12 34 56 78", "+45 12345678", "01.01.2012-1234"])
def test_a_number_before_it_hides_no_part_of_it(number: str) -> None:
    assert mask(f"14 {number}", LINES) in (f"14 {PHONE}", f"14 {CPR}")


@pytest.mark.parametrize(
    "address", ["a@b.dk", "min.søn+snap@gmail.com", "FORNAVN_EFTERNAVN@skole.kommune.dk"]
)
def test_email_is_masked(address: str) -> None:
    assert mask(f"skriv til {address}, tak") == f"skriv til {EMAIL}, tak"


@pytest.mark.parametrize(
    "text",
    [
        "8700 Horsens", "8700", "DK-8700", "hun er 14 år", "13, 14 og 15", "7. klasse", "i 2024",
        "2023-2024", "2019 2020", "skoleåret 2025/2026", "500 kr", "5.000 kr.", "10000000 kr",
        "10 000 000 kroner", "10.000.000 kr", "12345678,00 kr", "straffelovens § 235",
        "§ 264 d", "lov nr. 692 af 08/06/2018", "§ 232, stk. 2", "12/3", "d. 12.03.2024",
        "12-03-2024", "2024-03-12", "12.03.2024 kl. 14.30", "12-03-2024 1800", "kl. 23:40",
        "12.03.2024 1800", "12 03 2024", "2024.03.12", "12–03–2024", "1.1.26 kl 12", "2024 - 2025",
        "01.01.2024-31.12.2024", "12.03.24 5000 kr", "12.345.678 kr", "12.345.678,00 kr.",
        "kr. 12.345.678", "500-10000 kr", "2.500 kr", "120324. 2000 gange", "§§ 232-235",
        "112", "114", "116 111", "116111", "116 006", "35 55 55 57", "35555557", "3555 5557",
        "+45 35 55 55 57", "0045 35555557", "+4535555557", "+45 116 111", "70 20 12 01",
        "70 201 201", "70 20 1201", "7020 12 01", "35.555.557", "355-55557", "1888", "47471020",
        "ring 112 eller 114", "15-17", "3 uger", "100 billeder", "@brugernavn", "snap: user_12",
        "5 af 7 og 12 af 24",
    ],
)  # fmt: skip
def test_harmless_numbers_stay(text: str) -> None:
    assert mask(text, LINES) == text


def test_several_at_once() -> None:
    text = "0101901234 og 12345678 og a@b.dk og 8700 og 35 55 55 57"
    assert mask(text, LINES) == f"{CPR} og {PHONE} og {EMAIL} og 8700 og 35 55 55 57"


def test_a_helpline_is_masked_when_it_is_not_in_the_content() -> None:
    assert mask("35 55 55 57") == PHONE


@pytest.mark.parametrize(
    "piece",
    ["1", "12 ", "a@", "a.", "+45", "0045 ", "01 01 90 ", "-", "@.", "1.", "12.", "123 ", "1234 ",
     "12 345.", "01.01.2012 ", "01/01-90 ", "12 34 5678 ", "1 .", " ", "."],
)  # fmt: skip
@pytest.mark.parametrize("length", [2000, 20_000])
def test_long_nonsense_is_quick(piece: str, length: int) -> None:
    begun = time.perf_counter()
    mask((piece * length)[:length], LINES)
    assert time.perf_counter() - begun < length / 10_000


def test_nonsense_of_digits_is_quick() -> None:
    dice = random.Random(13)
    for alphabet in ("0123456789 .", "01 ", "0129 .-/", "12 .", "0124"):
        text = "".join(dice.choices(alphabet, k=20_000))
        begun = time.perf_counter()
        mask(text, LINES)
        assert time.perf_counter() - begun < 2
