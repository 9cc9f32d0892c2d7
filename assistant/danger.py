"""Wordings that tell of danger, and the sayings that only sound like it.

"Jeg dør af skam" must not be taken for what "jeg vil dø" means. So before a message is
classified, and before its wording is searched for danger, sayings are put into plain words;
whatever else the message says is left as it is. ``tests/assistant/safety.yml`` holds sentences
with the same words in earnest and in everyday use.
"""

from __future__ import annotations

import re


def _one_of(*patterns: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(patterns) + ")", re.IGNORECASE)


# --- sayings and what they mean -------------------------------------------------------------------
# Where the same words can be meant in earnest, they must be left: better a saying too few.

# Not "tabletter", "siden", "appelsin".
_DEVICE = (
    r"(?:(?=\w*telefon|mobil|batteri|computer|skærm|ipad|internet|wifi|tablet(?!ter)|hjemmeside)\w+"
    r"|app(?:en|s|er|erne)?\b)"
)
_IS = r"(?:\s+(?:er|var|går|gik|gået|bliver|blev|helt|pludselig|nu|lige|også|altid))"
_SOMEBODY = r"(?:jeg|du|han|hun|vi|de|man|en|et|min|mit|mine|vores|hans|hendes|alle)\b"
_GAME = r"(?=\w*(?:spil|fortnite|roblox|minecraft))\w+\b"
_NET = r"(?:snap|insta|tiktok|discord|facebook|messenger|roblox)\w*"
_TALK = (
    r"(?:samtale|snak|stemning|sladder|rygte|mobning|drilleri|deling|spredning|chat|skriveri)\w*"
)
_COULD = r"(?:(?:kunne|kan|har\s+lyst\s+til\s+at)\s+(?:\w+\s+){0,2}?)?"
_FEELING = r"(?:grin|skam|pinlig|flov|kedsomhed|nysgerrig|latter)"
_PLACE = (
    r"(?:på(?!\s+(?:denne?\s+)?(?:jord|klode|planet))|hos|hjemme"
    r"|i\s+(?:skole|klasse|hus|stue|by|kommune|weekend|ferie|aften\b|dag\b))"
)

# Where somebody can be tired of being without being tired of life: not "i verden", "i vejen". Nor
# at home: why a child does not want to be there may be the emergency.
_STAY = (
    r"(?:hos\s+(?!nogen)|(?:på|i)\s+(?!nogen)(?:\w+\s+){0,2}?\w*(?:skole|klasse|klub|sfo|fritid|hold"
    r"|lejr|koloni|by\b|byen\b|kommune|gruppe|forening|weekend|ferie))"
)

_WISHES = r"(?:vill?e?|gider|gad|ønsker|orker|tør)\s+(?:\w+\s+){0,2}?"
_NEVER = r"(?:ikke|ikk?|aldrig)\s+"

_SAYINGS = [
    (_one_of(pattern), plain)
    for pattern, plain in (
        (rf"(?:ved\s+at\s+)?dør?\s+(?:\w+\s+)?(?:af|over)\s+({_FEELING}\w*)", r"fuld af \1"),
        (r"til\s+at\s+dø\s+over", "for meget"),  # pills are something "til at dø af"
        (
            r"(?:død|(?<!var )(?<!være )død\s)"
            r"((?:flov|pinlig|irriter|træt|sur|ærger|lækker|god\b|godt\b|ked)\w*)",
            r"meget \1",
        ),
        # not "telefonen og dør", "på internettet døde en dreng"
        (
            rf"({_DEVICE}{_IS}{{0,2}})\s+(?:dødt?|døde|dør|hænger\s+sig)\b(?!\s+{_SOMEBODY})",
            r"\1 uden strøm",
        ),
        (r"slår?\s+tiden\s+ihjel", "får tiden til at gå"),
        (rf"jeg\s+{_COULD}slår?\s+(ham|hende|dem)\s+ihjel", r"jeg er rasende på \1"),
        (r"skærer\s+(?:mig|os)\s+(?:\w+\s+){0,2}hjertet", "gør os kede af det"),
        # not "rørt over hele kroppen"
        (r"rørt\s+over(?=\s+at\b)|(?:helt|dybt)\s+rørt\s+over(?!\s+hele\b)", "glad for"),
        (rf"({_DEVICE}|{_NET})\s+aldrig\s+(?:var|blev)\s+(?:født|opfundet)", r"\1 var forbudt"),
        (rf"en\s+ende\s+på\s+(?=(?:(?:al|alt|den|det|de)\s+){{0,3}}{_TALK})", "en stopper for "),
        (rf"(?:tage?r?|tog|taget)\s+livet\s+af\s+(?=(?:al|alt|den|vores)\s+{_TALK})", "ødelagt "),
        (r"(?:stukket|stak)\s+af\s+fra\s+(?=\w*(?:chat|tråd|server))", "gået ud af "),
        (
            r"skade[rt]?\s+(?=(?:hans|hendes|vores)\s+(?:selvt|(?:ry|rygte|omdømme|sag)\b))",
            "går ud over ",
        ),
        (r"det\s+(?:et\s+|en\s+)?(?:voldtægt|overgreb)\s+(?=at\s+(?:del|send|læs))", "det groft "),
        (r"(?:social[te]?|politisk|karriere)\s*-?\s*selvmord", "pinligt"),
        (r"suicide\s+squad", "squad"),
        (rf"({_GAME}[^.!?]{{0,50}}?)(?:slår|skyder)\s+hinanden\s+ihjel", r"\1kæmper"),
        (rf"(?:slår|skyder)\s+hinanden\s+ihjel(?=[^.!?]{{0,50}}\b{_GAME})", "kæmper"),
        (rf"piller\s+ved\s+((?:\w+\s+)?{_DEVICE})", r"bruger \1"),
        # not "tog en pille og lagde sig ned"
        (
            r"pille(?:de|t)?\s+((?:(?:selv|det|den|dem|alt|noget|nogle|et|de|"
            r"(?:billed|video|film|klip|opslag|profil)\w*)\s+){0,3}ned)\b",
            r"tog \1",
        ),
        # not "en masse piller mod hovedpine"
        (
            r"(tager|får|fik)\s+piller\s+(?:for|mod)\s+"
            r"((?:hovedpine|mavepine|migræne|allergi|feber)\w*)",
            r"\1 medicin mod \2",
        ),
        (r"sl(?:og|år|ået)\s+op\b(?!\s+på\b)", "gik fra hinanden"),
        (
            r"(?<!at )(?<!siger )(?<!skriver )"
            r"(han|hun)\s+har\s+det\s+(?:\w+\s+)?bedre\s+uden\s+(?:ham|hende)",
            r"\1 er glad for bruddet",
        ),
        (r"leve\s+op\s+til", "følge"),
        (rf"leve\s+uden\s+((?:(?:sin|deres)\s+)?(?:{_DEVICE}|snap|net(?:tet)?\b))", r"undvære \1"),
        (r"(må|skal|lære\s+at)\s+((?:jo|vel|nok|bare)\s+)?leve\s+med", r"\1 \2acceptere"),
        (r"leve\s+sammen", "bo sammen"),
        (r"være\s+til\s+(?:grin|nar)", "blive grinet ad"),
        (
            rf"({_WISHES}{_NEVER}(?:\w+\s+){{0,2}}?|{_NEVER}{_WISHES})"
            rf"være(?:\s+her)?(?=\s+{_STAY})",
            r"\1opholde sig",
        ),
        (rf"være\s+her(?=\s+{_PLACE})", "være til stede"),
        (rf"er\s+her(?=\s+{_PLACE})", "er"),
        (r"(?:sit|mit)\s+liv\s+tilbage", "hverdagen tilbage"),
        (
            r"skåret\s+[sm]ig(?=\s+(?:på|i)\s+(?:en\s+|et\s+)?(?:dåse|glas\b|papir|finger)"
            r"(?![^.!?]*\b(?:med\s+vilje|igen)\b))",
            "fået en rift",
        ),
        (r"hænge[rs]?\s+(mig|os)\s+ud\b", r"udstille \1"),  # but "op" in earnest
        (r"hæng\w*\s+[sm]ig\s+(?:i\s+(?:detalje|ord)|fast\s+i\s+at\b|på\s+at\b)", "er optaget af"),
    )
]

# --- danger in plain words ------------------------------------------------------------------------

_NOT = r"(?:ikke|ike|ikk?|it|aldrig|hverken)\s+"
_WANT = r"(?:vill?e?|gider|gad|ønsker|orker|magter|kan(?:\s+holde\s+ud)?|(?:har\s+)?lyst\s+til)\s+"
# The repeats have limits: without, a long message would take seconds.
_SMALL = (
    r"(?:(?:bare|slet|overhovedet|simpelthen|mere|længere|at|jo|da|så|hverken|faktisk)\s+){0,5}"
)
_LIVE = r"leve\b(?!\s+(?:af|i\s+frygt|med(?!\s+de[nt]\b)))"
_EXIST = r"(?:her\b|til\b(?=\s*(?:$|[^\w\s]|mere|længere|og\b|efter))|i\s+live|i\s+verden)"
_SHE = r"(?:jeg|han|hun)\s+"
_SELF = r"[smd]ig\b"
_PILLS = r"(?:piller|panodil|tabletter|pamol|ipren)\w*"

_SUICIDAL = _one_of(
    r"selv\s?mord\w*|suicid\w*|unalive\w*|(?:afskeds|farvel)brev\w*|overdosis|selvskad\w*|cutting\b",
    # "gider ikke leve", "at hun ikke vil være her mere"
    rf"(?:{_WANT}{_SMALL}{_NOT}|{_NOT}{_SMALL}{_WANT}){_SMALL}(?:{_LIVE}|være\s+{_EXIST})",
    rf"(?:ingen|nogen)\s+(?:grund|mening)\s+(?:til|i|med)\s+(?:livet|at\s+{_LIVE})",
    # "vil bare dø", "hellere være død", "hvordan man dør"
    rf"(?:vil|ville|ønsker|håber|gid|bad\s+om|hellere|helst|bedre|lige\s?så\s+godt)\s+"
    rf"(?:(?:bare|hellere|helst|gerne|godt|at|hvis|om|kan|kunne)\s+|{_SHE}){{0,8}}(?:dø(?:de)?|(?:være|var)\s+død)\b",
    r"(?:lyst|tanker?)\s+(?:til|om|på)\s+(?:at\s+)?(?:dø|døden)\b|ondt\s+at\s+dø\b",
    r"(?:hvordan|måder?)\s+(?:(?:man|at|kan)\s+){0,4}dør?\b",
    # "ikke vågne mere", "ønsker han ikke var født", "nemmere hvis hun ikke var her"
    rf"{_NOT}(?:at\s+|skulle\s+){{0,3}}vågne(?:r|de)?(?:\s+op)?(?:\s+(?:mere|igen|i\s+morgen)|\s*(?:$|[.!]))",
    rf"ønske\w*\s+(?:\w+\s+){{0,2}}?{_SHE}{_NOT}(?:var\s+(?:født|til)\b|fandtes|eksisterede)",
    rf"(?:nemmere|lettere|lettest|bedre|bedst)\s+(?:[\w,]+\s+){{0,4}}?{_SHE}{_NOT}(?:var|er)\s+{_EXIST}",
    # "bedre uden mig", "så er I fri for mig"
    r"(?:alle|andre|verden|familien|ungerne)\s+(?:\w+\s+){1,4}bedre\s+uden\s+(?:ham|hende)\b",
    r"(?:det|sig|er|var|være)\s+(?:\w+\s+)?(?:bedre|better)\s+(?:stillet\s+|off\s+)?uden\s+mig\b",
    r"(?:fri|slipper\s+(?:de|i|alle))\s+for\s+mig\b",
    # "tage sit liv", "gøre en ende på det"
    rf"(?:tage?r?|tog|taget)\s+(?:livet\s+af\s+{_SELF}|[sm]it\s+(?:eget\s+)?liv\b(?!\s+op))",
    r"ende\s+på\s+(?:livet|[sm]it\s+liv|det\s*(?:hele\b|selv\b|$|[.!,]))",
    r"(?:at|vil)\s+ende\s+(?:det\s+hele|livet|[sm]it\s+liv)",
    # how
    rf"slår?\s+{_SELF}\s+(?:selv\s+)?ihjel|skad\w+\s+(?:på\s+)?{_SELF}\s+selv",
    rf"(?:skær|skåret|skar|cutte|ridse|snitte)\w*\s+(?:(?:i|hun|han)\s+)*{_SELF}",
    r"(?:skær\w*|skåret|skar)\s+i\s+[sm]ine?\s+(?:arm|ben|lår|hånd)\w*|hæng\w*\s+[smd]ig\b",
    rf"(?:spring\w*|hopp\w*|kast\w*\s+{_SELF})\s+(?:ud\s+)?(?:foran|fra|af|ad)\s+(?:\w+\s+)?"
    r"(?:tog|bro|vindu|altan|tag|bil|bus|lastbil)\w*",
    r"(?:gå|køre?)\s+(?:ud\s+)?(?:foran|ind\s+i)\s+(?:\w+\s+)?(?:tog|tåg|lastbil|træ|mur|autoværn)\w*",
    rf"(?:taget|tog|slugt|spist)\s+(?:\w+\s+)?(?:alle|hele|masse|mange|helt)\s+(?:\w+\s+){{0,3}}?{_PILLS}",
    rf"hvor\s+mange\s+{_PILLS}",
)
_HIM = r"(?:ham|hende|mig|os|[mds]in\s+\w+)\b"
_SEX = r"(?:mundsex|oralsex|sex|samleje)\b"

# Wordings that win whatever the classifier says, the first that fits.
_WORDINGS = {
    "selvmordstanker": _SUICIDAL,
    "akut_fare": _one_of(
        rf"(?<!jeg )(?:vil|truer\s+med\s+at)\s+(?:dræbe|skyde|stikke)\s+{_HIM}",
        rf"(?:vil|at|og|han|hun|de)\s+slår?\s+{_HIM}\s+ihjel",
    ),
    "overgreb_sket": _one_of(
        rf"voldtog|voldtaget|gramse[tr]\s+på\s+(?:[mv]\w+\s+\w+|{_HIM})|befaml\w+\s+{_HIM}",
        rf"(?:sex|samleje)\s+med\s+{_HIM}\s+(?:mens|imens|selvom)\b",
        rf"(?:presse\w*|tvang|tving\w*|tvunget)\s+(?:\w+\s+){{0,2}}til\s+(?:at\s+(?:give|have)\s+)?{_SEX}",
        r"(?:fingre\w*|hånd\w*)\s+(?:nede?\s+)?i\s+(?:hendes|hans)\s+(?:trusse|underbukse|bukse)\w*",
        r"vågne\w*\s+[^.!?]{0,200}\boven\s?på\s+[sm]ig\b",
    ),
}


def in_plain_words(text: str) -> str:
    """``text`` with its sayings replaced by what they mean."""
    for pattern, plain in _SAYINGS:
        text = pattern.sub(plain, text)
    return text


def named_danger(text: str) -> str | None:
    """The acute intent that the wording alone makes certain, or None."""
    plain = in_plain_words(text)
    return next((intent for intent, wording in _WORDINGS.items() if wording.search(plain)), None)
