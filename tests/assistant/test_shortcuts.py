"""The shortcuts through Rasa lead where its own ways lead."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
import threading
from itertools import product
from pathlib import Path
from typing import Callable, Dict, List, Optional, Tuple

import pytest
from jsonschema import ValidationError
from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.graph import ExecutionContext, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, FollowupAction, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses
from tarsafe import TarSafe

from assistant.policy import ConversationPolicy
from assistant.shortcuts import (
    compare_with_one_empty_domain,
    compress_models_lightly,
    copy_nothing_for_debugging,
    listen_after_an_action,
    look_up_rules,
    remember_events,
    run_graph_as_it_is,
    understand_beside_each_other,
    validate_with_one_validator,
)


@pytest.fixture
def put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the shortcuts replace is put back after the test."""
    changed = (
        (RemoteAction, "_validate_action_result"),
        (Event, "resolve_by_type"),
        (RulePolicy, "_get_possible_keys"),
        (RulePolicy, "_prediction_states"),
        (Domain, "is_empty"),
        (processor, "copy"),
        (MessageProcessor, "_predict_next_with_tracker"),
        (DaskGraphRunner, "run"),
        (MessageProcessor, "parse_message"),
        (TarSafe, "gzopen"),
    )
    for owner, name in changed:
        # Inherited ones are taken away afterwards.
        monkeypatch.setattr(owner, name, vars(owner).get(name) or getattr(owner, name))


def test_the_answers_of_actions_are_still_checked(put_back: None) -> None:
    validate_with_one_validator()
    action = RemoteAction("action_afklaring", None)
    slot = {"event": "slot", "name": "kommune", "value": "0615"}
    assert action._validate_action_result({"events": [slot], "responses": [{"text": "Hej"}]})
    for wrong in ({"events": [{"event": "unknown"}]}, {"responses": ["Hej"]}, []):
        with pytest.raises(ValidationError, match="Failed to validate Action server response"):
            action._validate_action_result(wrong)


def test_events_are_what_they_were(put_back: None) -> None:
    names = [kind.type_name for kind in all_subclasses(Event)]
    before = [Event.resolve_by_type(name) for name in names]
    remember_events()
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
    look_up_rules()
    assert [policy._get_possible_keys(rules, states) for states in conversations] == before
    assert len({len(found) for found in before}) > 5


def test_the_rules_say_the_same_after_the_latest_turn_as_after_all(put_back: None) -> None:
    domain = Domain.load("domain.yml")
    intents = ("tak", "hilsen", "selvmordstanker", "afpresning")
    acute = [
        {"user": {"intent": "selvmordstanker"}, "prev_action": {"action_name": ACTION_LISTEN_NAME}},
        {
            "user": {"intent": "selvmordstanker"},
            "prev_action": {"action_name": "utter_selvmordstanker"},
        },
    ]
    rules = {json.dumps([*acute, acute[0]]): "utter_selvmordstanker_bagefter"}
    for intent in intents[1:]:
        latest = {**acute[0], "user": {"intent": intent}}
        rules[json.dumps([latest])] = f"utter_{intent}"
    lookup = {"rules": rules, "rules_for_loop_unhappy_path": {}}
    context = ExecutionContext(GraphSchema({}))
    policy = RulePolicy(RulePolicy.get_default_config(), None, None, context, lookup=lookup)

    def actions() -> List[Optional[str]]:
        found = []
        for said in product(intents, repeat=3):
            tracker = DialogueStateTracker("tester", domain.slots)
            for intent in said:
                turn = [ActionExecuted(ACTION_LISTEN_NAME), UserUttered(intent, {"name": intent})]
                tracker.update_with_events(turn, domain)
                for by_text in (True, False):
                    found.append(policy._find_action_from_rules(tracker, domain, by_text)[0])
                tracker.update(ActionExecuted(f"utter_{intent}"), domain)
        return found

    before = actions()
    look_up_rules()
    assert actions() == before
    assert {None, "utter_hilsen", "utter_selvmordstanker_bagefter"} < set(before)


def test_an_empty_domain_is_told_from_another(put_back: None) -> None:
    compare_with_one_empty_domain()
    assert Domain.empty().is_empty()
    assert not Domain.load("domain.yml").is_empty()


def test_the_processor_copies_only_for_debugging(put_back: None) -> None:
    """What copy_nothing_for_debugging() takes for granted."""
    lines = inspect.getsource(processor).splitlines()
    copies = [line.strip() for line in lines if "copy." in line]
    assert len(copies) == 6
    assert all(re.fullmatch(r".*\w+=copy\.deepcopy\(.*\),?", line) for line in copies)
    copy_nothing_for_debugging()
    assert processor.copy.deepcopy(copies) is copies


def test_rasa_listens_after_an_action_without_asking_the_policies(
    put_back: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MessageProcessor, "_predict_next_with_tracker", lambda *_: "asked")
    listen_after_an_action()
    processor = MessageProcessor.__new__(MessageProcessor)
    processor.domain = Domain.load("domain.yml")
    policy = ConversationPolicy.__new__(ConversationPolicy)
    tracker = DialogueStateTracker("tester", [])
    predict = processor._predict_next_with_tracker
    assert predict(tracker) == "asked"
    said = UserUttered("hvad er SSP", {"name": "hvad_er_ssp"})
    tracker.update_with_events([ActionExecuted(ACTION_LISTEN_NAME), said], processor.domain)
    assert predict(tracker) == "asked"
    tracker.update(ActionExecuted("utter_hvad_er_ssp"), processor.domain)
    listening = processor.domain.index_for_action(ACTION_LISTEN_NAME)
    assert predict(tracker).max_confidence_index == listening
    assert policy._next_action(tracker) == ACTION_LISTEN_NAME  # what it would have said
    tracker.update(FollowupAction("utter_tak"), processor.domain)
    assert predict(tracker) == "asked"


def test_a_graph_gives_what_dask_gives(put_back: None) -> None:
    needs = {"a": ["in"], "b": ["a", "other"], "c": ["a"], "d": ["c", "b"], "e": ["missing"]}
    runs = []

    def node(name: str) -> Callable[..., Tuple[str, str]]:
        def run(*given: Tuple[str, str]) -> Tuple[str, str]:
            runs.append(name)
            return name, f"{name}({' '.join(value for _, value in given)})"

        return run

    def schema_node(name: str) -> SchemaNode:
        return SchemaNode({f"p{i}": n for i, n in enumerate(needs[name])}, object, "", "", {})

    runner = DaskGraphRunner.__new__(DaskGraphRunner)
    runner._graph_schema = GraphSchema({name: schema_node(name) for name in needs})
    runner._instantiated_nodes = {name: node(name) for name in needs}
    runner._execution_context = None
    given = ({"in": "text", "other": "tracker"}, ["d", "c"])
    before = runner.run(*given)
    assert before == {"d": "d(c(a(text)) b(a(text) tracker))", "c": "c(a(text))"}
    runs.clear()
    run_graph_as_it_is()
    assert runner.run(*given) == before
    assert sorted(runs) == ["a", "b", "c", "d"]


def test_messages_are_understood_beside_each_other(
    put_back: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    both_are_in = threading.Barrier(2, timeout=30)

    async def parse_message(self: None, text: str) -> dict:
        both_are_in.wait()  # one after the other would wait here for good
        return {"text": text}

    monkeypatch.setattr(MessageProcessor, "parse_message", parse_message)
    understand_beside_each_other()

    async def two() -> list:
        return await asyncio.gather(*(MessageProcessor.parse_message(None, t) for t in "ab"))

    assert [parsed["text"] for parsed in asyncio.run(two())] == ["a", "b"]


def test_understanding_that_waits_is_refused(
    put_back: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def parse_message(self: None, text: str) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(MessageProcessor, "parse_message", parse_message)
    understand_beside_each_other()
    with pytest.raises(RuntimeError, match="waits"):
        asyncio.run(MessageProcessor.parse_message(None, "a"))


def test_a_packed_model_is_the_same(put_back: None, tmp_path: Path) -> None:
    (tmp_path / "model").write_bytes(bytes(range(256)) * 1000)
    compress_models_lightly()
    with TarSafe.open(tmp_path / "model.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "model", arcname="model")
    (tmp_path / "unpacked").mkdir()
    with TarSafe.open(tmp_path / "model.tar.gz", mode="r:gz") as tar:
        tar.extractall(tmp_path / "unpacked")
    packed, unpacked = (tmp_path / name / "model" for name in (".", "unpacked"))
    assert unpacked.read_bytes() == packed.read_bytes()
