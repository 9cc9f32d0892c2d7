"""Messages in their conversation: several questions, references and follow-ups."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.training_data.message import Message

from assistant.discourse import (
    CERTAIN,
    DiscourseInterpreter,
    UtteranceSegmenter,
    position,
)
from assistant.history import QUESTIONS

UNREAD = ("erstatning", 0.2)  # what the classifier says when it does not know
TWO_QUESTIONS = "hvad er straffen for at dele? hvordan taler jeg med min søn?"


def conversation(*events: Event) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("x", list(events))


def said(action: str, **custom: Any) -> list[Event]:
    return [
        ActionExecuted(action),
        BotUttered("…", {"custom": custom}),
        ActionExecuted("action_listen"),
    ]


def asked(*questions: str) -> UserUttered:
    return UserUttered("…", {"name": questions[0]}, [], {QUESTIONS: list(questions)})


def suggested(*ids: str) -> list[Event]:
    choices = [{"label": id_, "choice": id_} for id_ in (*ids, "ssp_kontakt", "noget_andet")]
    return said("action_afklaring", message="afklaring", choices=choices)


def read(
    text: str,
    *intents: tuple[str, float],
    before: DialogueStateTracker | None = None,
    second: tuple[str, float] | None = None,
) -> Message:
    """``text`` through both components; ``intents`` are what the classifier makes of the message
    and then of each of its questions, ``second`` its second guess for the message."""
    messages = UtteranceSegmenter().process([Message({"text": text})])
    assert len(messages) == len(intents), [message.get("text") for message in messages]
    for message, guess in zip(messages, intents):
        guesses = [guess, second] if second and message is messages[0] else [guess]
        ranking = [{"name": name, "confidence": confidence} for name, confidence in guesses]
        message.set("intent", ranking[0])
        message.set("intent_ranking", ranking)
    (message,) = DiscourseInterpreter().process(messages, before or conversation())
    return message


def intent(message: Message) -> str:
    return message.get("intent")["name"]


# --- several questions in one message -------------------------------------------------------------


@pytest.mark.parametrize(
    ("whole", "first", "second", "answered", "asks_for"),
    [
        # the message is about one of them, whichever stands first
        ("straf_for_at_dele", "straf_for_at_dele", "tal_med_barnet", "straf_for_at_dele", True),
        ("tal_med_barnet", "straf_for_at_dele", "tal_med_barnet", "tal_med_barnet", True),
        # … or about the situation, or about nothing that was understood
        ("barn_har_delt", "straf_for_at_dele", "tal_med_barnet", "barn_har_delt", True),
        ("tak", "straf_for_at_dele", "tal_med_barnet", "straf_for_at_dele", True),
        # no second question
        ("tal_med_barnet", "tal_med_barnet", "tal_med_barnet", "tal_med_barnet", False),
        ("tal_med_barnet", "tak", "tal_med_barnet", "tal_med_barnet", False),
        ("tal_med_barnet", "tal_med_barnet", "akut_fare", "tal_med_barnet", False),
        # danger has been judged on the whole message and stands alone
        ("selvmordstanker", "straf_for_at_dele", "tal_med_barnet", "selvmordstanker", False),
        # what steers the dialogue asks for no answer
        ("manipulation", "straf_for_at_dele", "tal_med_barnet", "manipulation", False),
    ],
)
def test_questions_of_a_message(
    whole: str, first: str, second: str, answered: str, asks_for: bool
) -> None:
    message = read(TWO_QUESTIONS, (whole, 0.9), (first, CERTAIN), (second, CERTAIN))
    assert intent(message) == answered
    expected = ["straf_for_at_dele", "tal_med_barnet"] if asks_for else None
    assert message.get(QUESTIONS) == expected


def test_a_question_after_a_situation_is_the_second() -> None:
    message = read(
        "min søn har delt en video. hvad er straffen for det?",
        ("barn_har_delt", 0.9),
        ("straf_for_at_dele", 0.9),
    )
    assert intent(message) == "barn_har_delt"
    assert message.get(QUESTIONS) == ["barn_har_delt", "straf_for_at_dele"]


def test_questions_without_a_story_are_clearer_than_their_sum() -> None:
    questions = [("straf_for_at_dele", 0.8), ("tal_med_barnet", 0.7)]
    message = read(TWO_QUESTIONS, ("barn_har_delt", 0.6), *questions)
    assert intent(message) == "straf_for_at_dele"
    assert message.get("intent")["confidence"] == pytest.approx(1 - 0.2 * 0.3)
    assert message.get(QUESTIONS) == ["straf_for_at_dele", "tal_med_barnet"]
    after_a_story = f"vi er på ferie. {TWO_QUESTIONS}"
    assert intent(read(after_a_story, ("barn_har_delt", 0.6), *questions)) == "barn_har_delt"


def test_questions_speak_for_a_message_that_was_not_understood() -> None:
    message = read(
        TWO_QUESTIONS, UNREAD, ("straf_for_at_dele", CERTAIN), ("tal_med_barnet", CERTAIN)
    )
    assert intent(message) == "straf_for_at_dele"
    assert message.get(QUESTIONS) == ["straf_for_at_dele", "tal_med_barnet"]


def test_one_question_in_a_message_that_was_not_understood_is_suggested_first() -> None:
    message = read(TWO_QUESTIONS, UNREAD, ("tal_med_barnet", 0.9), ("tak", 0.9))
    assert [entry["name"] for entry in message.get("intent_ranking")] == [
        "tal_med_barnet", UNREAD[0],
    ]  # fmt: skip
    assert message.get("intent")["confidence"] == UNREAD[1]
    assert message.get(QUESTIONS) is None


def test_a_reply_is_as_certain_as_that_one_of_its_answers_is_right() -> None:
    torn = ("straf_for_at_dele", 0.5)
    message = read(TWO_QUESTIONS, torn, ("straf_for_at_dele", 0.6), ("tal_med_barnet", 0.9))
    assert message.get("intent")["confidence"] == pytest.approx(1 - 0.5 * 0.4 * 0.1)


def test_an_uncertain_question_is_not_taken() -> None:
    unsure = CERTAIN - 0.01
    message = read(TWO_QUESTIONS, UNREAD, ("er_det_ulovligt", unsure), ("soeskende", unsure))
    assert intent(message) == "erstatning"
    assert message.get(QUESTIONS) is None


def test_a_button_is_what_it_says() -> None:
    before = conversation(*said("utter_barn_har_delt"))
    payload = "/nej. hvad er straffen for det?"
    message = read(payload, ("nej", 0.4), before=before, second=("tal_med_barnet", 0.4))
    assert intent(message) == "nej"


# --- which of them is meant -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("den første", 0),
        ("nummer 1 tak", 0),
        ("tag den anden først", 1),
        ("nej jeg mente den anden", 1),
        ("Det andet spørgsmål?", 1),
        ("nr. 2", 1),
        ("den tredje", 2),
        ("den sidste, tak", -1),
        ("den anden dreng", None),
        ("noget andet", None),
        ("hvad er den første straf", None),
        ("først og fremmest", None),
        ("ja", None),
        ("", None),
    ],
)
def test_position(text: str, place: int | None) -> None:
    assert position(text) == place


SUGGESTED = ("gem_bevis", "erstatning", "soeskende")


@pytest.mark.parametrize(
    ("text", "read_as", "meant"),
    [
        ("ja", "ja", "gem_bevis"),
        ("den første", "hilsen", "gem_bevis"),
        ("nummer to", "nonsens", "erstatning"),
        ("den sidste", "noget_andet", "soeskende"),
        ("nej den anden", "nej", "erstatning"),
        ("ja den anden", "ja", "erstatning"),
        ("ja, den sidste", "ja", "soeskende"),
        ("nej", "nej", "nej"),
        ("noget andet", "noget_andet", "noget_andet"),
    ],
)
def test_a_suggestion_is_picked(text: str, read_as: str, meant: str) -> None:
    before = conversation(*suggested(*SUGGESTED))
    message = read(text, (read_as, 0.9), before=before)
    assert intent(message) == meant
    assert message.get("intent_ranking")[0]["name"] == meant


def test_a_place_beyond_the_suggestions_picks_nothing() -> None:
    before = conversation(*suggested("gem_bevis"))
    assert intent(read("den tredje", ("nej", 0.3), before=before)) == "nej"


@pytest.mark.parametrize("text", ["den anden", "nej jeg mente den anden", "tag den anden først"])
@pytest.mark.parametrize("answered", [0, 1])
def test_the_other_question_is_the_one_not_answered(text: str, answered: int) -> None:
    both = ["straf_for_at_dele", "tal_med_barnet"]
    before = conversation(asked(*both), *said(f"utter_{both[answered]}"))
    assert intent(read(text, UNREAD, before=before)) == both[1 - answered]


def test_after_the_second_comes_the_first() -> None:
    both = ("straf_for_at_dele", "tal_med_barnet")
    before = conversation(
        asked(*both),
        *said("utter_straf_for_at_dele"),
        UserUttered("tag den anden først", {"name": "tal_med_barnet"}),
        *said("utter_tal_med_barnet"),
    )
    assert intent(read("og så den første", UNREAD, before=before)) == "straf_for_at_dele"


def test_yes_means_what_has_just_been_offered_and_nothing_older() -> None:
    offered = [asked("straf_for_at_dele", "tal_med_barnet"), *said("utter_straf_for_at_dele")]
    yes = ("ja", 0.9)
    assert intent(read("ja tak", yes, before=conversation(*offered))) == "tal_med_barnet"
    later = [*offered, UserUttered("…", {"name": "erstatning"}), *said("utter_erstatning")]
    assert intent(read("ja tak", yes, before=conversation(*later))) == "ja"


def test_an_unclear_yes_picks_nothing() -> None:
    before = conversation(*suggested(*SUGGESTED))
    unclear = ("ja", CERTAIN - 0.1)
    assert intent(read("ja altså jeg ved snart ikke", unclear, before=before)) == "ja"


def test_without_anything_to_refer_to_the_words_stand_for_themselves() -> None:
    before = conversation(UserUttered("…", {"name": "hilsen"}), *said("utter_hilsen"))
    assert intent(read("den anden", ("nej", 0.3), before=before)) == "nej"
    assert intent(read("den anden", ("nej", 0.3))) == "nej"


# --- after an answer ------------------------------------------------------------------------------


def after(action: str) -> DialogueStateTracker:
    return conversation(UserUttered("…", {"name": "x"}), *said(action))


# itself, a next step of it, and SSP, whose button is below every answer
@pytest.mark.parametrize("expected", ["grooming", "gem_bevis", "ssp_kontakt"])
def test_what_an_answer_leads_on_to_is_likelier_after_it(expected: str) -> None:
    unsure, guess = ("mobning_efter_deling", 0.3), (expected, 0.1)
    message = read("de skriver stadig", unsure, second=guess, before=after("utter_grooming"))
    assert [entry["name"] for entry in message.get("intent_ranking")] == [expected, unsure[0]]
    assert message.get("intent")["confidence"] > 0.35
    assert sum(entry["confidence"] for entry in message.get("intent_ranking")) <= 1.0
    assert intent(read("de skriver stadig", unsure, second=guess)) == unsure[0]


@pytest.mark.parametrize(("asked_for", "stronger"), [("gem_bevis", True), ("soeskende", False)])
def test_a_question_is_borne_out_by_the_answer_before_it_and_never_overruled(
    asked_for: str, stronger: bool
) -> None:
    message = read(
        "ok hvem kan hjælpe os", (asked_for, 0.6), (asked_for, 0.6),
        second=("grooming", 0.05), before=after("utter_grooming"),
    )  # fmt: skip
    assert intent(message) == asked_for
    alone = 1 - (1 - 0.6) * (1 - 0.6)
    assert (message.get("intent")["confidence"] > alone) == stronger


def test_a_suggestion_or_thanks_do_not_change_the_topic() -> None:
    unsure, guess = ("mobning_efter_deling", 0.3), ("grooming", 0.1)
    before = conversation(*said("utter_grooming"), *suggested("soeskende"), *said("utter_tak"))
    assert intent(read("de skriver stadig", unsure, second=guess, before=before)) == "grooming"


def test_a_clear_message_is_not_bent_to_the_answer_before_it() -> None:
    message = read(
        "hvad er straffen for at dele", ("straf_for_at_dele", 0.97), second=("grooming", 0.02),
        before=after("utter_grooming"),
    )  # fmt: skip
    assert intent(message) == "straf_for_at_dele"


def test_what_is_known_by_other_means_than_likeness_stands() -> None:
    told = read(
        "han er 14",
        ("oplyser_alder", 1.0),
        second=("grooming", 0.9),
        before=after("utter_grooming"),
    )
    assert intent(told) == "oplyser_alder"


@pytest.mark.parametrize(
    "action",
    ["utter_overgreb_sket", "utter_overgreb_sket_bagefter", "action_ssp_kontakt", "utter_hilsen",
     "utter_noget_andet", "action_handleplan"],
)  # fmt: skip
def test_nothing_follows_from_a_crisis_a_question_or_small_talk(action: str) -> None:
    unsure, guess = ("mobning_efter_deling", 0.3), ("anmeld_til_politiet", 0.2)
    message = read("de skriver stadig", unsure, second=guess, before=after(action))
    assert intent(message) == unsure[0]
    assert message.get("intent")["confidence"] == unsure[1]
