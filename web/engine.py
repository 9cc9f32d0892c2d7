"""The client of the engine's private channel (``assistant/channel.py``)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx

READY_TIMEOUT = 2.0  # seconds; a health check must not hang
# No limit on connections here: web.conversations lets only so many messages through.
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=30)


class EngineUnavailable(Exception):
    """The engine is down, refusing, too slow, or answers something we cannot read."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class UnknownConversation(Exception):
    """The engine has no such conversation: never started, deleted or expired."""


class UnknownChoice(Exception):
    """No button stands for this choice."""


@dataclass(frozen=True)
class Reply:
    """What the engine said, unchecked, and the conversation's kommune as it now knows it."""

    messages: list[Any]
    kommune: str | None


class Engine:
    """One engine. The connection pool is made at the first call and outlives engine restarts."""

    def __init__(
        self, url: str, timeout: float, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._base = f"{url}/webhooks/samtale"
        self._timeout = timeout
        self._transport = transport
        self._client: httpx.AsyncClient | None = None

    @property
    def client(self) -> httpx.AsyncClient:
        """The shared HTTP client."""
        if self._client is None:
            self._client = httpx.AsyncClient(
                timeout=self._timeout,
                limits=_LIMITS,
                transport=self._transport,
                trust_env=False,  # a proxy has no business between us and loopback
            )
        return self._client

    async def start(self, conversation: str, kommune: str | None) -> Reply:
        """Begins a conversation; the engine's opening messages."""
        body = {"conversation": conversation, "kommune": kommune}
        response = await self._call("POST", "/conversations", body)
        if response.status_code != 200:
            raise EngineUnavailable("refused")
        return _reply(response)

    async def say(self, conversation: str, body: dict[str, str]) -> Reply:
        """Delivers ``{"text": …}`` or ``{"choice": …}``."""
        response = await self._call("POST", f"/conversations/{conversation}/messages", body)
        match response.status_code:
            case 200:
                return _reply(response)
            case 404:
                raise UnknownConversation
            case 400 if "choice" in body:
                raise UnknownChoice
        raise EngineUnavailable("refused")

    async def delete(self, conversation: str) -> None:
        """Deletes a conversation; also fine when the engine does not know it."""
        response = await self._call("DELETE", f"/conversations/{conversation}")
        if response.status_code not in (200, 204, 404):
            raise EngineUnavailable("refused")

    async def ready(self) -> bool:
        """True when the engine has loaded a model."""
        try:
            async with asyncio.timeout(READY_TIMEOUT):
                return (await self.client.get(f"{self._base}/ready")).status_code == 200
        except (httpx.HTTPError, TimeoutError):
            return False

    async def close(self) -> None:
        """Closes the connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> httpx.Response:
        try:
            # httpx counts its time limit anew for every step; a parent waits for all of them.
            async with asyncio.timeout(self._timeout):
                return await self.client.request(method, self._base + path, json=body)
        except (httpx.TimeoutException, TimeoutError):
            raise EngineUnavailable("slow") from None
        except httpx.HTTPError:
            raise EngineUnavailable("down") from None


def _reply(response: httpx.Response) -> Reply:
    try:
        body = response.json()
    except ValueError:
        raise EngineUnavailable("nonsense") from None
    if not isinstance(body, dict) or not isinstance(body.get("messages"), list):
        raise EngineUnavailable("nonsense")
    kommune = body.get("kommune")
    return Reply(body["messages"], kommune if isinstance(kommune, str) else None)
