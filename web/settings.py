"""Django's settings: no database, no sessions, no accounts. Values come from ``environment.py``."""

from __future__ import annotations

import secrets
import sys
from pathlib import Path

from environment import BadSetting, Environment, read_environment
from web.logs import LOGGING_CONFIGURATION

WEB = Path(__file__).resolve().parent


def environment_or_exit() -> Environment:
    """The environment; a bad setting ends the process with one clear line and exit code 2."""
    try:
        return read_environment()
    except BadSetting as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None


ENVIRONMENT = environment_or_exit()

DEBUG = False
# Nothing is signed today; without a value of its own every process makes one.
SECRET_KEY = ENVIRONMENT.secret_key or secrets.token_urlsafe(50)
ALLOWED_HOSTS = [*ENVIRONMENT.allowed_hosts, ENVIRONMENT.host, "localhost", "127.0.0.1", "[::1]"]

ROOT_URLCONF = "web.urls"
APPEND_SLASH = False
INSTALLED_APPS: list[str] = []
MIDDLEWARE = [
    "web.middleware.measured",
    "web.middleware.with_security_headers",
    "web.middleware.guarded",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [WEB / "templates"],
    }
]
LANGUAGE_CODE = "da"
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True

LOGGING = LOGGING_CONFIGURATION
