"""Security headers, origins and hosts."""

from __future__ import annotations

import httpx
import pytest
from conftest import FakeEngine

pytestmark = pytest.mark.anyio

KOMMUNE = "https://www.kommune.test"
EVERYWHERE = ["/", "/static/chat.js", "/findes/ikke", "/api/kommuner", "/api/x", "/health/live",
              "/health/ready", "/metrics", "/api/conversations"]  # fmt: skip


@pytest.mark.parametrize("path", EVERYWHERE)
async def test_headers(client: httpx.AsyncClient, path: str) -> None:
    headers = (await client.get(path)).headers
    policy = headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "geolocation=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    wanted = "cross-origin" if path.startswith("/static/") else "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == wanted
    assert "Set-Cookie" not in headers
    if path.startswith("/api"):
        assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/widget.js", "/static/chat.css", "/static/crest.svg"])
async def test_a_304_leaves_the_kept_file_usable_by_a_kommunes_page(
    client: httpx.AsyncClient, path: str
) -> None:
    first = await client.get(path)
    again = await client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    kept = {**first.headers, **again.headers}  # as a cache puts them together (RFC 9111, 4.3.4)
    assert kept == dict(first.headers)
    assert kept["Cross-Origin-Resource-Policy".lower()] == "cross-origin"


@pytest.mark.parametrize("origin", [KOMMUNE, "https://chat.test", "http://chat.test"])
async def test_welcome_origin(client: httpx.AsyncClient, origin: str) -> None:
    response = await client.post("/api/conversations", json={}, headers={"Origin": origin})
    assert response.status_code == 201
    assert response.headers["Access-Control-Allow-Origin"] == origin
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert "Origin" in response.headers["Vary"]


@pytest.mark.parametrize(
    "origin",
    ["https://evil.test", "null", "https://www.kommune.test.evil.test", "http://www.kommune.test",
     "https://www.kommune.test:8443", "https://sub.www.kommune.test", ""],
)  # fmt: skip
@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
async def test_foreign_origin(
    client: httpx.AsyncClient, engine: FakeEngine, origin: str, method: str
) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    response = await client.request(method, "/api/conversations", json={}, headers=headers)
    assert response.status_code == 403
    assert response.json()["error"]["code"] == "fejl_ugyldig"
    assert "Access-Control-Allow-Origin" not in response.headers
    assert not engine.requests


async def test_preflight(client: httpx.AsyncClient) -> None:
    headers = {
        "Origin": KOMMUNE,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    response = await client.options("/api/conversations", headers=headers)
    assert response.status_code == 204
    assert response.headers["Access-Control-Allow-Origin"] == KOMMUNE
    assert "DELETE" in response.headers["Access-Control-Allow-Methods"]
    assert response.headers["Access-Control-Allow-Headers"] == "Content-Type"


async def test_a_refusal_can_be_read_from_an_allowed_page(client: httpx.AsyncClient) -> None:
    response = await client.post(
        "/api/conversations", content=b"x" * 20_000, headers={"Origin": KOMMUNE}
    )
    assert response.status_code == 413
    assert response.headers["Access-Control-Allow-Origin"] == KOMMUNE


async def test_the_chat_files_can_be_loaded_by_an_allowed_page_only(
    client: httpx.AsyncClient,
) -> None:
    for origin, allowed in ((KOMMUNE, KOMMUNE), ("https://evil.test", None)):
        response = await client.get("/static/chat.js", headers={"Origin": origin})
        assert response.headers.get("Access-Control-Allow-Origin") == allowed


async def test_wrong_host(client: httpx.AsyncClient) -> None:
    headers = {"Host": "evil.test"}
    response = await client.post("/api/conversations", json={}, headers=headers)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "fejl_ugyldig")
    assert (await client.get("/health/live", headers=headers)).status_code == 200
