"""The public conversation API."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from functools import wraps
from pathlib import Path
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse

from private_logs import describe
from web import services
from web.conversations import check_id
from web.errors import json_response, refusal_response, refused
from web.guard import clean
from web.refusal import Refusal

logger = logging.getLogger(__name__)

DESCRIPTION: dict[str, Any] = yaml.safe_load(
    Path(__file__).with_name("openapi.yml").read_text(encoding="utf-8")
)
SUGGESTIONS = 5
LONGEST_QUERY = 60
View = Callable[..., Awaitable[HttpResponse]]


def endpoint(method: str) -> Callable[[View], View]:
    """An API view for one method; refusals and failures become the API's errors."""

    def decorate(view: View) -> View:
        @wraps(view)
        async def wrapped(request: HttpRequest, **parts: str) -> HttpResponse:
            if request.method != method:
                response = refused(request, "fejl_metode", 405)
                response["Allow"] = method
                return response
            try:
                return await view(request, **parts)
            except Refusal as refusal:
                return refusal_response(request, refusal)
            except Exception as error:
                logger.error("A request failed: %s", describe(error))
                return refused(request, "fejl_intern", 500)

        return wrapped

    return decorate


@endpoint("POST")
async def conversations(request: HttpRequest) -> HttpResponse:
    """Starts a conversation."""
    body = read_body(request, {"kommune"})
    kommune = body.get("kommune")
    if kommune is not None and not isinstance(kommune, str):
        raise Refusal("fejl_ugyldig", 400)
    await services.current().limits.check_conversation_start(request)
    id_, messages = await services.current().conversations.start(kommune)
    return json_response({"id": id_, "messages": messages}, 201)


@endpoint("POST")
async def messages(request: HttpRequest, conversation: str) -> HttpResponse:
    """Says something: a text or a chosen button."""
    body = read_body(request, {"text", "choice"})
    if len(body) != 1 or not isinstance(next(iter(body.values())), str):
        raise Refusal("fejl_ugyldig", 400)
    check_id(conversation)
    await services.current().limits.check_message(conversation)
    answer = await services.current().conversations.say(
        conversation, text=body.get("text"), choice=body.get("choice")
    )
    return json_response({"messages": answer})


@endpoint("DELETE")
async def conversation(request: HttpRequest, conversation: str) -> HttpResponse:
    """Deletes a conversation; an unknown one is as deleted as can be."""
    await services.current().conversations.delete(conversation)
    return HttpResponse(status=204)


@endpoint("GET")
async def kommuner(request: HttpRequest) -> HttpResponse:
    """Suggestions for the kommune picker."""
    query = clean(request.GET.get("query", ""))[:LONGEST_QUERY]
    gazetteer = (await services.current().texts.edition()).gazetteer
    found = gazetteer.suggest(query, SUGGESTIONS) if query and gazetteer else []
    return json_response({"kommuner": [{"kode": k.kode, "navn": k.navn} for k in found]})


@endpoint("GET")
async def description(request: HttpRequest) -> HttpResponse:
    """This API, described in OpenAPI 3.1."""
    return json_response(DESCRIPTION)


def read_body(request: HttpRequest, allowed: set[str]) -> dict[str, Any]:
    """The request's JSON object. Refuses anything that is not exactly what the API takes."""
    if request.content_type != "application/json":
        raise Refusal("fejl_ugyldig", 400)
    try:
        body = json.loads(request.body.decode("utf-8"), object_pairs_hook=_object)
    except (ValueError, RecursionError):
        raise Refusal("fejl_ugyldig", 400) from None
    if not isinstance(body, dict) or not body.keys() <= allowed:
        raise Refusal("fejl_ugyldig", 400)
    return body


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; one with the same name twice means something else to every reader."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice")
    return found
