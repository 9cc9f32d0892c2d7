"""The platform in what a parent writes, with the spellings and slang people use."""

from __future__ import annotations

import re

_SPELLINGS = {
    "snapchat": r"snap(?:chat|pet|per|pede|s|story|map)?|snapcha\w*|snapchet\w*",
    "instagram": r"insta(?:gram)?|instragram|instegram|ig",
    "facebook": r"facebook|fjæsbogen|fjesbogen|fb|messenger|mesenger|messinger",
    "tiktok": r"tik\s?tok\w*|ticktock|tictoc|tiktak",
    "discord": r"discord\w*|diskord|dc-server",
    "whatsapp": r"whats?\s?app?|watsapp|whatsup",
    "youtube": r"you\s?tube|yt",
    "x": r"twitter",
    "telegram": r"telegram\w*|telegrem",
    "roblox": r"roblox\w*|robloks",
    "google": r"google\w*|googel",
}
_PATTERN = re.compile(
    r"(?<!\w)(?:" + "|".join(f"(?P<{name}>{spelling})" for name, spelling in _SPELLINGS.items()) + r")(?!\w)",
    re.IGNORECASE,
)


def find_platforms(text: str) -> list[tuple[int, int, str]]:
    """``(start, end, platform)`` for each platform named, in the order of the text."""
    return [(m.start(), m.end(), m.lastgroup or "") for m in _PATTERN.finditer(text)]
