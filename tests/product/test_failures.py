"""Something breaks, and the parent is still not left empty-handed."""

from __future__ import annotations

import asyncio
import http.client
import resource
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from product import Conversation, Product, eventually, numbers
from stalling import network

from environment import ROOT

BLACKMAIL = "de truer med at lægge hendes billeder ud hvis ikke hun betaler"


def is_safe(message: dict[str, Any]) -> bool:
    """The answer of last resort: no advice of its own, but the numbers, 112 first."""
    found = numbers(message["text"])
    return (
        message["answer"] is None
        and found[:1] == ["112"]
        and {"114", "116111"} <= set(found)
        and "tel:116111" in message["html"]
    )


def test_an_engine_that_dies_and_comes_back(product: Product):
    before = Conversation(product.client)
    with product.killed("engine"):
        assert is_safe(before.say(BLACKMAIL))
        assert product.client.get("/health/live").status_code == 200
        assert product.client.get("/health/ready").status_code == 503
        meanwhile = Conversation(product.client, "0615")
        assert is_safe(meanwhile.opening)
        assert meanwhile.opening["contact"]["kode"] == "0615"
        assert product.client.get("/pjecer/naar-det-sker/").status_code == 200

    lost = before.post({"text": BLACKMAIL})
    assert lost.status_code == 404
    assert lost.json()["error"]["code"] == "fejl_ukendt_samtale"
    # What began while it was away goes on, and its kommune is still known.
    assert meanwhile.say(BLACKMAIL)["answer"] == "afpresning"
    assert meanwhile.choose("ssp_kontakt")["contact"]["kode"] == "0615"
    assert Conversation(product.client).say(BLACKMAIL)["answer"] == "afpresning"


def test_a_connection_is_kept_while_a_parent_reads(product: Product):
    """One that is closed just as the parent writes loses the message."""
    kept = http.client.HTTPConnection("127.0.0.1", product.ports["web"], timeout=20)
    kept.auto_open = 0  # no other connection in its place
    kept.connect()
    for reading in (11, 0):  # uvicorn would wait five seconds; a request's head has ten
        kept.request("GET", "/health/live")
        response = kept.getresponse()
        assert response.status == 200
        response.read()
        time.sleep(reading)
    kept.close()


def test_an_engine_that_hangs(product: Product, conversation: Conversation):
    with product.hung("engine"):
        assert is_safe(conversation.say(BLACKMAIL))
        assert product.client.get("/health/ready").status_code == 503
    assert eventually(lambda: conversation.post({"text": BLACKMAIL}).status_code == 200)
    assert conversation.say(BLACKMAIL)["answer"] == "afpresning"


def test_actions_that_are_gone(product: Product):
    conversation = Conversation(product.client, "0615")
    with product.killed("actions"):
        assert conversation.say(BLACKMAIL)["answer"] == "afpresning"
        message = conversation.say("hvem er vores SSP")
        assert is_safe(message)
        assert message["contact"]["kode"] == "0615"
        assert conversation.choose("gem_bevis")["answer"] == "gem_bevis"
    assert conversation.choose("ssp_kontakt")["answer"] == "ssp_kontakt"


def test_actions_that_hang(product: Product, conversation: Conversation):
    with product.hung("actions"):
        assert is_safe(conversation.choose("ssp_kontakt"))
        # The same parent too, not only the others.
        assert conversation.choose("gem_bevis")["answer"] == "gem_bevis"
        assert Conversation(product.client).say(BLACKMAIL)["answer"] == "afpresning"
    assert conversation.choose("ssp_kontakt")["ask_kommune"]


def test_an_engine_that_dies_over_a_message(product: Product, conversation: Conversation):
    with ThreadPoolExecutor() as pool:
        with product.hung("engine"):
            waiting = pool.submit(conversation.say, BLACKMAIL)
            assert eventually(lambda: connections(product.ports["engine"]) > 0)
            killed = product.killed("engine")
            killed.__enter__()
            assert is_safe(waiting.result())
        killed.__exit__(None, None, None)
    assert conversation.post({"text": BLACKMAIL}).status_code == 404
    assert Conversation(product.client).say(BLACKMAIL)["answer"] == "afpresning"


def connections(port: int) -> int:
    """How many established connections this port has."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    rows = [line.split() for line in lines]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == "01" for row in rows)


def test_a_network_that_stalls(product: Product):
    with (
        network(product.environment.engine_url) as between,
        product.another_web(between.address) as client,
    ):
        conversation = Conversation(client, "0615")
        with between.stalled():
            message = conversation.choose("gem_bevis")
            assert is_safe(message)
            assert message["contact"]["kode"] == "0615"
            assert client.get("/health/live").status_code == 200
            assert client.get("/health/ready").status_code == 503
        # What comes late is nobody's answer any more.
        assert answered(conversation, "anmeld_til_politiet") == "anmeld_til_politiet"
        assert conversation.say(BLACKMAIL)["answer"] == "afpresning"


def answered(conversation: Conversation, choice: str) -> str | None:
    """The answer to a choice, when the conversation's late messages have been dealt with."""
    replies: list[httpx.Response] = []

    def said() -> bool:
        replies.append(conversation.post({"choice": choice}))
        return replies[-1].status_code != 409

    assert eventually(said)
    (message,) = replies[-1].json()["messages"]
    return message["answer"]


@pytest.mark.parametrize("fault", ["missing", "cut short"])
def test_a_model_that_cannot_be_used(product: Product, tmp_path: Path, fault: str):
    for path in ROOT.iterdir():
        if path.name != "models":
            (tmp_path / path.name).symlink_to(path)
    (tmp_path / "models").mkdir()
    if fault == "cut short":
        whole = (ROOT / "models" / "assistant.tar.gz").read_bytes()
        (tmp_path / "models" / "assistant.tar.gz").write_bytes(whole[: len(whole) // 2])
    with (
        product.another_engine(folder=tmp_path) as engine,
        product.another_web(engine, ready=False) as client,
    ):
        assert client.get("/health/ready").status_code == 503
        assert is_safe(Conversation(client).opening)


@contextmanager
def full_disk(product: Product) -> Iterator[None]:
    """No process can write a byte to any file, its log among them."""
    pids = [process.pid for process in product.processes.values()]
    before = [resource.prlimit(pid, resource.RLIMIT_FSIZE) for pid in pids]
    for pid, (_, most) in zip(pids, before):
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, most))
    try:
        yield
    finally:
        for pid, limits in zip(pids, before):
            resource.prlimit(pid, resource.RLIMIT_FSIZE, limits)


def test_a_full_disk(product: Product):
    path = product.data / "pjecer" / "naar-det-sker" / "afpresning.md"
    text = path.read_text(encoding="utf-8")
    first = product.answer("afpresning").body.splitlines()[0]
    with full_disk(product):
        conversation = Conversation(product.client, "0615")
        assert conversation.say(BLACKMAIL)["answer"] == "afpresning"
        assert conversation.choose("ssp_kontakt")["contact"]["kode"] == "0615"
        # Also an edit, whose last good version cannot be kept, and a refusal.
        path.write_text(text.replace(first, "Et nyt ord.", 1), encoding="utf-8")
        try:
            assert eventually(lambda: "Et nyt ord" in conversation.choose("afpresning")["text"])
        finally:
            path.write_text(text, encoding="utf-8")
        assert conversation.post({"choice": "findes_ikke"}).status_code == 400
        with product.hung("actions"):
            assert is_safe(conversation.choose("ssp_kontakt"))
        assert conversation.client.delete(conversation.path).status_code == 204
    assert Conversation(product.client).say(BLACKMAIL)["answer"] == "afpresning"


PARENTS = 24


def test_every_reply_belongs_to_its_question(product: Product):
    """Many parents at once, each with a kommune and questions of their own."""
    choices = [id_ for id_, answer in product.edition.answers.items() if answer.pamphlet]
    kommuner = list(product.edition.kommuner)

    async def parent(client: httpx.AsyncClient, number: int) -> None:
        kommune = kommuner[number]
        begun = await client.post("/api/conversations", json={"kommune": kommune})
        path = f"/api/conversations/{begun.json()['id']}/messages"

        async def choose(choice: str) -> dict[str, Any]:
            response = await client.post(path, json={"choice": choice})
            assert response.status_code == 200
            (message,) = response.json()["messages"]
            return message

        for turn in range(3):
            choice = choices[(number + turn * PARENTS) % len(choices)]
            message = await choose(choice)
            assert is_safe(message) or message["answer"] == choice
        contact = (await choose("ssp_kontakt")).get("contact")
        assert contact["kode"] == kommune
        assert (await client.delete(path.removesuffix("/messages"))).status_code == 204

    async def everybody() -> None:
        async with httpx.AsyncClient(base_url=product.address, timeout=60) as client:
            await asyncio.gather(*(parent(client, number) for number in range(PARENTS)))

    asyncio.run(everybody())
