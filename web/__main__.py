"""Serves the web side (``python -m web``): uvicorn with limits on connections, heads and time.

Behind a proxy or alone, it believes no header about who asks (``proxy_headers``): the addresses the
limits count come from :mod:`web.limits`.
"""

from __future__ import annotations

import resource

import uvicorn

from web.settings import ENVIRONMENT

OTHER_FILES = 500  # sockets to the engine and to Redis, content being read
# Seconds until an idle connection is closed. A parent who writes at that very moment loses the
# message, and reading an answer takes longer than the usual five.
KEEP_ALIVE = 65


def allow_files(wanted: int) -> None:
    """Lets the process have this many files open, if it may: every connection is one."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if now < wanted and now != resource.RLIM_INFINITY:
        possible = wanted if most == resource.RLIM_INFINITY else min(wanted, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (possible, most))


def main() -> None:
    """Serves until a signal ends it; open answers have ten seconds to get out."""
    allow_files(ENVIRONMENT.max_connections + OTHER_FILES)
    uvicorn.run(
        "web.asgi:application",
        host=ENVIRONMENT.host,
        port=ENVIRONMENT.web_port,
        http="web.protocol:TimedProtocol",
        ws="none",
        limit_concurrency=ENVIRONMENT.max_connections,
        h11_max_incomplete_event_size=16 * 1024,  # bytes of a request's head
        timeout_keep_alive=KEEP_ALIVE,
        timeout_graceful_shutdown=10,
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main()
