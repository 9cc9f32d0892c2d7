"""Intents, utterances and rules made out of the content."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.exceptions import RasaException
from rasa.shared.nlu.constants import INTENT, TEXT

from assistant import importer
from assistant.importer import ContentImporter, Example
from content.library import Library
from environment import ROOT

DOMAIN = 'version: "3.1"\nintents: [start]\nactions: [action_ssp_kontakt]\n'
RULES = """version: "3.1"
rules:
  - rule: the SSP contact is an action
    steps:
      - intent: ssp_kontakt
      - action: action_ssp_kontakt
"""
NLU = """version: "3.1"
nlu:
  - intent: tak
    examples: |
      - tak
      - mange tak
"""


@pytest.fixture
def made(content: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ContentImporter:
    monkeypatch.setattr(importer, "library", lambda: content)
    for name, text in (("nlu/samtale.yml", NLU), ("rules/rules.yml", RULES)):
        path = content.root / name
        path.parent.mkdir()
        path.write_text(text, encoding="utf-8")
    domain = tmp_path / "domain.yml"
    domain.write_text(DOMAIN, encoding="utf-8")
    return ContentImporter(None, str(domain), [str(content.root)])


def rules(importer_: ContentImporter) -> dict[str, list[list[str]]]:
    """What is said turn by turn in the rules that begin with each intent."""
    found: dict[str, list[list[str]]] = {}
    for step in importer_.get_stories().story_steps:
        intents = [e.intent_name for e in step.events if isinstance(e, UserUttered)]
        actions = [
            str(e.action_name)
            for e in step.events
            if isinstance(e, ActionExecuted)
            and str(e.action_name).startswith(("utter_", "action_s"))
        ]
        found.setdefault(str(intents[0]), []).append(actions)
    return found


def test_phrases_are_read_with_their_intent(made: ContentImporter) -> None:
    read = [(m.get("text"), m.get("intent")) for m in made.get_nlu_data().training_examples]
    assert read == [("tak", "tak"), ("mange tak", "tak")]


def test_a_phrase_is_copied_by_itself(made: ContentImporter) -> None:
    data = made.get_nlu_data()
    merged = data.merge(data)
    merged.training_examples[0].set("intent", "farvel")
    assert data.training_examples[0].get("intent") == "tak"


def test_phrases_with_an_error_are_named_and_end_the_training(
    made: ContentImporter, content: Library
) -> None:
    (content.root / "nlu" / "samtale.yml").write_text(NLU.replace("|", ">"), encoding="utf-8")
    with pytest.raises(RasaException, match=r"samtale\.yml"):
        made.get_nlu_data()


def test_every_answer_is_an_intent(made: ContentImporter, content: Library) -> None:
    assert set(made.get_domain().intents) >= {*content.current().answers, "start"}


def test_what_the_rules_say_can_be_uttered(made: ContentImporter) -> None:
    said = {
        action
        for ways in rules(made).values()
        for actions in ways
        for action in actions
        if action.startswith("utter_")
    }
    assert said == set(made.get_domain().responses)
    assert {"utter_afpresning", "utter_selvmordstanker_bagefter"} <= said


def test_utterances_hold_no_wording_so_that_an_edit_needs_no_training(
    made: ContentImporter, content: Library
) -> None:
    known = {answer.body for answer in content.current().answers.values()}
    texts = {response["text"] for ways in made.get_domain().responses.values() for response in ways}
    assert texts
    assert texts.isdisjoint(known)


def test_every_answer_gets_its_rule_unless_one_is_written(
    made: ContentImporter, content: Library
) -> None:
    expected = {id_: [[f"utter_{id_}"]] for id_ in content.current().answers}
    expected["ssp_kontakt"] = [["action_ssp_kontakt"]]
    # an acute answer goes on when the parent does
    once, again = "utter_selvmordstanker", "utter_selvmordstanker_bagefter"
    expected["selvmordstanker"] = [[once], [once, again]]
    assert rules(made) == expected


def test_an_answer_without_a_file_has_its_rule_before_the_file_is_there(
    made: ContentImporter, content: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    complete = rules(made)
    for path in ("naar-det-sker/gem_bevis.md", "akut/selvmordstanker.md"):
        (content.root / "pjecer" / path).unlink()

    def trained() -> ContentImporter:
        fresh = Library(content.root)  # which knows no earlier version
        monkeypatch.setattr(importer, "library", lambda: fresh)
        return ContentImporter(None, None, [str(content.root)])

    assert complete.keys() - rules(trained()).keys() == {"gem_bevis", "selvmordstanker"}
    (content.root / "nlu" / "more.yml").write_text(
        NLU.replace("tak", "gem_bevis") + NLU[NLU.index("  -") :].replace("tak", "selvmordstanker"),
        encoding="utf-8",
    )
    assert rules(trained()) == complete
    assert {"utter_gem_bevis", "utter_selvmordstanker_bagefter"} <= set(
        trained().get_domain().responses
    )


def test_what_an_acute_answer_says_afterwards_can_be_written_later(
    made: ContentImporter, content: Library
) -> None:
    before = rules(made)
    path = content.root / "pjecer" / "akut" / "selvmordstanker.md"
    path.write_text(path.read_text(encoding="utf-8").split("## Bagefter")[0], encoding="utf-8")
    assert not content.current().answers["selvmordstanker"].afterwards
    assert rules(made) == before


def test_phrases_are_read_from_their_folder_only(made: ContentImporter, content: Library) -> None:
    (content.root / "stray.yml").write_text(NLU.replace("tak", "afpresning"), encoding="utf-8")
    again = ContentImporter(None, None, [str(content.root)])
    assert again.get_nlu_data().intents == {"tak"}


def test_folder_without_our_structure_is_read_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "test.yml").write_text(NLU, encoding="utf-8")
    assert ContentImporter(None, None, str(tmp_path)).get_nlu_data().intents == {"tak"}


def test_the_projects_own_answers_all_have_a_rule() -> None:
    own = ContentImporter(None, str(ROOT / "domain.yml"), [str(ROOT / "data")])
    assert rules(own).keys() >= importer.library().current().answers.keys()


def test_phrases_are_told_apart_by_text_and_intent_and_by_what_they_get_later() -> None:
    def example(text: str, intent: str) -> Example:
        return Example({TEXT: text, INTENT: intent})

    one = example("hvad er SSP", "hvad_er_ssp")
    assert one == example("hvad er SSP", "hvad_er_ssp") == deepcopy(one)
    assert hash(one) == hash(deepcopy(one))
    assert one != example("hvad er SSP", "ssp_kontakt") != example("hvem er SSP", "ssp_kontakt")
    richer = deepcopy(one)
    assert richer.fingerprint() == one.fingerprint()
    richer.set("language", "da")
    assert richer != one
