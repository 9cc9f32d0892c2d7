"""What may be counted: routes, statuses, answer ids, time. Never texts, ids or addresses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

if TYPE_CHECKING:
    from content.library import Edition

CONTENT_TYPE = CONTENT_TYPE_LATEST

_REGISTRY = CollectorRegistry()
_REQUESTS = Counter(
    "web_requests_total",
    "Requests by route and status.",
    ["method", "route", "status"],
    registry=_REGISTRY,
)
_SECONDS = Histogram(
    "web_request_seconds",
    "Time to answer a request, by route.",
    ["route"],
    buckets=(0.01, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16),
    registry=_REGISTRY,
)
_ANSWERS = Counter(
    "web_answers_total",
    "Messages shown, by answer id; 'none' for what is not an answer.",
    ["answer"],
    registry=_REGISTRY,
)
_SAFE_ANSWERS = Counter(
    "web_safe_answers_total",
    "Safe answers given in place of the engine's, by reason.",
    ["reason"],
    registry=_REGISTRY,
)
_LIMITED = Counter(
    "web_limited_total",
    "Requests refused by a limit, by its name; 'overload' is too many messages at once.",
    ["limit"],
    registry=_REGISTRY,
)
_COUNTED_ALONE = Counter(
    "web_redis_lost_total",
    "Times Redis could not count for the limits, so that the process counted alone.",
    registry=_REGISTRY,
)
_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS"})


def count_request(method: str, route: str, status: int, seconds: float) -> None:
    """Counts one request. ``route`` is the pattern, never the path."""
    _REQUESTS.labels(method if method in _METHODS else "other", route, str(status)).inc()
    _SECONDS.labels(route).observe(seconds)


def count_answers(edition: Edition, messages: Iterable[Mapping[str, Any]]) -> None:
    """Counts shown messages. Only ids from the content become labels."""
    for message in messages:
        answer = message["answer"]
        known = answer in edition.answers or answer in edition.messages
        _ANSWERS.labels("none" if answer is None else answer if known else "unknown").inc()


def count_safe_answer(reason: str) -> None:
    """Counts one safe answer."""
    _SAFE_ANSWERS.labels(reason).inc()


def count_limited(limit: str) -> None:
    """Counts one request that a limit refused."""
    _LIMITED.labels(limit).inc()


def count_redis_lost() -> None:
    """Counts one time that Redis could not be asked."""
    _COUNTED_ALONE.inc()


def exposition() -> bytes:
    """All counts in Prometheus' text format."""
    return generate_latest(_REGISTRY)
