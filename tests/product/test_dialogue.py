"""How a conversation goes on: crises, misses, places and ages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml
from product import Conversation, Product, choices, numbers

CRISIS = "hun siger hun ikke vil leve mere"
DIALOGUES = yaml.safe_load(Path(__file__).with_name("dialogues.yml").read_text(encoding="utf-8"))
NO_EXPECTATION = {"say", "plan", "open"}
BEYOND_ME = ["hvad gør man med det der", "det er noget med noget"]


def test_a_crisis_stays_until_the_parent_moves_on(product: Product, conversation: Conversation):
    assert conversation.say(CRISIS)["answer"] == "selvmordstanker"
    for text in ("ja", "hun sover nu", "hun er 13"):
        message = conversation.say(text)
        assert message["answer"] == "selvmordstanker"
        assert product.answer("selvmordstanker").afterwards == message["text"]
    assert conversation.say("hvad er straffen for at dele")["answer"] == "straf_for_at_dele"
    assert conversation.say("tak")["answer"] == "tak"


def test_a_button_leaves_a_crisis(conversation: Conversation):
    conversation.say(CRISIS)
    assert conversation.choose("gem_bevis")["answer"] == "gem_bevis"
    assert conversation.say(CRISIS)["answer"] == "selvmordstanker"


def test_two_misses_in_a_row_lead_to_people(conversation: Conversation):
    first, second = map(conversation.say, BEYOND_ME)
    assert first["answer"] is None
    assert {"ssp_kontakt", "noget_andet"} <= set(choices(first))
    assert second["answer"] is None
    assert {"112", "116006"} <= set(numbers(second["text"]))
    assert second["ask_kommune"]
    assert set(choices(first)) != set(choices(second))


def test_two_misses_show_the_contact_of_a_known_kommune(product: Product):
    conversation = Conversation(product.client, "0615")
    _, second = map(conversation.say, BEYOND_ME)
    assert second["contact"]["kode"] == "0615"


def test_a_miss_after_an_answer_is_a_first_miss_again(conversation: Conversation):
    conversation.say(BEYOND_ME[0])
    conversation.say("min datter er med i en video som de andre deler")
    assert {"ssp_kontakt", "noget_andet"} <= set(choices(conversation.say(BEYOND_ME[1])))


def test_a_place_can_be_corrected(conversation: Conversation):
    assert conversation.say("vi bor i Vejle")["contact"]["kode"] == "0630"
    assert conversation.say("nej vi bor i Odder")["contact"]["kode"] == "0727"
    assert conversation.say("undskyld, det er Horsens")["contact"]["kode"] == "0615"
    assert conversation.choose("skift_kommune")["ask_kommune"]
    assert conversation.say("Skanderborg")["contact"]["kode"] == "0746"


def test_a_place_in_several_kommuner_is_asked_about_with_buttons(conversation: Conversation):
    conversation.choose("ssp_kontakt")
    message = conversation.say("Nykøbing")
    offered = choices(message)
    assert {"kommune:0306", "kommune:0376", "kommune:0773"} == set(offered)
    assert "contact" not in message
    assert conversation.choose(offered[-1])["contact"]["kode"] == offered[-1].removeprefix(
        "kommune:"
    )


@pytest.mark.parametrize("place", ["Jylland", "Xyzzyby", "Qwertrup"])
def test_a_place_too_broad_or_unknown_is_asked_about_again(conversation: Conversation, place: str):
    conversation.choose("ssp_kontakt")
    message = conversation.say(place)
    assert message["answer"] is None
    assert message["ask_kommune"]
    assert conversation.say("8700")["contact"]["kode"] == "0615"


def test_the_kommunes_own_effort_is_told_when_the_place_comes_after(conversation: Conversation):
    assert conversation.choose("kommunens_indsats")["ask_kommune"]
    offered = choices(conversation.say("Nykøbing"))
    assert "kommune:0376" in offered
    message = conversation.choose("kommune:0376")
    assert message["answer"] == "kommunens_indsats"
    assert "ask_kommune" not in message


def test_an_age_given_later_gives_what_the_age_changes(
    product: Product, conversation: Conversation
):
    answer = product.answer("barn_vist_i_video")
    assert conversation.choose(answer.id)["answer"] == answer.id
    for text, band in (("hun er 13", "under_15"), ("nej, hun er 16", "15_17"), ("19", "over_18")):
        message = conversation.say(text)
        assert message["answer"] == answer.id
        assert message["text"] == product.edition.render(answer.variants[band])


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "My daughter is 13 and her classmates are sharing a naked photo of her"),
        ("ar", "شخص يهدد ابنتي بنشر صورها إذا لم تدفع له المال، بمن أتصل؟"),
        ("de", "Die Mitschüler verschicken ein Nacktfoto von meiner Tochter, was soll ich machen?"),
        ("fa", "همکلاسی‌های دخترم عکس برهنه او را پخش می‌کنند، باید چه کار کنم؟"),
        ("pl", "Koledzy z klasy rozsyłają nagie zdjęcie mojej córki, co powinniśmy teraz zrobić?"),
        ("so", "Sawirka gabadhayda oo qaawan ayaa dugsiga la wadaagay, maxaan sameeyaa hadda?"),
        ("tr", "Arkadaşları kızımın çıplak fotoğrafını birbirine gönderiyor, ne yapmalıyım?"),
        ("uk", "Однокласники пересилають оголене фото моєї доньки, що нам тепер робити?"),
    ],
)  # fmt: skip
def test_other_languages_get_the_short_help_in_that_language(
    product: Product, conversation: Conversation, code: str, text: str
):
    message = conversation.say(text)
    assert message["answer"] == "andet_sprog"
    assert message["language"] == {
        "code": code,
        "direction": product.edition.languages[code].direction,
    }
    assert numbers(message["text"])[0] == "112"


# --- whole conversations --------------------------------------------------------------------------


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=[dialogue["id"] for dialogue in DIALOGUES])
def test_a_whole_conversation(
    product: Product, conversation: Conversation, dialogue: dict[str, Any]
):
    missed, still_open = [], []
    for turn in dialogue["turns"]:
        message = conversation.say(turn["say"])
        wrong = [
            key
            for key, value in turn.items()
            if key not in NO_EXPECTATION and not meets(product, message, key, value)
        ]
        if turn.get("plan") and not conversation.choose("handleplan").get("plan"):
            wrong.append("plan")
        if wrong:
            kept = still_open if turn.get("open") else missed
            kept.append(f"{turn['say']}: {wrong} not met by {summary(message)}")
    assert not missed, "\n".join(missed)
    if still_open:
        pytest.xfail("\n".join(still_open))


def meets(product: Product, message: dict[str, Any], key: str, value: Any) -> bool:
    """True when a reply is as ``dialogues.yml`` expects; the keys are explained there."""
    contact = message.get("contact") or {}
    lines = [str(line["value"]) for line in contact.get("lines", [])]
    match key:
        case "answer":
            return message["answer"] in value
        case "suggests":
            suggested = message["answer"] is None and not set(value).isdisjoint(choices(message))
            return suggested or message["answer"] in value
        case "contact":
            return contact.get("kode") == value
        case "asks":
            return bool(message.get("ask_kommune")) and not contact
        case "numbers":
            return set(value) <= {*numbers(message["text"]), *lines}
        case "names":
            return any(product.edition.helplines[id_].name in message["text"] for id_ in value)
        case "offers":
            return not set(value).isdisjoint(choices(message))
        case "omits":
            return not any(word.lower() in str(message).lower() for word in value)
        case "helps":
            return bool(message["answer"] or contact or message["choices"])
    raise ValueError(f"dialogues.yml: {key} is not known")


def summary(message: dict[str, Any]) -> dict[str, Any]:
    """What a failure shows of a reply."""
    return {
        "answer": message["answer"],
        "contact": (message.get("contact") or {}).get("kode"),
        "choices": choices(message),
    }
