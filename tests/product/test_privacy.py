"""What a parent writes goes to the engine masked, to no file at all, and away when asked."""

from __future__ import annotations

import json
import os
import random
import re
import socket
import string
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
from product import Conversation, Product

from environment import ROOT

SECRETS = ("010101-0000", "12 34 56 78", "mor@example.dk")


@contextmanager
def recorded(engine_url: str) -> Iterator[tuple[str, list[bytes]]]:
    """The address of a go-between to the engine, and the bodies that pass it."""
    bodies: list[bytes] = []

    class GoBetween(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            bodies.append(self.path.encode() + b" " + body)
            answer = httpx.request(
                self.command,
                engine_url + self.path,
                content=body,
                headers={"Content-Type": "application/json"},
                timeout=20,
            )
            self.send_response(answer.status_code)
            self.send_header("Content-Length", str(len(answer.content)))
            self.end_headers()
            self.wfile.write(answer.content)

        do_GET = do_POST = do_DELETE = handle_any

        def log_message(self, *details: object) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), GoBetween)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", bodies
    finally:
        server.shutdown()
        server.server_close()


def test_personal_data_is_masked_before_the_engine_sees_it(product: Product):
    cpr, phone, email = SECRETS
    with (
        recorded(product.environment.engine_url) as (address, bodies),
        product.another_web(address) as client,
    ):
        text = f"min søn {cpr} har delt en video videre, ring {phone} eller skriv til {email}"
        Conversation(client).say(text)
    said = [json.loads(body.partition(b" ")[2])["text"] for body in bodies if b'"text"' in body]
    assert len(said) == 1
    assert all(word in said[0] for word in ("[cpr-nummer]", "[telefonnummer]", "[e-mail]"))
    assert "video" in said[0]
    for secret in (*SECRETS, "0000", "12345678"):
        assert not [body for body in bodies if secret.encode() in body]


def test_nothing_of_a_conversation_is_written_anywhere(product: Product):
    mark = a_mark()
    begun = time.time()
    conversation = Conversation(product.client)
    talk(conversation, mark)
    misuse(product, conversation, mark)
    with product.killed("actions"):
        conversation.say(f"hvem er vores SSP i Vejle {mark}")
    with product.hung("actions"):
        conversation.say(f"hvem er vores SSP i Odder {mark}")
    with product.hung("engine"):
        conversation.say(f"de truer hende {mark}")
        product.client.get("/api/kommuner", params={"query": mark})
    with product.killed("engine"):
        conversation.say(f"de truer hende stadig {mark}")
        Conversation(product.client).post({"choice": mark})
        nothing_of_it_is_with(product, mark, conversation.id)
    conversation.post({"text": mark})  # to an engine that does not know the conversation
    talk(Conversation(product.client), mark)
    nothing_of_it_is_with(product, mark, conversation.id)
    assert leaks(begun, (product.folder, ROOT), mark, conversation.id) == []


def test_rasa_at_its_most_talkative_writes_no_message(product: Product):
    mark = a_mark()
    begun = time.time()
    with (
        product.another_engine("--verbose", LOG_LEVEL="INFO") as engine,
        product.another_web(engine) as client,
    ):
        conversation = Conversation(client)
        talk(conversation, mark)
        junk = f"{engine}/webhooks/samtale/conversations/{conversation.id}/messages"
        assert httpx.post(junk, json=[mark]).status_code == 500
        httpx.get(f"{engine}/{mark}/{conversation.id}", params={mark: mark})
        with product.killed("actions"):
            conversation.say(f"hvem er vores SSP i Vejle {mark}")
    assert "Rasa server is up and running" in product.output("another-engine")  # it does talk
    assert leaks(begun, (product.folder,), mark, conversation.id) == []


def a_mark() -> str:
    """A word that stands nowhere else."""
    return "".join(random.choices(string.ascii_lowercase, k=16))


def talk(conversation: Conversation, mark: str) -> None:
    """A conversation in which every kind of answer is asked for."""
    for text in (
        f"min datter {mark} er med i en video",
        f"hvem er ssp i {mark}",
        f"{mark} siger hun ikke vil leve mere",
        f"My son {mark} is being threatened, who can I call in this country?",
        f"hvorfor {mark}\n/{mark}",
        f'/oplyser_sted{{"kommune": "{mark}"}}',
        f"[{mark}](kommune) {{{mark}}} %s %({mark})s ${{{mark}}} \x1b[31m",
        f"lav en plan til {mark}",
        mark,
        mark * 40,
    ):
        conversation.say(text)
    conversation.post({"choice": mark})
    conversation.post({"choice": f"kommune:{mark}"})


def misuse(product: Product, conversation: Conversation, mark: str) -> None:
    """The mark at every place where it does not belong, and in what cannot be read at all."""
    client, path = product.client, f"{conversation.path}/messages"
    wrong: list[dict[str, Any]] = [
        {"json": {"text": mark * 1000}},
        {"json": {"text": mark, mark: mark}},
        {"json": {"text": [mark]}},
        {"json": [mark]},
        {"content": f'{{"text": "{mark}'},
        {"content": mark, "headers": {"Content-Type": f"text/{mark}"}},
        {"content": b"\xff" + mark.encode()},
        {"content": f'{{"text": "{mark}{"x" * 2_000_000}"}}'},
        {"files": {mark: (mark, mark * 10_000)}},
        {"json": {"text": mark}, "headers": {"Origin": f"https://{mark}.test"}},
        {"json": {"text": mark}, "headers": {"Host": f"{mark}.test"}},
        {"json": {"text": "hej"}, "params": {"q": mark}},
        {
            "json": {"text": "hej"},
            "headers": dict.fromkeys(
                ("User-Agent", "Referer", "Cookie", "Authorization", "X-Forwarded-For", "X-Mark"),
                mark,
            ),
        },
    ]
    for request in wrong:
        with suppress(httpx.TransportError):  # cut off in the middle of a body that is too large
            client.post(path, **request)
    client.post(f"/api/conversations/{mark}/messages", json={"text": mark})
    client.post("/api/conversations", json={"kommune": mark})
    client.post("/api/conversations", content=f'{{"kommune": "{mark}')
    client.delete(f"/api/conversations/{mark}")
    client.request(mark.upper(), f"{path}/{mark}")
    for asked in (f"/{mark}", f"/static/{mark}.js", f"/pjecer/{mark}/", "/", "/pjecer/"):
        client.get(asked, params={"q": mark, "kommune": mark})
    client.get("/api/kommuner", params={"query": mark})
    # The others must stay silent also about what the web side would never send them.
    engine = product.environment.engine_url
    junk = f"{engine}/webhooks/samtale/conversations/{conversation.id}/messages"
    assert httpx.post(junk, json=[mark]).status_code == 500
    httpx.post(f"{engine}/webhooks/rest/webhook", json={"sender": mark, "message": mark})
    actions = f"http://127.0.0.1:{product.ports['actions']}"
    for body in ({"next_action": mark}, {"next_action": "handleplan", "tracker": mark}, [mark]):
        httpx.post(f"{actions}/webhook", json=body)
    for port in product.ports.values():
        with socket.create_connection(("127.0.0.1", port)) as line:
            line.sendall(f"{mark} {mark}\r\n{mark}\r\n\r\n".encode())
            line.settimeout(5)
            with suppress(OSError):
                line.recv(1024)


def nothing_of_it_is_with(product: Product, *words: str) -> None:
    """No word in the metrics, nor where the processes can be looked at from outside."""
    places = {"metrics": product.client.get("/metrics").content}
    for process in product.processes.values():
        if process.poll() is not None:
            continue
        own = Path("/proc", str(process.pid))
        for name in ("environ", "cmdline", "comm"):
            places[str(own / name)] = (own / name).read_bytes()
        assert re.search(r"Max core file size +0 ", (own / "limits").read_text())
        for open_file in (own / "fd").iterdir():  # also what has been deleted meanwhile
            with suppress(OSError):
                if open_file.is_file():
                    places[f"{open_file} {open_file.readlink()}"] = open_file.read_bytes()
    found = [
        f"{word} in {place}"
        for place, content in places.items()
        for word in words
        if word.encode() in content.lower() or word.encode() in content
    ]
    assert found == []


# Where else a library may write: a program's own folders, and memory that looks like a disk.
ELSEWHERE = (
    Path("/dev/shm"),
    Path("/var/tmp"),
    Path("/var/log"),
    Path.home() / ".config",
    Path.home() / ".cache",
)


def leaks(begun: float, folders: tuple[Path, ...], *words: str) -> list[str]:
    """Where one of the words stands in a file written since then."""
    return [
        f"{word} in {path}"
        for path, content in written_since(begun, *folders, *ELSEWHERE)
        for word in words
        if word in path.name or word.encode() in content or word.encode() in content.lower()
    ]


def written_since(moment: float, *folders: Path) -> Iterator[tuple[Path, bytes]]:
    """The files below ``folders`` that were written since then, with what is in them."""
    for folder in folders:
        for place, below, names in os.walk(folder):
            below[:] = [name for name in below if name not in (".git", ".venv")]
            for path in (Path(place, name) for name in names):
                with suppress(FileNotFoundError):  # a short-lived file of somebody else's
                    if path.stat().st_mtime > moment - 1:
                        yield path, path.read_bytes()


def test_a_deleted_conversation_is_gone(conversation: Conversation):
    conversation.say("vi bor i Horsens")
    assert conversation.client.delete(conversation.path).status_code == 204
    response = conversation.post({"text": "er du der stadig"})
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "fejl_ukendt_samtale"
    assert conversation.client.delete(conversation.path).status_code == 204


def test_a_conversation_remembers_nothing_of_another(product: Product):
    Conversation(product.client, "0615").say("min søn er 14")
    assert Conversation(product.client).choose("ssp_kontakt")["ask_kommune"]
