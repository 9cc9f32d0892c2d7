"""Rasa's command line, lighter: ``python -m assistant.engine run``, ``train``, ``test``.

Rasa imports all its components at every start, six of them made with TensorFlow: two thirds of
the time to start and half of the memory, for parts that ``config.yml`` does not name. Here those
six are stand-ins that refuse to be used, and the one module that imports TensorFlow for its
helpers is loaded only when one of them is called. What Rasa does for every message with the same
result is done once, and messages are understood beside each other. Everything else is Rasa as it
is, and ``rasa`` itself still works. What it saves:
``docs/decisions/0013-engine-without-tensorflow.md``.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
from abc import ABCMeta
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, Dict, List, NoReturn, Optional, Sequence, Set, Tuple

State = Dict[str, Dict[str, Any]]  # as in Rasa: what a policy sees of one turn
_Turn = Tuple[Optional[str], Optional[str]]

# Rasa's modules that are made with TensorFlow: the component in each, and what it is to a recipe.
COMPONENTS = {
    "rasa.nlu.classifiers.diet_classifier": ("DIETClassifier", "INTENT_CLASSIFIER"),
    "rasa.nlu.selectors.response_selector": ("ResponseSelector", "INTENT_CLASSIFIER"),
    "rasa.nlu.featurizers.dense_featurizer.convert_featurizer": (
        "ConveRTFeaturizer",
        "MESSAGE_FEATURIZER",
    ),
    "rasa.nlu.featurizers.dense_featurizer.lm_featurizer": (
        "LanguageModelFeaturizer",
        "MESSAGE_FEATURIZER",
    ),
    "rasa.core.policies.ted_policy": ("TEDPolicy", "POLICY_WITH_END_TO_END_SUPPORT"),
    "rasa.core.policies.unexpected_intent_policy": (
        "UnexpecTEDIntentPolicy",
        "POLICY_WITHOUT_END_TO_END_SUPPORT",
    ),
}
# Imported by components that are not, and hardly ever called by them.
HELPERS = "rasa.utils.train_utils"


class _Refusing(ABCMeta):
    """A class that cannot be used: whatever it lacks is refused with the reason."""

    def __getattr__(cls, name: str) -> NoReturn:
        if name.startswith("_"):
            raise AttributeError(name)  # looked for by inspection, not by use
        _refuse(cls.__name__)


def _refuse(component: str) -> NoReturn:
    from rasa.shared.exceptions import RasaException

    raise RasaException(
        f"{component} needs TensorFlow, and `python -m assistant.engine` starts Rasa without it. "
        f"Take {component} out of the configuration (or train the model anew without it), or use "
        "the command `rasa` instead, here and in the Procfile."
    )


class _Later(Loader):
    """Runs a module's own code when the first of its names is asked for.

    Not :class:`importlib.util.LazyLoader`: that does it at the second import already.
    """

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        loader = self._loader

        class Waiting(ModuleType):
            def __getattr__(self, name: str) -> Any:
                if name.startswith("__"):
                    raise AttributeError(name)
                self.__class__ = ModuleType
                loader.exec_module(self)
                return getattr(self, name)

        return Waiting(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        pass


class _StandIns(MetaPathFinder, Loader):
    """Finds :data:`COMPONENTS` as modules that hold nothing but a refusing class."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == HELPERS:
            spec = PathFinder.find_spec(name, path, target)
            if spec and spec.loader:
                spec.loader = _Later(spec.loader)
            return spec
        return ModuleSpec(name, self) if name in COMPONENTS else None

    def exec_module(self, module: ModuleType) -> None:
        from rasa.engine.graph import GraphComponent
        from rasa.engine.recipes.default_recipe import DefaultV1Recipe

        name, kind = COMPONENTS[module.__name__]
        component = _Refusing(
            name,
            (GraphComponent,),
            {
                "__module__": module.__name__,
                "create": classmethod(lambda cls, *_, **__: _refuse(name)),
                "load": classmethod(lambda cls, *_, **__: _refuse(name)),
            },
        )
        kind = DefaultV1Recipe.ComponentType[kind]
        setattr(module, name, DefaultV1Recipe.register(kind, is_trainable=True)(component))


def without_tensorflow() -> None:
    """From now on Rasa is imported without TensorFlow. Does nothing the second time."""
    if not any(isinstance(finder, _StandIns) for finder in sys.meta_path):
        sys.meta_path.insert(0, _StandIns())


def without_repetition() -> None:
    """From now on Rasa remembers three things that never change while it runs: that the schema of
    an action's answer is one (https://github.com/RasaHQ/rasa/issues/11717; 50 ms an action), which
    class an event's name stands for (a search through all classes for every event of a
    conversation, each time it is read), and which rules end with which turn (all of them are held
    against the conversation four times a message, and there is one for every answer)."""
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction
    from rasa.core.policies.rule_policy import RulePolicy
    from rasa.shared.core.events import Event

    schema = RemoteAction.action_response_format_spec()
    known = validator_for(schema)(schema)
    thoroughly = RemoteAction._validate_action_result

    def validate(self: RemoteAction, answer: Dict[str, Any]) -> bool:
        return known.is_valid(answer) or thoroughly(self, answer)

    RemoteAction._validate_action_result = validate
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))

    among_all = RulePolicy._get_possible_keys

    def possible_keys(self: RulePolicy, lookup: Dict[str, str], states: List[State]) -> Set[str]:
        if states:
            intent, action = _turn(states[-1])
            by_turn = _rules_by_last_turn(tuple(lookup))
            turns = {(None, None), (None, action), (intent, action)}
            lookup = {key: lookup[key] for turn in turns for key in by_turn.get(turn, ())}
        return among_all(self, lookup, states)

    RulePolicy._get_possible_keys = possible_keys


@lru_cache(maxsize=8)
def _rules_by_last_turn(rules: Tuple[str, ...]) -> Dict[_Turn, List[str]]:
    """RulePolicy's rules, JSON lists of states, by the intent and the action of their last one.

    A rule that does not care about one of the two has None there. One that begins a conversation
    has no action, and is possible whatever the intent is.
    """
    found: Dict[_Turn, List[str]] = {}
    for rule in rules:
        intent, action = _turn(json.loads(rule)[-1])
        found.setdefault((intent if action else None, action), []).append(rule)
    return found


def _turn(state: State) -> _Turn:
    intent = state.get("user", {}).get("intent")
    return intent, state.get("prev_action", {}).get("action_name")


def beside_each_other() -> None:
    """From now on messages of different conversations are understood in threads. Rasa does it in
    the event loop, where everybody waits for one; most of it is arithmetic that lets other threads
    run. Within a conversation Rasa's lock keeps the order."""
    from rasa.core.processor import MessageProcessor

    in_the_loop = MessageProcessor.parse_message
    threads = ThreadPoolExecutor(max(2, os.cpu_count() or 0), "understanding")

    async def parse_message(self: MessageProcessor, *args: Any, **settings: Any) -> Dict[str, Any]:
        work = partial(asyncio.run, in_the_loop(self, *args, **settings))
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    MessageProcessor.parse_message = parse_message


if __name__ == "__main__":
    without_tensorflow()
    without_repetition()
    beside_each_other()

    from rasa.__main__ import main

    main()
