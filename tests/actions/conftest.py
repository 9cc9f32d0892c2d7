"""A turn of conversation as the action server sees it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher


@dataclass
class Turn:
    """What an action said, each with its response and what it passed on, and the slots it set."""

    said: list[dict[str, Any]]
    slots: dict[str, Any]

    @property
    def responses(self) -> list[str]:
        return [message["response"] for message in self.said]

    @property
    def choices(self) -> list[str]:
        return [choice["choice"] for choice in self.said[-1].get("choices") or []]


Run = Callable[..., Turn]


@pytest.fixture
def run() -> Run:
    """Runs an action on a message: ``text``, its entities and ranking, the slots, and what the
    assistant said last (``custom`` of its message)."""

    def run(
        action: Action,
        text: str = "x",
        entities: dict[str, str] | None = None,
        ranking: tuple[str, ...] = (),
        last_said: dict[str, Any] | None = None,
        **slots: Any,
    ) -> Turn:
        found = [{"entity": name, "value": value} for name, value in (entities or {}).items()]
        scores = [{"name": name, "confidence": 0.2} for name in ranking]
        message = {"text": text, "entities": found, "intent_ranking": scores, "intent": {}}
        events = [{"event": "bot", "data": {"custom": last_said}}] if last_said else []
        slots = {"kommune": None, **slots}
        tracker = Tracker("x", slots, message, events, False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        given = action.run(dispatcher, tracker, {})
        return Turn(
            dispatcher.messages,
            {event["name"]: event["value"] for event in given if event["event"] == "slot"},
        )

    return run
