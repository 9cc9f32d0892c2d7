"""Who answered a parent, and what the percentiles are of."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import httpx
import pytest

from evaluation import load
from evaluation.load import ANSWERED, FAILED, HELPED, Api, Rest, Waits

SAFE = "Jeg kan ikke svare lige nu"
HELP = json.dumps({"error": {"text": "Ring 112, eller til politiet på 114."}})


def said(text: str) -> httpx.Response:
    return httpx.Response(200, json={"messages": [{"text": text}]})


def asked(door: Api | Rest, answer: Callable[[], httpx.Response]) -> str:
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


def test_percentiles_are_of_all_messages() -> None:
    waits = Waits(seconds=[0.001 * n for n in range(1, 101)])
    waits.kinds.update({ANSWERED: 99, FAILED: 1})
    figures = waits.figures(took=10)
    assert (figures["messages"], figures["per_second"]) == (100, 10)
    assert figures["p50_ms"] == pytest.approx(50.5)
    assert figures["p95_ms"] == pytest.approx(95.95)
    assert (figures["answered"], figures["helped"], figures["failed"]) == (99, 0, 1)


def test_every_conversation_is_counted_once() -> None:
    class Instant:
        address = "http://nowhere"
        opened = 0

        async def open(self, client: httpx.AsyncClient) -> str:
            self.opened += 1
            return "id"

        async def say(self, client: httpx.AsyncClient, conversation: str, text: str) -> str:
            await asyncio.sleep(0)
            return ANSWERED

    door, heard = Instant(), []
    asyncio.run(load.conversations(door, list("abcdef"), 10, 3, heard.append))
    assert door.opened == 10
    assert heard[:10] == list(range(1, 11))
