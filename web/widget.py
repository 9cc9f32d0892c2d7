"""``/widget.js``: the chat's modules, its styles and the server's limits as one classic script.

The modules in ``static/`` stay what they are. Each becomes a function here, so that their names
cannot meet, and takes what it imports from those before it. A kommune's page needs no
``type="module"``, no second request and no ``style-src`` for it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.views.decorators.http import require_safe

from web import services
from web.pages import STATIC, TYPES

ENTRY = "embed.js"
STYLES = {"chat": "chat.css", "paper": "paper.css"}
SERVED = "served.js"  # a module of this file's making: what the server knows
FRESH_SECONDS = 300

# The two forms that the modules use; tests/web/test_widget_script.py sees to it.
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./([\w-]+\.js)";$', re.M)
_EXPORT = re.compile(r"^export (?=(?:async )?(?:class|function|const) (\w+))", re.M)
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|\s|$))")
_NOTICE = "/* Forældrevejledning. EUPL-1.2. Sources: web/static/. */"


@dataclass(frozen=True)
class Script:
    """The finished script, plain and compressed."""

    plain: bytes
    compressed: bytes
    etag: str


@require_safe
async def widget(request: HttpRequest) -> HttpResponse:
    """The one file that a kommune's page loads."""
    environment = services.current().environment
    script = build(environment.conversation_minutes, environment.max_message_characters)
    compressed = bool(_GZIP.search(request.headers.get("Accept-Encoding", "")))
    response = HttpResponse(
        script.compressed if compressed else script.plain, content_type=TYPES[".js"]
    )
    if compressed:
        response["Content-Encoding"] = "gzip"
    response["ETag"] = script.etag
    response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
    patch_vary_headers(response, ("Accept-Encoding",))
    return get_conditional_response(request, etag=script.etag, response=response) or response


@cache
def build(minutes: int, max_characters: int) -> Script:
    """The script for these limits; made once."""
    plain = _join(minutes, max_characters).encode()
    # Weak: the same content has two encodings.
    etag = f'W/"{hashlib.sha256(plain).hexdigest()[:20]}"'
    return Script(plain, gzip.compress(plain, mtime=0), etag)


def _join(minutes: int, max_characters: int) -> str:
    styles = {name: (STATIC / file).read_text("utf-8") for name, file in STYLES.items()}
    values = {"minutes": minutes, "maxCharacters": max_characters, "styles": styles}
    served = f"export const served = {json.dumps(values, ensure_ascii=False)};"
    parts = [_as_function(SERVED, served)]
    parts += [_as_function(path.name, path.read_text("utf-8")) for path in modules()]
    return "\n".join((_NOTICE, "(() => {", '"use strict";', "const modules = {};", *parts, "})();"))


def modules() -> list[Path]:
    """The chat's modules, each after those it imports."""
    found: list[Path] = []

    def visit(name: str) -> None:
        path = STATIC / name
        if name == SERVED or path in found:
            return
        for _, needed in _IMPORT.findall(path.read_text("utf-8")):
            visit(needed)
        found.append(path)

    visit(ENTRY)
    return found


def _as_function(name: str, source: str) -> str:
    exports = ", ".join(_EXPORT.findall(source))
    body = _EXPORT.sub("", _IMPORT.sub(r'const \1 = modules["\2"];', source))
    return f'modules["{name}"] = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();'
