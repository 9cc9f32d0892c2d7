"""What the kommune itself does: what is known is shown, and what is not is said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.context import edition
from actions.kommunens_indsats import KommuneEfforts

HORSENS, ODDER = "0615", "0727"
Run = Callable[..., Any]


def kommune(with_efforts: bool) -> str:
    return next(
        code for code, known in edition().kommuner.items() if bool(known.indsats) == with_efforts
    )


@pytest.mark.parametrize(
    ("entities", "slots", "code"),
    [
        ({"kommune": HORSENS}, {}, HORSENS),
        ({"omtalt_kommune": HORSENS}, {"kommune": ODDER}, HORSENS),
        ({}, {"kommune": HORSENS}, HORSENS),
    ],
)
def test_kommune_from_the_message_or_the_conversation(
    run: Run, entities: dict[str, str], slots: dict[str, str], code: str
) -> None:
    turn = run(KommuneEfforts(), entities=entities, **slots)
    assert turn.responses == ["utter_kommunens_indsats"]
    assert turn.slots == {"kommune": code}


def test_every_known_effort_is_shown_with_its_source(run: Run) -> None:
    code = kommune(with_efforts=True)
    addition = run(KommuneEfforts(), kommune=code).said[0]["addition"]
    for effort in edition().kommuner[code].indsats:
        assert effort.tekst in addition
        assert effort.kilde in addition
    assert "{" not in addition


def test_no_known_effort_is_said_with_the_kommunes_name(run: Run) -> None:
    code = kommune(with_efforts=False)
    addition = run(KommuneEfforts(), kommune=code).said[0]["addition"]
    unknown = edition().messages["indsats_ukendt"].text
    assert addition == edition().render(unknown, kommune=code)
    assert edition().kommuner[code].navn in addition


@pytest.mark.parametrize("known", [None, "9999"])
def test_unknown_kommune_is_asked_for(run: Run, known: str | None) -> None:
    turn = run(KommuneEfforts(), kommune=known)
    assert turn.said[0]["ask_kommune"] is True
    assert "addition" not in turn.said[0]
    assert turn.slots == {}


def test_place_in_several_kommuner_gives_a_button_for_each(run: Run) -> None:
    turn = run(KommuneEfforts(), entities={"sted_flertydigt": f"{HORSENS},{ODDER}"})
    assert turn.responses == ["utter_flere_steder"]
    assert turn.choices == [f"kommune:{HORSENS}", f"kommune:{ODDER}"]
