"""Logging that cannot carry what a parent wrote.

Records of our own loggers are written as they are: our code passes no texts, ids or addresses.
Records of everybody else's are cut down to logger, level and, for an exception, its type and
place, because their messages may quote a path (with a conversation id) or a value.
"""

from __future__ import annotations

import logging
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OWN = ("web", "content", "uvicorn")


def place_of(trace: TracebackType | None) -> str:
    """``file:line (function)`` of the innermost frame in our code, else of the innermost frame."""
    frames = traceback.extract_tb(trace)
    if not frames:
        return "unknown place"
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(ROOT / "web")]
    frame = (ours or frames)[-1]
    path = Path(frame.filename)
    shown = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
    return f"{shown}:{frame.lineno} ({frame.name})"


def describe(error: BaseException) -> str:
    """Type and place of an exception, without its values."""
    return f"{type(error).__name__} at {place_of(error.__traceback__)}"


class PrivateFormatter(logging.Formatter):
    """One line per record; never a traceback, never a foreign message."""

    def format(self, record: logging.LogRecord) -> str:
        error = record.exc_info[1] if record.exc_info else None
        parts = [self.formatTime(record), record.levelname, record.name]
        if record.name.split(".")[0] in OWN:
            parts.append(record.getMessage().strip())
        if error is not None:
            parts.append(describe(error))
        return " ".join(parts)


def worth_writing(record: logging.LogRecord) -> bool:
    """False for Django's notes about ordinary refusals (404, 405): /metrics counts them."""
    return not record.name.startswith("django") or bool(record.exc_info and record.exc_info[1])


LOGGING_CONFIGURATION: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"private": {"()": PrivateFormatter}},
    "filters": {"worth_writing": {"()": lambda: worth_writing}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "private",
            "filters": ["worth_writing"],
        }
    },
    "root": {"level": "WARNING", "handlers": ["stderr"]},
    "loggers": {
        "web": {"level": "INFO"},
        "content": {"level": "INFO"},
        "django": {"level": "WARNING", "handlers": [], "propagate": True},
        "django.server": {"level": "WARNING", "handlers": [], "propagate": True},
        # Both tell the address of every request when they are let loose.
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        "uvicorn": {"level": "INFO", "handlers": [], "propagate": True},
        "uvicorn.error": {"level": "INFO", "handlers": [], "propagate": True},
        # Off even when someone forgets --no-access-log.
        "uvicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}
