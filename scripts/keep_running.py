"""honcho, but a process that dies starts again and the others go on.

honcho ends everything when one process ends. A parent is better off with a web side that gives
the safe answer while the engine comes back.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import signal
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from multiprocessing.synchronize import Event
from typing import Any

from honcho.manager import Manager
from honcho.printer import Message, Printer
from honcho.process import Popen, Process

FIRST_WAIT = 1.0  # seconds until the first new start; doubled while it keeps dying
LONGEST_WAIT = 30.0
STEADY_SECONDS = 60.0  # a process that has lived this long starts afresh with the waiting

_LINUX = ctypes.CDLL(None) if sys.platform == "linux" else None
_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with_parent(number: int = signal.SIGTERM) -> None:
    """This process gets the signal when the one that started it is gone, even by SIGKILL. Only
    Linux can do that."""
    if _LINUX:
        _LINUX.prctl(_PR_SET_PDEATHSIG, number)


class KeptRunning(Process):
    """A process that is started again until ``stopping`` is set, and ended then.

    It is ended from here and not by the runner, which may not know its number yet.
    """

    def __init__(self, *args: Any, stopping: Event, **options: Any) -> None:
        super().__init__(*args, **options)
        self._stopping = stopping
        self._status: int | None = None
        self._child_ctor = partial(Popen, preexec_fn=end_with_parent)

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:
        end_with_parent(signal.SIGKILL)
        # Ctrl-C reaches this process too; it ends when its child has. A handler, where honcho
        # would ignore the signals: children inherit what is ignored, and would not stop.
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: None)
        threading.Thread(target=self._end_when_told, daemon=True).start()
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

    def _end_when_told(self) -> None:
        self._stopping.wait()
        if self._child:
            self._child.terminate()

    def _say(self, line: str) -> None:
        self._send_message(f"{self.name} {line}\n".encode())

    def _send_message(self, data: Any, type: str = "line") -> None:
        if type == "stop":  # for honcho: everything is over
            self._status = data["returncode"]
        else:
            super()._send_message(data, type)
        if type == "start" and self._stopping.is_set():
            self._child.terminate()  # started too late for _end_when_told()


class PatientPrinter(Printer):
    """Prints what can be printed: a terminal that is closed, or a full disk, ends nothing, nor does
    a signal in the middle of a line, whose handler has a line of its own (RuntimeError)."""

    def write(self, message: Message) -> None:
        with suppress(OSError, RuntimeError):
            super().write(message)


class KeepRunning(Manager):
    """Runs until it is told to stop, by Ctrl-C, SIGTERM, a closed terminal or :meth:`terminate`."""

    def __init__(self) -> None:
        super().__init__(PatientPrinter(sys.stdout))
        self._stopping = multiprocessing.Event()
        self._process_ctor = partial(KeptRunning, stopping=self._stopping)

    def loop(self) -> None:
        """Runs, and returns when all has ended."""
        if signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # ignored: started with nohup
            signal.signal(signal.SIGHUP, lambda *_: signal.raise_signal(signal.SIGTERM))
        super().loop()

    def terminate(self) -> None:
        """Has all processes end, and none start again."""
        if not self._terminating:  # a second signal may come within set(), and would wait for it
            self._terminating = True
            self._stopping.set()
