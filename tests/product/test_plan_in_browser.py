"""The plan on a phone: steps that lead on, text to copy, and one sheet of paper."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect
from product import Product
from test_browser import first_words, label
from test_browser import page as browser_page

page = browser_page  # the fixture
SMALLEST_TARGET = 44  # pixels


@pytest.fixture
def plan(product: Product, page: Page) -> Iterator[Locator]:
    """The card of a family that has told everything."""
    edition = product.edition
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{product.address}/?kommune=0615")
    page.get_by_role("button", name=label("launcher")).click()
    choices = page.get_by_role("group", name=label("choices"))
    for message, choice in (
        ("aabning", "barn_har_delt"),
        ("", "handleplan"),
        ("handleplan_alder", "alder:15_17"),
    ):
        buttons = edition.messages[message].buttons if message else ()
        known = {button.choice: button.label for button in buttons}
        name = known.get(choice, edition.messages["knap_lav_plan"].text)
        choices.get_by_role("button", name=name).click()
    card = page.get_by_role("region", name=edition.plan.headings["titel"])
    expect(card).to_be_visible()
    yield card


def test_steps_lead_to_their_answers(product: Product, page: Page, plan: Locator) -> None:
    edition = product.edition
    headings = [edition.plan.headings[key] for key in ("nu", "i_morgen", "naeste_uger")]
    assert plan.get_by_role("heading").all_inner_texts()[1:4] == headings
    steps = plan.get_by_role("listitem").get_by_role("button")
    assert min(box["height"] for box in map(Locator.bounding_box, steps.all())) >= SMALLEST_TARGET
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    steps.filter(has_text=edition.answers["kontakt_skole"].title).click()
    answer = first_words(edition.answers["kontakt_skole"].body)
    expect(page.get_by_role("log")).to_contain_text(answer)


def test_copying_is_confirmed_aloud(page: Page, plan: Locator) -> None:
    plan.get_by_role("button", name=label("copy")).click()
    expect(plan.get_by_role("status")).to_have_text(label("copied"))
    copied = page.evaluate("navigator.clipboard.readText()")
    for text in plan.get_by_role("heading").all_inner_texts():
        assert text.lower() in copied.lower()


def test_a_refused_copy_is_told(page: Page, plan: Locator) -> None:
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error()); }")
    plan.get_by_role("button", name=label("copy")).click()
    expect(plan.get_by_role("status")).to_have_text(label("notCopied"))


def test_only_the_plan_is_printed_and_on_one_page(
    product: Product, page: Page, plan: Locator
) -> None:
    page.evaluate("() => { window.print = () => { document.body.dataset.printed = 'yes'; }; }")
    title = page.title()
    plan.get_by_role("button", name=label("print")).click()
    expect(page.locator("body[data-printed]")).to_be_attached()
    paper = page.locator("kommune-chat-paper")
    expect(paper).to_be_hidden()
    page.emulate_media(media="print")
    expect(paper).to_contain_text(product.edition.plan.headings["undgaa"])
    expect(paper).to_contain_text(label("paperFooter"))
    visible = [part for part in page.locator("body > *").all() if part.is_visible()]
    assert [part.evaluate("part => part.localName") for part in visible] == ["kommune-chat-paper"]
    assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
    # Chromium has told the page that printing is over: nothing is left of it.
    expect(paper).not_to_be_attached()
    assert page.evaluate("document.adoptedStyleSheets.length") == 0
    assert page.title() == title
