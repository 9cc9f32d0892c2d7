"""Counts by route, status and answer id, and nothing that grows with what people send."""

from __future__ import annotations

import httpx
import pytest
from conftest import FakeEngine

pytestmark = pytest.mark.anyio


async def test_counts(client: httpx.AsyncClient, engine: FakeEngine, started: str) -> None:
    path = f"/api/conversations/{started}/messages"
    await client.post(path, json={"text": "hej"})
    engine.message = {"answer": "opfundet_id_42", "text": "x"}
    await client.post(path, json={"text": "hej"})
    engine.fault = lambda request: httpx.Response(500)
    await client.post(path, json={"text": "hej"})
    await client.get("/et/sted/der/ikke/findes")
    await client.request("OPFUNDET", "/")
    response = await client.get("/metrics")
    assert response.headers["Content-Type"].startswith("text/plain")
    text = response.text
    route = "/api/conversations/<str:conversation>/messages"
    assert f'web_requests_total{{method="POST",route="{route}",status="200"}}' in text
    assert f'web_request_seconds_bucket{{le="8.0",route="{route}"}}' in text
    assert 'web_answers_total{answer="afpresning"}' in text
    assert 'web_answers_total{answer="unknown"}' in text
    assert 'web_safe_answers_total{reason="refused"}' in text
    assert 'method="other"' in text
    assert 'route="unknown"' in text
    for secret in (started, "opfundet", "OPFUNDET", "et/sted"):
        assert secret not in text
