"""The README may only promise what is there."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))

COMMANDS = sorted(set(re.findall(r"\bmake ([a-z-]+)", README)))
LINKS = sorted(set(re.findall(r"\]\((?!http)([^)#]+)", README)))
PATHS = sorted(
    {
        path
        for path in re.findall(r"`([\w./-]+)`", README)
        if "/" in path or path.endswith((".yml", ".py", ".md"))
    }
    | {line.split()[0] for line in re.findall(r"^\w+/ .*$", README, re.M)}
)


@pytest.mark.parametrize("command", COMMANDS)
def test_command_exists(command: str) -> None:
    assert command in TARGETS


@pytest.mark.parametrize("path", [*PATHS, *LINKS])
def test_path_exists(path: str) -> None:
    assert (ROOT / path).exists(), f"README.md names {path}"


@pytest.mark.parametrize("command", ["run", "train"])
def test_make_can_be_asked_what_it_would_do(command: str) -> None:
    # Without its environments whatever is run all the same fails at once.
    nowhere = ["WEB=.nowhere/web", "ENGINE=.nowhere/engine"]
    asked = subprocess.run(["make", "-n", command, *nowhere], cwd=ROOT, capture_output=True)
    assert asked.returncode == 0
    assert b"-m scripts.run" in asked.stdout


def test_readme_names_the_two_commands_first() -> None:
    assert COMMANDS
    assert README.index("make run") < README.index("make test") < README.index("make chat")


@pytest.mark.parametrize("path", sorted((ROOT / "docs").rglob("*.md")), ids=lambda p: p.name)
def test_commands_in_docs_exist(path: Path) -> None:
    # Only commands set as code: "make sure" is English.
    named = re.findall(r"`make ([a-z-]+)", path.read_text(encoding="utf-8"))
    assert set(named) <= TARGETS
