"""The dialogue's exceptions: :func:`decide` as a table, and the policy around it."""

from __future__ import annotations

from typing import Any

import pytest

from assistant.history import AFTERWARDS, History
from assistant.policy import LEAVE_CRISIS, LONGEST_PLACE_REPLY, Turn, decide

FALLBACK = "nlu_fallback"
CONVERSATIONAL = {"tak", "ja", "nej", "hilsen", "farvel"}
ANSWERS = {"afpresning", "gem_bevis", "selvmordstanker"}


def decision(
    said: list[str],
    intent: str,
    plan_asks: str | None = None,
    kommune_known: bool = False,
    **turn: Any,
) -> str | None:
    """What is decided after the turns in ``said``, oldest first, on a message of ``intent``."""
    events = [{"event": "action", "name": f"utter_{id_}"} for id_ in said]
    return decide(
        History(events, CONVERSATIONAL),
        Turn(intent, **{"confidence": 0.9, "words": 4, **turn}),
        kommune_known=kommune_known,
        plan_asks=plan_asks,
        answers=ANSWERS,
        of_age={"afpresning"},
    )


AFTER_SUICIDE = f"utter_selvmordstanker{AFTERWARDS}"


@pytest.mark.parametrize(
    ("said", "intent", "given", "action"),
    [
        # nothing special: the rules decide
        (["aabning"], "afpresning", {}, None),
        (["afpresning"], "gem_bevis", {}, None),
        (["afpresning"], "tak", {}, None),
        # a miss, and a second one in a row
        (["aabning"], FALLBACK, {"confidence": 0.2}, "action_afklaring"),
        (["aabning", "afklaring"], FALLBACK, {"confidence": 0.2}, "action_to_gange_forbi"),
        (["afklaring", "afpresning"], FALLBACK, {"confidence": 0.2}, "action_afklaring"),
        (["aabning"], FALLBACK, {"names_place": True}, "action_ssp_kontakt"),
        (["aabning"], FALLBACK, {"reply_is_place": True, "words": 2}, "action_ssp_kontakt"),
        (["aabning"], FALLBACK, {"reply_is_place": True, "words": 3}, "action_afklaring"),
        # we asked for the kommune
        (["spoerg_kommune"], "hilsen", {"reply_is_place": True}, "action_ssp_kontakt"),
        (["ssp_kontakt"], "hilsen", {"reply_is_place": True}, "action_ssp_kontakt"),
        (["spoerg_kommune"], FALLBACK, {"words": LONGEST_PLACE_REPLY}, "action_ssp_kontakt"),
        (["spoerg_kommune"], FALLBACK, {"words": LONGEST_PLACE_REPLY + 1}, "action_afklaring"),
        (["spoerg_kommune"], "ja", {"reply_is_place": True}, None),
        (["spoerg_kommune"], "akut_fare", {"reply_is_place": True}, None),
        (["ssp_kontakt"], "hilsen", {"reply_is_place": True, "kommune_known": True}, None),
        (["afpresning"], "hilsen", {"reply_is_place": True}, None),
        # a place after the kommune's own efforts
        (["kommunens_indsats"], "oplyser_sted", {}, "action_kommunens_indsats"),
        (["afpresning"], "oplyser_sted", {}, None),
        # an age: the same answer again, for that age
        (["afpresning"], "oplyser_alder", {}, "utter_afpresning"),
        (["afpresning", "tak"], "oplyser_alder", {}, "utter_afpresning"),
        # … or the one before it, when only that says something of its own at that age
        (["afpresning", "gem_bevis"], "oplyser_alder", {}, "utter_afpresning"),
        (["gem_bevis", "deepfake"], "oplyser_alder", {}, "utter_oplyser_alder"),
        (["deepfake", "gem_bevis"], "oplyser_alder", {}, "utter_gem_bevis"),
        (["ssp_kontakt"], "oplyser_alder", {}, "utter_oplyser_alder"),
        # "what if he is 14?" when the child has done it
        (
            ["barn_har_delt", "gem_bevis"],
            "oplyser_alder",
            {"asks": True},
            "utter_kriminel_lavalder",
        ),
        (["barn_har_delt", "gem_bevis"], "oplyser_alder", {}, "utter_gem_bevis"),
        (["afpresning", "gem_bevis"], "oplyser_alder", {"asks": True}, "utter_afpresning"),
        ([], "oplyser_alder", {}, "utter_oplyser_alder"),
        # a crisis that is not over
        (["selvmordstanker"], "ja", {}, AFTER_SUICIDE),
        (["selvmordstanker"], "hilsen", {}, AFTER_SUICIDE),
        (["selvmordstanker"], "oplyser_alder", {}, AFTER_SUICIDE),
        (["selvmordstanker"], "selvmordstanker", {}, AFTER_SUICIDE),
        (["selvmordstanker"], FALLBACK, {"confidence": 0.2}, AFTER_SUICIDE),
        (["selvmordstanker"], "gem_bevis", {"confidence": LEAVE_CRISIS - 0.01}, AFTER_SUICIDE),
        (["selvmordstanker"], "min_egen_reaktion", {"confidence": 1.0}, AFTER_SUICIDE),
        (["selvmordstanker", f"selvmordstanker{AFTERWARDS}"], "nej", {}, AFTER_SUICIDE),
        (["selvmordstanker", "tak"], "ja", {}, AFTER_SUICIDE),
        # … and one that is left
        (["selvmordstanker"], "gem_bevis", {"confidence": LEAVE_CRISIS}, None),
        (["selvmordstanker"], "tal_med_barnet", {"asks": True}, None),
        (["selvmordstanker"], "akut_fare", {"confidence": 0.2}, None),
        (["selvmordstanker"], "tak", {"confidence": 0.2}, None),
        (["selvmordstanker"], "gem_bevis", {"confidence": 0.0, "is_choice": True}, None),
        (["selvmordstanker", "gem_bevis"], "ja", {}, None),
    ],
)
def test_decision(said: list[str], intent: str, given: dict[str, Any], action: str | None) -> None:
    assert decision(said, intent, **given) == action


@pytest.mark.parametrize(
    ("asks", "intent", "given", "action"),
    [
        # answers to the plan's questions
        ("rolle", "oplyser_rolle", {}, "action_handleplan"),
        ("rolle", "barn_har_delt", {"tells_role": True}, "action_handleplan"),
        ("aldersgruppe", "oplyser_alder", {}, "action_handleplan"),
        ("kommune", "hilsen", {"reply_is_place": True}, "action_handleplan"),
        ("aldersgruppe", "spring_over", {}, "action_handleplan"),
        ("kommune", "nej", {}, "action_handleplan"),
        ("rolle", FALLBACK, {"words": LONGEST_PLACE_REPLY}, "action_handleplan"),
        # a correction when the plan is made
        (None, "oplyser_alder", {}, "action_handleplan"),
        # something else
        ("rolle", FALLBACK, {"words": LONGEST_PLACE_REPLY + 1}, "action_afklaring"),
        ("kommune", "gem_bevis", {}, None),
        ("aldersgruppe", "akut_fare", {}, None),
        (None, "spring_over", {}, None),
    ],
)
def test_decision_while_a_plan_is_made(
    asks: str | None, intent: str, given: dict[str, Any], action: str | None
) -> None:
    assert decision(["handleplan"], intent, plan_asks=asks, **given) == action
