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
    "snapchat": r"snap\s?(?:ch[ae]t?|kat|cat)\w*|snap(?:pen|per|s)(?!\s+efter\b)"
    rf"|snap(?:pet|pede)(?!\s+(?:\w+\s+)?(?:op|fra|ud)\b)|snap{_COMPOUND}",
    "instagram": rf"ins(?:ta|tra|te)\s?gr[ae]\w*|f?insta{_COMPOUND}|ig",
    "facebook": rf"facebook\w*|fj[æe]sbog\w*|fb{_COMPOUND}|mess?[ei]nger\w*"
    r"|(?<=\bpå )face(?!\s+(?:time|id|to)\b)",
    "tiktok": r"tik\s?-?tok\w*|tick?\s?tock?|tictoc|tiktak",
    "discord": r"dis[ck]ord\w*|dc-server\w*",
    "whatsapp": r"what'?s\s?app?\w*|wh?ats?app?\w*|whatsup|wapp(?:en)?",
    "youtube": rf"you\s?tube\w*|yt{_COMPOUND}",
    # Not "på x antal", "på X Factor".
    "x": r"twitter\w*"
    r"|(?<=\bpå )x(?=\s*(?:$|[.,;:!?)])|\s+(?:og|eller|men|så|hvor|der|som|af|har|er)\b)",
    "telegram": r"telegr[ae]m\w*",
    "roblox": r"roblox\w*|robloks|roblok",
    # Whoever has googled something need not have the picture there.
    "google": r"(?<!at )google(?!t|de)\w*|googel",
}
# The drink, and the message that is delivered by hand.
_OTHER_THINGS = r"(?:en|flaske|glas|drikker?|drak|drukket)\s+snaps|et\s+(?:\w+\s+)?telegram"
_PATTERN = re.compile(
    rf"(?<!\w)(?:{_OTHER_THINGS}|"
    + "|".join(f"(?P<{name}>{spelling})" for name, spelling in _SPELLINGS.items())
    + r")(?!\w)",
    re.IGNORECASE,
)


def find_platforms(text: str) -> list[tuple[int, int, str]]:
    """``(start, end, platform)`` for each platform named, in the order of the text."""
    return [(m.start(), m.end(), m.lastgroup) for m in _PATTERN.finditer(text) if m.lastgroup]
