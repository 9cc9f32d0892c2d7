"""Where conversations live: in memory or in Redis, always with an expiry, and deletable.

Rasa's InMemoryTrackerStore never forgets, and none of Rasa's stores can delete
(https://github.com/RasaHQ/rasa/issues/10719). Nothing here is ever written to disk by us, and a
Redis that writes to disk is refused.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
import zlib
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from typing import Any, AsyncIterator, Dict, Iterable, List, NoReturn, Optional, Tuple

import redis
from rasa.core.brokers.broker import EventBroker
from rasa.core.lock_store import InMemoryLockStore, LockStore
from rasa.core.tracker_store import FailSafeTrackerStore, SerializedTrackerAsText, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from redis.asyncio import Redis
from redis.asyncio.lock import Lock

from environment import read_environment

logger = logging.getLogger(__name__)

KEY = "samtale:"
LOCK_KEY = "laas:"
LOCK_SECONDS = 4.0
# Seconds. A hung Redis must not use up the time in which a parent is promised an answer. Less would
# take it for hung while the engine is busy understanding, for both wait in the same event loop.
REDIS_TIMEOUTS = {"socket_connect_timeout": 3, "socket_timeout": 3}
_LATE = 0.1  # seconds after its time that a conversation is forgotten: a timer may be a bit early

# The lock under which this task answers. An engine that was frozen meanwhile has lost its turn, and
# would write what it began over what another has answered since: so Redis looks at the lock first.
_turn: ContextVar[Optional[Lock]] = ContextVar("turn", default=None)
_SET_IN_TURN = """
if redis.call('get', KEYS[2]) ~= ARGV[3] then return 0 end
redis.call('set', KEYS[1], ARGV[1], 'EX', ARGV[2])
return 1
"""


class TurnLost(Exception):
    """The conversation's lock is somebody else's by now."""


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
        # Also when nobody comes any more tonight.
        asyncio.get_running_loop().call_later(self._seconds + _LATE, self._forget_old)

    async def has(self, key: str) -> bool:
        self._forget_old()
        return key in self._kept

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
        self._redis = Redis.from_url(url, decode_responses=True, **REDIS_TIMEOUTS)

    async def set(self, key: str, value: str) -> None:
        turn = _turn.get()
        if turn is None:
            await self._redis.set(KEY + key, value, ex=self._seconds)
        elif not await self._redis.eval(
            _SET_IN_TURN, 2, KEY + key, turn.name, value, self._seconds, turn.local.token
        ):
            raise TurnLost

    async def has(self, key: str) -> bool:
        return bool(await self._redis.exists(KEY + key))

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
        self._conversations: Any = MemoryConversations(seconds)
        if environment.redis_url:
            refuse_redis_on_disk(environment.redis_url)
            self._conversations = RedisConversations(environment.redis_url, seconds)

    async def save(self, tracker: DialogueStateTracker) -> None:
        await self.stream_events(tracker)
        await self._conversations.set(tracker.sender_id, self.serialise_tracker(tracker))

    async def retrieve(self, sender_id: str) -> Optional[DialogueStateTracker]:
        stored = await self._conversations.get(sender_id)
        return self.deserialise_tracker(sender_id, stored) if stored else None

    async def exists(self, conversation_id: str) -> bool:
        return await self._conversations.has(conversation_id)

    async def events(self, sender_id: str) -> List[Dict[str, Any]]:
        """What was stored of the conversation last, as it was stored; nothing of an unknown one.
        Rasa's tracker of the same takes three times as long."""
        stored = await self._conversations.get(sender_id)
        return json.loads(stored)["events"] if stored else []

    async def keys(self) -> Iterable[str]:
        return await self._conversations.keys()

    async def delete(self, sender_id: str) -> None:
        """Everything about the conversation is gone afterwards."""
        await self._conversations.delete(sender_id)


def conversations_in(store: TrackerStore) -> ConversationStore:
    """The store in Rasa's fail-safe wrapper, which knows only of what every store has."""
    return getattr(store, "_tracker_store", store)


def without_fallback(store: TrackerStore) -> None:
    """Lets the store's errors out of Rasa's fail-safe wrapper.

    Without Redis the wrapper would take every conversation for unknown, and keep new ones in a
    store that never forgets. An error instead makes the web side give the safe answer.
    """

    def raise_again(error: Exception) -> NoReturn:
        raise error

    if isinstance(store, FailSafeTrackerStore):
        store._on_tracker_store_error = raise_again


def refuse_redis_on_disk(url: str) -> None:
    """Ends the process with one line when Redis writes to disk what it holds."""
    try:
        with redis.Redis.from_url(url, decode_responses=True, **REDIS_TIMEOUTS) as client:
            saves = bool(client.config_get("save").get("save"))
            appends = client.config_get("appendonly").get("appendonly") == "yes"
    except redis.ResponseError:
        logger.warning("Redis does not tell whether it writes to disk: see docs/operations.md.")
    except redis.RedisError as error:
        logger.error("Redis cannot be asked whether it writes to disk: %s", type(error).__name__)
    else:
        if saves or appends:
            sys.exit('REDIS_URL: this Redis writes to disk. Give it: save "" and appendonly no.')


class RedisLocks(LockStore):
    """One message of a conversation at a time, whichever engine has it.

    Rasa's own lock in Redis never expires there, keeps a conversation shut for a minute after its
    engine died, blocks the event loop, and two engines can take it at once
    (https://github.com/RasaHQ/rasa/pull/11256). This is redis-py's lock, renewed while the engine
    lives: the parent whose engine died can go on after ``LOCK_SECONDS``.
    """

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(url, **REDIS_TIMEOUTS)

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[Lock]:
        """Waits for its turn; the caller limits how long."""
        lock = self._redis.lock(LOCK_KEY + conversation_id, timeout=LOCK_SECONDS, sleep=0.05)
        await lock.acquire()
        renewing = asyncio.ensure_future(self._renew(lock))
        before = _turn.set(lock)
        try:
            yield lock
        finally:
            _turn.reset(before)
            renewing.cancel()
            # When Redis has gone meanwhile: the lock expires, and the reply that is there shall not
            # be lost.
            with suppress(redis.RedisError):
                await lock.release()

    @staticmethod
    async def _renew(lock: Lock) -> None:
        with suppress(redis.RedisError):
            while True:
                await asyncio.sleep(LOCK_SECONDS / 3)
                await lock.reacquire()


class ConversationLockStore(LockStore):
    """Locks where the conversations are. Calling it makes one of the two kinds."""

    def __new__(cls, endpoint_config: Any = None) -> LockStore:  # type: ignore[misc]
        environment = read_environment()
        if not environment.redis_url:
            return InMemoryLockStore()
        return RedisLocks(environment.redis_url)
