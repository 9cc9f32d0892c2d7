"""The API's description: it is valid, complete, and what schemathesis makes of it does no harm."""

from __future__ import annotations

import os
from typing import Any

import httpx
import pytest
import schemathesis
from conftest import MARK, FakeEngine
from described import PATHS, check_answer, is_valid
from hypothesis import HealthCheck, Phase, settings

from content.messages import MESSAGES_IN_USE
from web import urls
from web.api import DESCRIPTION
from web.asgi import application

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "60"))  # of each kind of request

schema = schemathesis.openapi.from_dict(DESCRIPTION)
schema.app = application


@pytest.mark.anyio
async def test_it_can_be_fetched(client: httpx.AsyncClient) -> None:
    assert (await client.get("/api/openapi.json")).json() == DESCRIPTION


def test_every_address_of_the_api_is_described_and_no_other() -> None:
    routes = {str(pattern.pattern) for pattern in urls.urlpatterns}
    there = {
        f"/{route.replace('<str:', '{').replace('>', '}')}"
        for route in routes
        if route.startswith("api")
    }
    assert there == set(DESCRIPTION["paths"])


def test_every_error_is_described_and_has_its_text() -> None:
    codes = DESCRIPTION["components"]["schemas"]["ErrorBody"]["properties"]["code"]["enum"]
    assert set(codes) == {id_ for id_ in MESSAGES_IN_USE if id_.startswith("fejl_")}


@pytest.mark.parametrize(
    ("field", "value"),
    [("answer", 7), ("html", None), ("choices", [{"label": "a"}]), ("debug", "x"),
     ("contact", {"lines": []}), ("draft", "no")],
)  # fmt: skip
def test_the_shape_of_a_message_is_strict(field: str, value: Any) -> None:
    """So that holding every answer of the other tests against it means something."""
    shape = {"$ref": "#/components/schemas/Message"}
    message = {
        "answer": None, "text": "", "html": "", "link": None, "sources": [], "reviewed": None,
        "draft": False, "choices": [],
    }  # fmt: skip
    assert is_valid(shape, message)
    assert not is_valid(shape, {**message, field: value})


def test_an_answer_that_is_not_described_is_noticed() -> None:
    request = httpx.Request("GET", "https://chat.test/api/kommuner")
    for response in (httpx.Response(418, request=request), httpx.Response(200, json={})):
        response.request = request
        with pytest.raises(AssertionError):
            check_answer(response)
    assert len(PATHS) == len(DESCRIPTION["paths"])


@pytest.mark.parametrize("known", [False, True], ids=["any id", "an id of ours"])
@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_schemathesis_asks(case: Any, known: bool, engine: FakeEngine) -> None:
    if known and "conversation" in (case.path_parameters or {}):
        case.path_parameters["conversation"] = "A" * 32
        engine.known["A" * 32] = None
    response = case.call(base_url="https://chat.test")
    assert response.status_code < 500
    assert "Traceback" not in response.text
    assert MARK not in response.text
    # That a text is not empty and an id is known no schema can say.
    checks = schemathesis.checks
    case.validate_response(
        response,
        excluded_checks=[checks.CHECKS.get_one(name) for name in ("positive_data_acceptance",)],
    )
