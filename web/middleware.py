"""What every request passes: counting, security headers, host, origin, size and rate checks.

Nothing a client claims about itself is believed: not ``X-Forwarded-Host`` and ``-Proto``, and
``X-Forwarded-For`` only as far as ``TRUSTED_PROXIES`` says. ``Strict-Transport-Security`` is sent
by the proxy that ends TLS; here it could lock people out of a site that is tried without.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.utils.cache import patch_vary_headers
from django.utils.decorators import async_only_middleware

from web import metrics, services
from web.errors import refusal_response, refused
from web.refusal import Refusal

Handler = Callable[[HttpRequest], Awaitable[HttpResponse]]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "form-action 'self'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # A page that opens us, or that we open, gets no hold of our window.
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# The chat's own files, which a kommune's page may load even when it isolates itself (COEP). Known
# by their paths: a 304 has no Content-Type, and its headers replace those the browser has kept.
EMBEDDABLE = ("/widget.js", "/static/")
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Content-Type",
    "Access-Control-Max-Age": "600",
}
UNLIMITED = ("/widget.js", "/static/", "/health/", "/metrics")
WITHOUT_HOST_CHECK = ("/health/", "/metrics")  # asked for by IP address inside a cluster


@async_only_middleware
def measured(get_response: Handler) -> Handler:
    """Counts the request by its route's pattern."""

    async def middleware(request: HttpRequest) -> HttpResponse:
        begun = time.perf_counter()
        response = await get_response(request)
        seconds = time.perf_counter() - begun
        metrics.count_request(request.method or "", _route(request), response.status_code, seconds)
        return response

    return middleware


@async_only_middleware
def with_security_headers(get_response: Handler) -> Handler:
    """Adds the security headers, and keeps API answers out of every cache."""

    async def middleware(request: HttpRequest) -> HttpResponse:
        response = await get_response(request)
        if request.path.startswith(EMBEDDABLE):
            response["Cross-Origin-Resource-Policy"] = "cross-origin"
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if _is_api(request):
            response["Cache-Control"] = "no-store"
        return response

    return middleware


@async_only_middleware
def guarded(get_response: Handler) -> Handler:
    """Refuses a wrong host, a foreign origin, what :mod:`web.asgi` found too large or slow, and
    clients that ask too often."""

    async def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(WITHOUT_HOST_CHECK):
            try:
                request.get_host()
            except DisallowedHost:
                return refused(request, "fejl_ugyldig", 400)
        origin = request.headers.get("Origin")
        welcome = origin is None or _is_welcome(request, origin)
        if not welcome and _is_api(request):
            response = refused(request, "fejl_ugyldig", 403)
        else:
            response = (
                _refused_body(request)
                or _preflight(request)
                or await _limited(request)
                or await get_response(request)
            )
        if origin and welcome:
            response["Access-Control-Allow-Origin"] = origin
            response["Access-Control-Expose-Headers"] = "Retry-After"
        patch_vary_headers(response, ("Origin",))
        return response

    return middleware


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api")


def _is_welcome(request: HttpRequest, origin: str) -> bool:
    """True for an allowed origin and for our own, whichever scheme a TLS proxy left us with."""
    host = request.get_host()
    own = (f"https://{host}", f"http://{host}")
    return origin in own or origin in services.current().environment.allowed_origins


def _refused_body(request: HttpRequest) -> HttpResponse | None:
    status = getattr(request, "scope", {}).get("refused_body")
    if status == 413:
        return refused(request, "fejl_for_lang", 413)
    return refused(request, "fejl_ugyldig", status) if status else None


async def _limited(request: HttpRequest) -> HttpResponse | None:
    if request.path.startswith(UNLIMITED):
        return None
    try:
        await services.current().limits.check_request(request)
    except Refusal as refusal:
        return refusal_response(request, refusal)
    return None


def _preflight(request: HttpRequest) -> HttpResponse | None:
    asked = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
    return HttpResponse(status=204, headers=PREFLIGHT) if asked and _is_api(request) else None


def _route(request: HttpRequest) -> str:
    try:
        return "/" + (request.resolver_match or resolve(request.path_info)).route
    except Resolver404:
        return "unknown"
