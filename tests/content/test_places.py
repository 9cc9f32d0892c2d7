"""Places in what parents write: ``places.yml`` holds the sentences."""

from __future__ import annotations

import contextlib
import copy
import random
import time
import unicodedata
from pathlib import Path

import pytest
import yaml

from content.errors import ContentError
from content.files import read_yaml
from content.kommuner import Kommune, load_kommuner
from content.places import Gazetteer, PlaceMatch

DATA = Path(__file__).resolve().parents[2] / "data"
KOMMUNER = load_kommuner(DATA / "kommuner")
STEDER = read_yaml(DATA / "steder.yml")
SENTENCES = read_yaml(Path(__file__).with_name("places.yml"))
GAZETTEER = Gazetteer.load(DATA / "steder.yml", KOMMUNER)

DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)

every_kommune = pytest.mark.parametrize(
    "kommune", KOMMUNER.values(), ids=[kommune.kortnavn for kommune in KOMMUNER.values()]
)


def said(match: PlaceMatch) -> str:
    """A match as ``places.yml`` writes it."""
    candidates = "/".join(sorted(match.candidates))
    if match.too_broad:
        return f"broad {candidates}".strip()
    return match.kommune or candidates


def expected(entry: str) -> str:
    broad, _, codes = entry.rpartition(" ")
    return f"{broad} {'/'.join(sorted(codes.split('/')))}".strip()


@pytest.mark.parametrize("case", SENTENCES, ids=[case["text"] for case in SENTENCES])
def test_sentence(case: dict) -> None:
    found = GAZETTEER.find(case["text"], lenient=case.get("lenient", False))
    assert [said(match) for match in found] == [expected(entry) for entry in case["expect"]]
    for match in found:
        assert case["text"][match.start : match.end] == match.text
        assert len(match.hvor) == (len(match.candidates) if len(match.candidates) > 1 else 0)


def test_there_are_enough_sentences_both_ways() -> None:
    assert len(SENTENCES) >= 150
    assert sum(not case["expect"] for case in SENTENCES) >= 100


# --- every kommune --------------------------------------------------------------------------------


def genitive(name: str) -> str:
    return f"{name}'" if name[-1] in "sxz" else f"{name}s"


def in_ascii(name: str) -> str:
    return name.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")


def without_marks(name: str) -> str:
    return name.lower().replace("æ", "ae").replace("ø", "o").replace("å", "a")


@every_kommune
@pytest.mark.parametrize("lenient", [False, True])
def test_kommune_is_found_by_its_name(kommune: Kommune, lenient: bool) -> None:
    name = kommune.kortnavn
    for text in (
        name,
        name.lower(),
        name.upper(),
        genitive(name),
        kommune.navn,
        f"{name} Kommune",
        f"{name.lower()} kommune",
        f"{genitive(kommune.navn)}",
        in_ascii(name),
        without_marks(name),
        name.replace("-", " "),
        f"vi bor i {name}",
        f"Vi bor i {in_ascii(name)} kommune",
        f"Jeg er mor til en dreng på 13. Hvem er SSP i {name}?",
        f"SSP {name}",
    ):
        found = GAZETTEER.find(text, lenient=lenient)
        assert [match.kommune for match in found] == [kommune.kode], text
        assert not found[0].fuzzy


@every_kommune
def test_kommune_is_found_by_its_postal_codes(kommune: Kommune) -> None:
    for key, entry in STEDER["postnumre"].items():
        code = key[:4]
        if entry["kommuner"][0] != kommune.kode or entry.get("uafklaret"):
            continue
        for text in (code, f"vi bor i {code} {entry['by']}", f"DK-{code}", f"postnr {code}"):
            found = GAZETTEER.find(text)
            assert [match.kommune for match in found] == [kommune.kode], text
            if len(entry["kommuner"]) == 1:
                assert found[0].candidates == (kommune.kode,)


@every_kommune
def test_kommune_is_found_by_each_of_its_places(kommune: Kommune) -> None:
    entry = STEDER["steder"][kommune.kode]
    kommuner = {kommune.kortnavn for kommune in KOMMUNER.values()}
    places = {name for names in entry.values() for name in names}
    for name in places - kommuner:  # Sorø's Frederiksberg is not what anybody means
        for text in (f"vi bor i {name}", f"vi bor i {in_ascii(name)}", name):
            found = GAZETTEER.find(text)
            assert len(found) == 1 and kommune.kode in found[0].candidates, text
    for name in entry["tidligere_kommuner"]:
        assert kommune.kode in GAZETTEER.find(f"{name} Kommune")[0].candidates


@every_kommune
def test_kommune_is_suggested(kommune: Kommune) -> None:
    name = kommune.kortnavn
    for query in (name, name.lower()[: max(4, len(name) - 2)], in_ascii(name), without_marks(name)):
        assert kommune in GAZETTEER.suggest(query), query
    assert GAZETTEER.suggest(name)[0] == kommune


# --- the finer points -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rønne", "Rønde"), ("Tranbjerg", "Tranebjerg"), ("Herlev", "Harlev"), ("Harlev", "Hårlev"),
        ("Hadsten", "Hadsund"), ("Haslev", "Hasle"), ("Frederikssund", "Frederikshavn"),
        ("Frederiksværk", "Fredericia"), ("Fredensborg", "Frederiksberg"), ("Brøndby", "Brønshøj"),
        ("Hillerød", "Allerød"), ("Birkerød", "Allerød"), ("Holbæk", "Holstebro"),
        ("Holsted", "Holstebro"), ("Syddjurs", "Norddjurs"), ("Ryomgård", "Ringe"),
        ("Hornslet", "Hornsyld"), ("Hornsyld", "Horsens"), ("Hørning", "Herning"),
        ("Aars", "Aarhus"), ("Aarup", "Aars"), ("Skive", "Skagen"), ("Faxe", "Fanø"),
        ("Farsø", "Farum"), ("Sønderborg", "Silkeborg"), ("Ishøj", "Ikast"),
    ],
)  # fmt: skip
def test_names_that_are_easily_mixed_up_are_not(one: str, other: str) -> None:
    first, second = (GAZETTEER.find(f"vi bor i {name}")[0] for name in (one, other))
    assert not first.fuzzy and not second.fuzzy
    assert first.candidates[0] != second.candidates[0]


def test_home_is_told_from_elsewhere() -> None:
    found = GAZETTEER.find("festen var i Aarhus, men vi bor i Odder, og han er fra Horsens")
    assert [(match.text, match.home) for match in found] == [
        ("Aarhus", False),
        ("Odder", True),
        ("Horsens", False),
    ]


def test_ambiguous_place_tells_its_candidates_apart() -> None:
    (match,) = GAZETTEER.find("vi bor i Nykøbing")
    assert dict(zip(match.candidates, match.hvor, strict=True)) == {
        "0306": "Nykøbing Sjælland",
        "0376": "Nykøbing Falster",
        "0773": "Nykøbing Mors",
    }
    assert match.kommune is None and not match.too_broad


def test_shared_postal_code_prefers_the_towns_kommune() -> None:
    (match,) = GAZETTEER.find("8700")
    assert match.candidates == ("0615", "0766")
    assert match.hvor == ("Horsens Kommune", "Hedensted Kommune")
    assert match.kommune == "0615"


def test_misspelling_says_so() -> None:
    (match,) = GAZETTEER.find("vi bor i hosens")
    assert (match.kommune, match.fuzzy, match.text) == ("0615", True, "hosens")


def test_decomposed_letters_keep_their_offsets() -> None:
    text = unicodedata.normalize("NFD", "på en skole i Århus, vi bor i Tårnby")
    found = GAZETTEER.find(text)
    assert [match.kommune for match in found] == ["0751", "0185"]
    assert unicodedata.normalize("NFC", text[found[1].start : found[1].end]) == "Tårnby"


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("hor", "Horsens"), ("århus", "Aarhus"), ("arh", "Aarhus"), ("ebelt", "Syddjurs"),
        ("koeb", "København"), ("kob", "København"), ("næs", "Næstved"), ("naes", "Næstved"),
        ("8700", "Horsens"), ("83", "Odder"), ("skandeb", "Skanderborg"),
        ("skander", "Skanderborg"), ("sikleb", "Silkeborg"), ("hosens", "Horsens"),
        ("obenr", "Aabenraa"), ("ry", "Skanderborg"),
        ("Høje-T", "Høje-Taastrup"), ("hoje ta", "Høje-Taastrup"), ("them", "Silkeborg"),
    ],
)  # fmt: skip
def test_suggestion(query: str, first: str) -> None:
    assert GAZETTEER.suggest(query)[0].kortnavn == first


def test_suggestions_are_few_and_each_kommune_once() -> None:
    assert GAZETTEER.suggest("") == GAZETTEER.suggest("  ") == GAZETTEER.suggest("qqqq") == []
    assert len(GAZETTEER.suggest("h")) == 8 and len(GAZETTEER.suggest("h", limit=3)) == 3
    names = [kommune.kode for kommune in GAZETTEER.suggest("a", limit=98)]
    assert len(names) == len(set(names))


def test_no_input_is_too_odd() -> None:
    chance = random.Random(1)
    alphabet = "ab i å ø8700'’-.,\n🙏\u030a\u200bRy kommune fra vi bor I\x00ß İ ² 8700"
    for _ in range(2000):
        text = "".join(chance.choice(alphabet) for _ in range(chance.randrange(40)))
        for lenient in (False, True):
            for match in GAZETTEER.find(text, lenient):
                assert text[match.start : match.end] == match.text
        GAZETTEER.suggest(text)


def test_sixty_words_take_less_than_a_millisecond() -> None:
    text = (
        "hej jeg er mor til en pige på 13 som går i 7 klasse på en skole i horsens og hun er "
        "blevet filmet til en fest i skanderborg for tre uger siden nu går videoen rundt på snap "
        "og hun vil ikke i skole kan i hjælpe mig med hvem jeg skal ringe til vi bor i hov ved "
        "odder og kommunen svarer ikke"
    )
    assert len(text.split()) >= 60
    fastest = 1.0
    for _ in range(20):
        start = time.perf_counter()
        for _ in range(20):
            GAZETTEER.find(text)
        fastest = min(fastest, (time.perf_counter() - start) / 20)
    assert fastest < 0.001


# --- the file -------------------------------------------------------------------------------------


def test_sources_and_licences_are_kept() -> None:
    sources = STEDER["meta"]["kilder"]
    assert "PostNord" in sources["postnumre"]["licens"]
    assert "geonames.org" in sources["byer"]["licens"]


def test_no_name_is_written_twice_in_a_kommune() -> None:
    for code, entry in STEDER["steder"].items():
        names = entry["aliaser"] + entry["byer"] + entry["bydele_og_landsbyer"]
        assert len(names) == len({name.lower() for name in names}), code
        assert KOMMUNER[code].kortnavn not in names


@pytest.mark.parametrize(
    ("before", "after", "line_begins"),
    [
        ("'0615':  # Horsens", "'0616':  # Horsens", "  '0616'"),
        ("Horsens, kommuner: ['0615'", "Horsens, kommuner: ['615'", "  '8700'"),
        ("'8700': {by", "8700x: {by", "  8700x"),
        ("  navne: [", "  navn: [", None),
        ("for_brede:", "forbrede:", None),
    ],
)  # fmt: skip
def test_mistake_is_named_with_its_line(
    tmp_path: Path, before: str, after: str, line_begins: str | None
) -> None:
    good = (DATA / "steder.yml").read_text(encoding="utf-8")
    assert before in good
    path = tmp_path / "steder.yml"
    path.write_text(good.replace(before, after, 1), encoding="utf-8")
    with pytest.raises(ContentError) as error:
        Gazetteer.load(path, KOMMUNER)
    problem = error.value.problems[0]
    assert problem.what and problem.remedy
    if line_begins:
        assert problem.line
        assert (
            path.read_text(encoding="utf-8").splitlines()[problem.line - 1].startswith(line_begins)
        )


def test_no_mistake_gets_past_as_another_error(tmp_path: Path) -> None:
    """Whatever a hand does to the file, it loads or is refused in words."""
    chance = random.Random(1)
    path = tmp_path / "steder.yml"
    small = {
        **STEDER,
        "steder": {"0615": STEDER["steder"]["0615"]},
        "postnumre": dict(list(STEDER["postnumre"].items())[:20]),
    }
    for _ in range(150):
        raw = copy.deepcopy(small)
        sections = [raw, *(raw[key] for key in raw if isinstance(raw[key], dict))]
        sections += [raw["steder"]["0615"], raw["postnumre"]["1810"]]
        sections += [raw["flertydige"]["Als"], raw["flertydige"]["Als"]["hvor"]]
        record = chance.choice(sections)
        record[chance.choice(list(record))] = chance.choice(
            [None, "x", 7, [], {}, ["x"], [7], True]
        )
        path.write_text(yaml.dump(raw, Dumper=DUMPER), encoding="utf-8")
        with contextlib.suppress(ContentError):
            Gazetteer.load(path, KOMMUNER).find("vi bor i Als ved Hadsund, 8700 Horsens")
