"""What a note costs and how long it is remembered, as owners of agencies judged it: by kinds, not type by type.

The yardstick is a small irritation of one afternoon: 2 points, as much as one good deed gives back. Everything else is
told in such afternoons, and in how long it takes until half of it is forgiven.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from rules.health.catalogue import Catalogue
from rules.health.score import Health, LineKind
from rules.health.signal import Side, Signal

AFTERNOON = 20  # tenths of a point
MOOD, HABIT, WAY_OF_WORKING, BOND = 30, 45, 60, 90  # days until half is forgiven
LASTING = frozenset({"abuse", "gaslighting"})

# How many afternoons, how long, which, and why.
KINDS = [
    (0.5, MOOD, "gut", "a hunch decides nothing"),
    (1, MOOD, "negative_vibe", "a bad day is a bad day"),
    (0.75, HABIT, "short_on_praise", "silence is no offence"),
    (1, HABIT, "unprepared no_acknowledgement rush_request dissatisfied", "an afternoon lost"),
    (1.25, HABIT, "slow_reply goes_quiet always_on", "work stops, or never does"),
    (1.5, HABIT, "comms_breach", "what was agreed about talking is broken"),
    (
        1.25,
        WAY_OF_WORKING,
        "rate_pressure time_sink rejects_ideas rejects_advice doubts_expertise rejects_feedback controlling",
        "how they work with us",
    ),
    (
        1.25,
        WAY_OF_WORKING,
        "unrealistic",
        "it is for us to say what can be had",
    ),
    (
        1.5,
        WAY_OF_WORKING,
        "drains_other_work no_commitment never_satisfied demoralising team_avoidance",
        "others pay for it too",
    ),
    (1.75, WAY_OF_WORKING, "impossible_demand", "somebody will have to say no"),
    (2, WAY_OF_WORKING, "disrespect toll", "it hurts people"),
    (0.5, BOND, "wrong_volume", "nobody's fault"),
    (1, BOND, "grown_apart", "nobody's fault, and felt"),
    (1.25, BOND, "misaligned_goal values_misfit", "won't go away by itself"),
    (1.5, BOND, "stalled", "months of it"),
    (2, BOND, "unprofitable keeps_demands", "the business bleeds, or a plan was in vain"),
    (2.25, BOND, "late_payment breach_of_deal", "a promise broken that costs money"),
    (2.5, BOND, "contract_breach", "a written promise broken"),
    (4, BOND, "gaslighting", "four afternoons: people doubt themselves"),
    (5, BOND, "abuse", "five: as bad as two written promises broken"),
    (0, WAY_OF_WORKING, "unsorted", "says nothing yet"),
    (0, BOND, "natural_fade", "a quiet close is no reproach"),
]
DEEDS = [
    (0.75, HABIT, "quick_reply", "pleasant"),
    (1, WAY_OF_WORKING, "praise paid_on_time clear_brief celebrates", "as much as a small irritation costs"),
    (1.5, WAY_OF_WORKING, "great_feedback trusts_us improved", "it changes how we work"),
    (2, BOND, "recommends_us", "it brings work"),
]


@pytest.mark.parametrize(("afternoons", "days", "codes", "why"), KINDS)
def test_what_a_kind_of_flag_costs_and_when_half_is_forgiven(
    note: Callable[..., Signal],
    judge: Callable[..., Health],
    afternoons: float,
    days: int,
    codes: str,
    why: str,
) -> None:
    """Red is twice pink; half of it is forgiven after the time of its kind: not a fifth sooner, not a fifth later."""
    del why  # it is for whoever reads the list
    for code in codes.split():
        red = [note(code, 0, "red")]
        fresh, early, half, late = (-cost(judge(red, after), LineKind.FLAG) for after in around(days))
        assert fresh == round(2 * afternoons * AFTERNOON), code
        assert -cost(judge([note(code, 0, "pink")]), LineKind.FLAG) == round(afternoons * AFTERNOON), code
        if code in LASTING:
            assert fresh == half == late, code
            red = [note(code, 0, "red", reviewed_at=note(code).logged_at)]
            fresh, early, half, late = (-cost(judge(red, after), LineKind.FLAG) for after in around(days))
        if fresh:
            assert late < fresh / 2 <= half <= fresh / 2 + 1 < early, code


@pytest.mark.parametrize(("afternoons", "days", "codes", "why"), DEEDS)
def test_what_a_good_deed_gives_back_and_when_half_has_faded(
    note: Callable[..., Signal],
    judge: Callable[..., Health],
    afternoons: float,
    days: int,
    codes: str,
    why: str,
) -> None:
    """Told in what a small irritation costs, so that one makes up for the other."""
    del why
    for code in codes.split():
        deeds = [note(code)]
        fresh, early, half, late = (cost(judge(deeds, after), LineKind.PRAISE) for after in around(days))
        assert fresh == round(afternoons * AFTERNOON), code
        assert late < half < early, code
        assert abs(half - fresh / 2) <= 0.5, code


def test_every_type_was_judged(catalogue: Catalogue) -> None:
    """A new type needs a judgement; our own misses cost the client nothing."""
    judged = {code for _, _, codes, _ in (*KINDS, *DEEDS) for code in codes.split()}
    assert judged == {code for code, each in catalogue.types.items() if each.side is not Side.OURS}
    assert [each.weight_tenths for each in catalogue.of_side(Side.OURS)] == [0] * len(catalogue.of_side(Side.OURS))


def around(days: int) -> tuple[int, int, int, int]:
    return 0, days * 8 // 10, days, days * 12 // 10


def cost(found: Health, kind: LineKind) -> int:
    return sum(line.points_tenths for line in found.lines if line.kind is kind)
