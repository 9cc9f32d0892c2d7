"""Stand-ins for the content and the engine, and a client that goes through the whole ASGI app."""

from __future__ import annotations

import json
import os
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

# The tests' own settings, whatever .env says.
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "web.settings",
    "ENGINE_URL": "http://engine.test",
    "ENGINE_TIMEOUT_SECONDS": "1",
    "CONVERSATION_MINUTES": "30",
    "MAX_MESSAGE_CHARACTERS": "500",
    "REQUESTS_PER_CLIENT": "0",
    "CONVERSATIONS_PER_CLIENT": "0",
    "MESSAGES_PER_CONVERSATION": "0",
    "TRUSTED_PROXIES": "0",
    "REDIS_URL": "",
    "ALLOWED_HOSTS": "chat.test",
    "ALLOWED_ORIGINS": "https://www.kommune.test",
}

from described import check_answer

from content.answers import Answer, Pamphlet, Source
from content.helplines import Helpline
from content.messages import Message
from environment import read_environment
from web import services, texts
from web.asgi import application
from web.engine import Engine
from web.texts import Texts

MARK = "HEMMELIGT-MÆRKE-7391"
HOST = "https://chat.test"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@dataclass(frozen=True)
class FakeKommune:
    kode: str
    navn: str


CARD = {
    "kommune": "Horsens",
    "kode": "0615",
    "heading": "SSP i Horsens",
    "lines": [
        {
            "label": "SSP",
            "kind": "telefon",
            "value": "76 29 00 00",
            "href": "tel:76290000",
            "note": None,
            "source": "https://horsens.dk/ssp",
            "source_date": "2026-11-22",
        }
    ],
}


class FakeGazetteer:
    def __init__(self, kommuner: dict[str, FakeKommune]) -> None:
        self.kommuner = kommuner

    def suggest(self, query: str, limit: int) -> list[FakeKommune]:
        found = [k for k in self.kommuner.values() if k.navn.lower().startswith(query.lower())]
        return found[:limit]


@dataclass
class FakeEdition:
    """What the web side uses of an edition, with texts that are easy to recognise."""

    pamphlets: dict[str, Pamphlet] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    helplines: dict[str, Helpline] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    kommuner: dict[str, FakeKommune] = field(default_factory=dict)
    gazetteer: Any = None

    def render(self, text: str, kommune: str | None = None, **values: str) -> str:
        chosen = self.kommuner.get(kommune or "")
        known = {id_: line.markdown for id_, line in self.helplines.items()}
        return text.format(kommune=chosen.navn if chosen else "din kommune", **known, **values)


def helpline(id_: str, name: str, phone: str | None, shown_as: str | None, sms: str | None = None):
    return Helpline(id_, name, None, None, phone, shown_as, sms, None, True, None, None, None)


@pytest.fixture
def edition() -> FakeEdition:
    kommuner = {
        "0615": FakeKommune("0615", "Horsens"),
        "0616": FakeKommune("0616", "Horsenslund"),
        "0751": FakeKommune("0751", "Aarhus"),
    }
    source = Source("Politiet", "https://politi.dk/", date(2026, 11, 22))
    errors = (
        "ukendt_samtale", "for_lang", "tom", "travlt", "ugyldig", "metode", "findes_ikke",
        "for_mange", "for_mange_samtaler", "optaget",
    )  # fmt: skip
    messages = {f"fejl_{e}": Message(f"fejl_{e}", f"Dansk tekst om {e}.") for e in errors}
    messages["fejl_intern"] = Message("fejl_intern", "Noget gik galt hos os.")
    messages["aabning"] = Message("aabning", "Hej.")
    messages["sikkert_svar"] = Message(
        "sikkert_svar", "Sikkert svar: **112** og {boernetelefonen}. SSP i {kommune}."
    )
    return FakeEdition(
        pamphlets={
            "naar-det-sker": Pamphlet("naar-det-sker", "T", "U", "I", 1, ("afpresning",)),
        },
        answers={
            "afpresning": Answer("afpresning", "naar-det-sker", "T", "", "B", sources=(source,)),
            "gem_bevis": Answer(
                "gem_bevis", "foerste-hjaelp", "T", "", "B",
                reviewed=date(2026, 11, 22), approved_by="SSP Horsens",
            ),
        },
        helplines={
            "boernetelefonen": helpline("boernetelefonen", "BørneTelefonen", "116111", "116 111"),
            "foraeldretelefonen": helpline("f", "ForældreTelefonen", "35555557", "35 55 55 57"),
            "headspace_family": helpline("h", "headspace Family", None, None, "47471020"),
        },
        messages=messages,
        kommuner=kommuner,
        gazetteer=FakeGazetteer(kommuner),
    )  # fmt: skip


class FakeEngine:
    """The engine's private channel in memory; every request it got is in ``requests``."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.known: dict[str, str | None] = {}
        self.message: dict[str, Any] = {
            "answer": "afpresning",
            "text": "Betal **ikke**.",
            "choices": [{"label": "Gem beviser", "choice": "gem_bevis"}],
        }
        self.fault: Callable[[httpx.Request], Any] | None = None

    @property
    def bodies(self) -> list[Any]:
        return [json.loads(request.content) for request in self.requests if request.content]

    def reply(self, conversation: str, message: dict[str, Any]) -> httpx.Response:
        body = {"messages": [message], "kommune": self.known.get(conversation)}
        return httpx.Response(200, json=body)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.fault:
            outcome = self.fault(request)
            outcome = await outcome if hasattr(outcome, "__await__") else outcome
            if outcome is not None:
                return outcome
        path = request.url.path.removeprefix("/webhooks/samtale/").split("/")
        if path == ["ready"]:
            return httpx.Response(200)
        if path == ["conversations"]:
            body = json.loads(request.content)
            self.known[body["conversation"]] = body["kommune"]
            return self.reply(body["conversation"], {"answer": None, "text": "Hej."})
        if request.method == "DELETE":
            self.known.pop(path[1], None)
            return httpx.Response(204)
        if path[1] not in self.known:
            return httpx.Response(404, json={"error": "unknown"})
        body = json.loads(request.content)
        if body.get("choice") == "findes_ikke":
            return httpx.Response(400, json={"error": "unknown choice"})
        if str(body.get("choice", "")).startswith("kommune:"):
            self.known[path[1]] = body["choice"].removeprefix("kommune:")
        return self.reply(path[1], self.message)


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture(autouse=True)
def running(
    edition: FakeEdition, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> Iterator[services.Services]:
    """Services made of the stand-ins."""
    card = SimpleNamespace(as_dict=lambda: CARD)
    monkeypatch.setattr(texts, "contact_card", lambda kommune: card)
    library: Any = SimpleNamespace(current=lambda: edition, recent=lambda: edition)
    environment = read_environment(os.environ)
    client = Engine(environment.engine_url, environment.engine_timeout, httpx.MockTransport(engine))
    running = services.build(environment, Texts(library), client)
    services.use(running)
    yield running
    services.use(None)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A browser on our own page. Every answer of the API is held against its description."""

    async def as_described(response: httpx.Response) -> None:
        await response.aread()
        check_answer(response)

    transport = httpx.ASGITransport(app=application)
    hooks = {"response": [as_described]}
    async with httpx.AsyncClient(transport=transport, base_url=HOST, event_hooks=hooks) as client:
        yield client


@pytest.fixture
async def started(client: httpx.AsyncClient) -> str:
    """The id of a conversation that has begun."""
    return (await client.post("/api/conversations", json={})).json()["id"]
