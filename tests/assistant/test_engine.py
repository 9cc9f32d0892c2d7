"""Rasa started without TensorFlow: what is left out refuses."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

import pytest

from assistant.engine import COMPONENTS, _Later

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
