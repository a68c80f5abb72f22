"""People write a client's name as it comes; we find the client, ask when in doubt, and keep the words."""

from __future__ import annotations

import time

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from rules.clients.commands import Meaning, Reading, Verb, parse_command
from rules.clients.names import RESERVED, Candidate, near_misses, normal, plain, split_client, valid_name
from rules.clients.short_names import meant, mentioned
from rules.errors import InvalidError

KNOWN = {"acme", "acme labs", "smith & sons", "acme.com", "domino's", "yahoo!", "café noir", "list of friends"}


def found(text: str) -> tuple[str, str] | None:
    """What a lookup finds: the longest known name and the rest."""
    return next(((c.name, c.rest) for c in split_client(text) if c.name in KNOWN), None)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acme paid three weeks late", ("acme", "paid three weeks late")),
        ("ACME  Labs   never answers", ("acme labs", "never answers")),
        ("acme", ("acme", "")),
        ("Acme: paid late", ("acme", "paid late")),
        ("Acme, as always", ("acme", "as always")),
        ("Acme - no reply", ("acme", "no reply")),
        ("Acme's invoice is overdue", ("acme", "invoice is overdue")),
        ("Acme\u2019s invoice is overdue", ("acme", "invoice is overdue")),
        ("Domino\u2019s paid late", ("domino's", "paid late")),
        ("Smith &amp; Sons paid late", ("smith & sons", "paid late")),
        ("<http://acme.com|acme.com> paid late", ("acme.com", "paid late")),
        ("Yahoo! paid late", ("yahoo!", "paid late")),
        ("\uff21\uff23\uff2d\uff25 paid late", ("acme", "paid late")),
        ("Cafe\u0301 Noir paid late", ("café noir", "paid late")),
        ("Ac\u200bme paid late", ("acme", "paid late")),
        ('"Acme" labs were rude', ("acme", "labs were rude")),
        ("\u201cAcme Labs\u201d were rude", ("acme labs", "were rude")),
        ("Acmes paid late", None),
        ("acme-labs paid late", None),
        ("paid late", None),
        ("", None),
    ],
)
def test_a_text_begins_with_the_longest_name(text: str, expected: tuple[str, str] | None) -> None:
    """Case, spaces, curly quotes and Slack's escapes make no difference; a name ends where a word ends."""
    assert expected == found(text)


def test_a_channel_names_its_client() -> None:
    """`<#C123|acme>` is what Slack makes of #acme."""
    assert split_client("<#C0123|acme> paid late") == (Candidate(channel_id="C0123", rest="paid late"),)


def test_a_mention_stays_in_the_words() -> None:
    """Who was shouted at is part of the note."""
    assert found("Acme shouted at <@U042>") == ("acme", "shouted at <@U042>")


@given(text=st.text(max_size=60).filter(lambda text: "&" not in text and "<" not in text))
def test_normalising_twice_changes_nothing(text: str) -> None:
    """Otherwise a stored name could never be found again."""
    assert normal(normal(text)) == normal(text)


@given(name=st.text(alphabet="abcdeéß &.-'", min_size=1, max_size=20), rest=st.text(alphabet="abc xyz,.", max_size=20))
def test_a_valid_name_in_front_of_words_is_always_found(name: str, rest: str) -> None:
    """Whatever a client is called: its name, a space and some words find it."""
    assume(any(sign.isalnum() for sign in name) and normal(name) not in RESERVED)
    kept = valid_name(name)
    assert normal(kept) in {candidate.name for candidate in split_client(f"{kept} {rest}")}


@given(text=st.text(max_size=200))
def test_any_text_can_be_read(text: str) -> None:
    """No input makes a command fail, and no sign that a database refuses gets through."""
    parse_command(text)
    assert not {"\x00", "\ud800"} & set(plain(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Acne paid late", [("acme", "c1", 1)]),
        ("Amce paid late", [("acme", "c1", 1)]),
        ("Globx late", [("globex", "c2", 1)]),
        ("Golbexx late", [("globex", "c2", 2)]),
        ("Initch", [("initech", "c3", 1)]),
        ("Acme paid late", []),
        ("paid late", []),
        ("IBN again", [("ibm", "c4", 1)]),
        ("IXN again", []),
        ("HQ again", []),
    ],
)
def test_a_misspelt_name_is_asked_about(text: str, expected: list[tuple[str, str, int]]) -> None:
    """Two edits, fewer for short names; the nearest first."""
    names = [("acme", "c1"), ("globex", "c2"), ("initech", "c3"), ("ibm", "c4"), ("hp", "c5")]
    assert expected == [(miss.name, miss.client_id, miss.edits) for miss in near_misses(text, names)]


def test_a_near_miss_keeps_the_words_and_names_a_client_once() -> None:
    """The question "did you mean" can be answered with one click, without typing again."""
    names = [("acme labs", "c1"), ("acme lab", "c1"), ("acne labs", "c2")]
    misses = near_misses("Acme Labz paid late", names)
    assert [(miss.client_id, miss.rest) for miss in misses] == [("c1", "paid late"), ("c2", "paid late")]


def test_near_misses_among_many_names_are_quick() -> None:
    """10,000 clients do not make a command slow."""
    names = [(f"client number {n}", f"c{n}") for n in range(10_000)]
    began = time.process_time()
    near_misses("Cliemt number 4711 paid three weeks late and then called all night about it", names)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize("name", ["Acme", "  Smith   & Sons ", "7", "Settings Ltd", "Café Noir", "Plan", "Domino’s"])  # noqa: RUF001 -- as it is typed
def test_a_name_is_kept_as_it_is_shown(name: str) -> None:
    """Single-spaced and with straight quotes."""
    assert " ".join(name.replace("\u2019", "'").split()) == valid_name(name)


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("", "letters or digits"),
        ("  &amp; ", "letters or digits"),
        ("List", "word of the command"),
        ("ＨＥＬＰ", "word of the command"),  # noqa: RUF001 -- wide letters
        ("add", "word of the command"),
        ("x" * 81, "at most 80"),
        ('Say "hi" Ltd', "without"),
        ("<#C1|acme>", "without"),
    ],
)
def test_a_name_that_cannot_work_is_refused(name: str, complaint: str) -> None:
    """The sentence says what to change."""
    with pytest.raises(InvalidError, match=complaint):
        valid_name(name)


def client(text: str, name: str = "") -> Reading:
    return Reading(meaning=Meaning.CLIENT, name=name or text, text=text)


def verb(name: str, what: Verb) -> Reading:
    return Reading(meaning=Meaning.VERB, name=name, text=name, verb=what)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [Reading(meaning=Meaning.MENU)]),
        ("  ", [Reading(meaning=Meaning.MENU)]),
        ("list", [Reading(meaning=Meaning.LIST)]),
        ("HELP", [Reading(meaning=Meaning.HELP)]),
        ("add", [Reading(meaning=Meaning.ADD)]),
        (
            "add Foo Bar",
            [
                Reading(meaning=Meaning.ADD, text="Foo Bar"),
                Reading(meaning=Meaning.CLIENT, name="add foo bar", text="add Foo Bar"),
            ],
        ),
        ("acme", [client("acme")]),
        ("acme why", [client("acme why"), verb("acme", Verb.WHY)]),
        ("acme why plan", [client("acme why plan"), verb("acme why", Verb.PLAN)]),
        ("plan", [client("plan")]),
        ("acme explode", [client("acme explode")]),
        ("acme Who sees it", [client("acme Who sees it", "acme who sees it"), verb("acme", Verb.VISIBILITY)]),
        ("acme notes", [client("acme notes"), verb("acme", Verb.HISTORY)]),
        ('"acme" why', [Reading(meaning=Meaning.VERB, name="acme", text='"acme"', verb=Verb.WHY)]),
        ("<#C1|acme>", [Reading(meaning=Meaning.CLIENT, channel_id="C1", text="<#C1|acme>")]),
        ("<#C1|acme> end", [Reading(meaning=Meaning.VERB, channel_id="C1", text="<#C1|acme>", verb=Verb.END)]),
        ('"acme" nonsense', []),
    ],
)
def test_client_commands_are_read_in_all_their_meanings(text: str, expected: list[Reading]) -> None:
    """Reserved words, then the whole text as a client, then a verb at its end."""
    assert expected == list(parse_command(text))


@pytest.mark.parametrize("word", list(Verb))
def test_each_verb_works_after_a_name(word: Verb) -> None:
    """In any case of letters."""
    assert verb("smith & sons", word) in [
        Reading(meaning=reading.meaning, name=reading.name, text=reading.name, verb=reading.verb)
        for reading in parse_command(f"Smith &amp; Sons {word.upper()}")
    ]


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("birch", {"b"}),
        ("Birch and Barrow", {"b"}),
        ("birch + barrow", {"b"}),
        ("B&B", {"b"}),
        ("bb", {"b"}),
        ("Acme Ltd", {"a"}),
        ("ACME GmbH", {"a"}),
        ("North", {"n1", "n2"}),
        ("north star", {"n1"}),
        ("the", set()),
        ("Barrow", set()),
        ("bi", set()),
        ("", set()),
    ],
)
def test_what_people_call_a_client_for_short(said: str, ids: set[str]) -> None:
    """First word, initials, another “and”, no legal form; two that are called so are both meant."""
    known = [("Birch & Barrow", "b"), ("Acme", "a"), ("North Star B.V.", "n1"), ("North Wing", "n2"), ("The Mill", "m")]
    assert meant([said], [(normal(name), id_) for name, id_ in known])[1] == ids


@pytest.mark.parametrize("said", ["no", "as", "new", "late", "nk", "lunch"])
def test_an_ordinary_word_in_a_text_is_no_client(said: str) -> None:
    """“no answer for a week” and “late again” are about whoever the channel belongs to."""
    known = [("North Oak", "n"), ("Acme Studios", "a"), ("New Kitchens", "k"), ("Late Lunch", "l")]
    names = [(normal(name), id_) for name, id_ in known]
    assert meant([said], names, in_text=True)[1] == frozenset()
    assert meant(["birch"], [*names, ("birch & barrow", "b")], in_text=True) == ("birch", frozenset({"b"}))
    assert meant(["b&b"], [*names, ("birch & barrow", "b")], in_text=True) == ("b&b", frozenset({"b"}))


AGENCY = (
    ("Harbour Lights Media GmbH", "h"), ("Müller & Söhne", "m"), ("The Daily Grind Coffee Co.", "d"),
    ("Zentrum für Neue Medien e. V.", "z"), ("24/7 Fitness", "f"), ("St. Mary's Hospital Trust", "s"),
    ("North Star Yoga", "y"), ("North Star Logistics", "l"), ("Société Générale des Eaux", "g"), ("Sol A/S", "o"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("said", "ids", "rest"),
    [
        ("Harbour Lights paid late", "h", "paid late"),
        ("Harbour Lights' invoice is open", "h", "invoice is open"),
        ("harbour-lights media paid late", "h", "paid late"),
        ("Muller paid late", "m", "paid late"),
        ("Mueller und Soehne paid late", "m", "paid late"),
        ("daily grind paid late", "d", "paid late"),
        ("The Daily Grind paid late", "d", "paid late"),
        ("ZNM paid late", "z", "paid late"),
        ("ZfNM: paid late", "", ""),
        ("Zentrum für Neue Medien paid late", "z", "paid late"),
        ("24/7 paid late", "f", "paid late"),
        ("St Mary's paid late", "s", "paid late"),
        ("st. marys hospital paid late", "s", "paid late"),
        ("North Star paid late", "ly", "paid late"),
        ("NSY paid late", "y", "paid late"),
        ("societe generale paid late", "g", "paid late"),
        ("Sol paid late", "o", "paid late"),
        ("the invoice is open", "", ""),
        ("daily calls at night", "", ""),
        ("IT IS LATE", "", ""),
    ],
)
def test_a_text_begins_with_what_people_call_a_client(said: str, ids: str, rest: str) -> None:
    """First words, accents and signs left out, no article, initials in capitals; the longest that fits."""
    candidates = split_client(said)
    names = [(normal(name), id_) for name, id_ in AGENCY]
    text, found = meant([candidate.typed for candidate in candidates], names, in_text=True)
    left = next((candidate.rest for candidate in candidates if text and candidate.typed == text), "")
    assert ("".join(sorted(found)), left) == (ids, rest)


@pytest.mark.parametrize(
    ("said", "ids"),
    [
        ("paid late: Harbour Lights", {"h"}),
        ("the people at Müller and Söhne were rude", {"m"}),
        ("late again", set()),
        ("a new star", set()),
    ],
)
def test_a_name_within_a_text_is_seen(said: str, ids: set[str]) -> None:
    """Whoever it is about may stand at the end."""
    assert mentioned(said, [(normal(name), id_) for name, id_ in AGENCY]) == ids
