"""What ``make check`` looks for in ``data/``. Start at :func:`check`.

The loaders refuse what cannot be used. The rules here are about what can be used and is still
wrong: a link to nowhere, a number that will not be corrected, a text that is too hard to read.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar

from content.acceptance import (
    EASIER,
    HARD_LIX,
    answer_problems,
    body_problems,
    language_problems,
    longest_bubble,
    message_problems,
    plan_problems,
)
from content.answers import (
    AFTERWARDS_HEADING,
    AGE_BANDS,
    MORE_HEADING,
    Answer,
    is_url,
    load_answer,
    load_catalogue,
    load_pamphlet,
)
from content.errors import ContentError, Problem
from content.facts import USABLE, load_facts
from content.files import Document, line_of_entry, read_document, read_text, read_yaml
from content.helplines import load_helplines
from content.kommuner import Kommune, contact_card, load_card_texts, load_kommuner
from content.library import DATA
from content.messages import MESSAGES_IN_USE, load_language, load_messages
from content.phrases import Phrase, load_phrases
from content.places import Gazetteer
from content.plan import ROLES, load_plan
from content.prose import (
    NUMBERS_IN_TEXT,
    forbidden_words,
    meant,
    service_of,
    typed_numbers,
    web_addresses,
)
from content.readability import lix, words

EASY_LIX = 35  # easy ends here on Björnsson's scale
FEWEST_PHRASES = 40  # from 18 to 24 the share understood still rose from 0.71 to 0.79
SOON = timedelta(days=60)
OLD_SOURCE = timedelta(days=730)
KOMMUNER = 98

# The languages assistant/language.py recognises and answers in.
LANGUAGES = ("ar", "de", "en", "fa", "pl", "so", "tr", "uk")

# The platforms assistant/platforms.py recognises; a variant for another would never be shown.
PLATFORMS = (
    "discord", "facebook", "google", "instagram", "roblox", "snapchat", "telegram", "tiktok",
    "whatsapp", "x", "youtube",
)  # fmt: skip

# Where the law or the advice changes with the child's age.
AGE_MATTERS = (
    "barn_har_delt", "barn_har_sendt_af_sig_selv", "barn_har_modtaget", "barn_vist_i_video",
    "barn_har_filmet", "straf_for_at_dele", "straf_for_at_have_liggende", "kriminel_lavalder",
    "straffeattest_boerneattest", "samtykke_og_alder", "hvad_sker_der_hos_politiet", "erstatning",
    "slet_og_stop_spredning", "grooming", "salg_af_billeder",
)  # fmt: skip

# The fields a pamphlet's answer shows to those who review it, empty or not.
PAMPHLET_FIELDS = (
    "kilder", "fakta", "gennemgaaet", "godkendt_af", "naeste_gennemgang", "naeste",
)  # fmt: skip

# What to do about each kind of warning, the most pressing first.
REMEDIES = {
    "overdue": "Læs svaret med en fagperson, og skriv nye datoer i 'gennemgaaet' og "
    "'naeste_gennemgang'.",
    "due_soon": "Aftal nu, hvem der læser det igennem.",
    "weak_fact": "Find en sikker kilde, og ret status i fakta.yml, eller tag oplysningen ud.",
    "old_source": "Læs siden igen, og ret datoen i 'set'.",
    "no_age_variant": "Tilføj et afsnit, fx '## Hvis barnet er under 15'.",
    "no_afterwards": "Skriv, hvad der skal siges, når forælderen bliver ved med at skrive.",
    "lix": EASIER,
    "planned_step": "Skriv det svar, der peges på, eller slet id'et i 'naeste'.",
    "few_phrases": "Skriv flere måder at spørge på i mappen data/nlu.",
    "unconfirmed_helpline": "Ring op, eller se på tilbuddets egen side, og skriv dagens dato i "
    "'bekraeftet' i hjaelp.yml.",
    "unchecked_language": "Lad en, der har sproget som modersmål, læse teksten, og skriv hvem i "
    "'kontrolleret_af_modersmaal'.",
    "old_confirmation": "Ring eller skriv til kommunens SSP, og skriv dagens dato i 'bekraeftet'.",
    "no_source": "Skriv under 'felt_kilder', hvor det står, og hvilken dag du så det.",
    "no_phone": "Find kommunens nummer, og skriv det i kommunens fil med kilde og dato.",
    "odd_source": "Find oplysningen på kommunens egen side, og ret kilden under 'felt_kilder'.",
}

T = TypeVar("T")


@dataclass(frozen=True)
class Remark:
    """A warning of a kind in :data:`REMEDIES`; ``name`` is the answer or kommune it is about."""

    kind: str
    name: str
    problem: Problem


@dataclass(frozen=True)
class AnswerState:
    """An answer in figures. ``words`` and ``lix`` are of the first bubble, ``longest`` counts the
    words with the longest variant; ``status`` is ``draft``, ``approved`` or ``review_due``."""

    id: str
    pamphlet: str | None
    status: str
    words: int
    longest: int
    lix: float
    phrases: int


@dataclass(frozen=True)
class Link:
    """An address outside the product, the files that name it and the day it was last read."""

    url: str
    files: tuple[Path, ...]
    seen: str | None


@dataclass
class Report:
    """Everything the checker found. ``steps`` counts the links between answers, ``dead_steps``
    those of them that lead to no answer; ``phrases`` are those of the files that could be read;
    ``plan_lines`` has the lines of the plan that lead to an answer, by answer."""

    root: Path
    today: date
    errors: list[Problem] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    answers: list[AnswerState] = field(default_factory=list)
    planned: list[str] = field(default_factory=list)
    steps: int = 0
    dead_steps: int = 0
    phrases: list[Phrase] = field(default_factory=list)
    plan_lines: dict[str, list[int]] = field(default_factory=dict)
    links: list[Link] = field(default_factory=list)


def check(root: Path = DATA, today: date | None = None) -> Report:
    """Reads everything below ``root`` and reports what is wrong with it."""
    return _Checker(root, today or date.today()).run()


class _Checker:
    """One run over the files. A part that cannot be read is None, and what needs it is left out."""

    def __init__(self, root: Path, today: date) -> None:
        self.root = root
        self.today = today
        self.report = Report(root, today)
        self.read: set[Path] = set()
        self.answers: dict[str, Answer] = {}
        self.catalogue = self._load(load_catalogue, root / "katalog.yml")
        self.helplines = self._load(load_helplines, root / "hjaelp.yml")
        self.messages = self._load(load_messages, root / "beskeder.yml")
        self.facts = self._load(load_facts, root / "fakta.yml")
        self.card_texts = self._load(load_card_texts, root / "kontaktkort.yml")
        self.kommuner = self._load(load_kommuner, root / "kommuner")
        self.read.update((root / "kommuner").glob("*.yml"))
        files = [self._load(load_phrases, path) for path in sorted((root / "nlu").glob("*.yml"))]
        self.report.phrases = [phrase for file in files for phrase in file or ()]
        self.phrases_of = Counter(phrase.intent for phrase in self.report.phrases)
        self.all_phrases_read = None not in files

    def run(self) -> Report:
        self._load_answers()
        for answer in self.answers.values():
            self._check_answer(answer)
        self._check_helplines()
        self._check_messages()
        self._check_languages()
        self._check_plan()
        self._check_kommuner()
        self._check_phrases()
        self._check_rules()
        self._check_strays()
        self.report.links = list(self._links())
        self.report.errors.sort(key=lambda problem: (str(problem.file), problem.line or 0))
        kinds = list(REMEDIES)
        self.report.remarks.sort(key=lambda remark: kinds.index(remark.kind))
        return self.report

    # --- noting ----------------------------------------------------------------------------------

    def _load(self, loader: Callable[[Path], T], path: Path) -> T | None:
        """What ``loader`` makes of a file; its problems are noted."""
        self.read.add(path)
        try:
            return loader(path)
        except ContentError as error:
            self.report.errors += error.problems
        return None

    def _error(self, path: Path, line: int | None, what: str, remedy: str) -> None:
        self.report.errors.append(Problem(path, line, what, remedy))

    def _remark(self, kind: str, name: str, path: Path, line: int | None, what: str) -> None:
        problem = Problem(path, line, what, REMEDIES[kind], warning=True)
        self.report.remarks.append(Remark(kind, name, problem))

    # --- answers ---------------------------------------------------------------------------------

    def _path(self, id_: str) -> Path:
        pamphlet = self.catalogue.pamphlet_of.get(id_) if self.catalogue else None
        folder = self.root / "pjecer" / pamphlet if pamphlet else self.root / "samtale"
        return folder / f"{id_}.md"

    def _load_answers(self) -> None:
        if self.catalogue is None:
            return
        for name, ids in self.catalogue.pamphlets.items():
            folder = self.root / "pjecer" / name
            if folder.is_dir():
                self._load_each(ids, name)
                self._check_pamphlet(folder / "_pjece.md")
            else:
                self.report.planned += ids
        self._load_each(self.catalogue.conversational, None)

    def _load_each(self, ids: Iterable[str], pamphlet: str | None) -> None:
        for id_ in ids:
            path = self._path(id_)
            if not path.exists():
                what = f"Svaret '{id_}' står i kataloget, men har ingen fil."
                remedy = "Læg filen tilbage fra en tidligere udgave. Har du den ikke, så spørg it."
                self._error(path, None, what, remedy)
                continue
            answer = self._load(lambda path: load_answer(path, pamphlet), path)
            if answer:
                self.answers[id_] = answer

    def _check_pamphlet(self, path: Path) -> None:
        if self._load(load_pamphlet, path):
            self.report.errors += body_problems(read_document(path), self.helplines)

    def _check_answer(self, answer: Answer) -> None:
        path = self._path(answer.id)
        document = read_document(path)
        for key in PAMPHLET_FIELDS if answer.pamphlet else ():
            if key not in document.meta:
                self._error(path, 1, f"'{key}' mangler.", f"Skriv linjen '{key}: null'.")
        self.report.errors += answer_problems(answer, document, self.helplines)
        self._check_variants(answer, document)
        self._check_steps(answer, document)
        self._check_facts(answer, document)
        self._check_sources(answer, document)
        dates = answer.reviewed, answer.approved_by, answer.next_review
        self._check_dates(answer.id, path, dates, document.line_of_entry)
        self._measure(answer, document)

    def _check_variants(self, answer: Answer, document: Document) -> None:
        path = document.path
        names = {kommune.kortnavn.lower() for kommune in (self.kommuner or {}).values()}
        for key, heading in answer.headings.items():
            kind, _, name = key.partition(":")
            known = {"kommune": names, "platform": PLATFORMS}.get(kind)
            if known and name not in known:
                line = document.line_of(f"## {heading}")
                remedy = meant(name, known) or "Ret navnet i overskriften."
                self._error(path, line, f"'{heading}' vil aldrig blive vist.", remedy)
        if answer.afterwards and not answer.is_acute:
            line = document.line_of(f"## {AFTERWARDS_HEADING}")
            what = f"'## {AFTERWARDS_HEADING}' bruges kun i akutte svar."
            self._error(path, line, what, f"Flyt teksten til '## {MORE_HEADING}'.")
        if answer.is_acute and not answer.afterwards:
            what = f"'## {AFTERWARDS_HEADING}' mangler."
            self._remark("no_afterwards", answer.id, path, None, what)
        if answer.id in AGE_MATTERS and not answer.variants.keys() & AGE_BANDS.keys():
            what = "Rådet afhænger af barnets alder, men der er intet afsnit om den."
            self._remark("no_age_variant", answer.id, path, None, what)

    def _check_steps(self, answer: Answer, document: Document) -> None:
        if self.catalogue is None:
            return
        path, line = document.path, document.line_of_entry("naeste")
        self.report.steps += len(answer.follow_ups)
        for id_, times in Counter(answer.follow_ups).items():
            if times > 1:
                self._error(path, line, f"'{id_}' står to gange i 'naeste'.", "Slet den ene.")
            if id_ == answer.id:
                self._error(path, line, "'naeste' peger på svaret selv.", f"Slet '{id_}'.")
            elif id_ in self.catalogue.conversational:
                what = f"'naeste' peger på '{id_}', som er et svar i samtalen."
                self._error(path, line, what, "Vælg et svar fra en pjece.")
            elif id_ not in self.catalogue.pamphlet_of:
                self.report.dead_steps += times
                remedy = meant(id_, self.catalogue.pamphlet_of) or "Vælg et id fra katalog.yml."
                self._error(path, line, f"'naeste' peger på '{id_}', som ikke findes.", remedy)
            elif id_ in self.report.planned:
                self.report.dead_steps += times
                what = f"'naeste' peger på '{id_}', som er planlagt, men ikke skrevet."
                self._remark("planned_step", answer.id, path, line, what)

    def _check_facts(self, answer: Answer, document: Document) -> None:
        if self.facts is None:
            return
        path, line = document.path, document.line_of_entry("fakta")
        for id_ in answer.facts:
            status = self.facts.get(id_)
            if status is None:
                what = f"Kendsgerningen '{id_}' står ikke i fakta.yml."
                self._error(path, line, what, "Ret id'et, eller slet det.")
            elif status not in USABLE:
                what = f"{id_} har status {status}."
                self._remark("weak_fact", answer.id, path, line, what)

    def _check_sources(self, answer: Answer, document: Document) -> None:
        path = document.path
        if answer.pamphlet and not answer.sources:
            line = document.line_of_entry("kilder")
            self._error(path, line, "Svaret har ingen kilder.", "Skriv mindst én under 'kilder:'.")
        for number, source in enumerate(answer.sources):
            line = document.line_of_entry("kilder", number)
            for word, remedy in forbidden_words(source.name):
                what = f"Kildens navn bliver vist, og vi bruger ikke ordet »{word}«."
                self._error(path, line, what, remedy)
            self._check_seen(answer.id, source.name, source.seen, path, line)

    def _check_seen(self, id_: str, name: str, seen: date | None, path: Path, line: int) -> None:
        """``seen`` is the day someone read the source of what is called ``name``."""
        if seen is None:
            what = f"'set' mangler ved {name}."
            self._error(path, line, what, "Skriv den dag, kilden blev læst: set: 2026-11-22.")
        elif seen > self.today:
            self._error(path, line, f"'set' ved {name} ligger i fremtiden.", "Ret datoen.")
        elif self.today - seen > OLD_SOURCE:
            self._remark("old_source", id_, path, line, f"{name} er set {seen}.")

    def _check_dates(
        self,
        id_: str,
        path: Path,
        dates: tuple[date | None, str | None, date | None],
        line_of: Callable[[str], int],
    ) -> None:
        """``dates`` are ``gennemgaaet``, ``godkendt_af`` and ``naeste_gennemgang``."""
        reviewed, approved_by, due = dates
        line = line_of("gennemgaaet")
        if reviewed and reviewed > self.today:
            self._error(path, line, "'gennemgaaet' ligger i fremtiden.", "Ret datoen.")
        if bool(reviewed) != bool(approved_by):
            what = "Kun den ene af 'gennemgaaet' og 'godkendt_af' er udfyldt."
            remedy = "Udfyld begge, når teksten er godkendt, og skriv ellers null begge steder."
            self._error(path, line, what, remedy)
        line = line_of("naeste_gennemgang")
        if due is None:
            if reviewed and approved_by:
                what = "Teksten er godkendt, men 'naeste_gennemgang' har ingen dato."
                self._error(path, line, what, "Skriv, hvornår den skal læses igennem igen.")
        elif reviewed and due <= reviewed:
            what = "'naeste_gennemgang' ligger ikke efter 'gennemgaaet'."
            self._error(path, line, what, "Ret den ene af datoerne.")
        elif due < self.today:
            self._remark("overdue", id_, path, line, f"Skulle være gennemgået {due}.")
        elif due - self.today <= SOON:
            self._remark("due_soon", id_, path, line, f"Skal gennemgås senest {due}.")

    def _measure(self, answer: Answer, document: Document) -> None:
        count, longest = len(words(answer.body)), longest_bubble(answer)
        readability = round(lix(answer.body), 1)
        if EASY_LIX < readability <= HARD_LIX:
            what = f"LIX er {readability:.0f}."
            self._remark("lix", answer.id, document.path, document.body_line, what)
        due = answer.next_review is not None and answer.next_review < self.today
        status = "draft" if answer.is_draft else "review_due" if due else "approved"
        phrases = self.phrases_of[answer.id]
        self.report.answers.append(
            AnswerState(answer.id, answer.pamphlet, status, count, longest, readability, phrases)
        )

    # --- services, messages, languages -----------------------------------------------------------

    def _check_helplines(self) -> None:
        if not self.helplines:
            return
        path = self.root / "hjaelp.yml"
        text = read_text(path)
        for number, service in enumerate(self.helplines.values()):
            line = line_of_entry(text, "linjer", number)
            self._check_seen(service.id, service.name, service.seen, path, line)
            if not service.source:
                what = f"'kilde' mangler ved {service.name}."
                self._error(path, line, what, "Skriv adressen på den side, nummeret står på.")
            if service.confirmed is None:
                what = f"{service.name} er ikke bekræftet."
                self._remark("unconfirmed_helpline", service.id, path, line, what)
            elif service.confirmed > self.today:
                what = f"'bekraeftet' ved {service.name} ligger i fremtiden."
                self._error(path, line, what, "Ret datoen.")

    def _check_messages(self) -> None:
        if self.messages is None:
            return
        path = self.root / "beskeder.yml"
        text = read_text(path)
        for id_ in MESSAGES_IN_USE:
            if id_ not in self.messages:
                self._error(path, None, f"Beskeden '{id_}' mangler.", f"Skriv '{id_}:' med tekst.")
        # A button may also steer the conversation, as data/nlu names it, or tell something.
        choices = set(self.phrases_of)
        choices.update(self.catalogue.ids if self.catalogue else ())
        choices.update(f"rolle:{role}" for role in ROLES)
        choices.update(f"alder:{band}" for band in AGE_BANDS)
        choices.update(f"kommune:{code}" for code in self.kommuner or ())
        self.report.errors += message_problems(path, self.messages, self.helplines)
        for message in self.messages.values():
            for number, button in enumerate(message.buttons):
                if self.catalogue and self.all_phrases_read and button.choice not in choices:
                    line = line_of_entry(text, message.id, "knapper", number)
                    remedy = meant(button.choice, choices) or "Vælg et id fra katalog.yml."
                    what = f"Knappen peger på '{button.choice}', som ikke findes."
                    self._error(path, line, what, remedy)

    def _check_languages(self) -> None:
        folder = self.root / "sprog"
        for code in sorted({*LANGUAGES, *(path.stem for path in folder.glob("*.md"))}):
            path = folder / f"{code}.md"
            if not path.exists():
                what = f"Det korte svar på sproget '{code}' mangler."
                self._error(path, None, what, "Læg filen tilbage fra en tidligere udgave.")
                continue
            language = self._load(load_language, path)
            if language is None:
                continue
            document = read_document(path)
            self.report.errors += language_problems(document, self.helplines)
            self._check_numbers(path, document)
            if not language.checked_by:
                line = document.line_of_entry("kontrolleret_af_modersmaal")
                what = f"{language.name} er ikke kontrolleret."
                self._remark("unchecked_language", code, path, line, what)

    def _check_numbers(self, path: Path, document: Document) -> None:
        """Texts in other languages have their numbers typed in; they must be the right ones."""
        text = _western_digits(document.body)
        for number in NUMBERS_IN_TEXT:
            if not re.search(rf"(?<!\d){number}(?!\d)", text):
                what = f"Nummeret {number} mangler."
                self._error(path, document.body_line, what, "Skriv det ind i teksten.")
        for line, prose in enumerate(text.split("\n"), document.body_line):
            for number in typed_numbers(prose):
                if self.helplines and not service_of(number, self.helplines):
                    what = f"Nummeret {number} står ikke i hjaelp.yml."
                    self._error(path, line, what, "Ret det her eller dér, så de er ens.")

    # --- the plan --------------------------------------------------------------------------------

    def _check_plan(self) -> None:
        path = self.root / "handleplan.yml"
        guide = self._load(load_plan, path)
        if guide is None:
            return
        text = read_text(path)
        dates = guide.reviewed, guide.approved_by, read_yaml(path).get("naeste_gennemgang")
        self._check_dates("handleplan", path, dates, lambda key: line_of_entry(text, key))
        self.report.errors += plan_problems(path, guide, self.helplines)
        parts = {"trin": guide.steps, "undgaa": guide.to_avoid, "linjer": guide.helplines}
        for part, entries in parts.items():
            for number, entry in enumerate(entries):
                line = line_of_entry(text, part, number)
                if part == "linjer":
                    self._check_named("Tilbuddet", entry.text, self.helplines, path, line)
                answers = self.catalogue.pamphlet_of if self.catalogue else None
                if entry.answer:
                    self.report.plan_lines.setdefault(entry.answer, []).append(line)
                    self._check_named("Svaret", entry.answer, answers, path, line)
                for condition in filter(None, (entry.only_for, entry.not_for)):
                    for topic in sorted(condition.topics):
                        self._check_named("Emnet", topic, answers, path, line)

    def _check_named(
        self, kind: str, id_: str, known: Collection[str] | None, path: Path, line: int
    ) -> None:
        if known is not None and id_ not in known:
            remedy = meant(id_, known) or "Ret id'et."
            self._error(path, line, f"{kind} '{id_}' findes ikke.", remedy)

    # --- kommuner --------------------------------------------------------------------------------

    def _check_kommuner(self) -> None:
        places = self.root / "steder.yml"
        self.read.add(places)
        if self.kommuner is None:
            return
        kommuner, folder = self.kommuner, self.root / "kommuner"
        if len(kommuner) != KOMMUNER:
            what = f"Der er {len(kommuner)} kommuner. Der skal være {KOMMUNER}."
            self._error(folder, None, what, "Læg den fil tilbage, der mangler, eller slet den nye.")
        self._load(lambda path: Gazetteer.load(path, kommuner), places)
        files = {str(read_yaml(file)["kode"]): file for file in folder.glob("*.yml")}
        own_word = (self.card_texts or {}).get("bekraeftet_kilde")
        for code, kommune in kommuner.items():
            self._check_confirmed(kommune, files[code])
        for code, kommune in kommuner.items() if self.card_texts else ():
            lines = contact_card(kommune, self.card_texts).lines
            numbers = {line.value for line in lines if line.kind == "telefon"}
            if numbers <= set(NUMBERS_IN_TEXT):
                what = "Kortet har intet telefonnummer ud over 112 og 114."
                self._remark("no_phone", kommune.kortnavn, files[code], None, what)
            for shown in lines:
                if not is_url(shown.source) and shown.source != own_word:
                    what = f"»{shown.label}« har som kilde: {shown.source}."
                    self._remark("odd_source", kommune.kortnavn, files[code], None, what)

    def _check_confirmed(self, kommune: Kommune, path: Path) -> None:
        confirmed, name = kommune.bekraeftet, kommune.kortnavn
        line = line_of_entry(read_text(path), "bekraeftet")
        if confirmed and confirmed > self.today:
            self._error(path, line, "'bekraeftet' ligger i fremtiden.", "Ret datoen.")
        elif confirmed and self.today - confirmed > OLD_SOURCE:
            self._remark("old_confirmation", name, path, line, f"Bekræftet {confirmed}.")
        for key, value in vars(kommune.ssp).items():
            shown_by_name = confirmed and key in ("telefon", "email")
            if value and not shown_by_name and f"ssp.{key}" not in kommune.felt_kilder:
                what = f"'ssp.{key}' har ingen kilde."
                line = line_of_entry(read_text(path), "ssp", key)
                self._remark("no_source", name, path, line, what)

    # --- phrases, rules, strays ------------------------------------------------------------------

    def _check_phrases(self) -> None:
        if self.catalogue is None:
            return
        known = set(self.catalogue.ids)
        first: dict[str, Phrase] = {}
        for phrase in self.report.phrases:
            # dialog.yml holds what steers the conversation and asks nothing: "start forfra".
            if phrase.intent not in known and phrase.path.name != "dialog.yml":
                known.add(phrase.intent)  # said once is enough
                what = f"'{phrase.intent}' står ikke i kataloget."
                remedy = meant(phrase.intent, self.catalogue.ids) or "Ret navnet efter 'intent:'."
                self._error(phrase.path, phrase.line, what, remedy)
            other = first.setdefault(phrase.comparable, phrase)
            if other.intent != phrase.intent:
                what = (
                    f"»{_shortened(phrase.text)}« står både under '{phrase.intent}' og "
                    f"'{other.intent}' ({other.path.name}, linje {other.line})."
                )
                remedy = "Slet den ene, eller skriv dem om, så de kan kendes fra hinanden."
                self._error(phrase.path, phrase.line, what, remedy)
        for state in self.report.answers if self.all_phrases_read else ():
            if state.phrases < FEWEST_PHRASES:
                path = self.root / "nlu" / f"{state.pamphlet or 'samtale'}.yml"
                what = f"{state.id} har {state.phrases} træningssætninger."
                self._remark("few_phrases", state.id, path, None, what)

    def _check_rules(self) -> None:
        """Utterances that have no text. Rasa checks the rest of the dialogue itself."""
        known = {*(self.catalogue.ids if self.catalogue else ()), *(self.messages or ())}
        for path in sorted(file for name in ("rules", "stories")
                           for file in (self.root / name).glob("*.yml")):  # fmt: skip
            readable = self._load(read_yaml, path) is not None
            if not readable or self.catalogue is None or self.messages is None:
                continue
            for number, line in enumerate(read_text(path).splitlines(), 1):
                match = re.match(r"[\s-]*action:\s*utter_(\w+)", line)
                if match and match[1].removesuffix("_bagefter") not in known:
                    remedy = meant(match[1], known) or "Ret navnet."
                    self._error(path, number, f"'utter_{match[1]}' har ingen tekst.", remedy)

    def _check_strays(self) -> None:
        """Files that are not read, though somebody may think they are."""
        for path in sorted(self.root.rglob("*")):
            place = path.relative_to(self.root)
            hidden = any(part.startswith((".", "~")) for part in place.parts)
            if path.is_dir() or path in self.read or hidden or path.name.endswith("~"):
                continue
            if place.parts[0] not in ("pjecer", "samtale") or path.suffix != ".md":
                what = "Filen bliver ikke læst af assistenten."
                remedy = "Ret filens navn eller plads, eller flyt den ud af mappen data."
            elif self.catalogue is None:
                continue  # nobody can say
            elif len(place.parts) == 3 and place.parts[1] not in self.catalogue.pamphlets:
                what = f"Mappen '{place.parts[1]}' er ikke en pjece i kataloget."
                remedy = "Skriv pjecen ind i katalog.yml, eller slet mappen."
            elif path.stem in self.catalogue.ids:
                what = "Filen ligger i en forkert mappe og bliver ikke brugt."
                remedy = f"Flyt den til {self._path(path.stem).parent.relative_to(self.root)}."
            else:
                what = f"'{path.stem}' står ikke i kataloget, så filen bliver ikke brugt."
                remedy = "Skriv id'et ind i katalog.yml, ret filens navn, eller slet filen."
            self._error(path, None, what, remedy)

    # --- links -----------------------------------------------------------------------------------

    def _links(self) -> Iterator[Link]:
        """The external addresses, the one read longest ago first."""
        files: dict[str, dict[Path, None]] = {}
        days: dict[str, str] = {}
        for path in sorted(self.read):
            if path.parent.name in ("nlu", "rules", "stories") or not path.is_file():
                continue
            try:
                document = read_document(path) if path.suffix == ".md" else None
                values = document.meta if document else read_yaml(path)
            except ContentError:  # noted when it was loaded
                continue
            found = list(_addresses(values))
            found += [(url, "") for url in web_addresses(document.body if document else "")]
            for url, day in found:
                files.setdefault(url, {})[path] = None
                days[url] = max(day.removeprefix("ca. "), days.get(url, ""))
        for url in sorted(files, key=lambda url: (days[url], url)):
            yield Link(url, tuple(files[url]), days[url] or None)


def _shortened(phrase: str) -> str:
    return phrase if len(phrase) <= 60 else phrase[:57].rstrip() + "…"


def _western_digits(text: str) -> str:
    """Arabic and Persian have digits of their own."""
    return "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)


def _addresses(value: Any, seen: str = "") -> Iterator[tuple[str, str]]:
    """Every web address in a file's values, with the day the file says it was read."""
    if isinstance(value, Mapping):
        day = value.get("set") or value.get("dato") or ""
        for item in value.values():
            yield from _addresses(item, str(day))
    elif isinstance(value, list):
        for item in value:
            yield from _addresses(item, seen)
    elif is_url(value):
        yield value, seen
