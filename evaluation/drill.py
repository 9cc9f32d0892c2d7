"""Two of everything behind nginx, and what parents notice when replicas die (``make drill``).

Starts nginx (``deploy/nginx.conf``, with TLS), Redis, two web replicas and two engines with their
action servers; parents talk all the time. Then: kill -9 of one web side and one engine, their
return, an engine that hangs, a rolling restart, Redis lost and back. Every reply is checked: the
answer's id or the kommune of exactly this conversation. At the end nothing that was said, and no
conversation's id, may stand in any file.

Needs Debian's nginx-light and redis-server, and openssl.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import shutil
import signal
import ssl
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Any, Literal

import httpx
import yaml

from environment import ROOT, Environment, read_environment
from scripts.run import commands, process_environment
from tests.product.product import LIMITS, SETTINGS, end, free_ports, numbers

PARENTS = 24
THINKING = 0.6  # seconds between two messages of a parent
PATIENCE = 12  # seconds before a parent's browser gives up
RELOADING = 2  # seconds for nginx to take a new configuration, and for requests to be finished
MARK = "mærke-kvist-7391"  # in texts; may not be found anywhere afterwards
NAMES = ("web-1", "web-2", "engine-1", "engine-2")

Outcome = Literal["right", "safe", "gone", "unreached", "wrong"]
SAID: tuple[tuple[dict[str, str], str], ...] = (
    ({"text": "de truer med at lægge hendes billeder ud hvis ikke hun betaler"}, "afpresning"),
    ({"choice": "gem_bevis"}, "gem_bevis"),
    ({"text": "hvem er vores SSP"}, "contact"),
    ({"text": "hvad er straffen for at dele"}, "straf_for_at_dele"),
    ({"choice": "anmeld_til_politiet"}, "anmeld_til_politiet"),
    ({"choice": "ssp_kontakt"}, "contact"),
    ({"text": f"tak {MARK}"}, "tak"),
)


class Site:
    """The replicas, nginx and Redis; each can be killed and started alone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        ports = dict(zip(("nginx", "engines", "redis"), free_ports(3)))
        self.ports = ports
        self.redis_url = f"redis://:drill@127.0.0.1:{ports['redis']}/0"
        self.public = f"https://127.0.0.1:{ports['nginx']}"
        self.certificate = folder / "certificate.pem"
        self.replicas: dict[str, tuple[Environment, dict[str, str]]] = {}
        for number in (1, 2):
            web, engine, actions = free_ports(3)
            home = folder / f"home-{number}"
            home.mkdir()
            values = {
                **os.environ,
                **dict.fromkeys(SETTINGS, ""),  # whatever .env says
                "WEB_PORT": str(web),
                "ENGINE_PORT": str(engine),
                "ACTIONS_PORT": str(actions),
                "ENGINE_URL": f"http://127.0.0.1:{ports['engines']}",
                "REDIS_URL": self.redis_url,
                "SECRET_KEY": "the same for both",
                "TRUSTED_PROXIES": "1",
                # All the parents of the drill come from one address.
                **dict.fromkeys(LIMITS, "0"),
                "LAST_GOOD_FOLDER": str(folder / "last_good"),
                "HOME": str(home),
                "TMPDIR": str(home),
            }
            replica = (read_environment(values), values)
            self.replicas |= dict.fromkeys(
                (f"web-{number}", f"engine-{number}", f"actions-{number}"), replica
            )

    def start(self) -> None:
        self.start_redis()
        for name in self.replicas:
            self.start_one(name)
        make_certificate(self.certificate, self.folder / "key.pem")
        self._run("nginx", self._nginx(), dict(os.environ))

    def start_redis(self) -> None:
        """A Redis that holds conversations in memory and writes nothing."""
        own = (
            f"--port {self.ports['redis']} --bind 127.0.0.1 --requirepass drill --loglevel warning"
        )
        command = ["redis-server", *own.split(), "--save", "", "--appendonly", "no"]
        self._run("redis", command, dict(os.environ))

    def start_one(self, name: str) -> None:
        """A replica's process, as the Procfile has it."""
        environment, values = self.replicas[name]
        command = commands()[name.split("-")[0]]
        self._run(name, ["sh", "-c", command], process_environment(environment, values), ROOT)

    def kill(self, *names: str) -> None:
        """Gone without a farewell, as when memory runs out."""
        for name in names:
            self.processes[name].kill()
            self.processes[name].wait(20)

    async def is_ready(self, name: str) -> bool:
        """True when this replica answers, and its engine knows its model and Redis."""
        environment = self.replicas[name][0]
        port, path = (
            (environment.web_port, "/health/live")
            if name.startswith("web")
            else (environment.engine_port, "/webhooks/samtale/ready")
        )
        async with httpx.AsyncClient(timeout=2) as client:
            try:
                return (await client.get(f"http://127.0.0.1:{port}{path}")).status_code == 200
            except httpx.HTTPError:
                return False

    async def wait(self, *names: str, seconds: float = 120) -> None:
        """Until all of them are ready."""
        async with asyncio.timeout(seconds):
            for name in names:
                while not await self.is_ready(name):
                    await asyncio.sleep(0.3)

    def stop(self) -> None:
        for process in self.processes.values():
            process.send_signal(signal.SIGCONT)
            end(process)

    def megabytes(self, name: str) -> float:
        """The resident memory of a process."""
        status = Path(f"/proc/{self.processes[name].pid}/status").read_text()
        (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
        return int(line.split()[1]) / 1024

    def cpu_seconds(self, name: str) -> float:
        """What a process has used so far."""
        numbers_ = Path(f"/proc/{self.processes[name].pid}/stat").read_text().split()
        return (int(numbers_[13]) + int(numbers_[14])) / os.sysconf("SC_CLK_TCK")

    def redis(self, *command: str) -> str:
        """What Redis answers to a command; nothing when it is gone."""
        tool = ["redis-cli", "-p", str(self.ports["redis"]), "--raw", *command]
        password = {**os.environ, "REDISCLI_AUTH": "drill"}
        return subprocess.run(tool, env=password, capture_output=True, text=True).stdout

    def _nginx(self, out: int = 0) -> list[str]:
        """The command for nginx, with the replicas of this number taken out."""
        addresses = {}
        for number in (1, 2):
            environment = self.replicas[f"web-{number}"][0]
            state = " down" if number == out else ""
            addresses[f"WEB_{number}"] = f"127.0.0.1:{environment.web_port}{state}"
            addresses[f"ENGINE_{number}"] = f"127.0.0.1:{environment.engine_port}{state}"
        return nginx_command(
            self.folder,
            LISTEN=f"127.0.0.1:{self.ports['nginx']}",
            ENGINES_LISTEN=f"127.0.0.1:{self.ports['engines']}",
            CERTIFICATE=str(self.certificate),
            CERTIFICATE_KEY=str(self.folder / "key.pem"),
            **addresses,
        )

    async def take_out(self, number: int) -> None:
        """No new request for these replicas, 0 for none; what is under way is finished."""
        self._nginx(number)
        self.processes["nginx"].send_signal(signal.SIGHUP)
        await asyncio.sleep(RELOADING)

    def _run(
        self, name: str, command: list[str], environment: dict[str, str], folder: Path | None = None
    ) -> None:
        with (self.folder / f"{name}.log").open("ab") as output:
            self.processes[name] = subprocess.Popen(
                command,
                cwd=folder or self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


def make_certificate(certificate: Path, key: Path) -> None:
    """A certificate of our own for 127.0.0.1."""
    form = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=drill"
    name = ["-addext", "subjectAltName=IP:127.0.0.1"]
    command = [*form.split(), *name, "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True)


def nginx_command(folder: Path, **values: str) -> list[str]:
    """Fills in ``deploy/nginx.conf`` in ``folder``; the command that runs nginx with it."""
    template = Template((ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8"))
    temporary = folder / "nginx"
    temporary.mkdir(exist_ok=True)
    given = {"TEMPORARY": str(temporary), "PAGES": str(ROOT / "deploy"), **values}
    (folder / "nginx.conf").write_text(template.safe_substitute(given), encoding="utf-8")
    program = shutil.which("nginx") or "/usr/sbin/nginx"  # not on every user's path
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"]
    # As root it would hand its work to a user who cannot read here.
    return [*command, "-g", "user root;"] if os.geteuid() == 0 else command


@dataclass
class Phase:
    """What parents met while something was the matter."""

    name: str
    seconds: float = 0.0
    times: list[float] = field(default_factory=list)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    details: Counter[str] = field(default_factory=Counter)


@dataclass
class Parents:
    """All of them, and what they met."""

    site: Site
    phase: Phase
    codes: Iterator[str]
    talking: bool = True
    redis_epoch: int = 0  # goes up when Redis has lost what it held
    ids: list[str] = field(default_factory=list)
    finished: int = 0
    deleted: int = 0
    not_deleted: int = 0
    stored: list[tuple[int, int, int]] = field(default_factory=list)  # sent, unsure, in the store

    async def talk(self, client: httpx.AsyncClient) -> None:
        """Conversation after conversation until the drill is over."""
        while self.talking:
            await self.converse(client, next(self.codes))

    async def converse(self, client: httpx.AsyncClient, kommune: str) -> None:
        """One conversation. Whatever was not answered rightly is said again, as a parent would."""
        epoch = self.redis_epoch
        sent = unsure = 0
        id_ = None
        while id_ is None:
            outcome, body = await self.ask(client, "/api/conversations", {"kommune": kommune}, None)
            sent, unsure = sent + 1, unsure + (outcome != "right")
            id_ = (body or {}).get("id")
            await asyncio.sleep(THINKING)
            if not self.talking:
                return
        self.ids.append(id_)
        for said, expected in SAID:
            while True:
                if not self.talking:
                    return
                wanted = kommune if expected == "contact" else expected
                path = f"/api/conversations/{id_}/messages"
                outcome, _ = await self.ask(client, path, said, wanted, epoch)
                sent, unsure = sent + 1, unsure + (outcome != "right")
                await asyncio.sleep(THINKING)
                if outcome == "gone":
                    return
                if outcome == "right":
                    break
        self.finished += 1
        kept = await asyncio.to_thread(self.site.redis, "GET", f"samtale:{id_}")
        if epoch == self.redis_epoch:
            self.stored.append((sent, unsure, kept.count('"event": "user"')))
        deleted = await self._request(client, "DELETE", f"/api/conversations/{id_}")
        if deleted is not None and deleted.status_code == 204:
            self.deleted += 1
            kept = await asyncio.to_thread(self.site.redis, "EXISTS", f"samtale:{id_}")
            self.not_deleted += kept.strip() == "1"

    async def ask(
        self,
        client: httpx.AsyncClient,
        path: str,
        said: dict[str, str],
        wanted: str | None,
        epoch: int = 0,
    ) -> tuple[Outcome, dict[str, Any] | None]:
        """Says it and judges the reply: ``wanted`` is an answer's id or a kommune's code."""
        begun = time.perf_counter()
        response = await self._request(client, "POST", path, said)
        phase = self.phase  # as it is now: what was under way when it began is part of it
        phase.times.append(time.perf_counter() - begun)
        outcome, body, detail = judge(response, wanted)
        if outcome == "gone" and epoch == self.redis_epoch:
            outcome, detail = "wrong", "a conversation was lost"
        phase.outcomes[outcome] += 1
        if outcome != "right":
            phase.details[detail] += 1
        return outcome, body

    @staticmethod
    async def _request(
        client: httpx.AsyncClient, method: str, path: str, body: Any = None
    ) -> httpx.Response | None:
        try:
            return await client.request(method, path, json=body)
        except httpx.HTTPError:
            return None


def judge(
    response: httpx.Response | None, wanted: str | None
) -> tuple[Outcome, dict[str, Any] | None, str]:
    """What a response is worth to the parent, its body, and a word on what is the matter."""
    if response is None:
        return "unreached", None, "no response"
    if response.status_code == 404:
        return "gone", None, "told that it is gone"
    if response.status_code >= 400:
        return "unreached", None, f"HTTP {response.status_code}"
    body = response.json()
    message = body["messages"][0]
    if message["answer"] is None and {"112", "114", "116111"} <= set(numbers(message["text"])):
        return "safe", body, "safe answer"
    contact = (message.get("contact") or {}).get("kode")
    if wanted is None or wanted in (message["answer"], contact):
        return "right", body, ""
    return "wrong", body, f"{message['answer']}/{contact} in place of {wanted}"


class Drill:
    """The order of events."""

    def __init__(self, site: Site, parents: Parents, brief: float) -> None:
        self.site, self.parents, self.brief = site, parents, brief
        self.phases: list[Phase] = []
        self.cpu: dict[str, float] = {}

    @asynccontextmanager
    async def phase(self, name: str) -> AsyncIterator[None]:
        found = self.parents.phase = Phase(name)
        self.phases.append(found)
        begun = time.monotonic()
        yield
        found.seconds = time.monotonic() - begun

    async def run(self) -> None:
        site, brief = self.site, self.brief
        async with self.phase("nothing is the matter"):
            before = {name: site.cpu_seconds(name) for name in site.processes}
            await asyncio.sleep(brief)
            self.cpu = {name: site.cpu_seconds(name) - used for name, used in before.items()}
        async with self.phase("kill -9: a web side, an engine, its actions"):
            site.kill("web-1", "engine-1", "actions-1")
            await asyncio.sleep(brief)
        async with self.phase("they come back"):
            for name in ("web-1", "engine-1", "actions-1"):
                site.start_one(name)
            await site.wait("web-1", "engine-1")
            await asyncio.sleep(brief / 2)
        async with self.phase("an engine hangs"):
            site.processes["engine-2"].send_signal(signal.SIGSTOP)
            await asyncio.sleep(brief)
            site.processes["engine-2"].send_signal(signal.SIGCONT)
        async with self.phase("it goes on"):
            await asyncio.sleep(brief / 2)
        async with self.phase("rolling restart, one after the other"):
            for number in (1, 2):
                await site.take_out(number)
                for name in (f"engine-{number}", f"actions-{number}", f"web-{number}"):
                    await asyncio.to_thread(end, site.processes[name])
                    site.start_one(name)
                await site.wait(f"engine-{number}", f"web-{number}")
                await site.take_out(0)
        async with self.phase("Redis is lost"):
            self.parents.redis_epoch += 1
            site.kill("redis")
            await asyncio.sleep(brief / 2)
        async with self.phase("an empty Redis is back"):
            site.start_redis()
            await asyncio.sleep(brief)


def table(phases: list[Phase]) -> str:
    """What happened, as Markdown."""
    lines = [
        "| | s | messages | right | safe answer | told it is gone | not reached | wrong "
        "| median, ms | slowest, ms |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for phase in phases:
        counts = [phase.outcomes[o] for o in ("right", "safe", "gone", "unreached", "wrong")]
        median = 1000 * statistics.median(phase.times or [0])
        slowest = 1000 * max(phase.times or [0])
        cells = [phase.name, f"{phase.seconds:.0f}", sum(counts), *counts]
        lines.append(f"| {' | '.join(map(str, cells))} | {median:.0f} | {slowest:.0f} |")
    return "\n".join(lines)


def traces(site: Site, ids: list[str]) -> list[str]:
    """Files that hold what was said or a conversation's id."""
    marks = [text.encode() for text in (MARK, *(s["text"] for s, _ in SAID if "text" in s), *ids)]
    found = []
    for path in site.folder.rglob("*"):
        if path.is_file() and any(mark in path.read_bytes() for mark in marks):
            found.append(str(path.relative_to(site.folder)))
    return found


async def drill(site: Site, parents_count: int, brief: float) -> int:
    codes = sorted(path_code(path) for path in (ROOT / "data" / "kommuner").glob("*.yml"))
    await site.wait(*NAMES)
    parents = Parents(site, Phase(""), itertools.cycle(codes))
    plan = Drill(site, parents, brief)
    trust = ssl.create_default_context(cafile=str(site.certificate))
    async with httpx.AsyncClient(
        base_url=site.public,
        verify=trust,
        timeout=PATIENCE,
        # A browser sends again by itself what met a kept connection that nginx was closing, for
        # nothing of it has been read; httpx does not.
        limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
        trust_env=False,
    ) as client:
        crowd = [asyncio.create_task(parents.talk(client)) for _ in range(parents_count)]
        await plan.run()
        parents.talking = False
        await asyncio.gather(*crowd)
    return report(site, parents, plan)


def report(site: Site, parents: Parents, plan: Drill) -> int:
    """Prints what happened; the exit status is 1 when something did that may not."""
    quiet, *_ = plan.phases
    print(f"\n{parents.finished} conversations of {len(SAID)} messages to the end, all kommuner\n")
    print(table(plan.phases), "\n")
    for phase in plan.phases:
        if phase.details:
            print(f"  {phase.name}: {dict(phase.details)}")
    print("\nmemory, MB, and CPU, ms a message, in the quiet phase:")
    said = sum(quiet.outcomes.values())
    for name in sorted(site.processes):
        used = f"{1000 * plan.cpu[name] / said:7.1f}"
        print(f"  {name:10} {site.megabytes(name):7.0f} {used}")
    passed_on = Counter(
        line.split()[1]
        for line in (site.folder / "nginx.log").read_text().splitlines()
        if ", " in line
    )
    doubled = [s for s in parents.stored if s[2] > s[0]]
    lost = [s for s in parents.stored if s[2] < s[0] - s[1]]
    again = [s for s in parents.stored if s[0] - s[1] < s[2] <= s[0]]
    print("\nrequests that nginx passed on to the other replica, by port:", dict(passed_on))
    print(f"conversations counted in the store: {len(parents.stored)}")
    print(f"  with a message handled more often than it was sent: {len(doubled)}")
    print(f"  with an answered message missing: {len(lost)}")
    print(f"  in which a parent said again what had been handled after all: {len(again)}")
    print(f"deleted: {parents.deleted}; still in the store: {parents.not_deleted}")
    found = traces(site, parents.ids)
    print(f"files with a text or an id of {len(parents.ids)} conversations: {found or 'none'}")
    wrong = sum(phase.outcomes["wrong"] for phase in plan.phases)
    calm = [quiet, *(p for p in plan.phases if p.name.startswith("rolling"))]
    uneasy = sum(sum(p.outcomes.values()) - p.outcomes["right"] for p in calm)
    bad = wrong or doubled or lost or found or uneasy or parents.not_deleted
    ok = not bad and parents.finished > 0
    print("\nas it should be" if ok else "\nNOT as it should be")
    return 0 if ok else 1


def path_code(path: Path) -> str:
    """The code of the kommune in a file of ``data/kommuner/``."""
    return str(yaml.safe_load(path.read_text(encoding="utf-8"))["kode"])


def missing_programs() -> list[str]:
    """Programs the drill needs and this machine lacks."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin"
    return [p for p in ("nginx", "redis-server", "openssl") if not shutil.which(p, path=path)]


@contextmanager
def running_site(folder: Path | None) -> Iterator[Site]:
    """A site on free ports; its logs stay in ``folder``, and without one nothing does."""
    with ExitStack() as stack:
        if folder is None:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="drill-")))
        folder.mkdir(exist_ok=True)
        site = Site(folder)
        stack.callback(site.stop)
        site.start()
        yield site


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--parents", type=int, default=PARENTS, help="who talk at the same time")
    parser.add_argument("--brief", type=float, default=20, help="seconds of a phase")
    parser.add_argument("--folder", type=Path, help="keep the logs here, in a new folder")
    arguments = parser.parse_args()
    if missing := missing_programs():
        sys.exit(f"Missing: {', '.join(missing)}. apt install nginx-light redis-server openssl")
    with running_site(arguments.folder) as site:
        return asyncio.run(drill(site, arguments.parents, arguments.brief))


if __name__ == "__main__":
    sys.exit(main())
