"""Where conversations live: in memory or in Redis, always with an expiry, and deletable.

Rasa's InMemoryTrackerStore never forgets, and none of Rasa's stores can delete
(https://github.com/RasaHQ/rasa/issues/10719). Nothing here is ever written to disk by us.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Dict, Iterable, Optional, Tuple

from rasa.core.brokers.broker import EventBroker
from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore, LockStore, RedisLockStore
from rasa.core.tracker_store import FailSafeTrackerStore, SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from redis import Redis as BlockingRedis
from redis.asyncio import Redis

from environment import read_environment

if TYPE_CHECKING:
    from rasa.core.agent import Agent

KEY = "samtale:"
LOCK = "samtale-laas:"
REDIS_SECONDS = 2  # a Redis that does not answer within this is away


class MemoryConversations:
    """Serialised conversations in this process; each forgotten ``seconds`` after its last use."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        # Insertion order is expiry order, since every save moves its key to the end.
        self._kept: Dict[str, Tuple[float, str]] = {}

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
        self._kept[key] = (time.monotonic() + self._seconds, value)

    async def get(self, key: str) -> Optional[str]:
        self._forget_old()
        return self._kept[key][1] if key in self._kept else None

    async def delete(self, key: str) -> None:
        self._kept.pop(key, None)

    async def keys(self) -> Iterable[str]:
        self._forget_old()
        return list(self._kept)


class RedisConversations:
    """The same in Redis, shared by replicas; Redis does the forgetting."""

    def __init__(self, url: str, seconds: float) -> None:
        self._seconds = int(seconds)
        self._redis = Redis.from_url(
            url,
            decode_responses=True,
            socket_timeout=REDIS_SECONDS,
            socket_connect_timeout=REDIS_SECONDS,
        )

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


def without_fallback(agent: Optional[Agent]) -> None:
    """Takes Rasa's fail-safe wrapper off the agent's store.

    While Redis is away it would keep conversations in a store that never forgets and that no
    deletion reaches, and take every conversation for unknown. Ours shall fail instead: the parent
    gets the safe answer, and the conversation goes on when Redis is back.
    """
    if agent is not None and isinstance(agent.tracker_store, FailSafeTrackerStore):
        agent.tracker_store = agent.tracker_store._tracker_store
        if agent.processor is not None:
            agent.processor.tracker_store = agent.tracker_store


class RedisLocks(RedisLockStore):
    """Rasa's locks in Redis, forgotten by themselves when an engine dies while it holds one."""

    def __init__(self, url: str, seconds: float) -> None:
        LockStore.__init__(self)
        self._seconds = seconds
        self.key_prefix = LOCK
        # Rasa waits for the locks in its event loop, where everybody waits.
        self.red = BlockingRedis.from_url(
            url, socket_timeout=REDIS_SECONDS, socket_connect_timeout=REDIS_SECONDS
        )

    def issue_ticket(self, conversation_id: str, lock_lifetime: float = 0) -> int:
        return super().issue_ticket(conversation_id, self._seconds)

    def save_lock(self, lock: TicketLock) -> None:
        key = self.key_prefix + lock.conversation_id
        self.red.set(key, lock.dumps(), px=int(self._seconds * 1000))


class ConversationLockStore(LockStore):
    """One of two lock stores; Redis when ``REDIS_URL`` is set. Calling it makes it."""

    def __new__(cls, endpoint_config: Any = None) -> LockStore:  # type: ignore[misc]
        environment = read_environment()
        if not environment.redis_url:
            return InMemoryLockStore()
        # By then the channel has given the message up.
        return RedisLocks(environment.redis_url, environment.engine_timeout)
