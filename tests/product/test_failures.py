"""Something breaks, and the parent is still not left empty-handed."""

from __future__ import annotations

from typing import Any

from product import Conversation, Product, eventually, numbers

BLACKMAIL = "de truer med at lægge hendes billeder ud hvis ikke hun betaler"


def is_safe(message: dict[str, Any]) -> bool:
    """The answer of last resort: no advice of its own, but the numbers, 112 first."""
    found = numbers(message["text"])
    return (
        message["answer"] is None
        and found[:1] == ["112"]
        and {"114", "116111"} <= set(found)
        and "tel:116111" in message["html"]
    )


def test_an_engine_that_dies_and_comes_back(product: Product):
    before = Conversation(product.client)
    with product.killed("engine"):
        assert is_safe(before.say(BLACKMAIL))
        assert product.client.get("/health/live").status_code == 200
        assert product.client.get("/health/ready").status_code == 503
        meanwhile = Conversation(product.client, "0615")
        assert is_safe(meanwhile.opening)
        assert meanwhile.opening["contact"]["kode"] == "0615"
        assert product.client.get("/pjecer/naar-det-sker/").status_code == 200

    lost = before.post({"text": BLACKMAIL})
    assert lost.status_code == 404
    assert lost.json()["error"]["code"] == "fejl_ukendt_samtale"
    # What began while it was away goes on, and its kommune is still known.
    assert meanwhile.say(BLACKMAIL)["answer"] == "afpresning"
    assert meanwhile.choose("ssp_kontakt")["contact"]["kode"] == "0615"
    assert Conversation(product.client).say(BLACKMAIL)["answer"] == "afpresning"


def test_an_engine_that_hangs(product: Product, conversation: Conversation):
    with product.hung("engine"):
        assert is_safe(conversation.say(BLACKMAIL))
        assert product.client.get("/health/ready").status_code == 503
    assert eventually(lambda: conversation.post({"text": BLACKMAIL}).status_code == 200)
    assert conversation.say(BLACKMAIL)["answer"] == "afpresning"


def test_actions_that_are_gone(product: Product):
    conversation = Conversation(product.client, "0615")
    with product.killed("actions"):
        assert conversation.say(BLACKMAIL)["answer"] == "afpresning"
        message = conversation.say("hvem er vores SSP")
        assert is_safe(message)
        assert message["contact"]["kode"] == "0615"
        assert conversation.choose("gem_bevis")["answer"] == "gem_bevis"
    assert conversation.choose("ssp_kontakt")["answer"] == "ssp_kontakt"


def test_actions_that_hang(product: Product, conversation: Conversation):
    with product.hung("actions"):
        assert is_safe(conversation.choose("ssp_kontakt"))
        # The same parent too, not only the others.
        assert conversation.choose("gem_bevis")["answer"] == "gem_bevis"
        assert Conversation(product.client).say(BLACKMAIL)["answer"] == "afpresning"
    assert conversation.choose("ssp_kontakt")["ask_kommune"]
