"""Markdown to safe HTML, and engine messages to public ones."""

from __future__ import annotations

from typing import Any

import pytest
from conftest import CARD, FakeEdition

from web.rendering import Malformed, public_message, to_html


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        ("**fed** og *skrå*", "<p><strong>fed</strong> og <em>skrå</em></p>"),
        ("1. en\n2. to", "<ol>\n<li>en</li>\n<li>to</li>\n</ol>"),
        ("# Stor\n\n### Lille", "<h3>Stor</h3>\n<h3>Lille</h3>"),
        ("[112](tel:112)", '<p><a href="tel:112">112</a></p>'),
        ("[skriv](mailto:a@b.dk)", '<p><a href="mailto:a@b.dk">skriv</a></p>'),
        (
            "[her](https://politi.dk)",
            '<p><a href="https://politi.dk" target="_blank" rel="noopener noreferrer">her</a></p>',
        ),
        ("[sms](sms:12345678)", '<p><a href="sms:12345678">sms</a></p>'),
        ("https://politi.dk", "<p>https://politi.dk</p>"),
    ],
)
def test_markdown(markdown: str, html: str) -> None:
    assert to_html(markdown) == html


def test_markdown_for_a_page() -> None:
    html = to_html("### Lille\n\n[her](https://politi.dk)", heading="h4", new_window=False)
    assert html == (
        '<h4>Lille</h4>\n<p><a href="https://politi.dk" rel="noopener noreferrer">her</a></p>'
    )


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](JaVaScript:alert(1))",
        "[a](data:text/html,x)",
        "[a](//evil.example)",
        "[a](/intern)",
        "[a](file:///etc/passwd)",
        "![x](https://evil.example/pixel.png)",
        '[a](https://x.dk "\\" onclick=alert(1) x=\\"")',
        "<https://x.dk/\"onclick='a'>",
    ],
)
def test_nothing_dangerous_gets_through(markdown: str) -> None:
    html = to_html(markdown)
    for piece in ("<script", "<img", 'href="j', 'href="J', 'href="d', 'href="/', 'href="f'):
        assert piece not in html
    assert " onclick=" not in html.replace("&quot;", "").split("title=")[0]


def test_approved_answer(edition: FakeEdition) -> None:
    message = public_message(edition, {"answer": "gem_bevis", "text": "Gem."})  # type: ignore[arg-type]
    assert message is not None
    assert (message["reviewed"], message["draft"], message["choices"]) == ("2026-11-22", False, [])


@pytest.mark.parametrize(
    ("answer", "link"),
    [
        ("afpresning", "/pjecer/naar-det-sker/#afpresning"),
        ("gem_bevis", None),  # its pamphlet is not there to be read
        ("aabning", None),
        ("ukendt", None),
        (None, None),
    ],
)
def test_link_to_the_pamphlet(edition: FakeEdition, answer: str | None, link: str | None) -> None:
    message = public_message(edition, {"answer": answer, "text": "Hej."})  # type: ignore[arg-type]
    assert message is not None
    assert message["link"] == link


@pytest.mark.parametrize(("answer", "draft"), [(None, False), ("aabning", False), ("ukendt", True)])
def test_what_is_no_answer(edition: FakeEdition, answer: str | None, draft: bool) -> None:
    message = public_message(edition, {"answer": answer, "text": "Hej."})  # type: ignore[arg-type]
    assert message is not None
    assert (message["sources"], message["reviewed"], message["draft"]) == ([], None, draft)


def test_empty_messages_are_dropped(edition: FakeEdition) -> None:
    for empty in ({}, {"text": None}, {"text": " ", "choices": []}):
        assert public_message(edition, empty) is None  # type: ignore[arg-type]


def test_a_card_alone_is_a_message(edition: FakeEdition) -> None:
    message = public_message(edition, {"text": None, "contact": CARD})  # type: ignore[arg-type]
    assert message is not None
    assert (message["html"], message["contact"]) == ("", CARD)


def test_a_dangerous_address_on_a_card_is_dropped(edition: FakeEdition) -> None:
    line = {"label": "x", "kind": "link", "value": "y", "href": "javascript:alert(1)"}
    message = public_message(edition, {"text": "a", "contact": {"lines": [line]}})  # type: ignore[arg-type]
    assert message is not None
    assert message["contact"]["lines"][0]["href"] is None


@pytest.mark.parametrize(
    "message",
    [
        "hej", None, 7, [],
        {"text": 7}, {"text": "a", "answer": []}, {"text": "a", "choices": {}},
        {"text": "a", "choices": [{"label": "x"}]}, {"text": "a", "choices": [None]},
        {"text": "a", "contact": "x"}, {"text": "a", "contact": {"lines": [{"kind": "x"}]}},
        {"text": "a", "language": {"code": "ar", "direction": "up"}},
        {"text": "a", "language": {"code": 'ar" onload', "direction": "rtl"}},
    ],
)  # fmt: skip
def test_malformed(edition: FakeEdition, message: Any) -> None:
    with pytest.raises(Malformed):
        public_message(edition, message)  # type: ignore[arg-type]
