"""The action server must run every action the domain names, and no other."""

from __future__ import annotations

import yaml
from rasa_sdk.executor import ActionExecutor

import actions
from environment import ROOT


def test_the_action_server_registers_what_the_domain_names() -> None:
    executor = ActionExecutor()
    executor.register_package(actions.__name__)
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    assert sorted(executor.actions) == sorted(domain["actions"])
