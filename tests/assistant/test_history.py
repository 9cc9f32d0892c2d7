"""What has been said so far, read from the actions taken."""

from __future__ import annotations

import pytest

from assistant.history import History

CONVERSATIONAL = {"tak", "hilsen", "forstod_ikke"}


def history(*actions: str) -> History:
    events = [{"event": "session_started"}, {"event": "user", "text": "x"}]
    events += [{"event": "action", "name": name} for name in actions]
    return History(events, CONVERSATIONAL)


@pytest.mark.parametrize(
    ("actions", "last", "topic", "crisis"),
    [
        ((), None, None, None),
        (("utter_aabning",), "aabning", None, None),
        (("utter_afpresning", "action_listen"), "afpresning", "afpresning", None),
        (("utter_afpresning", "utter_tak"), "tak", "afpresning", None),
        (("utter_afpresning", "action_afklaring"), "afklaring", "afpresning", None),
        (("utter_selvmordstanker",), "selvmordstanker", "selvmordstanker", "selvmordstanker"),
        (
            ("utter_akut_fare", "utter_akut_fare_bagefter"),
            "akut_fare_bagefter",
            "akut_fare",
            "akut_fare",
        ),
        (("utter_overgreb_sket", "utter_tak"), "tak", "overgreb_sket", "overgreb_sket"),
        (
            ("utter_overgreb_sket", "action_handleplan"),
            "handleplan",
            "overgreb_sket",
            "overgreb_sket",
        ),
        (("utter_selvmordstanker", "utter_gem_bevis"), "gem_bevis", "gem_bevis", None),
        (("action_session_start", "action_listen"), None, None, None),
    ],
)
def test_last_topic_and_crisis(
    actions: tuple[str, ...], last: str | None, topic: str | None, crisis: str | None
) -> None:
    said = history(*actions)
    assert (said.last, said.topic, said.crisis) == (last, topic, crisis)


def test_events_without_a_name_are_no_turns() -> None:
    assert History([{"event": "action", "name": None}, {"event": "slot"}], ()).turns == []


def test_topics_are_named_once_the_latest_first() -> None:
    said = history(
        "utter_afpresning", "utter_akut_fare", "utter_tak", "utter_akut_fare_bagefter",
        "utter_gem_bevis", "action_handleplan", "utter_afpresning",
    )  # fmt: skip
    assert said.topics == ["afpresning", "gem_bevis", "akut_fare"]
    assert history("utter_tak").topics == []
