"""Whatever a library logs, and at whatever level: no message of it is written."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
from pathlib import Path

import pytest

from content.last_good import LastGood
from environment import ROOT
from private_logs import PrivateFormatter, describe

MARK = "HEMMELIGT-MÆRKE-7391"
PROGRAM = f"""
import logging, sys, warnings
from private_logs import keep_private

logging.basicConfig(level=logging.DEBUG)
own = logging.StreamHandler()
logging.getLogger("rasa.core").addHandler(own)
keep_private()
logging.getLogger("rasa").setLevel(logging.DEBUG)
for level in ("debug", "info", "warning", "error"):
    getattr(logging.getLogger("rasa.core.processor"), level)("%s {MARK}", "{MARK}")
warnings.warn("{MARK}")
try:
    int("{MARK}")
except ValueError:
    logging.getLogger("sanic.error").exception("{MARK}")
logging.getLogger("assistant.channel").warning("our own words")
"""


def test_a_process_that_keeps_private() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", PROGRAM],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert MARK not in done.stdout + done.stderr
    lines = [line.split(" ", 2)[2] for line in done.stderr.splitlines()]
    assert lines == [
        *["WARNING rasa.core.processor"] * 2,  # by its own handler and by the root's
        *["ERROR rasa.core.processor"] * 2,
        "WARNING py.warnings",
        "ERROR sanic.error ValueError at <string>:14 (<module>)",
        "WARNING assistant.channel our own words",
    ]


def test_the_place_of_an_error_is_in_our_code_wherever_it_was_raised(tmp_path: Path) -> None:
    with pytest.raises(ValueError) as raised:
        LastGood(tmp_path, tmp_path).copy_of(Path(MARK))
    assert re.fullmatch(
        r"ValueError at content/last_good\.py:\d+ \(copy_of\)", describe(raised.value)
    )


def test_a_content_error_says_all_its_lines(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    LastGood(tmp_path).refuse(tmp_path / "x.md", ValueError(MARK), "Kopien bruges.")
    (record,) = caplog.records
    written = PrivateFormatter().format(record)
    assert written.endswith("\nKopien bruges.") and MARK not in written
    assert record.levelno == logging.ERROR
