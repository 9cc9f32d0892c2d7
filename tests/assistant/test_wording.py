"""Wording: read from the content at the moment it is said, fitted to what is known."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.events import SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker

from assistant.history import POSSIBLE_DANGER, QUESTIONS
from assistant.wording import PamphletWording
from content.library import Library

SLOTS = ("kommune", "aldersgruppe", "platform")


def tracker(
    intent: str | None = None,
    language: str | None = None,
    asked: tuple[str, ...] = (),
    danger: str | None = None,
    **slots: str,
) -> DialogueStateTracker:
    events: list[Any] = [SlotSet(name, value) for name, value in slots.items()]
    if intent:
        told = intent == "oplyser_alder" and "aldersgruppe" in slots
        entities = [{"entity": "aldersgruppe"}] if told else []
        parsed = {"intent": {"name": intent}, "language": language, "text": "x"}
        parsed[QUESTIONS] = list(asked)
        parsed[POSSIBLE_DANGER] = danger
        events.append(UserUttered("x", parsed["intent"], entities, parsed))
    empty = [AnySlot(name, mappings=[{}]) for name in SLOTS]
    return DialogueStateTracker.from_events("x", events, slots=empty)


def say(content: Library, action: str, said: Any = None, **passed_on: Any) -> dict[str, Any]:
    wording = PamphletWording(content=content)
    return asyncio.run(wording.generate(action, said or tracker(), "samtale", **passed_on))


def choices(reply: dict[str, Any]) -> list[str]:
    return [choice["choice"] for choice in reply["custom"]["choices"]]


# --- an answer and what is known about the family -------------------------------------------------


def test_answer_without_anything_known(content: Library) -> None:
    reply = say(content, "utter_afpresning")
    assert reply["custom"]["answer"] == "afpresning"
    assert reply["text"] == "Betal ikke. Skriv til SSP i din kommune. Slettes om 30."


@pytest.mark.parametrize(
    ("slots", "added"),
    [
        ({"aldersgruppe": "under_15"}, ["Tekst for de yngste."]),
        ({"aldersgruppe": "15_17"}, ["Tekst for de store."]),
        ({"aldersgruppe": "over_18"}, []),
        ({"kommune": "0615"}, ["Tekst for Horsens."]),
        ({"platform": "snapchat"}, ["Tekst om Snapchat."]),
        ({"platform": "discord"}, []),
        (
            {"kommune": "0615", "aldersgruppe": "under_15", "platform": "snapchat"},
            ["Tekst for Horsens.", "Tekst for de yngste.", "Tekst om Snapchat."],
        ),
    ],
)
def test_variants_that_fit_are_added(
    content: Library, slots: dict[str, str], added: list[str]
) -> None:
    text = say(content, "utter_afpresning", tracker(**slots))["text"]
    assert text.startswith("Betal ikke.")
    assert sorted(line for line in text.split("\n") if line.startswith("Tekst")) == added
    assert "Lang tekst." not in text


def test_kommune_fills_its_placeholder(content: Library) -> None:
    assert "SSP i Horsens" in say(content, "utter_afpresning", tracker(kommune="0615"))["text"]


def test_age_told_afterwards_gives_only_what_is_new(content: Library) -> None:
    told = tracker("oplyser_alder", aldersgruppe="under_15")
    assert say(content, "utter_afpresning", told)["text"] == "Tekst for de yngste."
    told = tracker("oplyser_alder", aldersgruppe="over_18")
    assert say(content, "utter_afpresning", told)["text"] == "Rådet er det samme."


def test_an_age_on_both_sides_of_the_law_is_asked_for(content: Library) -> None:
    reply = say(content, "utter_afpresning", tracker("oplyser_alder"))
    assert reply["custom"]["message"] == "hvilken_alder"
    same_for_all = say(content, "utter_gem_bevis", tracker("oplyser_alder"))
    assert same_for_all["text"] == "Rådet er det samme."


def test_afterwards_text_of_an_acute_answer_keeps_its_id(content: Library) -> None:
    reply = say(content, "utter_selvmordstanker_bagefter")
    assert (reply["custom"]["answer"], reply["text"]) == ("selvmordstanker", "Bliv hos barnet.")


# --- next steps -----------------------------------------------------------------------------------


def test_next_steps_are_written_answers_a_plan_and_ssp(content: Library) -> None:
    assert choices(say(content, "utter_afpresning")) == ["gem_bevis", "handleplan", "ssp_kontakt"]


def test_small_talk_and_ssp_itself_offer_no_ssp_button(content: Library) -> None:
    assert choices(say(content, "utter_tak")) == []
    assert choices(say(content, "utter_ssp_kontakt")) == []


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        (("afpresning", "selvmordstanker"), ["selvmordstanker", "gem_bevis"]),
        (("gem_bevis", "afpresning"), ["gem_bevis"]),  # one of its own next steps
        (("afpresning", "findes_ikke"), ["gem_bevis"]),
        (("afpresning", "ssp_kontakt"), ["ssp_kontakt", "gem_bevis"]),
    ],
)
def test_what_the_message_also_asks_for_is_the_first_button(
    content: Library, asked: tuple[str, ...], offered: list[str]
) -> None:
    buttons = choices(say(content, "utter_afpresning", tracker("afpresning", asked=asked)))
    assert buttons[: len(offered)] == offered
    assert sorted(buttons) == sorted({*offered, "handleplan", "ssp_kontakt"})


@pytest.mark.parametrize("action", ["utter_afpresning", "utter_afklaring_uden_forslag"])
def test_a_possible_danger_is_the_first_button(content: Library, action: str) -> None:
    said = tracker("afpresning", asked=("afpresning", "gem_bevis"), danger="selvmordstanker")
    assert choices(say(content, action, said))[0] == "selvmordstanker"


def test_it_also_comes_before_the_buttons_of_an_action(content: Library) -> None:
    own = [{"label": "A", "choice": "tak"}, {"label": "B", "choice": "gem_bevis"}]
    said = tracker("ssp_kontakt", asked=("ssp_kontakt", "gem_bevis"))
    reply = say(content, "utter_ssp_kontakt", said, choices=own)
    assert choices(reply) == ["gem_bevis", "tak"]


def test_a_crisis_that_goes_on_offers_nothing_else(content: Library) -> None:
    said = tracker("afpresning", asked=("afpresning", "gem_bevis"))
    assert "gem_bevis" not in choices(say(content, "utter_selvmordstanker_bagefter", said))


def test_what_an_action_passes_on_is_in_the_reply(content: Library) -> None:
    card, buttons = {"kommune": "Horsens"}, [{"label": "A", "choice": "tak"}]
    reply = say(
        content, "utter_ssp_kontakt", contact=card, choices=buttons, addition="Og mere.", plan=None
    )
    assert reply["custom"]["contact"] == card
    assert reply["custom"]["choices"] == buttons
    assert reply["text"] == "Her er SSP.\n\nOg mere."
    assert "plan" not in reply["custom"]


# --- messages, missing answers, languages ---------------------------------------------------------


def test_message_is_no_answer_and_brings_its_buttons(content: Library) -> None:
    reply = say(content, "utter_noget_andet")
    assert reply["custom"]["answer"] is None
    assert (reply["text"], choices(reply)) == ("Hvad så?", ["gem_bevis"])


def test_question_for_the_kommune_asks_for_the_picker(content: Library) -> None:
    assert say(content, "utter_spoerg_kommune")["custom"]["ask_kommune"] is True
    assert "ask_kommune" not in say(content, "utter_aabning")["custom"]


@pytest.mark.parametrize("action", ["utter_findes_ikke", "utter_grooming"])
def test_missing_answer_gives_the_message_for_it(content: Library, action: str) -> None:
    reply = say(content, action)
    assert reply["text"] == "Det svar mangler."
    assert reply["custom"]["answer"] is None


def test_afterwards_text_of_a_missing_answer_gives_the_message_for_it(content: Library) -> None:
    (content.root / "pjecer" / "akut" / "selvmordstanker.md").unlink()
    fresh = Library(content.root)  # after a restart there is no last good version
    assert say(fresh, "utter_selvmordstanker_bagefter")["text"] == "Det svar mangler."


def test_other_language_is_answered_in_that_language(content: Library) -> None:
    reply = say(content, "utter_andet_sprog", tracker("andet_sprog", language="ar"))
    assert reply["text"] == "Arabisk."
    assert reply["custom"]["language"] == {"code": "ar", "direction": "rtl"}


@pytest.mark.parametrize("language", ["fr", None])
def test_language_without_a_text_is_answered_in_danish(
    content: Library, language: str | None
) -> None:
    reply = say(content, "utter_andet_sprog", tracker("andet_sprog", language=language))
    assert reply["text"] == "Skriv gerne på dansk."
    assert "language" not in reply["custom"]


# --- edits while it runs --------------------------------------------------------------------------


def edit(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))


def test_edited_file_is_live_in_the_next_answer(content: Library) -> None:
    path = content.root / "pjecer" / "naar-det-sker" / "gem_bevis.md"
    assert say(content, "utter_gem_bevis")["text"] == "Gem det."
    edit(path, "---\ntitel: Gem bevis\n---\nGem det nu.\n")
    assert say(content, "utter_gem_bevis")["text"] == "Gem det nu."


@pytest.mark.parametrize(
    "broken", ["", "Ingen top.\n", "---\ntitel: [\n---\nGem det nu.\n", "---\ntitel: T\n---\n"]
)
def test_broken_edit_keeps_the_last_good_version(
    content: Library, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    path = content.root / "pjecer" / "naar-det-sker" / "gem_bevis.md"
    assert say(content, "utter_gem_bevis")["text"] == "Gem det."
    edit(path, broken)
    assert say(content, "utter_gem_bevis")["text"] == "Gem det."
    assert "gem_bevis.md" in caplog.text
