"""Closed is not the same as done: what the names of statuses, resolutions and lists say (facts/trackers.md 8.3)."""

from __future__ import annotations

import pytest

from rules.partings.tickets.outcomes import PLAIN_LIMIT, ClosedAs, Outcome, meaning, outcome, plain, untold
from rules.ports import TicketStatus

GIVEN_UP = ["Won't Do", "Won\u2019t fix", "Cancelled", "CANCELED", "Duplicate", "Abgelehnt", "キャンセル"]


@pytest.mark.parametrize("name", ["Done", "ERLEDIGT", "Terminé", "Concluído", "完了", "Completed!", "  gereed "])
def test_a_name_that_says_done_means_done(name: str) -> None:
    """In the language that the board is kept in."""
    assert meaning(name, {}) is ClosedAs.DONE


@pytest.mark.parametrize("name", GIVEN_UP)
def test_a_name_that_says_given_up_never_means_done(name: str) -> None:
    """Not even where somebody once said so."""
    plainly = name.casefold().replace("'", "").replace("\u2019", "")
    assert (meaning(name, {}), meaning(name, {plainly: True})) == (ClosedAs.DROPPED, ClosedAs.DROPPED)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (TicketStatus(names=("In Progress",)), Outcome.OPEN),
        (TicketStatus(closed=True, names=("Done", "Closed")), Outcome.DONE),
        (TicketStatus(closed=True, names=("Won't Do", "Done")), Outcome.DROPPED),
        (TicketStatus(closed=True, names=("Done", "Cancelled")), Outcome.DROPPED),
        (TicketStatus(closed=True, names=("Handled by them", "Done")), Outcome.DROPPED),
        (TicketStatus(closed=True, names=("Closed",)), Outcome.DROPPED),
        (TicketStatus(closed=True), Outcome.DROPPED),
        (TicketStatus(closed=True, complete=True), Outcome.DONE),
        (TicketStatus(names=("Fertig",)), Outcome.DONE),
        (TicketStatus(names=("Cancelled",)), Outcome.DROPPED),
        (TicketStatus(closed=True, names=("Doing",)), Outcome.DROPPED),
    ],
)
def test_what_became_of_a_ticket(status: TicketStatus, expected: Outcome) -> None:
    """The resolution before the status, anything that gives up before both, and what nobody can read is not done."""
    assert outcome(status, {}) is expected


def test_names_without_letters_and_long_ones_are_told_apart() -> None:
    """Else an answer about one of them would be one about all."""
    names = ["✅", "⏳", "✅✅", "—", "x" * 200 + "1", "x" * 200 + "2", "✅" * 200, "✅" * 201]
    known = [plain(name) for name in names]
    assert len(set(known)) == len(names)
    assert {0 < len(name) <= PLAIN_LIMIT for name in known} == {True}
    assert [meaning(name, {plain("✅"): True}) for name in names[:2]] == [ClosedAs.DONE, ClosedAs.UNKNOWN]


def test_what_the_names_do_not_tell_is_asked_once() -> None:
    """And the answer counts from then on, whichever it is."""
    closed = TicketStatus(closed=True, names=("Closed",))
    names = ["Done", "Closed", "Won't Do", "Parked"]
    said = {"closed": True, "parked": False}
    assert (untold(names, {}), untold(names, said)) == (["Closed", "Parked"], [])
    assert (outcome(closed, said), outcome(closed, {"closed": False})) == (Outcome.DONE, Outcome.DROPPED)
