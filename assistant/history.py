"""What has been said so far, read from the names of the actions that were taken.

Works on events as dictionaries, so that the engine (``event.as_dict()``) and the action
server (``tracker.events``) share it, and on test stories, where no text is ever produced.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

ACUTE = ("akut_fare", "selvmordstanker", "overgreb_sket", "bekymret_for_egne_tanker")
AFTERWARDS = "_bagefter"

# How replies to our own questions are read, by the policy and by the actions alike.
LONGEST_PLACE_REPLY = 5  # words; a longer text is no answer to "which kommune?"
SKIPS = ("spring_over", "nej")

_NOT_A_TURN = {"action_listen", "action_session_start", None}

# Turns that are about what came before them: a plan made in a crisis does not end it.
_ABOUT_NOTHING = {"afklaring", "aabning", "handleplan"}


class History:
    """The assistant's turns of one conversation, oldest first, as answer or message ids."""

    def __init__(self, events: Iterable[dict[str, Any]], conversational: Iterable[str]) -> None:
        self._conversational = set(conversational)
        self.turns = [
            _id_of(event["name"])
            for event in events
            if event.get("event") == "action" and event.get("name") not in _NOT_A_TURN
        ]

    @property
    def last(self) -> str | None:
        """The id of the latest turn."""
        return self.turns[-1] if self.turns else None

    @property
    def topic(self) -> str | None:
        """The latest answer that is about something; small talk and questions back are not."""
        for turn in reversed(self.turns):
            if turn.endswith(AFTERWARDS):
                return turn[: -len(AFTERWARDS)]
            if turn not in self._conversational and turn not in _ABOUT_NOTHING:
                return turn
        return None

    @property
    def crisis(self) -> str | None:
        """The acute answer the conversation is still about, or None."""
        return self.topic if self.topic in ACUTE else None


def _id_of(action: str) -> str:
    for prefix in ("utter_", "action_"):
        if action.startswith(prefix):
            return action[len(prefix) :]
    return action
