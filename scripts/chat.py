"""The same assistant in the terminal (``make chat``): starts the product if it is not running,
then talks to the public API like any other client.
"""

from __future__ import annotations

import signal
import subprocess
import sys
import textwrap
from contextlib import suppress
from typing import Any

import httpx

from environment import ROOT
from scripts.keep_running import end_with_parent
from scripts.run import address_of, check, settings, wait_until_ready

SILENT = "Assistenten svarer ikke. Vent lidt, og prøv igen. Er nogen i fare, så ring 112."
HELP = "Skriv en besked, eller et tal for en knap. En tom linje slutter samtalen."


def main() -> int:
    environment = settings()
    address = address_of(environment)
    runner = None
    if not wait_until_ready(address, seconds=1):
        check(environment)
        print("Starter assistenten …", flush=True)
        # In a group of its own, so that Ctrl-C ends the conversation first and the product after;
        # when the terminal is closed, both at once.
        runner = subprocess.Popen(
            [sys.executable, "-m", "scripts.run", "start"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent,
        )
    try:
        if not wait_until_ready(address):
            sys.exit("The product did not start; run 'make run' to see why.")
        with httpx.Client(base_url=address, timeout=20) as client:
            talk(client)
    except (KeyboardInterrupt, EOFError):
        print()
    finally:
        if runner:
            runner.send_signal(signal.SIGINT)
            runner.wait()
    return 0


def talk(client: httpx.Client) -> None:
    """One conversation, from the opening to an empty line."""
    print(HELP)
    body = ask(client, "/api/conversations", {})
    if "error" in body:
        print(body["error"]["message"])
        return
    path = f"/api/conversations/{body['id']}"
    choices = show(body["messages"])
    while text := input("\nDig: ").strip():
        if text.isdigit() and 1 <= int(text) <= len(choices):
            said = {"choice": choices[int(text) - 1]["choice"]}
        else:
            said = {"text": text}
        body = ask(client, f"{path}/messages", said)
        if "error" in body:
            print(body["error"]["message"])
        else:
            choices = show(body["messages"])
    with suppress(httpx.HTTPError):  # forgotten by itself after a while
        client.delete(path)


def ask(client: httpx.Client, path: str, body: dict[str, str]) -> dict[str, Any]:
    """What the public API answers; when it does not, an error as it would give one."""
    try:
        return client.post(path, json=body).json()
    except httpx.HTTPError:
        return {"error": {"message": SILENT}}


def show(messages: list[dict[str, Any]]) -> list[dict[str, str]]:
    """Prints what the assistant said and returns the buttons that can be chosen now."""
    choices: list[dict[str, str]] = []
    for message in messages:
        print()
        for line in message["text"].splitlines():
            print(textwrap.fill(line, 88, subsequent_indent="  "))
        for line in (message.get("plan") or {}).get("text", "").splitlines():
            print(textwrap.fill(line, 88, initial_indent="  ", subsequent_indent="    "))
        for line in (message.get("contact") or {}).get("lines", []):
            print(f"  {line['label']}: {line['value']}")
        choices = message["choices"]
        for number, choice in enumerate(choices, 1):
            print(f"  [{number}] {choice['label']}")
    return choices


if __name__ == "__main__":
    sys.exit(main())
