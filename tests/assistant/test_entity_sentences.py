"""How well place, age, platform and role are read: ``entities.yml`` holds the sentences."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.shared.nlu.training_data.message import Message

from assistant.entities import PamphletEntities
from assistant.roles import find_role
from content.library import library

SENTENCES: list[dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("entities.yml").read_text(encoding="utf-8")
)
LOWEST_F1 = 0.95


def found(text: str, *names: str) -> list[dict[str, Any]]:
    [message] = PamphletEntities().process([Message({"text": text})])
    return [entity for entity in message.get("entities") if entity["entity"] in names]


def kommuner(text: str) -> set[str]:
    """The kommune a question about SSP is answered with: the last one named."""
    named = found(text, "kommune", "omtalt_kommune")[-1:]
    return {library().current().kommuner[entity["value"]].kortnavn for entity in named}


def years(text: str) -> set[int]:
    return {entity["years"] for entity in found(text, "aldersgruppe")} - {None}


def age_bands(text: str) -> set[str]:
    return {entity["value"].replace("15_17", "15-17") for entity in found(text, "aldersgruppe")}


def platforms(text: str) -> set[str]:
    return {entity["value"] for entity in found(text, "platform")}


def roles(text: str) -> set[str]:
    role = find_role(text)
    return {role} if role else set()


READERS: dict[str, Callable[[str], set[Any]]] = {
    "kommune": kommuner,
    "alder": years,
    "aldersgruppe": age_bands,
    "platform": platforms,
    "rolle": roles,
}


def labels(case: dict[str, Any], kind: str) -> set[Any]:
    label = case[kind]
    return set(label) if isinstance(label, list) else {label} - {None}


@pytest.mark.parametrize("kind", READERS)
def test_f1(kind: str) -> None:
    correct = superfluous = missed = 0
    failing = []
    for case in SENTENCES:
        said, read = labels(case, kind), READERS[kind](case["text"])
        correct += len(said & read)
        superfluous += len(read - said)
        missed += len(said - read)
        if said != read:
            failing.append(f"{sorted(said)} read as {sorted(read)}: {case['text']}")
    precision, recall = correct / (correct + superfluous), correct / (correct + missed)
    f1 = 2 * correct / (2 * correct + superfluous + missed)
    print(f"{kind}: precision {precision:.3f}, recall {recall:.3f}, F1 {f1:.3f}")
    assert f1 >= LOWEST_F1, "\n".join([f"{kind}: F1 {f1:.3f}", *failing])


def test_the_sentences_are_300_different_ones_labelled_with_what_exists() -> None:
    assert len({case["text"] for case in SENTENCES}) == len(SENTENCES) == 300
    known = {kommune.kortnavn for kommune in library().current().kommuner.values()}
    assert {case["kommune"] for case in SENTENCES} - {None} <= known


@pytest.mark.parametrize("kind", READERS)
def test_every_kind_is_there_and_not_there(kind: str) -> None:
    assert sum(bool(labels(case, kind)) for case in SENTENCES) >= 60
    assert sum(not labels(case, kind) for case in SENTENCES) >= 90
