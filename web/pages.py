"""The demo page, the accessibility page, their files, health and metrics."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from web import metrics, services

STATIC = Path(__file__).resolve().parent / "static"
# Examples of how a kommune dresses the chat: its code, and the theme attribute.
LOOKS = {
    "horsens": {"kommune": "0615", "theme": "light"},
    "moerk": {"theme": "dark"},
}
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
}


@require_safe
async def demo(request: HttpRequest) -> HttpResponse:
    """A kommune's page with the chat; ``?kommune=0615`` shows it as that kommune's."""
    return _demo(request)


@require_safe
async def example(request: HttpRequest, look: str) -> HttpResponse:
    """The same page with other colours, as a kommune gives them in its own stylesheet."""
    if look not in LOOKS:
        raise Http404
    return _demo(request, look=look, **LOOKS[look])


def _demo(request: HttpRequest, **context: str) -> HttpResponse:
    kommune = request.GET.get("kommune", context.get("kommune", ""))
    context["kommune"] = kommune if re.fullmatch(r"[0-9]{4}", kommune) else ""
    response = render(request, "demo.html", context)
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
async def accessibility(request: HttpRequest) -> HttpResponse:
    """How well the chat and the pamphlets work for people with disabilities, and what does not."""
    context = {"minutes": services.current().environment.conversation_minutes}
    response = render(request, "tilgaengelighed.html", context)
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
async def static(request: HttpRequest, name: str) -> HttpResponse:
    """A file of the chat or the demo page; few and small, so read as they are asked for."""
    path = STATIC / name
    # Looked up in the list, for the file system raises on some names: those that are too long.
    if path.suffix not in TYPES or path not in STATIC.iterdir():
        raise Http404
    content = path.read_bytes()
    etag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    response = HttpResponse(content, content_type=TYPES[path.suffix])
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"  # may be kept, but must be asked about
    return get_conditional_response(request, etag=etag, response=response) or response


@require_safe
async def live(request: HttpRequest) -> HttpResponse:
    """The web side runs."""
    return JsonResponse({"live": True})


@require_safe
async def ready(request: HttpRequest) -> HttpResponse:
    """The engine can answer too. Without it parents still get the safe answer."""
    loaded = await services.current().engine.ready()
    return JsonResponse({"ready": loaded}, status=200 if loaded else 503)


@require_safe
async def prometheus(request: HttpRequest) -> HttpResponse:
    """Counts for operations."""
    return HttpResponse(metrics.exposition(), content_type=metrics.CONTENT_TYPE)
