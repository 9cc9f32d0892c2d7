"""Shorter ways through Rasa to the same result.

Each replaces one of Rasa's functions, in the engine's process only; the tests hold both against
each other. What they save: ``docs/decisions/0013-engine-without-tensorflow.md``.
"""

from __future__ import annotations

import asyncio
import json
import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from types import SimpleNamespace
from typing import Any, Coroutine, Dict, List, Optional, Set, Tuple

from jsonschema.validators import validator_for
from rasa.core import processor
from rasa.core.actions.action import RemoteAction
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES, RULES_FOR_LOOP_UNHAPPY_PATH, RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from tarsafe import TarSafe

from assistant.policy import ConversationPolicy

_Turn = Tuple[Optional[str], Optional[str]]
_KINDS_OF_RULES = (RULES, RULES_FOR_LOOP_UNHAPPY_PATH)


def take_shortcuts() -> None:
    """From now on Rasa goes all of them."""
    validate_with_one_validator()
    remember_events()
    compare_with_one_empty_domain()
    copy_nothing_for_debugging()
    look_up_rules()
    listen_after_an_action()
    run_graph_as_it_is()
    understand_beside_each_other()
    compress_models_lightly()


def validate_with_one_validator() -> None:
    """For each answer of an action Rasa has jsonschema prove that its own schema is one
    (https://github.com/RasaHQ/rasa/issues/11717): 50 ms."""
    schema = RemoteAction.action_response_format_spec()
    known = validator_for(schema)(schema)
    thoroughly = RemoteAction._validate_action_result

    def validate(self: RemoteAction, answer: Dict[str, Any]) -> bool:
        return known.is_valid(answer) or thoroughly(self, answer)

    RemoteAction._validate_action_result = validate


def remember_events() -> None:
    """For every event of a conversation, each time it is read, Rasa searches all classes for the
    one with the event's name."""
    Event.resolve_by_type = staticmethod(lru_cache(maxsize=None)(Event.resolve_by_type))


def compare_with_one_empty_domain() -> None:
    """Rasa makes a domain for every message, to see that its own is not as empty."""
    empty = Domain.empty().as_dict()
    Domain.is_empty = lambda self: self.as_dict() == empty


def copy_nothing_for_debugging() -> None:
    """The processor copies slots, entities and replies for lines of debugging that are not
    written; it copies nothing else."""
    processor.copy = SimpleNamespace(deepcopy=lambda value: value)


def look_up_rules() -> None:
    """RulePolicy makes the states of the whole conversation, twice a message, and holds all its
    rules against them, though there is one for every answer. Only those whose last turn is the
    conversation's can apply, and hardly any looks further back."""
    among_all, of_all_turns = RulePolicy._get_possible_keys, RulePolicy._prediction_states

    def candidates(lookup: Dict[str, str], state: State) -> Dict[str, str]:
        intent, action = _turn(state)
        by_turn = _rules_by_last_turn(tuple(lookup))
        turns = {(None, None), (None, action), (intent, action)}
        return {key: lookup[key] for turn in turns for key in by_turn.get(turn, ())}

    def possible_keys(self: RulePolicy, lookup: Dict[str, str], states: List[State]) -> Set[str]:
        return among_all(self, candidates(lookup, states[-1]) if states else lookup, states)

    def prediction_states(
        self: RulePolicy,
        tracker: DialogueStateTracker,
        domain: Domain,
        use_text_for_last_user_input: bool = False,
        **settings: Any,
    ) -> List[State]:
        latest = domain.get_active_state(tracker)
        self.featurizer._choose_last_user_input([[latest]], use_text_for_last_user_input)
        rules = (candidates(self.lookup.get(kind, {}), latest) for kind in _KINDS_OF_RULES)
        if any(len(self._rule_key_to_state(rule)) > 1 for found in rules for rule in found):
            return of_all_turns(self, tracker, domain, use_text_for_last_user_input, **settings)
        return [latest]

    RulePolicy._get_possible_keys = possible_keys
    RulePolicy._prediction_states = prediction_states


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


def listen_after_an_action() -> None:
    """After an action ConversationPolicy always listens, whatever the other policies say: so they
    need not be asked."""
    ask = MessageProcessor._predict_next_with_tracker

    def predict(self: MessageProcessor, tracker: DialogueStateTracker) -> PolicyPrediction:
        if tracker.followup_action or tracker.latest_action_name in (None, ACTION_LISTEN_NAME):
            return ask(self, tracker)
        policy = ConversationPolicy.__name__
        return PolicyPrediction.for_action_name(self.domain, ACTION_LISTEN_NAME, policy)

    MessageProcessor._predict_next_with_tracker = predict


def run_graph_as_it_is() -> None:
    """dask plans the same few nodes anew for every message. Training, where results are large and
    are let go of as soon as they can be, is still dask's."""
    plan_and_run = DaskGraphRunner.run

    def run(
        self: DaskGraphRunner,
        inputs: Optional[Dict[str, Any]] = None,
        targets: Optional[List[str]] = None,
    ) -> Dict[str, Any]:
        if not targets:
            return plan_and_run(self, inputs, targets)
        done = {name: (name, value) for name, value in (inputs or {}).items()}

        def result(name: str) -> Tuple[str, Any]:
            if name not in done:
                needs = self._graph_schema.nodes[name].needs.values()
                done[name] = self._instantiated_nodes[name](*map(result, needs))
            return done[name]

        return dict(map(result, targets))

    DaskGraphRunner.run = run


def understand_beside_each_other() -> None:
    """Rasa understands messages in the event loop, where everybody waits for one; most of it is
    arithmetic that lets other threads run. So messages of different conversations are understood
    in threads; within a conversation Rasa's lock keeps the order."""
    in_the_loop = MessageProcessor.parse_message
    threads = ThreadPoolExecutor(max(2, os.cpu_count() or 0), "understanding")

    async def parse_message(self: MessageProcessor, *args: Any, **settings: Any) -> Dict[str, Any]:
        work = partial(_run_through, in_the_loop(self, *args, **settings))
        return await asyncio.get_running_loop().run_in_executor(threads, work)

    MessageProcessor.parse_message = parse_message


def _run_through(work: Coroutine[Any, Any, Dict[str, Any]]) -> Dict[str, Any]:
    """The result of a coroutine that waits for nothing; an event loop of its own for each message
    would take longer to make than some of its steps."""
    try:
        work.send(None)
    except StopIteration as done:
        return done.value
    work.close()
    raise RuntimeError("Understanding a message waits for something.")


def compress_models_lightly() -> None:
    """A model is numbers: tarfile's strongest compression makes it hardly smaller, and takes ten
    seconds of each training."""
    strongly = TarSafe.gzopen.__func__

    def gzopen(cls: type, *args: Any, **settings: Any) -> TarSafe:
        return strongly(cls, *args, **{"compresslevel": 1, **settings})

    TarSafe.gzopen = classmethod(gzopen)
