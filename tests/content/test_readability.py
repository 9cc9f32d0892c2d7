"""LIX and word counts."""

from __future__ import annotations

import pytest

from content.readability import lix, plain, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", 0.0),
        ("112", 0.0),
        ("Hej du.", 2.0),
        ("Ring til politiet.", 3 + 100 / 3),  # one long word in three
        ("Hej du. Ring nu.", 2.0),
        ("Hej du! Ring nu? Ja.", 5 / 3),
        ("Hej du\nRing nu", 2.0),
        ("- Hej du\n- Ring nu", 2.0),
        ("Sig: »Det er godt.« Vent så.", 2.0),  # the quotation's full stop ends a sentence
        ('Sig "Det er godt." Vent så.', 3.0),
        ("Fra den 1. juli gælder det.", 5 + 0.0),  # an ordinal does not
        ("Han er 15. Hun er 14.", 2.0),
    ],
)
def test_lix(text: str, expected: float) -> None:
    assert lix(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("markdown", "count"),
    [
        ("**Ring** til _politiet_ nu.", 4),
        ("Ring til {boernetelefonen}.", 3),
        ("Se [politiets side](https://politi.dk/meget/lang/adresse).", 3),
        ("### En lang overskrift\nTekst.", 1),
        ("1. Først\n2. Så", 2),
        ("§ 264 d og 112", 2),
    ],
)
def test_words_leave_out_marks_headings_numbers_and_link_targets(markdown: str, count: int) -> None:
    assert len(words(markdown)) == count


def test_long_words_have_seven_letters_or_more() -> None:
    assert lix("Seksbo er her.") == 3.0
    assert lix("Syvbogs er her.") == pytest.approx(3 + 100 / 3)


def test_plain_keeps_the_words() -> None:
    assert plain("- **Ring** [nu](https://a.dk) til {sletdet}.") == "Ring nu til linjen."
