"""SSP staff edit a file, and the next parent reads it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from product import Conversation, Product, eventually

from content.kommuner import spaced

ANSWER = "pjecer/naar-det-sker/afpresning.md"


@pytest.fixture
def open_file(product: Product) -> Iterator[Callable[[str], Path]]:
    """Gives a file of the content to edit; afterwards it is as it was."""
    originals: dict[Path, str] = {}

    def opened(name: str) -> Path:
        path = product.data / name
        originals[path] = path.read_text(encoding="utf-8")
        return path

    yield opened
    for path, text in originals.items():
        path.write_text(text, encoding="utf-8")


def test_an_edited_answer_is_in_the_next_reply_and_a_broken_one_never(
    product: Product, open_file: Callable[[str], Path]
):
    path = open_file(ANSWER)
    original = path.read_text(encoding="utf-8")

    def with_line(line: str) -> str:
        # In place of the first line: an answer may not grow beyond its limit.
        return re.sub(r"\n---\n.*", f"\n---\n{line}", original, count=1)

    def is_said(line: str) -> bool:
        message = Conversation(product.client).choose("afpresning")
        return line in message["text"] and message["answer"] == "afpresning"

    path.write_text(with_line("Et nyt ord fra redaktøren."), encoding="utf-8")
    assert eventually(lambda: is_said("Et nyt ord fra redaktøren."))

    path.write_text(with_line("Halvt").replace("titel:", "titel: ["), encoding="utf-8")
    assert eventually(lambda: is_said("redaktøren") and path.name in product.output("engine"))
    report = product.output("engine").partition(path.name)[2]
    assert "Den seneste gode udgave bruges fortsat." in report
    assert is_said("Et nyt ord fra redaktøren.")

    path.write_text(with_line("Nu er det rettet."), encoding="utf-8")
    assert eventually(lambda: is_said("Nu er det rettet."))


def test_a_confirmed_ssp_number_is_on_the_next_card(
    product: Product, open_file: Callable[[str], Path]
):
    path = open_file("kommuner/horsens.yml")
    number = product.edition.kommuner["0615"].ssp.telefon
    assert number

    def is_shown() -> bool:
        card = Conversation(product.client, "0615").choose("ssp_kontakt")["contact"]
        return spaced(number) in [line["value"] for line in card["lines"]]

    assert not is_shown()
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("bekraeftet: null", "bekraeftet: 2026-11-22"), encoding="utf-8")
    assert eventually(is_shown)


def test_a_renamed_helpline_is_in_the_answers_that_name_it(
    product: Product, open_file: Callable[[str], Path]
):
    path = open_file("hjaelp.yml")
    text = path.read_text(encoding="utf-8")
    name = product.edition.helplines["boernetelefonen"].name
    path.write_text(text.replace(f"navn: {name}\n", "navn: Nyt navn\n"), encoding="utf-8")
    assert eventually(
        lambda: "Nyt navn" in Conversation(product.client).choose("afpresning")["text"]
    )
