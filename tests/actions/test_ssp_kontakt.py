"""The SSP contact: the kommune from the message, the conversation or a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.ssp_kontakt import SspContact

HORSENS, ODDER = "0615", "0727"
ASKED = {"ask_kommune": True}
Run = Callable[..., Any]


@pytest.mark.parametrize(
    ("message", "slots", "code"),
    [
        ({"entities": {"kommune": HORSENS}}, {}, HORSENS),
        ({"entities": {"omtalt_kommune": HORSENS}}, {}, HORSENS),
        ({}, {"kommune": HORSENS}, HORSENS),
        # what is said now counts more than what was known
        ({"entities": {"kommune": ODDER}}, {"kommune": HORSENS}, ODDER),
        # a short reply to our question is read leniently
        ({"text": "hosens", "last_said": ASKED}, {}, HORSENS),
        ({"text": "det er i Odder", "last_said": ASKED}, {}, ODDER),
    ],
)
def test_kommune_is_known(
    run: Run, message: dict[str, Any], slots: dict[str, str], code: str
) -> None:
    turn = run(SspContact(), **message, **slots)
    assert turn.responses == ["utter_ssp_kontakt"]
    assert turn.said[0]["contact"]["kode"] == code
    assert turn.said[0]["contact"]["lines"]
    assert turn.slots == {"kommune": code}
    assert turn.choices[-1] == "skift_kommune"


@pytest.mark.parametrize(
    ("message", "slots"),
    [
        ({}, {}),
        # nobody asked: a word that looks like a place is none
        ({"text": "hosens"}, {}),
        # a longer text is no answer to our question
        ({"text": "jeg ved ikke hvad jeg skal gøre i Horsens", "last_said": ASKED}, {}),
        ({"text": "/ssp_kontakt", "last_said": ASKED}, {}),
        # a code from elsewhere that is no kommune
        ({}, {"kommune": "9999"}),
    ],
)
def test_kommune_is_asked_for(run: Run, message: dict[str, Any], slots: dict[str, str]) -> None:
    turn = run(SspContact(), **message, **slots)
    assert turn.responses == ["utter_spoerg_kommune"]
    assert turn.slots == {}


def test_place_in_several_kommuner_gives_a_button_for_each(run: Run) -> None:
    turn = run(SspContact(), entities={"sted_flertydigt": f"{HORSENS},{ODDER}"})
    assert turn.responses == ["utter_flere_steder"]
    assert turn.choices == [f"kommune:{HORSENS}", f"kommune:{ODDER}"]
    assert turn.slots == {}


@pytest.mark.parametrize(
    ("message", "response"),
    [
        ({"entities": {"sted_bredt": "Jylland"}}, "utter_for_bredt_sted"),
        ({"text": "Jylland", "last_said": ASKED}, "utter_for_bredt_sted"),
        ({"text": "xyzzyville", "last_said": ASKED}, "utter_ukendt_sted"),
    ],
)
def test_place_that_says_too_little_is_asked_about(
    run: Run, message: dict[str, Any], response: str
) -> None:
    turn = run(SspContact(), **message)
    assert turn.responses == [response]
    assert turn.slots == {}


def test_unclear_place_is_asked_about_also_when_a_kommune_is_known(run: Run) -> None:
    turn = run(SspContact(), entities={"sted_bredt": "Jylland"}, kommune=HORSENS)
    assert turn.responses == ["utter_for_bredt_sted"]
    assert turn.slots == {}
