"""The pamphlets and what stands about the chatbot, as pages, read from the content each time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from web import services
from web.rendering import to_html
from web.texts import contact_of, pamphlet_link

if TYPE_CHECKING:
    from content.answers import Answer, Pamphlet
    from content.helplines import Helpline
    from content.kommuner import Indsats, Kommune
    from content.library import Edition

# The services a leaflet ends with. The others stand in the answer about helplines.
NATIONAL_LINES = (
    "boernetelefonen",
    "foraeldretelefonen",
    "offerraadgivningen",
    "sletdet",
    "livslinien",
)
MORE_LINES = "raadgivning_linjer"

# Answers that the assistant completes with what it knows of the family's kommune.
CONTACT_ANSWER = "ssp_kontakt"
EFFORTS_ANSWER = "kommunens_indsats"

# Inside a phone number; half a number on each line is hard to dial.
_NUMBER_GAP = re.compile(r"(?<=\d) (?=\d{2,3}\b)")

# Danish puts these last; plain code points would put å before æ.
_LAST_LETTERS = str.maketrans({"æ": "z1", "ø": "z2", "å": "z3"})


@dataclass(frozen=True)
class Part:
    """A text under a heading of its own."""

    heading: str
    html: SafeString


@dataclass(frozen=True)
class Step:
    """A link to another answer; ``pamphlet`` is named when it stands in another one."""

    title: str
    href: str
    pamphlet: str | None


@dataclass(frozen=True)
class Section:
    """One answer, ready for the page."""

    answer: Answer
    body: SafeString
    variants: tuple[Part, ...]
    afterwards: SafeString
    more: SafeString
    steps: tuple[Step, ...]
    overdue: bool


@dataclass(frozen=True)
class Origin:
    """Where something is known from. ``url`` is None when it is no page."""

    name: str
    url: str | None
    seen: str | None


@dataclass(frozen=True)
class Line:
    """One way to get in touch."""

    label: str
    value: str
    href: str | None
    note: str | None
    always_open: bool
    origin: Origin | None


@require_safe
async def overview(request: HttpRequest) -> HttpResponse:
    """All pamphlets and the titles of their answers."""
    return await _page(request, "pjecer/oversigt.html", None)


@require_safe
async def pamphlet(request: HttpRequest, pamphlet_id: str) -> HttpResponse:
    """One pamphlet; ``?kommune=0615`` ends it with that kommune's contact."""
    return await _page(request, "pjecer/pjece.html", pamphlet_id)


@require_safe
async def about(request: HttpRequest) -> HttpResponse:
    """What the chatbot is and keeps, and how far its answers have been reviewed."""
    return await _page(request, "om.html", None)


@require_safe
async def add_slash(request: HttpRequest, pamphlet_id: str | None = None) -> HttpResponse:
    """The address as somebody types it from a printed page; a redirect only to what there is."""
    if pamphlet_id is not None:
        _find(await services.current().texts.edition(), pamphlet_id)
    query = request.META.get("QUERY_STRING", "")
    return HttpResponsePermanentRedirect(f"{request.path}/{f'?{query}' if query else ''}")


async def _page(request: HttpRequest, template: str, pamphlet_id: str | None) -> HttpResponse:
    edition = await services.current().texts.edition()
    kommune = edition.kommuner.get(request.GET.get("kommune", ""))
    # Some milliseconds of work: a parent who chats must not wait for it.
    context = await asyncio.to_thread(_context, edition, kommune, pamphlet_id)
    context["address"] = f"{request.get_host()}{request.path}"
    response = render(request, template, context)
    response["Cache-Control"] = "no-cache"
    return response


def _context(edition: Edition, kommune: Kommune | None, pamphlet_id: str | None) -> dict[str, Any]:
    code = kommune.kode if kommune else None
    advice = [answer for answer in edition.answers.values() if answer.pamphlet]
    context: dict[str, Any] = {
        "answers": len(advice),
        "approved": sum(not answer.is_draft for answer in advice),
        "minutes": services.current().environment.conversation_minutes,
        "kommune": kommune,
        "query": f"?kommune={code}" if code else "",
        "kommuner": sorted(edition.kommuner.values(), key=lambda k: _danish_order(k.kortnavn)),
        "contact": _contact(edition, code),
        "national": _national_lines(edition),
        "more_lines": pamphlet_link(edition, MORE_LINES, code),
        "pamphlets": [_contents(edition, other, code) for other in edition.pamphlets.values()],
        "today": timezone.localdate(),
    }
    if pamphlet_id is not None:
        context |= _pamphlet(edition, _find(edition, pamphlet_id), kommune, context["today"])
    return context


def _find(edition: Edition, pamphlet_id: str) -> Pamphlet:
    found = edition.pamphlets.get(pamphlet_id)
    if found is None:
        raise Http404
    return found


def _contents(edition: Edition, pamphlet: Pamphlet, code: str | None) -> dict[str, Any]:
    return {"pamphlet": pamphlet, "steps": _steps(edition, pamphlet.answers, pamphlet.id, code)}


def _pamphlet(
    edition: Edition, pamphlet: Pamphlet, kommune: Kommune | None, today: date
) -> dict[str, Any]:
    code = kommune.kode if kommune else None
    answers = [edition.answers[id_] for id_ in pamphlet.answers]
    return {
        "pamphlet": pamphlet,
        "introduction": _html(edition, pamphlet.introduction, code, "h2"),
        "sections": [_section(edition, answer, kommune, today) for answer in answers],
        "drafts": any(answer.is_draft for answer in answers),
        "contact_answer": CONTACT_ANSWER,
        "efforts_answer": EFFORTS_ANSWER,
        "efforts": _efforts(edition, kommune),
    }


def _section(edition: Edition, answer: Answer, kommune: Kommune | None, today: date) -> Section:
    code = kommune.kode if kommune else None
    variants = (
        Part(answer.headings.get(key, ""), _html(edition, text, code, "h4"))
        for key, text in answer.variants.items()
        if _is_for(key, kommune)
    )
    return Section(
        answer=answer,
        body=_html(edition, answer.body, code, "h3"),
        variants=tuple(variants),
        afterwards=_html(edition, answer.afterwards, code, "h4"),
        more=_html(edition, answer.more, code, "h4"),
        steps=_steps(edition, answer.follow_ups, answer.pamphlet, code),
        overdue=bool(answer.next_review and answer.next_review < today),
    )


def _is_for(variant: str, kommune: Kommune | None) -> bool:
    """Every age and platform is shown, but of the kommuner only the family's own."""
    kind, _, name = variant.partition(":")
    return kind != "kommune" or bool(kommune and name == kommune.kortnavn.lower())


def _steps(
    edition: Edition, ids: Iterable[str], here: str | None, code: str | None
) -> tuple[Step, ...]:
    found = []
    for id_ in ids:
        href = pamphlet_link(edition, id_, code)
        if href is None:
            continue
        answer = edition.answers[id_]
        elsewhere = answer.pamphlet != here
        title = edition.pamphlets[answer.pamphlet or ""].title if elsewhere else None
        found.append(Step(answer.title, href, title))
    return tuple(found)


def _html(edition: Edition, text: str, code: str | None, heading: str) -> SafeString:
    unbroken = _NUMBER_GAP.sub("\N{NO-BREAK SPACE}", edition.render(text, kommune=code))
    return mark_safe(to_html(unbroken, heading=heading, new_window=False))


def _efforts(edition: Edition, kommune: Kommune | None) -> dict[str, Any] | None:
    """What the kommune does, under the same words as in the chat; None without a kommune."""
    if kommune is None:
        return None
    message = edition.messages.get("indsats_kendt" if kommune.indsats else "indsats_ukendt")
    return {
        "text": _html(edition, message.text, kommune.kode, "h3") if message else "",
        "list": [(effort.tekst, _effort_origin(effort)) for effort in kommune.indsats],
    }


def _effort_origin(effort: Indsats) -> Origin | None:
    return _origin(effort.kilde, effort.dato)


def _contact(edition: Edition, code: str | None) -> dict[str, Any] | None:
    card = contact_of(edition, code)
    return {**card, "lines": [_card_line(line) for line in card["lines"]]} if card else None


def _card_line(line: dict[str, Any]) -> Line:
    origin = _origin(line["source"], line["source_date"])
    return Line(line["label"], line["value"], line["href"], line["note"], False, origin)


def _national_lines(edition: Edition) -> list[Line]:
    lines = (edition.helplines.get(id_) for id_ in NATIONAL_LINES)
    return [_national_line(line) for line in lines if line]


def _national_line(line: Helpline) -> Line:
    value = line.value or _host(line.url or "")
    seen = line.confirmed or line.seen
    origin = _origin(line.source, seen.isoformat() if seen else None)
    return Line(line.name, value, line.href, line.note, line.always_open, origin)


def _origin(source: str | None, seen: str | None) -> Origin | None:
    if not source:
        return None
    is_page = source.startswith(("http://", "https://"))
    return Origin(_host(source) if is_page else source, source if is_page else None, _danish(seen))


def _host(url: str) -> str:
    return urlsplit(url).netloc.removeprefix("www.") or url


def _danish(seen: str | None) -> str | None:
    """``2026-11-22`` as ``22.11.2026``; a vaguer date as it is."""
    try:
        day = date.fromisoformat(seen or "")
    except ValueError:
        return seen
    return f"{day.day}.{day.month}.{day.year}"


def _danish_order(name: str) -> str:
    return name.lower().translate(_LAST_LETTERS)
