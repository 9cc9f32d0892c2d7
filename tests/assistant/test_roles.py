"""The child's part in what parents write, and what only looks like one."""

from __future__ import annotations

import re

import pytest

from assistant.roles import _ROLES, find_role


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("min datter er blevet filmet til en fest", "vist"),
        ("en fra klassen har lagt en video af min søn på nettet", "vist"),
        ("min datters nøgenbillede går rundt i hele byen", "vist"),
        ("Hun er 14. Der ligger billeder af hende på snap.", "vist"),
        ("min søn er med i en video som alle ser", "vist"),
        ("hendes kæreste har delt hende på discord", "vist"),
        ("min pige har sendt et billede af sig selv til en dreng", "vist"),
        ("nogen har lavet deepfakes af vores datter", "vist"),
        ("min datter har fået delt et nøgenbillede", "vist"),
        ("vores søn fik sine billeder delt på årgangen", "vist"),
        ("min søn har videresendt en video af en pige", "delt"),
        ("min søn på 15 har delt et nøgenbillede af en klassekammerat", "delt"),
        ("vores dreng sendte billedet af pigen videre til sine venner", "delt"),
        ("Mads på 14 har delt den i gruppen", "delt"),
        ("min datter er en af dem der har delt den", "delt"),
        ("jeg har en søn som har filmet en pige i badet", "delt"),
        ("min søn har fået et billede af en pige og sendt det videre", "delt"),
        ("min datter har fået tilsendt en dickpic", "modtaget"),
        ("han har modtaget en film fra en kammerat", "modtaget"),
        ("en dreng fra klassen har sendt min datter et nøgenbillede", "modtaget"),
        ("de siger han har delt det men han har kun fået det på snap", "modtaget"),
        ("min søn bliver afpresset", "presset"),
        ("min datter bliver truet på insta", "presset"),
        ("en mand truer min søn med at sende videoen til alle", "presset"),
        ("de kræver 3000 kr ellers deler de den", "presset"),
        ("han sendte et billede og nu vil hun have penge ellers lægger hun det ud", "presset"),
        ("en dreng presser min datter for nøgenbilleder", "presset"),
        ("min datter har set videoen på en venindes telefon", "vidne"),
        ("han har ikke fået den, han har kun hørt om den", "vidne"),
        ("min søn har hørt rygter om en video", "vidne"),
    ],
)
def test_role_is_found(text: str, role: str) -> None:
    assert find_role(text) == role


@pytest.mark.parametrize(
    "text",
    [
        # denied, supposed, claimed by others, asked about in general
        "min søn har ikke delt noget",
        "min datter er ikke med på billedet",
        "hvad gør jeg hvis min søn har delt et billede",
        "skolen siger at min søn har delt det",
        "jeg ved ikke om min datter har set billedet på en telefon",
        "hvad er straffen for at dele",
        "må jeg dele et billede af min datter på facebook",
        "jeg er bange for at nogen deler billeder af min søn",
        # somebody else
        "en dreng har delt det med hele klassen",
        "ham der har delt det er 15",
        "en fyr skriver med min datter, han har delt billeder før",
        "drengen der sendte det rundt går i 9.",
        "min søns ven har fået den på snap",
        "min datter hørte at en kammerat blev afpresset",
        "elleve elever har set videoen på en telefon",
        "jeg har modtaget et billede",
        # the same words about something else
        "min søn har delt værelse med sin bror",
        "vi har delt forældremyndighed",
        "min søn har fået ny telefon",
        "min datter har fået det dårligt",
        "min datter fik 12 i dansk",
        "hun er presset af eksamen",
        "min søn bliver truet med bank efter skole",
        "min søn har set alle film med Batman",
        "min datter har vist mig sin telefon",
        # two parts at once: neither is sure
        "min datter er blevet delt og har selv delt billeder af en veninde",
        # on the picture, but perhaps also threatened with it
        "der er billeder af hende og han tigger om flere",
        "",
    ],
)
def test_no_role_is_better_than_a_wrong_one(text: str) -> None:
    assert find_role(text) is None


# One such message once took the only process seconds, those of this length hours.
@pytest.mark.parametrize(
    "repeated",
    [
        *("film", "film ", "film og ", "video-", "billede, ", "a-", "'-han", "en dreng film "),
        *("han har fået film ", "hun betalte ", "har fået den og ", "vil have penge ellers "),
    ],
)
def test_the_role_is_found_beside_any_number_of_words(repeated: str) -> None:
    long = repeated * (10_000 // len(repeated))
    assert find_role(f"min søn har videresendt en film. Nej {long}") == "delt"


@pytest.mark.parametrize("word", ["film", "video", "a-", "'-", "søn"])
def test_a_run_of_letters_that_is_no_word_says_nothing(word: str) -> None:
    assert find_role(word * 5_000) is None


def test_no_pattern_reads_on_without_a_limit() -> None:
    unlimited = re.compile(r"\.[*+]|\[\^[^\]]*\]\)?[*+]")
    assert not [role for role, pattern in _ROLES.items() if unlimited.search(pattern.pattern)]


def test_a_picture_passed_on_in_other_words_is_not_only_received() -> None:
    assert find_role("min søn har fået et billede. Han lagde det ud") is None
    assert find_role("min søn lagde sig. Han har fået et billede") == "modtaget"
