"""Parents who talk to a server at the same time, and how long they wait.

Not locust: a parent opens a conversation, reads for a while and says the next thing, which is a
dozen lines with the HTTP client we have, and what counts is who answered (the assistant, or the
calm safe answer), which a load tool cannot tell.
"""

from __future__ import annotations

import asyncio
import random
import ssl
import time
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any, Protocol

import httpx

THINK = 5.0  # seconds between an answer and the parent's next message, on average
MESSAGES = 4  # in a conversation
PATIENCE = 60.0  # seconds after which a parent's browser gives up
RECOVERED_WITHIN = 1.0  # seconds for an answer as before

_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # made once: the usual one reads certificates

ANSWERED, HELPED, FAILED = "answered", "helped", "failed"


class Refused(Exception):
    """No conversation was begun; ``kind`` is what the parent got, ``helped`` or ``failed``."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(kind)


class Door(Protocol):
    """Where a contender is talked to."""

    address: str

    async def open(self, client: httpx.AsyncClient) -> str:
        """A new conversation's id; raises :class:`Refused`."""

    async def say(self, client: httpx.AsyncClient, conversation: str, text: str) -> str:
        """One of ``answered``, ``helped`` (refused with the help lines) and ``failed``."""


class Api:
    """Our public API. ``safe`` is how the safe answer begins."""

    def __init__(self, address: str, safe: str) -> None:
        self.address = address
        self._safe = safe

    async def open(self, client: httpx.AsyncClient) -> str:
        response = await client.post("/api/conversations", json={})
        if response.status_code != 201:
            raise Refused(_refusal(response))
        return response.json()["id"]

    async def say(self, client: httpx.AsyncClient, conversation: str, text: str) -> str:
        path = f"/api/conversations/{conversation}/messages"
        response = await client.post(path, json={"text": text})
        if response.status_code != 200:
            return _refusal(response)
        (message,) = response.json()["messages"]
        return HELPED if message["text"].startswith(self._safe) else ANSWERED


def _refusal(response: httpx.Response) -> str:
    calm = response.status_code in (429, 503)
    return HELPED if calm and "112" in response.text and "114" in response.text else FAILED


class Rest:
    """Rasa's own REST channel, which the template listens on."""

    def __init__(self, address: str) -> None:
        self.address = address

    async def open(self, client: httpx.AsyncClient) -> str:
        return uuid.uuid4().hex

    async def say(self, client: httpx.AsyncClient, conversation: str, text: str) -> str:
        body = {"sender": conversation, "message": text}
        response = await client.post("/webhooks/rest/webhook", json=body)
        return ANSWERED if response.status_code == 200 else FAILED


class Channel:
    """Our engine asked directly, over the private channel that the web side asks it over: as the
    template is, whose REST channel has nothing before it."""

    def __init__(self, address: str) -> None:
        self.address = f"{address}/webhooks/samtale"

    async def open(self, client: httpx.AsyncClient) -> str:
        conversation = uuid.uuid4().hex
        response = await client.post("/conversations", json={"conversation": conversation})
        if response.status_code != 200:
            raise Refused(FAILED)
        return conversation

    async def say(self, client: httpx.AsyncClient, conversation: str, text: str) -> str:
        path = f"/conversations/{conversation}/messages"
        response = await client.post(path, json={"text": text})
        answered = response.status_code == 200 and response.json()["messages"]
        return ANSWERED if answered else FAILED


@dataclass
class Waits:
    """What the parents of one run got from now on, and after how many seconds. Once it is
    ``over``, nobody asks anything more."""

    began: float = field(default_factory=time.perf_counter)
    seconds: list[float] = field(default_factory=list)
    kinds: Counter[str] = field(default_factory=Counter)
    over: bool = False
    _under_way: list[float] = field(default_factory=list)

    def ask(self) -> float:
        """Something is asked now, and waited for until :meth:`done`; when that was."""
        self._under_way.append(time.perf_counter())
        return self._under_way[-1]

    def done(self, start: float, kind: str | None = None) -> None:
        """What was asked at ``start`` is over, and counted if it has a kind. What was asked before
        our time counts only when it has failed in it."""
        now = time.perf_counter()
        self._under_way.remove(start)
        ours = start >= self.began or (kind == FAILED and now >= self.began)
        if kind and ours:
            self.seconds.append(now - start)
            self.kinds[kind] += 1

    async def finish(self) -> None:
        """The last replies. A parent waits for one as long as ever; what has not come by then has
        failed, and would be missing if only replies were counted."""
        self.over = True
        until = time.perf_counter() + PATIENCE
        while self._under_way and time.perf_counter() < until:
            await asyncio.sleep(0.01)
        for start in tuple(self._under_way):
            self.done(start, FAILED)

    def figures(self, took: float) -> dict[str, Any]:
        """Milliseconds at the percentiles, messages a second of the ``took`` in which they were
        asked, and how many of each kind."""
        points = quantiles(self.seconds, n=100) if len(self.seconds) > 1 else [0.0] * 99
        return {
            "messages": len(self.seconds),
            "per_second": len(self.seconds) / took,
            "p50_ms": 1000 * points[49],
            "p95_ms": 1000 * points[94],
            "p99_ms": 1000 * points[98],
            **{kind: self.kinds[kind] for kind in (ANSWERED, HELPED, FAILED)},
        }


async def say(
    door: Door, client: httpx.AsyncClient, conversation: str, text: str, waits: Waits
) -> None:
    start = waits.ask()
    try:
        kind = await door.say(client, conversation, text)
    except httpx.HTTPError:
        kind = FAILED
    waits.done(start, kind)


async def begin(door: Door, client: httpx.AsyncClient, waits: Waits) -> str | None:
    """A new conversation's id; None, and counted, when there is none."""
    start, conversation, kind = waits.ask(), None, None
    try:
        conversation = await door.open(client)
    except Refused as refused:
        kind = refused.kind
    except httpx.HTTPError:
        kind = FAILED
    waits.done(start, kind)
    return conversation


async def _parent(
    door: Door,
    texts: list[str],
    seed: int,
    think: float,
    waits: Waits,
    opened: Callable[[], bool] = lambda: True,
) -> None:
    """Conversation after conversation, until it is over or ``opened()`` is False."""
    chance = random.Random(seed)
    # Spread over a conversation's length: some begin while others are about to end.
    await asyncio.sleep(chance.uniform(0, MESSAGES * think))
    async with _client(door) as client:
        while not waits.over and opened():
            conversation = await begin(door, client, waits)
            if conversation is None:
                await asyncio.sleep(max(think, 0.1))
                continue
            for text in chance.sample(texts, MESSAGES):
                if waits.over:
                    break
                await say(door, client, conversation, text, waits)
                if think:
                    await asyncio.sleep(chance.expovariate(1 / think))


def _client(door: Door) -> httpx.AsyncClient:
    """A parent's browser. One for all would look through everybody's connections for every request,
    and take the processor from those who are measured."""
    return httpx.AsyncClient(base_url=door.address, timeout=PATIENCE, verify=_NO_TLS)


async def crowd(
    door: Door,
    texts: list[str],
    parents: int,
    seconds: float,
    think: float = THINK,
    afterwards: Callable[[], Awaitable[Any]] | None = None,
) -> dict[str, Any]:
    """So many parents at once for so long, after all have come; ``think=0`` is as fast as they
    are answered. What comes ``afterwards`` begins while the last of them still wait, and is in the
    figures by that name."""
    waits = Waits(began=time.perf_counter() + MESSAGES * think)
    tasks = [
        asyncio.create_task(_parent(door, texts, seed, think, waits)) for seed in range(parents)
    ]
    await asyncio.sleep(MESSAGES * think + seconds)
    took = time.perf_counter() - waits.began
    next_one = asyncio.ensure_future(afterwards()) if afterwards else None
    await waits.finish()
    for task in tasks:
        task.cancel()  # most are thinking
    await asyncio.gather(*tasks, return_exceptions=True)
    found = {"parents": parents, **waits.figures(took)}
    return {**found, "afterwards": await next_one} if next_one else found


async def conversations(
    door: Door, texts: list[str], count: int, at_once: int, after_each: Callable[[int], None]
) -> None:
    """``count`` conversations one after another, ``at_once`` side by side; ``after_each`` hears
    how many have begun."""
    begun = 0

    def opened() -> bool:
        nonlocal begun
        begun += 1
        after_each(begun)
        return begun <= count

    waits = Waits()
    await asyncio.gather(*(_parent(door, texts, seed, 0, waits, opened) for seed in range(at_once)))
    assert waits.kinds[ANSWERED] == len(waits.seconds), waits.kinds


async def seconds_to_recover(door: Door, texts: list[str], longest: float = 60) -> float | None:
    """Until a new parent is answered as fast as ever; None when not within ``longest``."""
    began = time.perf_counter()
    async with _client(door) as client:
        while time.perf_counter() - began < longest:
            waits = Waits()
            conversation = await begin(door, client, waits)
            if conversation:
                await say(door, client, conversation, texts[0], waits)
                if waits.kinds[ANSWERED] and waits.seconds[-1] < RECOVERED_WITHIN:
                    return time.perf_counter() - began
            await asyncio.sleep(0.2)
    return None
