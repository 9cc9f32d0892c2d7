"""What a text must keep to before parents may read it.

The library applies these rules when it reads a file, so that a slip does not go live; ``make
check`` names the same ones. Each needs only the file and the services of ``data/hjaelp.yml``:
None where those cannot be read, and nobody can say which names will be filled in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Optional

from content.answers import MORE_HEADING, Answer, Pamphlet, load_answer, load_pamphlet
from content.errors import ContentError, Problem
from content.files import Document, line_of_entry, read_document, read_text
from content.helplines import RESERVED_PLACEHOLDERS, Helpline
from content.messages import Language, Message, load_language, load_messages
from content.plan import PlanGuide, load_plan
from content.prose import heading_mistakes, markup_mistakes, mistakes
from content.readability import lix, words

MOST_WORDS = 130  # of the first bubble with its longest variant
HARD_LIX = 45  # where hard begins on Björnsson's scale
EASIER = "Del de lange sætninger, og vælg kortere ord."

PLAIN_MESSAGES = ("fejl_", "knap_")  # shown as they stand

Services = Optional[Mapping[str, Helpline]]


def accept_answer(path: Path, pamphlet: str | None, services: Services) -> Answer:
    """The answer in a file that keeps to the rules; raises :class:`ContentError` otherwise."""
    answer = load_answer(path, pamphlet)
    _refuse(answer_problems(answer, read_document(path), services))
    return answer


def accept_pamphlet(path: Path, services: Services) -> Pamphlet:
    """As :func:`accept_answer`, for a ``_pjece.md``."""
    pamphlet = load_pamphlet(path)
    _refuse(body_problems(read_document(path), services))
    return pamphlet


def accept_messages(path: Path, services: Services) -> dict[str, Message]:
    """As :func:`accept_answer`, for ``data/beskeder.yml``."""
    messages = load_messages(path)
    _refuse(message_problems(path, messages, services))
    return messages


def accept_language(path: Path, services: Services) -> Language:
    """As :func:`accept_answer`, for a file of ``data/sprog``."""
    language = load_language(path)
    _refuse(language_problems(read_document(path), services))
    return language


def accept_plan(path: Path, services: Services) -> PlanGuide:
    """As :func:`accept_answer`, for ``data/handleplan.yml``."""
    guide = load_plan(path)
    _refuse(plan_problems(path, guide, services))
    return guide


def answer_problems(answer: Answer, document: Document, services: Services) -> Iterator[Problem]:
    """What is wrong with the texts of an answer."""
    path = document.path
    line = document.line_of_entry("titel")
    for _, what, remedy in mistakes(answer.title, None, services or {}):
        yield Problem(path, line, what, remedy)
    if "{" in answer.title:
        remedy = "Skriv det, der skal stå på knappen eller i listen."
        yield Problem(path, line, "'titel' må ikke indeholde en pladsholder.", remedy)
    yield from body_problems(document, services)
    for line, what, remedy in heading_mistakes(document.body):
        yield Problem(path, document.body_line + line, what, remedy)
    longest = longest_bubble(answer)
    if longest > MOST_WORDS:
        what = f"Svaret er på {longest} ord (med det længste 'Hvis …'). {MOST_WORDS} er nok."
        remedy = f"Kort det af, eller flyt noget til '## {MORE_HEADING}'."
        yield Problem(path, document.body_line, what, remedy)
    readability = lix(answer.body)
    if round(readability, 1) > HARD_LIX:
        what = f"Svaret er svært at læse: LIX {readability:.0f}. Grænsen er {HARD_LIX}."
        yield Problem(path, document.body_line, what, EASIER)


def longest_bubble(answer: Answer) -> int:
    """The words of the first bubble with its longest variant."""
    variants = (len(words(text)) for text in answer.variants.values())
    return len(words(answer.body)) + max(variants, default=0)


def body_problems(document: Document, services: Services) -> Iterator[Problem]:
    """What is wrong with the Markdown below the front matter."""
    for line, what, remedy in mistakes(document.body, placeholders(services), services or {}):
        yield Problem(document.path, document.body_line + line, what, remedy)


def message_problems(
    path: Path, messages: Mapping[str, Message], services: Services
) -> Iterator[Problem]:
    """What is wrong with the texts of the messages."""
    source = read_text(path)
    for message in messages.values():
        plain = message.id.startswith(PLAIN_MESSAGES)
        line = line_of_entry(source, message.id)
        known = None if plain else placeholders(services)
        for _, what, remedy in mistakes(message.text, known, services or {}):
            yield Problem(path, line, f"{message.id}: {what}", remedy)
        if plain and "{" in message.text:
            what = f"'{message.id}' må ikke indeholde en pladsholder."
            yield Problem(path, line, what, "Skriv teksten helt ud.")


def language_problems(document: Document, services: Services) -> Iterator[Problem]:
    """What is wrong with a text in another language, which may hold numbers."""
    for line, what, remedy in markup_mistakes(document.body, placeholders(services)):
        yield Problem(document.path, document.body_line + line, what, remedy)


def plan_problems(path: Path, guide: PlanGuide, services: Services) -> Iterator[Problem]:
    """What is wrong with the lines of the plan."""
    source = read_text(path)
    for part, entries in {"trin": guide.steps, "undgaa": guide.to_avoid}.items():
        for number, entry in enumerate(entries):
            line = line_of_entry(source, part, number)
            for at, what, remedy in mistakes(entry.text, placeholders(services), services or {}):
                yield Problem(path, line + at, what, remedy)


def placeholders(services: Services) -> Collection[str] | None:
    """The names that are filled in."""
    return None if services is None else (*services, *RESERVED_PLACEHOLDERS)


def _refuse(problems: Iterable[Problem]) -> None:
    found = list(problems)
    if found:
        raise ContentError(found)
