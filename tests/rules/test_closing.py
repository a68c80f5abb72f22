"""How far a parting is and when it may be closed (HO10, HO11, WU08)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clients.client import Client
from rules.clients.stages import Origin, Stage, move
from rules.errors import ConflictError, InvalidError
from rules.partings.belongings import Belonging, Holder, Sum, SumState
from rules.partings.closing import CloseCase, Lack, close, obstacles, why_not_close
from rules.partings.deliverables import Answer, Deliverable, Said, Source, answered
from rules.partings.last_steps import Receipt, Way
from rules.partings.parting import (
    Parting,
    PartingState,
    PlannedTask,
    Preview,
    TaskKind,
    TaskState,
    Ticket,
    TicketState,
)
from rules.partings.ticket_opening import new_tickets
from rules.partings.ticket_progress import FINISHED, mark, overdue, progress, waive

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)


def parting(state: PartingState = PartingState.OPEN) -> Parting:
    tasks = tuple(
        PlannedTask(
            code=f"t{number}",
            kind=TaskKind.HANDOFF,
            title=f"Task {number}",
            details="",
            owner_id="U1",
            due_on=date(2026, 12, number),
            arithmetic="",
            ticked=True,
        )
        for number in range(1, 6)
    )
    return Parting(
        id="x1",
        workspace_id="T1",
        client_id="k1",
        decision_id="d1",
        origin=Origin.OURS,
        state=state,
        last_day=date(2026, 12, 31),
        last_day_arithmetic=(),
        amounts_owed="none",
        preview=Preview(revision=1, tracker="jira", tasks=tasks),
        told_at=NOW,
        created_at=NOW,
        created_by="U1",
    )


def tickets(*states: TaskState) -> list[Ticket]:
    """The parent and five tasks; the first ones are in the states given."""
    parent, *tasks = new_tickets(parting(), parting().preview, "Acme", NOW, iter("abcdef").__next__)
    opened = [replace(task, state=TicketState.OPENED) for task in tasks]
    return [
        parent,
        *(mark(task, state, NOW) for task, state in zip(opened, states, strict=False)),
        *opened[len(states) :],
    ]


def case(
    parting: Parting, tickets: Sequence[Ticket], stage: Stage = Stage.HANDING_OFF, unpaid: Sequence[str] = ()
) -> CloseCase:
    """After the last day, with the letter received and nothing owed, unless the parting says otherwise."""
    client = Client(id="k1", workspace_id="T1", name="Acme", owner_id="U1", stage=stage, stage_since=NOW)
    return CloseCase(
        client=client, parting=parting, tickets=tickets, unpaid=unpaid, today=date(2027, 1, 1), has_letter_arrived=True
    )


DONE = [TaskState.DONE] * 5
RECEIPT = Receipt(on=NOW.date(), way=Way.MAIL, by_id="U1")


def test_the_parent_does_not_count() -> None:
    """The figures are about tasks, not about the ticket that holds them."""
    counted = progress(tickets(TaskState.DONE, TaskState.WAIVED, TaskState.GONE))
    assert (counted.total, counted.opened, counted.done, counted.waived, counted.gone, counted.left) == (
        5,
        5,
        1,
        1,
        1,
        3,
    )


def test_stuck_tickets_are_counted() -> None:
    """What the tracker refused waits for a person and shows up as such."""
    parent, first, second, *others = tickets()
    held = [replace(first, state=TicketState.REFUSED), replace(second, state=TicketState.PARKED)]
    assert progress([parent, *held, *others]).stuck == 2


def test_a_parting_closes_when_every_task_is_done_or_waived() -> None:
    """HO11: done or waived with a reason, all of them, and the client has it all; then it is closed, once."""
    parent, first, *others = tickets(*DONE)
    finished = [parent, waive(replace(first, task_state=TaskState.OPEN), "They want no call.", NOW), *others]
    with pytest.raises(InvalidError, match="received everything"):
        close(case(parting(), finished), NOW)
    received = replace(parting(), receipt=RECEIPT)
    closed = close(case(received, finished), NOW)
    assert (closed.state, closed.closed_at) == (PartingState.CLOSED, NOW)
    with pytest.raises(ConflictError, match="closed already"):
        close(case(closed, finished), NOW)


def test_a_parting_with_open_tasks_names_them() -> None:
    """The refusal says how many are left and which come first."""
    with pytest.raises(ConflictError) as refused:
        close(case(parting(), tickets(TaskState.DONE)), NOW)
    assert refused.value.sentence == ("4 of 5 tasks are neither done nor waived: Task 2, Task 3, Task 4 and 1 more.")


def test_a_deleted_ticket_keeps_the_parting_open() -> None:
    """Somebody deleted a ticket in the tracker: the task is not done by that."""
    assert "Task 5" in why_not_close(case(parting(), tickets(*DONE[:4], TaskState.GONE)))


@pytest.mark.parametrize("state", [PartingState.PREPARING, PartingState.OPENING, PartingState.STOPPED])
@pytest.mark.parametrize("told_at", [None, NOW])
def test_a_parting_that_was_never_opened_is_not_closed(state: PartingState, told_at: datetime | None) -> None:
    """The talk comes first: tickets that wait for nothing else are no second thing to settle."""
    judged = case(replace(parting(state), told_at=told_at), tickets(*DONE))
    unopened = [Lack.UNOPENED] if told_at or state is not PartingState.OPENING else []
    assert [each.lack for each in obstacles(judged)] == [*([] if told_at else [Lack.TALK]), *unopened]


def test_waiving_needs_a_reason() -> None:
    """A task is given up with a word why, which is kept."""
    _, first, *_ = tickets()
    with pytest.raises(InvalidError, match="not needed"):
        waive(first, "  ", NOW)
    waived = waive(first, " Never had any. ", NOW)
    assert (waived.task_state, waived.waived_reason) == (TaskState.WAIVED, "Never had any.")


def test_a_done_task_is_not_waived() -> None:
    """What is done stays done."""
    _, first, *_ = tickets(TaskState.DONE)
    with pytest.raises(ConflictError, match="done already"):
        waive(first, "Late click.", NOW)


@pytest.mark.parametrize(
    ("before", "says", "after"),
    [
        (TaskState.OPEN, TaskState.DONE, TaskState.DONE),
        (TaskState.DONE, TaskState.OPEN, TaskState.OPEN),
        (TaskState.OPEN, TaskState.GONE, TaskState.GONE),
        (TaskState.WAIVED, TaskState.OPEN, TaskState.WAIVED),
        (TaskState.WAIVED, TaskState.GONE, TaskState.WAIVED),
        (TaskState.WAIVED, TaskState.DONE, TaskState.DONE),
    ],
)
def test_the_tracker_tells_what_became_of_a_task(before: TaskState, says: TaskState, after: TaskState) -> None:
    """Reopened in the tracker means open here; a waiver holds until the work is done after all."""
    _, first, *_ = tickets(before)
    assert mark(first, says, NOW).task_state is after


def test_overdue_tasks_come_longest_first() -> None:
    """WU08: unfinished tasks past their day, not those that are done or waived."""
    late = overdue(tickets(TaskState.DONE), date(2026, 12, 4))
    assert [task.task_code for task in late] == ["t2", "t3"]


def test_the_look_back_does_not_hold_up_the_close() -> None:
    """It is due weeks after the end, so the parting closes before it."""
    *others, last = tickets(*DONE)
    waiting = replace(last, task_code="look_back", task_state=TaskState.OPEN)
    assert why_not_close(case(parting(), [*others, waiting])) == ""


OWED = Sum(code="s1", what="Invoice 17", amount=Decimal(900), currency="EUR", due_on=NOW.date())
ASKED = Deliverable(code="deliverable_1", title="Site", due_on=NOW.date())
DROPPED = answered(ASKED, Said(answer=Answer.DROP, source=Source.DEFAULT, due_on=NOW.date(), on=NOW.date()))


@pytest.mark.parametrize(
    ("changed", "lack", "words"),
    [
        ({"has_letter_arrived": False}, Lack.LETTER, "say why there is none"),
        ({"items": (ASKED,)}, Lack.ANSWERS, "Site has no answer"),
        ({"sums": (OWED,)}, Lack.MONEY, "Invoice 17 is not settled"),
        ({"amounts_owed": "EUR 900 by Friday"}, Lack.OWED, "Say what is owed"),
        ({"amounts_owed": ""}, Lack.OWED, "Say what is owed"),
        ({"unpaid": ("18",)}, Lack.MONEY, "Invoice 18"),
        (
            {"belongings": (Belonging(code="b", what="Camera", belongs_to=Holder.US),)},
            Lack.BELONGINGS,
            "Camera is ours",
        ),
        ({"today": date(2026, 12, 31)}, Lack.LAST_DAY, "Thu 31 Dec 2026, is not over yet"),
    ],
)
def test_closing_asks_for_everything(changed: dict[str, Any], lack: Lack, words: str) -> None:
    """HO11, WU11: one thing that is missing keeps the parting open, and says what it is and where it is settled."""
    of_case = {name: value for name, value in changed.items() if name in {"has_letter_arrived", "unpaid", "today"}}
    of_parting = {name: value for name, value in changed.items() if name not in of_case}
    judged = replace(case(replace(parting(), receipt=RECEIPT, **of_parting), tickets(*DONE)), **of_case)
    assert [(each.lack, words in each.sentence) for each in obstacles(judged)] == [(lack, True)]


@pytest.mark.parametrize(
    "settled",
    [
        {"no_letter": "They asked for none."},
        {"items": (DROPPED,)},
        {"sums": (replace(OWED, state=SumState.LET_GO),), "amounts_owed": "EUR 900"},
        {"sums": (replace(OWED, state=SumState.PAID),)},
        {"belongings": (Belonging(code="b", what="Camera", belongs_to=Holder.US, returned_on=NOW.date()),)},
    ],
)
def test_each_lack_has_its_way_out(settled: dict[str, Any]) -> None:
    """A recorded reason, a default, a sum that is let go by its name, a thing that is back: then nothing is missing."""
    judged = case(replace(parting(), receipt=RECEIPT, **settled), tickets(*DONE))
    assert obstacles(replace(judged, has_letter_arrived="no_letter" not in settled)) == ()


THINGS = st.builds(
    Belonging,
    code=st.just("b1"),
    what=st.just("The domain"),
    belongs_to=st.sampled_from(Holder),
    returned_on=st.sampled_from([None, NOW.date()]),
)
CASES = st.builds(
    lambda state, origin, things, states, stage, unpaid, told_at: case(
        replace(parting(state), origin=origin, belongings=tuple(things), receipt=RECEIPT, told_at=told_at),
        tickets(*states),
        stage,
        unpaid,
    ),
    st.sampled_from(PartingState) | st.just(PartingState.OPEN),
    st.sampled_from(Origin),
    st.lists(THINGS, max_size=2),
    st.lists(st.sampled_from(TaskState), min_size=5, max_size=5) | st.just(DONE),
    st.sampled_from(Stage) | st.just(Stage.HANDING_OFF),
    st.sampled_from([(), ("2026-17",)]),
    st.sampled_from([None, NOW]) | st.just(NOW),
)


@given(CASES)
def test_nothing_stands_in_the_way_exactly_where_closing_goes(judged: CloseCase) -> None:
    """What Home and the button say is what the form does: HO07, HO11, RF43, all of them and nothing else."""
    goes = (
        judged.parting.state is PartingState.OPEN
        and judged.parting.told_at is not None
        and all(task.task_state in FINISHED for task in judged.tickets if task.parent_id)
        and judged.client.stage is Stage.HANDING_OFF
        and not judged.unpaid
        and all(each.returned_on for each in judged.parting.belongings)
    )
    obstacle = why_not_close(judged)
    assert (obstacle == "") is goes
    if goes:
        assert close(judged, NOW).state is PartingState.CLOSED
        assert move(judged.client.stage, Stage.CLOSED, now=NOW) is Stage.CLOSED
    else:
        with pytest.raises(ConflictError) as refused:
            close(judged, NOW)
        assert refused.value.sentence == obstacle


def test_nothing_of_theirs_is_waived_because_they_have_not_paid() -> None:
    """WU08, BR12: what belongs to the client is handed back whatever they owe."""
    task = replace(tickets(TaskState.OPEN)[0], task_code="credentials")
    with pytest.raises(InvalidError):
        waive(task, "They have not paid invoice 2041.", NOW)
    assert waive(task, "They run the logins themselves.", NOW).task_state is TaskState.WAIVED
