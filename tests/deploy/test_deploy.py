"""The files in deploy/ without Docker: linted, and nginx reads its configuration."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
import yaml

from environment import ROOT
from evaluation.drill import make_certificate, missing_programs, nginx_command

DEPLOY = ROOT / "deploy"
TOOLS = Path(sys.executable).parent
COMPOSE = yaml.safe_load((DEPLOY / "compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
CONTAINER_FILES = sorted(DEPLOY.glob("*.Containerfile"))
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
NAMES = set(re.findall(r"\$\{(\w+)\}", NGINX))


@pytest.mark.parametrize("path", CONTAINER_FILES, ids=lambda path: path.name)
def test_container_file_is_clean(path: Path) -> None:
    done = subprocess.run([TOOLS / "hadolint", path], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_compose_file_keeps_to_the_specification() -> None:
    command = [TOOLS / "check-jsonschema", "--builtin-schema", "vendor.compose-spec"]
    done = subprocess.run([*command, DEPLOY / "compose.yml"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def is_sent(source: str) -> bool:
    """Whether Docker gets ``source``: the last line of .dockerignore that fits it, or a folder it
    is in, decides."""
    sent = True
    places = [source, *map(str, PurePosixPath(source).parents)][:-1]
    for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines():
        pattern = line.removeprefix("!").strip()
        if not pattern or pattern.startswith("#"):
            continue
        parts = re.escape(pattern).replace(r"\*\*/", "(?:.*/)?").replace(r"\*", "[^/]*")
        if any(re.fullmatch(parts, place) for place in places):
            sent = line.startswith("!")
    return sent


@pytest.mark.parametrize(
    ("source", "wanted"),
    [("environment.py", True), ("web", True), ("web/static/chat.js", True),
     ("requirements/web.txt", True), ("requirements/web.in", False), (".env", False),
     ("models/assistant.tar.gz", False), ("web/__pycache__", False), ("__pycache__", False)],
)  # fmt: skip
def test_docker_gets_the_program_and_nothing_of_this_machine(source: str, wanted: bool) -> None:
    assert is_sent(source) is wanted


@pytest.mark.parametrize("path", CONTAINER_FILES, ids=lambda path: path.name)
def test_container_file_copies_what_exists_and_runs_as_nobody_special(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1:-1] for line in lines if line.startswith("COPY ") and "--" not in line]
    for source in (source for sources in copied for source in sources):
        assert (ROOT / source).exists(), source
        assert is_sent(source), source
    assert [line for line in lines if line.startswith("USER ")] == ["USER 10001"]


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_can_write_its_root_or_gain_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


@pytest.mark.parametrize("name", SERVICES)
def test_no_service_leaves_its_memory_on_a_disk(name: str) -> None:
    """Neither as a core dump nor in swap."""
    service = SERVICES[name]
    assert service["ulimits"]["core"] == 0
    assert service["memswap_limit"] == service["mem_limit"]


def test_only_nginx_can_be_reached_and_nothing_else_reaches_out() -> None:
    assert COMPOSE["networks"]["inner"]["internal"] is True
    assert {n for n, s in SERVICES.items() if "ports" in s or "public" in s["networks"]} == {
        "nginx"
    }


def test_redis_writes_nothing() -> None:
    command = SERVICES["redis"]["command"]
    assert command[command.index("--save") + 1] == ""
    assert command[command.index("--appendonly") + 1] == "no"


def test_compose_gives_nginx_every_name_it_fills_in() -> None:
    assert set(SERVICES["nginx"]["environment"]) >= NAMES


def test_a_message_is_never_sent_twice_or_to_disk_by_nginx() -> None:
    directives = [line.split("#")[0].strip() for line in NGINX.splitlines()]
    assert "proxy_next_upstream error timeout;" in directives
    assert not any("non_idempotent" in line for line in directives)
    sizes = dict(re.findall(r"client_(max_body|body_buffer)_size (\w+);", NGINX))
    assert sizes["max_body"] == sizes["body_buffer"]


def test_nginx_logs_neither_address_nor_path() -> None:
    (logged,) = re.findall(r"log_format counts(.*?);", NGINX, re.DOTALL)
    assert set(re.findall(r"\$(\w+)", logged)) <= {
        "time_iso8601", "server_port", "request_method", "status", "upstream_addr",
        "upstream_status", "request_time",
    }  # fmt: skip
    assert re.findall(r"(?:access|error)_log (.*);", NGINX) == [
        "stderr emerg",
        "/dev/stdout counts",
    ]


@pytest.mark.skipif("nginx" in missing_programs(), reason="nginx is not installed")
def test_nginx_reads_its_configuration(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make_certificate(certificate, key)
    places = dict.fromkeys(NAMES - {"TEMPORARY", "PAGES"}, "127.0.0.1:9")
    files = {"CERTIFICATE": str(certificate), "CERTIFICATE_KEY": str(key)}
    command = nginx_command(tmp_path, **{**places, **files})
    done = subprocess.run([*command, "-t"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
