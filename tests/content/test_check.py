"""The content checker: what it finds, how it says so, and that our own content passes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.platforms import find_platforms
from content import validation
from content.check import as_json, link_lines, main, text_lines
from content.errors import Problem
from content.validation import Report, check

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 6, 1)
DELT = "pjecer/naar-det-sker/barn_har_delt.md"
BEVIS = "pjecer/naar-det-sker/gem_bevis.md"
AKUT = "pjecer/akut/akut_fare.md"

Edit = Callable[[str, str, str], Path]


def described(report: Report) -> list[str]:
    """Each error as ``file:line what``."""
    return [
        f"{problem.file.relative_to(report.root).as_posix()}:{problem.line} {problem.what}"
        for problem in report.errors
    ]


def the_error(report: Report) -> Problem:
    assert len(report.errors) == 1, described(report)
    return report.errors[0]


def line_of(problem: Problem) -> str:
    assert problem.line
    return problem.file.read_text(encoding="utf-8").splitlines()[problem.line - 1]


def remarks(report: Report) -> list[tuple[str, str]]:
    return [(remark.kind, remark.name) for remark in report.remarks]


@pytest.fixture(scope="module")
def ours() -> Report:
    """The report on our own content."""
    return check()


def test_our_own_content_has_no_errors(ours: Report) -> None:
    assert described(ours) == []


def test_nothing_is_found_where_nothing_is_wrong(data: Path) -> None:
    report = check(data, TODAY)
    assert described(report) == []
    assert remarks(report) == []
    assert {state.id: state.status for state in report.answers} == {
        "barn_har_delt": "approved",
        "gem_bevis": "draft",
        "akut_fare": "draft",
        "hilsen": "draft",
    }
    assert report.planned == ["deepfake"]
    assert (report.steps, report.dead_steps) == (2, 0)


# --- one mistake, one error on the line it stands on ----------------------------------------------


@pytest.mark.parametrize(
    ("name", "before", "after", "line", "said"),
    [
        # keys
        (DELT, "fakta:", "kort: x\nfakta:", "kort: x", "kort"),
        (DELT, "titel: Mit barn har delt videre\n", "", None, "titel"),
        (BEVIS, "gennemgaaet: null\n", "", None, "gennemgaaet"),
        (DELT, "fakta:", "titel: En til\nfakta:", "titel: En til", "titel"),
        (DELT, "Mit barn har delt", "Mit barn: har delt", "titel:", "kolon"),
        (DELT, '"Politiet", url', '"Politiet, url', "navn:", "læses"),
        ("katalog.yml", "hilsen: hej", "gem_bevis: hej", "gem_bevis: hej", "gem_bevis"),
        # links between answers
        (DELT, "naeste: [gem_bevis]", "naeste: [gem_bevi]", "naeste:", "gem_bevi"),
        (DELT, "naeste: [gem_bevis]", "naeste: [barn_har_delt]", "naeste:", "selv"),
        (DELT, "naeste: [gem_bevis]", "naeste: [hilsen]", "naeste:", "hilsen"),
        (DELT, "naeste: [gem_bevis]", "naeste: [gem_bevis, gem_bevis]", "naeste:", "to gange"),
        # placeholders
        (DELT, "{foraeldretelefonen}", "{foraeldretlf}", "{foraeldretlf}", "foraeldretlf"),
        (DELT, "{kommune}", "{Kommune}", "{Kommune}", "Kommune"),
        (DELT, "{kommune}", "{kommune", "SSP i {kommune.", "makker"),
        (DELT, "titel: Mit barn", "titel: Mit {kommune}", "titel:", "titel"),
        ("beskeder.yml", "{minutter}", "{timer}", "aabning:", "{timer}"),
        ("beskeder.yml", "fejl_tom: Det", "fejl_tom: I {kommune}", "fejl_tom:", "fejl_tom"),
        ("kontaktkort.yml", "SSP i {navn}", "SSP i {by}", "overskrift:", "{by}"),
        ("pjecer/akut/_pjece.md", "Begynd her.", "Begynd {her}.", "Begynd", "{her}"),
        ("sprog/en.md", "Call 112", "Call {her} 112", "Call", "{her}"),
        # facts
        (DELT, "[F-1]", "[F-9]", "fakta:", "F-9"),
        ("fakta.yml", "status: UENIGE", "status: NOK", "status: NOK", "F-2"),
        ("fakta.yml", "[https://politi.test/alder]", "[en avis]", "kilder:", "F-1"),
        ("fakta.yml", "bemaerk:", "bemaerkning:", "bemaerkning:", "bemaerkning"),
        # sources
        (DELT, "https://politi.test/deling", "politi.test", "navn:", "kilde"),
        (DELT, "set: 2026-01-15", "set: 15/1", "set: 15/1", "set"),
        (DELT, "set: 2026-01-15", "set: 2026-06-02", "set: 2026-06-02", "fremtiden"),
        (DELT, '"Politiet"', '"Om børneporno"', "børneporno", "børneporno"),
        # dates
        (DELT, "2027-02-01", "2027-02-31", "naeste_gennemgang:", "dato"),
        (DELT, "2027-02-01", "2026-01-31", "naeste_gennemgang:", "efter"),
        (DELT, "naeste_gennemgang: 2027-02-01", "naeste_gennemgang: null", "naeste_g", "dato"),
        (DELT, "gennemgaaet: 2026-02-01", "gennemgaaet: 2026-07-01", "gennemgaaet:", "fremtiden"),
        (DELT, '"SSP Horsens"', "null", "gennemgaaet:", "godkendt_af"),
        (DELT, "gennemgaaet: 2026-02-01", "gennemgaaet: 2026-02-01 12:00:00", "gen", "dato"),
        # words and numbers
        (DELT, "godt, at du", "børneporno, at du", "børneporno", "børneporno"),
        (DELT, "Der er mere", "Det hedder hævnporno, og der er mere", "hævnporno", "hævnporno"),
        (DELT, "Et barn under", "Ring 12 34 56 78. Et barn under", "12 34 56 78", "12 34 56 78"),
        (DELT, "titel: Mit", "titel: Ring 12345678. Mit", "titel:", "12345678"),
        (BEVIS, "Skriv ned", "Skriv <b>ned</b>", "<b>", "HTML"),
        (BEVIS, "Skriv ned", "Se [svaret](#barn_har_delt)", "#barn_har_delt", "#barn_har_delt"),
        ("beskeder.yml", "Hej. ", "Hej, ring 1813. ", "aabning:", "1813"),
        # headings
        (DELT, "## Læs mere", "## Læs meget", "## Læs meget", "Læs meget"),
        (BEVIS, "Skriv ned", "##Læs mere\nSkriv ned", "##Læs mere", "Læs mere"),
        (BEVIS, "Skriv ned", "### Husk\nSkriv ned", "### Husk", "Læs mere"),
        (BEVIS, "Skriv ned", "# Husk\nSkriv ned", "# Husk", "Husk"),
        (BEVIS, "Skriv ned", "Husk\n---\nSkriv ned", "---", "streger"),
        (DELT, "under 15\n", "under 15\n\n## Hvis barnet er 15-17\n\n", "under 15", "under 15"),
        (DELT, "på Snapchat", "på Snapshat", "Snapshat", "Snapshat"),
        (DELT, "i Horsens", "i Horsen", "Horsen", "Horsen"),
        (BEVIS, "Skriv ned", "Skriv\n\n## Bagefter\nned", "## Bagefter", "akutte"),
        # helplines, messages, languages, kommuner
        ("hjaelp.yml", "12 34 56 78", "12 34 56 79", "vises_som:", "ForældreTelefonen"),
        ("hjaelp.yml", "bekraeftet: 2026-02-01", "bekraeftet: 2026-07-01", "- id:", "fremtiden"),
        ("hjaelp.yml", "    set: 2026-01-15\n", "", "- id:", "set"),
        ("beskeder.yml", "sikkert_svar:", "sikker_svar:", None, "sikkert_svar"),
        ("beskeder.yml", "valg: start", "valg: stort", "valg: stort", "stort"),
        ("beskeder.yml", "alder:under_15", "alder:under_16", "alder:under_16", "alder:under_16"),
        ("sprog/ar.md", "Call 112, ", "Call ", "Call", "112"),
        ("sprog/fa.md", "12 34 56 78", "١٢ ٣٤ ٥٦ ٧٩", "Call", "12 34 56 79"),
        ("sprog/de.md", "retning: ltr", "retning: lrt", "retning:", "retning"),
        ("kommuner/horsens.yml", "sikkerhed: middel", "sikkerhed: god", "sikkerhed:", "god"),
        ("kontaktkort.yml", "alarm_kilde: https://", "alarm_kilde: ", "alarm_kilde", "alarm_kilde"),
        ("kommuner/horsens.yml", "bekraeftet: null", "bekraeftet: 2026-07-01", "bekraeftet:",
         "fremtiden"),
        ("steder.yml", "byer: [Brædstrup]", "byer: Brædstrup", "'0615':", "0615"),
        # the plan
        ("handleplan.yml", "{foraeldretelefonen}", "{telefonen}", "- naar:", "telefonen"),
        ("handleplan.yml", "svar: gem_bevis", "svar: hilsen", "- naar:", "hilsen"),
        ("handleplan.yml", "- barn_har_delt", "- barnet_har_delt", "- tekst:", "barnet_har_delt"),
        ("handleplan.yml", "- linje: foraeldretelefonen", "- linje: alarm", "- linje:", "alarm"),
        ("handleplan.yml", "naar: nu", "naar: straks", "naar:", "straks"),
        ("handleplan.yml", "godkendt_af: null", "godkendt_af: SSP", "gennemgaaet:", "godkendt_af"),
        # phrases and rules
        ("nlu/pjecer.yml", "- gem_bevis 3\n", "- Barn_har_delt  7!\n", "7!", "barn_har_delt"),
        ("nlu/samtale.yml", "intent: hilsen", "intent: hilsn", "- hilsen 0", "hilsn"),
        ("nlu/samtale.yml", "- hilsen 5", "hilsen 5", "hilsen 5", "læst"),
        ("rules/gang.yml", "utter_aabning", "utter_aabnin", "utter_aabnin", "utter_aabnin"),
    ],
)  # fmt: skip
def test_mistake_is_named_with_file_line_and_remedy(
    data: Path, edit: Edit, name: str, before: str, after: str, line: str | None, said: str
) -> None:
    path = edit(name, before, after)
    problem = the_error(check(data, TODAY))
    assert problem.file == path
    assert said in problem.what and problem.remedy
    assert line is None or line in line_of(problem)


def test_every_mistake_in_an_answer_is_named_at_once(data: Path, edit: Edit) -> None:
    edit(DELT, "naeste: [gem_bevis]", "naeste: [gem_bevi]")
    edit(DELT, "{kommune}", "{by}")
    edit(DELT, "[F-1]", "[F-9]")
    assert len(check(data, TODAY).errors) == 3


def test_nearest_name_is_suggested(data: Path, edit: Edit) -> None:
    edit(DELT, "{foraeldretelefonen}", "{forældretelefonen}")
    assert "{foraeldretelefonen}" in the_error(check(data, TODAY)).remedy


def test_typed_number_is_answered_with_its_placeholder(data: Path, edit: Edit) -> None:
    edit(DELT, "Et barn under", "Ring 12345678. Et barn under")
    assert "{foraeldretelefonen}" in the_error(check(data, TODAY)).remedy


def test_too_long_with_the_longest_variant(data: Path, edit: Edit) -> None:
    edit(DELT, "Et barn under 15 kan ikke straffes.", "Det er godt. " * 40)
    assert "ord" in the_error(check(data, TODAY)).what
    state = next(a for a in check(data, TODAY).answers if a.id == "barn_har_delt")
    assert state.longest - state.words == 120


def test_hard_to_read_is_a_warning_and_harder_an_error(data: Path, edit: Edit) -> None:
    easy = "Et brev bliver sendt til dig i dag, og du får svar i morgen."  # no long word
    edit(BEVIS, "Skriv ned, hvad du ved.", easy)
    assert remarks(check(data, TODAY)) == []
    edit(BEVIS, "brev bliver sendt til dig", "dokument afsendes til forældrene")  # 3 in 13 words
    assert remarks(check(data, TODAY)) == [("lix", "gem_bevis")]
    edit(BEVIS, "får svar i morgen", "modtager besvarelsen")  # 5 in 11
    assert "LIX" in the_error(check(data, TODAY)).what


# --- files and catalogue --------------------------------------------------------------------------


def test_answer_without_a_file(data: Path) -> None:
    (data / BEVIS).unlink()
    problem = the_error(check(data, TODAY))
    assert problem.file == data / BEVIS and "gem_bevis" in problem.what


def test_pamphlet_without_its_description(data: Path) -> None:
    (data / "pjecer/akut/_pjece.md").unlink()
    assert the_error(check(data, TODAY)).file.name == "_pjece.md"


@pytest.mark.parametrize(
    "name",
    [
        "pjecer/naar-det-sker/ukendt.md",
        "pjecer/nyt/ukendt.md",
        "pjecer/akut/gem_bevis.md",
        "samtale/ukendt.md",
        "samtale/gem_bevis.md",
        "samtale/hilsen.md.txt",
        "kommuner/vejle.yaml",
        "noter.docx",
    ],
)
def test_file_nobody_reads(data: Path, name: str) -> None:
    (data / name).parent.mkdir(exist_ok=True)
    (data / name).write_text("---\ntitel: X\n---\nX\n")
    assert the_error(check(data, TODAY)).file == data / name


def test_files_of_editors_and_systems_are_passed_over(data: Path) -> None:
    for name in (".DS_Store", "samtale/~$hilsen.md", "samtale/hilsen.md~", "sprog/.en.md.swp"):
        (data / name).write_bytes(b"\xff")
    assert check(data, TODAY).errors == []


def test_planned_pamphlet_may_wait_but_is_no_next_step(data: Path, edit: Edit) -> None:
    edit(DELT, "naeste: [gem_bevis]", "naeste: [gem_bevis, deepfake]")
    report = check(data, TODAY)
    assert remarks(report) == [("planned_step", "barn_har_delt")]
    assert (report.errors, report.dead_steps) == ([], 1)


def test_missing_language(data: Path) -> None:
    (data / "sprog" / "uk.md").unlink()
    assert "uk" in the_error(check(data, TODAY)).what


def test_number_of_kommuner(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "KOMMUNER", 98)
    assert "98" in the_error(check(data, TODAY)).what


def test_same_kommune_twice(data: Path) -> None:
    horsens = data / "kommuner" / "horsens.yml"
    (data / "kommuner" / "kopi.yml").write_bytes(horsens.read_bytes())
    assert "0615" in the_error(check(data, TODAY)).what


@pytest.mark.parametrize(
    "name", ["katalog.yml", "hjaelp.yml", "fakta.yml", "beskeder.yml", "kommuner/horsens.yml", DELT]
)
@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"a: [", b"- x", b"", b"7"])
def test_unreadable_file_is_an_error_of_that_file_only(
    data: Path, name: str, content: bytes
) -> None:
    (data / name).write_bytes(content)
    assert {problem.file for problem in check(data, TODAY).errors} == {data / name}


@pytest.mark.parametrize("name", ["nlu/dialog.yml", "nlu/pjecer.yml"])
def test_unreadable_phrases_are_no_missing_phrases(data: Path, edit: Edit, name: str) -> None:
    edit(name, "examples: |", "exampels: |")
    report = check(data, TODAY)
    assert {problem.file for problem in report.errors} == {data / name}
    assert remarks(report) == []


# --- warnings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "before", "after", "kind", "about"),
    [
        (DELT, "[F-1]", "[F-1, F-2]", "weak_fact", "barn_har_delt"),
        (DELT, "## Hvis barnet er under 15", "## Hvis det er på TikTok", "no_age_variant",
         "barn_har_delt"),
        (BEVIS, "2027-02-01", "2026-05-31", "overdue", "gem_bevis"),
        (BEVIS, "2027-02-01", "2026-06-01", "due_soon", "gem_bevis"),
        (BEVIS, "2027-02-01", "2026-07-31", "due_soon", "gem_bevis"),
        (BEVIS, "set: 2026-01-15", "set: 2024-05-31", "old_source", "gem_bevis"),
        ("hjaelp.yml", "set: 2026-01-15", "set: 2024-05-31", "old_source", "foraeldretelefonen"),
        ("hjaelp.yml", "bekraeftet: 2026-02-01", "bekraeftet: null", "unconfirmed_helpline",
         "foraeldretelefonen"),
        (AKUT, "\n## Bagefter\nRing igen.\n", "", "no_afterwards", "akut_fare"),
        ("nlu/pjecer.yml", "      - gem_bevis 0\n", "", "few_phrases", "gem_bevis"),
        ("sprog/so.md", "modersmaal: NN", "modersmaal: null", "unchecked_language", "so"),
        ("kommuner/horsens.yml", "bekraeftet: null", "bekraeftet: 2024-05-31", "old_confirmation",
         "Horsens"),
        ("kommuner/horsens.yml", "aabningstid: null", "aabningstid: 8-15", "no_source", "Horsens"),
        ("kommuner/horsens.yml", "hovednummer: '76292929'", "hovednummer: null", "no_phone",
         "Horsens"),
        ("kommuner/horsens.yml", "  hovednummer:\n    kilde: https://horsens.dk/databeskyttelse",
         "  hovednummer:\n    kilde: hørt på gangen", "odd_source", "Horsens"),
    ],
)  # fmt: skip
def test_warning(
    data: Path, edit: Edit, name: str, before: str, after: str, kind: str, about: str
) -> None:
    edit(name, before, after)
    report = check(data, TODAY)
    assert described(report) == []
    assert remarks(report) == [(kind, about)]
    assert report.remarks[0].problem.warning


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        (BEVIS, "2027-02-01", "2026-08-01"),
        (BEVIS, "set: 2026-01-15", "set: 2024-06-01"),
        (BEVIS, "Skriv ned", "I 2023 kom 1.319 sager, § 264 d, 20.000 kr og 2019-2020. Skriv ned"),
        (BEVIS, "https://redbarnet.test", "https://advokat.test/boerneporno/12345678"),
        ("nlu/pjecer.yml", "- gem_bevis 3\n", "- Gem_bevis 4?\n"),
        ("kommuner/horsens.yml", "bekraeftet: null", "bekraeftet: 2026-05-01"),
    ],
)
def test_no_false_alarm(data: Path, edit: Edit, name: str, before: str, after: str) -> None:
    edit(name, before, after)
    report = check(data, TODAY)
    assert (described(report), remarks(report)) == ([], [])


def test_approved_answer_whose_day_has_passed_is_due_for_review(data: Path, edit: Edit) -> None:
    edit(DELT, "2027-02-01", "2026-05-01")
    assert {state.status for state in check(data, TODAY).answers} == {"review_due", "draft"}


# --- the report -----------------------------------------------------------------------------------


def test_text_groups_warnings_and_details_names_them_all(data: Path, edit: Edit) -> None:
    for path in sorted((data / "sprog").glob("*.md")):
        edit(f"sprog/{path.name}", "modersmaal: NN", "modersmaal: null")
    report = check(data, TODAY)
    short, long = list(text_lines(report)), list(text_lines(report, details=True))
    files = [f"data/sprog/{code}.md" for code in validation.LANGUAGES]
    assert not any(file in "\n".join(short) for file in files)
    assert all(file in "\n".join(long) for file in files)
    assert sum(line.startswith("- 8 sprog") for line in short) == 1
    assert len(short) < len(long)
    assert any(re.match(r"barn_har_delt .*godkendt$", line) for line in long)
    plan = (data / "handleplan.yml").read_text(encoding="utf-8").splitlines()
    line = next(n for n, text in enumerate(plan, 1) if text.startswith("- naar:"))
    assert f"gem_bevis: linje {line}" in long


def test_text_begins_with_the_errors(data: Path, edit: Edit) -> None:
    edit(DELT, "[F-1]", "[F-9]")
    edit("sprog/so.md", "modersmaal: NN", "modersmaal: null")
    text = "\n".join(text_lines(check(data, TODAY)))
    assert text.startswith("1 fejl")
    assert text.index(f"data/{DELT}, linje 5") < text.index("- 1 sprog")


def test_json_tells_the_same(data: Path, edit: Edit) -> None:
    edit(DELT, "[F-1]", "[F-2, F-9]")
    found = json.loads(json.dumps(as_json(check(data, TODAY))))
    assert found["ok"] is False
    assert [(e["file"], e["line"]) for e in found["errors"]] == [(f"data/{DELT}", 5)]
    assert [(w["kind"], w["name"]) for w in found["warnings"]] == [("weak_fact", "barn_har_delt")]
    assert found["summary"]["answers"] == {"draft": 3, "approved": 1, "review_due": 0}
    assert found["summary"]["links"] == len(found["links"]) > 5


def test_links_are_listed_with_day_and_files_oldest_first(data: Path, edit: Edit) -> None:
    edit(BEVIS, "https://redbarnet.test", "https://politi.test/tal")
    report = check(data, TODAY)
    links = {link.url: link for link in report.links}
    assert links["https://politi.test/tal"].seen == "2026-01-15"
    assert links["https://politi.test/tal"].files == (data / DELT, data / BEVIS)
    assert links["https://politi.test/alder"].seen is None
    days = [link.seen or "" for link in report.links]
    assert days == sorted(days)
    assert all(any(link.url in line for line in link_lines(report)) for link in report.links)


def test_exit_status_tells_errors_from_warnings(
    data: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    edit("sprog/so.md", "modersmaal: NN", "modersmaal: null")
    assert main([str(data)]) == 0
    edit(DELT, "[F-1]", "[F-9]")
    assert main([str(data)]) == 1
    capsys.readouterr()
    assert main([str(data), "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["errors"]
    assert main([str(data), "--links"]) == 0
    assert "https://redbarnet.test" in capsys.readouterr().out
    assert main([str(data / "findes-ikke")]) == 2


def test_near_contradictions_are_warned_of_with_both_places(
    data: Path, edit: Edit, capsys: pytest.CaptureFixture[str]
) -> None:
    phrase = "min søn har sendt billedet til tre"
    edit("nlu/pjecer.yml", "- gem_bevis 3\n", f"- {phrase}\n")
    path = edit("nlu/pjecer.yml", "- barn_har_delt 3\n", f"- {phrase} andre\n")
    lines = path.read_text(encoding="utf-8").splitlines()
    places = {n for n, line in enumerate(lines, 1) if phrase in line}
    assert main([str(data), "--format", "json"]) == 0
    (warning,) = json.loads(capsys.readouterr().out)["warnings"]
    assert warning["kind"] == "near_contradiction"
    assert warning["line"] == max(places)
    assert f"linje {min(places)})" in warning["what"]
    assert main([str(data)]) == 0
    said = capsys.readouterr().out
    assert all(f"pjecer.yml:{line}" in said for line in places)


def test_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "content.check", "--format", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode in (0, 1), done.stderr
    assert json.loads(done.stdout)["answers"]


# --- what the checker knows about the rest of the product -----------------------------------------


def code(*folders: str) -> str:
    return "\n".join(
        path.read_text(encoding="utf-8") for name in folders for path in (ROOT / name).glob("*.py")
    )


def test_languages_are_those_the_assistant_recognises() -> None:
    recognised = re.findall(r'Language\.\w+: "(\w\w)"', code("assistant"))
    assert set(validation.LANGUAGES) <= set(recognised)
    assert {path.stem for path in (ROOT / "data" / "sprog").glob("*.md")} == set(
        validation.LANGUAGES
    )


def test_platforms_are_those_the_assistant_recognises() -> None:
    for platform in validation.PLATFORMS:
        said = "twitter" if platform == "x" else platform
        assert [name for _, _, name in find_platforms(f"det er på {said}")] == [platform]


def test_messages_the_program_names_are_required(ours: Report) -> None:
    source = code("assistant", "actions", "web")
    named = set(re.findall(r'"((?:fejl|knap)_\w+)"', source))
    named |= set(re.findall(r'messages\["(\w+)"\]', source))
    answers = {state.id for state in ours.answers}
    named |= set(re.findall(r'utter_message\(response="utter_(\w+)"', source)) - answers
    assert named <= set(validation.MESSAGES_IN_USE)


def test_every_kind_of_warning_can_be_said(data: Path) -> None:
    report = check(data, TODAY)
    for kind in validation.REMEDIES:
        report.remarks.append(
            validation.Remark(kind, "x", Problem(report.root, None, "Noget.", "Ret det."))
        )
    text = " ".join(" ".join(text_lines(report)).split())
    assert all(remedy in text for remedy in validation.REMEDIES.values())
