"""The two that ``make bench`` compares: our product, and the assistant that ``rasa init`` makes."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import time
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import httpx
import yaml

from content.phrases import Phrase
from environment import ROOT
from evaluation.load import Api, Channel, Door, Rest
from evaluation.nlu_file import write_nlu
from evaluation.phrases import training_phrases
from tests.product.product import Product, end, free_ports
from web.safe_answer import MESSAGE as SAFE_ANSWER

ENGINE = ROOT / ".venv" / "engine" / "bin"
TRAINED_FROM = ("actions", "assistant", "content", "data", "config.yml", "domain.yml")
PHRASES, SEED, OF_EACH = 1000, 2026, 2
START_SECONDS = 600
LONGEST_TRAINING = 600.0  # seconds; enough to tell a tenth, where all of it would take the hour
NO_LIMITS = dict.fromkeys(("REQUESTS_PER_CLIENT", "CONVERSATIONS_PER_CLIENT"), "0")


class Contender(Protocol):
    """What is measured. ``processes`` are those a server of it consists of, by name."""

    name: str
    processes: dict[str, subprocess.Popen[bytes]]

    def start(self) -> float:
        """Starts it; the seconds until a parent has the first answer."""

    def stop(self) -> None: ...

    @property
    def door(self) -> Door: ...

    @property
    def engine_door(self) -> Door | None:
        """The engine alone, where something stands before it."""

    def seconds_to_train(self) -> float:
        """From nothing, on :func:`some_phrases`; stopped after :data:`LONGEST_TRAINING`."""


class Ours:
    """The whole product behind its public API, as ``make run`` starts it; without the limits
    for a single client, which all the parents here would share."""

    name = "ours"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._starts = 0
        self._product: Product | None = None
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> float:
        self._starts += 1
        folder = self._folder / f"start-{self._starts}"
        folder.mkdir(parents=True)
        self._product = Product(folder)
        self._product.values.update(NO_LIMITS)
        began = time.perf_counter()
        for process in ("web", "engine", "actions"):
            self._product.start_one(process)
        self.processes = self._product.processes
        return _first_answer(self._ask, began, self.processes)

    def _ask(self) -> bool:
        assert self._product
        opened = self._product.client.post("/api/conversations", json={})
        if opened.status_code != 201:
            return False
        path = f"/api/conversations/{opened.json()['id']}/messages"
        said = self._product.client.post(path, json={"text": "Hej"})
        return said.status_code == 200 and not said.json()["messages"][0]["text"].startswith(
            self._safe
        )

    @property
    def _safe(self) -> str:
        assert self._product
        return self._product.edition.messages[SAFE_ANSWER].text[:30]

    @property
    def door(self) -> Door:
        assert self._product
        return Api(self._product.address, self._safe)

    @property
    def engine_door(self) -> Door:
        assert self._product
        return Channel(self._product.environment.engine_url)

    def stop(self) -> None:
        if self._product:
            self._product.stop()

    def seconds_to_train(self) -> float:
        folder = self._folder / "training"
        folder.mkdir(parents=True)
        for part in TRAINED_FROM:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, folder / part)
        for module in ROOT.glob("*.py"):
            shutil.copy(module, folder)
        for file in (folder / "data" / "nlu").iterdir():
            file.unlink()
        write_nlu(some_phrases(), folder / "data" / "nlu" / "some.yml")
        rasa = [ENGINE / "python", "-m", "assistant.engine"]
        return _timed_training(*rasa, "train", "--quiet", "--skip-validation", folder=folder)


class Template:
    """``rasa init``: its own pipeline, policies and training data, behind Rasa's REST channel."""

    name = "rasa init"
    engine_door = None

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._project = folder / "template"
        self._port = free_ports(1)[0]
        self.processes: dict[str, subprocess.Popen[bytes]] = {}

    def _made(self) -> Path:
        if not (self._project / "models").is_dir():
            self._project.mkdir(parents=True)
            init = ("init", "--no-prompt", "--init-dir", ".")
            _timed(ENGINE / "rasa", *init, folder=self._project)
        return self._project

    def start(self) -> float:
        project = self._made()
        rasa = [ENGINE / "rasa", "run", "--interface", "127.0.0.1", "--port", str(self._port)]
        began = time.perf_counter()
        with (project / "server.log").open("ab") as log:
            server = subprocess.Popen(
                rasa, cwd=project, stdout=log, stderr=log, start_new_session=True
            )
        self.processes = {"engine": server}
        return _first_answer(self._ask, began, self.processes)

    def _ask(self) -> bool:
        url = f"{self.door.address}/webhooks/rest/webhook"
        answer = httpx.post(url, json={"sender": "first", "message": "hello"}, timeout=30)
        return answer.status_code == 200 and bool(answer.json())

    @property
    def door(self) -> Door:
        return Rest(f"http://127.0.0.1:{self._port}")

    def stop(self) -> None:
        for process in self.processes.values():
            end(process)

    def seconds_to_train(self) -> float:
        folder = self._folder / "template-training"
        shutil.copytree(self._made(), folder, ignore=shutil.ignore_patterns(".rasa", "models"))
        pairs = some_phrases()
        write_nlu(pairs, folder / "data" / "nlu.yml")
        domain = folder / "domain.yml"
        described = yaml.safe_load(domain.read_text(encoding="utf-8"))
        described["intents"] += sorted({intent for _, intent in pairs})
        domain.write_text(yaml.safe_dump(described), encoding="utf-8")
        return _timed_training(ENGINE / "rasa", "train", "--quiet", folder=folder)


def some_phrases(
    phrases: Sequence[Phrase] | None = None, count: int = PHRASES
) -> list[tuple[str, str]]:
    """``count`` phrases with their intents, drawn from ``data/nlu`` in the same way every time:
    two of each intent, the others whichever come."""
    chance = random.Random(SEED)
    shuffled = list(training_phrases() if phrases is None else phrases)
    chance.shuffle(shuffled)
    of_intent: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in shuffled:
        of_intent[phrase.intent].append(phrase)
    chosen = [phrase for found in of_intent.values() for phrase in found[:OF_EACH]]
    others = [phrase for found in of_intent.values() for phrase in found[OF_EACH:]]
    chosen += chance.sample(others, count - len(chosen))
    return [(phrase.text, phrase.intent) for phrase in chosen]


def resident(process: subprocess.Popen[bytes]) -> float:
    """Megabytes of memory that the process holds."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def _first_answer(ask: Any, began: float, processes: dict[str, subprocess.Popen[bytes]]) -> float:
    while time.perf_counter() - began < START_SECONDS:
        for name, process in processes.items():
            if process.poll() is not None:
                raise RuntimeError(f"{name} has ended with {process.returncode}")
        try:
            if ask():
                return time.perf_counter() - began
        except httpx.HTTPError:
            pass
        time.sleep(0.05)
    raise RuntimeError("no answer")


def _timed_training(*command: Path | str, folder: Path) -> float:
    """The same as :func:`_timed`, for a training, whose time is known even when it is stopped."""
    try:
        return _timed(*command, folder=folder)
    except subprocess.TimeoutExpired:
        return LONGEST_TRAINING


def _timed(*command: Path | str, folder: Path) -> float:
    """Seconds that ``command`` takes in ``folder``, where nothing is known from before."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "RASA_TELEMETRY_ENABLED": "false"}
    start = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=LONGEST_TRAINING,
    )
    if done.returncode != 0:
        raise RuntimeError(f"{command} failed:\n{done.stderr[-3000:]}")
    return time.perf_counter() - start
