"""The pamphlet pages: structure, live edits, kommune, and the real content as it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from content import kommuner, library
from content.library import Library
from environment import read_environment
from web import services, texts
from web.pamphlets import NATIONAL_LINES
from web.texts import Texts

pytestmark = pytest.mark.anyio

FILES = {
    "katalog.yml": """
        pjecer:
          naar-det-sker: {afpresning: a, deepfake: b}
          akut: {akut_fare: c}
          planlagt: {senere: d}
        samtale: {}
        """,
    "pjecer/naar-det-sker/_pjece.md": """
        ---
        titel: Når det sker
        undertitel: Det første, I gør
        raekkefoelge: 1
        ---
        Ring til {boernetelefonen}. I bor i {kommune}.
        """,
    "pjecer/naar-det-sker/afpresning.md": """
        ---
        titel: Afpresning & <b trusler
        kilder:
          - {navn: Politiet, url: "https://politi.dk/", set: 2026-11-02}
        naeste: [akut_fare, deepfake, findes_ikke]
        ---
        Betal **ikke**. Ring til {sletdet} og SSP i {kommune}.

        ## Hvis barnet er under 15
        Et lille barn.

        ## Hvis det er på TikTok
        Hold fingeren på videoen.

        ## Hvis I bor i Horsens
        Kun i Horsens.

        ## Læs mere
        ### Sådan foregår det
        En sød profil skriver. <script alert(1)
        """,
    "pjecer/naar-det-sker/deepfake.md": """
        ---
        titel: Falske billeder
        gennemgaaet: 2026-11-03
        godkendt_af: SSP Horsens
        naeste_gennemgang: 2999-05-22
        ---
        Det er ikke dit barns skyld.
        """,
    "pjecer/akut/_pjece.md": """
        ---
        titel: Akut
        undertitel: Når det haster
        raekkefoelge: 7
        ---
        Ring 112.
        """,
    "pjecer/akut/akut_fare.md": """
        ---
        titel: Nogen er i fare
        gennemgaaet: 2020-01-01
        godkendt_af: SSP Horsens
        naeste_gennemgang: 2021-01-01
        ---
        Ring 112 nu.

        ## Bagefter
        Hold telefonen fri.
        """,
    "hjaelp.yml": """
        linjer:
          - {id: boernetelefonen, navn: BørneTelefonen, telefon: "116111", vises_som: 116 111,
             doegnaabent: true, kilde: "https://bornetelefonen.dk/om", set: 2026-11-22}
          - {id: sletdet, navn: SletDet, url: "https://sletdet.redbarnet.dk/"}
        """,
    "beskeder.yml": "fejl_findes_ikke: Siden findes ikke.",
    "kommuner/horsens.yml": """
        kode: '0615'
        navn: Horsens Kommune
        kortnavn: Horsens
        hjemmeside: https://www.horsens.dk
        ssp_samraadet_url: https://ssp-samraadet.dk/
        sikkerhed: hoej
        ssp: {telefon: '12345678'}
        felt_kilder:
          ssp.telefon: {kilde: "https://horsens.dk/ssp", dato: "2026-11-22"}
        """,
    "kommuner/aeroe.yml": """
        kode: '0492'
        navn: Ærø Kommune
        kortnavn: Ærø
        hjemmeside: https://www.aeroe.dk
        ssp_samraadet_url: https://ssp-samraadet.dk/
        """,
}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    section: str | None
    text: str = ""


@dataclass
class Page(HTMLParser):
    """What a reader and a browser find on a page."""

    html: str
    found: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[Element] = []
        self._sections: list[str | None] = []
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        if tag == "section":
            self._sections.append(attributes.get("id"))
        element = Element(tag, attributes, self._sections[-1] if self._sections else None)
        self.found.append(element)
        if tag not in ("meta", "link", "path"):
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag == "section":
            self._sections.pop()
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, section: str | None = None) -> list[Element]:
        return [e for e in self.found if e.tag == tag and (not section or e.section == section)]

    def words(self, id_: str) -> str:
        """The text of the element with this id, with single spaces."""
        return " ".join(next(e for e in self.found if e.attributes.get("id") == id_).text.split())

    @property
    def ids(self) -> list[str]:
        return [e.attributes["id"] for e in self.found if "id" in e.attributes]

    def hrefs(self, section: str | None = None) -> list[str]:
        return [e.attributes["href"] for e in self.all("a", section)]

    def headings(self, section: str | None = None) -> list[tuple[int, str]]:
        return [
            (int(e.tag[1]), e.text.strip())
            for e in self.found
            if re.fullmatch("h[1-6]", e.tag) and (not section or e.section == section)
        ]


@pytest.fixture
def show(running: services.Services, monkeypatch: pytest.MonkeyPatch) -> Callable[[Library], None]:
    """Makes the pages show a library, as the product does."""

    def use(shown: Library) -> None:
        environment = read_environment({})
        services.use(services.build(environment, Texts(shown), running.engine))

    monkeypatch.setattr(texts, "contact_card", kommuner.contact_card)
    monkeypatch.setattr(library, "LOOK_AGAIN", 0)
    return use


@pytest.fixture
def content(tmp_path: Path, show: Callable[[Library], None]) -> Path:
    """A small content folder that the pages show."""
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = text.strip("\n").splitlines()
        indent = len(lines[0]) - len(lines[0].lstrip())
        path.write_text("\n".join(line[indent:] for line in lines), encoding="utf-8")
    show(Library(tmp_path))
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


async def page(client: httpx.AsyncClient, path: str) -> Page:
    response = await client.get(path)
    assert response.status_code == 200
    return Page(response.text)


WHEN = "/pjecer/naar-det-sker/"


async def test_a_pamphlet_has_every_answer_at_its_place(
    client: httpx.AsyncClient, content: Path
) -> None:
    shown = await page(client, WHEN)
    assert shown.headings()[:2] == [(1, "Når det sker"), (2, "I denne pjece")]
    assert [e.attributes["id"] for e in shown.all("section")] == [
        "afpresning",
        "deepfake",
        "kontakt",
    ]
    assert {"#afpresning", "#deepfake", "#kontakt"} <= set(shown.hrefs())
    assert shown.headings("afpresning") == [
        (2, "Afpresning & <b trusler"),
        (3, "Hvis barnet er under 15"),
        (3, "Hvis det er på TikTok"),  # as it is written, not as the key that the chat uses
        (3, "Læs mere"),
        (4, "Sådan foregår det"),
        (3, "Næste skridt"),
        (3, "Kilder"),
    ]
    assert "ikke" in [e.text for e in shown.all("strong", "afpresning")]


async def test_what_is_written_cannot_become_script(
    client: httpx.AsyncClient, content: Path
) -> None:
    response = await client.get(WHEN)
    # Whole tags are refused when the file is read; these have no end.
    assert "&lt;script alert" in response.text and "<script alert" not in response.text
    assert "&lt;b trusler" in response.text and "<b trusler" not in response.text


async def test_next_steps_lead_to_answers_that_exist(
    client: httpx.AsyncClient, content: Path
) -> None:
    shown = await page(client, WHEN)
    steps = [href for href in shown.hrefs("afpresning") if href.startswith("/pjecer/")]
    assert steps == ["/pjecer/akut/#akut_fare", f"{WHEN}#deepfake"]
    assert "i pjecen »Akut«" in shown.words("afpresning")


async def test_sources_have_address_and_date(client: httpx.AsyncClient, content: Path) -> None:
    shown = await page(client, WHEN)
    assert "https://politi.dk/" in shown.hrefs("afpresning")
    assert "set 2.11.2026" in shown.words("afpresning")


async def test_every_answer_says_who_has_reviewed_it(
    client: httpx.AsyncClient, content: Path
) -> None:
    shown = await page(client, WHEN)
    assert "Kladde" in shown.words("afpresning")
    assert "Kladde" not in shown.words("deepfake")
    for part in ("3.11.2026", "SSP Horsens", "Næste gennemgang: 22.5.2999"):
        assert part in shown.words("deepfake")
    late = (await page(client, "/pjecer/akut/")).words("akut_fare")
    assert "igen 1.1.2021" in late
    assert "Næste gennemgang" not in late


async def test_search_engines_are_kept_from_drafts(
    client: httpx.AsyncClient, content: Path
) -> None:
    drafts, approved = await page(client, WHEN), await page(client, "/pjecer/akut/")
    robots = [
        [e for e in p.all("meta") if e.attributes.get("name") == "robots"]
        for p in (drafts, approved)
    ]
    assert robots[0][0].attributes["content"] == "noindex"
    assert not robots[1]


async def test_an_acute_answer_says_what_comes_after(
    client: httpx.AsyncClient, content: Path
) -> None:
    shown = await page(client, "/pjecer/akut/")
    assert "Hold telefonen fri." in shown.words("akut_fare")
    assert shown.headings("akut_fare")[1][0] == 3


async def test_placeholders(client: httpx.AsyncClient, content: Path) -> None:
    general, local = await page(client, WHEN), await page(client, f"{WHEN}?kommune=0615")
    assert "tel:116111" in general.hrefs()
    assert "https://sletdet.redbarnet.dk/" in general.hrefs("afpresning")
    assert "SSP i din kommune" in general.words("afpresning")
    assert "SSP i Horsens Kommune" in local.words("afpresning")


async def test_a_phone_number_is_not_torn_apart(client: httpx.AsyncClient, content: Path) -> None:
    assert "116\N{NO-BREAK SPACE}111</a>" in (await client.get(WHEN)).text


async def test_an_edit_is_live(client: httpx.AsyncClient, content: Path) -> None:
    before = await page(client, WHEN)
    edit(content / "pjecer/naar-det-sker/deepfake.md", "dit barns skyld", "jeres skyld nu")
    edit(content / "pjecer/naar-det-sker/_pjece.md", "Når det sker", "Når det er sket")
    after = await page(client, WHEN)
    assert "jeres skyld nu" not in before.words("deepfake")
    assert "jeres skyld nu" in after.words("deepfake")
    assert after.headings()[0] == (1, "Når det er sket")


async def test_a_broken_edit_leaves_the_page_as_it_was(
    client: httpx.AsyncClient, content: Path
) -> None:
    before = await page(client, WHEN)
    edit(content / "pjecer/naar-det-sker/deepfake.md", "titel:", "titel: [")
    after = await page(client, WHEN)
    assert after.words("deepfake") == before.words("deepfake")


async def test_the_kommunes_own_text_is_for_its_families_only(
    client: httpx.AsyncClient, content: Path
) -> None:
    own = "Kun i Horsens."
    assert own in (await page(client, f"{WHEN}?kommune=0615")).words("afpresning")
    assert own not in (await page(client, f"{WHEN}?kommune=0492")).words("afpresning")
    assert own not in (await page(client, WHEN)).words("afpresning")


async def test_the_kommunes_contact_ends_the_page(client: httpx.AsyncClient, content: Path) -> None:
    shown = await page(client, f"{WHEN}?kommune=0615")
    assert {"tel:+4512345678", "tel:114", "tel:112"} <= set(shown.hrefs("kontakt"))
    assert "SSP i Horsens Kommune" in shown.words("kontakt")
    assert "Kilde: horsens.dk, 22.11.2026" in shown.words("kontakt")
    assert shown.all("section")[-1].attributes["id"] == "kontakt"
    selected = [e.attributes["value"] for e in shown.all("option") if "selected" in e.attributes]
    assert selected == ["0615"]


@pytest.mark.parametrize("query", ["", "?kommune=", "?kommune=9999", "?kommune=%22%3E%3Cscript%3E"])
async def test_without_a_kommune_the_national_lines_end_the_page(
    client: httpx.AsyncClient, content: Path, query: str
) -> None:
    shown = await page(client, WHEN + query)
    assert {"tel:112", "tel:114", "tel:116111"} <= set(shown.hrefs("kontakt"))
    assert "Åbent hele døgnet" in shown.words("kontakt")
    assert not [e for e in shown.all("option") if "selected" in e.attributes]


async def test_a_kommune_is_chosen_without_script(client: httpx.AsyncClient, content: Path) -> None:
    shown = await page(client, WHEN)
    form, select = shown.all("form")[0].attributes, shown.all("select")[0].attributes
    assert (form["method"], form["action"], select["name"]) == ("get", "#kontakt", "kommune")
    labels = [e.attributes["for"] for e in shown.all("label")]
    assert labels == [select["id"]]
    names = [e.text for e in shown.all("option")][1:]
    assert names == ["Horsens", "Ærø"]


async def test_the_kommune_stays_chosen(client: httpx.AsyncClient, content: Path) -> None:
    for path in ("/pjecer/", WHEN):
        shown = await page(client, f"{path}?kommune=0615")
        inner = [href for href in shown.hrefs() if href.startswith("/pjecer/")]
        assert inner
        assert all("?kommune=0615" in href for href in inner)


async def test_112_and_114_need_no_content(client: httpx.AsyncClient, content: Path) -> None:
    (content / "hjaelp.yml").unlink()
    (content / "kommuner/horsens.yml").unlink()
    shown = await page(client, WHEN)
    assert {"tel:112", "tel:114"} <= set(shown.hrefs("kontakt"))


async def test_overview(client: httpx.AsyncClient, content: Path) -> None:
    shown = await page(client, "/pjecer/")
    assert [text for level, text in shown.headings() if level == 2] == [
        "Når det sker",
        "Akut",
        "Her kan I få hjælp",
    ]
    for href in (WHEN, f"{WHEN}#afpresning", f"{WHEN}#deepfake", "/pjecer/akut/#akut_fare"):
        assert href in shown.hrefs()
    assert "Det første, I gør" in shown.html


@pytest.mark.parametrize("end", ["", "/", "?kommune=0615"])
@pytest.mark.parametrize(
    "name", ["findes-ikke", "planlagt", "Akut", "..%2Fakut", "a b", "<script>"]
)
async def test_unknown_pamphlet(
    client: httpx.AsyncClient, content: Path, name: str, end: str
) -> None:
    response = await client.get(f"/pjecer/{name}{end}")
    assert response.status_code == 404
    assert "Siden findes ikke." in response.text
    assert 'lang="da"' in response.text
    assert "<script>" not in response.text


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        ("/pjecer", "/pjecer/"),
        ("/pjecer/akut", "/pjecer/akut/"),
        ("/pjecer/akut?kommune=0615", "/pjecer/akut/?kommune=0615"),
    ],
)
async def test_a_typed_address_finds_the_page(
    client: httpx.AsyncClient, content: Path, typed: str, place: str
) -> None:
    response = await client.get(typed)
    assert (response.status_code, response.headers["Location"]) == (301, place)


async def test_about_the_chatbot(client: httpx.AsyncClient, content: Path) -> None:
    shown = await page(client, "/om?kommune=0615")
    for said in (
        "AI", "ikke et menneske", "i 30 minutter", "CPR-nummer", "tage fejl",
        "Det er ikke nok at lukke fanen", "tryk »Slet samtalen«",
    ):  # fmt: skip
        assert said in shown.words("hvad") + shown.words("hvordan") + shown.words("gemt")
    assert "2 af 3 svar er godkendt" in shown.words("hvem")
    assert {"tel:112", "tel:114"} <= set(shown.hrefs("graenser"))
    assert "SSP i Horsens Kommune" in shown.words("kontakt")


@pytest.mark.parametrize("path", ["/pjecer/", WHEN, "/om"])
async def test_every_page_leads_there(client: httpx.AsyncClient, content: Path, path: str) -> None:
    assert "/om" in (await page(client, path)).hrefs()
    assert "/om?kommune=0615" in (await page(client, f"{path}?kommune=0615")).hrefs()


# --- The real content ---------------------------------------------------------------------------

REAL = Library()
PAMPHLETS = [f"/pjecer/{id_}/" for id_ in REAL.current().pamphlets]
PATHS = ["/om", "/pjecer/", "/tilgaengelighed", *PAMPHLETS]
each_page = pytest.mark.parametrize("path", PATHS)


@pytest.fixture
def real(show: Callable[[Library], None]) -> None:
    show(REAL)


@pytest.mark.usefixtures("real")
@pytest.mark.parametrize("query", ["", "?kommune=0615"])
@each_page
async def test_a_page_is_in_order(client: httpx.AsyncClient, path: str, query: str) -> None:
    shown = await page(client, path + query)
    levels = [level for level, _ in shown.headings()]
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert all(text for _, text in shown.headings())
    assert len(shown.ids) == len(set(shown.ids))
    assert shown.all("html")[0].attributes["lang"] == "da"
    assert shown.hrefs()[0] == "#indhold"
    # Neither a placeholder nor Markdown that was not understood.
    assert not re.search(r"\{[a-z_]+\}|\]\(|\*\*|^#", shown.all("main")[0].text, re.MULTILINE)


@pytest.mark.usefixtures("real")
@each_page
async def test_a_page_is_within_the_security_policy(client: httpx.AsyncClient, path: str) -> None:
    shown = await page(client, path)
    for element in shown.found:
        assert not any(name == "style" or name.startswith("on") for name in element.attributes)
        assert element.tag not in ("style", "img", "iframe")
        source = element.attributes.get("src") or (
            element.attributes["href"] if element.tag == "link" else "/static/"
        )
        assert source.startswith("/static/")


@pytest.mark.usefixtures("real")
async def test_no_link_leads_nowhere(client: httpx.AsyncClient) -> None:
    pages = {path: await page(client, path) for path in PATHS}
    files = {urlsplit(e.attributes["href"]).path for p in pages.values() for e in p.all("link")}
    for file in files:
        assert (await client.get(file)).status_code == 200
    for here, shown in pages.items():
        for href in shown.hrefs():
            link = urlsplit(href)
            if link.scheme:
                assert link.scheme in ("https", "http", "tel", "sms", "mailto")
                continue
            target = pages[link.path or here]
            assert not link.fragment or link.fragment in target.ids, href


@pytest.mark.usefixtures("real")
async def test_every_answer_has_its_place(client: httpx.AsyncClient) -> None:
    edition = REAL.current()
    for id_, answer in edition.answers.items():
        link = texts.pamphlet_link(edition, id_)
        assert (link is None) == (answer.pamphlet is None)
        if link:
            path, _, anchor = link.partition("#")
            assert anchor == id_
            assert id_ in (await page(client, path)).ids


def test_the_lines_on_every_leaflet_exist() -> None:
    assert set(NATIONAL_LINES) <= REAL.current().helplines.keys()


@pytest.mark.usefixtures("real")
async def test_what_is_known_of_the_kommunes_efforts(client: httpx.AsyncClient) -> None:
    edition = REAL.current()
    known = next(k for k in edition.kommuner.values() if k.indsats)
    path = texts.pamphlet_link(edition, "kommunens_indsats", known.kode)
    assert path
    shown = await page(client, path.partition("#")[0])
    assert all(effort.tekst in shown.words("kommunens_indsats") for effort in known.indsats)
    assert {effort.kilde for effort in known.indsats} <= set(shown.hrefs("kommunens_indsats"))
