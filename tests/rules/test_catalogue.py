"""What can be noticed: every red flag of the source texts is there, and a wrong entry is refused with its name."""

from __future__ import annotations

import re

import pytest

from rules.errors import InvalidError, NotFoundError
from rules.health.catalogue import Catalogue, parse_catalogue
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


@pytest.mark.parametrize(("code", "requirement", "category", "weight_tenths", "half_life_days"), RED_FLAGS)
def test_each_red_flag_of_the_texts_can_be_logged(
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
        ("handshake::skin-tone-2", "trusts_us"),
        ("redflag", "unsorted"),
        ("green_flag", "praise"),
        ("tada", None),
    ],
)
def test_a_reaction_names_its_type(catalogue: Catalogue, name: str, code: str | None) -> None:
    """Skin tones, colons and workspaces' own flags make no difference; everyday reactions mean nothing."""
    entry = catalogue.by_emoji(name)
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
    ],
)
def test_typed_words_suggest_a_type(catalogue: Catalogue, text: str, side: Side, code: str | None) -> None:
    """`/redflag Acme paid three weeks late` needs no form; words that say nothing suggest nothing."""
    assert code == catalogue.guess(text, side)


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
