"""The trained model, loaded once, and a small content folder of the tests' own."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# The encoder's threads wait for each other by spinning: on a busy machine one is ten times as
# fast as two. Read when the library is loaded, so set before anything is imported.
os.environ["OMP_NUM_THREADS"] = "1"

from content import library as content_library
from content.library import DATA, Library
from environment import ROOT

MODEL = ROOT / "models" / "assistant.tar.gz"

Parse = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="session")
def parse() -> Iterator[Parse]:
    """The whole trained pipeline as the product runs it: text in, parsed message out."""
    from rasa.core.agent import load_agent
    from rasa.utils.log_utils import configure_structlog

    assert MODEL.is_file(), f"{MODEL} is missing: run 'make train' first."
    configure_structlog(logging.ERROR)  # Rasa would print every message
    loop = asyncio.new_event_loop()
    agent = loop.run_until_complete(load_agent(model_path=str(MODEL)))
    yield lambda text: loop.run_until_complete(agent.parse_message(text))
    loop.close()


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Library:
    """A library of two pamphlets, some messages and one kommune, that looks at its files anew
    at every call."""
    root = tmp_path / "data"
    write(
        root / "katalog.yml",
        "pjecer:\n  naar-det-sker: {afpresning: a, gem_bevis: b}\n"
        "  akut: {selvmordstanker: c}\n  lokal-hjaelp: {ssp_kontakt: d}\n"
        "samtale: {tak: e, andet_sprog: f}\n",
    )
    for pamphlet in ("naar-det-sker", "akut", "lokal-hjaelp"):
        write(
            root / "pjecer" / pamphlet / "_pjece.md",
            "---\ntitel: T\nundertitel: U\nraekkefoelge: 1\n---\nIntro.\n",
        )
    write(
        root / "pjecer" / "naar-det-sker" / "afpresning.md",
        "---\ntitel: Afpresning\nnaeste: [gem_bevis, findes_ikke]\n---\n"
        "Betal ikke. Skriv til SSP i {kommune}. Slettes om {minutter}.\n\n"
        "## Hvis barnet er under 15\nTekst for de yngste.\n\n"
        "## Hvis barnet er 15-17\nTekst for de store.\n\n"
        "## Hvis I bor i Horsens\nTekst for Horsens.\n\n"
        "## Hvis det er på Snapchat\nTekst om Snapchat.\n\n"
        "## Læs mere\nLang tekst.\n",
    )
    write(
        root / "pjecer" / "naar-det-sker" / "gem_bevis.md", "---\ntitel: Gem bevis\n---\nGem det.\n"
    )
    write(
        root / "pjecer" / "akut" / "selvmordstanker.md",
        "---\ntitel: Akut\n---\nRing nu.\n\n## Bagefter\nBliv hos barnet.\n",
    )
    write(
        root / "pjecer" / "lokal-hjaelp" / "ssp_kontakt.md",
        "---\ntitel: Find SSP\n---\nHer er SSP.\n",
    )
    write(root / "samtale" / "tak.md", "---\ntitel: Tak\n---\nSelv tak.\n")
    write(root / "samtale" / "andet_sprog.md", "---\ntitel: Sprog\n---\nSkriv gerne på dansk.\n")
    write(root / "sprog" / "ar.md", "---\nsprog: x\nretning: rtl\n---\nArabisk.\n")
    write(root / "hjaelp.yml", "linjer: []\n")
    write(
        root / "beskeder.yml",
        "aabning: Hej.\nspoerg_kommune: Hvor bor I?\nsvar_mangler: Det svar mangler.\n"
        "samme_raad: Rådet er det samme.\nhvilken_alder: Hvor gammelt?\n"
        "knap_find_ssp: Find SSP\nknap_lav_plan: Lav en plan\n"
        "fejl_tom: Tom.\nnoget_andet:\n  tekst: Hvad så?\n"
        "  knapper: [{tekst: Bevis, valg: gem_bevis}]\n",
    )
    write(root / "steder.yml", "steder: []\n")
    (root / "kommuner").mkdir()
    shutil.copy(DATA / "kommuner" / "horsens.yml", root / "kommuner")
    monkeypatch.setattr(content_library, "LOOK_AGAIN", 0.0)
    return Library(root)
