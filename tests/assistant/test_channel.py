"""The private channel, over HTTP on a free local port."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable, Coroutine
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.shared.core.events import SessionStarted, SlotSet, UserUttered
from sanic import Sanic

from assistant.channel import PrivateChannel, payload_of
from environment import BadSetting

INTENTS = ["start", "gem_bevis", "oplyser_sted"]
ID = "samtale-1234567890"
MARK = "HEMMELIGT-MÆRKE-7391"


@pytest.mark.parametrize(
    ("choice", "payload"),
    [
        ("gem_bevis", "/gem_bevis"),
        ("kommune:0615", '/oplyser_sted{"kommune": "0615"}'),
        ("kommune:615", None),
        ('kommune:0615"}', None),
        ("kommune:0615\n", None),
        ("alder:under_15", '/oplyser_alder{"aldersgruppe": "under_15"}'),
        ("alder:16", None),
        ("rolle:vist", '/oplyser_rolle{"rolle": "vist"}'),
        ("rolle:andet", None),
        ("findes_ikke", None),
        ('gem_bevis{"kommune": "0615"}', None),
        ("/gem_bevis", None),
        ("restart", None),
        ("", None),
        (None, None),
        (7, None),
        (["gem_bevis"], None),
    ],
)
def test_payload_of_a_choice(choice: Any, payload: str | None) -> None:
    assert payload_of(choice, INTENTS) == payload


class Engine:
    """Rasa's side of the channel: an agent with conversations, and what was said to it."""

    def __init__(self) -> None:
        self.known: dict[str, str | None] = {}
        self.made_anew_by: str | None = None
        self.said: list[UserMessage] = []
        self.fault: Callable[[], Coroutine[Any, Any, None]] | None = None
        self.is_ready = lambda: True
        self.domain = SimpleNamespace(intents=INTENTS)
        self.tracker_store = self
        self.lock_store = InMemoryLockStore()

    async def exists(self, id_: str) -> bool:
        return id_ in self.known

    async def events(self, id_: str) -> list[dict[str, Any]]:
        if id_ not in self.known:
            return []
        slots = [SlotSet("kommune", code) for code in ("0101", self.known[id_])]
        events = [SessionStarted(), UserUttered(self.made_anew_by or "/start"), *slots]
        return [event.as_dict() for event in events]

    async def delete(self, id_: str) -> None:
        self.known.pop(id_, None)

    async def handle(self, message: UserMessage) -> None:
        if self.fault:
            await self.fault()
        self.said.append(message)
        self.known.setdefault(message.sender_id, None)
        custom = {"answer": "gem_bevis", "choices": [{"label": "A", "choice": "tak"}]}
        await message.output_channel.send_response("x", {"text": "Gem det.", "custom": custom})


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("ENGINE_TIMEOUT_SECONDS", "1")
    monkeypatch.setattr(Sanic, "test_mode", True)  # else one application in a process
    return Engine()


def talk(engine: Engine, *requests: tuple[str, str, Any]) -> list[tuple[int, Any]]:
    """:func:`talking`, from code that does not wait."""
    return asyncio.run(talking(engine, *requests))


async def talking(engine: Engine, *requests: tuple[str, str, Any]) -> list[tuple[int, Any]]:
    """Status and body of each request ``(method, path, JSON or raw bytes)``, one by one."""
    app = Sanic("channel", register=False, configure_logging=False)
    app.ctx.agent = engine
    app.blueprint(PrivateChannel().blueprint(engine.handle))
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = await app.create_server(sock=listening, return_asyncio_server=True)
    await server.startup()
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    replies: list[tuple[int, Any]] = []
    async with aiohttp.ClientSession(address) as client:
        for method, path, body in requests:
            sent = {"data": body} if isinstance(body, bytes) else {"json": body}
            async with client.request(method, path, **sent) as reply:
                text = reply.content_type == "application/json"
                replies.append((reply.status, await reply.json() if text else None))
    server.close()
    await server.wait_closed()
    return replies


def message(body: Any, id_: str = ID) -> tuple[str, str, Any]:
    return ("POST", f"/conversations/{id_}/messages", body)


def started(kommune: str | None = None) -> tuple[str, str, Any]:
    return ("POST", "/conversations", {"conversation": ID, "kommune": kommune})


# --- starting -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kommune", "payload"),
    [
        (None, "/start"),
        ("0615", '/start{"kommune": "0615"}'),
        ('0615"}', "/start"),
        ("Horsens", "/start"),
        (615, "/start"),
    ],
)
def test_start(engine: Engine, kommune: Any, payload: str) -> None:
    [(status, body)] = talk(
        engine, ("POST", "/conversations", {"conversation": ID, "kommune": kommune})
    )
    assert status == 200
    assert [m["answer"] for m in body["messages"]] == ["gem_bevis"]
    assert [m.text for m in engine.said] == [payload]
    assert engine.said[0].sender_id == ID


@pytest.mark.parametrize(
    "id_", [None, "", "kort", "x" * 65, "../../../../etc/passwd", "a b" * 8, 7]
)
def test_bad_id_is_refused(engine: Engine, id_: Any) -> None:
    [(status, _)] = talk(engine, ("POST", "/conversations", {"conversation": id_}))
    assert status == 400
    assert engine.said == []


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b'"x"'])
def test_body_that_is_no_object_is_refused(engine: Engine, body: bytes) -> None:
    [(status, _)] = talk(engine, ("POST", "/conversations", body))
    assert status >= 400
    assert engine.said == []


# --- saying and choosing --------------------------------------------------------------------------


def test_reply_brings_messages_and_the_kommune(engine: Engine) -> None:
    engine.known[ID] = "0615"
    [(status, body)] = talk(engine, message({"text": "hvordan gemmer jeg det"}))
    assert status == 200
    assert body["kommune"] == "0615"
    assert body["messages"] == [
        {"answer": "gem_bevis", "choices": [{"label": "A", "choice": "tak"}], "text": "Gem det."}
    ]


@pytest.mark.parametrize("id_", ["samtale-ukendt-1234567", "kort"])
def test_unknown_conversation_is_not_found(engine: Engine, id_: str) -> None:
    [(status, _)] = talk(engine, message({"text": "hej"}, id_))
    assert status == 404
    assert engine.said == []


@pytest.mark.parametrize(
    "text",
    ["/start", "//start", " / /start", "\t/start", "\u00a0/start", "\r\n/start", "\u2028/start"],
)
def test_leading_slash_is_no_command(engine: Engine, text: str) -> None:
    talk(engine, started(), message({"text": text}))
    assert engine.said[-1].text == "start"


def test_choice_is_a_payload_and_an_unknown_one_is_refused(engine: Engine) -> None:
    replies = talk(
        engine, started(), message({"choice": "gem_bevis"}), message({"choice": "restart"})
    )
    assert [status for status, _ in replies] == [200, 200, 400]
    assert [m.text for m in engine.said] == ["/start", "/gem_bevis"]


def test_client_cannot_choose_channel_or_metadata(engine: Engine) -> None:
    talk(engine, started(), message({"text": "hej", "metadata": {"a": 1}, "input_channel": "x"}))
    assert engine.said[-1].input_channel == "samtale"
    assert not engine.said[-1].metadata


# --- deleting, not ready, faults ------------------------------------------------------------------


def test_message_whose_conversation_is_deleted_meanwhile_does_not_bring_it_back(
    engine: Engine,
) -> None:
    async def deleted_meanwhile() -> None:
        engine.known.pop(ID)
        engine.made_anew_by = MARK

    engine.known[ID] = None
    engine.fault = deleted_meanwhile
    [(status, body)] = talk(engine, message({"text": MARK}))
    assert (status, body) == (404, {"error": "unknown conversation"})
    assert ID not in engine.known


def test_deleted_conversation_is_unknown(engine: Engine) -> None:
    delete = ("DELETE", f"/conversations/{ID}", None)
    replies = talk(engine, started(), delete, message({"text": "hej"}), delete)
    assert [status for status, _ in replies] == [200, 204, 404, 204]


def test_deletion_waits_for_the_message_that_is_being_answered(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else that message, which another engine may be answering, would put it back."""
    monkeypatch.setenv("ENGINE_TIMEOUT_SECONDS", "3")  # Rasa's lock in memory looks once a second
    order: list[str] = []
    delete = engine.delete

    async def noted(id_: str) -> None:
        order.append("deleted")
        await delete(id_)

    engine.delete = noted  # type: ignore[method-assign]

    async def at_work() -> None:
        async with engine.lock_store.lock(ID):
            await asyncio.sleep(0.1)
            order.append("answered")

    async def story() -> None:
        work = asyncio.create_task(at_work())
        await asyncio.sleep(0)
        [(status, _)] = await talking(engine, ("DELETE", f"/conversations/{ID}", None))
        assert status == 204
        await work

    asyncio.run(story())
    assert order == ["answered", "deleted"]


def test_without_its_store_the_engine_is_not_ready(engine: Engine) -> None:
    async def gone(id_: str) -> bool:
        raise ConnectionError

    engine.exists = gone  # type: ignore[method-assign]
    assert [status for status, _ in talk(engine, ("GET", "/ready", None))] == [500]


def test_without_a_model_everything_is_refused(engine: Engine) -> None:
    engine.is_ready = lambda: False
    replies = talk(engine, ("GET", "/ready", None), started())
    assert [status for status, _ in replies] == [503, 503]


def test_ready_with_a_model(engine: Engine) -> None:
    assert talk(engine, ("GET", "/ready", None)) == [(200, {"ready": True})]


async def breaks() -> None:
    raise ValueError(MARK)


async def hangs() -> None:
    await asyncio.sleep(60)


@pytest.mark.parametrize("fault", [breaks, hangs])
def test_fault_is_refused_in_time_and_logged_without_text_or_id(
    engine: Engine, fault: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    engine.known[ID] = None
    engine.fault = fault
    [(status, body)] = talk(engine, message({"text": MARK}))
    assert status == 500
    written = caplog.text + str(body) + "".join(capfd.readouterr())
    assert "Error" in caplog.text
    assert MARK not in written
    assert ID not in written


def test_rasas_own_debug_switch_stops_the_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "DEBUG")  # as "rasa run --debug" does
    with pytest.raises(BadSetting, match="LOG_LEVEL"):
        PrivateChannel()


def test_ordinary_message_leaves_no_text_or_id_in_the_logs(
    engine: Engine, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    talk(engine, started(), message({"text": MARK}))
    written = caplog.text + "".join(capfd.readouterr())
    assert MARK not in written
    assert ID not in written
