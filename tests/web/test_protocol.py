"""The web side on a real socket: time and size limits on a request's head."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn

from web import asgi, protocol

HOST = "Host: chat.test\r\n"
WHOLE = f"GET /health/live HTTP/1.1\r\n{HOST}\r\n"


@contextmanager
def served(**settings: object) -> Iterator[int]:
    """Where the web side listens; an idle connection is kept for longer than a test waits."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            "web.asgi:application",
            http="web.protocol:TimedProtocol",
            h11_max_incomplete_event_size=16 * 1024,
            lifespan="off",
            log_config=None,
            timeout_keep_alive=30,
            **settings,
        )
    )
    thread = threading.Thread(target=server.run, args=([listening],), daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(20)
    assert not thread.is_alive()


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A web side that does not wait long for a head."""
    monkeypatch.setattr(protocol, "HEAD_SECONDS", 0.3)
    with served() as port:
        yield port


def talk(port: int, *parts: str) -> bytes:
    """Everything the server says until it hangs up."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        received = b""
        for part in parts:
            connection.sendall(part.encode())
            if part.endswith("\r\n\r\n"):
                received += connection.recv(65536)
        while more := connection.recv(65536):
            received += more
        return received


@pytest.mark.parametrize(
    "begun", ["", "GET /health/live HTTP/1.1\r\n", f"GET / HTTP/1.1\r\n{HOST}X"]
)
def test_a_head_that_never_ends_is_hung_up_on(port: int, begun: str) -> None:
    assert talk(port, begun) == b""


def test_nor_may_the_second_request_of_a_connection(port: int) -> None:
    answer = talk(port, WHOLE, "GET /health/live HTTP/1.1\r\n")
    assert answer.count(b"200 OK") == 1


def test_nor_when_it_begins_with_the_first(port: int) -> None:
    answer = talk(port, WHOLE + "GET /health/live HTTP/1.1\r\n")
    assert answer.count(b"200 OK") == 1


def test_an_idle_connection_makes_room_when_most_are_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(protocol, "CROWDED_KEEP_ALIVE", 0.1)
    monkeypatch.setattr(protocol, "CROWDED", 0.5)
    with served(limit_concurrency=3) as port, socket.create_connection(("127.0.0.1", port)):
        assert talk(port, WHOLE).count(b"200 OK") == 1  # and is hung up on


def test_a_slow_answer_is_waited_for(port: int, running) -> None:
    """The limit is for the head, not for the engine."""

    async def slow() -> bool:
        await protocol.asyncio.sleep(3 * protocol.HEAD_SECONDS)
        return True

    running.engine.ready = slow
    end = "Connection: close\r\n\r\n"
    assert b"200 OK" in talk(port, f"GET /health/ready HTTP/1.1\r\n{HOST}{end}")


def test_a_body_that_never_ends_is_refused(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asgi, "BODY_SECONDS", 0.1)
    start = f"POST /api/conversations HTTP/1.1\r\n{HOST}Connection: close\r\n"
    answer = talk(port, start + "Content-Length: 9\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"fejl_ugyldig" in answer


def test_a_head_has_a_size(port: int) -> None:
    answer = talk(port, "GET / HTTP/1.1\r\n" + f"X: {'x' * 20_000}\r\n" + HOST)
    assert answer.startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "nonsense",
    [
        "\r\n\r\n\r\n",
        "HEJ\r\n\r\n",
        "\x16\x03\x01 TLS\r\n\r\n",
        "POST /api/conversations HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    ],
)
def test_what_is_no_request_gets_no_more_than_a_line(port: int, nonsense: str) -> None:
    answer = talk(port, nonsense)
    assert not answer or answer.startswith(b"HTTP/1.1 400")
    assert b"Traceback" not in answer
