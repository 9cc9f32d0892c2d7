"""A small ``data`` folder without a mistake, for tests to make one in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import yaml

from content import validation
from content.files import read_yaml
from content.library import DATA

ANSWER = """\
---
titel: Mit barn har delt videre
kilder:
  - {navn: "Politiet", url: "https://politi.test/deling", set: 2026-01-15}
fakta: [F-1]
gennemgaaet: 2026-02-01
godkendt_af: "SSP Horsens"
naeste_gennemgang: 2027-02-01
naeste: [gem_bevis]
---
Det er godt, at du spørger.

- Ring til {foraeldretelefonen}, til 114 eller i nød til 112.
- Tal med [politiet](https://politi.test/tal).

## Hvis barnet er under 15
Et barn under 15 kan ikke straffes.

## Hvis det er på Snapchat
Hold fingeren på beskeden.

## Hvis I bor i Horsens
Ring til SSP i {kommune}.

## Læs mere
### Bagefter
Der er mere at læse.
"""

OTHER = """\
---
titel: Gem beviser
kilder:
  - {navn: "Red Barnet", url: "https://redbarnet.test", set: 2026-01-15}
fakta: []
gennemgaaet: null
godkendt_af: null
naeste_gennemgang: 2027-02-01
naeste: []
---
Skriv ned, hvad du ved.
"""

ACUTE = OTHER.replace("Gem beviser", "Er dit barn i fare?") + "\n## Bagefter\nRing igen.\n"

PAMPHLET = """\
---
titel: Når det sker
undertitel: Det første, du gør
raekkefoelge: 1
---
Begynd her.
"""

FILES = {
    "katalog.yml": """\
pjecer:
  naar-det-sker:
    barn_har_delt: barnet har sendt videre
    gem_bevis: hvad man gemmer
  akut:
    akut_fare: fare lige nu
  senere:
    deepfake: planlagt
samtale:
  hilsen: hej
""",
    "fakta.yml": """\
F-1:
  paastand: Et barn under 15 kan ikke straffes.
  status: OK
  kilder: [https://politi.test/alder]
F-2:
  paastand: Det er usikkert.
  status: UENIGE
  kilder: []
  bemaerk: Spørg en jurist.
""",
    "hjaelp.yml": """\
linjer:
  - id: foraeldretelefonen
    navn: ForældreTelefonen
    telefon: '12345678'
    vises_som: 12 34 56 78
    url: https://linje.test
    doegnaabent: false
    kilde: https://linje.test/om
    set: 2026-01-15
    bekraeftet: 2026-02-01

  - id: foraeldrechat
    navn: Chatten
    sms: '87654321'
    vises_som: 87 65 43 21
    kilde: https://chat.test
    set: 2026-01-15
    bekraeftet: 2026-02-01
""",
    "beskeder.yml": "\n".join(
        f"{id_}: Det er en besked." for id_ in validation.MESSAGES_IN_USE if id_ != "aabning"
    )
    + """
aabning:
  tekst: |
    Hej. Samtalen slettes efter {minutter} minutter. Ring 112, hvis det haster.
  knapper:
    - {tekst: Mit barn har delt videre, valg: barn_har_delt}
    - {tekst: Under 15, valg: "alder:under_15"}
    - {tekst: Begynd forfra, valg: start}
""",
    "steder.yml": """\
steder:
  '0615':
    byer: [Brædstrup]
flertydige: {}
delte_tidligere: {}
for_brede: [Jylland]
almindelige_ord: {ord: [], ord_efter_i: [], efternavne: [], navne: [], med_paa: [], ligner: []}
postnumre:
  '8700': {by: Horsens, kommuner: ['0615']}
""",
    "rules/gang.yml": """\
rules:
  - rule: start
    steps:
      - intent: start
      - action: utter_aabning
""",
    "nlu/dialog.yml": "nlu:\n  - intent: start\n    examples: |\n      - begynd forfra\n",
    "pjecer/naar-det-sker/_pjece.md": PAMPHLET,
    "pjecer/naar-det-sker/barn_har_delt.md": ANSWER,
    "pjecer/naar-det-sker/gem_bevis.md": OTHER,
    "pjecer/akut/_pjece.md": PAMPHLET.replace("Når det sker", "Akut"),
    "pjecer/akut/akut_fare.md": ACUTE,
    "samtale/hilsen.md": "---\ntitel: Hilsen\nnaeste: [gem_bevis]\n---\nHej.\n",
    **{
        f"sprog/{code}.md": f"---\nsprog: {code}\nretning: ltr\nkontrolleret_af_modersmaal: NN\n"
        "---\nCall 112, 114 or 12 34 56 78.\n"
        for code in validation.LANGUAGES
    },
}


def plan() -> str:
    """The plan's own words with one line of each kind, not yet approved."""
    ours = read_yaml(DATA / "handleplan.yml")
    ours |= {"gennemgaaet": None, "godkendt_af": None, "naeste_gennemgang": date(2027, 5, 22)}
    lines = {
        "trin": [{"naar": "nu", "tekst": "Ring til {foraeldretelefonen}.", "svar": "gem_bevis"}],
        "undgaa": [{"tekst": "Del det ikke.", "hvis": {"emne": ["barn_har_delt"]}}],
        "linjer": [{"linje": "foraeldretelefonen"}],
    }
    return yaml.safe_dump({**ours, **lines}, allow_unicode=True, sort_keys=False)


def phrases(*intents: str) -> str:
    """A file of training phrases, as many as the checker wants."""
    blocks = (
        f"  - intent: {intent}\n    metadata: {{stemme: p1}}\n    examples: |\n"
        + "".join(f"      - {intent} {n}\n" for n in range(validation.FEWEST_PHRASES))
        for intent in intents
    )
    return 'version: "3.1"\nnlu:\n' + "\n".join(blocks)


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder; of the 98 kommuner it has Horsens."""
    monkeypatch.setattr(validation, "KOMMUNER", 1)
    folder = tmp_path / "data"
    files = {**FILES, "nlu/pjecer.yml": phrases("barn_har_delt", "gem_bevis", "akut_fare"),
             "nlu/samtale.yml": phrases("hilsen"), "handleplan.yml": plan()}  # fmt: skip
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "kommuner").mkdir()
    shutil.copy(Path(__file__).parent / "horsens.yml", folder / "kommuner")
    shutil.copy(DATA / "kontaktkort.yml", folder)
    return folder


@pytest.fixture
def edit(data: Path) -> Callable[[str, str, str], Path]:
    """Replaces text in one of the files: ``edit("hjaelp.yml", before, after)``."""

    def edit(name: str, before: str, after: str) -> Path:
        path = data / name
        text = path.read_text(encoding="utf-8")
        assert before in text, f"{before!r} is not in {name}"
        written = path.stat().st_mtime_ns
        path.write_text(text.replace(before, after, 1), encoding="utf-8")
        os.utime(path, ns=(written, written + 1_000_000_000))  # as if some time had passed
        return path

    return edit
