"""Makes intents, utterances and rules out of the content, so that a new answer needs no code:
its file in ``data/`` and its phrases in ``data/nlu`` are enough.
"""

from __future__ import annotations

import copy
import hashlib
from functools import cached_property
from pathlib import Path
from typing import Any, Dict, List, Mapping, Optional, Set, Union

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.exceptions import RasaException
from rasa.shared.importers import utils
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant.history import AFTERWARDS
from content.answers import ACUTE_PAMPHLET
from content.errors import ContentError
from content.library import library
from content.phrases import Phrase, load_phrases

# The rest of data/ is content; Rasa need not (and slowly would) look for training data there.
TRAINING_FOLDERS = ("nlu", "rules", "stories")
_PLAIN = {TEXT, INTENT}


class Example(Message):
    """A phrase with its intent. Rasa copies all of them two dozen times a training, and tells them
    apart by a hash of whatever they may hold; its ways take ten times as long, and there is nothing
    deep in them."""

    def fingerprint(self) -> str:
        if self._cached_fingerprint is None and not self.features and set(self.data) == _PLAIN:
            both = f"{self.data[TEXT]}\0{self.data[INTENT]}"
            self._cached_fingerprint = hashlib.md5(both.encode()).hexdigest()
        return super().fingerprint()

    def __deepcopy__(self, memo: Dict[int, Any]) -> Example:
        other = copy.copy(self)
        other.data = dict(self.data)
        other.features = list(self.features)
        other.output_properties = set(self.output_properties)
        return other


class ContentImporter(RasaFileImporter):
    """Rasa's own importer plus what follows from the answers in ``data/``.

    Every answer of the catalogue that is written or has phrases becomes an intent and an utterance
    of the same name, joined by a rule unless a rule in ``data/rules`` already speaks for that
    intent. The utterances hold only their ids: the wording is read when it is said, so neither an
    edited text nor one that is missing now and there later asks for training.
    """

    def __init__(
        self,
        config_file: Optional[str] = None,
        domain_path: Optional[str] = None,
        training_data_paths: Optional[Union[List[str], str]] = None,
    ) -> None:
        given = (
            [training_data_paths] if isinstance(training_data_paths, str) else training_data_paths
        )
        narrowed: List[str] = []
        for path in given or []:
            folders = [Path(path) / name for name in TRAINING_FOLDERS]
            narrowed += [str(f) for f in folders if f.is_dir()] or [path]
        super().__init__(config_file, domain_path, narrowed)

    def get_domain(self) -> Domain:
        rules = self._all_rules()
        spoken = {
            event.action_name
            for step in rules.story_steps
            for event in step.events
            if isinstance(event, ActionExecuted) and (event.action_name or "").startswith("utter_")
        }
        responses = {name: [{"text": name}] for name in sorted(spoken)}
        return self._domain_with_intents().merge(Domain.from_dict({"responses": responses}))

    def _domain_with_intents(self) -> Domain:
        intents = Domain.from_dict({"intents": sorted(self._answers)})
        return super().get_domain().merge(intents)

    def get_nlu_data(self, language: Optional[str] = "en") -> TrainingData:
        """The phrases. Rasa reads and validates the same files five times a training, in pure
        Python: more than a minute, where reading them so takes a second."""
        return TrainingData([Example({TEXT: p.text, INTENT: p.intent}) for p in self._phrases])

    def get_stories(self, exclusion_percentage: Optional[int] = None) -> StoryGraph:
        return self._all_rules()

    def _all_rules(self) -> StoryGraph:
        """The rules in ``data/rules`` and those that follow from the answers."""
        written = utils.story_graph_from_paths(self._story_files, self._domain_with_intents())
        spoken_for: Set[str] = {
            event.intent_name
            for step in written.story_steps
            for event in step.events
            if isinstance(event, UserUttered) and event.intent_name
        }
        rules = []
        for id_ in self._answers:
            if id_ in spoken_for:
                continue
            turn = [{"intent": id_}, {"action": f"utter_{id_}"}]
            rules.append({"rule": id_, "steps": turn})
            if id_ in self._acute:
                again = [{"intent": id_}, {"action": f"utter_{id_}{AFTERWARDS}"}]
                rules.append({"rule": f"{id_} goes on", "steps": [*turn, *again]})
        made = YAMLStoryReader().read_from_parsed_yaml({"version": "3.1", "rules": rules})
        return written.merge(StoryGraph(made))

    @cached_property
    def _phrases(self) -> List[Phrase]:
        try:
            return [p for path in self._nlu_files for p in load_phrases(Path(path))]
        except ContentError as error:
            raise RasaException(str(error)) from None

    @cached_property
    def _answers(self) -> List[str]:
        """The ids a parent can be led to. One whose file cannot be read now may be read later;
        till then the wording says that it is missing."""
        edition = library().current()
        phrased = {phrase.intent for phrase in self._phrases}
        return [id_ for id_ in edition.catalogue.ids if id_ in edition.answers or id_ in phrased]

    @property
    def _acute(self) -> Mapping[str, str]:
        """Those that go on when the parent does. What they say then may be written later too."""
        return library().current().catalogue.pamphlets.get(ACUTE_PAMPHLET, {})
