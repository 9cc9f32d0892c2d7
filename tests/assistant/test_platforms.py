"""Platforms in what parents write, and words that only look like one."""

from __future__ import annotations

import pytest

from assistant.platforms import find_platforms
from content.library import library


def named(text: str) -> list[str]:
    return [name for _, _, name in find_platforms(text)]


@pytest.mark.parametrize(
    ("text", "platforms"),
    [
        ("det ligger på snapchat", ["snapchat"]),
        ("DET LIGGER PÅ SNAPCHAT", ["snapchat"]),
        ("på snap", ["snapchat"]),
        ("på Snap.", ["snapchat"]),
        ("de snapper hele natten", ["snapchat"]),
        ("hun har snappet det til ham", ["snapchat"]),
        ("det er lagt i en snapgruppe", ["snapchat"]),
        ("i klassens snapchatgruppe", ["snapchat"]),
        ("på hans snapkat", ["snapchat"]),
        ("snap chat", ["snapchat"]),
        ("på snappen", ["snapchat"]),
        ("hun har fået tre snaps", ["snapchat"]),
        ("på instagram", ["instagram"]),
        ("på insta", ["instagram"]),
        ("en falsk instaprofil", ["instagram"]),
        ("på instagrem", ["instagram"]),
        ("hendes instagramkonto er hacket", ["instagram"]),
        ("på ig", ["instagram"]),
        ("i en facebookgruppe", ["facebook"]),
        ("på fjæsbogen", ["facebook"]),
        ("sendt på messenger", ["facebook"]),
        ("på FB", ["facebook"]),
        ("på face", ["facebook"]),
        ("på tik tok", ["tiktok"]),
        ("en tiktokvideo", ["tiktok"]),
        ("på hans discordserver", ["discord"]),
        ("på diskord", ["discord"]),
        ("på WhatsApp", ["whatsapp"]),
        ("på what's app", ["whatsapp"]),
        ("på watsapp", ["whatsapp"]),
        ("på youtube", ["youtube"]),
        ("på you tube", ["youtube"]),
        ("på wapp", ["whatsapp"]),
        ("på twitter", ["x"]),
        ("det ligger på X", ["x"]),
        ("på x og insta", ["x", "instagram"]),
        ("i en telegramgruppe", ["telegram"]),
        ("på Roblox", ["roblox"]),
        ("det kommer frem på google", ["google"]),
        ("når man googler hende, er det der", ["google"]),
        ("først på snap og så på insta", ["snapchat", "instagram"]),
    ],
)
def test_platform_is_found(text: str, platforms: list[str]) -> None:
    assert named(text) == platforms


@pytest.mark.parametrize(
    "text",
    [
        "vi har en klageinstans i kommunen",
        "kan jeg installere et filter",
        "instruktøren til håndbold",
        "jeg snappede noget op om et billede",
        "telefonen blev snappet fra hende",
        "et snapshot af siden",
        "jeg snapper efter vejret",
        "en flaske snaps",
        "hun fik et sødt telegram",
        "på face time",
        "der er face id på telefonen",
        "det ligger på x antal telefoner",
        "hendes x-kæreste",
        "jeg har googlet mig frem til jer",
        "jeg har prøvet at google det",
        "ring på telefonen",
        "hun er igen ked af det",
        "min fætter byder på fisk",
        "det er en robot",
        "",
    ],
)
def test_other_words_are_no_platform(text: str) -> None:
    assert named(text) == []


def test_position_covers_the_name() -> None:
    text = "Min søn så det på Snapchat i går"
    [(start, end, _)] = find_platforms(text)
    assert text[start:end] == "Snapchat"


def test_every_platform_with_its_own_text_can_be_found() -> None:
    written = {
        key.removeprefix("platform:")
        for answer in library().current().answers.values()
        for key in answer.variants
        if key.startswith("platform:")
    }
    assert written
    spoken = {"x": "twitter"}
    for name in written:
        assert named(f"det ligger på {spoken.get(name, name)}") == [name]
