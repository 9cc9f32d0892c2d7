"""The same assistant in the terminal (``make chat``): starts the product if it is not running,
then talks to the public API like any other client.
"""

from __future__ import annotations

import sys
import textwrap
import threading
from typing import Any

import httpx
from honcho.printer import Printer

from scripts.run import check, manager, settings, wait_until_ready

HELP = "Skriv en besked, eller et tal for en knap. En tom linje slutter samtalen."


class _Quiet(Printer):  # type: ignore[misc]
    """Keeps the processes' own lines out of the conversation."""

    def write(self, message: Any) -> None:
        return None


def main() -> int:
    environment = settings()
    address = f"http://{environment.host}:{environment.web_port}"
    runner = None
    if not wait_until_ready(address, seconds=1):
        check(environment)
        print("Starter assistenten …", flush=True)
        runner = manager(environment, _Quiet())
        threading.Thread(target=runner.loop, daemon=True).start()
        if not wait_until_ready(address):
            runner.terminate()
            sys.exit("The product did not start; run 'make run' to see why.")
    try:
        with httpx.Client(base_url=address, timeout=20) as client:
            talk(client)
    except (KeyboardInterrupt, EOFError):
        print()
    finally:
        if runner:
            runner.terminate()
    return 0


def talk(client: httpx.Client) -> None:
    """One conversation, from the opening to an empty line."""
    print(HELP)
    body = client.post("/api/conversations", json={}).json()
    path = f"/api/conversations/{body['id']}"
    choices = show(body["messages"])
    while text := input("\nDig: ").strip():
        if text.isdigit() and 1 <= int(text) <= len(choices):
            said = {"choice": choices[int(text) - 1]["choice"]}
        else:
            said = {"text": text}
        body = client.post(f"{path}/messages", json=said).json()
        if "error" in body:
            print(body["error"]["message"])
        else:
            choices = show(body["messages"])
    client.delete(path)


def show(messages: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Prints what the assistant said and returns the buttons that can be chosen now."""
    choices: list[dict[str, str]] = []
    for message in messages:
        print()
        for line in message["text"].splitlines():
            print(textwrap.fill(line, 88, subsequent_indent="  "))
        for line in (message.get("contact") or {}).get("lines", []):
            print(f"  {line['label']}: {line['value']}")
        choices = message["choices"]
        for number, choice in enumerate(choices, 1):
            print(f"  [{number}] {choice['label']}")
    return choices


if __name__ == "__main__":
    sys.exit(main())
