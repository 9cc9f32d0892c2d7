"""Which language a message is in."""

from __future__ import annotations

import pytest

from assistant import language
from assistant.language import foreign_language
from content.library import library


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Someone is sharing a picture of my daughter and I do not know what to do", "en"),
        ("Jemand hat ein Foto von meiner Tochter verschickt, was soll ich machen", "de"),
        ("Ktoś rozsyła zdjęcie mojej córki po całej szkole, co mam zrobić", "pl"),
        ("Kızımın fotoğrafını okulda paylaşıyorlar, ne yapmalıyım", "tr"),
        ("شخص ما ينشر صورة ابنتي في المدرسة ماذا أفعل", "ar"),
        ("یک نفر عکس دخترم را در مدرسه پخش می‌کند چه کار کنم", "fa"),
        ("Хтось поширює фото моєї доньки у школі, що мені робити", "uk"),
        ("Qof ayaa sawirka gabadhayda iskuulka ku faafinaya, maxaan sameeyaa", "so"),
    ],
)
def test_other_language_is_recognised(text: str, code: str) -> None:
    assert foreign_language(text) == code


@pytest.mark.parametrize(
    "text",
    [
        "min datter har sendt et billede og nu deler de det på snap",
        "okay så min datter har fået leaked et nude, jeg er helt lost",
        "jæ ve ik hva jæ ska gør hun er it i skole",
        "æ knejt har delt et billed a en tøs fra æ skole",
        "jeg vet ikke hva jeg skal gjøre, bildet er delt på skolen",
        "jag vet inte vad jag ska göra, bilden är delad i skolan",
        "help me please",
        "hjælp",
        "14",
        "???",
        "",
    ],
)
def test_danish_neighbours_and_short_messages_are_not_foreign(text: str) -> None:
    assert foreign_language(text) is None


def test_every_language_with_a_text_can_be_detected() -> None:
    written = library().current().languages.keys()
    assert written
    assert written <= set(language._CODES.values())
