"""All 98 kommuner, several parents at a time, as on a bad evening."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from product import Conversation, Product

PARENTS = 4


def test_every_kommune_is_found_by_page_and_by_name(product: Product):
    kommuner = sorted(product.edition.kommuner.values(), key=lambda kommune: kommune.kode)
    assert len(kommuner) == 98

    def mistakes(index: int) -> list[str]:
        ours, moved_to = kommuner[index], kommuner[index - 1]
        conversation = Conversation(product.client, ours.kode)
        replies = {
            ours: conversation.choose("ssp_kontakt"),
            moved_to: conversation.say(f"vi bor i {moved_to.kortnavn}"),
        }
        found = []
        for kommune, message in replies.items():
            card = message.get("contact") or {"kode": None, "lines": []}
            closing = [line["value"] for line in card["lines"][-2:]]
            if (message["answer"], card["kode"]) != ("ssp_kontakt", kommune.kode):
                found.append(f"{kommune.navn}: {message['answer']}, card of {card['kode']}")
            elif closing != ["114", "112"]:
                found.append(f"{kommune.navn}: the card closes with {closing}")
        return found

    with ThreadPoolExecutor(PARENTS) as pool:
        found = [line for lines in pool.map(mistakes, range(len(kommuner))) for line in lines]
    assert found == []


def test_an_unknown_code_on_the_page_does_not_cost_the_parent_the_chat(product: Product):
    conversation = Conversation(product.client, "9999")
    assert conversation.choose("ssp_kontakt")["ask_kommune"]
    assert conversation.choose("kommune:9999")["ask_kommune"]
    assert conversation.choose("kommune:0615")["contact"]["kode"] == "0615"
