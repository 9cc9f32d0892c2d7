"""The stores against a real Redis: sharing, turns, expiry, and a Redis that is gone."""

from __future__ import annotations

import asyncio
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from redis import ConnectionError as Gone

from assistant import stores
from assistant.stores import (
    KEY,
    LOCK_KEY,
    ConversationLockStore,
    ConversationStore,
    RedisLocks,
    conversations_in,
    refuse_redis_on_disk,
    without_fallback,
)

pytestmark = pytest.mark.skipif(
    not shutil.which("redis-server"), reason="redis-server is not installed"
)

PASSWORD = "obviously-not-secret"
MEMORY_ONLY = ("--save", "", "--appendonly", "no")
DOMAIN = Domain.from_yaml(
    'version: "3.1"\nintents: [tak]\n'
    "slots:\n  kommune: {type: text, influence_conversation: false, mappings: [{type: custom}]}\n"
)


class Server:
    """A Redis of our own; it can be stopped and started again."""

    def __init__(self, folder: Path, *options: str) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"
        self.folder, self.options = folder, options
        self.client = redis.Redis.from_url(self.url, decode_responses=True)
        self.start()

    def start(self) -> None:
        own = ("--port", str(self.port), "--bind", "127.0.0.1", "--requirepass", PASSWORD)
        self.process = subprocess.Popen(
            ["redis-server", *own, *self.options], cwd=self.folder, stdout=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 10
        while True:
            try:
                self.client.ping()
                return
            except redis.RedisError:
                assert time.monotonic() < deadline
                time.sleep(0.02)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait(10)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("redis"), *MEMORY_ONLY)
    yield running
    running.stop()
    assert not list(running.folder.iterdir())  # nothing was written


@pytest.fixture
def server(shared: Server, monkeypatch: pytest.MonkeyPatch) -> Server:
    shared.client.flushall()
    monkeypatch.setenv("REDIS_URL", shared.url)
    monkeypatch.setenv("CONVERSATION_MINUTES", "5")
    monkeypatch.setenv("ENGINE_TIMEOUT_SECONDS", "1")
    return shared


def conversation(id_: str, kommune: str) -> DialogueStateTracker:
    events: list[Any] = [UserUttered("tak", {"name": "tak"}), SlotSet("kommune", kommune)]
    return DialogueStateTracker.from_events(id_, events, slots=DOMAIN.slots)


def test_what_one_engine_keeps_another_finds_until_it_expires(server: Server) -> None:
    async def story() -> Any:
        one, other = ConversationStore(DOMAIN), ConversationStore(DOMAIN)
        await one.save(conversation("a", "0615"))
        found = await other.retrieve("a")
        assert list(await other.keys()) == ["a"]
        return found

    found = asyncio.run(story())
    assert found.get_slot("kommune") == "0615"
    assert 290 < server.client.ttl(f"{KEY}a") <= 300


def test_deleted_by_one_engine_is_unknown_to_the_other(server: Server) -> None:
    async def story() -> None:
        one, other = ConversationStore(DOMAIN), ConversationStore(DOMAIN)
        await one.save(conversation("a", "0615"))
        await conversations_in(FailSafeTrackerStore(other)).delete("a")
        assert not await one.exists("a")

    asyncio.run(story())
    assert server.client.keys() == []


# --- turns ----------------------------------------------------------------------------------------


def test_one_message_at_a_time_whichever_engine_has_it(server: Server) -> None:
    at_work: list[int] = []
    most: list[int] = []

    async def answer(locks: Any, number: int, id_: str) -> None:
        async with locks.lock(id_):
            at_work.append(number)
            most.append(len(at_work))
            await asyncio.sleep(0.02)
            at_work.remove(number)

    async def story(ids: list[str]) -> int:
        most.clear()
        engines = [ConversationLockStore(), ConversationLockStore()]
        await asyncio.gather(*(answer(engines[n % 2], n, id_) for n, id_ in enumerate(ids)))
        return max(most)

    assert asyncio.run(story(["a"] * 10)) == 1
    assert asyncio.run(story(["a", "b", "c", "d"])) > 1  # conversations do not wait for each other
    assert server.client.keys() == []


def test_an_engine_that_dies_leaves_a_lock_that_ends(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "LOCK_SECONDS", 0.5)

    async def story() -> float:
        dead = RedisLocks(server.url)._redis.lock(LOCK_KEY + "a", timeout=stores.LOCK_SECONDS)
        await dead.acquire()
        begun = time.monotonic()
        async with ConversationLockStore().lock("a"):
            return time.monotonic() - begun

    assert asyncio.run(story()) > 0.3
    assert server.client.keys() == []


def test_a_lock_holds_as_long_as_its_engine_works(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "LOCK_SECONDS", 0.5)

    async def story() -> None:
        async with ConversationLockStore().lock("a"):
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(ConversationLockStore().lock("a").__aenter__(), 1.5)

    asyncio.run(story())
    assert server.client.keys() == []


def test_an_engine_that_was_frozen_cannot_write_over_what_another_answered(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "LOCK_SECONDS", 0.3)
    monkeypatch.setattr(RedisLocks, "_renew", lambda self, lock: asyncio.sleep(0))  # frozen

    async def frozen(store: ConversationStore) -> None:
        async with ConversationLockStore().lock("a"):
            await store.save(conversation("a", "0101"))
            await asyncio.sleep(0.6)
            await store.save(conversation("a", "0101"))

    async def story() -> Any:
        one, other = ConversationStore(DOMAIN), ConversationStore(DOMAIN)
        late = asyncio.create_task(frozen(one))
        await asyncio.sleep(0.05)
        async with ConversationLockStore().lock("a"):
            await other.save(conversation("a", "0615"))
        with pytest.raises(stores.TurnLost):
            await late
        return await other.retrieve("a")

    assert asyncio.run(story()).get_slot("kommune") == "0615"


# --- gone, and back -------------------------------------------------------------------------------


def test_without_redis_there_is_an_error_and_nothing_is_kept_elsewhere(server: Server) -> None:
    async def story() -> None:
        store, locks = ConversationStore(DOMAIN), ConversationLockStore()
        wrapped = FailSafeTrackerStore(store)
        without_fallback(wrapped)
        await wrapped.save(conversation("a", "0615"))
        server.stop()
        for attempt in (
            wrapped.retrieve("a"),
            wrapped.save(conversation("b", "0615")),
            wrapped.exists("a"),
            conversations_in(wrapped).delete("a"),
            locks.lock("a").__aenter__(),
        ):
            with pytest.raises(Gone):
                await asyncio.wait_for(attempt, 5)
        assert wrapped._fallback_tracker_store is None
        server.start()
        # Nothing has to be restarted; what was said is gone with Redis' memory.
        assert not await wrapped.exists("a")
        await wrapped.save(conversation("c", "0615"))
        async with locks.lock("c"):
            assert await wrapped.exists("c")

    asyncio.run(story())


def test_a_redis_that_goes_while_a_message_is_answered_does_not_cost_the_reply(
    server: Server,
) -> None:
    async def story() -> str:
        async with ConversationLockStore().lock("a"):
            server.stop()
            return "the reply"

    assert asyncio.run(story()) == "the reply"
    server.start()


# --- no disk --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "value"), [("save", "3600 1"), ("appendonly", "yes")])
def test_a_redis_that_writes_to_disk_stops_the_start(server: Server, name: str, value: str) -> None:
    refuse_redis_on_disk(server.url)
    before = server.client.config_get(name)[name]
    server.client.config_set(name, value)
    try:
        with pytest.raises(SystemExit) as caught:
            ConversationStore(DOMAIN)
    finally:
        server.client.config_set(name, before)
        for left in server.folder.rglob("*"):
            if left.is_file():
                left.unlink()
        shutil.rmtree(server.folder / "appendonlydir", ignore_errors=True)
    assert "REDIS_URL" in str(caught.value)
    assert PASSWORD not in str(caught.value)


def test_a_redis_that_cannot_be_asked_is_only_mentioned(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.client.acl_setuser(
        "kun_data", enabled=True, passwords=["+x"], categories=["+@all"], commands=["-config"],
        keys=["*"],
    )  # fmt: skip
    refuse_redis_on_disk(server.url.replace(f":{PASSWORD}", "kun_data:x"))
    refuse_redis_on_disk("redis://:hemmeligt@127.0.0.1:1/0")
    assert len(caplog.records) == 2
    assert "hemmeligt" not in caplog.text
