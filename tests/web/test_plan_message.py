"""A plan on its way through the web side: its form is checked, its words stay plain text."""

from __future__ import annotations

import copy
from datetime import date
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from conftest import CARD, FakeEdition, FakeEngine

from content.library import Library
from content.plan import assemble
from web.rendering import Malformed, public_message

PLAN: dict[str, Any] = {
    "title": "Jeres plan",
    "basis": "Lavet til dig.",
    "sections": [
        {
            "heading": "Nu",
            "steps": [{"text": "Betal <b>ikke</b>.", "answer": "afpresning", "title": "Trusler"}],
        },
        {"heading": "I morgen", "steps": []},
    ],
    "avoid_heading": "Lad være med",
    "avoid": ["Send det ikke."],
    "help_heading": "Her er hjælp",
    "helplines": CARD["lines"],
    "contact": CARD,
    "text": "Jeres plan\n- Betal ikke.",
}
MESSAGE = {"answer": "handleplan", "text": "Her er **planen**.", "plan": PLAN}


@pytest.fixture
def with_plan(edition: FakeEdition) -> Any:
    """The stand-in content with the plan's own lead text and review."""
    edition.messages["handleplan"] = edition.messages["aabning"]
    edition.plan = SimpleNamespace(is_draft=True, reviewed=None)
    return edition


def test_a_plan_passes_unchanged(with_plan: Any) -> None:
    message = public_message(with_plan, MESSAGE)
    assert message is not None
    assert message["plan"] == PLAN
    assert message["html"] == "<p>Her er <strong>planen</strong>.</p>"


@pytest.mark.parametrize(
    ("plan", "reviewed", "draft"),
    [
        (SimpleNamespace(is_draft=True, reviewed=None), None, True),
        (SimpleNamespace(is_draft=False, reviewed=date(2026, 12, 1)), "2026-12-01", False),
    ],
)
def test_a_plan_is_a_draft_until_it_is_approved(
    with_plan: Any, plan: SimpleNamespace, reviewed: str | None, draft: bool
) -> None:
    with_plan.plan = plan
    message = public_message(with_plan, MESSAGE)
    assert message is not None
    assert (message["reviewed"], message["draft"]) == (reviewed, draft)


def test_unknown_parts_do_not_pass(with_plan: Any) -> None:
    more = copy.deepcopy(MESSAGE)
    more["plan"]["onclick"] = "alert(1)"  # type: ignore[index]
    more["plan"]["sections"][0]["steps"][0]["html"] = "<b>x</b>"  # type: ignore[index]
    more["plan"]["helplines"][0]["href"] = "javascript:alert(1)"  # type: ignore[index]
    message = public_message(with_plan, more)
    assert message is not None
    assert "onclick" not in message["plan"]
    assert message["plan"]["sections"][0]["steps"] == PLAN["sections"][0]["steps"]
    assert message["plan"]["helplines"][0]["href"] is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("title", None),
        ("title", 7),
        ("text", ""),
        ("basis", ["x"]),
        ("sections", None),
        ("sections", ["x"]),
        ("sections", [{"heading": "Nu"}]),
        ("sections", [{"heading": "Nu", "steps": [{"text": "x", "answer": "y"}]}]),
        ("sections", [{"heading": "Nu", "steps": ["x"]}]),
        ("avoid", "x"),
        ("avoid", [" "]),
        ("avoid", [None]),
        ("helplines", {}),
        ("helplines", [{"label": "x", "kind": "sang", "value": "y"}]),
        ("contact", "x"),
    ],
)
def test_a_malformed_plan_is_refused(with_plan: Any, key: str, value: Any) -> None:
    with pytest.raises(Malformed):
        public_message(with_plan, {**MESSAGE, "plan": {**PLAN, key: value}})


def test_what_is_no_plan_is_refused(with_plan: Any) -> None:
    with pytest.raises(Malformed):
        public_message(with_plan, {**MESSAGE, "plan": "x"})


def test_the_plans_of_our_own_content_pass(with_plan: Any) -> None:
    plan = assemble(Library().current(), "vist", "under_15", "0615")
    assert plan is not None
    sent = httpx.Response(200, json=plan.as_dict()).json()
    message = public_message(with_plan, {**MESSAGE, "plan": sent})
    assert message is not None
    assert message["plan"]["text"] == plan.as_text()
    assert [len(part["steps"]) for part in message["plan"]["sections"]] == [
        len(section.steps) for section in plan.sections
    ]


@pytest.mark.anyio
async def test_a_plan_through_the_api(
    with_plan: Any, client: httpx.AsyncClient, engine: FakeEngine, started: str
) -> None:
    engine.message = MESSAGE
    path = f"/api/conversations/{started}/messages"
    for choice in ("handleplan", "rolle:delt", "alder:15_17", "spring_over"):
        response = await client.post(path, json={"choice": choice})
        assert response.status_code == 200
        assert engine.bodies[-1] == {"choice": choice}
    assert response.json()["messages"][0]["plan"] == PLAN
