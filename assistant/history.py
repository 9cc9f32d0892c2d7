"""What has been said so far, read from the names of the actions that were taken.

Works on events as dictionaries, so that the engine (``event.as_dict()``) and the action
server (``tracker.events``) share it, and on test stories, where no text is ever produced.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

# The answers for whoever may be in danger: a doubt of the classifier is enough for them
# (:mod:`assistant.overrides`).
DANGERS = ("selvmordstanker", "akut_fare", "overgreb_sket")
ACUTE = (*DANGERS, "bekymret_for_egne_tanker")
AFTERWARDS = "_bagefter"

# Answers that an action puts together: no age variants, and a place is what they wait for.
SPOKEN_BY_ACTIONS = {"ssp_kontakt", "kommunens_indsats"}

# Where a parsed message keeps the answers it asks for, when they are several.
QUESTIONS = "questions"

# Where it keeps the acute answer it may ask for: not near enough to be given, but to be offered.
POSSIBLE_DANGER = "possible_danger"

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
    def topics(self) -> list[str]:
        """The answers that are about something, each once, the latest first; small talk and
        questions back are not."""
        found = (
            turn.removesuffix(AFTERWARDS)
            for turn in reversed(self.turns)
            if turn.endswith(AFTERWARDS)
            or (turn not in self._conversational and turn not in _ABOUT_NOTHING)
        )
        return list(dict.fromkeys(found))

    @property
    def topic(self) -> str | None:
        """What the conversation is about: the first of :attr:`topics`."""
        return next(iter(self.topics), None)

    @property
    def crisis(self) -> str | None:
        """The acute answer the conversation is still about, or None."""
        return self.topic if self.topic in ACUTE else None


def _id_of(action: str) -> str:
    for prefix in ("utter_", "action_"):
        if action.startswith(prefix):
            return action[len(prefix) :]
    return action
