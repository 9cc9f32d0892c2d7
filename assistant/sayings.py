"""Sayings with the words of death and harm in them, put into plain words.

"Jeg dør af skam" must not be taken for what "jeg vil dø" means. So before a message is
classified, and before its wording is searched for danger, such sayings are replaced by what they
mean; whatever else the message says is left as it is. ``tests/assistant/safety.yml`` holds
sentences with the same words in earnest and in everyday use.
"""

from __future__ import annotations

import re

_DEVICE = r"(?:\w*telefon|mobil|batteri|computer|skærm|ipad|tablet|app|internet|wifi|side)\w*"
_PLACE = r"(?:på|hos|hjemme|i\s+(?:skole|klasse|hus|stue|by|kommune|weekend|ferie|aften\b|dag\b))"

_SAYINGS = [
    (re.compile(rf"\b(?:{pattern})", re.IGNORECASE), plain)
    for pattern, plain in (
        (
            r"(?:ved\s+at\s+)?dør?\s+(?:af|over)\s+((?:grin|skam|pinlig|flov|kedsomhed|nysgerrig|latter)\w*)",
            r"fuld af \1",
        ),
        (r"til\s+at\s+dø\s+(?:af|over)", "for meget"),
        (r"død\s?((?:flov|pinlig|irriter|træt|sur|ærger|lækker|god|ked)\w*)", r"meget \1"),
        (rf"({_DEVICE}(?:\s+\w+)?)\s+(?:død|døde|dør|hænger\s+sig)\b", r"\1 slukket"),
        (r"slår?\s+tiden\s+ihjel", "får tiden til at gå"),
        (r"(?:kunne|kan)\s+slå\s+(ham|hende|dem)\s+ihjel", r"er rasende på \1"),
        (r"slår\s+(ham|hende|dem)\s+ihjel\s+hvis", r"bliver rasende på \1 hvis"),
        (r"skærer\s+(?:mig|os)\s+(?:\w+\s+){0,2}hjertet", "gør ondt"),
        (r"(?:social\w*|politisk\w*|karriere)\s*-?\s*selvmord", "pinligt"),
        (r"suicide\s+squad", "squad"),
        (r"leve\s+op\s+til", "følge"),
        (r"leve\s+uden\s+((?:sin|sit|sine|deres)\b|telefon|mobil|snap|net)", r"undvære \1"),
        (r"leve\s+sammen", "bo sammen"),
        (r"være\s+til\s+(?:grin|besvær|nar)", "være latterlig"),
        (rf"være\s+her(?=\s+{_PLACE})", "være"),
        (rf"er\s+her(?=\s+{_PLACE})", "er"),
        (r"(?:sit|mit)\s+liv\s+tilbage", "hverdagen tilbage"),
        (r"skåret\s+(?:sig|mig)(?=\s+(?:på\s+(?:en|et|noget|glas)|i\s+finger)\b)", "fået en rift"),
        (r"hænge[rs]?\s+(mig|os)\s+(?:ud|op)", r"udstille \1"),
        (r"hænger\s+(?:sig|mig)\s+(?:i|fast|på)", "er optaget af"),
    )
]


def in_plain_words(text: str) -> str:
    """``text`` with its sayings replaced by what they mean."""
    for pattern, plain in _SAYINGS:
        text = pattern.sub(plain, text)
    return text
