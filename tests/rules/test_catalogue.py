"""What can be noticed: every red flag of the source texts is there, and a wrong entry is refused with its name."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Any

import pytest

from rules.errors import InvalidError, NotFoundError
from rules.health.catalogue import LANGUAGES, Catalogue, parse_catalogue
from rules.health.evidence.emoji import EmojiBook
from rules.health.guessing import guess_type
from rules.health.signal import Side

# code, requirement, category, points of a pink note in tenths, half-life in days
RED_FLAGS = [
    ("time_sink", "RF01", "time", 25, 60),
    ("drains_other_work", "RF02", "time", 30, 60),
    ("unprepared", "RF03", "commitment", 20, 45),
    ("no_commitment", "RF04", "commitment", 30, 60),
    ("rejects_ideas", "RF05", "advice", 25, 60),
    ("slow_reply", "RF06", "communication", 25, 45),
    ("rejects_advice", "RF07", "advice", 25, 60),
    ("misaligned_goal", "RF08", "fit", 25, 90),
    ("disrespect", "RF09", "respect", 40, 60),
    ("goes_quiet", "RF10", "communication", 25, 45),
    ("comms_breach", "RF11", "communication", 30, 45),
    ("stalled", "RF12", "fit", 30, 90),
    ("values_misfit", "RF13", "fit", 25, 90),
    ("negative_vibe", "RF14", "team", 20, 30),
    ("demoralising", "RF15", "team", 30, 60),
    ("unprofitable", "RF16", "money", 40, 90),
    ("abuse", "RF17", "respect", 100, 90),
    ("impossible_demand", "RF18", "expectations", 35, 60),
    ("gaslighting", "RF19", "respect", 80, 90),
    ("never_satisfied", "RF20", "expectations", 30, 60),
    ("breach_of_deal", "RF21", "commitment", 45, 90),
    ("always_on", "RF22", "communication", 25, 45),
    ("unrealistic", "RF23", "expectations", 25, 60),
    ("no_acknowledgement", "RF24", "respect", 20, 45),
    ("dissatisfied", "RF25", "expectations", 20, 45),
    ("doubts_expertise", "RF26", "advice", 25, 60),
    ("short_on_praise", "RF27", "expectations", 15, 45),
    ("team_avoidance", "RF28", "team", 30, 60),
    ("rejects_feedback", "RF29", "advice", 25, 60),
    ("controlling", "RF30", "respect", 25, 60),
    ("rush_request", "RF31", "expectations", 20, 45),
    ("toll", "RF32", "team", 40, 60),
    ("keeps_demands", "RF34", "expectations", 40, 90),
    ("late_payment", "RF35", "money", 45, 90),
    ("contract_breach", "RF36", "money", 50, 90),
    ("rate_pressure", "RF37", "money", 25, 60),
    ("negative_vibe", "RF38", "team", 20, 30),
    ("wrong_volume", "RF39", "fit", 10, 90),
    ("outgrown", "RF40", "fit", 0, 90),
    ("gut", "RF41", "gut", 10, 30),
    ("grown_apart", "RF42", "fit", 20, 90),
    ("natural_fade", "RF43", "fit", 0, 90),
]

ENTRY = """
side = "theirs"
category = "money"
weight = 1
half_life_days = 10
severity = "red"
label = "Label"
hint = "Hint"
"""
UNSORTED = 'categories = ["money"]\n[types.unsorted]\n' + ENTRY.replace("weight = 1", "weight = 0")


@pytest.fixture
def catalogue_data() -> dict[str, Any]:
    """The types as the file has them."""
    text = files("rules.health").joinpath("catalogue.toml").read_text(encoding="utf-8")
    return dict(tomllib.loads(text)["types"])


@pytest.mark.parametrize(("code", "requirement", "category", "weight_tenths", "half_life_days"), RED_FLAGS)
def test_each_red_flag_of_the_texts_has_its_weight(
    catalogue: Catalogue, code: str, requirement: str, category: str, weight_tenths: int, half_life_days: int
) -> None:
    """Somebody who meets this behaviour finds a type for it, with these points."""
    entry = catalogue.type(code)
    assert requirement in entry.codes
    assert (category, weight_tenths, half_life_days) == (entry.category, entry.weight_tenths, entry.half_life_days)


def test_the_table_covers_all_red_flags_and_the_catalogue_has_no_other() -> None:
    """RF33 (pink flags) is no type of its own: it is the severity that every type can have."""
    asked = {f"RF{number:02}" for number in range(1, 44)} - {"RF33"}
    assert asked == {requirement for _, requirement, *_ in RED_FLAGS}


def test_types_without_a_row_are_praise_our_misses_or_unsorted(catalogue: Catalogue) -> None:
    """A new red flag type needs a row in the table above."""
    rows = {code for code, *_ in RED_FLAGS}
    assert {entry.code for entry in catalogue.of_side(Side.THEIRS)} - rows == {"unsorted"}


def test_only_abuse_and_gaslighting_last_until_reviewed(catalogue: Catalogue) -> None:
    """FG14: everything else fades by itself."""
    assert catalogue.lasting_types() == ("abuse", "gaslighting")


def test_our_misses_and_unsorted_notes_cost_nothing(catalogue: Catalogue) -> None:
    """HS18: our misses stand beside the score; a note without a type says nothing yet."""
    weights = {entry.weight_tenths for entry in (*catalogue.of_side(Side.OURS), catalogue.type("unsorted"))}
    assert weights == {0}


def test_praise_is_as_easy_as_blame(catalogue: Catalogue) -> None:
    """HS02, RF27: several kinds of praise, each with a reaction of its own."""
    praise = catalogue.of_side(Side.PRAISE)
    assert len(praise) >= 6
    assert all(entry.emoji for entry in praise)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("snail", "slow_reply"),
        (":snail:", "slow_reply"),
        ("sunflower::skin-tone-2", "praise"),
        ("redflag", "unsorted"),
        ("green_flag", "praise"),
        ("tada", None),
        ("handshake", None),
        ("hourglass", None),
    ],
)
def test_a_reaction_names_its_type(catalogue: Catalogue, name: str, code: str | None) -> None:
    """Skin tones, colons and workspaces' own flags make no difference; everyday reactions mean nothing."""
    entry = EmojiBook(catalogue, {}, {}).meaning(name)
    assert code == (entry.code if entry else None)


def test_emoji_names_look_like_slacks(catalogue: Catalogue) -> None:
    """A name with a colon or a capital letter would never arrive from Slack."""
    names = [emoji for entry in catalogue.types.values() for emoji in entry.emojis]
    assert all(re.fullmatch(r"[a-z0-9_]+", name) for name in names)


@pytest.mark.parametrize(
    ("text", "side", "code"),
    [
        ("paid three weeks late", Side.THEIRS, "late_payment"),
        ("INVOICE 17 is overdue", Side.THEIRS, "late_payment"),
        ("no reply since Monday", Side.THEIRS, "slow_reply"),
        ("called at midnight again", Side.THEIRS, "always_on"),
        ("wants it by tomorrow", Side.THEIRS, "rush_request"),
        ("he was screaming at Ana", Side.THEIRS, "abuse"),
        ("didn\u2019t pay", Side.THEIRS, "late_payment"),
        ("the cat sat on the mat", Side.THEIRS, None),
        ("", Side.THEIRS, None),
        ("paid early", Side.PRAISE, "paid_on_time"),
        ("loved the new homepage", Side.PRAISE, "great_feedback"),
        ("paid early", Side.OURS, None),
        ("we missed the deadline", Side.OURS, "our_late_delivery"),
        ("weer drie weken te laat betaald", Side.THEIRS, "late_payment"),
        ("ha pagat tres setmanes tard", Side.THEIRS, "late_payment"),
        ("de betalade för sent", Side.THEIRS, "late_payment"),
        ("Hij schold Ana uit en SCHREEUWDE", Side.THEIRS, "abuse"),
        ("va cridar i ens va insultar", Side.THEIRS, "abuse"),
        ("han skrek åt Ana", Side.THEIRS, "abuse"),
        ("al een week geen antwoord", Side.THEIRS, "slow_reply"),
        ("fa dies que no contesta", Side.THEIRS, "slow_reply"),
        ("inget svar på en vecka", Side.THEIRS, "slow_reply"),
        ("ho vol per demà", Side.THEIRS, "rush_request"),
        ("bedankte het hele team", Side.PRAISE, "great_feedback"),
        ("va dir gràcies a tothom", Side.PRAISE, "great_feedback"),
        ("betalade i tid", Side.PRAISE, "paid_on_time"),
        ("\uff30\uff41\uff49\uff44 late", Side.THEIRS, "late_payment"),
        ("de betalade fo\u0308r sent", Side.THEIRS, "late_payment"),
        ("presented the unpaidness of lateness", Side.PRAISE, None),
        ("confirmed the meeting", Side.PRAISE, None),
    ],
)
def test_typed_words_suggest_a_type(catalogue: Catalogue, text: str, side: Side, code: str | None) -> None:
    """`/redflag Acme paid three weeks late` needs no form; words that say nothing suggest nothing."""
    guessed = guess_type(catalogue, text, side)
    assert code == (guessed.code if guessed else None)


def test_a_type_that_is_gone_is_named(catalogue: Catalogue) -> None:
    """Whoever meets an unknown code reads which one it was."""
    with pytest.raises(NotFoundError, match="sorcery"):
        catalogue.type("sorcery")


@pytest.mark.parametrize(
    ("added", "complaint"),
    [
        (ENTRY.replace('"money"', '"magic"'), "“odd” has an unknown category: magic"),
        (ENTRY.replace('"theirs"', '"nobody"'), "“odd” is wrong"),
        (ENTRY.replace("weight = 1", "weight = 0.25"), "not a number of tenths"),
        (ENTRY.replace("weight = 1", "weight = -1"), "not a number of tenths"),
        (ENTRY.replace("half_life_days = 10", "half_life_days = 0"), "half-life"),
        (ENTRY.replace('hint = "Hint"', ""), "“odd” is wrong"),
        (ENTRY + 'color = "red"', "“odd” is wrong"),
        (ENTRY + 'emoji = "snail"\naliases = ["snail"]', "emoji “snail” to two types"),
    ],
)
def test_a_wrong_entry_is_refused_by_name(added: str, complaint: str) -> None:
    """A contributor who adds a type reads at once what is wrong with it."""
    with pytest.raises(InvalidError, match=complaint):
        parse_catalogue(f"{UNSORTED}\n[types.odd]\n{added}")


def test_a_catalogue_needs_a_place_for_unsorted_notes() -> None:
    """Without it a note in unknown words could not be kept."""
    with pytest.raises(InvalidError, match="unsorted"):
        parse_catalogue(f'categories = ["money"]\n[types.odd]\n{ENTRY}')


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_red_flag_that_words_suggest_is_suggested_in_four_languages(
    catalogue_data: dict[str, Any], language: str
) -> None:
    """Whoever writes Dutch, Catalan or Swedish gets the same guesses."""
    key = "guess" if language == "en" else f"guess_{language}"
    lists = {code: entry.get(key, []) for code, entry in catalogue_data.items() if entry.get("guess")}

    assert [code for code, phrases in lists.items() if not phrases] == []


def test_words_of_no_type_lead_to_the_likeliest_ones(catalogue: Catalogue) -> None:
    """Four to choose from: first those that share a word with what was typed, then the everyday ones."""
    codes = [entry.code for entry in catalogue.likely("the invoice and the contract of May")]

    assert set(codes[:2]) == {"late_payment", "contract_breach"}
    assert len(codes) == 4
    assert [entry.code for entry in catalogue.likely("hmm")] == list(catalogue.everyday)


def test_questions_belong_to_types(catalogue: Catalogue) -> None:
    """Red flags that count ask whom they harm or what concerns them; nothing is asked about praise or our misses."""
    asks = {code: [each.code for each in catalogue.questions(code)] for code in catalogue.types}

    assert asks["unprofitable"] == ["cause"]
    assert asks["drains_other_work"] == ["suffered"]
    assert asks["toll"] == ["toll_health", "toll_business", "toll_morale"]
    assert asks["late_payment"] == ["touches"]
    assert "stress" not in catalogue.questions("abuse")[0].options
    assert {code for code, asked in asks.items() if asked} == {
        entry.code for entry in catalogue.of_side(Side.THEIRS) if entry.weight_tenths
    }


@pytest.mark.parametrize(
    ("question", "complaint"),
    [
        ('kind = "some"\nlabel = "L"\noptions = {a = "A"}', "question “odd” is wrong"),
        ('kind = "one"\nlabel = "L"', "needs options"),
        ('kind = "client"\nlabel = "L"\noptions = {a = "A"}', "needs options"),
        ('kind = "one"\noptions = {a = "A"}', "question “odd” is wrong"),
    ],
)
def test_a_wrong_question_is_refused_by_name(question: str, complaint: str) -> None:
    """As with types: a contributor reads which one is wrong."""
    with pytest.raises(InvalidError, match=complaint):
        parse_catalogue(f"{UNSORTED}\n[questions.odd]\n{question}")


def test_a_type_asks_only_questions_that_there_are() -> None:
    """A misspelt question is named when the catalogue is read, not when somebody logs a note."""
    with pytest.raises(InvalidError, match="asks an unknown question: nothing"):
        parse_catalogue(f'{UNSORTED}\n[types.odd]\n{ENTRY}\nasks = ["nothing"]')
