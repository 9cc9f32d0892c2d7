"""Wording: what an utterance says is read from ``data/`` at the moment it is said.

So an edited file counts in the next reply, without training or restart; the model knows only
the ids. Set as ``nlg`` in ``endpoints.yml``.
"""

from __future__ import annotations

from typing import Any, Dict, Iterable, List, Optional, Sequence

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from assistant.history import AFTERWARDS, POSSIBLE_DANGER, QUESTIONS
from content.answers import AGE_BANDS, Answer
from content.library import Edition, Library, library
from environment import read_environment

FOLLOW_UPS = 3  # next steps offered as buttons, beside "Find SSP"

# Messages that ask which kommune the family lives in: the widget shows its picker.
ASKS_KOMMUNE = {"spoerg_kommune", "ukendt_sted", "for_bredt_sted", "handleplan_kommune"}

# Answers after which a plan is offered: what has happened, and what to do first.
LEADS_TO_PLAN = "naar-det-sker"
FIRST_STEPS = "foerste_skridt"


class PamphletWording(NaturalLanguageGenerator):
    """Turns ``utter_<id>`` into the answer or message of that id, fitted to the slots."""

    def __init__(
        self,
        endpoint_config: Optional[EndpointConfig] = None,
        domain: Optional[Domain] = None,
        content: Optional[Library] = None,
    ) -> None:
        self._library = content or library()
        self._minutes = str(read_environment().conversation_minutes)

    async def generate(
        self,
        utter_action: str,
        tracker: DialogueStateTracker,
        output_channel: str,
        **kwargs: Any,
    ) -> Dict[str, Any]:
        """The utterance: ``text`` (Markdown) and ``custom`` with ``answer``, ``choices`` and
        what an action passed on: ``contact``, ``choices``, ``plan``, ``ask_kommune``, ``addition``.
        """
        edition = self._library.current()
        id_ = utter_action.removeprefix("utter_")
        if id_ in edition.answers and _told_no_clear_age(edition.answers[id_], tracker):
            id_ = "hvilken_alder"
        slots = {name: slot.value for name, slot in tracker.slots.items()}
        custom: Dict[str, Any] = {"answer": None, "choices": []}
        also_asked = edition.choices(other for other in _asked(tracker) if other != id_)
        acute = id_.removesuffix(AFTERWARDS) if id_.endswith(AFTERWARDS) else None
        if acute in edition.answers:
            text = edition.answers[acute].afterwards or edition.answers[acute].body
            custom.update(answer=acute, choices=_next_steps(edition, edition.answers[acute]))
        elif id_ == "andet_sprog" and _language(tracker) in edition.languages:
            language = edition.languages[_language(tracker)]
            text = language.text
            custom["answer"] = id_
            custom["language"] = {"code": language.code, "direction": language.direction}
        elif id_ in edition.answers:
            answer = edition.answers[id_]
            text = self._answer_text(edition, answer, tracker, slots)
            custom.update(answer=id_, choices=_next_steps(edition, answer, also_asked))
        else:
            message = edition.messages.get(id_) or edition.messages["svar_mangler"]
            text = message.text
            buttons = [{"label": b.label, "choice": b.choice} for b in message.buttons]
            custom["choices"] = _one_each([*also_asked, *buttons])
            custom["message"] = id_
        if id_ in ASKS_KOMMUNE:
            custom["ask_kommune"] = True
        if kwargs.get("plan"):  # advice, so it is counted and marked like an answer
            custom["answer"] = id_
        if kwargs.get("addition"):
            text = f"{text}\n\n{kwargs['addition']}"
        if kwargs.get("choices"):
            custom["choices"] = _one_each([*also_asked, *kwargs["choices"]])
        for key in ("contact", "plan", "ask_kommune"):
            if kwargs.get(key):
                custom[key] = kwargs[key]
        rendered = edition.render(text, kommune=slots.get("kommune"), minutter=self._minutes)
        return {"text": rendered, "custom": custom}

    @staticmethod
    def _answer_text(
        edition: Edition,
        answer: Answer,
        tracker: DialogueStateTracker,
        slots: Dict[str, Any],
    ) -> str:
        kommune = edition.kommune(slots.get("kommune"))
        band = answer.variants.get(slots.get("aldersgruppe") or "", "")
        parts = [
            answer.variants.get(f"platform:{slots.get('platform')}", ""),
            band,
            answer.variants.get(f"kommune:{kommune.kortnavn.lower()}", "") if kommune else "",
        ]
        if tracker.latest_message and tracker.latest_message.intent_name == "oplyser_alder":
            # The answer has just been given; what is new is what the age changes.
            return band or edition.messages["samme_raad"].text
        return "\n\n".join(part for part in (answer.body, *parts) if part)


def _told_no_clear_age(answer: Answer, tracker: DialogueStateTracker) -> bool:
    """True for "i 8. klasse" where the answer is another for a child of 14 than for one of 15."""
    message = tracker.latest_message
    if not message or message.intent_name != "oplyser_alder":
        return False
    told = any(entity["entity"] == "aldersgruppe" for entity in message.entities)
    return not told and any(band in answer.variants for band in AGE_BANDS)


def _next_steps(
    edition: Edition, answer: Answer, also_asked: Sequence[Dict[str, str]] = ()
) -> List[Dict[str, str]]:
    """The buttons below an answer. What the same message also asked for comes first."""
    steps = _one_each([*also_asked, *edition.choices(answer.follow_ups)])[:FOLLOW_UPS]
    if answer.pamphlet == LEADS_TO_PLAN or answer.id == FIRST_STEPS:
        steps.append({"label": edition.messages["knap_lav_plan"].text, "choice": "handleplan"})
    if answer.pamphlet and answer.id != "ssp_kontakt":
        steps.append({"label": edition.messages["knap_find_ssp"].text, "choice": "ssp_kontakt"})
    return _one_each(steps)


def _one_each(choices: Iterable[Dict[str, str]]) -> List[Dict[str, str]]:
    """The buttons without those whose choice an earlier one has."""
    first: Dict[str, Dict[str, str]] = {}
    for choice in choices:
        first.setdefault(choice["choice"], choice)
    return list(first.values())


def _asked(tracker: DialogueStateTracker) -> List[str]:
    """The answers the latest message asks for, when they are several; first of all the one about
    a danger it may tell of."""
    parsed = tracker.latest_message.parse_data if tracker.latest_message else {}
    danger = parsed.get(POSSIBLE_DANGER)
    return [*([danger] if danger else []), *(parsed.get(QUESTIONS) or [])]


def _language(tracker: DialogueStateTracker) -> str:
    """The language of the latest message when it is not Danish, else an empty text."""
    message = tracker.latest_message
    return (message.parse_data.get("language") or "") if message else ""
