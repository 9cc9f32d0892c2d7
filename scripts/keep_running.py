"""honcho, but a process that dies starts again and the others go on.

honcho ends everything when one process ends. A parent is better off with a web side that gives
the safe answer while the engine comes back.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from functools import partial
from multiprocessing.synchronize import Event
from typing import Any

from honcho.manager import Manager
from honcho.process import Process

FIRST_WAIT = 1.0  # seconds until the first new start; doubled while it keeps dying
LONGEST_WAIT = 30.0
STEADY_SECONDS = 60.0  # a process that has lived this long starts afresh with the waiting


class KeptRunning(Process):
    """A process that is started again until ``stopping`` is set."""

    def __init__(self, *args: Any, stopping: Event, **options: Any) -> None:
        super().__init__(*args, **options)
        self._stopping = stopping
        self._status: int | None = None

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        # Ctrl-C reaches this process too; it ends when its child has. A handler, where honcho
        # would ignore the signals: children inherit what is ignored, and would not stop.
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: None)
        wait = FIRST_WAIT
        while True:
            began = time.monotonic()
            super().run(events)
            if time.monotonic() - began > STEADY_SECONDS:
                wait = FIRST_WAIT
            if self._stopping.is_set():
                break
            self._say(f"stopped (rc={self._status}), starts again in {wait:.0f} s; the others run")
            if self._stopping.wait(wait):
                break
            wait = min(2 * wait, LONGEST_WAIT)
        super()._send_message({"returncode": self._status}, "stop")

    def _say(self, line: str) -> None:
        self._send_message(f"{self.name} {line}\n".encode())

    def _send_message(self, data: Any, type: str = "line") -> None:
        if type == "stop":  # for honcho: everything is over
            self._status = data["returncode"]
        else:
            super()._send_message(data, type)


class KeepRunning(Manager):
    """Runs until it is told to stop, by Ctrl-C, SIGTERM or :meth:`terminate`."""

    def __init__(self) -> None:
        super().__init__()
        self._stopping = multiprocessing.Event()
        self._process_ctor = partial(KeptRunning, stopping=self._stopping)

    def terminate(self) -> None:
        """Ends all processes and starts none again."""
        self._stopping.set()
        super().terminate()
