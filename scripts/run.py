"""Starts web, engine and actions together and stops them together (``make run``).

``check`` looks at settings, ports and content before minutes of training are spent (for ``make
train``, ``check-content`` only at content); ``start`` runs the Procfile with honcho, which gives
every process its own group, so that neither Ctrl-C nor a closed terminal leaves any behind, and
starts again what dies.
"""

from __future__ import annotations

import errno
import logging
import os
import socket
import sys
import threading
import time
from collections.abc import Mapping

import httpx
from honcho.environ import parse_procfile
from honcho.manager import Manager

from environment import ROOT, BadSetting, Environment, read_environment
from scripts.keep_running import KeepRunning

START_SECONDS = 180  # a slow machine loading the model for the first time
MODEL = ROOT / "models" / "assistant.tar.gz"
OF_THE_PORT = (errno.EADDRINUSE, errno.EACCES)  # another port may do
UNTRAINABLE = 3  # the exit status when the product can start, but the phrases cannot be learnt


def settings() -> Environment:
    """The settings, or an exit with the one line that says what is wrong with them."""
    try:
        return read_environment()
    except BadSetting as error:
        sys.exit(f"Setting not usable: {error} (see .env.example)")


def address_of(environment: Environment) -> str:
    """Where the web side is found."""
    host = environment.host
    return f"http://{f'[{host}]' if ':' in host else host}:{environment.web_port}"


def _refusal(host: str, port: int) -> OSError | None:
    """Why a server cannot listen there, or None. Of the addresses of a name it takes those that
    this machine has."""
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        return error
    lacking = []
    for family, kind, protocol, _, address in addresses:
        try:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
        except OSError as error:
            if error.errno in OF_THE_PORT:
                return error
            lacking.append(error)
    return lacking[0] if len(lacking) == len(addresses) else None


def check(environment: Environment) -> None:
    """Exits with one line when a port is taken, or the address is none of this machine's."""
    ports = {
        "WEB_PORT": (environment.host, environment.web_port),
        "ENGINE_PORT": ("127.0.0.1", environment.engine_port),
        "ACTIONS_PORT": ("127.0.0.1", environment.actions_port),
    }
    numbers = [port for _, port in ports.values()]
    if len(set(numbers)) < len(numbers):
        sys.exit("WEB_PORT, ENGINE_PORT and ACTIONS_PORT must be three different ports.")
    for name, (host, port) in ports.items():
        error = _refusal(host, port)
        if error and error.errno in OF_THE_PORT:
            sys.exit(
                f"Port {port} on {host} cannot be used ({error.strerror}). Stop what uses it, "
                f"or choose another: {name}={port + 1} make run"
            )
        if error:
            sys.exit(
                f"HOST={host} cannot be used ({error.strerror}): write an address of this machine, "
                "as 127.0.0.1 or ::1."
            )


def check_content(environment: Environment) -> int:
    """Says in Danish what is wrong with the content; the exit status: 0, :data:`UNTRAINABLE` or 1.

    The start stops only where a file that everything depends on has no good version at all, or
    where nothing has been learnt that the assistant could start with.
    """
    from content.check import error_lines  # these read the settings, which may be unusable
    from content.library import Library
    from content.validation import check as check_data

    report = check_data(environment.data_folder)
    if not report.errors:
        return 0
    print("\n".join(error_lines(report)))
    logging.disable()  # the library would say the same again
    library = Library(environment.data_folder, environment.last_good_folder)
    library.current()
    untrainable = any(error.file.parent.name in ("nlu", "rules") for error in report.errors)
    until = [
        f"  {path.relative_to(environment.data_folder.parent)}: {failure.instead}"
        for path, failure in sorted(library.failures.items())
    ]
    if untrainable:
        until.append("  Assistenten lærer ikke noget nyt af sætningerne i data/nlu.")
    if until:
        print("\n".join(["", "Indtil fejlene er rettet:", *until]))
    lost = [
        path
        for path, failure in library.failures.items()
        if not failure.has_version and path.parent == environment.data_folder
    ]
    if lost or (untrainable and not MODEL.is_file()):
        print(
            "\nAssistenten kan ikke starte, før det er rettet. Kør 'make check', når du har rettet."
        )
        return 1
    print("\nAssistenten kan starte alligevel. Kør 'make check', når du har rettet.\n", flush=True)
    return UNTRAINABLE if untrainable else 0


def commands() -> dict[str, str]:
    """The shell commands of the Procfile, by name."""
    procfile = parse_procfile((ROOT / "Procfile").read_text(encoding="utf-8"))
    # No core dumps: they would hold conversations. exec: the signal must reach the process itself,
    # not a shell around it.
    return {name: f"ulimit -c 0; exec {line}" for name, line in procfile.processes.items()}


def process_environment(
    environment: Environment, inherited: Mapping[str, str] = os.environ
) -> dict[str, str]:
    """The environment of the three processes: the settings with their defaults filled in."""
    return {
        **{k: v for k, v in inherited.items() if k != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "SANIC_HOST": "127.0.0.1",  # the action server would listen on every address
        "LOG_LEVEL": environment.log_level,
        # Two spinning threads of the encoder fight over busy cores: 80-580 ms a message against
        # 36 with one thread (and 20 against 32 when the cores are idle).
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
        # Memory that was needed for a moment is given back: 65 MB of the engine's after its start.
        "MALLOC_ARENA_MAX": inherited.get("MALLOC_ARENA_MAX", "2"),
        "MALLOC_TRIM_THRESHOLD_": inherited.get("MALLOC_TRIM_THRESHOLD_", "131072"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "DATA_FOLDER": str(environment.data_folder),
        "HOST": environment.host,
        "WEB_PORT": str(environment.web_port),
        "ENGINE_PORT": str(environment.engine_port),
        "ENGINE_URL": environment.engine_url,
        "ACTIONS_HOST": "127.0.0.1",
        "ACTIONS_PORT": str(environment.actions_port),
    }


def manager(environment: Environment) -> Manager:
    """A honcho manager with the processes of the Procfile, not yet started."""
    runner = KeepRunning()
    for name, command in commands().items():
        runner.add_process(name, command, cwd=str(ROOT), env=process_environment(environment))
    return runner


def wait_until_ready(address: str, seconds: float = START_SECONDS) -> bool:
    """True as soon as web and engine answer; False when they have not within ``seconds``."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if httpx.get(f"{address}/health/ready", timeout=2).status_code == 200:
                return True
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
    return False


def start(environment: Environment) -> int:
    """Runs until Ctrl-C, SIGTERM or SIGHUP; the exit status."""
    check(environment)
    address = address_of(environment)
    began = time.monotonic()
    print(f"Starting web, engine and actions for {address} (Ctrl-C stops all three)", flush=True)

    def announce() -> None:
        if wait_until_ready(address):
            print(f"\n  Ready after {time.monotonic() - began:.0f} s: open {address}\n", flush=True)
        else:
            print(f"\n  Not ready after {START_SECONDS} s; see the lines above.\n", flush=True)

    threading.Thread(target=announce, daemon=True).start()
    runner = manager(environment)
    runner.loop()
    return runner.returncode or 0


if __name__ == "__main__":
    environment_ = settings()
    if sys.argv[1:] == ["check"]:
        check(environment_)
    if sys.argv[1:] in (["check"], ["check-content"]):
        sys.exit(check_content(environment_))
    sys.exit(start(environment_))
