"""The chat and the pages for everybody: WCAG 2.2 AA in a real browser. See docs/accessibility.md.

One conversation is led through every state of the chat, and each state is looked at in every look
and size; the tests then read what was found.
"""

from __future__ import annotations

import base64
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import (
    Browser,
    BrowserContext,
    JSHandle,
    Locator,
    Page,
    Route,
    expect,
    sync_playwright,
)
from product import Product
from test_browser import BROWSERS, STRINGS, first_words, is_focused, label

from web.safe_answer import safe_answer

MEASURE = (Path(__file__).parent / "accessibility.js").read_text(encoding="utf-8")
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
NARROW = {"width": 320, "height": 640}
ZOOMED = {"width": 320, "height": 256}  # what 400 % leaves of 1280×1024
TOUCH, POINTER = 44, 24  # pixels; what we ask on a phone, and what WCAG asks everywhere

# WCAG 1.4.12, as a parent's own style would set it.
SPACING = """
* { line-height: 1.5 !important; letter-spacing: 0.12em !important; }
* { word-spacing: 0.16em !important; }
p { margin-bottom: 2em !important; }
"""
SPACE_OUT = """(css) => {
  const sheet = (window.spacing ??= new CSSStyleSheet());
  sheet.replaceSync(css);
  for (const root of [document, document.querySelector("kommune-chat")?.shadowRoot])
    if (root && !root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet);
}"""

PAGES = {
    "the demo page": "/",
    "all pamphlets": "/pjecer/",
    "a pamphlet": "/pjecer/naar-det-sker/",
    "a kommune's pamphlet": "/pjecer/lokal-hjaelp/?kommune=0615",
    "the statement": "/tilgaengelighed",
    "an error": "/findes-ikke",
}

ABOUT_A_SHARED_VIDEO = "min søn på 14 har sendt en video af en pige fra klassen videre på snap"
IN_ARABIC = "صور ابنتي تم نشرها في المدرسة ماذا أفعل"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail("No browser found: install one with 'apt-get install chromium'.")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program)


@pytest.fixture
def chat(product: Product, browser: Browser) -> Iterator[Chat]:
    """The chat on a phone, on the demo page."""
    with browser.new_context(viewport=PHONE, locale="da-DK") as context:
        yield Chat(product, new_page(context))


def new_page(context: BrowserContext) -> Page:
    context.add_init_script(MEASURE)
    context.set_default_timeout(10_000)
    return context.new_page()


# --- The chat's states ------------------------------------------------------------------------


class Chat:
    """The chat on a page, by the words a parent sees."""

    def __init__(self, product: Product, page: Page) -> None:
        self.product = product
        self.page = page
        self.launcher = page.get_by_role("button", name=label("launcher"))
        self.dialog = page.get_by_role("dialog")
        self.log = page.get_by_role("log")
        self.choices = page.get_by_role("group", name=label("choices"))
        self.field = page.get_by_label(label("field"))
        self.alert = page.get_by_role("alert")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=label(name), exact=True)

    def visit(self, path: str = "/") -> None:
        self.page.goto(self.product.address + path)
        expect(self.launcher).to_be_visible()

    def open(self) -> None:
        self.visit()
        self.launcher.click()
        self.has_said("aabning")

    @property
    def root(self) -> JSHandle:
        return self.page.evaluate_handle("document.querySelector('kommune-chat').shadowRoot")

    def say(self, text: str) -> None:
        self.field.fill(text)
        self.field.press("Enter")

    def choose(self, choice: str) -> None:
        """Presses the newest button of a message of ours that leads to ``choice``."""
        messages = self.product.edition.messages.values()
        names = {b.label for m in messages for b in m.buttons if b.choice == choice}
        self.choices.get_by_role("button", name=re.compile("|".join(names))).first.click()

    def has_said(self, id_: str) -> None:
        edition = self.product.edition
        text = edition.answers[id_].body if id_ in edition.answers else edition.messages[id_].text
        expect(self.log).to_contain_text(first_words(text))


def states(chat: Chat) -> Iterator[str]:
    """Leads a conversation through everything the chat can show."""
    page = chat.page
    chat.visit()
    yield "closed"
    chat.launcher.click()
    chat.has_said("aabning")
    yield "open"
    chat.button("about").click()
    yield "about"
    chat.button("about").click()
    chat.button("erase").click()
    yield "delete question"
    chat.button("eraseNo").click()
    chat.say(ABOUT_A_SHARED_VIDEO)
    chat.has_said("barn_har_delt")
    expect(chat.log.get_by_role("link", name=label("more"))).to_be_visible()
    page.get_by_text(label("sources")).last.click()
    yield "answer with pamphlet and sources"
    page.get_by_text(label("sources")).last.click()
    chat.choose("ssp_kontakt")
    page.get_by_label(label("kommuneLabel")).fill("Horsens")
    expect(chat.choices.get_by_role("button", name="Horsens Kommune")).to_be_visible()
    yield "kommune picker"
    chat.choices.get_by_role("button", name="Horsens Kommune").click()
    expect(chat.log.get_by_role("region", name="SSP i Horsens Kommune")).to_be_visible()
    yield "SSP card"
    chat.say("lav en plan")
    plan = chat.product.edition.plan.headings["titel"]
    expect(chat.log.get_by_role("region", name=plan)).to_be_visible()
    yield "plan"
    chat.say(IN_ARABIC)
    expect(chat.log.locator("[lang=ar]")).to_be_visible()
    yield "answer in Arabic"
    page.route("**/api/**", lambda route: route.abort())
    chat.say("er der nogen")
    expect(chat.alert.get_by_role("button", name=label("retry"))).to_be_visible()
    yield "unreachable"
    page.unroute("**/api/**")
    error = {"code": "fejl_optaget", "message": "Der er mange, der skriver lige nu."}
    body = {"error": error, "messages": [safe_answer(chat.product.edition, "0630")]}
    page.route("**/messages", lambda route: route.fulfill(status=503, json=body))
    chat.button("retry").click()
    expect(chat.alert.get_by_role("region", name="SSP i Vejle Kommune")).to_be_visible()
    yield "overloaded"
    page.unroute("**/messages")
    chat.field.fill("a" * 2100)
    chat.field.press("Enter")
    expect(chat.alert).to_contain_text("100")
    yield "too long"
    chat.field.fill("")
    chat.button("erase").click()
    chat.button("eraseYes").click()
    expect(chat.button("startOver")).to_be_visible()
    yield "deleted"


# --- Looking ----------------------------------------------------------------------------------


def axe_errors(page: Page, *, contrast: bool = True) -> list[str]:
    """What axe finds with all its rules for WCAG 2.2 AA and good practice."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    rules = {"target-size": {"enabled": True}, "color-contrast": {"enabled": contrast}}
    found = page.evaluate("rules => accessibility.axeFindings({ rules })", rules)
    return found["violations"] + [f"not looked at: {name}" for name in found["unchecked"]]


def axe_contrast_errors(page: Page) -> list[str]:
    """Colours alone, for a look that differs from another one in nothing else."""
    only = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
    return page.evaluate("only => accessibility.axeFindings(only)", only)["violations"]


def faint_texts(page: Page) -> list[str]:
    """Texts that are hard to read as drawn; forced colours are not in the computed styles."""
    picture = base64.b64encode(page.screenshot(scale="css")).decode()
    boxes = page.evaluate("accessibility.texts()")
    assert boxes
    measure = "([picture, boxes]) => accessibility.faint(picture, boxes, 4.5)"
    return page.evaluate(measure, [picture, boxes])


def resize(page: Page, size: dict[str, int]) -> None:
    page.set_viewport_size(size)
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => setTimeout(done)))")


def look_at(page: Page, found: dict[str, list[str]], state: str) -> None:
    """Every look and size of what the page shows now; leaves it as it was."""

    def note(check: str, look: str, errors: list[str]) -> None:
        found[check] += [f"{state}, {look}: {error}" for error in errors]

    def cramped(look: str) -> None:
        note("room", look, page.evaluate("accessibility.cramped()"))

    note("axe", "phone", axe_errors(page))
    page.emulate_media(color_scheme="dark")
    note("axe", "phone, dark", axe_contrast_errors(page))
    page.emulate_media(color_scheme="light", forced_colors="active")
    note("axe", "phone, forced colours", axe_errors(page, contrast=False))
    note("forced colours", "phone", faint_texts(page))
    page.emulate_media(forced_colors="none")
    note("targets", "phone", page.evaluate("least => accessibility.small(least)", TOUCH))
    resize(page, DESK)
    note("axe", "desk", axe_errors(page))
    note("targets", "desk", page.evaluate("least => accessibility.small(least)", POINTER))
    for look, size in (("narrow", NARROW), ("400 %", ZOOMED)):
        resize(page, size)
        cramped(look)
    for look, size in (("400 %", ZOOMED), ("phone", PHONE), ("desk", DESK)):
        resize(page, size)
        page.evaluate(SPACE_OUT, SPACING)
        cramped(f"{look}, wide spacing")
        page.evaluate(SPACE_OUT, "")
    resize(page, PHONE)


@pytest.fixture(scope="module")
def found(product: Product, browser: Browser) -> dict[str, list[str]]:
    """What is wrong in any state of the chat or on any page, by check."""
    errors: dict[str, list[str]] = defaultdict(list)
    with browser.new_context(viewport=PHONE, locale="da-DK") as context:
        page = new_page(context)
        for state in states(Chat(product, page)):
            look_at(page, errors, state)
        for name, path in PAGES.items():
            page.goto(product.address + path)
            look_at(page, errors, name)
    return errors


@pytest.mark.parametrize("check", ["axe", "forced colours", "targets", "room"])
def test_nothing_is_wrong_in_any_state(found: dict[str, list[str]], check: str) -> None:
    assert found[check] == [], "\n".join(found[check])


@pytest.mark.parametrize("path", ["/eksempler/horsens/", "/eksempler/moerk/"])
def test_the_examples_of_other_colours_are_legible(chat: Chat, path: str) -> None:
    chat.visit(path)
    assert axe_errors(chat.page) == []
    chat.launcher.click()
    chat.has_said("aabning")
    for scheme in ("light", "dark"):
        chat.page.emulate_media(color_scheme=scheme)
        assert axe_contrast_errors(chat.page) == []


def test_what_is_wrong_inside_the_chat_is_found(chat: Chat) -> None:
    """The checks above can fail: they look into the shadow root."""
    chat.open()
    assert axe_errors(chat.page) == []
    chat.root.evaluate("""root => {
      root.querySelector("label[for=field]").remove();
      root.querySelector(".text p").style.color = "#cccccc";
      root.querySelector(".send").style.cssText = "min-height: 0; height: 20px; padding: 0";
      root.querySelector(".choice").style.cssText = "flex: none; width: 500px";
    }""")
    errors = axe_errors(chat.page)
    assert {error.split(":")[0] for error in errors} >= {"label", "color-contrast"}
    assert all(error.split(": ")[1] == "chat" for error in errors)
    assert len(chat.page.evaluate("accessibility.small(44)")) == 1
    assert chat.page.evaluate("accessibility.cramped()") != []
    chat.page.emulate_media(forced_colors="active")
    assert faint_texts(chat.page) == []
    chat.root.evaluate("""root => {
      const title = root.querySelector("#title");
      title.style.cssText = "forced-color-adjust: none; color: #dddddd; background: #ffffff";
    }""")
    (faint,) = faint_texts(chat.page)
    assert label("title") in faint


# --- Keyboard ---------------------------------------------------------------------------------


def tab_through(page: Page) -> list[str]:
    """Presses Tab until it comes round; what is wrong with any stop, or with their order."""
    expected = sorted(page.evaluate("accessibility.stops()"))
    visited: dict[int, dict[str, Any]] = {}
    for _ in range(2 * len(expected) + 5):
        page.keyboard.press("Tab")
        stop = page.evaluate("accessibility.focus()")
        if stop is None:  # between the page's end and its beginning
            continue
        if stop["order"] in visited:
            break
        visited[stop["order"]] = stop
    stops = list(visited.values())
    errors = [f"no outline: {stop['name']}" for stop in stops if stop["outline"] < 2]
    errors += [f"faint outline: {stop['name']}" for stop in stops if stop["contrast"] < 3]
    errors += [f"not to be seen: {stop['name']}" for stop in stops if not stop["seen"]]
    reached = sorted(stop["name"] for stop in stops)
    errors += [] if reached == expected else [f"reached {reached} and not {expected}"]
    turns = sum(before > after for before, after in pairwise(visited))
    errors += [f"the order jumps {turns} times"] if turns > 1 else []
    return errors


def tab_to(element: Locator, *, back: bool = False) -> Locator:
    """Moves the focus there as a keyboard does."""
    for _ in range(150):
        element.page.keyboard.press("Shift+Tab" if back else "Tab")
        if is_focused(element):
            return element
    raise AssertionError(f"the keyboard does not reach {element}")


def test_focus_is_never_under_the_window(chat: Chat) -> None:
    """WCAG 2.4.11: Escape takes the window away from what it covers, and from nothing else."""
    page = chat.page
    resize(page, DESK)
    chat.open()
    page.evaluate("""() => {
      const place = (id, css) => document.body.insertAdjacentHTML(
        "beforeend", `<a href="#x" id="${id}">Hjælp</a>`) ?? Object.assign(
        document.getElementById(id).style, { position: "fixed", ...css });
      place("covered", { right: "90px", bottom: "300px" });
      place("free", { left: "90px", bottom: "300px" });
    }""")
    free, covered = page.locator("#free"), page.locator("#covered")
    tab_to(free)
    page.keyboard.press("Escape")
    expect(chat.dialog).to_be_visible()
    tab_to(covered, back=True)
    assert not page.evaluate("accessibility.focus().seen")
    page.keyboard.press("Escape")
    expect(chat.dialog).to_be_hidden()
    assert is_focused(covered)
    assert page.evaluate("accessibility.focus().seen")


@pytest.mark.parametrize("size", [ZOOMED, DESK], ids=["400 %", "desk"])
def test_everything_works_with_the_keyboard_alone(chat: Chat, size: dict[str, int]) -> None:
    page, press = chat.page, chat.page.keyboard.press
    resize(page, size)
    chat.visit()
    assert tab_through(page) == []

    tab_to(chat.launcher)
    press("Enter")
    expect(chat.field).to_be_focused()
    chat.has_said("aabning")
    about = tab_to(chat.button("about"), back=True)
    press("Enter")
    expect(page.get_by_role("region", name=label("about"))).to_be_visible()
    assert tab_through(page) == []
    tab_to(about)
    press("Enter")
    expect(page.get_by_role("region", name=label("about"))).to_be_hidden()

    tab_to(chat.field)
    page.keyboard.type(ABOUT_A_SHARED_VIDEO)
    press("Enter")
    chat.has_said("barn_har_delt")
    sources = tab_to(page.get_by_text(label("sources"), exact=True).last, back=True)
    press("Enter")
    expect(sources.locator("..").get_by_role("link").first).to_be_visible()
    find_ssp = chat.product.edition.messages["knap_find_ssp"].text
    tab_to(chat.choices.get_by_role("button", name=find_ssp))
    press("Enter")
    expect(chat.field).to_be_focused()
    tab_to(page.get_by_label(label("kommuneLabel")), back=True)
    page.keyboard.type("Horsens")
    expect(chat.choices.get_by_role("button", name="Horsens Kommune")).to_be_visible()
    tab_to(chat.choices.get_by_role("button", name="Horsens Kommune"))
    press("Enter")
    expect(chat.field).to_be_focused()
    expect(chat.log.get_by_role("region", name="SSP i Horsens Kommune")).to_be_visible()
    page.keyboard.type("lav en plan")
    press("Enter")
    plan = chat.product.edition.plan.headings["titel"]
    expect(chat.log.get_by_role("region", name=plan)).to_be_visible()
    assert tab_through(page) == []

    tab_to(chat.button("erase"))
    press("Enter")
    expect(chat.button("eraseNo")).to_be_focused()
    tab_to(chat.button("eraseYes"), back=True)
    tab_to(chat.button("eraseNo"))
    press("Enter")
    expect(chat.field).to_be_focused()
    expect(chat.log).not_to_be_empty()

    press("Escape")
    expect(chat.dialog).to_be_hidden()
    expect(chat.launcher).to_be_focused()
    press("Enter")
    tab_to(chat.button("close"))
    press("Enter")
    expect(chat.dialog).to_be_hidden()
    expect(chat.launcher).to_be_focused()


def test_the_pamphlets_work_with_the_keyboard_alone(chat: Chat) -> None:
    page = chat.page
    resize(page, ZOOMED)
    page.goto(chat.product.address + PAGES["a kommune's pamphlet"])
    assert tab_through(page) == []
    tab_to(page.get_by_role("link", name="Gå til indholdet"))
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


# --- Aloud ------------------------------------------------------------------------------------


OBSERVE = """(root, [selector, name]) => {
  const heard = (window[name] = []);
  new MutationObserver((records) => {
    for (const { type, target, addedNodes, removedNodes } of records) {
      const words = (nodes) => [...nodes].map((node) => node.textContent);
      heard.push({ type, top: target.matches?.(selector) ?? false,
                   added: words(addedNodes), removed: words(removedNodes) });
    }
  }).observe(root.querySelector(selector), { childList: true, characterData: true, subtree: true });
}"""


def observe(chat: Chat, selector: str, name: str) -> None:
    """From now on ``window[name]`` holds what changes in a part of the chat."""
    chat.root.evaluate(OBSERVE, [selector, name])


def accessibility_tree(page: Page) -> list[dict[str, Any]]:
    """What the browser tells a screen reader, parents first."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    return nodes


def with_role(tree: list[dict[str, Any]], role: str) -> list[dict[str, Any]]:
    return [node for node in tree if not node["ignored"] and node["role"]["value"] == role]


def properties(node: dict[str, Any]) -> dict[str, Any]:
    return {entry["name"]: entry["value"].get("value") for entry in node["properties"]}


def spoken(tree: list[dict[str, Any]], node: dict[str, Any]) -> str:
    """All text below a node."""
    known = {each["nodeId"]: each for each in tree}

    def below(id_: str) -> Iterator[str]:
        found = known[id_]
        if found["role"]["value"] == "StaticText":
            yield found["name"]["value"]
        else:
            for child in found.get("childIds", []):
                yield from below(child)

    return " ".join(below(node["nodeId"]))


def test_every_message_is_read_aloud_once(chat: Chat) -> None:
    chat.visit()
    observe(chat, ".log", "log")
    chat.launcher.click()
    chat.has_said("aabning")
    chat.say(ABOUT_A_SHARED_VIDEO)
    chat.has_said("barn_har_delt")
    chat.choose("ssp_kontakt")
    expect(chat.page.get_by_label(label("kommuneLabel"))).to_be_visible()
    resize(chat.page, DESK)  # no longer modal: the same window in another way
    chat.page.keyboard.press("Escape")
    chat.launcher.click()

    heard = chat.page.evaluate("window.log")
    assert all(change["type"] == "childList" and change["top"] for change in heard)
    assert [change["removed"] for change in heard if change["removed"]] == []
    added = [text for change in heard for text in change["added"]]
    whose = [text.split()[0] for text in added]
    own, assistant = (label(name).split()[0] for name in ("you", "assistant"))
    assert whose == [assistant, own, assistant, own, assistant]
    assert len(set(added)) == len(added)

    tree = accessibility_tree(chat.page)
    (log,) = with_role(tree, "log")
    assert log["name"]["value"] == label("messages")
    assert properties(log)["live"] == "polite"
    assert spoken(tree, log).count(ABOUT_A_SHARED_VIDEO) == 1
    (dialog,) = with_role(tree, "dialog")
    assert dialog["name"]["value"] == label("title")
    fields = {node["name"]["value"] for node in with_role(tree, "textbox")}
    assert fields == {label("field"), label("kommuneLabel")}
    headings = [properties(node)["level"] for node in with_role(tree, "heading")]
    assert headings[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(headings))


def hold(chat: Chat) -> list[Route]:
    """Messages to the server stay on the way; the caller lets them go."""
    held: list[Route] = []
    chat.page.route("**/messages", lambda route: held.append(route))
    return held


def test_what_can_be_chosen_and_a_return_are_told(chat: Chat) -> None:
    chat.open()
    count = chat.choices.get_by_role("button").count()
    status = chat.page.get_by_role("status")
    told = STRINGS.split("suggestions: (n)")[1].split("`")[1].replace("${n}", str(count))
    expect(status.filter(has_text=told)).to_be_attached()
    chat.page.keyboard.press("Escape")
    chat.launcher.click()
    expect(status.filter(has_text=label("restored"))).to_be_attached()


def test_that_it_is_writing_is_read_aloud_once(chat: Chat) -> None:
    chat.open()
    observe(chat, ".typing", "typing")
    held = hold(chat)
    chat.say(ABOUT_A_SHARED_VIDEO)
    sign = chat.page.get_by_text(label("typing"), exact=True)
    expect(sign).to_be_visible()
    tree = accessibility_tree(chat.page)
    statuses = with_role(tree, "status")
    (status,) = [node for node in statuses if spoken(tree, node) == label("typing")]
    assert properties(status)["live"] == "polite"
    held[0].continue_()
    chat.has_said("barn_har_delt")
    expect(sign).to_be_hidden()
    heard = [text for change in chat.page.evaluate("window.typing") for text in change["added"]]
    assert heard == [label("typing")]


def test_an_error_is_read_aloud_at_once(chat: Chat) -> None:
    chat.open()
    chat.button("send").click()
    expect(chat.alert).to_contain_text(label("empty"))
    tree = accessibility_tree(chat.page)
    (alert,) = with_role(tree, "alert")
    assert properties(alert)["live"] == "assertive"
    assert spoken(tree, alert).startswith(label("errorPrefix"))


def test_what_is_not_danish_says_so(chat: Chat) -> None:
    language = (
        "e => { for (; e; e = e.parentElement ?? e.getRootNode().host) if (e.lang) return e.lang }"
    )
    chat.visit()
    chat.page.evaluate("document.documentElement.lang = 'en'")  # the chat is Danish on any page
    assert chat.launcher.evaluate(language) == "da"
    chat.launcher.click()
    assert chat.field.evaluate(language) == "da"
    chat.say(IN_ARABIC)
    answer = chat.log.locator("[lang=ar]")
    expect(answer).to_contain_text("BørneTelefonen")
    assert answer.evaluate("e => getComputedStyle(e).direction") == "rtl"
    own = chat.log.get_by_text(IN_ARABIC)
    assert own.evaluate("e => getComputedStyle(e).direction") == "rtl"


@pytest.mark.parametrize("wish", ["reduce", "no-preference"])
def test_nothing_moves_for_who_wants_no_motion(chat: Chat, wish: Any) -> None:
    chat.page.emulate_media(reduced_motion=wish)
    chat.open()
    chat.page.evaluate("""() => {
      window.scrolls = new Set();
      const scroll = Element.prototype.scrollBy;
      Element.prototype.scrollBy = function (options) {
        window.scrolls.add(options.behavior);
        return scroll.call(this, options);
      };
    }""")
    held = hold(chat)
    chat.say(ABOUT_A_SHARED_VIDEO)
    expect(chat.page.get_by_text(label("typing"), exact=True)).to_be_visible()
    moving = chat.root.evaluate("root => root.getAnimations().length")
    held[0].continue_()
    chat.has_said("barn_har_delt")
    scrolls = chat.page.evaluate("[...window.scrolls]")
    assert (moving, scrolls) == ((0, ["auto"]) if wish == "reduce" else (1, ["smooth"]))
