"""Logging that cannot carry what a parent wrote, for all three processes.

Records of our own loggers are written as they are: our code passes no texts, ids or addresses.
Records of everybody else's are cut down to logger, level and, for an exception, its type and
place, because their messages may quote a message, a value or a path with a conversation id.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from environment import ROOT

OWN = ("web", "content", "assistant", "actions", "uvicorn")
_OURS = tuple(ROOT / name for name in ("web", "content", "assistant", "actions", "environment.py"))


def place_of(trace: TracebackType | None) -> str:
    """``file:line (function)`` of the innermost frame in our code, else of the innermost frame."""
    frames = traceback.extract_tb(trace)
    if not frames:
        return "unknown place"
    ours = [f for f in frames if any(map(Path(f.filename).is_relative_to, _OURS))]
    frame = (ours or frames)[-1]
    path = Path(frame.filename)
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
    return f"{shown}:{frame.lineno} ({frame.name})"


def describe(error: BaseException) -> str:
    """Type and place of an exception, without its values."""
    return f"{type(error).__name__} at {place_of(error.__traceback__)}"


class PrivateFormatter(logging.Formatter):
    """Never a traceback, never a foreign message. A record is one line, but for messages of our own
    that have several: what is wrong with a content file, and what is used instead."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        parts = [self.formatTime(record), record.levelname, record.name]
        if record.name.split(".")[0] in OWN:
            parts.append(record.getMessage().strip())
        if error is not None:
            parts.append(describe(error))
        return " ".join(parts)


def keep_private() -> None:
    """Makes all logging that is set up in this process private, whatever the level it was given.

    For Rasa's processes, which set up their own: below WARNING they write whole messages.
    """
    logging.disable(logging.INFO)
    logging.captureWarnings(True)  # Rasa's quote the text they are about
    for handler in _handlers():
        handler.setFormatter(PrivateFormatter())


def _handlers() -> Iterator[logging.Handler]:
    root = logging.getLogger()
    for logger in (root, *root.manager.loggerDict.values()):
        yield from getattr(logger, "handlers", ())
    if logging.lastResort:
        yield logging.lastResort
