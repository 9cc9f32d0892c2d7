"""The web side's logging: our own lines and, of everybody else's, only where they come from."""

from __future__ import annotations

import logging
from typing import Any

from private_logs import PrivateFormatter


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
