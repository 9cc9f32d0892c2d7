"""From the engine's messages to the public API's: Markdown to safe HTML, sources, review date."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from web.texts import pamphlet_link

if TYPE_CHECKING:
    from content.library import Edition

_ALLOWED_LINK = re.compile(r"(?:https?://|mailto:|tel:|sms:)\S", re.IGNORECASE)
_CONTACT_KEYS = ("kommune", "kode", "heading")
_LINE_KEYS = ("label", "kind", "value", "href", "note", "source", "source_date")
_LINE_KINDS = frozenset({"telefon", "email", "link"})
_PLAN_KEYS = ("title", "avoid_heading", "help_heading", "text")
# Every text of the answers and pamphlets a few times over: some of them name the kommune. None
# holds a parent's own words.
TEXTS_KEPT = 2048
PLAN = "handleplan"  # what a message with a plan has as its answer


class Malformed(ValueError):
    """The engine said something that is not a message."""


def _link_open(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    token = tokens[index]
    if str(token.attrGet("href")).lower().startswith("http"):
        if env["new_window"]:
            token.attrSet("target", "_blank")
        token.attrSet("rel", "noopener noreferrer")
    return self.renderToken(tokens, index, options, env)


def _heading(
    self: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    tokens[index].tag = env["heading"]
    return self.renderToken(tokens, index, options, env)


def _build_markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "linkify": False})
    markdown.disable("image")  # no request to anywhere from inside an answer
    markdown.validateLink = lambda url: bool(_ALLOWED_LINK.match(url))  # type: ignore[method-assign]
    markdown.add_render_rule("link_open", _link_open)
    markdown.add_render_rule("heading_open", _heading)
    markdown.add_render_rule("heading_close", _heading)
    return markdown


_MARKDOWN = _build_markdown()


@lru_cache(maxsize=TEXTS_KEPT)
def to_html(text: str, *, heading: str = "h3", new_window: bool = True) -> str:
    """Safe HTML of a Markdown text.

    Every heading in it becomes a ``heading``: the page or the chat window around the text owns
    the levels above. ``new_window`` opens links to other sites beside the conversation.
    """
    return _MARKDOWN.render(text, {"heading": heading, "new_window": new_window}).strip()


def public_message(edition: Edition, message: Any) -> dict[str, Any] | None:
    """The public form of an engine message; None for an empty one.

    Raises :class:`Malformed` when it is not a message at all.
    """
    if not isinstance(message, dict):
        raise Malformed("not an object")
    answer = _optional_text(message.get("answer"), "answer")
    text = (_optional_text(message.get("text"), "text") or "").strip()
    choices = _choices(message.get("choices"))
    extras = {
        "contact": _contact(message.get("contact")),
        "plan": _plan(message.get("plan")),
        "ask_kommune": message.get("ask_kommune") is True,
        "language": _language(message.get("language")),
    }
    extras = {key: value for key, value in extras.items() if value}
    if not text and not choices and not extras:
        return None
    return {
        "answer": answer,
        "text": text,
        "html": to_html(text),
        **_provenance(edition, answer),
        "choices": choices,
        **extras,
    }


def _provenance(edition: Edition, answer_id: str | None) -> dict[str, Any]:
    """Place in its pamphlet, sources, review date and draft mark of an answer.

    What is not an answer (the opening, a question) is no professional advice and no draft of any;
    an answer that is missing in the content cannot have been approved.
    """
    if answer_id is None:
        return {"link": None, "sources": [], "reviewed": None, "draft": False}
    answer = edition.answers.get(answer_id)
    if answer_id == PLAN and edition.plan:
        reviewed = edition.plan.reviewed.isoformat() if edition.plan.reviewed else None
        draft = edition.plan.is_draft
        return {"link": None, "sources": [], "reviewed": reviewed, "draft": draft}
    if answer is None:
        known = answer_id in edition.messages
        return {"link": None, "sources": [], "reviewed": None, "draft": not known}
    return {
        "link": pamphlet_link(edition, answer_id),
        "sources": [{"name": source.name, "url": source.url} for source in answer.sources],
        "reviewed": answer.reviewed.isoformat() if answer.reviewed else None,
        "draft": answer.is_draft,
    }


def _optional_text(value: Any, name: str) -> str | None:
    if value is not None and not isinstance(value, str):
        raise Malformed(name)
    return value


def _choices(value: Any) -> list[dict[str, str]]:
    if value is not None and not isinstance(value, list):
        raise Malformed("choices")
    return [_texts_of(item, ("label", "choice"), "choices") for item in value or []]


def _contact(value: Any) -> dict[str, Any] | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        raise Malformed("contact")
    head = {key: _optional_text(value.get(key), "contact") for key in _CONTACT_KEYS}
    return {**head, "lines": _lines(value.get("lines"), "contact")}


def _lines(value: Any, name: str) -> list[dict[str, str | None]]:
    """Ways to get in touch; an address that is none of ours to follow is dropped."""
    lines = []
    for line in _list(value, name):
        if not isinstance(line, dict) or line.get("kind") not in _LINE_KINDS:
            raise Malformed(name)
        known = {key: _optional_text(line.get(key), name) for key in _LINE_KEYS}
        if not known["label"] or not known["value"]:
            raise Malformed(name)
        if known["href"] and not _ALLOWED_LINK.match(known["href"]):
            known["href"] = None
        lines.append(known)
    return lines


def _plan(value: Any) -> dict[str, Any] | None:
    """A plan. Its texts are plain: whoever shows them shows them as text, never as HTML."""
    if value is None:
        return None
    head = _texts_of(value, _PLAN_KEYS, "plan")
    return {
        **head,
        "basis": _optional_text(value.get("basis"), "plan") or "",
        "sections": [_section(section) for section in _list(value.get("sections"), "plan")],
        "avoid": [_text(line, "plan") for line in _list(value.get("avoid"), "plan")],
        "helplines": _lines(value.get("helplines"), "plan"),
        "contact": _contact(value.get("contact")),
    }


def _section(value: Any) -> dict[str, Any]:
    head = _texts_of(value, ("heading",), "plan")
    steps = _list(value.get("steps"), "plan")
    return {
        **head,
        "steps": [_texts_of(step, ("text", "answer", "title"), "plan") for step in steps],
    }


def _list(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise Malformed(name)
    return value


def _text(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise Malformed(name)
    return value


def _language(value: Any) -> dict[str, str] | None:
    if value is None:
        return None
    language = _texts_of(value, ("code", "direction"), "language")
    if not re.fullmatch(r"[a-z]{2,3}", language["code"]):
        raise Malformed("language")
    if language["direction"] not in ("ltr", "rtl"):
        raise Malformed("language")
    return language


def _texts_of(value: Any, keys: tuple[str, ...], name: str) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise Malformed(name)
    if not all(isinstance(value.get(key), str) and value[key].strip() for key in keys):
        raise Malformed(name)
    return {key: value[key] for key in keys}
