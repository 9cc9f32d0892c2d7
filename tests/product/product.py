"""The running product, and a parent who talks to it over the public API."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from content.answers import Answer
from content.library import Edition, Library
from environment import ROOT, Environment, read_environment
from scripts.run import START_SECONDS, commands, process_environment, wait_until_ready

SETTINGS = re.findall(r"^#([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.M)
LIMITS = ("REQUESTS_PER_CLIENT", "CONVERSATIONS_PER_CLIENT", "MESSAGES_PER_CONVERSATION")
PROMISE = 8  # seconds within which a parent gets an answer, whatever has broken
STOPPED_WITHIN = 20  # seconds


class Product:
    """Web, engine and actions as ``make run`` starts them, but each by itself, so that one can
    fail alone; on free ports, with a copy of the content, a home and a place for temporary files
    of its own below ``folder``, and with the given settings."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self.data = folder / "data"
        shutil.copytree(ROOT / "data", self.data)
        # As it was written: the tests confirm it themselves.
        shutil.copy(ROOT / "tests" / "content" / "horsens.yml", self.data / "kommuner")
        for name in ("home", "tmp"):
            (folder / name).mkdir()
        web, engine, actions, page = free_ports(4)
        self.kommune_page = f"http://127.0.0.1:{page}"  # another origin, which may show the chat
        self.values = {
            **os.environ,
            **dict.fromkeys(SETTINGS, ""),  # whatever .env says
            **dict.fromkeys(LIMITS, "0"),  # the tests ask more than any family
            "WEB_PORT": str(web),
            "ENGINE_PORT": str(engine),
            "ACTIONS_PORT": str(actions),
            "ALLOWED_ORIGINS": self.kommune_page,
            "DATA_FOLDER": str(self.data),
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder / "tmp"),
            **settings,
        }
        self.environment = read_environment(self.values)
        self.address = f"http://127.0.0.1:{web}"
        self.client = httpx.Client(base_url=self.address, timeout=PROMISE)
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._library = Library(self.data)

    @property
    def edition(self) -> Edition:
        """The content as the product should have it now."""
        return self._library.current()

    def answer(self, id_: str) -> Answer:
        return self.edition.answers[id_]

    def start(self) -> None:
        for name in commands():
            self.start_one(name)
        assert wait_until_ready(self.address), f"not ready; see {self.folder}/*.log"

    def start_one(self, name: str) -> None:
        self.processes[name] = self._run(name, self.environment, self.log(name))

    def _run(
        self,
        name: str,
        environment: Environment,
        log: Path,
        arguments: str = "",
        settings: Mapping[str, str] | None = None,
        folder: Path = ROOT,
    ) -> subprocess.Popen[bytes]:
        with log.open("ab") as output:
            return subprocess.Popen(
                f"{commands()[name]} {arguments}",
                shell=True,
                cwd=folder,
                env=process_environment(environment, {**self.values, **(settings or {})}),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @contextmanager
    def another_web(self, engine_url: str, ready: bool = True) -> Iterator[httpx.Client]:
        """A second web side that finds its engine elsewhere; ``ready`` when it must be there."""
        environment = replace(self.environment, web_port=free_ports(1)[0], engine_url=engine_url)
        address = f"http://127.0.0.1:{environment.web_port}"
        web = self._run("web", environment, self.log("another-web"))
        try:
            if ready:
                assert wait_until_ready(address, seconds=30)
            else:
                assert eventually(lambda: not is_free(environment.web_port))
            with httpx.Client(base_url=address, timeout=PROMISE) as client:
                yield client
        finally:
            end(web)

    @contextmanager
    def another_engine(
        self, arguments: str = "", folder: Path = ROOT, **settings: str
    ) -> Iterator[str]:
        """The address of a second engine with other arguments, settings, or working directory. It
        is there, but perhaps not ready, or has ended; it talks to ``another-engine.log``."""
        environment = replace(self.environment, engine_port=free_ports(1)[0])
        log = self.log("another-engine")
        log.unlink(missing_ok=True)
        engine = self._run("engine", environment, log, arguments, settings, folder)
        try:
            assert eventually(
                lambda: not is_free(environment.engine_port) or engine.poll() is not None,
                START_SECONDS,
            )
            yield f"http://127.0.0.1:{environment.engine_port}"
        finally:
            end(engine)

    def log(self, name: str) -> Path:
        return self.folder / f"{name}.log"

    def output(self, name: str) -> str:
        """Everything the process has written to its output."""
        return self.log(name).read_text(encoding="utf-8")

    @contextmanager
    def killed(self, name: str) -> Iterator[None]:
        """The process is gone without a farewell, as when memory runs out; then it is back."""
        self.processes[name].kill()
        self.processes[name].wait(STOPPED_WITHIN)
        try:
            yield
        finally:
            self.start_one(name)
            assert eventually(lambda: not is_free(self.ports[name]), START_SECONDS)
            assert wait_until_ready(self.address)

    @contextmanager
    def hung(self, name: str) -> Iterator[None]:
        """The process is there, takes connections, and does nothing."""
        self.processes[name].send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.processes[name].send_signal(signal.SIGCONT)

    def stop(self) -> None:
        self.client.close()
        for process in self.processes.values():
            end(process)

    @property
    def ports(self) -> dict[str, int]:
        found = self.environment
        return {
            "web": found.web_port,
            "engine": found.engine_port,
            "actions": found.actions_port,
        }


class Conversation:
    """A parent's conversation with the product."""

    def __init__(self, client: httpx.Client, kommune: str | None = None) -> None:
        self.client = client
        body = {"kommune": kommune} if kommune else {}
        response = client.post("/api/conversations", json=body)
        assert response.status_code == 201
        self.id = response.json()["id"]
        (self.opening,) = response.json()["messages"]

    @property
    def path(self) -> str:
        return f"/api/conversations/{self.id}"

    def say(self, text: str) -> dict[str, Any]:
        """What the assistant answers to a text; it says one thing a turn."""
        return self._send({"text": text})

    def choose(self, choice: str) -> dict[str, Any]:
        """What the assistant answers to a button."""
        return self._send({"choice": choice})

    def post(self, body: dict[str, str]) -> httpx.Response:
        return self.client.post(f"{self.path}/messages", json=body)

    def _send(self, body: dict[str, str]) -> dict[str, Any]:
        response = self.post(body)
        assert response.status_code == 200, f"{body}: {response.text}"
        (message,) = response.json()["messages"]
        return message


def choices(message: dict[str, Any]) -> list[str]:
    """The choices behind a message's buttons."""
    return [button["choice"] for button in message["choices"]]


def numbers(text: str) -> list[str]:
    """The phone numbers in a text, in its order; list markers and ages are none."""
    found = re.findall(r"(?<![\d/.+])\d(?: ?\d){2,7}(?![\d/])", text)
    return [number.replace(" ", "") for number in found]


def free_ports(count: int) -> list[int]:
    with ExitStack() as stack:
        probes = [stack.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def is_free(port: int) -> bool:
    """True when nobody listens there."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def is_left(group: int) -> bool:
    """True while a process of this group exists."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def eventually(condition: Callable[[], object], seconds: float = STOPPED_WITHIN) -> bool:
    """True as soon as ``condition()`` is, False when it never is."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def end(process: subprocess.Popen[bytes]) -> None:
    """Asks the process to end; when it does not, ends its whole group."""
    process.terminate()
    try:
        process.wait(STOPPED_WITHIN)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(STOPPED_WITHIN)
        raise
