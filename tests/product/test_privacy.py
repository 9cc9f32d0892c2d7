"""What a parent writes goes to the engine masked, to no file at all, and away when asked."""

from __future__ import annotations

import json
import os
import random
import string
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

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
    mark = "".join(random.choices(string.ascii_lowercase, k=16))
    begun = time.time()
    conversation = Conversation(product.client)
    texts = (
        f"min datter {mark} er med i en video",
        f"hvem er ssp i {mark}",
        f"{mark} siger hun ikke vil leve mere",
        f"My son {mark} is being threatened, who can I call in this country?",
        f"hvorfor {mark}\n/{mark}",
        mark,
    )
    for text in texts:
        conversation.say(text)
    conversation.post({"choice": mark})
    product.client.post(f"/api/conversations/{mark}/messages", json={"text": mark})
    product.client.post("/api/conversations", content=f'{{"kommune": "{mark}')
    product.client.get(f"/{mark}", params={"q": mark})
    product.client.get("/api/kommuner", params={"query": mark})
    with product.killed("actions"):
        conversation.say(f"hvem er vores SSP i Vejle {mark}")
    # The engine must stay silent also about what the web side would never send it.
    engine = f"{product.environment.engine_url}/webhooks/samtale/conversations/{conversation.id}"
    assert httpx.post(f"{engine}/messages", json=[mark]).status_code == 500
    metrics = product.client.get("/metrics").text
    assert mark not in metrics
    assert conversation.id not in metrics

    leaks = [
        f"{words} in {path}"
        for path, content in written_since(begun, product.folder, ROOT)
        for words in (mark, conversation.id)
        if words in path.name or words.encode() in content
    ]
    assert leaks == []


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
