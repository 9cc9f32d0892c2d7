"""Rasa's command line, lighter: ``python -m assistant.engine run``, ``train``, ``test``.

Rasa imports all its components at every start, six of them made with TensorFlow: two thirds of
the time to start and half of the memory, for parts that ``config.yml`` does not name. Here those
six are stand-ins that refuse to be used, and the one module that imports TensorFlow for its
helpers is loaded only when one of them is called. With the shortcuts of
:mod:`assistant.shortcuts`, everything else is Rasa as it is, and ``rasa`` itself still works. What
it saves:
``docs/decisions/0013-engine-without-tensorflow.md``.
"""

from __future__ import annotations

import sys
from abc import ABCMeta
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any, NoReturn, Sequence

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


if __name__ == "__main__":
    without_tensorflow()

    from rasa.__main__ import main

    from assistant.shortcuts import take_shortcuts

    take_shortcuts()

    main()
