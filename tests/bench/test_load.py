"""Who answered a parent, and what the percentiles are of."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from evaluation import load
from evaluation.load import ANSWERED, FAILED, HELPED, Api, Channel, Door, Rest, Waits

SAFE = "Jeg kan ikke svare lige nu"
HELP = json.dumps({"error": {"text": "Ring 112, eller til politiet på 114."}})


def said(text: str) -> httpx.Response:
    return httpx.Response(200, json={"messages": [{"text": text}]})


def asked(door: Door, answer: Callable[[], httpx.Response]) -> str:
    async def run() -> str:
        transport = httpx.MockTransport(lambda request: answer())
        async with httpx.AsyncClient(base_url=door.address, transport=transport) as client:
            waits = Waits()
            await load.say(door, client, "id", "Hej", waits)
            (kind,) = waits.kinds
            return kind

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("response", "kind"),
    [
        (said("Det er godt, at du skriver."), ANSWERED),
        (said(f"{SAFE}. Ring 112."), HELPED),
        (httpx.Response(503, text=HELP), HELPED),
        (httpx.Response(429, text=HELP), HELPED),
        (httpx.Response(503, text="Service Unavailable"), FAILED),
        (httpx.Response(500, text=HELP), FAILED),
        (httpx.Response(404), FAILED),
    ],
)
def test_who_answered(response: httpx.Response, kind: str) -> None:
    assert asked(Api("http://ours", SAFE), lambda: response) == kind


def test_a_server_that_is_gone_has_failed() -> None:
    def gone() -> httpx.Response:
        raise httpx.ConnectError("refused")

    assert asked(Api("http://ours", SAFE), gone) == FAILED
    assert asked(Rest("http://theirs"), gone) == FAILED
    assert asked(Rest("http://theirs"), lambda: httpx.Response(200, json=[])) == ANSWERED


def test_the_engine_is_asked_over_its_private_channel() -> None:
    heard: list[tuple[str, dict[str, str]]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        heard.append((request.url.path, json.loads(request.content)))
        return said("Det er godt, at du skriver.")

    async def run() -> str:
        door = Channel("http://engine")
        transport = httpx.MockTransport(answer)
        async with httpx.AsyncClient(base_url=door.address, transport=transport) as client:
            return await door.say(client, await door.open(client), "Hej")

    assert asyncio.run(run()) == ANSWERED
    begun = heard[0][1]["conversation"]
    assert heard == [
        ("/webhooks/samtale/conversations", {"conversation": begun}),
        (f"/webhooks/samtale/conversations/{begun}/messages", {"text": "Hej"}),
    ]


@pytest.mark.parametrize(
    "response", [httpx.Response(500), httpx.Response(200, json={"messages": []})]
)
def test_an_engine_that_says_nothing_has_failed(response: httpx.Response) -> None:
    assert asked(Channel("http://engine"), lambda: response) == FAILED


class Slow:
    """Answers as soon as ``answers`` is set."""

    address = "http://nowhere"

    def __init__(self) -> None:
        self.answers = asyncio.Event()
        self.opened = 0

    async def open(self, client: httpx.AsyncClient) -> str:
        self.opened += 1
        return "id"

    async def say(self, client: httpx.AsyncClient, conversation: str, text: str) -> str:
        await asyncio.sleep(0)
        await self.answers.wait()
        return ANSWERED


def crowd_of_three(door: Door, **options: Any) -> dict[str, Any]:
    return asyncio.run(load.crowd(door, list("abcdef"), 3, 0.05, 0, **options))


def test_a_reply_that_never_comes_has_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(load, "PATIENCE", 0.1)
    found = crowd_of_three(Slow())
    assert (found["answered"], found["failed"], found["messages"]) == (0, 3, 3)
    assert found["p50_ms"] > 100


def test_who_was_asked_before_the_end_may_answer_after_it() -> None:
    door = Slow()

    async def afterwards() -> str:
        door.answers.set()
        return "seen"

    found = crowd_of_three(door, afterwards=afterwards)
    assert (found["answered"], found["failed"], found["afterwards"]) == (3, 0, "seen")
    assert door.opened == 3  # nobody says anything more


def test_what_was_asked_before_our_time_counts_only_when_it_fails_in_it() -> None:
    waits = Waits()
    early = [waits.ask(), waits.ask()]
    waits.began = load.time.perf_counter()
    waits.done(early[0], ANSWERED)
    waits.done(early[1], FAILED)
    assert waits.kinds == {FAILED: 1}


def test_percentiles_are_of_all_messages() -> None:
    waits = Waits(seconds=[0.001 * n for n in range(1, 101)])
    waits.kinds.update({ANSWERED: 99, FAILED: 1})
    figures = waits.figures(took=10)
    assert (figures["messages"], figures["per_second"]) == (100, 10)
    assert figures["p50_ms"] == pytest.approx(50.5)
    assert figures["p95_ms"] == pytest.approx(95.95)
    assert (figures["answered"], figures["helped"], figures["failed"]) == (99, 0, 1)


def test_every_conversation_is_counted_once() -> None:
    door, heard = Slow(), []
    door.answers.set()
    asyncio.run(load.conversations(door, list("abcdef"), 10, 3, heard.append))
    assert door.opened == 10
    assert heard[:10] == list(range(1, 11))
