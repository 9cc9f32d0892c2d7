"""The plan in the conversation: what it asks, what it takes from a reply, what it hands on."""

from __future__ import annotations

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.handleplan import QUESTIONS, MakePlan

HORSENS, NYKOEBING = "0615", "0369,0376,0773"
ASKS = {slot: utterance.removeprefix("utter_") for slot, utterance in QUESTIONS.items()}


class Conversation:
    """A conversation as the action server sees it; only what the plan looks at."""

    def __init__(self, *turns: str, **slots: Any) -> None:
        self.slots = {name: None for name in (*QUESTIONS, "plan_spoerger", "plan_sprunget_over")}
        self.slots |= slots
        self.events: list[dict[str, Any]] = [{"event": "action", "name": turn} for turn in turns]

    def say(self, intent: str, text: str = "/", **entities: str) -> dict[str, Any]:
        """One turn; entities that fill a slot have filled it, as Rasa does before the action."""
        found = [{"entity": name, "value": value} for name, value in entities.items()]
        message = {"intent": {"name": intent}, "text": text, "entities": found}
        self.slots |= {name: value for name, value in entities.items() if name in self.slots}
        self.events.append({"event": "user", "parse_data": message})
        tracker = Tracker("x", self.slots, message, self.events, False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        for event in MakePlan().run(dispatcher, tracker, {}):
            self.slots[event["name"]] = event["value"]
        self.events.append({"event": "action", "name": "action_handleplan"})
        (said,) = dispatcher.messages
        return said


def question(said: dict[str, Any]) -> str:
    return said["response"].removeprefix("utter_")


def links(said: dict[str, Any]) -> list[str]:
    return [step["answer"] for part in said["plan"]["sections"] for step in part["steps"]]


def test_asks_one_thing_at_a_time_and_then_gives_the_plan() -> None:
    conversation = Conversation()
    assert question(conversation.say("handleplan")) == ASKS["rolle"]
    assert question(conversation.say("oplyser_rolle", rolle="delt")) == ASKS["aldersgruppe"]
    said = conversation.say("oplyser_alder", aldersgruppe="under_15")
    assert question(said) == ASKS["kommune"]
    said = conversation.say("oplyser_sted", kommune=HORSENS)
    assert question(said) == "handleplan"
    assert "kriminel_lavalder" in links(said)
    assert said["plan"]["contact"]["kode"] == HORSENS
    assert conversation.slots["plan_spoerger"] is None


def test_what_is_known_is_not_asked() -> None:
    told = {"rolle": "vist", "aldersgruppe": "15_17", "kommune": HORSENS}
    assert Conversation(**told).say("handleplan").get("plan")
    for slot, name in ASKS.items():
        assert question(Conversation(**{**told, slot: None}).say("handleplan")) == name


@pytest.mark.parametrize("skip", ["spring_over", "nej"])
def test_every_question_can_be_skipped_and_stays_skipped(skip: str) -> None:
    conversation = Conversation()
    conversation.say("handleplan")
    assert question(conversation.say(skip)) == ASKS["aldersgruppe"]
    assert question(conversation.say(skip)) == ASKS["kommune"]
    said = conversation.say(skip)
    assert said["plan"]["contact"] is None
    assert [choice["choice"] for choice in said["choices"]] == ["ssp_kontakt"]
    assert conversation.say("handleplan")["plan"] == said["plan"]


def test_what_was_skipped_still_counts_when_it_is_told() -> None:
    conversation = Conversation(plan_sprunget_over=list(QUESTIONS))
    before = conversation.say("handleplan")
    after = conversation.say("oplyser_alder", aldersgruppe="over_18")
    assert after["plan"]["basis"] != before["plan"]["basis"]


def test_a_reply_in_own_words_tells_the_role() -> None:
    conversation = Conversation()
    conversation.say("handleplan")
    assert question(conversation.say("nonsens", "vidne")) == ASKS["aldersgruppe"]
    assert conversation.slots["rolle"] == "vidne"


def test_the_role_told_in_passing_is_not_asked_about() -> None:
    conversation = Conversation()
    conversation.events.append(
        {
            "event": "user",
            "parse_data": {
                "intent": {"name": "anmeld_til_politiet"},
                "text": "min søn har sendt videoen videre, skal jeg melde det",
            },
        }
    )
    assert question(conversation.say("handleplan")) == ASKS["aldersgruppe"]
    assert conversation.slots["rolle"] == "delt"


def test_the_role_an_intent_has_told_is_not_changed_by_words() -> None:
    conversation = Conversation(rolle="vist")
    conversation.say("handleplan", "hun har set videoen på en venindes mobil, lav en plan")
    assert conversation.slots["rolle"] == "vist"


def test_what_cannot_be_read_is_not_asked_again() -> None:
    conversation = Conversation(rolle="vist")
    conversation.say("handleplan")
    assert question(conversation.say("skolens_undervisning", "8. klasse")) == ASKS["kommune"]


def test_a_reply_that_tells_something_else_leaves_the_question_open() -> None:
    conversation = Conversation()
    conversation.say("handleplan")
    said = conversation.say("oplyser_alder", "han er 13", aldersgruppe="under_15")
    assert question(said) == ASKS["rolle"]


@pytest.mark.parametrize(
    ("text", "entities", "asked"),
    [
        ("Nykøbing", {"sted_flertydigt": NYKOEBING}, "flere_steder"),
        ("Jylland", {"sted_bredt": "Jylland"}, "for_bredt_sted"),
        ("xyzzyby", {}, "ukendt_sted"),
    ],
)
def test_a_place_that_takes_another_question(
    text: str, entities: dict[str, str], asked: str
) -> None:
    conversation = Conversation(rolle="vist", aldersgruppe="under_15")
    conversation.say("handleplan")
    said = conversation.say("nlu_fallback", text, **entities)
    assert question(said) == asked
    assert said["choices"][-1]["choice"] == "spring_over"
    assert conversation.say("oplyser_sted", kommune=HORSENS)["plan"]["contact"]["kode"] == HORSENS


def test_a_misspelt_place_is_read() -> None:
    conversation = Conversation(rolle="vist", aldersgruppe="under_15")
    conversation.say("handleplan")
    assert conversation.say("nlu_fallback", "hosens")["plan"]["contact"]["kode"] == HORSENS


def test_a_place_in_passing_is_not_where_the_family_lives() -> None:
    conversation = Conversation(kommune=HORSENS)
    conversation.say("handleplan")
    conversation.say("barn_presses_for_billeder", "en fra Vejle presser", omtalt_kommune="0630")
    assert conversation.slots["kommune"] == HORSENS


def test_whoever_asks_again_begins_anew() -> None:
    """A question left open long ago does not make the new request a reply to it."""
    conversation = Conversation(plan_spoerger="rolle")
    assert question(conversation.say("handleplan")) == ASKS["rolle"]
    assert conversation.slots["plan_sprunget_over"] == []


def test_the_plan_is_about_what_has_been_talked_about() -> None:
    told = {"rolle": "presset", "aldersgruppe": "15_17", "kommune": HORSENS}
    assert "grooming" not in links(Conversation(**told).say("handleplan"))
    assert "grooming" in links(Conversation("utter_grooming", **told).say("handleplan"))
    crisis = Conversation("utter_selvmordstanker", "utter_selvmordstanker_bagefter", **told)
    assert links(crisis.say("handleplan"))[0] == "selvmordstanker"


def test_the_reply_that_told_the_role_is_a_topic_too() -> None:
    conversation = Conversation(aldersgruppe="15_17", kommune=HORSENS)
    conversation.say("handleplan")
    conversation.slots["rolle"] = "presset"  # the domain's mapping from the intent
    assert "grooming" in links(conversation.say("grooming", "en voksen skriver med hende"))
