"""What may not stand in a text that parents read, whatever it says."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

from content.answers import MORE_HEADING
from content.helplines import Helpline

# Words we do not use, and what we say instead: "porno" implies consent and entertainment.
FORBIDDEN = (
    (
        re.compile(r"(?:b(?:ø|oe)rne|barne|child)[- ]?porn\w*", re.IGNORECASE),
        "Skriv »seksuelt materiale med børn«, »overgrebsmateriale« eller »nøgenbillede«.",
    ),
    (
        re.compile(r"h(?:æ|ae)vn[- ]?porn\w*|revenge[- ]?porn\w*", re.IGNORECASE),
        "Skriv »deling af nøgenbilleder uden lov«.",
    ),
)

NUMBERS_IN_TEXT = ("112", "114")  # everybody knows them, and they never change

_BRACES = re.compile(r"\{([^{}\n]*)\}|[{}]")
_HTML = re.compile(r"</?[a-z][^>]*>|<!--", re.IGNORECASE)
_AUTOLINK = re.compile(r"<https?://[^>\s]+>")
_LINK = re.compile(r"\]\(\s*([^)\s]*)")
_WEB_ADDRESS = re.compile(r"https?://[^\s)>\]»\"]+")
_HEADING = re.compile(r"(\s*)(#+)(\s*)(.*?)\s*")
_RULER = re.compile(r"\s*(?:={2,}|-{2,})\s*")

_PHONE = re.compile(
    r"""(?<![\d.,/§-]) (?:\+45[ \xa0.-]?)?
    (?: \d{8}
      | \d\d (?:[ \xa0.-]\d\d){3}                                   # 35 55 55 57
      | (?!(?:19|20)\d\d.(?:19|20)\d\d) \d{4} [ \xa0] \d{4}         # 3555 5557, not two years
      | \d\d (?:[ \xa0]\d{3}){2}                                    # 70 201 201
      | 116 [ \xa0]? \d{3}                                          # 116 111
    ) (?!\d | [ ]?kr)""",
    re.VERBOSE,
)
# Shorter numbers are phone numbers when the words before say so: "ring 1813".
_CALL = re.compile(
    r"\b(?:ring|ringe|ringer|telefon|tlf|nummer|nummeret|sms)\b[^.!?\n]{0,40}(?!\d)", re.IGNORECASE
)
_SHORT_NUMBER = re.compile(r"(?<![\d§.-])(?<!§ )\d{3,6}(?![\d-])(?! ?(?:kr|år|timer|minutter))")
_YEAR = re.compile(r"(?:19|20)\d\d")


class Mistake(NamedTuple):
    """Something wrong in a text; ``line`` counts from 0."""

    line: int
    what: str
    remedy: str


def mistakes(
    text: str, placeholders: Collection[str] | None, services: Mapping[str, Helpline]
) -> Iterator[Mistake]:
    """What is wrong in a Markdown text; ``placeholders`` are the names that are filled in."""
    yield from markup_mistakes(text, placeholders)
    for number, line in enumerate(text.split("\n")):
        for written in typed_numbers(line):
            known = service_of(written, services)
            yield Mistake(
                number,
                f"Telefonnummeret {written} er skrevet direkte i teksten.",
                f"Skriv {{{known}}} i stedet, så rettes nummeret kun ét sted."
                if known
                else "Skriv det ind i hjaelp.yml, og brug dets id som {pladsholder} i teksten.",
            )


def markup_mistakes(text: str, placeholders: Collection[str] | None) -> Iterator[Mistake]:
    """As :func:`mistakes`, for a text that may hold numbers. None leaves placeholders be."""
    for number, line in enumerate(text.split("\n")):
        for match in _BRACES.finditer(line) if placeholders is not None else ():
            if match[1] is None:
                yield Mistake(number, f"'{match[0]}' mangler sin makker.", "Skriv fx {kommune}.")
            elif match[1] not in placeholders:
                remedy = meant(match[1], placeholders, "{%s}")
                yield Mistake(
                    number,
                    f"Pladsholderen '{match[0]}' kendes ikke.",
                    remedy or "Brug et id fra hjaelp.yml eller {kommune}.",
                )
        for word, remedy in forbidden_words(line):
            yield Mistake(number, f"Vi bruger ikke ordet »{word}«.", remedy)
        if _HTML.search(_AUTOLINK.sub("", line)):
            remedy = "Brug **fed**, lister med - og [tekst](https://adresse)."
            yield Mistake(number, "HTML bliver vist, som det står.", remedy)
        for target in _LINK.findall(line):
            if not target.startswith(("http://", "https://", "mailto:", "tel:", "sms:")):
                remedy = "Skriv hele adressen med https://. Brug 'naeste' til andre svar."
                yield Mistake(number, f"Linket til '{target}' virker ikke.", remedy)


def heading_mistakes(body: str) -> Iterator[Mistake]:
    """Headings of an answer that would not be what they look like."""
    section = ""
    for number, line in enumerate(body.split("\n")):
        if _RULER.fullmatch(line):
            remedy = "Slet linjen, eller skriv en overskrift med ##."
            yield Mistake(number, "En linje kun med streger kan ikke bruges.", remedy)
        match = _HEADING.fullmatch(line)
        if not match:
            continue
        indent, marks, gap, heading = match.groups()
        level = len(marks)
        if indent or (heading and not gap):
            remedy = "Begynd linjen med ## eller ### og et mellemrum."
            yield Mistake(number, f"Overskriften '{heading}' bliver ikke genkendt.", remedy)
        elif level == 2:
            section = heading
        elif level != 3:
            remedy = f"Brug ## til de faste overskrifter og ### under '{MORE_HEADING}'."
            yield Mistake(number, f"Overskriften '{heading}' har {level} #.", remedy)
        elif section != MORE_HEADING:
            what = f"Underoverskrifter må kun stå under '## {MORE_HEADING}'."
            yield Mistake(number, what, "Brug **fed** i stedet.")


def typed_numbers(line: str) -> Iterator[str]:
    """What looks like a phone number, apart from those everybody may type."""
    prose = web_addresses_removed(line)
    for match in _PHONE.finditer(prose):
        yield match[0]
    rest = _PHONE.sub("", prose)
    for call in _CALL.finditer(rest):
        for match in _SHORT_NUMBER.finditer(rest, call.start()):
            number = match[0]
            spoken_of = match.end() <= call.end()
            if spoken_of and number not in NUMBERS_IN_TEXT and not _YEAR.fullmatch(number):
                yield number


def service_of(written: str, services: Mapping[str, Helpline]) -> str | None:
    """The id of the service with this phone number, however it is spaced."""
    digits = re.sub(r"\D", "", written.removeprefix("+45"))
    return next((id_ for id_, service in services.items() if service.phone == digits), None)


def forbidden_words(text: str) -> Iterator[tuple[str, str]]:
    """``(word, remedy)`` for each word we do not use; addresses may hold them."""
    for pattern, remedy in FORBIDDEN:
        for match in pattern.finditer(web_addresses_removed(text)):
            yield match[0], remedy


def web_addresses(text: str) -> list[str]:
    """The addresses in a Markdown text."""
    return [url.rstrip(".,;:") for url in _WEB_ADDRESS.findall(text)]


def web_addresses_removed(text: str) -> str:
    return _WEB_ADDRESS.sub("", text)


def meant(name: str, known: Iterable[str], form: str = "'%s'") -> str:
    """A question with the known name nearest to ``name``; empty when none is near."""
    near = difflib.get_close_matches(name.strip().lower(), list(known), 1, 0.6)
    return f"Mente du {form % near[0]}?" if near else ""
