"""docs/widget.md tells the kommune all that the chat takes, and nothing that it does not."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "web" / "static"
GUIDE = (ROOT / "docs" / "widget.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHAT = (STATIC / "chat.js").read_text(encoding="utf-8")


def test_attributes() -> None:
    colours = re.search(r"^const COLOURS = \{(.+)\};$", CHAT, re.M)[1]
    read = re.findall(r"this\.dataset\.(\w+)", CHAT) + re.findall(r"(\w+):", colours)
    read += re.findall(r"const \{ (\w+) \} = this\.dataset", CHAT)
    taken = {"data-" + re.sub("[A-Z]", lambda c: f"-{c[0].lower()}", name) for name in read}
    assert set(re.findall(r"^\| `(data-[\w-]+)`", GUIDE, re.M)) == taken


def test_properties() -> None:
    css = (STATIC / "chat.css").read_text(encoding="utf-8")
    taken = set(re.findall(r"var\((--chat-[\w-]+),", css))
    light = {name for name in taken if not name.endswith("-dark")}
    colours = light - {f"--chat-{name}" for name in ("radius", "font", "bottom", "layer")}
    table = "".join(re.findall(r"^\| `--chat.*$", GUIDE, re.M))
    assert set(re.findall(r"--chat-[\w-]+", table)) == light
    assert taken - light == {f"{name}-dark" for name in colours}
    for example in STATIC.glob("eksempel-*.css"):
        assert set(re.findall(r"--chat-[\w-]+", example.read_text(encoding="utf-8"))) <= taken


def test_methods_and_events() -> None:
    emitted = {f"kommune-chat:{name}" for name in re.findall(r'#emit\("(\w+)"\)', CHAT)}
    assert set(re.findall(r"^\| `(kommune-chat:\w+)`", GUIDE, re.M)) == emitted
    public = set(re.findall(r"^  ([a-z]\w*)\(", CHAT, re.M))
    public -= {"connectedCallback", "disconnectedCallback"}
    assert set(re.findall(r"^\| `(\w+)\(\)`", GUIDE, re.M)) == public


def test_the_same_line_everywhere() -> None:
    line = '<script src="https://chat.example.dk/widget.js" data-kommune="0615" defer></script>'
    assert f"\n{line}\n" in README
    assert f"\n{line}\n" in GUIDE
