"""The private channel between the web side and the engine. Never reachable from outside.

Unlike Rasa's REST channel it never takes ids, metadata or payloads from a client on trust,
tells an unknown conversation from a new one, deletes on request, and logs no message text.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import re
from typing import Any, Awaitable, Callable, Dict, List, Optional

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.core.constants import DEFAULT_INTENTS
from rasa.shared.core.events import SlotSet, UserUttered
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse
from threadpoolctl import threadpool_limits

from assistant.stores import conversations_in, without_fallback
from content.answers import AGE_BANDS
from content.plan import ROLES
from environment import read_environment
from private_logs import keep_private

logger = logging.getLogger(__name__)

NAME = "samtale"
FIRST_MESSAGE = "Hvad gør jeg nu, når der er delt et billede?"
_ID = re.compile(r"[\w-]{16,64}")

# Buttons that tell something, "kommune:0615": the intent, the entity and its possible values.
_TELLING = {
    "kommune": ("oplyser_sted", "kommune", r"\d{4}"),
    "rolle": ("oplyser_rolle", "rolle", "|".join(ROLES)),
    "alder": ("oplyser_alder", "aldersgruppe", "|".join(AGE_BANDS)),
}


class Replies(OutputChannel):
    """Collects what the assistant says during one request."""

    def __init__(self) -> None:
        self.messages: List[Dict[str, Any]] = []

    @classmethod
    def name(cls) -> str:
        return NAME

    async def send_response(self, recipient_id: str, message: Dict[str, Any]) -> None:
        custom = message.get("custom") or {}
        self.messages.append({"answer": None, "choices": [], **custom, "text": message.get("text")})


class PrivateChannel(InputChannel):
    """Conversations over loopback: start, say or choose, delete, ready."""

    def __init__(self) -> None:
        self._seconds = read_environment().engine_timeout

    @classmethod
    def name(cls) -> str:
        return NAME

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        routes = Blueprint("samtale")

        @routes.listener("after_server_start")
        async def loaded(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
            # A message's products are too small to be shared: a second thread would wait for them
            # spinning, which doubles what a message costs and takes the core that others need.
            threadpool_limits(1, user_api="blas")
            # Not before: Rasa's lines about a model that cannot be loaded hold nothing private.
            keep_private()
            without_fallback(app.ctx.agent.tracker_store)
            # The encoder, the languages and the content are read at the first message: no parent
            # should wait for them. Until they are, no request is answered, /ready neither.
            if app.ctx.agent.is_ready():
                await app.ctx.agent.parse_message(FIRST_MESSAGE)
                gc.freeze()  # what stays need not be looked through again and again

        @routes.middleware("request")
        async def refuse_until_ready(request: Request) -> Optional[HTTPResponse]:
            agent = request.app.ctx.agent
            return None if agent and agent.is_ready() else _refusal("no model", 503)

        @routes.exception(Exception)
        async def failed(request: Request, error: Exception) -> HTTPResponse:
            # Sanic would write the address, which holds the conversation's id. The web side gives
            # the safe answer.
            logger.error("A request could not be handled: %s", type(error).__name__)
            return _refusal("not handled", getattr(error, "status_code", 500))

        @routes.get("/ready")
        async def ready(request: Request) -> HTTPResponse:
            # Without the store no message can be answered; an error is a refusal.
            await request.app.ctx.agent.tracker_store.exists("ready")
            return response.json({"ready": True})

        @routes.post("/conversations")
        async def start(request: Request) -> HTTPResponse:
            body = request.json or {}
            conversation, kommune = body.get("conversation"), body.get("kommune")
            if not (isinstance(conversation, str) and _ID.fullmatch(conversation)):
                return _refusal("bad conversation id", 400)
            known = kommune and re.fullmatch(r"\d{4}", str(kommune))
            payload = f'/start{{"kommune": "{kommune}"}}' if known else "/start"
            return await self._reply(request, on_new_message, conversation, payload)

        @routes.post("/conversations/<conversation:str>/messages")
        async def say(request: Request, conversation: str) -> HTTPResponse:
            tracker_store = request.app.ctx.agent.tracker_store
            if not _ID.fullmatch(conversation) or not await tracker_store.exists(conversation):
                return _refusal("unknown conversation", 404)
            body = request.json or {}
            if "choice" in body:
                text = payload_of(body["choice"], request.app.ctx.agent.domain.intents)
                if text is None:
                    return _refusal("unknown choice", 400)
            else:
                # A leading slash would be read as an intent by Rasa, which strips any white space.
                text = re.sub(r"^[\s/]+", "", str(body.get("text") or ""))
            return await self._reply(request, on_new_message, conversation, text)

        @routes.delete("/conversations/<conversation:str>")
        async def delete(request: Request, conversation: str) -> HTTPResponse:
            agent = request.app.ctx.agent

            async def delete_in_turn() -> None:
                # A message that is being answered, here or by another engine, would put back what
                # is deleted now.
                async with agent.lock_store.lock(conversation):
                    await conversations_in(agent.tracker_store).delete(conversation)

            await asyncio.wait_for(delete_in_turn(), self._seconds)
            return response.empty()

        return routes

    async def _reply(
        self,
        request: Request,
        on_new_message: Callable[[UserMessage], Awaitable[Any]],
        conversation: str,
        text: str,
    ) -> HTTPResponse:
        replies = Replies()
        message = UserMessage(text, replies, conversation, input_channel=NAME)
        # The web side has given the safe answer by then. Rasa would wait minutes for a hanging
        # action server, and the parent's next messages would wait behind this one.
        await asyncio.wait_for(on_new_message(message), self._seconds)
        conversations = conversations_in(request.app.ctx.agent.tracker_store)
        events = await conversations.events(conversation)
        if events and not _has_begun(events):
            await conversations.delete(conversation)
            return _refusal("unknown conversation", 404)
        return response.json({"messages": replies.messages, "kommune": _kommune(events)})


def _has_begun(events: List[Dict[str, Any]]) -> bool:
    """False for what Rasa makes anew for a message whose conversation was deleted, or forgotten,
    while it waited for its turn."""
    said = (event["text"] for event in events if event["event"] == UserUttered.type_name)
    return (next(said, None) or "").startswith("/start")


def _kommune(events: List[Dict[str, Any]]) -> Optional[str]:
    """The kommune as the conversation knows it now."""
    slots = (event for event in reversed(events) if event["event"] == SlotSet.type_name)
    return next((slot["value"] for slot in slots if slot["name"] == "kommune"), None)


def payload_of(choice: Any, intents: List[str]) -> Optional[str]:
    """Rasa's payload for a button's choice, or None when no button has that choice."""
    if not isinstance(choice, str):
        return None
    kind, _, value = choice.partition(":")
    if kind in _TELLING and value:
        intent, entity, values = _TELLING[kind]
        return f'/{intent}{{"{entity}": "{value}"}}' if re.fullmatch(values, value) else None
    # Rasa's own intents (restart, back, …) are in every domain and behind no button.
    known = choice in intents and choice not in DEFAULT_INTENTS
    return f"/{choice}" if known else None


def _refusal(reason: str, status: int) -> HTTPResponse:
    return response.json({"error": reason}, status=status)
