"""The one script of a kommune's page, as it is served."""

from __future__ import annotations

import json
import re

import httpx
import pytest

from web import widget
from web.pages import STATIC

pytestmark = pytest.mark.anyio

MOST_BYTES = 30_000  # compressed, with the styles
PLAIN = {"Accept-Encoding": "identity"}


async def test_served_small_and_compressed(client: httpx.AsyncClient) -> None:
    got = await client.get("/widget.js", headers={"Accept-Encoding": "br, gzip"})
    assert got.headers["Content-Encoding"] == "gzip"
    assert got.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert "Accept-Encoding" in got.headers["Vary"]
    assert got.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert 0 < got.num_bytes_downloaded <= MOST_BYTES
    plain = await client.get("/widget.js", headers=PLAIN)
    assert "Content-Encoding" not in plain.headers
    assert got.content == plain.content
    assert got.num_bytes_downloaded < len(plain.content)


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [("gzip", True), ("deflate, gzip;q=1.0", True), ("gzip;q=0", False),
     ("gzip; q=0.0, *", False), ("gzip;q=0.5", True), ("br", False)],
)  # fmt: skip
async def test_compressed_for_those_who_take_it(
    client: httpx.AsyncClient, accepted: str, compressed: bool
) -> None:
    response = await client.get("/widget.js", headers={"Accept-Encoding": accepted})
    assert ("Content-Encoding" in response.headers) is compressed


async def test_can_be_kept_and_asked_about(client: httpx.AsyncClient) -> None:
    first = await client.get("/widget.js")
    assert "max-age=" in first.headers["Cache-Control"]
    asked = await client.get("/widget.js", headers={"If-None-Match": first.headers["ETag"]})
    assert (asked.status_code, asked.content) == (304, b"")
    assert asked.headers["ETag"] == first.headers["ETag"]
    assert (await client.post("/widget.js")).status_code == 405


async def test_the_limits_are_the_servers(client: httpx.AsyncClient) -> None:
    script = (await client.get("/widget.js", headers=PLAIN)).text
    served = json.loads(re.search(r"^const served = (.+);$", script, re.M)[1])
    assert (served["minutes"], served["maxCharacters"]) == (30, 500)
    assert served["styles"]["chat"] == (STATIC / "chat.css").read_text()
    assert widget.build(5, 500).etag != widget.build(30, 500).etag


async def test_a_classic_script_of_all_modules(client: httpx.AsyncClient) -> None:
    script = (await client.get("/widget.js", headers=PLAIN)).text
    assert not re.search(r"^\s*(?:import|export)\b|\bimport\.meta\b|\bimport\(", script, re.M)
    for name in re.findall(r'modules\["([\w.-]+)"\];', script):  # each after what it needs
        assert script.index(f'modules["{name}"] = ') < script.index(f'= modules["{name}"];')


def test_every_module_is_used() -> None:
    used = {path.name for path in widget.modules()}
    pages_own = {"pjecer.js"}
    assert used == {path.name for path in STATIC.glob("*.js")} - pages_own


@pytest.mark.parametrize("forbidden", ["localStorage", ".cookie", "indexedDB", "eval("])
def test_nothing_outlives_the_tab(forbidden: str) -> None:
    for path in widget.modules():
        assert forbidden not in path.read_text(), path.name


@pytest.mark.parametrize("look", ["horsens", "moerk"])
async def test_the_examples_use_the_same_line(client: httpx.AsyncClient, look: str) -> None:
    page = (await client.get(f"/eksempler/{look}/")).text
    assert f"/static/eksempel-{look}.css" in page
    assert len(re.findall(r'<script src="/widget.js" data-kommune="\d*"[^>]* defer>', page)) == 1
    assert (await client.get("/eksempler/andet/")).status_code == 404
