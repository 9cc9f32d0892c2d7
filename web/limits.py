"""How often one client and one conversation may ask, far above what a family does.

Counted in Redis when there is one, so that several web processes count together; without it, or
while it is away, in the process's own memory. An address or an id is never kept: the counts stand
under a keyed hash of it, for ten minutes at most.
"""

from __future__ import annotations

import asyncio
import hashlib
import ipaddress
import logging
import math
import time

from django.conf import settings
from django.http import HttpRequest
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import FixedWindowRateLimiter

from environment import Environment
from private_logs import describe
from web import metrics
from web.refusal import Refusal

logger = logging.getLogger(__name__)

WINDOW_MINUTES = 10
REDIS_SECONDS = 0.5  # a parent does not wait longer for Redis than this
REDIS_PAUSE = 5.0  # seconds without asking a Redis that did not answer
UNKNOWN = "unknown"  # a client without an address: a Unix socket


class Limits:
    """Counts requests, starts and messages; raises :class:`Refusal` when there are too many."""

    def __init__(self, environment: Environment) -> None:
        self._trusted_proxies = environment.trusted_proxies
        self._most = {
            "requests": environment.requests_per_client,
            "conversations": environment.conversations_per_client,
            "messages": environment.messages_per_conversation,
        }
        self._key = hashlib.blake2b(settings.SECRET_KEY.encode()).digest()
        self._memory = FixedWindowRateLimiter(MemoryStorage())
        url = environment.redis_url
        self._redis = FixedWindowRateLimiter(_redis(url)) if url else None
        self._ask_redis_from = 0.0  # on the monotonic clock

    async def check_request(self, request: HttpRequest) -> None:
        """Counts a request of this client, whatever it asks for."""
        await self._check("requests", self._client(request), "fejl_for_mange")

    async def check_conversation_start(self, request: HttpRequest) -> None:
        """Counts a conversation that this client begins."""
        await self._check("conversations", self._client(request), "fejl_for_mange_samtaler")

    async def check_message(self, conversation: str) -> None:
        """Counts a message in this conversation."""
        await self._check("messages", conversation, "fejl_for_mange")

    def _client(self, request: HttpRequest) -> str:
        peer = request.META.get("REMOTE_ADDR") or ""
        return client_of(peer, request.headers.get("X-Forwarded-For", ""), self._trusted_proxies)

    async def _check(self, limit: str, who: str, code: str) -> None:
        if not self._most[limit]:
            return
        item = RateLimitItemPerMinute(self._most[limit], WINDOW_MINUTES, namespace=limit)
        hidden = hashlib.blake2b(who.encode(), key=self._key, digest_size=16).hexdigest()
        wait = await self._seconds_to_wait(item, hidden)
        if wait is not None:
            metrics.count_limited(limit)
            raise Refusal(code, 429, wait)

    async def _seconds_to_wait(self, item: RateLimitItemPerMinute, hidden: str) -> int | None:
        if self._redis and time.monotonic() >= self._ask_redis_from:
            try:
                async with asyncio.timeout(REDIS_SECONDS):
                    return await _hit(self._redis, item, hidden)
            except Exception as error:  # no fault of Redis may cost a parent the answer
                self._ask_redis_from = time.monotonic() + REDIS_PAUSE
                metrics.count_redis_lost()
                logger.warning("Redis does not count for the limits: %s", describe(error))
        return await _hit(self._memory, item, hidden)


async def _hit(
    limiter: FixedWindowRateLimiter, item: RateLimitItemPerMinute, hidden: str
) -> int | None:
    """None when there is room; else the seconds until there is."""
    if await limiter.hit(item, hidden):
        return None
    window = await limiter.get_window_stats(item, hidden)
    return max(1, math.ceil(window.reset_time - time.time()))


def _redis(url: str) -> RedisStorage:
    scheme, rest = url.split(":", 1)
    scheme = "redis+unix" if scheme == "unix" else scheme
    return RedisStorage(
        f"async+{scheme}:{rest}",
        implementation="redispy",
        key_prefix="edge",
        socket_timeout=REDIS_SECONDS,
        socket_connect_timeout=REDIS_SECONDS,
    )


def client_of(peer: str, forwarded_for: str, trusted_proxies: int) -> str:
    """What counts as one client: an IPv4 address or an IPv6 network of 64 bits.

    ``peer`` is the address of the connection. Each trusted proxy has added one address at the end
    of ``forwarded_for``; what stands before those is the client's own claim. A header that cannot
    come from the proxies counts for nothing.
    """
    claims = forwarded_for.split(",")
    from_proxy = claims[-trusted_proxies] if 0 < trusted_proxies <= len(claims) else ""
    return _network(from_proxy) or _network(peer) or UNKNOWN


def _network(address: str) -> str | None:
    address = address.strip()
    if address.startswith("["):  # [2001:db8::1]:443
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:  # 192.0.2.1:443
        address = address.partition(":")[0]
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((int(found), 64), strict=False))
        found = found.ipv4_mapped
    return str(found)
