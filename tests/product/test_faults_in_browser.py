"""A net that stalls or is gone: the parent keeps the text, sees the numbers, and can go on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from product import Product
from stalling import network
from test_browser import first_words, label
from test_browser import page as browser_page
from test_failures import BLACKMAIL

page = browser_page  # the fixture
GIVES_UP = 30_000  # milliseconds after which the chat must have said that nothing comes


@pytest.mark.parametrize("fault", ["offline", "stalled"])
def test_nothing_said_is_lost(product: Product, page: Page, fault: str):
    edition = product.edition
    with network(product.address) as between:
        page.goto(between.address)
        page.get_by_role("button", name=label("launcher")).click()
        log, alert = page.get_by_role("log"), page.get_by_role("alert")
        expect(log).to_contain_text(first_words(edition.messages["aabning"].text))

        if fault == "offline":
            page.context.set_offline(True)
        else:
            between.flows.clear()
        page.get_by_label(label("field")).fill(BLACKMAIL)
        page.get_by_role("button", name=label("send"), exact=True).click()
        expect(alert).to_be_visible(timeout=GIVES_UP)
        for number in ("112", "114", "116111"):
            expect(alert.locator(f'a[href="tel:{number}"]')).to_be_visible()
        expect(log).to_contain_text(BLACKMAIL)

        if fault == "offline":
            page.context.set_offline(False)  # the chat hears of it and goes on by itself
        else:
            between.flows.set()
            page.get_by_role("button", name=label("retry")).click()
        expect(log).to_contain_text(first_words(edition.answers["afpresning"].body))
        expect(alert).to_be_hidden()
        assert log.inner_text().count(BLACKMAIL) == 1
        answer = first_words(edition.answers["afpresning"].body)
        assert log.inner_text().count(answer) == 1
