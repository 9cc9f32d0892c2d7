"""Where conversations live: in memory or in Redis, always with an expiry, and deletable.

Rasa's InMemoryTrackerStore never forgets, and none of Rasa's stores can delete
(https://github.com/RasaHQ/rasa/issues/10719). Nothing here is ever written to disk by us.
"""

from __future__ import annotations

import time
import zlib
from typing import Any, Dict, Iterable, Optional, Tuple

from rasa.core.brokers.broker import EventBroker
from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore
from rasa.core.tracker_store import SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from redis.asyncio import Redis
from redis.connection import parse_url

from environment import read_environment

KEY = "samtale:"


class MemoryConversations:
    """Serialised conversations in this process; each forgotten ``seconds`` after its last use.

    Compressed: a message is 6 kB of JSON, mostly the same words in every message.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        # Insertion order is expiry order, since every save moves its key to the end.
        self._kept: Dict[str, Tuple[float, bytes]] = {}

    def _forget_old(self) -> None:
        now = time.monotonic()
        while self._kept:
            key = next(iter(self._kept))
            if self._kept[key][0] > now:
                return
            del self._kept[key]

    async def set(self, key: str, value: str) -> None:
        self._forget_old()
        self._kept.pop(key, None)
        self._kept[key] = (time.monotonic() + self._seconds, zlib.compress(value.encode(), 1))

    async def get(self, key: str) -> Optional[str]:
        self._forget_old()
        return zlib.decompress(self._kept[key][1]).decode() if key in self._kept else None

    async def delete(self, key: str) -> None:
        self._kept.pop(key, None)

    async def keys(self) -> Iterable[str]:
        self._forget_old()
        return list(self._kept)


class RedisConversations:
    """The same in Redis, shared by replicas; Redis does the forgetting."""

    def __init__(self, url: str, seconds: float) -> None:
        self._seconds = int(seconds)
        self._redis = Redis.from_url(url, decode_responses=True, socket_timeout=3)

    async def set(self, key: str, value: str) -> None:
        await self._redis.set(KEY + key, value, ex=self._seconds)

    async def get(self, key: str) -> Optional[str]:
        return await self._redis.get(KEY + key)

    async def delete(self, key: str) -> None:
        await self._redis.delete(KEY + key)

    async def keys(self) -> Iterable[str]:
        return [key[len(KEY) :] async for key in self._redis.scan_iter(match=f"{KEY}*")]


class ConversationStore(TrackerStore, SerializedTrackerAsText):
    """Rasa's tracker store over one of the two; Redis when ``REDIS_URL`` is set."""

    def __init__(
        self,
        domain: Optional[Domain] = None,
        event_broker: Optional[EventBroker] = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(domain, event_broker)
        environment = read_environment()
        seconds = environment.conversation_minutes * 60
        self._conversations = (
            RedisConversations(environment.redis_url, seconds)
            if environment.redis_url
            else MemoryConversations(seconds)
        )

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self.stream_events(tracker)
        await self._conversations.set(tracker.sender_id, self.serialise_tracker(tracker))

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        stored = await self._conversations.get(sender_id)
        return self.deserialise_tracker(sender_id, stored) if stored else None

    async def keys(self) -> Iterable[str]:
        return await self._conversations.keys()

    async def delete(self, sender_id: str) -> None:
        """Everything about the conversation is gone afterwards."""
        await self._conversations.delete(sender_id)


async def delete_conversation(store: TrackerStore, sender_id: str) -> None:
    """Deletes through Rasa's fail-safe wrapper, which has no ``delete`` of its own."""
    inner = getattr(store, "_tracker_store", store)
    await inner.delete(sender_id)


class ConversationLockStore(LockStore):
    """Rasa's own lock stores; Redis when ``REDIS_URL`` is set. Calling it makes one of them."""

    def __new__(cls, endpoint_config: Any = None) -> LockStore:  # type: ignore[misc]
        url = read_environment().redis_url
        if not url:
            return InMemoryLockStore()
        parts = parse_url(url)
        return RedisLockStore(
            host=parts.get("host", "localhost"),
            port=parts.get("port", 6379),
            db=parts.get("db", 0),
            username=parts.get("username"),
            password=parts.get("password"),
            use_ssl=url.startswith("rediss"),
        )
