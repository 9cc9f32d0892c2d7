"""The platform in what a parent writes, with the spellings and slang people use."""

from __future__ import annotations

import re

# What a short name may be compounded with: "snapgruppen", "instaprofil", "fb-opslag".
_COMPOUND = (
    r"(?:-?(?:besked|billed|bruger|chat|film|gruppe|kanal|konto|kort|map|navn|opslag|profil|samtale"
    r"|server|side|stor[iy]|streak|tråd|ven|video)\w*)?"
)
_SPELLINGS = {
    # "snappede op" and "snappet fra hende" are not the app.
    "snapchat": r"snap\s?(?:ch[ae]t?|kat|cat)\w*|snap(?:per|s)"
    rf"|snap(?:pet|pede)(?!\s+(?:\w+\s+)?(?:op|fra|ud)\b)|snap{_COMPOUND}",
    "instagram": rf"ins(?:ta|tra|te)\s?gr[ae]\w*|f?insta{_COMPOUND}|ig",
    "facebook": rf"facebook\w*|fj[æe]sbog\w*|fb{_COMPOUND}|mess?[ei]nger\w*",
    "tiktok": r"tik\s?-?tok\w*|tick?\s?tock?|tictoc|tiktak",
    "discord": r"dis[ck]ord\w*|dc-server\w*",
    "whatsapp": r"what'?s\s?app?\w*|wh?ats?app?\w*|whatsup",
    "youtube": rf"you\s?tube\w*|yt{_COMPOUND}",
    "x": r"twitter\w*",
    "telegram": r"telegr[ae]m\w*",
    "roblox": r"roblox\w*|robloks|roblok",
    # Whoever has googled something need not have the picture there.
    "google": r"(?<!at )google(?!t|de)\w*|googel",
}
_PATTERN = re.compile(
    r"(?<!\w)(?:"
    + "|".join(f"(?P<{name}>{spelling})" for name, spelling in _SPELLINGS.items())
    + r")(?!\w)",
    re.IGNORECASE,
)


def find_platforms(text: str) -> list[tuple[int, int, str]]:
    """``(start, end, platform)`` for each platform named, in the order of the text."""
    return [(m.start(), m.end(), m.lastgroup or "") for m in _PATTERN.finditer(text)]
