"""Where conversations live: expiry, deletion, memory or Redis."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from fakeredis import FakeAsyncRedis, FakeServer, FakeStrictRedis
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from redis.asyncio import SSLConnection

from assistant import stores
from assistant.stores import (
    ConversationLockStore,
    ConversationStore,
    MemoryConversations,
    RedisConversations,
    RedisLocks,
    conversations_in,
)

DOMAIN = Domain.from_yaml(
    'version: "3.1"\nintents: [tak]\n'
    "slots:\n  kommune: {type: text, influence_conversation: false, mappings: [{type: custom}]}\n"
)
URL = "redis://redis.test:6379/0"


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(stores, "time", clock)
    return clock


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch) -> FakeStrictRedis:
    """What the stores have written, seen from outside; somebody else's key is there too."""
    server = FakeServer()
    monkeypatch.setattr(
        stores.Redis, "from_url", lambda url, **o: FakeAsyncRedis(server=server, **o)
    )
    monkeypatch.setattr(stores, "refuse_redis_on_disk", lambda url: None)
    seen = FakeStrictRedis(server=server, decode_responses=True)
    seen.set("andet", "ikke vores")
    return seen


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch, clock: Clock) -> ConversationStore:
    monkeypatch.setenv("REDIS_URL", "")
    monkeypatch.setenv("CONVERSATION_MINUTES", "30")
    return ConversationStore(DOMAIN)


def conversation(id_: str, kommune: str | None = None) -> DialogueStateTracker:
    events: list[Any] = [UserUttered("tak", {"name": "tak"})]
    if kommune:
        events.append(SlotSet("kommune", kommune))
    return DialogueStateTracker.from_events(id_, events, slots=DOMAIN.slots)


# --- in memory ------------------------------------------------------------------------------------


def test_conversation_comes_back_as_it_was(store: ConversationStore) -> None:
    async def story() -> DialogueStateTracker | None:
        await store.save(conversation("a", kommune="0615"))
        return await store.retrieve("a")

    found = asyncio.run(story())
    assert found is not None
    assert found.get_slot("kommune") == "0615"
    assert found.latest_message is not None
    assert found.latest_message.text == "tak"
    events = asyncio.run(store.events("a"))
    assert events == [event.as_dict() for event in found.events]
    assert asyncio.run(store.exists("a")) is True


def test_unknown_conversation_does_not_exist(store: ConversationStore) -> None:
    assert asyncio.run(store.retrieve("b")) is None
    assert asyncio.run(store.events("b")) == []
    assert asyncio.run(store.exists("b")) is False


def test_conversation_is_forgotten_after_its_minutes(
    store: ConversationStore, clock: Clock
) -> None:
    asyncio.run(store.save(conversation("a")))
    clock.now = 30 * 60 - 1
    assert asyncio.run(store.retrieve("a")) is not None
    clock.now = 30 * 60
    assert asyncio.run(store.retrieve("a")) is None
    assert list(asyncio.run(store.keys())) == []


def test_every_message_renews_the_time_and_others_keep_theirs(clock: Clock) -> None:
    kept = MemoryConversations(60)

    async def story() -> None:
        await kept.set("a", "1")
        clock.now = 30
        await kept.set("b", "1")
        clock.now = 50
        await kept.set("a", "2")
        clock.now = 95
        assert list(await kept.keys()) == ["a"]
        assert await kept.get("a") == "2"

    asyncio.run(story())


def test_forgotten_conversations_leave_no_memory_behind(clock: Clock) -> None:
    kept = MemoryConversations(60)

    async def story() -> None:
        for number in range(1000):
            clock.now = number
            await kept.set(str(number), "x")

    asyncio.run(story())
    assert len(kept._kept) <= 60


def test_the_last_conversation_is_forgotten_though_nobody_comes_after_it() -> None:
    kept = MemoryConversations(0.01)

    async def story() -> None:
        await kept.set("a", "1")
        await asyncio.sleep(0.5)
        assert not kept._kept

    asyncio.run(story())


def test_deleted_conversation_is_gone_also_behind_rasas_wrapper(store: ConversationStore) -> None:
    async def story() -> None:
        await store.save(conversation("a"))
        await store.save(conversation("b"))
        await conversations_in(FailSafeTrackerStore(store)).delete("a")
        await conversations_in(store).delete("unknown")
        assert await store.retrieve("a") is None
        assert list(await store.keys()) == ["b"]

    asyncio.run(story())


def test_time_does_not_follow_the_clock_on_the_wall(
    monkeypatch: pytest.MonkeyPatch, store: ConversationStore, clock: Clock
) -> None:
    asyncio.run(store.save(conversation("a")))
    for moved in (-86_400, 86_400):
        now = time.time() + moved
        monkeypatch.setattr(time, "time", lambda now=now: now)
        assert asyncio.run(store.retrieve("a")) is not None
    clock.now = 30 * 60
    assert asyncio.run(store.retrieve("a")) is None


# --- in Redis -------------------------------------------------------------------------------------


def test_redis_expires_every_conversation_and_leaves_other_keys_alone(
    redis: FakeStrictRedis,
) -> None:
    kept = RedisConversations(URL, 90.0)

    async def story() -> None:
        await kept.set("a", "1")
        await kept.set("b", "1")
        await kept.delete("b")
        assert await kept.get("a") == "1"
        assert await kept.get("b") is None
        assert list(await kept.keys()) == ["a"]
        redis.expire(f"{stores.KEY}a", 5)
        await kept.set("a", "2")

    asyncio.run(story())
    assert set(redis.keys()) == {f"{stores.KEY}a", "andet"}
    assert redis.ttl(f"{stores.KEY}a") == 90


def test_store_uses_redis_when_its_address_is_set(
    redis: FakeStrictRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(stores, "refuse_redis_on_disk", asked.append)
    monkeypatch.setenv("REDIS_URL", URL)
    monkeypatch.setenv("CONVERSATION_MINUTES", "5")

    async def story() -> None:
        store = ConversationStore(DOMAIN)
        await store.save(conversation("a", kommune="0615"))
        assert redis.ttl(f"{stores.KEY}a") == 300
        found = await store.retrieve("a")
        assert found is not None
        assert found.get_slot("kommune") == "0615"
        await conversations_in(FailSafeTrackerStore(store)).delete("a")

    asyncio.run(story())
    assert redis.keys() == ["andet"]
    assert asked == [URL]


# --- locks ----------------------------------------------------------------------------------------


def test_locks_are_kept_where_the_conversations_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDIS_URL", "")
    assert isinstance(ConversationLockStore(), InMemoryLockStore)
    monkeypatch.setenv("REDIS_URL", "rediss://user:word@redis.test:6380/2")
    locks = ConversationLockStore()
    assert isinstance(locks, RedisLocks)
    pool = locks._redis.connection_pool
    assert pool.connection_class is SSLConnection
    given = {"host": "redis.test", "port": 6380, "db": 2, "username": "user", "password": "word"}
    assert given.items() <= pool.connection_kwargs.items()
    monkeypatch.setenv("REDIS_URL", "unix:///run/redis.sock?db=1")
    pool = ConversationLockStore()._redis.connection_pool
    assert pool.connection_kwargs["path"] == "/run/redis.sock"
