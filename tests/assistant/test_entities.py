"""Places, age, platform and language on a message."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from assistant.entities import PamphletEntities


def understood(text: str, **data: Any) -> Message:
    [message] = PamphletEntities().process([Message({"text": text, **data})])
    return message


def found(text: str) -> list[tuple[str, Any]]:
    return [(entity["entity"], entity["value"]) for entity in understood(text).get("entities")]


@pytest.mark.parametrize(
    ("text", "entities"),
    [
        ("vi bor i Horsens", [("kommune", "0615")]),
        ("Horsens", [("kommune", "0615")]),
        ("8700", [("kommune", "0615")]),
        ("en dreng fra Horsens har delt det", [("omtalt_kommune", "0615")]),
        ("vi bor i Jylland", [("sted_bredt", "Jylland")]),
        ("min søn på 14 har delt det", [("aldersgruppe", "under_15")]),
        ("hun går i 7. klasse", [("aldersgruppe", "under_15")]),
        ("det ligger på snap", [("platform", "snapchat")]),
        (
            "vi bor i Horsens og min datter på 16 er på insta",
            [("kommune", "0615"), ("aldersgruppe", "15_17"), ("platform", "instagram")],
        ),
        ("de kræver 8700 kr", []),
        ("hvad gør jeg", []),
        ("", []),
    ],
)
def test_entities(text: str, entities: list[tuple[str, Any]]) -> None:
    assert found(text) == entities


def test_place_in_several_kommuner_gives_their_codes() -> None:
    [(name, codes)] = found("vi bor på Als")
    assert name == "sted_flertydigt"
    assert len(codes.split(",")) > 1


def test_positions_and_extractor_are_those_of_the_text() -> None:
    text = "vi bor i Horsens, og han er 14 år"
    for entity in understood(text).get("entities"):
        assert text[entity["start"] : entity["end"]] in ("Horsens", "14 år")
        assert entity["extractor"] == "PamphletEntities"


def test_years_are_kept_beside_the_band() -> None:
    assert understood("han er 14").get("entities")[0]["years"] == 14
    assert understood("7. klasse").get("entities")[0]["years"] is None


def test_other_extractors_entities_are_kept() -> None:
    known = {"entity": "x", "value": "y", "start": 0, "end": 1}
    assert understood("hvad nu", entities=[known]).get("entities") == [known]


def test_language_is_set_only_when_it_is_not_danish() -> None:
    english = "Someone is sharing a picture of my daughter at school"
    assert understood(english).get("language") == "en"
    assert understood("nogen deler et billede af min datter").get("language") is None
