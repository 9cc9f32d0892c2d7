"""Settings from the environment and ``.env``: the one place where they are read and checked.

Every setting has a default that lets the product start on one machine. A bad value raises
:class:`BadSetting` with one line that names the setting and the remedy.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

ROOT = Path(__file__).resolve().parent
LOG_LEVELS = ("INFO", "WARNING", "ERROR", "CRITICAL")


class BadSetting(ValueError):
    """A setting that cannot be used."""


@dataclass(frozen=True)
class Environment:
    """The product's settings. ``last_good_folder`` has copies of the content's last good version;
    ``conversation_minutes`` is the time without activity after which a conversation is deleted;
    ``engine_timeout`` is in seconds. The ``…_per_…`` limits count ten minutes; 0 is no limit."""

    data_folder: Path
    last_good_folder: Path
    host: str
    web_port: int
    engine_port: int
    actions_port: int
    engine_url: str
    redis_url: str | None
    conversation_minutes: int
    engine_timeout: float
    max_message_characters: int
    requests_per_client: int
    conversations_per_client: int
    messages_per_conversation: int
    messages_at_once: int
    max_connections: int
    trusted_proxies: int
    allowed_hosts: tuple[str, ...]
    allowed_origins: tuple[str, ...]
    secret_key: str | None
    log_level: str


def read_environment(values: Mapping[str, str | None] | None = None) -> Environment:
    """The settings in ``values``; by default ``.env`` overlaid by the process environment."""
    if values is None:
        values = {**dotenv_values(ROOT / ".env"), **os.environ}

    def text(name: str, default: str = "") -> str:
        return (values.get(name) or "").strip() or default

    def number(name: str, default: str, lowest: int, highest: int) -> int:
        raw = text(name, default)
        if not re.fullmatch(r"\d{1,9}", raw) or not lowest <= int(raw) <= highest:
            raise BadSetting(
                f"{name}={raw!r} is not usable: write a whole number from {lowest} to {highest}."
            )
        return int(raw)

    def names(name: str, pattern: str, form: str) -> tuple[str, ...]:
        found = tuple(part.strip() for part in text(name).split(",") if part.strip())
        for part in found:
            if not re.fullmatch(pattern, part):
                raise BadSetting(f"{name}: {part!r} is not usable: write {form}, comma between.")
        return found

    data_folder = ROOT / text("DATA_FOLDER", "data")
    if not data_folder.is_dir():
        raise BadSetting(f"DATA_FOLDER={str(data_folder)!r} is not usable: no such folder.")
    redis_url = text("REDIS_URL") or None
    if redis_url and not _is_address(redis_url, ("redis", "rediss", "unix")):
        # Without the value: there may be a password in it.
        raise BadSetting("REDIS_URL is not usable: write redis://host:port/0.")
    log_level = text("LOG_LEVEL", "WARNING").upper()
    if log_level not in LOG_LEVELS:
        raise BadSetting(
            f"LOG_LEVEL={log_level!r} is not usable: write {', '.join(LOG_LEVELS[:-1])} or "
            f"{LOG_LEVELS[-1]}. Below them Rasa would log what parents write."
        )
    engine_port = number("ENGINE_PORT", "5005", 1, 65535)
    engine_url = text("ENGINE_URL", f"http://127.0.0.1:{engine_port}").rstrip("/")
    if not _is_address(engine_url, ("http", "https")):
        raise BadSetting(f"ENGINE_URL={engine_url!r} is not usable: write http://host:port.")
    return Environment(
        data_folder=data_folder,
        # Beside the content it is a copy of: another DATA_FOLDER has copies of its own.
        last_good_folder=data_folder.parent / text("LAST_GOOD_FOLDER", ".rasa/last_good"),
        host=text("HOST", "127.0.0.1"),
        web_port=number("WEB_PORT", "8000", 1, 65535),
        engine_port=engine_port,
        actions_port=number("ACTIONS_PORT", "5055", 1, 65535),
        engine_url=engine_url,
        redis_url=redis_url,
        conversation_minutes=number("CONVERSATION_MINUTES", "30", 1, 1440),
        engine_timeout=float(number("ENGINE_TIMEOUT_SECONDS", "7", 1, 60)),
        max_message_characters=number("MAX_MESSAGE_CHARACTERS", "2000", 200, 20000),
        requests_per_client=number("REQUESTS_PER_CLIENT", "3000", 0, 10**6),
        conversations_per_client=number("CONVERSATIONS_PER_CLIENT", "300", 0, 10**6),
        messages_per_conversation=number("MESSAGES_PER_CONVERSATION", "200", 0, 10**6),
        messages_at_once=number("MESSAGES_AT_ONCE", "100", 1, 10**4),
        max_connections=number("MAX_CONNECTIONS", "2000", 10, 10**5),
        trusted_proxies=number("TRUSTED_PROXIES", "0", 0, 9),
        allowed_hosts=names("ALLOWED_HOSTS", r"[\w.*-]+", "host names as chat.kommune.dk"),
        allowed_origins=names(
            "ALLOWED_ORIGINS", r"https?://[\w.-]+(:\d+)?", "origins as https://www.kommune.dk"
        ),
        secret_key=text("SECRET_KEY") or None,
        log_level=log_level,
    )


def _is_address(address: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - raises ValueError when it is no port
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname or parts.path.strip("/"))
