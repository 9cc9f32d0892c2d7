"""The child's part in what a parent writes: vist, delt, modtaget, presset or vidne.

A wrong part is worse than none: the plan for a child who has shared a picture must not reach the
parents of the child on it. So the text must say who did what. Everybody in it is first marked as
the writer's child or as somebody else; the patterns then read the marked text. What is denied,
supposed or only claimed by others tells nothing.
"""

from __future__ import annotations

import re

from assistant.platforms import find_platforms

# --- who is who ---------------------------------------------------------------------------------

_GIRL = r"(?:datter|dotter|pige|tøs)"
_BOY = r"(?:søn|dreng|knægt|knejt)"
_YOUNG = rf"[\w-]*(?:{_GIRL}|{_BOY}|barn|yngste|ældste)"
_OPENS = r"(?:^|(?<=[.,;:!?(–-])|(?<=[.,;:!?(–-]\s))"
_PEOPLE = re.compile(
    # "min store dreng", "jeg har en søn", "far (52) til en pige", "datteren"
    r"(?P<mine>(?:\b(?:min|mit|mine|mn|vores|vor)\s+(?:(?!eks|ven|kone|mand)[\w-]+\s+){0,2}?"
    r"|(?:\b(?:jeg|vi)\s+har|\b(?:mor|far)(?:\s+\(\d+\))?\s+til)\s+(?:(?:en|et)\s+)?(?:[\w-]+\s+)?)"
    rf"{_YOUNG}|\b(?:datteren|sønnen|knægten|tøsen|barnet))(?P<mines>s?)\b"
    # "pigen er 12", "dreng, 14", "Emil på 15": the child when no other is named
    rf"|(?P<bare>{_OPENS}(?:(?:pigen|drengen)(?!,?\s+(?:der|som)\b)|(?:\w+årig\s+)?(?:{_GIRL}|{_BOY}))"
    r"|\bden\s+(?:store|lille|ældste|yngste)(?=\s+på\s)"
    r"|(?-i:\b[A-ZÆØÅ][a-zæøå]{2,})(?=\s+på\s+\d))\b"
    r"|(?P<dear>\b[\w-]*(?:kæreste|forlovede)[nr]?|\beks(?:en)?)\b"
    rf"|(?P<other>\b[\w-]*(?:{_GIRL}|{_BOY}|ven|veninde|kammerat|fyr|mand|kvinde|dame|person|elev"
    r"|mor|far|søster|bror|fætter|kusine)(?:en|nen|n)?s?"
    r"|(?<!\ber\s)(?:ham|hende)(?=\s+(?:der|som)\b))\b"
    r"|\b(?P<he>ham|han(?P<his>s)?)\b|\b(?P<she>hun|hende(?P<hers>s)?)\b",
    re.IGNORECASE,
)
_FEMALE = re.compile(rf"{_GIRL}|veninde|kvinde|dame|mor|søster|kusine|hende", re.IGNORECASE)
_MALE = re.compile(rf"{_BOY}|ven|fyr|mand|far|bror|fætter|ham", re.IGNORECASE)
_CHILD, _CHILDS, _OTHER = "BARN", "BARNS", "ANDEN"


def _gender(word: str) -> str:
    """``she``, ``he`` or nothing when the word may be either."""
    return "she" if _FEMALE.search(word) else "he" if _MALE.search(word) else ""


def _marked(text: str) -> str:
    """``text`` in lower case, with everybody in it as BARN, BARNS (genitive) or ANDEN."""
    people = list(_PEOPLE.finditer(text))
    named = [m[0] for m in people if m["mine"]]
    children = named or [m[0] for m in people if m["bare"]]
    pronouns = ["he" if m["he"] else "she" for m in people if m["he"] or m["she"]]
    own = _gender(children[0]) if children else pronouns[0] if pronouns else ""
    seen: list[tuple[str, bool]] = []  # gender, and whether it is the child
    parts, end = [], 0
    for match in people:
        pronoun = "he" if match["he"] else "she" if match["she"] else ""
        if pronoun:
            last = (is_child for gender, is_child in reversed(seen) if gender in (pronoun, ""))
            is_child = next(last, own in (pronoun, ""))
        else:
            is_child = bool(match["mine"] or (match["bare"] and not named))
            gender = _gender(match[0])
            if match["dear"]:  # taken to be of the other gender: "kæresten har filmet hende"
                gender = {"she": "he", "he": "she"}.get(own, "")
            seen.append((gender, is_child))
        genitive = match["mines"] or match["his"] or match["hers"]
        word = _OTHER if not is_child else _CHILDS if genitive else _CHILD
        parts += [text[end : match.start()].lower(), word]
        end = match.end()
    return "".join([*parts, text[end:].lower()])


# --- what is said -------------------------------------------------------------------------------

_SPACE = r"(?:(?<=\d)\.\s*|[\s,()–;-]+)"
# No word that denies it, supposes it or lets somebody else do it.
_WORD = (
    r"(?!(?:ikke|aldrig|ingen|intet|hverken|hvis|at|kan|kunne|må|måtte|skal|skulle|vil|ville|bør|jeg|vi|de|man"
    r"|nogen|alle|andre|det|den|som|der|fordi|efter|siden|men|mens|selvom|ANDEN|BARNS?)\b)"
    r"[\w½'][\w½'-]*(?![\w½'-])"  # the whole of it, so that "-" is not read in two ways
)
_CHILD_THEN = rf"\bBARN{_SPACE}(?:(?!har\b|havde\b){_WORD}{_SPACE}){{0,8}}?"
_HAS = rf"(?:har|havde|ha){_SPACE}(?:(?!blevet|været|fået){_WORD}{_SPACE}){{0,2}}?"
_IS = rf"(?:er|bliver|blir|blev|var){_SPACE}(?:(?!har\b|havde\b){_WORD}{_SPACE}){{0,3}}?"
# Without limits a long message would take seconds, and all other parents wait for it.
_REST = r"(?:(?!\bikke\b)[^.,;!?]){0,100}?"  # of the clause
_WHOLE_REST = r"(?:(?!\bikke\b)[^.,;!?]){0,300}?"  # where something must not stand
_LATER = r".{0,200}"
_PICTURE = (
    r"\b(?:(?=\w*(?:billed|video|film(?!et\b|ed|er\b|e\b)|nude|dickpic|optagelse|klip)|nøgen)\w+"
    r"|\w*dick\spic\w*)\b"
)
_IT = rf"(?:{_PICTURE}|\b(?:det|den|dem)\b)"
_OTHERS_PICTURE = rf"(?:{_PICTURE}{_REST}\bANDEN|\bANDEN{_REST}{_PICTURE})"
_SHARES = r"(?:sende|sender|dele|deler|lægge|lægger|vise|viser|poste|poster|offentliggøre?)\b"
# After "har fået": the child has passed it on, in words "delt" does not know.
_PASSED_ON = re.compile(
    r"\b(?:(?:lagde|delte|sendte|repost\w*|forward\w*|trykke[rd]?e?)\b"
    rf"|(?:og|så)\s+(?:{_WORD}\s+){{0,2}}(?:delt|sendt|sender|vist)\b)"
)

_PATTERNS = {
    "presset": [
        r"(?:^|[.,;:!?]\s*)(?:bliver\s+)?afpresset\b",
        rf"{_CHILD_THEN}{_IS}(?:afpresset|presset\s+(?:for|til\s+at\s+(?:sende|dele|betale|vise)))\b",
        r"\b(?:afpresses|presses\s+(?:for|til))\b",
        r"\btrusler\s+om\s+(?:penge|betaling|at\s+(?:dele|sende|lægge|vise))",
        r"\b(?:afpresser|presser)\s+(?:ANDEN\s+)?BARN\b",
        rf"(?<!BARN )\b(?:truer|truede){_REST}\bmed\s+at\s+{_REST}\b{_SHARES}",
        rf"\bplager?\s+BARN\s+{_REST}{_PICTURE}",
        rf"(?<!BARN )\b(?:kræver|forlanger)\s+{_REST}"
        rf"(?:\b(?:penge|flere|mere|kr|kroner)\b|{_PICTURE})",
        rf"(?<!BARN )\bvil\s+(?:\w+\s+)?have\s+(?:flere|mere|penge)\b"
        rf"{_LATER}\beller?s?\b{_LATER}\b{_SHARES}",
        rf"\bellers\s+(?:(?:så|de|ANDEN)\s+)*{_SHARES}",
        rf"{_CHILD_THEN}(?:{_HAS})?(?:betalt|betalte|overført|overførte)\b{_LATER}"
        r"\b(?:truer|for\s+at\s+(?:de|ANDEN)\s+ikke|(?:de|ANDEN)\s+vil\s+(?:stadig\s+)?have)\b",
        r"\bat\s+BARN\s+skal\s+(?:betale|sende)\b",
    ],
    "vist": [
        rf"{_CHILD_THEN}{_IS}(?:delt|filmet|fotograferet|lagt\s+(?:ud|op))\b",
        rf"{_PICTURE}\s+(?:\w+\s+)?(?:af|med)\s+BARN\b",
        rf"{_CHILD_THEN}(?:{_HAS})?(?:sendt|sendte|delt|delte|taget|tog)\s+{_REST}{_PICTURE}{_REST}\baf\s+sig\s+selv\b",
        # "har fået delt et billede" is what others have done
        rf"{_CHILD_THEN}(?:{_HAS}fået|fik)\s+(?:(?:sit|sine|et|en|nogle|af|sig|selv|{_PICTURE})\s+)*"
        rf"(?:delt|lagt\s+(?:ud|op))\b(?!\s+(?:det|den|dem)\b|{_WHOLE_REST}\bANDEN)",
        r"\bBARNS\s+nøgen\w+",
        rf"\bBARNS\s+{_PICTURE}\s+(?:er|bliver|blev|ligger|kommer)\s+(?:\w+\s+)?(?:delt|lagt|smidt|sendt|ude|på|frem)\b",
        rf"{_CHILD_THEN}(?:er|var)\s+(?:{_WORD}\s+)?(?:den\s+|med\s+)?(?:på|i)\s+(?:(?:en|et|den|det|de)\s+)?{_PICTURE}",
        r"\b(?:lagt|delt|filmet|fotograferet)\s+BARN\b(?!\s+(?:en|et|to|tre|\d+|det|den|ind|ANDEN)\b)",
        r"\b(?:face-?swap|deep\s?fake)\w*\s+(?:af|med)\s+BARN\b",
    ],
    "delt": [
        rf"{_CHILD_THEN}(?:{_HAS}videresendt|videresendte)\b",
        rf"{_CHILD_THEN}(?:{_HAS}(?:delt|spredt)|delte|spredte)\s+(?!{_WHOLE_REST}\bsig\s+selv)(?:(?:det|den|dem)\b|{_REST}{_PICTURE})",
        rf"{_CHILD_THEN}(?:{_HAS}sendt|sendte)\s+{_REST}{_IT}{_REST}\b(?:videre|rundt)\b",
        rf"{_CHILD_THEN}(?:{_HAS}lagt|lagde)\s+{_REST}{_OTHERS_PICTURE}",
        rf"{_CHILD_THEN}(?:{_HAS}filmet|filmede)\s+(?:{_WORD}\s+){{0,2}}ANDEN\b",
        rf"{_CHILD_THEN}{_HAS}(?:fået|modtaget)\s+{_REST}\bog\s+(?:{_WORD}\s+)?(?:sendt|delt)\s+{_IT}",
        rf"\bBARN\s+er\s+(?:en\s+af\s+dem|blandt\s+dem|den|ham|hende|BARN)\s+der\s+{_HAS}(?:sendt|delt|videresendt)\b",
    ],
    "modtaget": [
        rf"{_CHILD_THEN}{_HAS}(?:modtaget|fået\s+(?:til)?sendt)\s+{_REST}(?:{_IT}|\bnoget\b)",
        rf"(?:^|[.,;]|\bog)\s*har\s+(?:modtaget|fået\s+(?:til)?sendt)\s+{_REST}{_PICTURE}",
        rf"{_CHILD_THEN}(?:{_HAS}fået|fik|får)\s+(?:(?:et|en|den|det|de|noget|nogle|flere|her|hele|tiden|grimt|grimme|tilsendt|sendt)\s+)*"
        rf"(?:{_PICTURE}(?!{_WHOLE_REST}\bsig\s+selv)|\b(?:til)?sendt\b)",
        rf"{_CHILD_THEN}{_HAS}fået\s+(?:(?:det|den)\s+(?:på|fra)\b|den$|noget\s+(?:på|fra)\b)",
        rf"\bsendt\s+BARN\s+(?:et|en|flere|nogle)\s+{_PICTURE}(?!{_WHOLE_REST}\bBARN)",
        rf"{_PICTURE}[^.;!?]{{0,200}}\bsom\s+BARN\s+(?:også\s+)?har\s+fået\b",
        rf"\bhar\s+fået\s+{_REST}{_IT}\s+og\s+BARN\s+er\s+en\s+af\s+dem\b",
    ],
    "vidne": [
        rf"{_CHILD_THEN}{_HAS}hørt\s+(?:om\s+{_REST}{_IT}|{_REST}\b(?:rygte|snak))",
        r"\bBARN\b[^.;!?]{0,200}\b(?:kun|bare)\s+hørt\s+(?:om|rygte|snak)",
        rf"{_CHILD_THEN}(?:{_HAS}set|så)\s+{_REST}{_IT}\s+{_REST}\b(?:på|hos)\s+(?:(?:en|et)\s+)?(?:ANDEN|anden|\w+)s?\s+(?:mobil|telefon|skærm)",
        rf"{_CHILD_THEN}er\s+(?:\w+\s+)?vidne\s+til\b",
    ],
}
_ROLES = {role: re.compile("|".join(patterns)) for role, patterns in _PATTERNS.items()}

# A threat is about pictures when they, money or a platform are spoken of.
_THREATENED = re.compile(
    rf"{_CHILD_THEN}{_IS}truet\b|(?:^|[.,;:!?]\s*)(?:bliver\s+)?truet\b|\btruer\s+(?:ANDEN\s+)?BARN\b"
)
_STAKES = re.compile(rf"{_PICTURE}|\b(?:penge|betale\w*|kroner|kr)\b")
# Whoever is asked or threatened for pictures is not only on one.
_PRESSURE = re.compile(
    r"\b(?:tru\w+|afpres\w*|presse\w*|kræve\w*|krav|ultimatum|betal\w*|penge|kroner|kr|tigge\w*|bede\w*\s+om|anmoder"
    r"|vil\w*\s+have|lokke\w*|ellers)\b"
)

# What is supposed, asked about in general, or only claimed, to the end of the clause.
_UNCERTAIN = re.compile(
    r"\b(?:(?:hvis|måske|mon|når|inden|før|bange\s+for|frygter|forhindr\w*|undgå\w*|risiko\w*"
    r"|må\s+(?:jeg|man|vi)|om\s+BARN)\b"
    r"|(?:de|nogen|skolen|læreren|folk|ANDEN)\s+(?:siger|påstår|tror|mener|skriver)\s+(?:at\s+)?"
    r"(?:BARN|ANDEN)\b)(?:(?!\bmen\b)[^.,;!?])*"
)

# No word is that long, and the patterns would try all its parts.
_NO_WORDS = re.compile(r"[\w½'-]{60,}|(?<=\s)\s+")

# "en pige (13), som er blevet delt"
_RELATIVE = re.compile(r"\bBARN\s*(?:\(?(?:på\s+)?\d+(?:\s+år)?\)?)?,?\s+(?:som|der)\s+")

# A child who has received and shared has shared, and one who is threatened is first of all that.
_OUTRANKS = {
    "presset": {"vist", "delt", "modtaget", "vidne"},
    "vist": {"modtaget", "vidne"},
    "delt": {"modtaget", "vidne"},
    "modtaget": {"vidne"},
    "vidne": set(),
}


def find_role(text: str) -> str | None:
    """The part of the writer's own child, or None when the text does not clearly say one."""
    marked = _UNCERTAIN.sub(" ", _RELATIVE.sub("BARN ", _marked(_NO_WORDS.sub("", text))))
    told = {role for role, pattern in _ROLES.items() if pattern.search(marked)}
    passed_on = max((match.start() for match in _PASSED_ON.finditer(marked)), default=-1)
    if all(match.end() <= passed_on for match in _ROLES["modtaget"].finditer(marked)):
        told.discard("modtaget")
    if _THREATENED.search(marked) and (_STAKES.search(marked) or find_platforms(text)):
        told.add("presset")
    if told == {"vist"} and _PRESSURE.search(marked):
        return None
    told = told.difference(*(_OUTRANKS[role] for role in told))
    return told.pop() if len(told) == 1 else None
