"""A bad setting stops the start with one line."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from environment import ROOT


@pytest.mark.parametrize("command", [["web"], ["uvicorn", "web.asgi:application", "--port", "1"]])
def test_bad_setting(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env={**os.environ, "CONVERSATION_MINUTES": "mange"},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("CONVERSATION_MINUTES='mange' is not usable")
