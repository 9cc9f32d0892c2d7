"""Conversations in a real Redis: what is there, for how long, and what happens without it."""

from __future__ import annotations

import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from product import STOPPED_WITHIN, Conversation, Product, eventually
from test_failures import BLACKMAIL, is_safe

SECRET = "hemmeligtmaerke"


class Redis:
    """A Redis server on a socket of its own that writes no file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "redis.sock"
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(
            ["redis-server", "--port", "0", "--unixsocket", self.socket, "--save", ""],
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
        )
        assert eventually(lambda: self.ask("PING") == "PONG")

    def ask(self, *words: str) -> str:
        """What Redis answers to a command."""
        asked = ["redis-cli", "-s", self.socket, *words]
        return subprocess.run(asked, capture_output=True, text=True).stdout.strip()

    @property
    def keys(self) -> list[str]:
        return self.ask("KEYS", "*").splitlines()

    def end(self) -> None:
        """The server is gone, and what it kept."""
        self.process.kill()
        self.process.wait(STOPPED_WITHIN)


@pytest.fixture(scope="module")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Redis]:
    if not shutil.which("redis-server"):
        pytest.skip("No Redis found: install it with 'apt-get install redis-server'.")
    server = Redis(tmp_path_factory.mktemp("redis"))
    yield server
    server.end()


@pytest.fixture(scope="module")
def client(product: Product, redis: Redis) -> Iterator[httpx.Client]:
    """A web side whose engine keeps its conversations in Redis."""
    with (
        product.another_engine(REDIS_URL=f"unix://{redis.socket}") as engine,
        product.another_web(engine) as client,
    ):
        yield client


@pytest.fixture
def conversation(client: httpx.Client, redis: Redis) -> Conversation:
    redis.ask("FLUSHALL")
    return Conversation(client, "0615")


def test_a_conversation_is_all_there_is_and_expires(redis: Redis, conversation: Conversation):
    conversation.say(f"min søn {SECRET} har delt en video")
    (key,) = redis.keys
    assert key.endswith(conversation.id)
    assert 0 < int(redis.ask("TTL", key)) <= 30 * 60
    redis.ask("PEXPIRE", key, "1")
    assert eventually(lambda: not redis.keys)
    assert conversation.post({"text": "er du der stadig"}).status_code == 404
    assert redis.keys == []


def test_a_deleted_conversation_is_gone(redis: Redis, conversation: Conversation):
    conversation.say(f"min søn {SECRET} har delt en video")
    assert SECRET in redis.ask("GET", redis.keys[0])
    assert conversation.client.delete(conversation.path).status_code == 204
    assert redis.keys == []
    assert conversation.post({"text": "er du der stadig"}).status_code == 404


def test_redis_writes_no_file(redis: Redis, conversation: Conversation):
    conversation.say(SECRET)
    assert [path.name for path in redis.folder.iterdir()] == [redis.socket.name]


def test_redis_that_hangs(redis: Redis, conversation: Conversation):
    unwanted = Conversation(conversation.client)
    redis.process.send_signal(signal.SIGSTOP)
    try:
        message = conversation.say(BLACKMAIL)
        assert is_safe(message)
        assert message["contact"]["kode"] == "0615"
        # Nobody is told that something is gone before it is.
        assert unwanted.client.delete(unwanted.path).status_code == 503
    finally:
        redis.process.send_signal(signal.SIGCONT)
    assert eventually(lambda: conversation.post({"text": BLACKMAIL}).status_code == 200)
    assert conversation.say(BLACKMAIL)["answer"] == "afpresning"
    assert conversation.choose("ssp_kontakt")["contact"]["kode"] == "0615"
    # The lock that the deletion asked for while Redis hung is given to nobody, and has to expire.
    assert eventually(lambda: unwanted.client.delete(unwanted.path).status_code == 204)
    assert len(redis.keys) == 1


def test_redis_that_is_gone_and_back(redis: Redis, conversation: Conversation):
    redis.end()
    try:
        assert is_safe(conversation.say(BLACKMAIL))
        meanwhile = Conversation(conversation.client, "0615")
        assert is_safe(meanwhile.opening)
    finally:
        redis.start()
    assert conversation.post({"text": BLACKMAIL}).status_code == 404
    # Nothing was kept elsewhere meanwhile, and what could not begin begins now.
    assert redis.keys == []
    assert meanwhile.say(BLACKMAIL)["answer"] == "afpresning"
    assert meanwhile.choose("ssp_kontakt")["contact"]["kode"] == "0615"
