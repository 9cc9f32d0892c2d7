"""The chat page in a real browser, on a phone's screen."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright
from product import Product

from environment import ROOT
from web.safe_answer import safe_answer

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PHONE = {"width": 360, "height": 740}
STRINGS = (ROOT / "web/static/strings.js").read_text(encoding="utf-8")


def label(name: str) -> str:
    """One of the chat's own words."""
    return re.search(rf'^  {name}: "(.+)",$', STRINGS, re.M)[1]


@pytest.fixture
def page() -> Iterator[Page]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail("No browser found: install one with 'apt-get install chromium'.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        yield browser.new_page(viewport=PHONE, locale="da-DK")
        browser.close()


def test_a_parent_on_a_phone(product: Product, page: Page):
    requested: list[str] = []
    complaints: list[str] = []
    page.on("request", lambda request: requested.append(f"{request.method} {request.url}"))
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    edition = product.edition

    def asked_of_the_api() -> list[str]:
        return [line for line in requested if "/api/" in line]

    page.goto(product.address)
    launcher = page.get_by_role("button", name=label("launcher"))
    expect(launcher).to_be_visible()
    page.wait_for_load_state("networkidle")
    assert asked_of_the_api() == []
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    assert page.evaluate("document.cookie") == ""

    launcher.click()
    log = page.get_by_role("log")
    choices = page.get_by_role("group", name=label("choices"))
    field = page.get_by_label(label("field"))
    opening = edition.messages["aabning"]
    expect(log).to_contain_text(first_words(opening.text))
    for button in opening.buttons:
        expect(choices.get_by_role("button", name=button.label)).to_be_visible()
    expect(field).to_be_focused()

    field.fill("min søn på 14 har sendt en video af en pige fra klassen videre på snap")
    page.get_by_role("button", name=label("send"), exact=True).click()
    expect(log).to_contain_text(first_words(edition.answers["barn_har_delt"].body))
    expect(log).to_contain_text(first_words(edition.answers["barn_har_delt"].variants["under_15"]))

    choices.get_by_role("button", name=edition.messages["knap_find_ssp"].text).click()
    page.get_by_label(label("kommuneLabel")).fill("Horsens")
    choices.get_by_role("button", name="Horsens Kommune").click()
    card = log.get_by_role("region", name="SSP i Horsens Kommune")
    main_number = edition.kommuner["0615"].hovednummer
    expect(card.locator(f'a[href="tel:+45{main_number}"]')).to_be_visible()
    expect(card.locator('a[href^="tel:"]').last).to_have_attribute("href", "tel:112")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

    said = log.inner_text()
    sent = asked_of_the_api()
    page.reload()
    expect(log).to_contain_text(first_words(opening.text))
    assert log.inner_text() == said
    assert asked_of_the_api() == sent

    page.keyboard.press("Escape")
    expect(log).to_be_hidden()
    assert is_focused(launcher)
    launcher.click()

    page.get_by_role("button", name=label("erase")).click()
    page.get_by_role("button", name=label("eraseYes")).click()
    expect(page.get_by_text(label("erased"))).to_be_visible()
    expect(log).to_be_empty()
    assert asked_of_the_api()[-1].startswith("DELETE ")
    assert page.evaluate("sessionStorage.length") == 0

    assert [line for line in requested if f" {product.address}/" not in line] == []
    assert complaints == []


def test_without_the_server_the_numbers_are_there(product: Product, page: Page):
    page.goto(product.address)
    page.route("**/api/**", lambda route: route.abort())
    page.get_by_role("button", name=label("launcher")).click()
    alert = page.get_by_role("alert")
    for number in ("112", "114", "116111"):
        expect(alert.locator(f'a[href="tel:{number}"]')).to_be_visible()

    page.unroute("**/api/**")
    page.get_by_role("button", name=label("retry")).click()
    expect(page.get_by_role("log")).to_contain_text(
        first_words(product.edition.messages["aabning"].text)
    )


@pytest.mark.parametrize(("status", "code"), [(429, "fejl_for_mange"), (503, "fejl_optaget")])
def test_a_busy_server_leaves_the_numbers_and_the_text(
    product: Product, page: Page, status: int, code: str
):
    busy = product.edition.messages[code].text
    body = {"error": {"code": code, "message": busy}}
    page.goto(product.address)
    page.get_by_role("button", name=label("launcher")).click()
    expect(page.get_by_role("log")).not_to_be_empty()
    page.route("**/messages", lambda route: route.fulfill(status=status, json=body))
    page.get_by_label(label("field")).fill("de truer hende")
    page.get_by_role("button", name=label("send"), exact=True).click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(busy)
    for number in ("112", "114", "116111"):
        expect(alert.locator(f'a[href="tel:{number}"]')).to_be_visible()

    page.unroute("**/messages")
    page.get_by_role("button", name=label("retry")).click()
    expect(page.get_by_role("log")).to_contain_text(first_words(product.answer("afpresning").body))


@pytest.mark.parametrize("kommune", [None, "0615"])
def test_a_busy_servers_own_help_is_shown(product: Product, page: Page, kommune: str | None):
    edition = product.edition
    error = {"code": "fejl_optaget", "message": edition.messages["fejl_optaget"].text}
    body = {"error": error, "messages": [safe_answer(edition, kommune)]}
    page.goto(product.address)
    page.route("**/api/conversations", lambda route: route.fulfill(status=503, json=body))
    page.get_by_role("button", name=label("launcher")).click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(first_words(edition.messages["sikkert_svar"].text))
    for number in ("112", "114"):
        expect(alert.locator(f'a[href="tel:{number}"]')).to_be_visible()
    card = alert.get_by_role("region", name="SSP i Horsens Kommune")
    expect(card).to_have_count(1 if kommune else 0)
    expect(page.get_by_role("button", name=label("retry"))).to_be_visible()


def first_words(markdown: str) -> str:
    """The beginning of a text, as the page shows it."""
    return re.split(r"[*\[{\n.]", markdown.strip().lstrip("*"))[0].strip()


def is_focused(element: Locator) -> bool:
    """The chat lives in a shadow root, which has a focus of its own."""
    return element.evaluate("element => element.getRootNode().activeElement === element")
