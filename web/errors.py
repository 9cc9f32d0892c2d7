"""Answers to what we refuse: one shape for the API, one plain page for everything else."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from web import services
from web.refusal import Refusal
from web.texts import LAST_RESORT_PLAIN, plain_message


def refused(request: HttpRequest, code: str, status: int) -> HttpResponse:
    """The answer to a refused request: JSON below ``/api``, else a small page."""
    return refusal_response(request, Refusal(code, status))


def refusal_response(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The same for a :class:`Refusal`."""
    text = _text(refusal.code)
    if request.path.startswith("/api"):
        body: dict[str, Any] = {"error": {"code": refusal.code, "message": text}}
        if refusal.messages:
            body["messages"] = list(refusal.messages)
        response: HttpResponse = json_response(body, refusal.status)
    else:
        response = render(request, "fejl.html", {"text": text}, status=refusal.status)
    if refusal.retry_after is not None:
        response["Retry-After"] = str(refusal.retry_after)
    return response


def json_response(body: object, status: int = 200) -> JsonResponse:
    """JSON in plain UTF-8."""
    return JsonResponse(body, status=status, json_dumps_params={"ensure_ascii": False})


def _text(code: str) -> str:
    try:
        return plain_message(services.current().texts.now(), code)
    except Exception:  # an error about an error must not be the last word
        return LAST_RESORT_PLAIN


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler400."""
    return refused(request, "fejl_ugyldig", 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler403."""
    return refused(request, "fejl_ugyldig", 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django's handler404."""
    return refused(request, "fejl_findes_ikke", 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler500."""
    return refused(request, "fejl_intern", 500)
