"""Nothing a parent wrote, no id and no address in any log or metric."""

from __future__ import annotations

import logging
import logging.config
from collections.abc import Iterator
from io import StringIO

import httpx
import pytest
from conftest import MARK, FakeEngine

from private_logs import describe
from web.logs import LOGGING_CONFIGURATION

pytestmark = pytest.mark.anyio


@pytest.fixture
def written() -> Iterator[StringIO]:
    """Everything our logging configuration writes, with every logger turned up."""
    stream = StringIO()
    logging.config.dictConfig(LOGGING_CONFIGURATION)
    (handler,) = [h for h in logging.getLogger().handlers if h.name == "stderr"]
    assert isinstance(handler, logging.StreamHandler)
    handler.setStream(stream)
    logging.getLogger().setLevel(logging.DEBUG)
    yield stream
    logging.config.dictConfig(LOGGING_CONFIGURATION)


async def test_a_whole_conversation_with_every_fault(
    client: httpx.AsyncClient,
    engine: FakeEngine,
    written: StringIO,
    running,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def explode(*args: object, **kwargs: object) -> None:
        raise RuntimeError(MARK)

    def down(request: httpx.Request) -> None:
        raise httpx.ConnectError(f"no {request.url} {MARK}")

    id_ = (await client.post("/api/conversations", json={})).json()["id"]
    path = f"/api/conversations/{id_}/messages"
    body = {"text": f"{MARK} 010190-1234"}
    await client.post(path, json=body)
    await client.post(path, json={"text": MARK * 100})
    await client.post(path, content=MARK.encode(), headers={"Content-Type": "application/json"})
    await client.post(path + f"/{id_}", json=body)
    await client.put(path, json=body)
    await client.get(f"/{MARK}/{id_}")
    await client.get("/api/kommuner", params={"query": MARK})
    await client.post(path, json=body, headers={"Host": "evil.test"})
    await client.post(path, json=body, headers={"Origin": "https://evil.test"})
    for fault in (down, lambda request: httpx.Response(500, text=MARK), explode):
        engine.fault = fault
        await client.post(path, json=body)
        await client.delete(f"/api/conversations/{id_}")
    monkeypatch.setattr("web.conversations.mask", explode)
    assert (await client.post(path, json=body)).status_code == 500
    monkeypatch.setattr("web.pages.render", explode)
    quiet = httpx.ASGITransport(app=client._transport.app, raise_app_exceptions=False)  # type: ignore[attr-defined]
    async with httpx.AsyncClient(transport=quiet, base_url=str(client.base_url)) as other:
        response = await other.get("/")
    assert response.status_code == 500
    assert MARK not in response.text

    log = written.getvalue()
    assert "ERROR web.api A request failed: RuntimeError at web/conversations.py:" in log
    assert "ERROR django.request RuntimeError at web/pages.py:" in log
    metrics = (await client.get("/metrics")).text
    for text in (log, metrics):
        assert MARK not in text
        assert id_ not in text
        assert "010190" not in text
        assert "127.0.0.1" not in text


async def test_foreign_records_lose_their_message(written: StringIO) -> None:
    logging.getLogger("asyncio").error("Task exception: %s", MARK)
    logging.getLogger("httpx").info("HTTP Request: POST http://x/%s", MARK)
    logging.getLogger("uvicorn.access").info(MARK)
    logging.getLogger("django.request").warning("Not Found: %s", MARK)
    log = written.getvalue()
    assert MARK not in log
    assert log.endswith("ERROR asyncio\n")
    assert not {"httpx", "uvicorn", "django"} & set(log.replace(".", " ").split())


def test_an_exception_is_type_and_place() -> None:
    with pytest.raises(ValueError, match=MARK) as caught:
        int(MARK)
    assert describe(caught.value).startswith("ValueError at tests/web/test_logs.py:")
    assert MARK not in describe(caught.value)


def test_uvicorn_writes_no_access_log(written: StringIO) -> None:
    logger = logging.getLogger("uvicorn.access")
    assert not logger.propagate
    assert not logger.isEnabledFor(logging.INFO)
