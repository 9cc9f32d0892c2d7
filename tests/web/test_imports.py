"""The modules depend on each other in one direction."""

from __future__ import annotations

import subprocess
import sys

from environment import ROOT


def test_what_answers_refusals_can_be_imported_first() -> None:
    subprocess.run([sys.executable, "-c", "import web.errors"], cwd=ROOT, check=True, timeout=30)
