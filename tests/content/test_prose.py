"""Numbers, words, placeholders and headings that must not stand in a text."""

from __future__ import annotations

import pytest

from content.prose import (
    forbidden_words,
    heading_mistakes,
    markup_mistakes,
    meant,
    mistakes,
    typed_numbers,
)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("Ring til 12 34 56 78 nu.", ["12 34 56 78"]),
        ("12345678", ["12345678"]),
        ("1234 5678", ["1234 5678"]),
        ("12 345 678", ["12 345 678"]),
        ("12.34.56.78 eller 12-34-56-78", ["12.34.56.78", "12-34-56-78"]),
        ("+45 12 34 56 78", ["+45 12 34 56 78"]),
        ("[Ring](tel:12345678)", ["12345678"]),
        ("BørneTelefonen er 116 111", ["116 111"]),
        ("116111", ["116111"]),
        ("Ring 1813 om natten", ["1813"]),
        ("Skriv en sms til 1234", ["1234"]),
        ("ring 112 eller 1813", ["1813"]),
        # none of these is a phone number
        ("Ring 112 ved fare og ellers 114.", []),
        ("Ring til 114, og spørg efter § 264 d.", []),
        ("I 2023 var der 1.319 sager, i 2019 2020 sager.", []),
        ("fra 2019-2020, den 22.11.2026 eller 2026-11-22", []),
        ("Det koster 20.000 kr. eller 12 000 000 kr", []),
        ("Børn på 12, 13, 14 og 15 år, 15-17 år", []),
        ("Ring inden for 24 timer, eller vent 100 timer.", []),
        ("Ring i dag. Over 1000 unge er sigtet.", []),
        ("https://tilbud.test/12345678/ring-1234", []),
        ("[side](https://tilbud.test/12345678)", []),
    ],
)
def test_typed_numbers(text: str, numbers: list[str]) -> None:
    assert list(typed_numbers(text)) == numbers


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Det er børneporno.", ["børneporno"]),
        ("Børnepornografi og boerneporno", ["Børnepornografi", "boerneporno"]),
        ("hævnporno og revenge porn", ["hævnporno", "revenge porn"]),
        ("Mit barn har set porno.", []),
        ("https://advokat.test/boerneporno/", []),
    ],
)
def test_forbidden_words(text: str, words: list[str]) -> None:
    assert [word for word, _ in forbidden_words(text)] == words


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("Ring til {sletdet}\nog {kommune}.", []),
        ("Ring til {sletded}\nog {Kommune}.", [0, 1]),
        ("Ring til {}\n{ sletdet }", [0, 1]),
        ("Ring til {sletdet", [0]),
        ("Ring\ntil\nsletdet}", [2]),
        ("Et <b>fedt</b> ord", [0]),
        ("Over <!-- gemt --> ord", [0]),
        ("Er barnet <15, så >10", []),
        ("<https://politi.dk/side>", []),
        ("[a](https://a.dk) [b](mailto:b@c.dk) [c](tel:112)", []),
        ("[a](gem_bevis)\n[b](/pjecer/)\n[c](javascript:x)", [0, 1, 2]),
    ],
)
def test_markup(text: str, lines: list[int]) -> None:
    assert [mistake.line for mistake in markup_mistakes(text, ["sletdet", "kommune"])] == lines


def test_placeholders_rest_while_their_names_are_unknown() -> None:
    assert list(mistakes("Ring til {hvem}.", None, {})) == []


@pytest.mark.parametrize(
    ("body", "lines"),
    [
        ("Tekst\n\n## Læs mere\n### Mere\nTekst", []),
        ("Tekst\n### Mere", [1]),
        ("Tekst\n## Hvis barnet er under 15\n### Mere\n## Læs mere\n### Mere", [2]),
        ("# Tekst", [0]),
        ("Tekst\n## Læs mere\n#### Mere", [2]),
        ("##Læs mere", [0]),
        ("  ## Læs mere", [0]),
        ("Tekst\n---", [1]),
        ("Tekst\n====\nTekst", [1]),
        ("- et\n- to", []),
        ("Nummer #1 i køen", []),
    ],
)
def test_headings(body: str, lines: list[int]) -> None:
    assert [mistake.line for mistake in heading_mistakes(body)] == lines


def test_meant() -> None:
    assert meant("gem_bevsi", ["gem_bevis", "tak"]) == "Mente du 'gem_bevis'?"
    assert meant("noget helt andet", ["gem_bevis", "tak"]) == ""
