"""Nothing in the catalogue is out of reach, and no button leads nowhere."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from product import Conversation, Product, choices

PARENTS = 4


@pytest.fixture(scope="module")
def replies(product: Product) -> dict[str, dict[str, Any]]:
    """What the assistant says to every id in the catalogue, on Horsens' page."""
    ids = [*product.edition.catalogue.pamphlet_of, *product.edition.catalogue.conversational]

    def reply(id_: str) -> dict[str, Any]:
        return Conversation(product.client, "0615").choose(id_)

    with ThreadPoolExecutor(PARENTS) as pool:
        return dict(zip(ids, pool.map(reply, ids), strict=True))


def test_every_id_gives_its_own_answer(replies: dict[str, dict[str, Any]]):
    assert len(replies) > 60
    assert {id_: message["answer"] for id_, message in replies.items()} == {
        id_: id_ for id_ in replies
    }
    assert [id_ for id_, message in replies.items() if not message["text"].strip()] == []
    assert [id_ for id_, message in replies.items() if "<" not in message["html"]] == []


def test_no_placeholder_is_left_unfilled(replies: dict[str, dict[str, Any]]):
    assert [id_ for id_, message in replies.items() if "{" in message["text"]] == []


def test_every_answer_of_a_pamphlet_shows_its_sources(
    product: Product, replies: dict[str, dict[str, Any]]
):
    pamphlet_of = product.edition.catalogue.pamphlet_of
    without = [id_ for id_ in pamphlet_of if not replies[id_]["sources"]]
    assert without == []
    for id_ in pamphlet_of:
        page, _, anchor = replies[id_]["link"].partition("#")
        assert anchor == id_
        assert f'id="{id_}"' in product.client.get(page).text


def test_every_button_is_accepted(product: Product, replies: dict[str, dict[str, Any]]):
    buttons = {
        button.choice for text in product.edition.messages.values() for button in text.buttons
    }
    buttons |= set(choices(Conversation(product.client).opening))
    waiting = {choice for message in replies.values() for choice in choices(message)} | buttons
    seen = set(replies)
    while waiting - seen:
        choice = (waiting - seen).pop()
        message = Conversation(product.client).choose(choice)
        assert message["text"], choice
        seen.add(choice)
        waiting |= set(choices(message))


@pytest.mark.parametrize(
    "choice", ["restart", "session_start", "back", "nlu_fallback", "findes_ikke"]
)
def test_what_no_button_says_is_refused(conversation: Conversation, choice: str):
    response = conversation.post({"choice": choice})
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "fejl_ugyldig"


def test_every_age_variant_is_said_at_its_age_and_no_other(product: Product):
    bands = ("under_15", "15_17", "over_18")
    answers = {
        id_: product.edition.answers[id_]
        for id_ in product.edition.catalogue.pamphlet_of
        if set(product.edition.answers[id_].variants) & set(bands)
    }

    def told(id_: str, band: str) -> str:
        talk = Conversation(product.client)
        talk.choose(f"alder:{band}")
        return talk.choose(id_)["text"]

    pairs = [(id_, band) for id_ in answers for band in bands]
    with ThreadPoolExecutor(PARENTS) as pool:
        texts = dict(zip(pairs, pool.map(lambda pair: told(*pair), pairs), strict=True))
    wrong = []
    for (id_, band), text in texts.items():
        for other in bands:
            variant = answers[id_].variants.get(other)
            if variant and (product.edition.render(variant) in text) != (other == band):
                wrong.append((id_, band, other))
    assert len(answers) > 40
    assert wrong == []
