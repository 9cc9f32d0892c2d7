"""Starts web, engine and actions together and stops them together (``make run``).

``check`` looks at settings and ports before minutes of training are spent; ``start`` runs the
Procfile with honcho, which gives every process its own group, so that Ctrl-C leaves none behind.
"""

from __future__ import annotations

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

START_SECONDS = 180  # a slow machine loading the model for the first time


def settings() -> Environment:
    """The settings, or an exit with the one line that says what is wrong with them."""
    try:
        return read_environment()
    except BadSetting as error:
        sys.exit(f"Setting not usable: {error} (see .env.example)")


def check(environment: Environment) -> None:
    """Exits with one line when a port is taken."""
    ports = {
        "WEB_PORT": (environment.host, environment.web_port),
        "ENGINE_PORT": ("127.0.0.1", environment.engine_port),
        "ACTIONS_PORT": ("127.0.0.1", environment.actions_port),
    }
    numbers = [port for _, port in ports.values()]
    if len(set(numbers)) < len(numbers):
        sys.exit("WEB_PORT, ENGINE_PORT and ACTIONS_PORT must be three different ports.")
    for name, (host, port) in ports.items():
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                sys.exit(
                    f"Port {port} on {host} cannot be used ({error.strerror}). Stop what uses it, "
                    f"or choose another: {name}={port + 1} make run"
                )


def commands() -> dict[str, str]:
    """The shell commands of the Procfile, by name."""
    procfile = parse_procfile((ROOT / "Procfile").read_text(encoding="utf-8"))
    # exec: the signal must reach the process itself, not a shell around it.
    return {name: f"exec {command}" for name, command in procfile.processes.items()}


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
        "LOG_LEVEL": inherited.get("LOG_LEVEL", "WARNING"),
        # Two spinning threads of the encoder fight over busy cores: 80-580 ms a message against
        # 36 with one thread (and 20 against 32 when the cores are idle).
        "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "DATA_FOLDER": str(environment.data_folder),
        "HOST": environment.host,
        "WEB_PORT": str(environment.web_port),
        "ENGINE_PORT": str(environment.engine_port),
        "ENGINE_URL": environment.engine_url,
        "ACTIONS_PORT": str(environment.actions_port),
    }


def manager(environment: Environment) -> Manager:
    """A honcho manager with the processes of the Procfile, not yet started."""
    runner = Manager()
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
    """Runs until Ctrl-C or until one of the processes ends; the exit status."""
    check(environment)
    address = f"http://{environment.host}:{environment.web_port}"
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
    else:
        sys.exit(start(environment_))
