"""Parents meet another web replica at every message; the two share the engine and a key."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import httpx
import pytest
from conftest import CARD, FakeEngine

from web import services
from web.conversations import Conversations
from web.refusal import Refusal

pytestmark = pytest.mark.anyio


def down(request: httpx.Request) -> None:
    raise httpx.ConnectError("refused")


@pytest.fixture
def replicas(running: services.Services) -> tuple[Conversations, Conversations]:
    environment = replace(running.environment, secret_key="the same in both")
    one, other = (Conversations(environment, running.texts, running.engine) for _ in range(2))
    return one, other


async def ids(conversations: Conversations, id_: str, text: str = "hej") -> list[Any]:
    return [m["answer"] for m in await conversations.say(id_, text=text, choice=None)]


async def test_a_conversation_goes_on_with_another(
    replicas: tuple[Conversations, Conversations],
) -> None:
    one, other = replicas
    id_, _ = await one.start(None)
    assert await ids(other, id_) == await ids(one, id_) == ["afpresning"]


async def test_the_safe_answer_has_the_pages_kommune_wherever_it_is_given(
    replicas: tuple[Conversations, Conversations], engine: FakeEngine
) -> None:
    one, other = replicas
    id_, _ = await one.start("0615")
    engine.fault = down
    (message,) = await other.say(id_, text="hej", choice=None)
    assert message["answer"] is None
    assert message["contact"] == CARD


async def test_a_conversation_born_without_the_engine_is_begun_by_another(
    replicas: tuple[Conversations, Conversations], engine: FakeEngine
) -> None:
    one, other = replicas
    engine.fault = down
    id_, _ = await one.start("0615")
    engine.fault = None
    assert await ids(other, id_) == ["afpresning"]
    assert engine.known == {id_: "0615"}
    begun = len(engine.requests)
    assert await ids(one, id_) == ["afpresning"]
    assert len(engine.requests) == begun + 1  # not begun a second time


async def test_deleted_before_it_began_it_does_not_begin(
    replicas: tuple[Conversations, Conversations], engine: FakeEngine
) -> None:
    one, _ = replicas
    engine.fault = down
    id_, _ = await one.start(None)
    engine.fault = None
    await one.delete(id_)
    with pytest.raises(Refusal) as caught:
        await one.say(id_, text="hej", choice=None)
    assert caught.value.status == 404


async def test_an_id_of_a_forgotten_conversation_begins_nothing(
    replicas: tuple[Conversations, Conversations], engine: FakeEngine
) -> None:
    one, other = replicas
    id_, _ = await one.start("0615")
    engine.known.clear()
    with pytest.raises(Refusal) as caught:
        await other.say(id_, text="hej", choice=None)
    assert caught.value.status == 404
    assert engine.known == {}
