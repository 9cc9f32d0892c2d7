"""The questions inside a message."""

from __future__ import annotations

import pytest

from assistant.segments import MOST_QUESTIONS, asks, questions


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        # sentences, with and without marks
        (
            "Må skolen kigge i hans mobil? Hvem betaler for advokaten?",
            ["Må skolen kigge i hans mobil?", "Hvem betaler for advokaten?"],
        ),
        ("hun er 14.\nhvor melder vi det henne", ["hvor melder vi det henne"]),
        # one sentence with two questions
        (
            "hvad er straffen og skal vi ringe til skolen",
            ["hvad er straffen", "skal vi ringe til skolen"],
        ),
        (
            "Kan hun slippe for at møde ham, og hvem af os tager med?",
            ["Kan hun slippe for at møde ham", "hvem af os tager med?"],
        ),
        (
            "er det ulovligt, hvordan får vi det slettet, kan skolen hjælpe",
            ["er det ulovligt", "hvordan får vi det slettet", "kan skolen hjælpe"],
        ),
        # a story, then a question without any mark before it
        ("de har filmet ham i badet hvad gør vi nu", ["hvad gør vi nu"]),
        ("vi bor i Odder, hvem kan jeg ringe til", ["hvem kan jeg ringe til"]),
        # one question is the message itself
        ("hvad er straffen for at dele?", []),
        ("skal vi blokere dem nu eller vente", []),
        # the subject first: a statement
        ("jeg ved ikke, hvad jeg skal gøre", []),
        ("han siger, at han ikke ved, hvem der har sendt det", []),
        ("de har en gruppe, hvor alle i klassen er med", []),
        ("de er mange i gruppen. han har været med fra starten", []),
        # nothing that could be answered by itself
        ("de har lavet en gruppe om ham. må de have det?", []),
        ("han fik den af en ven og gemte den. kan han få ballade?", []),
        # too short to be told from others
        ("de deler den stadig. hvad nu?", []),
        ("", []),
    ],
)
def test_questions(text: str, asked: list[str]) -> None:
    assert questions(text) == asked


def test_a_list_of_questions_is_cut_off() -> None:
    text = " ".join(f"Hvad er straffen for at dele {n} billeder?" for n in range(9))
    assert len(questions(text)) == MOST_QUESTIONS


@pytest.mark.parametrize(
    ("text", "is_asked"),
    [
        ("hvad siger jeg til ham", True),
        ("han er hjemme igen. hvad siger jeg til ham", True),
        ("skal hun til lægen", True),
        ("er du der?", True),
        ("jeg er hos ham, han græder men er rolig", False),
        ("han sover nu", False),
        ("", False),
    ],
)
def test_asks(text: str, is_asked: bool) -> None:
    assert asks(text) is is_asked


@pytest.mark.parametrize("repeated", ["og ", "så  ", " ", "\n ", "og så men "])
def test_the_question_is_found_after_any_number_of_joining_words(repeated: str) -> None:
    many = repeated * 4_000
    assert questions(f"han er 14 {many}hvad gør vi nu så")[-1] == "hvad gør vi nu så"
