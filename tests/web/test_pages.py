"""Demo page, files, health."""

from __future__ import annotations

import re

import httpx
import pytest
from conftest import FakeEngine

from web.pages import STATIC

pytestmark = pytest.mark.anyio


async def test_demo_page(client: httpx.AsyncClient) -> None:
    response = await client.get("/")
    assert response.status_code == 200
    assert 'lang="da"' in response.text
    assert "tel:112" in response.text
    assert "tel:114" in response.text
    assert '<script src="/widget.js" data-kommune="" defer></script>' in response.text
    # What the content security policy would block.
    assert not re.search(r"\sstyle=|\son\w+=|<style|<script(?![^>]*src=)", response.text)
    assert not re.search(r'(?:src|href)="https?:', response.text)


@pytest.mark.parametrize(
    ("query", "shown"), [("0615", "0615"), ('"><script>', ""), ("１２３４", "")]
)
async def test_demo_page_as_a_kommunes(client: httpx.AsyncClient, query: str, shown: str) -> None:
    response = await client.get("/", params={"kommune": query})
    assert f'data-kommune="{shown}"' in response.text
    assert "<script>" not in response.text


async def test_the_statement_stands_without_content(client: httpx.AsyncClient) -> None:
    response = await client.get("/tilgaengelighed")
    assert response.status_code == 200
    assert "30 minutter" in response.text
    assert {"112", "114"} <= set(re.findall(r'href="tel:(\d+)"', response.text))


async def test_every_file_is_served_and_can_be_kept(client: httpx.AsyncClient) -> None:
    for file in STATIC.iterdir():
        response = await client.get(f"/static/{file.name}")
        assert response.status_code == 200
        headers = {"If-None-Match": response.headers["ETag"]}
        assert (await client.get(f"/static/{file.name}", headers=headers)).status_code == 304


@pytest.mark.parametrize(
    "name",
    ["..%2Fsettings.py", "%2e%2e", "chat", "x.js", "..%2f..%2f.env", f"{'x' * 300}.js",
     f"{'%C3%A6' * 2000}.css", "chat.js%00", "%00.js", "%FF%ED%A0%80.js", "chat.js%2f.js"],
)  # fmt: skip
async def test_nothing_else_is_served(client: httpx.AsyncClient, name: str) -> None:
    response = await client.get(f"/static/{name}")
    assert response.status_code == 404
    assert "Dansk tekst om findes_ikke." in response.text


def test_the_chat_asks_nobody_else() -> None:
    for file in STATIC.glob("*.js"):
        found = set(re.findall(r"https?://[^\s\"'`)]+", file.read_text()))
        assert found <= {"https://www.dr.dk/", "http://www.w3.org/2000/svg"}, file.name


async def test_health(client: httpx.AsyncClient, engine: FakeEngine) -> None:
    assert (await client.get("/health/live")).status_code == 200
    assert (await client.get("/health/ready")).status_code == 200
    engine.fault = lambda request: httpx.Response(503)
    assert (await client.get("/health/ready")).status_code == 503

    def down(request: httpx.Request) -> None:
        raise httpx.ConnectError("down")

    engine.fault = down
    assert (await client.get("/health/ready")).status_code == 503
    assert (await client.get("/health/live")).status_code == 200
