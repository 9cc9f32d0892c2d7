"""The parts that live as long as the process, made once and shared by all requests."""

from __future__ import annotations

from dataclasses import dataclass

from environment import Environment
from web.conversations import Conversations
from web.engine import Engine
from web.limits import Limits
from web.texts import Texts


@dataclass(frozen=True)
class Services:
    """Everything a view needs."""

    environment: Environment
    texts: Texts
    engine: Engine
    conversations: Conversations
    limits: Limits


_current: Services | None = None


def build(environment: Environment, texts: Texts, engine: Engine) -> Services:
    """Services made of the given parts."""
    conversations = Conversations(environment, texts, engine)
    return Services(environment, texts, engine, conversations, Limits(environment))


def use(services: Services | None) -> None:
    """Makes these the process's services; None lets the next request make the usual ones."""
    global _current
    _current = services


def current() -> Services:
    """The process's services."""
    global _current
    if _current is None:
        from content.library import library
        from web.settings import ENVIRONMENT

        engine = Engine(ENVIRONMENT.engine_url, ENVIRONMENT.engine_timeout)
        _current = build(ENVIRONMENT, Texts(library()), engine)
    return _current
