"""Holds an answer of the API against its description in web/openapi.yml."""

from __future__ import annotations

import re
from typing import Any

import httpx
import jsonschema_rs

from web.api import DESCRIPTION

COMPONENTS = DESCRIPTION["components"]
PATHS = {
    re.compile(re.sub(r"\{\w+\}", "[^/]+", path)): path for path in DESCRIPTION["paths"]
}  # what a path looks like when it is asked for


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """What a ``$ref`` stands for."""
    while "$ref" in part:
        found: Any = DESCRIPTION
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def is_valid(schema: dict[str, Any], value: Any) -> bool:
    """True when ``value`` has the shape of a schema of the description."""
    return jsonschema_rs.is_valid({**schema, "components": COMPONENTS}, value)


def check_answer(response: httpx.Response) -> None:
    """Raises AssertionError when an answer to a described request is not itself described."""
    path = next((p for form, p in PATHS.items() if form.fullmatch(response.request.url.path)), None)
    if path is None:
        return
    operations = DESCRIPTION["paths"][path]
    operation = operations.get(response.request.method.lower())
    if operation is None:  # a wrong method, a preflight: answered as any of the others would be
        operation = next(o for name, o in operations.items() if name in ("get", "post", "delete"))
        if response.status_code == 204:
            return
    described = operation["responses"].get(str(response.status_code))
    assert described, f"{response.request.method} {path}: {response.status_code} is not described"
    described = resolved(described)
    for name, header in described.get("headers", {}).items():
        assert is_valid(resolved(header)["schema"], response.headers.get(name)), name
    content = described.get("content")
    if content is None:
        assert not response.content
        return
    assert response.headers["Content-Type"].partition(";")[0] in content
    assert is_valid(content["application/json"]["schema"], response.json()), response.text
