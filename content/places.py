"""Places in what parents write (``data/steder.yml``): from a town or postal code to the kommune.

Three things make it harder than looking words up, and shape this module:

* People spell places as they like: ``aarhus``, ``arhus``, ``ringkobing``, ``Horsens'``, ``hosens``.
  All usual spellings are written out once, when the gazetteer is built, so that reading a message
  is dictionary look-ups; only a word that a place is expected at is compared letter by letter.
* Many places are ordinary words (``ringe``, ``them``, ``vejen``) or names (``Tim``). Those count
  only when the words around them show that a place is meant.
* Four digits are more often money, a year or a time than a postal code.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import OSA

from content.errors import ContentError, Problem
from content.files import parse_yaml, read_text
from content.kommuner import Kommune, load_kommuner


@dataclass(frozen=True)
class PlaceMatch:
    """A place in a text. ``start`` and ``end`` are offsets into that text.

    ``candidates`` are kommune codes, best first; ``hvor`` tells them apart in words, one for each
    when there are several. Without candidates the place is too broad (``Jylland``).
    """

    start: int
    end: int
    text: str
    candidates: tuple[str, ...]
    kind: str
    too_broad: bool = False
    hvor: tuple[str, ...] = ()
    preferred: bool = False
    """Among several candidates the first is what most people mean (8700 is Horsens)."""
    fuzzy: bool = False
    """The word is misspelt: worth a "mente du"."""
    home: bool = False
    """The words around say that someone lives there: "bor i", "her i", "… Kommune"."""

    @property
    def kommune(self) -> str | None:
        """The kommune's code when nobody needs to be asked, else None."""
        if self.too_broad or not self.candidates:
            return None
        return self.candidates[0] if len(self.candidates) == 1 or self.preferred else None


# --- spelling ------------------------------------------------------------------------------------

_WORD = re.compile(r"\d+|(?:[^\W\d_][\u0300-\u036f]*)+(?:['’´`]s?(?!\w))?")
_LETTER = re.compile(r"aa|å|æ|ø")
_LETTER_SPELLINGS = {
    "å": ("å", "aa", "a"),
    "aa": ("å", "aa", "a"),
    "æ": ("æ", "ae", "a"),
    "ø": ("ø", "oe", "o"),
}
# What a word of a name of several words is shortened to.
_SHORT = {
    "nørre": ("nr",),
    "sønder": ("sdr", "sønd"),
    "vester": ("vr", "v"),
    "øster": ("ø",),
    "store": ("st",),
    "lille": ("ll",),
    "gammel": ("gl",),
    "kongens": ("kgs",),
    "kirke": ("kr",),
    "københavn": ("kbh",),
    "frederiksberg": ("frb",),
    "sjælland": ("sj",),
}
_FOREIGN = str.maketrans("äöéü", "æøeu")


def _normal(word: str) -> str:
    """``word`` in lower case, with Swedish and German letters written the Danish way."""
    if word.isascii():
        return word.lower()
    return unicodedata.normalize("NFC", word).lower().translate(_FOREIGN)


def _word_spellings(word: str) -> dict[str, int]:
    """How ``word`` is written with and without æ, ø and å: spelling → letters it is unsure of."""
    parts = _LETTER.split(word)
    options = [_LETTER_SPELLINGS[letter] for letter in _LETTER.findall(word)]
    return {
        parts[0] + "".join(map("".join, zip(letters, parts[1:], strict=True))): sum(
            letter in "ao" for letter in letters
        )
        for letters in itertools.product(*options)
    }


def _spellings(name: str) -> dict[tuple[str, ...], int]:
    """All ways to write ``name``, as tuples of words, with how many letters each is unsure of."""
    words = _words(name)
    shortened = [(word, *_SHORT.get(word, ())) if len(words) > 1 else (word,) for word in words]
    found: dict[tuple[str, ...], int] = {}
    for variant in itertools.product(*shortened):
        for spelling in itertools.product(*(_word_spellings(word).items() for word in variant)):
            written, unsure = zip(*spelling, strict=True)
            found[written] = sum(unsure)
            if len(written) > 1 and min(map(len, written)) > 2:
                found[("".join(written),)] = sum(unsure)
    return found


def _words(text: str) -> list[str]:
    return [_normal(match[0]) for match in _WORD.finditer(text)]


def _sound(word: str) -> str:
    """``word`` (lower case) reduced to how it is heard, for comparing misspellings."""
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return re.sub(r"(.)\1", r"\1", word)


_SOUNDS = [
    ("aa", "o"), ("oe", "o"), ("ae", "e"), ("å", "o"), ("ø", "o"), ("æ", "e"),
    ("hj", "j"), ("hv", "v"), ("dt", "t"), ("th", "t"), ("ch", "k"), ("c", "k"),
    ("w", "v"), ("z", "s"), ("x", "ks"), ("j", "i"),
]  # fmt: skip


# --- what the words around a place say ------------------------------------------------------------

_PREPOSITIONS = {"i", "på", "paa", "pa", "ved", "fra", "til", "nær", "omkring", "udenfor", "in"}
_PAA = {"på", "paa", "pa"}
_DWELL = {
    "bor", "boede", "boet", "boende", "bosat", "bosiddende", "bopæl", "bopælen", "flytter",
    "flytte", "flyttede", "flyttet", "tilflyttet", "opvokset", "hjemmehørende", "adresse", "hjemme",
    "live", "lives", "living",
}  # fmt: skip
# Words that end the stretch over which "bor" reaches its "i": "hvor vi bor kan I ringe".
_BREAK = {
    "kan", "skal", "vil", "må", "har", "hvis", "når", "at", "og", "men", "så", "kunne", "ville",
    "skulle", "burde", "bør", "får", "om", "er", "bliver", "eller", "fordi", "som", "der",
}  # fmt: skip
_HERE = re.compile(r"(?:her|der)(?:ude|nede|oppe|ovre|inde|hjemme)|heri?")
_BETWEEN = {"her", "ude", "nede", "oppe", "ovre", "inde", "lige", "der", "lidt", "midt"}
_INSTITUTION = re.compile(
    r"\w*skole[nr]?|gymnasi\w*|hf|htx|hhx|stx|\w*klub(?:ben)?|\w*klasser?|børnehaven?|"
    r"vuggestuen?|sfo|institution\w*|fritidshjem\w*|kommune[nr]?|byen?|landsby(?:en)?|området?|"
    r"politi(?:et|station\w*)?|station\w*|ssp|bibliotek\w*|\w*hallen?|forening\w*|"
    r"opholdssted\w*|kollegi\w*|lejlighed\w*|rækkehus\w*|villa\w*"
)
_WE = {"vi", "jeg", "familien", "familie"}
_WHO = re.compile(
    r"vi|jeg|familien?|han|hun|de|mor|far|\w*forælder|\w*forældre|søn|sønnen|datter\w*|"
    r"dreng\w*|pigen?|piger|barn\w*|børn\w*|alle|begge"
)
_COMES = {"er", "kommer", "stammer"}
_NAMED = {"byen", "landsbyen", "øen", "bydelen", "ssp"}  # "øen Fur", "SSP Ry"
_AFTER = re.compile(r"(?:\w*skole|gymnasium|station|bibliotek)s?")  # "Give Skole"
_AWAY = {"uden", "nord", "syd", "øst", "vest"}
_PLACED = _PREPOSITIONS | _NAMED | {"for"}
_KOMMUNE = re.compile(r"(?:regions?)?kom+un+es?|kommue|kom")  # not "give kommunen besked"
_FILLER = {
    "hej", "i", "vi", "jeg", "bor", "fra", "det", "er", "kommune", "kommunen", "ja", "nej", "tak",
    "her", "by", "byen", "på", "paa", "min", "vores", "mit", "og", "den", "ligger", "hedder",
    "hører", "til", "under", "dk", "in", "we", "live", "c", "n", "s", "v", "ø", "k", "m", "nv",
    "sv", "nø", "sø",
}  # fmt: skip
_REFUSAL = {"ikke", "ved", "vil", "ingen", "hvorfor", "spring", "springe", "anonym", "anonymt"}
_CLAUSE_END = re.compile(r"[^\s\-/'’&\"“”»«]|\s-\s|\n")
_SENTENCE_END = re.compile(r"[^\s\-/'’&,()]|\s-\s|\n")


class _Rule(Enum):
    """What it takes for a place that is also a word (the groups of ``almindelige_ord``)."""

    WORD = "ord"
    WORD_AFTER_I = "ord_efter_i"
    SURNAME = "efternavne"
    NAME = "navne"

    def is_met(self, context: _Context) -> bool:
        """True when the words around show that the place is meant."""
        if self is _Rule.NAME:  # "beskeden er fra Tim", "Frederiks skole"
            placed = context.alone or context.preposition not in ("", "fra")
            return context.home or (context.strong and placed)
        if self is _Rule.WORD_AFTER_I:  # "en dreng fra vejen"
            placed = context.home if context.preposition == "fra" else context.strong
            return placed or context.capital
        if context.strong:
            return True
        if context.capital and self is _Rule.WORD:
            return True
        return bool(context.preposition) or context.alone


class _Token(NamedTuple):
    word: str
    start: int
    end: int
    capital: bool


class _Context(NamedTuple):
    """What speaks for a place at some words of a text."""

    strong: bool
    home: bool
    of_kommune: bool
    preposition: str
    capital: bool
    alone: bool

    @property
    def expects_place(self) -> bool:
        """True when even an unknown word here is likely to be a place."""
        return self.of_kommune or (self.strong and bool(self.preposition))


def _is_capitalised(word: str) -> bool:
    """True for ``Ringe``; not for ``RINGE``, which is only loud."""
    return word[0].isupper() and not word[1:].isupper()


class _Text:
    """A message in words, and what one can ask about the words around a place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [
            _Token(_normal(m[0]), m.start(), m.end(), _is_capitalised(m[0]))
            for m in _WORD.finditer(text)
        ]
        self.content = [i for i, token in enumerate(self.tokens) if token.word not in _FILLER]
        # Where most words have a capital letter, it says nothing.
        capitals = sum(token.capital for token in self.tokens)
        self.capitals_speak = capitals * 2 <= max(len(self.tokens), 4)

    @property
    def is_answer(self) -> bool:
        """True for a few words that can be the answer to "Hvilken kommune?"."""
        return len(self.content) <= 3 and not any(
            self.tokens[i].word in _REFUSAL for i in self.content
        )

    def word(self, i: int) -> str:
        """The word at ``i``; empty outside the text."""
        return self.tokens[i].word if 0 <= i < len(self.tokens) else ""

    def gap(self, i: int) -> str:
        """What stands between the words ``i - 1`` and ``i``."""
        start = self.tokens[i - 1].end if i else 0
        end = self.tokens[i].start if i < len(self.tokens) else len(self.text)
        return self.text[start:end]

    def parted(self, i: int) -> bool:
        """True when a clause ends between the words ``i - 1`` and ``i``."""
        return i in (0, len(self.tokens)) or bool(_CLAUSE_END.search(self.gap(i)))

    def is_whole(self, i: int, j: int) -> bool:
        """True when the words ``i`` to ``j`` are all the text says, apart from "vi bor i"."""
        return all(i <= k < j for k in self.content)

    def spells(self, i: int, spelling: tuple[str, ...]) -> bool:
        """True when the words from ``i`` are ``spelling``, the last perhaps in the genitive."""
        *first, last = (token.word for token in self.tokens[i : i + len(spelling)])
        return (
            (*first,) == spelling[:-1]
            and spelling[-1] in _without_genitive(last)
            and all(_NAME_GAP.fullmatch(self.gap(k)) for k in range(i + 1, i + len(spelling)))
        )

    def stands_alone(self, i: int) -> bool:
        """True when the digits at ``i`` are not part of a larger number, an address or a name."""
        token = self.tokens[i]
        if not _POSTAL_BEFORE.search(self.text[max(token.start - 3, 0) : token.start]):
            return False
        if not _POSTAL_AFTER.match(self.text, token.end):
            return False
        group = " ", ".", "-", "\xa0"
        return not (
            (self.word(i + 1).isdigit() and self.gap(i + 1) in group)
            or (self.word(i - 1).isdigit() and len(self.word(i - 1)) > 3 and self.gap(i) in group)
        )

    def is_counted(self, i: int) -> bool:
        """True when the number at ``i`` is an amount, a time or a code: "8700 kr", "kl. 2100"."""
        unit = not self.parted(i + 1) and _UNIT.fullmatch(self.word(i + 1))
        return bool(unit) or self.word(i - 1) in _COUNTS

    def tells_of_move(self, i: int) -> bool:
        """True when the number at ``i`` can be the year of a move or a birth."""
        return any(self.word(k) in _MOVES for k in range(i - 6, i))

    def names_police(self, i: int) -> bool:
        """True for "Syd- og Sønderjyllands Politi": the police within a few words from ``i``."""
        return any(_POLICE.fullmatch(self.word(k)) for k in range(i, i + 4))

    def context(self, i: int, j: int, with_paa: bool = False) -> _Context:
        """What speaks for a place at the words ``i`` to ``j``; ``with_paa``: one lives *på* it."""
        before, after = self.word(i - 1), self.word(j)
        follows, precedes = not self.parted(i), not self.parted(j)
        preposition = before if follows and before in _PLACED else ""
        if preposition in _PAA and not with_paa:
            preposition = ""
        if preposition == "for":  # "uden for Ry"
            preposition = "ved" if self.word(i - 2) in _AWAY else ""
        home, institution = self._before(i - 1, preposition) if preposition else (False, False)
        of_kommune = precedes and bool(_KOMMUNE.fullmatch(after))
        return _Context(
            strong=home
            or institution
            or of_kommune
            or (precedes and bool(_AFTER.fullmatch(after)))
            or self.is_whole(i, j),
            home=home or of_kommune,
            of_kommune=of_kommune,
            preposition=preposition,
            capital=self.tokens[i].capital and self.capitals_speak and not self._opens_sentence(i),
            alone=self.parted(i) and self.parted(j),
        )

    def _before(self, p: int, preposition: str) -> tuple[bool, bool]:
        """Whether someone lives, or something lies, at the place after the preposition ``p``."""
        if preposition in _NAMED:  # "kan skolens SSP ringe"
            return False, False
        if preposition == "fra":  # "vi er fra", "en mor fra"
            k = p - 2 if self.word(p - 1) in {"oprindeligt", "også", "selv", "jo"} else p - 1
            who = self.word(k - 1) if self.word(k) in _COMES else self.word(k)
            return who in _WE, bool(_WHO.fullmatch(who))
        for k in range(p - 1, max(p - 6, -1), -1):
            word = self.word(k)
            if self.parted(k + 1) or word in _BREAK:
                break
            if word in _DWELL or (k == p - 1 and _HERE.fullmatch(word)):
                return True, True
            if _INSTITUTION.fullmatch(word) and all(
                self.word(between) in _BETWEEN for between in range(k + 1, p)
            ):
                return False, True
        return False, False

    def _opens_sentence(self, i: int) -> bool:
        return i == 0 or bool(_SENTENCE_END.search(self.gap(i)))


# --- the gazetteer -------------------------------------------------------------------------------

_APOSTROPHE = re.compile(r"['’´`]s?$")
_NAME_GAP = re.compile(r"\.?[ \t\xa0]?[-–/]?[ \t\xa0]?")
_NEXT_TO = re.compile(
    r"\s*[,(/-]?\s*(?:(?:som ligger |lige |tæt )?"
    r"(?:i|på|paa|ved|nær|udenfor|(?:uden|nord|syd|øst|vest) for)\s+)?(?:byen\s+)?",
    re.IGNORECASE,
)
_GLUED = re.compile(r"(\w{2,}?)kommune[ns]?s?")  # "horsenskommune"
_POLICE = re.compile(r"politi\w*")

_POSTAL_WORD = re.compile(r"post(?:nr|num+er(?:et)?)?|dk")
_POSTAL_BEFORE = re.compile(
    r"(?<![@#_/\\+=.\-\w])(?<!\d[,:])\Z|(?<=dk-)\Z|(?<=dk)\Z", re.IGNORECASE
)
_POSTAL_AFTER = re.compile(r"(?![@_/:%]|[.,-][\d-])")
_COUNTS = {
    "kr", "kroner", "dkk", "eur", "euro", "usd", "kl", "klokken", "år", "året", "siden", "kode",
    "koden", "pin", "pinkode", "pinkoden", "cirka", "ca", "over", "under", "op",
}  # fmt: skip
_UNIT = re.compile(
    r"kr|kroner|dkk|eur|euro|usd|dollars?|pund|følger\w*|likes?|visninger|views|billeder|beskeder|"
    r"gange|mennesker|personer|venner|elever|børn|unge|piger|drenge|medlemmer|seere|abonnenter|"
    r"points?|coins|robux|vbucks|år\w*|mb|gb|km|m|timer|dage|snaps|streaks|andre|videoer|filer|"
    r"mand|stk|procent"
)
_YEARS = range(1800, 2030)
_MOVES = {"født", "opvokset", "flytter", "flytte", "flyttede", "flyttet", "tilflyttet"}

_SHORTEST_MISSPELT = 6  # letters; shorter words are too close to too many others
_MOST_CHOICES = 4


@dataclass(frozen=True)
class _Place:
    """What a name stands for."""

    name: str
    candidates: tuple[str, ...]
    kind: str
    hvor: tuple[str, ...] = ()
    too_broad: bool = False
    preferred: bool = False


class _Reading(NamedTuple):
    """The words from somewhere up to ``end`` read as the name of a place."""

    end: int
    spelling: tuple[str, ...]
    place: _Place
    genitive: bool


class Gazetteer:
    """Recognises places. Build it once with :meth:`load`; it never changes."""

    def __init__(self, steder: Mapping[str, Any], kommuner: Mapping[str, Kommune]) -> None:
        self._kommuner = kommuner
        words = steder["almindelige_ord"]
        self._rules = {word: rule for rule in _Rule for word in words[rule.value]}
        self._with_paa = frozenset(words["med_paa"])
        self._lookalikes = frozenset(words["ligner"])
        self._postal = {
            code: self._place(
                entry["by"], entry["kommuner"], "postnummer", preferred=not entry.get("uafklaret")
            )
            for key, entry in steder["postnumre"].items()
            for code in _codes(key)
        }
        places = self._named_places(steder)
        self._as_kommune = self._read_before_kommune(steder)
        spellings = _best_spellings(places)
        self._by_spelling = {spelling: place for spelling, (_, place) in spellings.items()}
        for spelling, (unsure, _) in spellings.items():
            if unsure and len(spelling) == 1 and len(spelling[0]) <= 4:  # Høng is not Hong Kong
                self._rules.setdefault(spelling[0], _Rule.WORD)
        # By first word, longest name first: "Nykøbing Falster" before "Nykøbing".
        self._names: dict[str, list[tuple[tuple[str, ...], _Place]]] = {}
        for spelling in sorted(self._by_spelling, key=len, reverse=True):
            place = self._by_spelling[spelling]
            self._names.setdefault(spelling[0], []).append((spelling, place))
        # By first sound, for misspellings.
        self._sounds: dict[str, dict[str, list[_Place]]] = {}
        for place in places:
            sound = _sound("".join(_words(place.name)))
            if len(sound) >= _SHORTEST_MISSPELT and place.kind in _OFTEN_MISSPELT:
                self._sounds.setdefault(sound[0], {}).setdefault(sound, []).append(place)
        self._prefixes = sorted(
            (" ".join(spelling), _KINDS.index(place.kind) + (code != place.candidates[0]), code)
            for spelling, place in self._by_spelling.items()
            for code in place.candidates
        )

    @classmethod
    def load(cls, path: Path, kommuner: Path | Mapping[str, Kommune]) -> Gazetteer:
        """From ``data/steder.yml`` and the kommuner, or the folder they lie in."""
        known = load_kommuner(kommuner) if isinstance(kommuner, Path) else kommuner
        return cls(_read(path, known), known)

    # --- finding ---------------------------------------------------------------------------------

    def find(self, text: str, lenient: bool = False) -> list[PlaceMatch]:
        """The places in ``text``, in order.

        ``lenient`` is for a short answer to "Hvilken kommune bor I i?": then ordinary words count
        as places, and misspellings may be further off.
        """
        message = _Text(text)
        lenient = lenient and message.is_answer
        found: list[PlaceMatch] = []
        i = 0
        while i < len(message.tokens):
            hit = (
                self._postal_at(message, i, lenient)
                or self._name_at(message, i, lenient)
                or self._misspelt_at(message, i)
            )
            i, match = hit or (i + 1, None)
            if match:
                found.append(match)
        if lenient and not found:
            found = self._guess(message)
        return _settle(text, found)

    def _postal_at(
        self, message: _Text, i: int, lenient: bool
    ) -> tuple[int, PlaceMatch | None] | None:
        place = self._postal.get(message.word(i))
        if not place or not message.stands_alone(i):
            return None
        end, town = self._town_after(message, i, place)
        if town:
            return end, self._match(message, i, end, town, home=True)
        context = message.context(i, end, with_paa=True)
        named = self._is_called_postal(message, i, place)
        if not named and message.is_counted(i):
            return None
        if int(message.word(i)) in _YEARS:  # "siden 2000", "flyttet hertil i 1970"
            meant = context.home and not message.tells_of_move(i)
        else:
            meant = context.strong or context.preposition == "i"
        if lenient or named or meant or message.is_whole(i, end):
            return end, self._match(message, i, end, place, home=context.home)
        return None

    def _town_after(self, message: _Text, i: int, place: _Place) -> tuple[int, _Place | None]:
        """The postal code at ``i`` together with its town, if that follows, and where it ends."""
        if message.gap(i + 1) in (" ", ", ", ",", " - "):
            for reading in self._readings(message, i + 1):
                shared = _shared(place, reading.place)
                if shared:
                    end = reading.end + bool(_KOMMUNE.fullmatch(message.word(reading.end)))
                    return end, self._place(place.name, shared, place.kind, place.preferred)
            town, written = _sound(_words(place.name)[0]), message.word(i + 1)
            if len(written) > 4 and OSA.distance(town, _sound(written)) <= 2:
                return i + 2, place
        return i + 1, None

    def _is_called_postal(self, message: _Text, i: int, place: _Place) -> bool:
        """True after "postnummer" or the town, and beside SSP."""
        before = message.word(i - 2 if message.word(i - 1) in {"er", "nr", "nummer"} else i - 1)
        return (
            bool(_POSTAL_WORD.fullmatch(before))
            or "ssp" in (message.word(i - 1), message.word(i + 1))
            or any(
                reading.end == i and _shared(place, reading.place)
                for reading in self._readings(message, i - 1)
            )
        )

    def _name_at(
        self, message: _Text, i: int, lenient: bool
    ) -> tuple[int, PlaceMatch | None] | None:
        glued = _GLUED.fullmatch(message.word(i)) if "kommune" in message.word(i) else None
        if glued and (glued[1],) in self._as_kommune:
            place = self._as_kommune[(glued[1],)]
            return i + 1, self._match(message, i, i + 1, place, home=True)
        for end, spelling, place, genitive in self._readings(message, i):
            if genitive and message.names_police(end):  # "Østjyllands Politi" is no one's home
                return end, None
            context = message.context(i, end, with_paa=spelling[0] in self._with_paa)
            rule = None
            if len(spelling) == 1:
                rule = self._rules.get(_APOSTROPHE.sub("", message.word(i))) or self._rules.get(
                    spelling[0]
                )
            if rule and not lenient and not rule.is_met(context):
                continue
            if context.of_kommune:
                place = self._as_kommune.get(spelling, place)
                end += 1
            return end, self._match(message, i, end, place, home=context.home)
        return None

    def _readings(self, message: _Text, i: int) -> list[_Reading]:
        """All names that begin at the word ``i``, longest first."""
        word = message.word(i)
        found = []
        for form in _without_genitive(word):
            for spelling, place in self._names.get(form, ()):
                end = i + len(spelling)
                if len(spelling) == 1:
                    found.append(_Reading(end, spelling, place, form != word))
                elif form == word and message.spells(i, spelling):
                    last = message.word(end - 1)
                    found.append(_Reading(end, spelling, place, spelling[-1] != last))
        return sorted(found, key=lambda reading: -len(reading.spelling))

    def _misspelt_at(self, message: _Text, i: int) -> tuple[int, PlaceMatch | None] | None:
        """A word where a place is expected, a slip from a place: "vi bor i hosens"."""
        word = message.word(i)
        if (
            len(word) < _SHORTEST_MISSPELT
            or not self._lookalikes.isdisjoint(_without_genitive(word))
            or not (message.word(i - 1) in _PLACED or _KOMMUNE.fullmatch(message.word(i + 1)))
        ):
            return None
        context = message.context(i, i + 1)
        if context.expects_place:
            slips = 1 + (len(word) > 9)
        elif context.preposition == "i" and len(word) > 7:  # "festen var i sikleborg"
            slips = 1
        else:
            return None
        place = self._closest(word, slips)
        if not place:
            return None
        end = i + 1 + context.of_kommune
        return end, self._match(message, i, end, place, fuzzy=True, home=context.home)

    def _guess(self, message: _Text) -> list[PlaceMatch]:
        """What a short answer without any known place may mean."""
        for i in message.content:
            word = _APOSTROPHE.sub("", message.word(i))
            joined = (word + message.word(i + 1),)
            if i + 1 in message.content and joined in self._by_spelling:
                return [self._match(message, i, i + 2, self._by_spelling[joined])]
            if len(word) < _SHORTEST_MISSPELT - 1 or word.isdigit() or word in self._lookalikes:
                continue
            slips = 1 + (len(word) > 7) + (len(word) > 11)
            place = self._begun(word) or self._closest(word, slips)
            if place:
                return [self._match(message, i, i + 1, place, fuzzy=True)]
        return []

    def _closest(self, word: str, slips: int) -> _Place | None:
        """The place or places that ``word`` is nearest to, at most ``slips`` letters off."""
        best: list[_Place] = []
        for form in _without_genitive(word):
            sound = _sound(form)
            near = process.extract(
                sound,
                self._sounds.get(sound[:1], {}).keys(),
                scorer=OSA.distance,
                score_cutoff=slips,
                limit=None,
            )
            for name, distance, _ in near:
                if distance < slips:
                    slips, best = int(distance), []
                best += self._sounds[sound[0]][name]
        return self._either(best)

    def _begun(self, word: str) -> _Place | None:
        """The most important places whose name begins with ``word``: "sønderb"."""
        begun = list(self._beginning_with(word))
        best = min((rank for rank, _ in begun), default=0)
        codes = dict.fromkeys(code for rank, code in begun if rank == best)
        return self._place(word, codes, _KINDS[best]) if 0 < len(codes) <= _MOST_CHOICES else None

    def _beginning_with(self, typed: str) -> Iterator[tuple[int, str]]:
        """Rank and kommune of each name that begins with ``typed``."""
        for name, rank, code in itertools.islice(
            self._prefixes, bisect_left(self._prefixes, (typed,)), None
        ):
            if not name.startswith(typed):
                break
            yield rank, code

    def _either(self, places: list[_Place]) -> _Place | None:
        """One place for all of ``places``: the kommune among them, or all to choose between."""
        if not places:
            return None
        first = min(places, key=lambda place: _KINDS.index(place.kind))
        codes = dict.fromkeys(code for place in places for code in place.candidates)
        if first.kind == "kommune" or set(codes) == set(first.candidates):
            return first
        return self._place(first.name, codes, first.kind) if len(codes) <= _MOST_CHOICES else None

    @staticmethod
    def _match(
        message: _Text, i: int, end: int, place: _Place, fuzzy: bool = False, home: bool = False
    ) -> PlaceMatch:
        start, stop = message.tokens[i].start, message.tokens[end - 1].end
        return PlaceMatch(
            start=start,
            end=stop,
            text=message.text[start:stop],
            candidates=place.candidates,
            kind=place.kind,
            too_broad=place.too_broad,
            hvor=place.hvor,
            preferred=place.preferred,
            fuzzy=fuzzy,
            home=home,
        )

    # --- suggesting ------------------------------------------------------------------------------

    def suggest(self, query: str, limit: int = 8) -> list[Kommune]:
        """Kommuner for what has been typed so far: of that name first, then with such a place."""
        typed = " ".join(_words(query))
        if not typed:
            return []
        if typed.isdigit():
            exact = len(typed) == 4
            codes = itertools.chain.from_iterable(
                place.candidates if exact else place.candidates[:1]
                for code, place in sorted(self._postal.items())
                if code.startswith(typed)
            )
            found = list(dict.fromkeys(codes))
        else:
            found = self._begin_with(typed) or self._begin_almost_with(typed)
        return [self._kommuner[code] for code in found[:limit]]

    def _begin_with(self, typed: str) -> list[str]:
        ranked: dict[str, int] = {}
        for rank, code in self._beginning_with(typed):
            ranked[code] = min(rank, ranked.get(code, rank))
        return sorted(ranked, key=lambda code: (ranked[code], self._kommuner[code].kortnavn))

    def _begin_almost_with(self, typed: str) -> list[str]:
        """Kommuner with a place whose beginning is a slip or two from ``typed``."""
        sound = _sound(typed.replace(" ", ""))
        if len(sound) < 3:
            return []
        slips = 1 if len(sound) < 7 else 2
        ranked: dict[str, tuple[int, int]] = {}
        for name, places in self._sounds.get(sound[0], {}).items():
            distance = min(
                OSA.distance(sound, name[: len(sound) + more], score_cutoff=slips)
                for more in (-1, 0, 1)
            )
            if distance <= slips:
                for place in places:
                    rank = (distance, _KINDS.index(place.kind))
                    for code in place.candidates:
                        ranked[code] = min(rank, ranked.get(code, rank))
        return sorted(ranked, key=lambda code: (ranked[code], self._kommuner[code].kortnavn))

    # --- building --------------------------------------------------------------------------------

    def _place(self, name: str, codes: Iterable[str], kind: str, preferred: bool = False) -> _Place:
        """A place whose kommuner, when there are several, are told apart by their names."""
        candidates = tuple(codes)
        several = len(candidates) > 1
        hvor = tuple(self._kommuner[code].navn for code in candidates) if several else ()
        return _Place(name, candidates, kind, hvor, preferred=several and preferred)

    def _named_places(self, steder: Mapping[str, Any]) -> list[_Place]:
        """Every named place once, the most important kind of it."""
        found: dict[str, list[tuple[str, str, str]]] = {}  # name as compared → name, kind, code

        def add(name: str, kind: str, code: str) -> None:
            found.setdefault(_comparable(name), []).append((name, kind, code))

        for code, kommune in self._kommuner.items():
            add(kommune.kortnavn, "kommune", code)
            entry = steder["steder"].get(code, {})
            for key, kind in _LISTS.items():
                for name in entry.get(key) or ():
                    add(name, kind, code)
        for place in self._postal.values():
            if place.preferred or len(place.candidates) == 1:
                add(place.name, "postdistrikt", place.candidates[0])

        places = {}
        for key, entries in found.items():
            entries.sort(key=lambda entry: _KINDS.index(entry[1]))
            name, kind, _ = entries[0]
            codes = dict.fromkeys(code for _, _, code in entries)
            places[key] = self._place(name, codes, kind)
        for name, entry in steder["flertydige"].items():
            key, hvor = _comparable(name), entry["hvor"]
            known = places.get(key)
            kind = known.kind if known else "by"
            preferred = entry.get("foretrukken")
            own = self._kommuner[preferred].kortnavn if preferred else ""
            if own == name and key not in self._with_paa:
                places[key] = _Place(name, (preferred,), kind)  # nobody lives in another Assens
            else:
                described_as = tuple(hvor.values())
                places[key] = _Place(
                    name, tuple(hvor), kind, described_as, preferred=preferred is not None
                )
            for code, described in hvor.items():  # "Hov ved Odder" names one of the places
                if described.startswith(f"{name} "):
                    places[_comparable(described)] = _Place(described, (code,), "by")
        for name in steder["for_brede"]:
            key = _comparable(name)
            known = places.get(key, _Place(name, (), "region"))
            places[key] = replace(known, too_broad=True, kind="region", preferred=False)
        for name, codes in steder["delte_tidligere"].items():
            if _comparable(name) not in places:
                places[_comparable(name)] = self._place(name, codes, "tidligere_kommune")
        return sorted(places.values(), key=lambda place: _KINDS.index(place.kind))

    def _read_before_kommune(self, steder: Mapping[str, Any]) -> dict[tuple[str, ...], _Place]:
        """What a name means with "Kommune" after it: Christiansfeld Kommune was shared by two."""
        names: dict[str, _Place] = {}
        for code, entry in steder["steder"].items():
            for name in entry.get("tidligere_kommuner") or ():
                names[name] = self._place(name, (code,), "tidligere_kommune")
        for name, codes in steder["delte_tidligere"].items():
            names[name] = self._place(name, codes, "tidligere_kommune")
        for code, kommune in self._kommuner.items():
            aliases = steder["steder"].get(code, {}).get("aliaser") or ()
            for name in (kommune.kortnavn, *aliases):
                names[name] = self._place(name, (code,), "kommune")
        return {spelling: place for name, place in names.items() for spelling in _spellings(name)}


# The most important first: what a name is called by when it is several of them.
_KINDS = ["kommune", "by", "tidligere_kommune", "bydel", "postdistrikt", "region", "postnummer"]
_OFTEN_MISSPELT = _KINDS[:3]
_LISTS = {
    "aliaser": "kommune",
    "byer": "by",
    "tidligere_kommuner": "tidligere_kommune",
    "bydele_og_landsbyer": "bydel",
}


def _comparable(name: str) -> str:
    return " ".join(_words(name)).replace("aa", "å")


def _best_spellings(places: Sequence[_Place]) -> dict[tuple[str, ...], tuple[int, _Place]]:
    """Each spelling with the place it fits best: "harlev" is Harlev, and only then Hårlev.

    The number is how many letters the spelling is unsure of.
    """
    best: dict[tuple[str, ...], tuple[int, _Place]] = {}
    for place in places:
        for spelling, unsure in _spellings(place.name).items():
            if spelling not in best or unsure < best[spelling][0]:
                best[spelling] = (unsure, place)
    return best


def _shared(first: _Place, second: _Place) -> tuple[str, ...]:
    """The kommuner of ``first`` that ``second`` may lie in too."""
    return tuple(code for code in first.candidates if code in second.candidates)


def _without_genitive(word: str) -> tuple[str, ...]:
    """``word``, and without the s of the genitive: "odders", "Horsens'", "Ry's"."""
    base = word if word.isalnum() else _APOSTROPHE.sub("", word)
    return (base, base[:-1]) if base.endswith("s") and len(base) > 2 else (base,)


def _codes(key: str) -> Iterator[str]:
    """The postal codes of ``8700`` or ``1000-1473``."""
    first, _, last = key.partition("-")
    return (str(code) for code in range(int(first), int(last or first) + 1))


def _settle(text: str, found: list[PlaceMatch]) -> list[PlaceMatch]:
    """``found`` with places that explain each other joined: "Hov ved Odder", "Viby, Aarhus"."""
    settled: list[PlaceMatch] = []
    for match in found:
        joined = settled and _joined(text, settled[-1], match)
        if joined:
            settled[-1] = joined
        else:
            settled.append(match)
    sure = {match.kommune for match in settled if len(match.candidates) == 1}
    return [_narrowed(match, sure) for match in settled]


def _joined(text: str, first: PlaceMatch, second: PlaceMatch) -> PlaceMatch | None:
    if not _NEXT_TO.fullmatch(text, first.end, second.start):
        return None
    shared = [code for code in first.candidates if code in second.candidates]
    if not shared and first.candidates and not second.candidates:
        shared = list(first.candidates)  # "Faaborg på Fyn"
    if not shared:
        return None
    hvor = dict(zip(first.candidates, first.hvor, strict=False))  # one alone has no hvor
    return replace(
        first,
        end=second.end,
        text=text[first.start : second.end],
        candidates=tuple(shared),
        too_broad=first.too_broad and len(shared) > 1,
        hvor=tuple(hvor[code] for code in shared) if len(shared) > 1 else (),
        preferred=first.preferred and shared[0] == first.candidates[0],
        fuzzy=first.fuzzy or second.fuzzy,
        home=first.home or second.home,
    )


def _narrowed(match: PlaceMatch, sure: set[str | None]) -> PlaceMatch:
    """``match`` with the kommune first that the rest of the message also names."""
    named = [code for code in match.candidates if code in sure]
    if len(match.candidates) == 1 or len(named) != 1:
        return match
    order = sorted(range(len(match.candidates)), key=lambda k: match.candidates[k] != named[0])
    return replace(
        match,
        candidates=tuple(match.candidates[k] for k in order),
        hvor=tuple(match.hvor[k] for k in order),
        preferred=True,
        too_broad=False,
    )


# --- reading -------------------------------------------------------------------------------------

_SECTIONS = {
    "steder": dict,
    "flertydige": dict,
    "delte_tidligere": dict,
    "for_brede": list,
    "almindelige_ord": dict,
    "postnumre": dict,
}
_WORD_GROUPS = (*(rule.value for rule in _Rule), "med_paa", "ligner")


def _read(path: Path, kommuner: Mapping[str, Kommune]) -> dict[str, Any]:
    """``data/steder.yml``, checked."""
    source = read_text(path)
    raw = parse_yaml(path, source)
    raw = raw if isinstance(raw, dict) else {}
    problems: list[Problem] = []

    def problem(word: Any, what: str, remedy: str) -> None:
        match = re.compile(rf"^\s*'?{re.escape(str(word))}\b", re.MULTILINE).search(source)
        line = source.count("\n", 0, match.end()) + 1 if match else None
        problems.append(Problem(path, line, what, remedy))

    def check_codes(word: Any, codes: Any) -> None:
        known = (
            isinstance(codes, (list, dict)) and codes and all(code in kommuner for code in codes)
        )
        if not known:
            problem(word, f"En kommunekode ved '{word}' findes ikke.", "Skriv dem som '0615'.")

    for key, type_ in _SECTIONS.items():
        if not isinstance(raw.get(key), type_):
            problem(key, f"Afsnittet '{key}' mangler.", "Læg det tilbage fra en tidligere udgave.")
    if problems:
        raise ContentError(problems)

    for code, entry in raw["steder"].items():
        check_codes(code, [code])
        lists = entry if isinstance(entry, dict) else {"": entry}
        if not set(lists) <= set(_LISTS) or not all(_are_names(v or []) for v in lists.values()):
            problem(code, f"Stederne under '{code}' kan ikke læses.", "Skriv byer: [Odder, Hov].")
    for name, entry in raw["flertydige"].items():
        hvor = entry.get("hvor") if isinstance(entry, dict) else None
        check_codes(name, hvor)
        if not isinstance(hvor, dict) or not _are_names([name, *hvor.values()]):
            problem(name, f"'{name}' kan ikke læses.", "Skriv hvor: og en linje for hver kommune.")
        elif entry.get("foretrukken") not in (None, *hvor):
            problem(name, f"Den foretrukne ved '{name}' står ikke under hvor.", "Ret koden.")
    for name, codes in raw["delte_tidligere"].items():
        check_codes(name, codes)
    for word in _WORD_GROUPS:
        if not _are_names(raw["almindelige_ord"].get(word)):
            problem(word, f"Listen '{word}' kan ikke læses.", f"Skriv {word}: [ry, them].")
    if not _are_names([*raw["for_brede"], *raw["delte_tidligere"]]):
        problem("for_brede", "Listen 'for_brede' kan ikke læses.", "Skriv for_brede: [Jylland].")
    for code, entry in raw["postnumre"].items():
        check_codes(code, entry.get("kommuner") if isinstance(entry, dict) else None)
        if not re.fullmatch(r"\d{4}(-\d{4})?", str(code)) or not isinstance(code, str):
            problem(code, f"'{code}' er ikke et postnummer.", "Skriv fire cifre: '8700'.")
        if not isinstance(entry, dict) or not _are_names([entry.get("by")]):
            problem(code, f"Byen ved '{code}' mangler.", "Skriv by: og byens navn.")
    if problems:
        raise ContentError(problems)
    return raw


def _are_names(values: Any) -> bool:
    """True for a list of texts with a letter in each."""
    return isinstance(values, list) and all(isinstance(v, str) and _words(v) for v in values)
