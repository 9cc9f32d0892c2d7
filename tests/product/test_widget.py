"""The chat on a kommune's own page: another origin, a strict policy, one line in its HTML."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from product import Product
from test_browser import PHONE, first_words, is_focused, label
from test_browser import page as browser_page

from environment import ROOT

page = browser_page  # the fixture
DESK = {"width": 1280, "height": 800}
EXAMPLE_SERVER = "https://chat.example.dk"
DELIVERED = "**/messages"
(SNIPPET,) = re.findall(
    r'^<script src="https://chat\.example\.dk/widget\.js".*</script>$',
    (ROOT / "README.md").read_text(encoding="utf-8"),
    re.M,
)
# What docs/widget.md tells the kommune to allow, and nothing else.
ALLOWED = re.findall(
    r"^(script-src .*|trusted-types .*)$", (ROOT / "docs/widget.md").read_text("utf-8"), re.M
)
POLICY = "; ".join(
    ("default-src 'none'", *ALLOWED, "require-trusted-types-for 'script'", "base-uri 'none'")
)
# As bad as a reset can be; what is in the page's head stays there.
HOSTILE = """<style>
html { font-size: 10px !important; }
body, body * { all: unset !important; display: inline !important; color: lime !important;
  font: italic 7px/4 serif !important; letter-spacing: 5px !important; direction: rtl !important;
  text-transform: uppercase !important; border: 3px solid red !important; zoom: 1; }
button, dialog, textarea, kommune-chat { opacity: 0.1 !important; position: static !important;
  visibility: hidden !important; transform: scale(0.5) !important; }
</style>"""


class KommunePage:
    """A web site on another port; ``put`` makes a page of it and gives its address."""

    def __init__(self, product: Product) -> None:
        self.chat = product.address
        self.line = SNIPPET.replace(EXAMPLE_SERVER, product.address)
        self.pages: dict[str, tuple[str, str]] = {}
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                html, policy = site.pages.get(self.path, ("", ""))
                self.send_response(200 if html else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                if policy:
                    self.send_header(
                        "Content-Security-Policy", policy.replace(EXAMPLE_SERVER, site.chat)
                    )
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, *details: object) -> None:
                return None

        self.address = product.kommune_page
        port = int(self.address.rpartition(":")[2])
        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def put(self, path: str, head: str = "", body: str = "", policy: str = POLICY) -> str:
        html = (
            '<!doctype html><html lang="da"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<link rel="icon" href="data:,"><title>Kommunen</title>{head}</head>'
            f"<body><h1>Børn og unge</h1><p>Kommunens egen side.</p>{body}</body></html>"
        )
        # The empty icon is only there to save a request for one.
        self.pages[path] = (html, policy and f"{policy}; img-src data:")
        return self.address + path

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def kommune(product: Product) -> Iterator[KommunePage]:
    site = KommunePage(product)
    yield site
    site.close()


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser has to say against the page, such as a violated policy."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text))
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def refuse(page: Page, kommune: KommunePage, status: int, code: str) -> None:
    """The server takes no message."""
    error = {"error": {"code": code, "message": "Ikke nu."}}
    headers = {"Access-Control-Allow-Origin": kommune.address}
    page.route(DELIVERED, lambda route: route.fulfill(status=status, json=error, headers=headers))


class Chat:
    """The parts of the chat on a page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.launcher = page.get_by_role("button", name=label("launcher"))
        self.log = page.get_by_role("log")
        self.field = page.get_by_label(label("field"))
        self.choices = page.get_by_role("group", name=label("choices"))
        self.alert = page.get_by_role("alert")

    def open(self, product: Product) -> Chat:
        """Opened, and greeted."""
        self.launcher.click()
        opening = product.edition.messages["aabning"].text
        expect(self.log).to_contain_text(first_words(opening))
        return self

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=label(name), exact=True)

    def write(self, text: str) -> None:
        self.field.fill(text)
        self.button("send").click()

    @property
    def bubbles(self) -> list[str]:
        """What was said, in its order, each by its first words."""
        read = "all => all.map(one => one.querySelector('.text, .own > p')?.innerText ?? '')"
        return [text[:25] for text in self.log.locator(".bubble").evaluate_all(read)]


def test_the_line_of_the_readme_on_a_phone(
    product: Product, kommune: KommunePage, page: Page, complaints: list[str]
) -> None:
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    address = kommune.put("/", body=kommune.line)
    page.goto(address, wait_until="networkidle")
    assert requested == [address, f"{product.address}/widget.js"]
    assert page.evaluate("sessionStorage.length + localStorage.length") == 0
    assert page.evaluate("document.cookie") == ""

    chat = Chat(page).open(product)
    assert chat.field.evaluate("field => field.getRootNode().host.lang") == "da"
    chat.write("min datter på 13 bliver afpresset på snapchat")
    expect(chat.log).to_contain_text(first_words(product.edition.answers["afpresning"].body))
    find = product.edition.messages["knap_find_ssp"].text
    chat.choices.get_by_role("button", name=find).click()
    card = chat.log.get_by_role("region", name="SSP i Horsens Kommune")
    main_number = product.edition.kommuner["0615"].hovednummer
    expect(card.locator(f'a[href="tel:+45{main_number}"]')).to_be_visible()
    pamphlet = chat.log.get_by_role("link", name=label("more")).last
    assert pamphlet.get_attribute("href").startswith(f"{product.address}/pjecer/")
    chat.button("about").click()
    about = page.get_by_role("region", name=label("about"))
    for said in ("(AI)", "ikke et menneske"):
        expect(about).to_contain_text(said)
    for words, path in (("aboutMore", "/om?kommune=0615"), ("accessibility", "/tilgaengelighed")):
        link = about.get_by_role("link", name=label(words))
        assert link.get_attribute("href") == product.address + path
        assert link.get_attribute("target") == "_blank"
        assert "noopener" in link.get_attribute("rel").split()
        assert product.client.get(path).status_code == 200
    chat.button("about").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    for button in page.locator("kommune-chat").get_by_role("button").all():
        assert button.bounding_box()["height"] >= 44, button.inner_text()

    assert {url.split("/")[2] for url in requested} == {
        url.split("//")[1] for url in (kommune.address, product.address)
    }
    assert complaints == []


def test_the_conversation_goes_along_to_the_next_page(
    product: Product, kommune: KommunePage, page: Page, complaints: list[str]
) -> None:
    page.goto(kommune.put("/", head=kommune.line))
    chat = Chat(page).open(product)
    chat.write("min datter på 13 bliver afpresset på snapchat")
    expect(chat.log).to_contain_text(first_words(product.edition.answers["afpresning"].body))
    said = chat.bubbles
    chat.field.fill("et udkast")

    page.goto(kommune.put("/anden", head=kommune.line))
    expect(chat.field).to_have_value("et udkast")  # open, without a click
    assert chat.bubbles == said
    expect(chat.choices.get_by_role("button").first).to_be_visible()

    chat.button("close").click()
    page.reload()
    expect(chat.launcher).to_be_visible()
    expect(chat.log).to_be_hidden()
    chat.launcher.click()
    assert chat.bubbles == said

    # The browser brings a page back as it was left; what has happened since counts.
    page.evaluate("sessionStorage.clear()")
    page.evaluate(COME_BACK)
    expect(chat.log).to_be_hidden()
    chat.open(product)
    assert len(chat.bubbles) == 1
    assert complaints == []


COME_BACK = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))"


def test_what_is_shown_already_is_not_read_aloud_again(
    product: Product, kommune: KommunePage, page: Page
) -> None:
    page.goto(kommune.put("/", head=kommune.line))
    chat = Chat(page).open(product)
    chat.write("min datter på 13 bliver afpresset på snapchat")
    expect(chat.log).to_contain_text(first_words(product.edition.answers["afpresning"].body))
    chat.log.evaluate(
        """log => {
          window.heard = [];
          const words = (nodes) => [...nodes].map((node) => node.textContent);
          new MutationObserver((records) => {
            for (const { addedNodes, removedNodes } of records)
              heard.push(...words(addedNodes), ...words(removedNodes));
          }).observe(log, { childList: true, subtree: true });
        }"""
    )
    page.evaluate(COME_BACK)
    assert page.evaluate("heard") == []
    page.evaluate(  # as a page that the parent has visited meanwhile leaves it
        """() => {
          const saved = JSON.parse(sessionStorage.getItem("kommune-chat"));
          saved.entries.push({ key: "1", own: "sagt imens", body: {}, unsent: true });
          sessionStorage.setItem("kommune-chat", JSON.stringify(saved));
        }"""
    )
    page.evaluate(COME_BACK)
    (heard,) = page.evaluate("heard")
    assert "sagt imens" in heard


def test_what_was_not_sent_never_looks_sent(
    product: Product, kommune: KommunePage, page: Page
) -> None:
    page.goto(kommune.put("/", head=kommune.line))
    chat = Chat(page).open(product)
    page.route(DELIVERED, lambda route: route.abort())
    chat.write("de truer hende")
    expect(chat.button("retry")).to_be_visible()
    chat.button("send").click()  # nothing written
    expect(chat.alert).to_contain_text(label("empty"))
    expect(chat.alert.locator('a[href="tel:112"]')).to_be_visible()
    chat.button("erase").click()
    chat.button("eraseNo").click()
    expect(chat.alert).not_to_contain_text(label("eraseAsk"))

    page.unroute(DELIVERED)
    refuse(page, kommune, 404, "fejl_ukendt_samtale")
    chat.button("retry").click()
    expect(chat.button("startOverAndSend")).to_be_visible()
    page.context.set_offline(True)
    expect(chat.alert.locator('a[href="tel:112"]')).to_be_visible()
    page.context.set_offline(False)
    expect(chat.alert).not_to_contain_text(label("offline"))
    chat.button("close").click()
    chat.launcher.click()
    expect(chat.button("startOverAndSend")).to_be_visible()

    page.unroute(DELIVERED)
    chat.write("hvordan gemmer jeg beviser")
    expect(chat.log).to_contain_text(first_words(product.edition.answers["gem_bevis"].body))
    expect(chat.alert).to_be_empty()
    first = chat.log.locator(".own", has_text="de truer hende")
    expect(first).to_contain_text(label("notSent"))
    page.reload()
    expect(first).to_contain_text(label("notSent"))


def test_a_question_asked_before_the_page_changed_gets_its_answer(
    product: Product, kommune: KommunePage, page: Page
) -> None:
    page.goto(kommune.put("/", head=kommune.line))
    chat = Chat(page).open(product)
    page.route(DELIVERED, lambda route: None)  # on its way for ever
    chat.write("min datter på 13 bliver afpresset på snapchat")
    expect(chat.log).to_contain_text("afpresset")
    page.unroute(DELIVERED)
    page.goto(kommune.put("/anden", head=kommune.line))
    expect(chat.log).to_contain_text(first_words(product.edition.answers["afpresning"].body))


def test_a_question_waits_for_the_one_before(
    product: Product, kommune: KommunePage, page: Page
) -> None:
    page.goto(kommune.put("/", head=kommune.line))
    chat = Chat(page).open(product)
    asked: list[str] = []

    def busy_once(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            route.continue_()
            return
        error = {"error": {"code": "fejl_travlt", "message": "Vent."}}
        headers = {"Access-Control-Allow-Origin": kommune.address}
        route.fulfill(status=409, json=error, headers=headers)

    page.route(DELIVERED, busy_once)
    chat.write("min datter på 13 bliver afpresset på snapchat")
    expect(chat.log).to_contain_text(first_words(product.edition.answers["afpresning"].body))
    expect(chat.alert).to_be_empty()
    assert len(asked) == 2


def test_two_tabs_with_one_conversation(
    product: Product, kommune: KommunePage, page: Page, complaints: list[str]
) -> None:
    page.goto(kommune.put("/", head=kommune.line))
    first = Chat(page).open(product)
    first.write("min datter på 13 bliver afpresset på snapchat")
    threatened = first_words(product.edition.answers["afpresning"].body)
    expect(first.log).to_contain_text(threatened)

    with page.expect_popup() as opened:
        page.evaluate("open(location.href)")
    second = Chat(opened.value)
    opened.value.on("console", lambda message: complaints.append(message.text))
    expect(second.log).to_contain_text(threatened)

    # Both at once: each question has its own answer below it, in both tabs.
    questions = ("hvem er ssp i Vejle", "hvordan gemmer jeg beviser")
    for chat, question in zip((first, second), questions):
        chat.write(question)
    for chat in (first, second):
        expect(chat.log.get_by_role("region", name="SSP i Vejle Kommune")).to_be_visible()
        expect(chat.log).to_contain_text(first_words(product.edition.answers["gem_bevis"].body))
        assert len(chat.bubbles) == 7
        pairs = dict(zip(chat.bubbles[3::2], chat.bubbles[4::2]))
        evidence = first_words(product.edition.answers["gem_bevis"].body)
        assert evidence.startswith(pairs[questions[1][:25]][:15])
        assert pairs[questions[0][:25]] != pairs[questions[1][:25]]

    second.choices.get_by_role("button").first.focus()
    first.button("erase").click()
    first.button("eraseYes").click()
    expect(second.field).to_be_focused()  # what had the focus is gone
    for chat in (first, second):
        expect(chat.alert).to_contain_text(label("erased"))
        expect(chat.log).to_be_empty()
        assert chat.page.evaluate("sessionStorage.length") == 0
    assert complaints == []


def test_offline_and_back(product: Product, kommune: KommunePage, page: Page) -> None:
    page.goto(kommune.put("/", head=kommune.line))
    chat = Chat(page).open(product)
    page.context.set_offline(True)
    expect(chat.alert).to_contain_text(label("offline"))
    expect(chat.alert.locator('a[href="tel:112"]')).to_be_visible()
    chat.write("min datter på 13 bliver afpresset på snapchat")
    expect(chat.alert).to_contain_text(label("unreachable"))
    expect(chat.alert.locator(f'a[href="{kommune.address}"]')).to_be_visible()
    expect(chat.log).to_contain_text("afpresset")
    page.context.set_offline(False)  # goes on by itself
    expect(chat.log).to_contain_text(first_words(product.edition.answers["afpresning"].body))
    expect(chat.alert).to_be_empty()


def test_the_question_before_deleting_goes_and_the_focus_stays(
    product: Product, kommune: KommunePage, page: Page
) -> None:
    page.goto(kommune.put("/", head=kommune.line))
    chat = Chat(page).open(product)
    chat.button("erase").click()
    expect(chat.button("eraseNo")).to_be_focused()
    page.context.set_offline(True)
    expect(chat.alert).to_contain_text(label("offline"))
    expect(chat.field).to_be_focused()


def test_a_conversation_begun_while_the_last_is_deleted(
    product: Product, kommune: KommunePage, page: Page
) -> None:
    page.goto(kommune.put("/", head=kommune.line))
    chat = Chat(page).open(product)
    held: list[Route] = []
    deletion = "**/api/conversations/*"
    page.route(deletion, lambda route: held.append(route))  # waits for an open answer
    chat.button("erase").click()
    chat.button("eraseYes").click()
    expect(chat.log).to_be_empty()
    chat.write("hvordan gemmer jeg beviser")
    answer = first_words(product.edition.answers["gem_bevis"].body)
    expect(chat.log).to_contain_text(answer)
    chat.field.fill("et udkast")
    with page.expect_request_finished(lambda request: request.method == "DELETE"):
        held[0].continue_()
    page.wait_for_timeout(200)  # for what the chat makes of it
    expect(chat.log).to_contain_text(answer)
    expect(chat.field).to_have_value("et udkast")
    expect(chat.alert).to_be_empty()


def test_when_the_time_has_passed_nothing_is_stored(
    product: Product, kommune: KommunePage, page: Page
) -> None:
    page.clock.install()
    page.goto(kommune.put("/", head=kommune.line))
    chat = Chat(page).open(product)
    chat.field.fill("et udkast")
    minutes = product.environment.conversation_minutes
    page.clock.fast_forward((minutes - 1) * 60_000)
    assert page.evaluate("sessionStorage.length") == 1
    page.clock.fast_forward(2 * 60_000)
    assert page.evaluate("sessionStorage.length") == 0
    expect(chat.log).not_to_be_empty()  # what is being read stays
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide'))")
    assert page.evaluate("sessionStorage.length") == 0


def test_no_kommune_is_chosen_by_mistake(
    product: Product, kommune: KommunePage, page: Page
) -> None:
    page.goto(kommune.put("/", head=re.sub(' data-kommune="[0-9]*"', "", kommune.line)))
    chat = Chat(page).open(product)
    chat.write("min datter på 13 bliver afpresset på snapchat")
    find = product.edition.messages["knap_find_ssp"].text
    chat.choices.get_by_role("button", name=find).click()
    field = page.get_by_label(label("kommuneLabel"))
    field.fill("Horsens")
    horsens = chat.choices.get_by_role("button", name="Horsens Kommune")
    expect(horsens).to_be_visible()
    said = chat.bubbles
    searching: list[Route] = []
    page.route("**/kommuner?*", lambda route: searching.append(route))
    field.fill("Vejle")
    assert horsens.count() == 0
    field.press("Enter")  # before the answer
    page.wait_for_timeout(400)
    assert len(searching) == 1
    searching[0].continue_()
    expect(chat.choices.get_by_role("button", name="Vejle Kommune")).to_be_visible()
    assert chat.bubbles == said

    page.unroute("**/kommuner?*")
    field.fill("findes ikke")
    told = page.get_by_text(label("kommuneNone"))
    expect(told).to_be_visible()
    assert told.bounding_box()["height"] > 10
    page.route("**/kommuner?*", lambda route: route.abort())
    field.fill("Horsens")
    expect(page.get_by_text(label("kommuneFailed"))).to_be_visible()
    page.unroute("**/kommuner?*")
    field.press("Enter")
    expect(horsens).to_be_visible()


def test_a_slow_answer_is_announced_once(
    product: Product, kommune: KommunePage, page: Page
) -> None:
    page.goto(kommune.put("/", head=kommune.line))
    chat = Chat(page).open(product)
    waiting: list[Route] = []
    page.route(DELIVERED, lambda route: waiting.append(route))
    page.evaluate(
        """() => {
          const root = document.querySelector('kommune-chat').shadowRoot;
          window.signs = [];
          new MutationObserver(() => signs.push(root.querySelector('.typing').textContent))
            .observe(root.querySelector('.typing'), { childList: true, characterData: true });
        }"""
    )
    chat.write("hvad er ssp")
    expect(page.get_by_text(label("typing"))).to_be_visible()
    waiting[0].continue_()
    expect(page.get_by_text(label("typing"))).to_be_hidden()
    assert page.evaluate("signs.filter(Boolean)") == [label("typing")]


def measures(page: Page) -> dict[str, object]:
    """Size, place and type of the parts of the chat."""
    return page.evaluate(
        """() => {
          const root = document.querySelector('kommune-chat').shadowRoot;
          const parts = ['.launcher', '.dialog', 'h2', '.close', '.leave', '.text p', '.choice',
            '.keep button', 'label', 'textarea', '.send'];
          const styles = ['fontSize', 'fontStyle', 'lineHeight', 'color', 'letterSpacing',
            'textTransform', 'direction', 'visibility', 'opacity', 'backgroundColor'];
          return Object.fromEntries(parts.map((part) => {
            const element = root.querySelector(part);
            const { x, y, width, height } = element.getBoundingClientRect();
            const computed = getComputedStyle(element);
            return [part, [x, y, width, height, ...styles.map((style) => computed[style])]];
          }));
        }"""
    )


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
def test_the_pages_own_styles_do_not_reach_in(
    product: Product, kommune: KommunePage, page: Page, screen: dict[str, int]
) -> None:
    found = []
    for head in ("", HOSTILE):
        visit = page.context.browser.new_page(viewport=screen, reduced_motion="reduce")
        visit.goto(kommune.put("/", head=head + kommune.line, policy=""))
        launcher = Chat(visit).launcher.bounding_box()
        Chat(visit).open(product)
        found.append((launcher, measures(visit)))
        visit.close()
    assert found[0] == found[1]


def test_pasted_twice_it_is_one_chat(
    product: Product, kommune: KommunePage, page: Page, complaints: list[str]
) -> None:
    eager = kommune.line.replace(" defer", "")
    page.goto(kommune.put("/", head=eager + kommune.line, body=kommune.line))
    Chat(page).open(product)
    expect(page.locator("kommune-chat")).to_have_count(1)
    assert complaints == []


def test_what_the_page_decides(
    product: Product, kommune: KommunePage, page: Page, complaints: list[str]
) -> None:
    page.set_viewport_size(DESK)
    options = (
        'data-title="Hjælp til forældre" data-accent="#7a1fa2" data-position="left" '
        'data-theme="light" data-open-on=".faa-hjaelp" src='
    )
    page.emulate_media(color_scheme="dark")
    line = kommune.line.replace("src=", options)
    link = '<p><a class="faa-hjaelp" href="#andet"><b>Har du brug for hjælp?</b></a></p>'
    page.goto(kommune.put("/", head=line, body=link))
    chat = Chat(page)
    assert chat.launcher.bounding_box()["x"] < 40
    assert chat.launcher.evaluate("b => getComputedStyle(b).backgroundColor") == "rgb(122, 31, 162)"

    page.evaluate(
        """() => {
          window.heard = [];
          for (const name of ['open', 'close', 'answer']) {
            addEventListener(`kommune-chat:${name}`, (event) => heard.push([name, event.detail]));
          }
        }"""
    )
    opener = page.get_by_role("link", name="Har du brug for hjælp?")
    page.get_by_text("Har du brug for hjælp?").click()
    dialog = page.get_by_role("dialog", name="Hjælp til forældre")
    expect(dialog).to_be_visible()
    assert dialog.bounding_box()["x"] < 40
    assert dialog.evaluate("d => getComputedStyle(d).colorScheme") == "light"
    expect(chat.log).not_to_be_empty()
    page.keyboard.press("Escape")
    expect(opener).to_be_focused()
    assert page.url.endswith("/")  # the link was not followed

    page.evaluate("document.querySelector('kommune-chat').open()")
    expect(dialog).to_be_visible()
    page.evaluate("document.querySelector('kommune-chat').close()")
    expect(dialog).to_be_hidden()
    heard = page.evaluate("heard")
    assert [name for name, _ in heard] == ["open", "answer", "close", "open", "close"]
    assert {detail for _, detail in heard} == {None}
    assert complaints == []


def test_without_a_launcher_the_focus_goes_to_the_pages_button(
    product: Product, kommune: KommunePage, page: Page
) -> None:
    line = kommune.line.replace("src=", 'data-position="none" data-open-on=".hjaelp" src=')
    buttons = '<button class="hjaelp" hidden></button><button class="hjaelp">Hjælp</button>'
    page.goto(kommune.put("/", head=line, body=buttons))
    opener = page.get_by_role("button", name="Hjælp")
    opener.click()
    expect(Chat(page).log).not_to_be_empty()
    page.reload()
    page.keyboard.press("Escape")
    expect(Chat(page).log).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_pages_shortcuts_hear_nothing(
    product: Product, kommune: KommunePage, page: Page
) -> None:
    page.goto(kommune.put("/", head=kommune.line))
    chat = Chat(page).open(product)
    page.evaluate(
        """() => {
          window.keys = [];
          for (const type of ['keydown', 'keypress', 'keyup']) {
            addEventListener(type, (event) => keys.push(event.key));
          }
        }"""
    )
    chat.field.press_sequentially("s/")
    assert page.evaluate("keys") == []
    expect(chat.field).to_have_value("s/")


def test_the_conversation_on_paper_and_as_text(
    product: Product, kommune: KommunePage, page: Page, complaints: list[str]
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(kommune.put("/", head=kommune.line))
    chat = Chat(page).open(product)
    chat.write("hvem er vores ssp i Horsens")
    card = chat.log.get_by_role("region", name="SSP i Horsens Kommune")
    expect(card).to_be_visible()
    number = card.locator('a[href^="tel:"] .value').first.inner_text()
    opening = first_words(product.edition.messages["aabning"].text)

    chat.button("copyAll").click()
    expect(page.get_by_text(label("copiedAll"))).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    for text in (opening, f"{label('you')} hvem er vores ssp i Horsens", number):
        assert text in copied

    page.evaluate("() => { window.print = () => {}; }")
    chat.button("printAll").click()
    page.emulate_media(media="print")
    paper = page.locator("kommune-chat-paper")
    for text in (opening, "hvem er vores ssp i Horsens", number, label("paperFooter")):
        expect(paper).to_contain_text(text)
    visible = [part for part in page.locator("body > *").all() if part.is_visible()]
    assert [part.evaluate("part => part.localName") for part in visible] == ["kommune-chat-paper"]
    page_box = re.search(rb"/MediaBox\s*\[0 0 (\d+)", page.pdf(prefer_css_page_size=True))
    assert int(page_box[1]) in (594, 595)  # A4, by the style's own @page
    expect(paper).not_to_be_attached()
    page.emulate_media(media="screen")
    expect(chat.field).to_be_visible()
    assert complaints == []


def test_where_nothing_can_be_printed_nothing_stays(
    product: Product, kommune: KommunePage, page: Page
) -> None:
    page.goto(kommune.put("/", head=kommune.line))
    chat = Chat(page).open(product)
    page.evaluate("() => { window.print = () => {}; }")  # nor is the page told that it is over
    for _ in range(2):
        chat.button("printAll").click()
        expect(page).to_have_title(label("title"))
        expect(page.locator("kommune-chat-paper")).to_have_count(1)
    chat.button("erase").click()
    chat.button("eraseYes").click()
    expect(page).to_have_title("Kommunen")
    expect(page.locator("kommune-chat-paper")).to_have_count(0)
    assert page.evaluate("document.adoptedStyleSheets.length") == 0


def test_leaving_quickly_leaves_nothing(
    product: Product, kommune: KommunePage, page: Page, context: BrowserContext
) -> None:
    deleted: list[str] = []
    context.on("request", lambda r: r.method == "DELETE" and deleted.append(r.url))
    context.route("https://www.dr.dk/**", lambda route: route.fulfill(body="et andet sted"))
    page.goto(kommune.put("/", head=kommune.line))
    Chat(page).open(product)
    page.set_viewport_size(DESK)
    expect(Chat(page).field).to_be_visible()
    Chat(page).button("leave").click()
    page.wait_for_url("https://www.dr.dk/")
    assert len(deleted) == 1
    page.goto(kommune.put("/anden", head=kommune.line))
    assert page.evaluate("sessionStorage.length") == 0
    expect(Chat(page).launcher).to_be_visible()


@pytest.fixture
def context(page: Page) -> BrowserContext:
    return page.context


def test_on_a_phone_the_open_chat_holds_the_focus(
    product: Product, kommune: KommunePage, page: Page
) -> None:
    page.goto(kommune.put("/", head=kommune.line, body='<p><a href="#x">Kommunens link</a></p>'))
    chat = Chat(page).open(product)
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.localName") in ("kommune-chat", "body")
    page.reload()
    expect(chat.log).to_be_visible()
    assert is_focused(page.get_by_role("dialog"))


def test_a_hidden_chat_leaves_the_page_free(
    product: Product, kommune: KommunePage, page: Page
) -> None:
    page.goto(kommune.put("/", head=kommune.line, body='<p><a href="#x">Kommunens link</a></p>'))
    chat = Chat(page).open(product)
    link = page.get_by_role("link", name="Kommunens link")
    for change in ("chat.hidden = true", "chat.open()"):
        page.evaluate(f"() => {{ const chat = document.querySelector('kommune-chat'); {change}; }}")
        link.focus()
        expect(link).to_be_focused()
    expect(chat.launcher).to_be_hidden()
    page.evaluate("document.querySelector('kommune-chat').hidden = false")
    chat.launcher.click()
    expect(chat.log).not_to_be_empty()


def test_beside_a_page_the_open_chat_does_not_come_first(
    product: Product, kommune: KommunePage, page: Page
) -> None:
    page.set_viewport_size(DESK)
    page.goto(kommune.put("/", head=kommune.line, body='<p><a href="#x">Kommunens link</a></p>'))
    chat = Chat(page).open(product)
    page.reload()
    expect(chat.field).to_be_visible()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Kommunens link")).to_be_focused()
    page.keyboard.press("Escape")
    expect(chat.field).to_be_visible()
    chat.field.press("Escape")
    expect(chat.field).to_be_hidden()
    expect(chat.launcher).to_be_focused()
