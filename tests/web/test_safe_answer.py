"""Whatever the engine does, a parent gets an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from conftest import CARD, FakeEdition, FakeEngine

pytestmark = pytest.mark.anyio


def down(request: httpx.Request) -> None:
    raise httpx.ConnectError("refused")


def broken_off(request: httpx.Request) -> None:
    raise httpx.RemoteProtocolError("gone")


def read_timeout(request: httpx.Request) -> None:
    raise httpx.ReadTimeout("slow")


async def too_slow(request: httpx.Request) -> None:
    await asyncio.sleep(5)


def replies(status: int = 200, **kwargs: Any) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(status, **kwargs)


FAULTS = {
    "down": down,
    "broken off": broken_off,
    "read timeout": read_timeout,
    "too slow in all": too_slow,
    "500": replies(500),
    "503 while it loads": replies(503, json={}),
    "redirect": replies(302, headers={"Location": "https://evil.example"}),
    "no messages": replies(json={"messages": [], "kommune": None}),
    "only empty messages": replies(json={"messages": [{"text": ""}], "kommune": None}),
    "not JSON": replies(text="<html>"),
    "not UTF-8": replies(content=b"\xff\xfe\x00"),
    "no object": replies(json=[]),
    "no list": replies(json={"messages": "hej"}),
    "malformed message": replies(json={"messages": [{"text": 7}]}),
    "one good, one malformed": replies(json={"messages": [{"text": "a"}, None]}),
}
each_fault = pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())


def is_safe(message: dict[str, Any]) -> bool:
    return message["answer"] is None and message["text"].startswith("Sikkert svar")


@each_fault
async def test_start(client: httpx.AsyncClient, engine: FakeEngine, fault: Any) -> None:
    engine.fault = fault
    response = await client.post("/api/conversations", json={"kommune": "0615"})
    assert response.status_code == 201
    (message,) = response.json()["messages"]
    assert is_safe(message)
    assert message["contact"] == CARD
    assert "SSP i Horsens" in message["text"]


@each_fault
async def test_message(
    client: httpx.AsyncClient, engine: FakeEngine, started: str, fault: Any
) -> None:
    engine.fault = fault
    response = await client.post(f"/api/conversations/{started}/messages", json={"text": "hej"})
    assert response.status_code == 200
    (message,) = response.json()["messages"]
    assert is_safe(message)
    assert "contact" not in message
    assert '<a href="tel:116111">' in message["html"]


async def test_the_kommune_the_parent_told_later_is_remembered(
    client: httpx.AsyncClient, engine: FakeEngine, started: str
) -> None:
    path = f"/api/conversations/{started}/messages"
    await client.post(path, json={"choice": "kommune:0615"})
    engine.fault = down
    (message,) = (await client.post(path, json={"text": "hej"})).json()["messages"]
    assert message["contact"] == CARD


async def test_a_conversation_born_without_the_engine_is_started_later(
    client: httpx.AsyncClient, engine: FakeEngine
) -> None:
    engine.fault = down
    id_ = (await client.post("/api/conversations", json={"kommune": "0615"})).json()["id"]
    engine.fault = None
    path = f"/api/conversations/{id_}/messages"
    response = await client.post(path, json={"text": "hej"})
    assert [m["answer"] for m in response.json()["messages"]] == ["afpresning"]
    assert engine.known == {id_: "0615"}
    # From here it is like any other: forgotten by the engine is gone.
    engine.known.clear()
    assert (await client.post(path, json={"text": "hej"})).status_code == 404


async def test_an_engine_restart_needs_nothing_from_us(
    client: httpx.AsyncClient, engine: FakeEngine, started: str
) -> None:
    path = f"/api/conversations/{started}/messages"
    engine.fault = down
    await client.post(path, json={"text": "hej"})
    engine.fault = None
    response = await client.post(path, json={"text": "hej"})
    assert response.json()["messages"][0]["answer"] == "afpresning"


async def test_without_any_texts_the_numbers_are_left(
    client: httpx.AsyncClient, engine: FakeEngine, edition: FakeEdition
) -> None:
    edition.messages.clear()
    engine.fault = down
    (message,) = (await client.post("/api/conversations", json={})).json()["messages"]
    assert '<a href="tel:112">112</a>' in message["html"]


async def test_a_broken_card_costs_only_the_card(
    client: httpx.AsyncClient, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(kommune: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("web.texts.contact_card", broken)
    engine.fault = down
    response = await client.post("/api/conversations", json={"kommune": "0615"})
    (message,) = response.json()["messages"]
    assert is_safe(message)
    assert "contact" not in message
