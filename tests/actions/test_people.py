"""People instead of answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from actions.people import TalkToHuman, TwoMisses

Run = Callable[..., Any]

both = pytest.mark.parametrize(
    ("action", "id_"), [(TalkToHuman(), "tal_med_menneske"), (TwoMisses(), "to_gange_forbi")]
)


@both
def test_known_kommune_brings_its_card(run: Run, action: TalkToHuman, id_: str) -> None:
    turn = run(action, kommune="0615")
    assert action.name() == f"action_{id_}"
    assert turn.responses == [f"utter_{id_}"]
    assert turn.said[0]["contact"]["kode"] == "0615"
    assert turn.said[0]["ask_kommune"] is False


@both
@pytest.mark.parametrize("known", [None, "9999"])
def test_unknown_kommune_is_asked_for(
    run: Run, action: TalkToHuman, id_: str, known: str | None
) -> None:
    turn = run(action, kommune=known)
    assert turn.responses == [f"utter_{id_}"]
    assert turn.said[0]["contact"] is None
    assert turn.said[0]["ask_kommune"] is True
