"""Rasa started without TensorFlow: what is left out refuses, and what is remembered is the same."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import threading
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from itertools import product
from pathlib import Path
from typing import Dict, Optional

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

from assistant.engine import COMPONENTS, _Later, beside_each_other, without_repetition

# In a process of its own: this one has TensorFlow, as whatever starts Rasa itself.
LIGHT = """
import json, sys
from assistant.engine import COMPONENTS, without_tensorflow
without_tensorflow()
from rasa.__main__ import main  # the command line
import rasa.core.run, rasa.model_training
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.validation import validate
from rasa.graph_components.validators import default_recipe_validator
from rasa.shared.data import TrainingType
from rasa.shared.exceptions import RasaException
from rasa.shared.utils.io import read_config_file

def refusal(config):
    try:
        kind = TrainingType.NLU if "pipeline" in config else TrainingType.CORE
        recipe = DefaultV1Recipe().graph_config_for_recipe({**ours, **config}, {}, kind)
        validate(recipe)
    except RasaException as error:
        return str(error)

ours = read_config_file("config.yml")
validate(DefaultV1Recipe().graph_config_for_recipe(ours, {}))
del ours["pipeline"], ours["policies"]
refusals = {}
for module, (name, kind) in COMPONENTS.items():
    part = "policies" if kind.startswith("POLICY") else "pipeline"
    refusals[name] = [refusal({part: [{"name": n}]}) for n in (name, f"{module}.{name}")]
print(json.dumps({"loaded": [n for n in ("tensorflow", "keras") if n in sys.modules],
                  "refusals": refusals}))
"""


@pytest.fixture(scope="module")
def light() -> dict:
    done = subprocess.run([sys.executable, "-c", LIGHT], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_our_configuration_is_served_and_trained_without_tensorflow(light: dict) -> None:
    assert light["loaded"] == []


def test_a_component_that_needs_tensorflow_says_so(light: dict) -> None:
    assert len(light["refusals"]) == len(COMPONENTS)
    for name, refusals in light["refusals"].items():
        for refusal in refusals:
            assert refusal and f"{name} needs TensorFlow" in refusal


def test_helpers_are_run_when_they_are_used(tmp_path: Path) -> None:
    path = tmp_path / "helpers.py"
    path.write_text("import sys\nsys.ran = True\ndef help():\n    return 1\n")
    loader = _Later(SourceFileLoader("helpers", str(path)))
    spec = spec_from_loader("helpers", loader, origin=str(path))
    module = module_from_spec(spec)
    loader.exec_module(module)
    assert not hasattr(module, "__path__") and not hasattr(sys, "ran")  # looked at, not used
    try:
        assert module.help() == 1 and sys.ran
    finally:
        del sys.ran
    with pytest.raises(AttributeError):
        module.missing  # noqa: B018


@pytest.fixture
def put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """What :func:`without_repetition` changes is put back after the test."""
    changed = (
        (RemoteAction, "_validate_action_result"),
        (Event, "resolve_by_type"),
        (RulePolicy, "_get_possible_keys"),
    )
    for owner, name in changed:
        monkeypatch.setattr(owner, name, vars(owner)[name])


def test_the_answers_of_actions_are_still_checked(put_back: None) -> None:
    without_repetition()
    action = RemoteAction("action_afklaring", None)
    slot = {"event": "slot", "name": "kommune", "value": "0615"}
    assert action._validate_action_result({"events": [slot], "responses": [{"text": "Hej"}]})
    for wrong in ({"events": [{"event": "unknown"}]}, {"responses": ["Hej"]}, []):
        with pytest.raises(ValidationError, match="Failed to validate Action server response"):
            action._validate_action_result(wrong)


def test_events_are_what_they_were(put_back: None) -> None:
    names = [kind.type_name for kind in all_subclasses(Event)]
    before = [Event.resolve_by_type(name) for name in names]
    without_repetition()
    for _ in range(2):
        assert [Event.resolve_by_type(name) for name in names] == before
        with pytest.raises(ValueError, match="Unknown event"):
            Event.resolve_by_type("unknown")


def test_the_rules_that_apply_are_the_same(put_back: None) -> None:
    def rule(*turns: Dict[str, Dict[str, str]]) -> str:
        return json.dumps(list(turns))

    def turn(intent: Optional[str], action: Optional[str]) -> Dict[str, Dict[str, str]]:
        user = {"user": {"intent": intent}} if intent else {}
        return {**user, **({"prev_action": {"action_name": action}} if action else {})}

    intents, actions = (None, "tak", "hilsen"), (None, "action_listen", "utter_tak")
    turns = [turn(intent, action) for intent, action in product(intents, actions)]
    rules = {rule(*those): "an action" for n in (1, 2) for those in product(turns, repeat=n)}
    conversations = [list(those) for n in (0, 1, 2, 3) for those in product(turns, repeat=n)]
    policy = RulePolicy.__new__(RulePolicy)
    before = [policy._get_possible_keys(rules, states) for states in conversations]
    without_repetition()
    assert [policy._get_possible_keys(rules, states) for states in conversations] == before
    assert len({len(found) for found in before}) > 5


def test_messages_are_understood_beside_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    both_are_in = threading.Barrier(2, timeout=30)

    async def parse_message(self: None, text: str) -> dict:
        both_are_in.wait()  # one after the other would wait here for good
        return {"text": text}

    monkeypatch.setattr(MessageProcessor, "parse_message", parse_message)
    beside_each_other()

    async def two() -> list:
        return await asyncio.gather(*(MessageProcessor.parse_message(None, t) for t in "ab"))

    assert [parsed["text"] for parsed in asyncio.run(two())] == ["a", "b"]
