"""The history page by page, and setting notes right, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from bot.services.capture.ledger import PAGE, Sieve
from rules.errors import ConflictError, RefusedError
from rules.health.signal import CORRECTED, Severity, Side, State
from rules.health.why.change import Cause

if TYPE_CHECKING:
    from tests.services.health.conftest import Practice

WORKSPACE, ACME = "T1", "cl-acme"


def ids(practice: Practice, sieve: Sieve | None = None) -> list[str]:
    """Every note that Olivia reads, turning page after page."""
    found, asked = [], sieve or Sieve()
    while True:
        page = practice.ledger.page(WORKSPACE, practice.olivia, ACME, asked)
        found += [note.id for note in page.notes]
        if not page.older:
            return found
        asked = replace(asked, after=page.older)


def test_turning_pages_shows_every_note_once_also_of_one_moment(practice: Practice) -> None:
    """Nothing is lost or doubled between two pages, however many notes share a time."""
    made = [practice.log("late_payment", once=f"same-{number}").id for number in range(PAGE * 2 + 3)]
    made += [practice.log("praise", days_ago=number + 1).id for number in range(PAGE)]

    first = practice.ledger.page(WORKSPACE, practice.olivia, ACME, Sieve())

    assert len(first.notes) == PAGE
    assert sorted(ids(practice)) == sorted(made)


def test_notes_are_sifted_by_side_state_and_type(practice: Practice) -> None:
    """Whoever looks for excused late payments doesn't read the rest."""
    late = practice.log("late_payment", 3)
    practice.log("disrespect", 2)
    praise = practice.log("praise", 1)
    practice.capture.excuse(WORKSPACE, practice.olivia, late.id, "Their bank failed")

    sieved = [
        ids(practice, Sieve(side=Side.PRAISE)),
        ids(practice, Sieve(state=State.EXCUSED)),
        ids(practice, Sieve(type="late_payment", state=State.EXCUSED, side=Side.THEIRS)),
        ids(practice, Sieve(type="late_payment", state=State.LIVE)),
    ]

    assert sieved == [[praise.id], [late.id], [late.id], []]


def test_notes_from_a_conversation_that_one_is_not_in_are_skipped(practice: Practice) -> None:
    """BR14: they leave no gap, and the pages still end where the ledger ends."""
    room = practice.whisper_room(practice.tom)
    seen = practice.log("praise", 40)
    for number in range(PAGE * 3):
        practice.log("disrespect", number, by=practice.tom, channel_id=room, message_ts=f"17300000{number:02}.000100")

    page = practice.ledger.page(WORKSPACE, practice.olivia, ACME, Sieve())

    assert ([note.id for note in page.notes], page.older) == ([seen.id], "")
    assert len(practice.ledger.page(WORKSPACE, practice.tom, ACME, Sieve()).notes) == PAGE


def test_a_correction_says_from_what_and_to_what(practice: Practice) -> None:
    """Another type is a further entry; both know each other, and only the right one counts."""
    wrong = practice.log("disrespect", 3)
    right = practice.capture.retype(
        WORKSPACE, practice.olivia, wrong.id, practice.new("slow_reply", 3, once=wrong.id)
    ).signal

    page = practice.ledger.page(WORKSPACE, practice.olivia, ACME, Sieve())
    old = next(note for note in page.notes if note.id == wrong.id)
    new = next(note for note in page.notes if note.id == right.id)

    assert (old.state, old.state_reason, old.corrected_by) == (State.WITHDRAWN, CORRECTED, right.id)
    assert (new.state, new.corrects) == (State.LIVE, wrong.id)
    assert set(page.others) == {wrong.id, right.id}


def test_a_type_can_be_corrected_back(practice: Practice) -> None:
    """The first type was right after all: it counts again, once, and the other one is struck."""
    first = practice.log("disrespect", 3)
    other = practice.capture.retype(
        WORKSPACE, practice.olivia, first.id, practice.new("slow_reply", 3, once="again")
    ).signal
    back = practice.capture.retype(WORKSPACE, practice.olivia, other.id, practice.new("disrespect", 3)).signal

    states = {note.id: note.state for note in practice.ledger.page(WORKSPACE, practice.olivia, ACME, Sieve()).notes}

    assert (back.id, back.corrects) == (first.id, other.id)
    assert states == {first.id: State.LIVE, other.id: State.WITHDRAWN}


def test_a_milder_severity_is_remembered_in_its_row(practice: Practice) -> None:
    """What it was until then stays readable, and an excused note stays excused."""
    note = practice.log("disrespect", 3)
    milder = practice.new("disrespect", 3, severity=Severity.PINK)
    practice.capture.retype(WORKSPACE, practice.olivia, note.id, milder)
    practice.capture.excuse(WORKSPACE, practice.olivia, note.id, "Agreed")
    practice.capture.retype(WORKSPACE, practice.olivia, note.id, replace(milder, note="Agreed by phone"))

    found = practice.ledger.page(WORKSPACE, practice.olivia, ACME, Sieve()).notes[0]

    assert (found.severity, found.state, found.note) == (Severity.PINK, State.EXCUSED, "Agreed by phone")
    assert [revision.severity for revision in found.revisions] == [Severity.RED]


def test_a_lasting_note_fades_from_a_deciders_review_on(practice: Practice) -> None:
    """FG14: only a decider reviews, says what was done, and then it fades; the act-now banner goes."""
    note = practice.log("abuse", 30)
    with pytest.raises(RefusedError):
        practice.ledger.review(WORKSPACE, practice.tom, note.id, "Talked to them")
    before = practice.card()
    practice.ledger.review(WORKSPACE, practice.olivia, note.id, "Talked to them")
    practice.clock.move(days=60)
    after = practice.card()

    assert (len(before.health.banners), len(after.health.banners)) == (1, 0)
    assert after.health.total_tenths > before.health.total_tenths
    with pytest.raises(ConflictError):
        practice.ledger.review(WORKSPACE, practice.olivia, note.id, "Again")
    assert [entry.action for entry in practice.audit] == ["note reviewed"]


def test_what_was_taken_back_never_was(practice: Practice) -> None:
    """Not today and not in the picture of the last weeks; what moved the number since last week says why."""
    for days, code in ((30, "praise"), (28, "slow_reply"), (25, "rush_request")):
        practice.clock.moment -= timedelta(days=days)
        practice.log(code, by=practice.tom)
        practice.clock.move(days=days)
    never = [point.score_tenths for point in practice.explain().points]
    practice.clock.moment -= timedelta(days=20)
    practice.log("disrespect", by=practice.tom)
    practice.clock.move(days=20)
    note = next(each for each in practice.card().signals.values() if each.type == "disrespect")
    counted = [point.score_tenths for point in practice.explain().points]
    practice.capture.withdraw(WORKSPACE, practice.tom, note.id)

    explained = practice.explain()

    assert [point.score_tenths for point in explained.points] == never != counted
    assert Cause.TAKEN_BACK in {move.cause for move in explained.moves}


def test_a_note_that_one_can_not_see_can_not_be_changed_either(practice: Practice) -> None:
    """BR14: a form that was drawn while somebody was in the private channel gives nothing away afterwards."""
    room = practice.whisper_room(practice.tom)
    hidden = practice.log("abuse", by=practice.tom, channel_id=room, message_ts="1730000000.000100")
    acts = (
        lambda: practice.capture.own_note(WORKSPACE, practice.olivia, hidden.id),
        lambda: practice.capture.withdraw(WORKSPACE, practice.olivia, hidden.id),
        lambda: practice.ledger.review(WORKSPACE, practice.olivia, hidden.id, "We spoke"),
    )
    for act in acts:
        with pytest.raises(ConflictError, match="a conversation that you are not in"):
            act()

    assert practice.capture.own_note(WORKSPACE, practice.tom, hidden.id) == hidden


def test_what_was_excused_by_mistake_counts_again(practice: Practice) -> None:
    """The same note, the same points; one that was corrected stays struck, so that nothing counts twice."""
    note = practice.log("disrespect", 3)
    before = practice.card().health.total_tenths
    practice.capture.excuse(WORKSPACE, practice.olivia, note.id, "Agreed")
    excused = practice.card().health.total_tenths
    practice.capture.restore(WORKSPACE, practice.olivia, note.id)
    after = practice.card().health.total_tenths
    practice.capture.retype(WORKSPACE, practice.olivia, note.id, practice.new("slow_reply", 3, once=note.id))

    assert (excused, after) == (1000, before)
    with pytest.raises(ConflictError):
        practice.capture.restore(WORKSPACE, practice.olivia, note.id)


def test_a_receipt_tells_both_numbers_as_the_whole_ledger_has_them(practice: Practice) -> None:
    """Of the first note of a day and of the next, of praise, old news, a miss of ours, and of a note told by two."""
    told: list[Any] = []
    there: dict[str, Any] = {"channel_id": "C1", "message_ts": "1793610000.000100"}
    practice.log("late_payment", days_ago=1)
    for days, new in (
        (0, practice.new("disrespect", severity=Severity.PINK)),
        (1, practice.new("praise", severity=None)),
        (0, practice.new("goes_quiet", days_ago=40)),
        (0, practice.new("late_payment", days_ago=900)),
        (9, practice.new("our_late_delivery", severity=None)),
        (0, practice.new("abuse", days_ago=900, guessed=True)),
        (0, practice.new("abuse")),
        (3, practice.new("rush_request", **there)),
        (0, practice.new("rush_request", **there)),
    ):
        practice.clock.move(days=days)
        with practice.units.read(WORKSPACE) as unit:
            was = practice.health.without(unit, ACME)("")
        by = practice.tom if new.message_ts else practice.olivia
        receipt = practice.capture.log(WORKSPACE, by, replace(new, once=f"{len(told)}"))
        with practice.units.begin(WORKSPACE) as unit:
            kept = practice.health.standing(unit, ACME)
            now = practice.health.touched(unit, ACME)
            told.append((receipt.before, receipt.after, kept) == (was, now, practice.health.standing(unit, ACME)))

    assert told == [True] * 9
