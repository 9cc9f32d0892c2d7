"""The public API, through the whole ASGI application."""

from __future__ import annotations

import asyncio
import json
import re

import httpx
import pytest
from conftest import CARD, FakeEngine

pytestmark = pytest.mark.anyio

UNKNOWN = "A" * 32


def error_of(response: httpx.Response) -> str:
    body = response.json()
    assert body.keys() == {"error"}
    assert body["error"]["message"]
    return body["error"]["code"]


async def say(client: httpx.AsyncClient, id_: str, **body: object) -> httpx.Response:
    return await client.post(f"/api/conversations/{id_}/messages", json=body)


async def test_start(client: httpx.AsyncClient, engine: FakeEngine) -> None:
    response = await client.post("/api/conversations", json={"kommune": "0615"})
    assert response.status_code == 201
    body = response.json()
    assert re.fullmatch(r"[\w-]{32}", body["id"])
    assert body["messages"][0]["html"] == "<p>Hej.</p>"
    assert engine.bodies == [{"conversation": body["id"], "kommune": "0615"}]


@pytest.mark.parametrize("kommune", [None, "9999", "horsens"])
async def test_start_without_a_known_kommune(
    client: httpx.AsyncClient, engine: FakeEngine, kommune: str | None
) -> None:
    response = await client.post("/api/conversations", json={"kommune": kommune})
    assert response.status_code == 201
    assert engine.bodies[0]["kommune"] is None


async def test_message(client: httpx.AsyncClient, started: str) -> None:
    response = await say(client, started, text="Min søn bliver afpresset")
    assert response.status_code == 200
    assert response.json() == {
        "messages": [
            {
                "answer": "afpresning",
                "text": "Betal **ikke**.",
                "html": "<p>Betal <strong>ikke</strong>.</p>",
                "link": "/pjecer/naar-det-sker/#afpresning",
                "sources": [{"name": "Politiet", "url": "https://politi.dk/"}],
                "reviewed": None,
                "draft": True,
                "choices": [{"label": "Gem beviser", "choice": "gem_bevis"}],
            }
        ]
    }


async def test_choice_reaches_the_engine(
    client: httpx.AsyncClient, engine: FakeEngine, started: str
) -> None:
    assert (await say(client, started, choice="kommune:0615")).status_code == 200
    assert engine.bodies[-1] == {"choice": "kommune:0615"}


async def test_masked_before_the_engine(
    client: httpx.AsyncClient, engine: FakeEngine, started: str
) -> None:
    await say(client, started, text="//Ring 20 30 40 50, cpr 010190-1234, a@b.dk\u202e, 35555557")
    assert engine.bodies[-1] == {
        "text": "Ring [telefonnummer], cpr [cpr-nummer], [e-mail], 35555557"
    }


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": " \u200b/ \n"}, 400, "fejl_tom"),
        ({"text": ""}, 400, "fejl_tom"),
        ({"text": "x" * 501}, 413, "fejl_for_lang"),
        ({"text": "x" * 20_000}, 413, "fejl_for_lang"),
        ({"text": 7}, 400, "fejl_ugyldig"),
        ({"text": None}, 400, "fejl_ugyldig"),
        ({"text": "a", "choice": "b"}, 400, "fejl_ugyldig"),
        ({"text": "a", "metadata": {}}, 400, "fejl_ugyldig"),
        ({"choice": "findes_ikke"}, 400, "fejl_ugyldig"),
        ({"choice": "/restart"}, 400, "fejl_ugyldig"),
        ({"choice": ["a"]}, 400, "fejl_ugyldig"),
        ({}, 400, "fejl_ugyldig"),
        ([], 400, "fejl_ugyldig"),
    ],
)
async def test_refused_bodies(
    client: httpx.AsyncClient, started: str, body: object, status: int, code: str
) -> None:
    response = await client.post(f"/api/conversations/{started}/messages", json=body)
    assert (response.status_code, error_of(response)) == (status, code)


@pytest.mark.parametrize(
    ("content", "type_"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 15_000, "application/json"),
        (b'{"text":' * 1_500 + b'"a"' + b"}" * 1_500, "application/json"),
        (b'{"text": ' + b"9" * 9_000 + b"}", "application/json"),
        (b'{"text": 1e999}', "application/json"),
        (b'{"text": NaN}', "application/json"),
        (b'{"text": "hej", "text": "hej"}', "application/json"),
        (b'{"text": "hej", "text": "", "choice": "a"}', "application/json"),
        (b'{"text": {"$ne": null}}', "application/json"),
        (b'{"__proto__": {"text": "hej"}}', "application/json"),
        (b'\xef\xbb\xbf{"text": "hej"}', "application/json"),
        (b'{"text": "hej"} {"text": "du"}', "application/json"),
        (b'{"text": "hej"}', "text/plain"),
        (b"text=hej", "application/x-www-form-urlencoded"),
        (b'{"text": "hej"}', ""),
    ],
)
async def test_unreadable_bodies(
    client: httpx.AsyncClient, started: str, content: bytes, type_: str
) -> None:
    response = await client.post(
        f"/api/conversations/{started}/messages", content=content, headers={"Content-Type": type_}
    )
    assert (response.status_code, error_of(response)) == (400, "fejl_ugyldig")


async def test_charset_is_fine(client: httpx.AsyncClient) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert (await client.post("/api/conversations", content=b"{}", headers=headers)).is_success


@pytest.mark.parametrize(
    ("said", "arrives"),
    [
        ("/restart{}", "restart{}"),
        ("\u200b/\u2066/ hej \u202e\U000e0041", "hej"),
        ("\u202eevil\u202c ring 112", "evil ring 112"),
        ("😢👩‍👧 hvad nu?", "😢👩👧 hvad nu?"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; DROP TABLE users; --", "'; DROP TABLE users; --"),
        ("{{7*7}} ${7*7} %s {boernetelefonen}", "{{7*7}} ${7*7} %s {boernetelefonen}"),
        ('{"text": "/restart"}', '{"text": "/restart"}'),
        ("a\0b", "ab"),
    ],
)
async def test_a_strange_text_arrives_as_plain_text(
    client: httpx.AsyncClient, engine: FakeEngine, started: str, said: str, arrives: str
) -> None:
    assert (await say(client, started, text=said)).status_code == 200
    assert engine.bodies[-1] == {"text": arrives}


@pytest.mark.parametrize("text", ["x" * 100_000, "😢" * 25_000, "\u200b" * 100_000, " " * 100_000])
async def test_a_hundred_kilobytes(
    client: httpx.AsyncClient, engine: FakeEngine, started: str, text: str
) -> None:
    asked = len(engine.requests)
    response = await say(client, started, text=text)
    assert (response.status_code, error_of(response)) == (413, "fejl_for_lang")
    assert len(engine.requests) == asked


async def test_half_surrogates_do_no_harm(client: httpx.AsyncClient, started: str) -> None:
    content = b'{"text": "hej \\ud800 du"}'
    response = await client.post(
        f"/api/conversations/{started}/messages",
        content=content,
        headers={"Content-Type": "application/json"},
    )
    assert response.status_code == 200


async def test_too_large_without_a_length(client: httpx.AsyncClient, engine: FakeEngine) -> None:
    async def endless():
        for _ in range(5000):
            yield b"x" * 1000

    response = await client.post(
        "/api/conversations", content=endless(), headers={"Content-Type": "application/json"}
    )
    assert (response.status_code, error_of(response)) == (413, "fejl_for_lang")
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert not engine.requests


@pytest.mark.parametrize("id_", ["x", "A" * 31, "A" * 33, "A" * 31 + ".", "%2e%2e", "A" * 31 + "Æ"])
async def test_badly_formed_id_never_reaches_the_engine(
    client: httpx.AsyncClient, engine: FakeEngine, id_: str
) -> None:
    for response in (
        await say(client, id_, text="hej"),
        await client.delete(f"/api/conversations/{id_}"),
    ):
        assert (response.status_code, error_of(response)) == (404, "fejl_ukendt_samtale")
    assert not engine.requests


async def test_unknown_conversation(client: httpx.AsyncClient) -> None:
    response = await say(client, UNKNOWN, text="hej")
    assert (response.status_code, error_of(response)) == (404, "fejl_ukendt_samtale")


async def test_one_open_message(
    client: httpx.AsyncClient, engine: FakeEngine, started: str
) -> None:
    release = asyncio.Event()

    async def wait(request: httpx.Request) -> None:
        await release.wait()

    engine.fault = wait
    first = asyncio.create_task(say(client, started, text="en"))
    await asyncio.sleep(0.05)
    second = await say(client, started, text="to")
    assert (second.status_code, error_of(second)) == (409, "fejl_travlt")
    release.set()
    assert (await first).status_code == 200
    assert (await say(client, started, text="tre")).status_code == 200


async def test_delete(client: httpx.AsyncClient, engine: FakeEngine, started: str) -> None:
    response = await client.delete(f"/api/conversations/{started}")
    assert (response.status_code, response.content) == (204, b"")
    assert started not in engine.known
    assert (await say(client, started, text="hej")).status_code == 404
    assert (await client.delete(f"/api/conversations/{started}")).status_code == 204


async def test_delete_waits_for_the_open_message(
    client: httpx.AsyncClient, engine: FakeEngine, started: str
) -> None:
    order: list[str] = []
    begun = asyncio.Event()

    async def slow(request: httpx.Request) -> None:
        begun.set()
        if request.method == "POST":
            await asyncio.sleep(0.1)
        order.append(request.method)

    engine.fault = slow
    talk = asyncio.create_task(say(client, started, text="hej"))
    await begun.wait()
    await client.delete(f"/api/conversations/{started}")
    await talk
    assert order == ["POST", "DELETE"]


async def test_delete_is_not_promised_when_the_engine_is_away(
    client: httpx.AsyncClient, engine: FakeEngine, started: str
) -> None:
    def down(request: httpx.Request) -> None:
        raise httpx.ConnectError("down")

    engine.fault = down
    response = await client.delete(f"/api/conversations/{started}")
    assert (response.status_code, error_of(response)) == (503, "fejl_intern")


async def test_kommuner(client: httpx.AsyncClient) -> None:
    response = await client.get("/api/kommuner", params={"query": "hors"})
    assert response.json() == {
        "kommuner": [{"kode": "0615", "navn": "Horsens"}, {"kode": "0616", "navn": "Horsenslund"}]
    }
    assert (await client.get("/api/kommuner")).json() == {"kommuner": []}


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", "/api/conversations", "POST"),
        ("PUT", f"/api/conversations/{UNKNOWN}/messages", "POST"),
        ("GET", f"/api/conversations/{UNKNOWN}", "DELETE"),
        ("POST", "/api/kommuner", "GET"),
    ],
)
async def test_wrong_method(client: httpx.AsyncClient, method: str, path: str, allow: str) -> None:
    response = await client.request(method, path)
    assert (response.status_code, error_of(response)) == (405, "fejl_metode")
    assert response.headers["Allow"] == allow


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/andet", "/api/conversations/", "/api/a/b"])
async def test_unknown_address(client: httpx.AsyncClient, path: str) -> None:
    response = await client.get(path)
    assert (response.status_code, error_of(response)) == (404, "fejl_findes_ikke")


async def test_own_failure_is_a_plain_error(
    client: httpx.AsyncClient, running, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("secret value")

    monkeypatch.setattr(running.conversations, "start", broken)
    response = await client.post("/api/conversations", json={})
    assert (response.status_code, error_of(response)) == (500, "fejl_intern")
    assert "secret" not in response.text
    assert "Traceback" not in response.text


async def test_contact_question_and_language_pass_through(
    client: httpx.AsyncClient, engine: FakeEngine, started: str
) -> None:
    engine.message = {
        "answer": "ssp_kontakt",
        "text": "Her.",
        "choices": [],
        "contact": CARD,
        "ask_kommune": True,
        "language": {"code": "ar", "direction": "rtl"},
        "debug": "not for parents",
    }
    message = (await say(client, started, text="ssp")).json()["messages"][0]
    assert message["contact"] == CARD
    assert message["ask_kommune"] is True
    assert message["language"] == {"code": "ar", "direction": "rtl"}
    assert "debug" not in json.dumps(message)
