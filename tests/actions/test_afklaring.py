"""Not sure enough: the likeliest answers are offered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.afklaring import SUGGESTIONS, Clarify

PEOPLE = ["ssp_kontakt", "noget_andet"]


@pytest.mark.parametrize(
    ("ranking", "offered"),
    [
        (("nlu_fallback", "afpresning", "grooming"), ["afpresning", "grooming"]),
        # small talk, technical intents and what always stands below are no suggestions
        (
            ("nlu_fallback", "tak", "oplyser_alder", "ssp_kontakt", "start", "gem_bevis"),
            ["gem_bevis"],
        ),
        (
            ("afpresning", "grooming", "deepfake", "gem_bevis"),
            ["afpresning", "grooming", "deepfake"],
        ),
    ],
)
def test_likeliest_answers_are_offered_and_people_last(
    run: Callable[..., Any], ranking: tuple[str, ...], offered: list[str]
) -> None:
    turn = run(Clarify(), ranking=ranking)
    assert turn.responses == ["utter_afklaring"]
    assert turn.choices == [*offered, *PEOPLE]
    assert len(offered) <= SUGGESTIONS


def test_buttons_carry_the_answers_titles(run: Callable[..., Any]) -> None:
    turn = run(Clarify(), ranking=("afpresning",))
    assert all(choice["label"] for choice in turn.said[0]["choices"])


@pytest.mark.parametrize("ranking", [(), ("nlu_fallback",), ("tak", "nonsens")])
def test_without_suggestions_the_message_brings_its_own_buttons(
    run: Callable[..., Any], ranking: tuple[str, ...]
) -> None:
    turn = run(Clarify(), ranking=ranking)
    assert turn.responses == ["utter_afklaring_uden_forslag"]
    assert turn.choices == []
    assert turn.slots == {}
