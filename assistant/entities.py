"""Entities: place (kommune), the child's age and the platform, as one Rasa component."""

from __future__ import annotations

import re
from typing import Any, Dict, List

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from assistant.ages import find_age
from assistant.component import StatelessComponent
from assistant.language import foreign_language
from assistant.platforms import find_platforms
from content.library import library


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class PamphletEntities(StatelessComponent, EntityExtractorMixin):
    """Finds the entities ``kommune`` (the family's own; value = four-digit code),
    ``omtalt_kommune`` (any other mention), ``sted_flertydigt`` (codes, comma between),
    ``sted_bredt``, ``aldersgruppe`` (with ``years`` when the text says them) and ``platform``;
    sets ``language`` (ISO 639-1) on messages that are not in Danish.
    """

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT) or ""
            found = [*_places(text), *_ages(text), *_platforms(text)]
            for entity in found:
                entity["extractor"] = type(self).__name__
            message.set("language", foreign_language(text), add_to_output=True)
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def _places(text: str) -> List[Dict[str, Any]]:
    found = []
    for place in library().current().gazetteer.find(text):
        if place.too_broad:
            name, value = "sted_bredt", place.text
        elif place.kommune is None:
            name, value = "sted_flertydigt", ",".join(place.candidates)
        else:
            # "vi bor i Odder" says where the family lives; "en dreng fra Odder" does not.
            alone = not re.search(r"\w", text[: place.start] + text[place.end :])
            name = "kommune" if place.home or alone else "omtalt_kommune"
            value = place.kommune
        found.append(_entity(name, value, place.start, place.end))
    return found


def _ages(text: str) -> List[Dict[str, Any]]:
    age = find_age(text)
    return (
        [{**_entity("aldersgruppe", age.band, age.start, age.end), "years": age.years}]
        if age
        else []
    )


def _platforms(text: str) -> List[Dict[str, Any]]:
    return [_entity("platform", name, start, end) for start, end, name in find_platforms(text)]


def _entity(name: str, value: Any, start: int, end: int) -> Dict[str, Any]:
    return {"entity": name, "value": value, "start": start, "end": end, "confidence_entity": 1.0}
