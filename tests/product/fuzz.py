"""Asks the running product many nonsensical things (``make fuzz``), and looks at what is left.

Fails when an answer is a server error other than the documented 503, differs from the API's
description, gives back a marked string or shows where the code broke; and when a marked string, a
conversation's id or a stack trace stands in a log, a metric or a file afterwards. The
requests are random with a fixed seed; ``REQUESTS=1000 make fuzz`` is a quick look.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

os.environ["DJANGO_SETTINGS_MODULE"] = "web.settings"

import httpx
from described import check_answer
from product import Conversation, Product
from test_privacy import written_since

from environment import ROOT

REQUESTS = int(os.environ.get("REQUESTS", "100000"))
AT_ONCE = 32
MARK = "hemmeligtmaerke7391"
BROKEN = ("Traceback", 'File "', "site-packages", "django.core")
TO_ENGINE = 0.01  # the share of well-formed messages; each takes the engine's time
RAW = 0.03  # the share of bytes that are no HTTP at all
METHODS = ["GET", "POST", "DELETE", "PUT", "PATCH", "HEAD", "OPTIONS", "TRACE", "BREW"]
NASTY = [
    "", " ", "/", "//restart", "/start{}", "\u200b/\u202e", "\u202eevil", "😢" * 40,
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "' OR 1=1 --",
    '"; DROP TABLE x; --', "${jndi:ldap://x}", "{{7*7}}", "%s%n%x", "../../../etc/passwd",
    "..%2f..%2f", "\x00", "\x1b[31m", "\ud800", "010100-0000", "12 34 56 78", "a@b.dk",
    "4571 0000 0000 0000", "DK50 0000 0000 0000 00", "x" * 2000, "x" * 2001, "x" * 100_000,
    "9" * 5000, "A" * 32, "kommune:0615", "null", "NaN", "-1", "1e999", "\r\nX-Injected: 1",
    "Ω≈ç√", "كيف", "\ufeff", "min søn er filmet",
]  # fmt: skip
TEXTS = [
    "min datters billede er blevet delt", "de truer med at dele det", "hvem er SSP i Horsens",
    "han er 14", "skal vi politianmelde", "jeg ved ikke hvad jeg skal gøre", "/restart", "?!?",
    "can you help me", "vi bor i 8700", "lav en plan", "<b>hjælp</b>", "😢😢😢",
]  # fmt: skip
HEADERS = [
    "Origin", "Host", "X-Forwarded-For", "X-Forwarded-Host", "Cookie", "Accept", "Range",
    "X-HTTP-Method-Override", "If-None-Match", "Content-Encoding",
]  # fmt: skip
PATHS = [
    "/", "/pjecer/", "/pjecer/{}/", "/pjecer/{}", "/static/{}", "/static/chat.js", "/health/live",
    "/metrics", "/api", "/api/", "/api/{}", "/api/conversations", "/api/conversations/",
    "/api/conversations/{}", "/api/conversations/{}/messages", "/api/kommuner",
    "/api/kommuner?query={}", "/api/openapi.json", "/?kommune={}", "/pjecer/?kommune={}", "/{}",
    "/api/conversations/{}/messages/{}", "//{}", "/api/../{}",
]  # fmt: skip


class Fuzzer:
    """Makes the requests, sends them, and remembers what was wrong with the answers."""

    def __init__(self, address: str, seed: int) -> None:
        self.dice = random.Random(seed)
        self.address = address
        self.ids: list[str] = []
        self.all_ids: set[str] = set()
        self.statuses: Counter[str] = Counter()
        self.wrong: Counter[str] = Counter()

    def nasty(self) -> str:
        text = self.dice.choice(NASTY)
        return text if self.dice.random() < 0.5 else f"{text}{MARK}{self.dice.choice(NASTY)[:40]}"

    def value(self, depth: int = 0) -> Any:
        """Any JSON value."""
        makers: list[Callable[[], Any]] = [
            self.nasty, self.nasty, lambda: self.dice.randint(-(2**70), 2**70), self.dice.random,
            lambda: None, lambda: True,
            lambda: float(self.dice.choice(["nan", "inf", "-inf"])),
        ]  # fmt: skip
        if depth < 4:
            makers += [
                lambda: [self.value(depth + 1) for _ in range(self.dice.randint(0, 4))],
                lambda: {self.key(): self.value(depth + 1) for _ in range(self.dice.randint(0, 4))},
            ]
        return self.dice.choice(makers)()

    def key(self) -> str:
        return self.dice.choice(
            ["text", "choice", "kommune", "__proto__", "id", MARK, self.nasty()]
        )

    def body(self) -> bytes:
        kind = self.dice.randint(0, 9)
        if kind == 0:
            return self.dice.randbytes(self.dice.choice([0, 1, 100, 5000, 40_000]))
        if kind == 1:
            bomb = self.dice.choice(["[", '{"a":', '{"text":[', "[[[{"])
            return (bomb * self.dice.choice([10, 1000, 3000])).encode()
        if kind == 2:
            key = self.dice.choice(["text", "choice", "kommune"])
            return f'{{"{key}": "{MARK}", "{key}": {"9" * self.dice.choice([1, 5000])}}}'.encode()
        body = {self.key(): self.value() for _ in range(self.dice.randint(0, 3))}
        if kind < 7:  # nearly right
            body = {self.dice.choice(["text", "choice", "kommune"]): self.value(3)}
        text = json.dumps(body, ensure_ascii=self.dice.random() < 0.5)
        return text.encode("utf-8", "surrogatepass")[: self.dice.choice([None, None, None, 20])]

    def headers(self) -> dict[str, bytes]:
        found = {"Content-Type": self.dice.choice([b"application/json"] * 6 + [b"", b"text/plain"])}
        for name in HEADERS:
            if self.dice.random() < 0.05:
                value = self.nasty()[:3000].encode("utf-8", "ignore")
                found[name] = value.translate(None, b"\r\n\0").strip()
        return found

    def path(self) -> str:
        found = self.dice.choice(PATHS)
        while "{}" in found:
            known = self.ids and self.dice.random() < 0.5
            part = self.dice.choice(self.ids) if known else self.nasty()[:500]
            quoted = quote(part, safe="", errors="replace")
            found = found.replace("{}", quoted, 1)
        return found

    async def nonsense(self, client: httpx.AsyncClient) -> None:
        method = self.dice.choice(METHODS[:3] * 4 + METHODS)
        try:
            request = httpx.Request(
                method, self.address + self.path(), headers=self.headers(), content=self.body()
            )
        except httpx.InvalidURL:
            return
        self.judge(await client.send(request))

    async def start(self, client: httpx.AsyncClient) -> None:
        kommune = self.dice.choice([None, "0615", self.nasty()[:50]])
        body = json.dumps({"kommune": kommune}).encode()
        response = await self.post(client, "/api/conversations", body)
        if response.status_code == 201:
            self.ids = [*self.ids[-40:], response.json()["id"]]
            self.all_ids.add(response.json()["id"])

    async def say(self, client: httpx.AsyncClient) -> None:
        if self.dice.random() < 0.3 or not self.ids:
            await self.start(client)
            return
        text = self.dice.choice([*TEXTS, self.nasty()[:1500]])
        body = json.dumps({"text": f"{text} {MARK}"}).encode()
        path = f"/api/conversations/{self.dice.choice(self.ids)}/messages"
        await self.post(client, path, body)

    async def post(self, client: httpx.AsyncClient, path: str, body: bytes) -> httpx.Response:
        headers = {"Content-Type": "application/json"}
        response = await client.post(self.address + path, content=body, headers=headers)
        self.judge(response)
        return response

    async def raw(self) -> None:
        """Bytes on a socket: half heads, wrong lengths, smuggled requests, noise."""
        pieces = [
            b"GET / HTTP/1.1\r\nHost: x\r\n", b"\r\n", b"\r\n\r\n", self.dice.randbytes(50),
            MARK.encode(), b"POST /api/conversations HTTP/1.1\r\nHost: 127.0.0.1\r\n",
            b"Content-Length: -5\r\n", b"Transfer-Encoding: chunked\r\n",
            b"Content-Length: 99999999\r\n", b"0\r\n\r\n", b"FFFFFFFF\r\n",
            b"Upgrade: websocket\r\nConnection: Upgrade\r\n", b"X: " + b"x" * 20_000 + b"\r\n",
            b"PRI * HTTP/2.0\r\n",
        ]  # fmt: skip
        host, port = self.address.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.writelines(self.dice.choices(pieces, k=self.dice.randint(1, 6)))
            if writer.can_write_eof():
                writer.write_eof()
            async with asyncio.timeout(15):
                answer = await reader.read()
        except OSError:  # hung up on, or too slow
            answer = b""
        finally:
            writer.close()
        status = answer[9:12].decode("ascii", "replace") if answer else "none"
        self.statuses[f"raw {status}"] += 1
        if status.startswith("5") or any(word.encode() in answer for word in BROKEN):
            self.wrong[f"raw: {answer[:200]!r}"] += 1

    def judge(self, response: httpx.Response) -> None:
        status, path = response.status_code, response.request.url.path
        self.statuses[str(status)] += 1
        what = f"{response.request.method} {status}"
        if status >= 500 and not (status == 503 and path.startswith("/api/conversations")):
            self.wrong[f"{what}: server error"] += 1
        if response.request.method != "HEAD":
            try:
                check_answer(response)
            except (AssertionError, ValueError) as error:
                self.wrong[f"{what}: {str(error)[:200]}"] += 1
        text = response.text
        location = response.headers.pop("Location", "/")  # a missing slash is added to the address
        if location != "/" and not location.startswith("/pjecer/"):
            self.wrong[f"{what}: sends somewhere else"] += 1
        if MARK in text or MARK in str(response.headers):
            self.wrong[f"{what} {path[:40]}: the marked string comes back"] += 1
        if any(word in text for word in BROKEN):
            self.wrong[f"{what}: shows where it broke"] += 1

    async def run(self, requests: int) -> None:
        left = iter(range(requests))

        async def parent(client: httpx.AsyncClient) -> None:
            for _ in left:
                chance = self.dice.random()
                try:
                    if chance < TO_ENGINE:
                        await self.say(client)
                    elif chance < TO_ENGINE + RAW:
                        await self.raw()
                    else:
                        await self.nonsense(client)
                except httpx.TimeoutException:
                    self.wrong["no answer in time"] += 1
                except (httpx.RemoteProtocolError, httpx.LocalProtocolError, httpx.NetworkError):
                    # The server hung up on a head too large, or httpx would not send it.
                    self.statuses["hung up"] += 1

        limits = httpx.Limits(max_connections=AT_ONCE)
        async with httpx.AsyncClient(timeout=30, limits=limits, trust_env=False) as client:
            await asyncio.gather(*(parent(client) for _ in range(AT_ONCE)))


def memory(product: Product, name: str) -> int:
    """The process's memory in MB."""
    status = Path(f"/proc/{product.processes[name].pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) // 1024


def leaks(product: Product, begun: float, words: set[str]) -> list[str]:
    """Where one of the words stands in what was written, and stack traces in the logs."""
    found = []
    for path, content in written_since(begun, product.folder, ROOT):
        if path.suffix == ".pyc":
            continue
        found += [str(path) for word in words if word.encode() in content]
    found += [
        f"{name}.log: trace" for name in product.processes if BROKEN[0] in product.output(name)
    ]
    metrics = product.client.get("/metrics").text
    return found + ["/metrics" for word in words if word in metrics]


def main() -> int:
    begun = time.time()
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder), MESSAGES_AT_ONCE="4")  # so few that they are reached
        try:
            product.start()
            fuzzer = Fuzzer(product.address, seed=7391)
            before = {name: memory(product, name) for name in product.processes}
            started = time.monotonic()
            asyncio.run(fuzzer.run(REQUESTS))
            seconds = time.monotonic() - started
            after = {name: memory(product, name) for name in product.processes}
            assert Conversation(product.client).say("de truer hende")["text"], "no answer any more"
            wrong = dict(fuzzer.wrong)
            left = leaks(product, begun, {MARK, *fuzzer.all_ids})
        finally:
            product.stop()
    print(f"{REQUESTS} requests in {seconds:.0f} s; {len(fuzzer.all_ids)} conversations")
    print("answers:", dict(sorted(fuzzer.statuses.items())))
    print("memory in MB:", {name: f"{before[name]} -> {after[name]}" for name in before})
    print("wrong:", wrong or "nothing", "| left behind:", left or "nothing")
    return 1 if wrong or left else 0


if __name__ == "__main__":
    sys.exit(main())
