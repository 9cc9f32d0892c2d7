"""Too often, too much at once, and who counts as one client."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from conftest import CARD, HOST, FakeEdition, FakeEngine
from limits.aio.storage import MemoryStorage, memory

from web import limits, services
from web.asgi import application
from web.limits import UNKNOWN, client_of
from web.services import Services

pytestmark = pytest.mark.anyio

START = "/api/conversations"


@pytest.fixture
def with_settings(running: Services) -> Callable[..., Services]:
    """Replaces the running services by some with other settings, and counts of their own."""

    def change(**changes: Any) -> Services:
        environment = replace(running.environment, **changes)
        changed = services.build(environment, running.texts, running.engine)
        services.use(changed)
        return changed

    return change


@pytest.fixture
async def neighbour() -> AsyncIterator[httpx.AsyncClient]:
    """A browser at another address."""
    transport = httpx.ASGITransport(app=application, client=("192.0.2.77", 4711))
    async with httpx.AsyncClient(transport=transport, base_url=HOST) as client:
        yield client


def refused(response: httpx.Response, code: str) -> bool:
    return (response.status_code, response.json()["error"]["code"]) == (429, code)


async def say(client: httpx.AsyncClient, id_: str) -> httpx.Response:
    return await client.post(f"{START}/{id_}/messages", json={"text": "hej"})


async def test_starts_are_limited_apart_from_messages(
    client: httpx.AsyncClient, neighbour: httpx.AsyncClient, with_settings, engine: FakeEngine
) -> None:
    with_settings(conversations_per_client=2)
    ids = [(await client.post(START, json={})).json()["id"] for _ in range(2)]
    third = await client.post(START, json={}, headers={"Origin": "https://www.kommune.test"})
    assert refused(third, "fejl_for_mange_samtaler")
    assert 0 < int(third.headers["Retry-After"]) <= 600
    assert "Retry-After" in third.headers["Access-Control-Expose-Headers"]
    assert third.headers["Access-Control-Allow-Origin"] == "https://www.kommune.test"
    assert len(engine.requests) == 2
    assert (await say(client, ids[0])).status_code == 200
    assert (await neighbour.post(START, json={})).status_code == 201


async def test_messages_are_limited_per_conversation(
    client: httpx.AsyncClient, neighbour: httpx.AsyncClient, with_settings, engine: FakeEngine
) -> None:
    with_settings(messages_per_conversation=2)
    first, second = [(await client.post(START, json={})).json()["id"] for _ in range(2)]
    assert [(await say(client, first)).status_code for _ in range(2)] == [200, 200]
    asked = len(engine.requests)
    # Whoever asks: an address is no way around it.
    for anyone in (client, neighbour):
        assert refused(await say(anyone, first), "fejl_for_mange")
    assert len(engine.requests) == asked
    assert (await say(client, second)).status_code == 200


async def test_everything_a_client_asks_for_is_limited_together(
    client: httpx.AsyncClient, neighbour: httpx.AsyncClient, with_settings
) -> None:
    with_settings(requests_per_client=3)
    for path in ("/api/kommuner?query=h", "/findes/ikke", "/api/andet"):
        assert (await client.get(path)).status_code != 429
    assert refused(await client.get("/api/kommuner"), "fejl_for_mange")
    page = await client.get("/findes/ikke")
    assert (page.status_code, page.headers["Content-Type"][:9]) == (429, "text/html")
    for path in ("/health/live", "/metrics", "/static/chat.js", "/widget.js"):
        assert (await client.get(path)).status_code == 200
    assert (await neighbour.get("/api/kommuner")).status_code == 200


async def test_the_limit_ends(client: httpx.AsyncClient, with_settings, monkeypatch) -> None:
    with_settings(requests_per_client=1)
    await client.get("/api/kommuner")
    response = await client.get("/api/kommuner")
    assert response.status_code == 429
    now = memory.time.time() + int(response.headers["Retry-After"])
    monkeypatch.setattr(memory, "time", SimpleNamespace(time=lambda: now))
    assert (await client.get("/api/kommuner")).status_code == 200


async def test_what_is_kept_names_nobody(client: httpx.AsyncClient, with_settings) -> None:
    changed = with_settings(
        requests_per_client=9, conversations_per_client=9, messages_per_conversation=9
    )
    id_ = (await client.post(START, json={})).json()["id"]
    await say(client, id_)
    storage = changed.limits._memory.storage
    assert isinstance(storage, MemoryStorage)
    kept = " ".join(storage.storage)
    assert len(storage.storage) == 3
    assert id_ not in kept
    assert "127.0.0.1" not in kept
    # Nor can it be found out by trying every address: the hash has a key.
    again = limits.Limits(changed.environment)
    assert again._key == changed.limits._key
    assert len(again._key) == 64
    assert re.findall(r"(\w+)/[0-9a-f]{32}/", kept) == ["requests", "conversations", "messages"]


@pytest.mark.parametrize(
    ("peer", "header", "proxies", "wanted"),
    [
        ("192.0.2.1", "", 0, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", 0, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7", 1, "198.51.100.7"),
        ("192.0.2.1", "203.0.113.9, 198.51.100.7", 1, "198.51.100.7"),
        ("192.0.2.1", "203.0.113.9,198.51.100.7,192.0.2.2", 2, "198.51.100.7"),
        ("192.0.2.1", "198.51.100.7", 2, "192.0.2.1"),
        ("192.0.2.1", "nonsense", 1, "192.0.2.1"),
        ("192.0.2.1", "", 1, "192.0.2.1"),
        ("192.0.2.1", "198.51.100.7:4711", 1, "198.51.100.7"),
        ("192.0.2.1", "[2001:db8::1]:4711", 1, "2001:db8::/64"),
        ("2001:db8:1:2:3:4:5:6", "", 0, "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "", 0, "192.0.2.1"),
        ("fe80::1%eth0", "", 0, "fe80::/64"),
        ("", "", 0, UNKNOWN),
    ],
)
def test_who_is_one_client(peer: str, header: str, proxies: int, wanted: str) -> None:
    assert client_of(peer, header, proxies) == wanted


async def test_a_claimed_address_is_no_way_around(client: httpx.AsyncClient, with_settings) -> None:
    for proxies, claims in ((0, "203.0.113.{}"), (1, "203.0.113.{}, 198.51.100.7")):
        with_settings(requests_per_client=1, trusted_proxies=proxies)
        answers = [
            await client.get("/api/kommuner", headers={"X-Forwarded-For": claims.format(n)})
            for n in range(2)
        ]
        assert [answer.status_code for answer in answers] == [200, 429]


class Counting(MemoryStorage):
    """In the place of Redis: can be away, or hang."""

    fault: Callable[[], Any] | None = None
    asked = 0

    async def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        self.asked += 1
        if self.fault:
            await self.fault()
        return await super().incr(key, expiry, amount)


async def gone() -> None:
    raise ConnectionError("redis://:HEMMELIGT@redis.test")


async def hangs() -> None:
    await asyncio.sleep(60)


@pytest.mark.parametrize("fault", [gone, hangs])
async def test_without_redis_the_process_counts_alone(
    client: httpx.AsyncClient, with_settings, monkeypatch, caplog, fault
) -> None:
    storage = Counting()
    monkeypatch.setattr(limits, "_redis", lambda url: storage)
    monkeypatch.setattr(limits, "REDIS_SECONDS", 0.01)
    changed = with_settings(requests_per_client=3, redis_url="redis://redis.test")
    lost = limits.metrics._COUNTED_ALONE._value.get()
    assert (await client.get("/api/kommuner")).status_code == 200
    assert storage.asked == 1
    storage.fault = fault
    statuses = [(await client.get("/api/kommuner")).status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    # Not every parent waits for a Redis that does not answer.
    assert storage.asked == 2
    assert limits.metrics._COUNTED_ALONE._value.get() == lost + 1
    assert "HEMMELIGT" not in caplog.text

    storage.fault = None
    changed.limits._ask_redis_from = 0.0  # the pause is over
    assert [(await client.get("/api/kommuner")).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:1/0", "rediss://u:p@127.0.0.1:1", "unix:///nowhere/redis.sock"]
)
async def test_a_redis_that_is_not_there_from_the_start(
    client: httpx.AsyncClient, with_settings, url: str
) -> None:
    with_settings(requests_per_client=2, redis_url=url)
    statuses = [(await client.get("/api/kommuner")).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]


# --- More at once than the engine can answer -----------------------------------------------------


async def test_one_too_many_gets_the_help_lines_at_once(
    client: httpx.AsyncClient, engine: FakeEngine, edition: FakeEdition, with_settings
) -> None:
    with_settings(messages_at_once=2)
    first = (await client.post(START, json={})).json()["id"]
    mine = (await client.post(START, json={"kommune": "0615"})).json()["id"]
    release = asyncio.Event()

    async def wait(request: httpx.Request) -> None:
        await release.wait()

    engine.fault = wait
    open_ = [
        asyncio.create_task(say(client, first)),
        asyncio.create_task(client.post(START, json={})),
    ]
    while len(engine.requests) < 4:
        await asyncio.sleep(0)
    for refusal in (await say(client, mine), await client.post(START, json={"kommune": "0615"})):
        assert refusal.status_code == 503
        assert refusal.json()["error"]["code"] == "fejl_optaget"
        assert int(refusal.headers["Retry-After"]) > 0
        (message,) = refusal.json()["messages"]
        assert '<a href="tel:116111">' in message["html"]
        assert message["contact"] == CARD
    assert len(engine.requests) == 4

    release.set()
    assert [(await answer).status_code for answer in open_] == [200, 201]
    # The places are free again, and the refused conversation is as it was.
    assert (await say(client, mine)).status_code == 200
    # A deletion waits for no place.
    with_settings(messages_at_once=1)
    assert (await client.delete(f"{START}/{mine}")).status_code == 204


async def test_a_place_is_given_back_whatever_happens(
    client: httpx.AsyncClient, engine: FakeEngine, with_settings
) -> None:
    with_settings(messages_at_once=1)
    id_ = (await client.post(START, json={})).json()["id"]

    def broken(request: httpx.Request) -> None:
        raise RuntimeError

    faults = (
        broken,
        lambda request: httpx.Response(404, json={}),
        lambda request: httpx.Response(500),
    )
    for fault in faults:
        engine.fault = fault
        await say(client, id_)
        await client.post(START, json={})
    engine.fault = None
    assert (await say(client, id_)).status_code == 200
