"""What stands behind a score, for each reader, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.services.health.appraisals import Value
from rules.decisions.plan import Action, ActionSide, Plan
from rules.errors import ConflictError, InvalidError, RefusedError
from rules.health.days.standing import Objection
from rules.health.score import Band, LineKind
from rules.health.trend import WEEKS
from rules.health.why.change import Cause

if TYPE_CHECKING:
    from tests.services.health.conftest import Practice

WORKSPACE, ACME = "T1", "cl-acme"
TODAY = date(2026, 11, 2)


def struggle(practice: Practice) -> None:
    """A client that pays late, is rude and says thanks; one of the notes is from this week."""
    for days, code in ((30, "late_payment"), (20, "disrespect"), (12, "praise"), (3, "late_payment")):
        practice.clock.moment -= timedelta(days=days)
        practice.log(code, by=practice.tom)
        practice.clock.move(days=days)


def test_since_last_week_adds_up_and_names_the_new_note(practice: Practice) -> None:
    """From the old total to the new one, in moves; the biggest is what happened this week."""
    struggle(practice)
    found = practice.explain()

    difference = found.card.health.total_tenths - found.total_week_ago_tenths
    assert sum(move.points_tenths for move in found.moves) == difference
    assert found.moves[0].cause is Cause.NEW
    assert found.card.signals[found.moves[0].signal_ids[0]].happened_on == TODAY - timedelta(days=3)
    assert (len(found.points), found.points[-1].score_tenths) == (WEEKS, found.card.health.score_tenths)


def test_a_reader_is_told_only_what_that_reader_may_see(practice: Practice) -> None:
    """BR14: hidden notes move the sum in one line without a name, in the account, the week and the outlook."""
    struggle(practice)
    room = practice.whisper_room(practice.tom)
    hidden = practice.log("abuse", 1, by=practice.tom, channel_id=room, message_ts="1730000000.000100")
    found = practice.explain()

    named = {line.signal_id for line in found.card.health.lines}
    named |= {signal_id for move in found.moves for signal_id in move.signal_ids}
    named |= {fading.signal_id for fading in found.outlook.fading}
    assert hidden.id not in named | set(found.card.signals)
    assert Cause.HIDDEN in {move.cause for move in found.moves}
    assert [line.kind for line in found.card.health.lines][-1] is LineKind.HIDDEN
    assert hidden.id in {line.signal_id for line in practice.explain(practice.tom).card.health.lines}


def test_what_we_owe_them_stands_beside(practice: Practice) -> None:
    """HS18: our misses and the open promises of the running plan, never what is done or theirs."""
    practice.log("our_slow_reply", 2)
    ours = Action(concern_id="c1", text="Bundle questions", side=ActionSide.OURS, owner_id="UTOM", due_on=TODAY)
    actions = (ours, replace(ours, side=ActionSide.THEIRS), replace(ours, done_on=TODAY))
    plan = Plan(
        id="pl-1",
        workspace_id=WORKSPACE,
        client_id=ACME,
        goal="Calm",
        concerns=(),
        actions=actions,
        checkpoints=(),
        started_at=practice.clock.now(),
        started_by="UTOM",
    )
    with practice.units.begin(WORKSPACE) as unit:
        unit.plans.save(plan)

    found = practice.explain()

    assert found.promises == (ours,)
    assert [line.type for line in found.card.health.our_side] == ["our_slow_reply"]
    assert found.card.health.total_tenths == 1000


def test_value_is_seen_and_set_by_those_who_decide(practice: Practice) -> None:
    """HS03: two numbers make the card; a colleague sees neither and can't set them."""
    struggle(practice)
    value = Value(revenue_share_percent=30, margin_percent=None, hours_a_week=12)
    with pytest.raises(RefusedError):
        practice.appraisals.set_value(WORKSPACE, practice.tom, ACME, value)
    practice.appraisals.set_value(WORKSPACE, practice.olivia, ACME, value)

    toll = practice.explain().toll

    assert toll is not None
    assert (toll.revenue_share_percent, toll.hours_a_week, toll.paid_late) == (30, 12, 2)
    assert practice.explain(practice.tom).toll is None
    assert [entry.action for entry in practice.audit] == ["value set"]


def objection(**changes: object) -> Objection:
    known = Objection(band=Band.HEALTHY, reason="They moved house; it is agreed", last_day=TODAY + timedelta(days=13))
    return replace(known, **changes)  # type: ignore[arg-type]  # the changes are the caller's to type


def test_an_override_survives_recalculation_and_ends_by_itself(practice: Practice) -> None:
    """Its author, reason and day stand beside what is computed; new notes and readings don't touch it."""
    struggle(practice)
    computed = practice.card().band
    practice.appraisals.override(WORKSPACE, practice.olivia, ACME, objection())
    practice.log("disrespect", 1)
    practice.health.read_all(WORKSPACE)
    practice.clock.move(days=13)
    practice.health.read_all(WORKSPACE)
    during = practice.card()
    practice.clock.move(days=1)
    after = practice.card()

    assert computed is not Band.HEALTHY
    assert during.override is not None
    assert (during.band, during.override.by_id, during.health.band) == (Band.HEALTHY, "UOLIVIA", during.health.band)
    assert (after.override, after.band) == (None, after.health.band)
    assert [(entry.action, entry.details) for entry in practice.audit] == [
        ("band overridden", "healthy until 2026-11-15")
    ]


def test_an_override_can_be_ended_early_once(practice: Practice) -> None:
    """Whoever decides may take the word back; a second click is told that there is none."""
    practice.appraisals.override(WORKSPACE, practice.olivia, ACME, objection())
    practice.appraisals.end_override(WORKSPACE, practice.olivia, ACME)

    assert practice.card().override is None
    with pytest.raises(ConflictError):
        practice.appraisals.end_override(WORKSPACE, practice.olivia, ACME)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"band": Band.TOO_EARLY}, "band"),
        ({"last_day": TODAY - timedelta(days=1)}, "last_day"),
        ({"last_day": TODAY + timedelta(days=91)}, "last_day"),
    ],
)
def test_an_override_needs_a_reason_a_band_and_an_end(practice: Practice, wrong: dict[str, object], field: str) -> None:
    """What is wrong is said beside its field, and nothing changes."""
    with pytest.raises(InvalidError) as refused:
        practice.appraisals.override(WORKSPACE, practice.olivia, ACME, objection(**wrong))

    assert set(refused.value.fields) == {field}
    assert practice.card().override is None


def test_only_deciders_override(practice: Practice) -> None:
    """A colleague's opinion is a note, not an override."""
    with pytest.raises(RefusedError):
        practice.appraisals.override(WORKSPACE, practice.tom, ACME, objection())
    with pytest.raises(RefusedError):
        practice.appraisals.client(WORKSPACE, practice.tom, ACME)


def test_the_next_step_has_an_owner_and_a_day_that_stays(practice: Practice) -> None:
    """HS04: counted from the day on which the band appeared, so that it can be late."""
    struggle(practice)
    first = practice.card().step
    practice.health.read_all(WORKSPACE)
    practice.clock.move(days=1)
    practice.health.read_all(WORKSPACE)
    second = practice.card().step
    practice.clock.move(days=12)
    late = practice.card().step

    assert (first.owner_id, first.due_on) == ("UOLIVIA", second.due_on)
    assert (second.overdue, late.overdue, late.due_on) == (False, True, second.due_on)
