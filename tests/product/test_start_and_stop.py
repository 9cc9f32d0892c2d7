"""``make run`` and ``make chat``: they start, say clearly why not, and leave nothing behind."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from honcho.printer import Message
from product import (
    PROMISE,
    STOPPED_WITHIN,
    Conversation,
    Product,
    eventually,
    free_ports,
    is_free,
    is_left,
)
from test_failures import BLACKMAIL, is_safe

from content.kommuner import spaced
from content.library import Library
from environment import ROOT, Environment, read_environment
from scripts import run as runner_script
from scripts.chat import SILENT, talk
from scripts.keep_running import PatientPrinter
from scripts.run import START_SECONDS, UNTRAINABLE, address_of, check, wait_until_ready

Runner = subprocess.Popen[str]

PORTS = ("WEB_PORT", "ENGINE_PORT", "ACTIONS_PORT")


@pytest.fixture
def values(product: Product) -> dict[str, str]:
    """The environment of a second product beside the running one."""
    return {**product.values, **dict(zip(PORTS, map(str, free_ports(3)), strict=True))}


def run(
    *command: str, values: dict[str, str], typed: str = "", seconds: float = 30
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=values,
        input=typed,
        capture_output=True,
        text=True,
        timeout=seconds,
    )


@contextmanager
def started(values: dict[str, str]) -> Iterator[tuple[Runner, Callable[[str], dict[str, int]]]]:
    """The runner, and what waits until it says something and tells the groups it has started."""
    runner = subprocess.Popen(
        [sys.executable, "-m", "scripts.run", "start"],
        cwd=ROOT,
        env=values,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # As in a terminal, also where the tests run under nohup, whose children ignore it.
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    )
    groups = {"runner": runner.pid}
    every_group = {runner.pid}

    def wait_for(words: str) -> dict[str, int]:
        for line in runner.stdout:
            if found := re.search(r"(\w+) started \(pid=(\d+)\)", line):
                groups[found[1]] = int(found[2])
                every_group.add(int(found[2]))
            if words in line:
                return dict(groups)
        raise AssertionError(f"it ended without saying {words!r}")

    try:
        yield runner, wait_for
        assert eventually(lambda: not any(map(is_left, every_group)))
        assert all(is_free(int(values[port])) for port in PORTS)
    finally:
        for group in filter(is_left, every_group):
            os.killpg(group, signal.SIGKILL)


def stop(runner: Runner) -> None:
    """Ctrl-C, as a terminal does it."""
    os.killpg(runner.pid, signal.SIGINT)
    runner.communicate(timeout=STOPPED_WITHIN)
    assert runner.returncode == 130


def test_what_dies_starts_again_and_ctrl_c_leaves_nothing_behind(values: dict[str, str]):
    with (
        started(values) as (runner, wait_for),
        httpx.Client(base_url=f"http://127.0.0.1:{values['WEB_PORT']}", timeout=PROMISE) as client,
    ):
        first = wait_for("Ready after")
        assert set(first) == {"runner", "web", "engine", "actions"}
        os.killpg(first["engine"], signal.SIGKILL)
        wait_for("engine stopped (rc=-9), starts again in 1 s")
        assert is_safe(Conversation(client).opening)
        second = wait_for("engine started")
        assert {name for name in first if first[name] != second[name]} == {"engine"}
        assert wait_until_ready(str(client.base_url))
        assert Conversation(client).say(BLACKMAIL)["answer"] == "afpresning"
        stop(runner)


def test_a_closed_terminal_leaves_nothing_behind(values: dict[str, str]):
    with started(values) as (runner, wait_for):
        wait_for("Ready after")
        runner.stdout.close()  # nothing more can be written there
        os.killpg(runner.pid, signal.SIGHUP)
        runner.wait(STOPPED_WITHIN)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody tells the children")
def test_a_killed_runner_leaves_nothing_behind(values: dict[str, str]):
    with started(values) as (runner, wait_for):
        wait_for("Ready after")
        runner.kill()
        runner.wait()


@pytest.mark.parametrize("name", ["engine", "actions", "web"])
def test_ctrl_c_while_the_others_are_starting(values: dict[str, str], name: str):
    with started(values) as (runner, wait_for):
        wait_for(f"{name} started")
        stop(runner)


def test_ctrl_c_while_a_dead_process_waits(values: dict[str, str]):
    with started(values) as (runner, wait_for):
        os.killpg(wait_for("actions started")["actions"], signal.SIGKILL)
        wait_for("starts again")
        stop(runner)


def test_a_signal_in_the_middle_of_a_line_ends_no_printing():
    class Busy:
        def write(self, text: str) -> None:
            raise RuntimeError("reentrant call inside <_io.BufferedWriter name='<stdout>'>")

    line = Message("line", "SIGINT received", datetime.now(), "system", None)
    PatientPrinter(Busy()).write(line)


def test_the_terminal_chat_starts_the_product_and_takes_it_down(
    product: Product, values: dict[str, str]
):
    finished = run(
        "scripts.chat", values=values, typed="hvem er ssp\n8700\n\n", seconds=START_SECONDS
    )
    assert finished.returncode == 0, finished.stderr
    assert spaced(product.edition.kommuner["0615"].hovednummer) in finished.stdout
    assert all(is_free(int(values[port])) for port in PORTS)


def test_the_terminal_chat_talks_to_a_product_that_runs(product: Product):
    finished = run("scripts.chat", values=product.values, typed="1\n\n")
    assert finished.returncode == 0, finished.stderr
    assert product.answer("barn_vist_i_video").body.splitlines()[0] in finished.stdout
    assert not is_free(product.ports["web"])


@pytest.mark.parametrize("port", PORTS)
def test_a_taken_port_is_said_in_one_line(values: dict[str, str], port: str):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", int(values[port])))
        taken.listen()
        finished = run("scripts.run", "start", values=values)
    assert_one_line(finished, port)


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def listening_on(host: str) -> Environment:
    """The settings of a product that nobody starts, on free ports."""
    return read_environment({"HOST": host, **dict(zip(PORTS, map(str, free_ports(3))))})


@pytest.mark.skipif(not has_ipv6(), reason="no IPv6 here")
def test_an_ipv6_address_is_as_good_as_another():
    environment = listening_on("::1")
    check(environment)
    with socket.socket(socket.AF_INET6) as taken:
        taken.bind(("::1", environment.web_port))
        taken.listen()
        with pytest.raises(SystemExit, match=f"Port {environment.web_port} on ::1 .*WEB_PORT="):
            check(environment)


def test_the_address_of_an_ipv6_host_can_be_asked():
    url = httpx.URL(address_of(replace(listening_on("::1"), web_port=8000)))
    assert (url.host, url.port) == ("::1", 8000)
    assert not wait_until_ready(address_of(listening_on("::1")), seconds=0.1)


def test_an_address_of_another_machine_is_not_said_to_be_about_the_port():
    with pytest.raises(SystemExit, match=r"^HOST=192\.0\.2\.1 cannot be used [^:]*: write"):
        check(listening_on("192.0.2.1"))


def test_one_usable_address_of_a_name_is_enough(monkeypatch: pytest.MonkeyPatch):
    # localhost where IPv6 is switched off: asyncio passes over what the machine does not have
    def both(host: str, port: int, **_: object) -> list[tuple]:
        kinds = {socket.AF_INET6: ("2001:db8::1", port, 0, 0), socket.AF_INET: ("127.0.0.1", port)}
        return [(family, socket.SOCK_STREAM, 0, "", place) for family, place in kinds.items()]

    monkeypatch.setattr(
        runner_script, "socket", SimpleNamespace(**{**vars(socket), "getaddrinfo": both})
    )
    check(listening_on("localhost"))


Answering = Callable[[httpx.Request], httpx.Response]


def talked(answer: Answering, typed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A conversation in the terminal with a server that answers so."""
    said = iter([*typed, ""])
    monkeypatch.setattr("builtins.input", lambda prompt: next(said))
    with httpx.Client(base_url="http://web", transport=httpx.MockTransport(answer)) as client:
        talk(client)


@pytest.mark.parametrize("status", [429, 503])
def test_the_terminal_chat_shows_why_no_conversation_begins(
    status: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    refusal = {"error": {"code": "too_many", "message": "Vent lidt. Ring 112, hvis det haster."}}
    talked(lambda request: httpx.Response(status, json=refusal), [], monkeypatch)
    assert refusal["error"]["message"] in capsys.readouterr().out


def test_the_terminal_chat_goes_on_when_an_answer_does_not_come(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    begun = {"id": "x", "messages": [{"text": "Hej.", "choices": []}]}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/conversations":
            return httpx.Response(201, json=begun)
        raise httpx.ReadTimeout("too slow")

    talked(answer, ["er der nogen", "hallo"], monkeypatch)
    assert capsys.readouterr().out.count(SILENT) == 2


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WEB_PORT", "otte"),
        ("DATA_FOLDER", "findes/ikke"),
        ("REDIS_URL", "localhost:6379"),
        ("LOG_LEVEL", "DEBUG"),
    ],
)
@pytest.mark.parametrize("command", ["check", "start"])
def test_a_bad_setting_is_said_in_one_line(
    values: dict[str, str], name: str, value: str, command: str
):
    assert_one_line(run("scripts.run", command, values={**values, name: value}), name)


@pytest.fixture
def content(tmp_path: Path, values: dict[str, str]) -> Path:
    """A copy of the content to make mistakes in."""
    shutil.copytree(ROOT / "data", tmp_path / "data")
    values["DATA_FOLDER"] = str(tmp_path / "data")
    return tmp_path / "data"


def spoil(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8") + '\n"', encoding="utf-8")


@pytest.mark.parametrize("command", ["check", "check-content"])
def test_good_content_is_nothing_to_talk_about(content: Path, values: dict[str, str], command: str):
    finished = run("scripts.run", command, values=values)
    assert (finished.returncode, finished.stdout, finished.stderr) == (0, "", "")


@pytest.mark.parametrize("name", ["kommuner/horsens.yml", "fakta.yml"])
def test_a_bad_file_on_which_little_depends_is_named_before_the_start(
    content: Path, values: dict[str, str], name: str
):
    spoil(content / name)
    finished = run("scripts.run", "check", values=values)
    assert finished.returncode == 0
    assert f"data/{name}, linje" in finished.stdout


@pytest.mark.parametrize("name", ["hjaelp.yml", "beskeder.yml", "katalog.yml", "kontaktkort.yml"])
def test_a_bad_file_on_which_all_depends_needs_a_good_version(
    content: Path, values: dict[str, str], name: str
):
    good = (content / name).read_text(encoding="utf-8")
    spoil(content / name)
    finished = run("scripts.run", "check", values=values)
    assert finished.returncode == 1
    assert f"data/{name}, linje" in finished.stdout

    (content / name).write_text(good, encoding="utf-8")
    folder = read_environment(values).last_good_folder
    assert folder.is_relative_to(content.parent)
    Library(content, folder).current()
    spoil(content / name)
    finished = run("scripts.run", "check", values=values)
    assert finished.returncode == 0
    assert f"data/{name}, linje" in finished.stdout and "Kopien fra" in finished.stdout


def test_bad_phrases_are_named_and_what_was_learnt_before_is_used(
    content: Path, values: dict[str, str]
):
    path = content / "nlu" / "akut.yml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("examples: |", "exampels: |", 1), encoding="utf-8")
    finished = run("scripts.run", "check", values=values)
    assert finished.returncode == UNTRAINABLE
    assert "data/nlu/akut.yml, linje" in finished.stdout


def assert_one_line(finished: subprocess.CompletedProcess[str], name: str) -> None:
    assert finished.returncode not in (0, None)
    assert finished.stdout == ""
    (line,) = finished.stderr.splitlines()
    assert name in line
