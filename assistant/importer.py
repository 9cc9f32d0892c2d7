"""Makes intents, utterances and rules out of the content, so that a new answer needs no code:
its file in ``data/`` and its phrases in ``data/nlu`` are enough.
"""

from __future__ import annotations

from pathlib import Path
from typing import List, Optional, Set, Text, Union

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.importers.rasa import RasaFileImporter

from assistant.history import AFTERWARDS
from content.answers import Answer
from content.library import library

# The rest of data/ is content; Rasa need not (and slowly would) look for training data there.
TRAINING_FOLDERS = ("nlu", "rules", "stories")


class ContentImporter(RasaFileImporter):
    """Rasa's own importer plus what follows from the answers in ``data/``.

    Every written answer becomes an intent and an utterance of the same name, joined by a rule
    unless a rule in ``data/rules`` already speaks for that intent. The utterances hold only
    their ids: the wording is read when it is said, and an edited text never asks for training.
    """

    def __init__(
        self,
        config_file: Optional[Text] = None,
        domain_path: Optional[Text] = None,
        training_data_paths: Optional[Union[List[Text], Text]] = None,
    ) -> None:
        given = (
            [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths
        )
        narrowed: List[Text] = []
        for path in given or []:
            folders = [Path(path) / name for name in TRAINING_FOLDERS]
            narrowed += [str(f) for f in folders if f.is_dir()] or [path]
        super().__init__(config_file, domain_path, narrowed)

    def get_domain(self) -> Domain:
        answers = self._answers()
        messages = library().current().messages
        utterances = [
            *answers,
            *(f"{a.id}{AFTERWARDS}" for a in answers.values() if a.afterwards),
            *(id_ for id_ in messages if not id_.startswith(("fejl_", "knap_"))),
        ]
        return super().get_domain().merge(
            Domain.from_dict(
                {
                    "intents": sorted(answers),
                    "responses": {f"utter_{id_}": [{"text": id_}] for id_ in utterances},
                }
            )
        )

    def get_stories(self, exclusion_percentage: Optional[int] = None) -> StoryGraph:
        written = super().get_stories(exclusion_percentage)
        spoken_for: Set[Text] = {
            event.intent_name
            for step in written.story_steps
            for event in step.events
            if isinstance(event, UserUttered) and event.intent_name
        }
        rules = {
            "version": "3.1",
            "rules": [
                {"rule": id_, "steps": [{"intent": id_}, {"action": f"utter_{id_}"}]}
                for id_ in self._answers()
                if id_ not in spoken_for
            ],
        }
        return written.merge(StoryGraph(YAMLStoryReader().read_from_parsed_yaml(rules)))

    @staticmethod
    def _answers() -> dict[Text, Answer]:
        return dict(library().current().answers)
