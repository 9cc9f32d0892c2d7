"""The conversations the product was made for."""

from __future__ import annotations

from product import Conversation, Product, numbers


def test_shared_video_then_the_ssp_of_the_town(product: Product, conversation: Conversation):
    message = conversation.say(
        "min søn på 14 har sendt en video af en pige fra klassen videre på snap"
    )
    variants = product.answer("barn_har_delt").variants
    assert message["answer"] == "barn_har_delt"
    assert variants["under_15"] in message["text"]
    assert variants["15_17"] not in message["text"]
    assert "ssp_kontakt" in [button["choice"] for button in message["choices"]]

    message = conversation.say("hvem kan vi tale med her i Horsens")
    assert message["answer"] == "ssp_kontakt"
    assert message["contact"]["kode"] == "0615"


def test_ssp_is_found_by_postal_code_when_the_kommune_is_unknown(conversation: Conversation):
    message = conversation.say("jeg vil gerne have fat i SSP")
    assert message["ask_kommune"]
    assert "contact" not in message

    message = conversation.say("8680")
    assert message["answer"] == "ssp_kontakt"
    assert message["contact"]["kode"] == "0746"


def test_blackmail(conversation: Conversation):
    message = conversation.say("de truer med at lægge hendes billeder ud hvis ikke hun betaler")
    assert message["answer"] == "afpresning"
    assert "114" in numbers(message["text"])


def test_suicidal_thoughts_put_112_before_every_other_number(conversation: Conversation):
    message = conversation.say("hun siger hun ikke vil leve mere")
    assert message["answer"] == "selvmordstanker"
    assert numbers(message["text"])[0] == "112"
