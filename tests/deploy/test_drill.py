"""How the drill judges a reply."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from evaluation.drill import judge

SAFE = "Ring 112, 114 eller 116 111."


def reply(status: int = 200, **message: Any) -> httpx.Response:
    shown = {"answer": None, "text": "", **message}
    return httpx.Response(status, json={"messages": [shown]})


@pytest.mark.parametrize(
    ("response", "wanted", "outcome"),
    [
        (reply(answer="afpresning"), "afpresning", "right"),
        (reply(answer="tak"), "afpresning", "wrong"),
        (reply(contact={"kode": "0615"}), "0615", "right"),
        (reply(contact={"kode": "0751"}), "0615", "wrong"),  # another parent's
        (reply(contact={"kode": "0615"}, text=SAFE), "0615", "safe"),
        (reply(text=SAFE), None, "safe"),
        (reply(text="Hej. Er nogen i fare, så ring 112."), None, "right"),
        (reply(404), "tak", "gone"),
        (reply(502), "tak", "unreached"),
        (None, "tak", "unreached"),
    ],
)
def test_judgement(response: httpx.Response | None, wanted: str | None, outcome: str) -> None:
    assert judge(response, wanted)[0] == outcome
