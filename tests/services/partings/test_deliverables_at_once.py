"""Answers that two people type in at once, and defaults that are taken twice: nothing is lost, nothing doubled."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from bot.agenda import TAKE_DEFAULT_ANSWERS
from bot.services.partings.tasks.deliverables import DeliverableService, NewItem, Reply
from rules.partings.deliverables import Answer, Source
from rules.partings.parting import PartingState

if TYPE_CHECKING:
    from tests.services.partings.conftest import Office

pytestmark = pytest.mark.both_databases

WORKSPACE = "T1"


def test_two_people_answer_at_once(office: Office) -> None:
    """Each answer is kept, and each deliverable has exactly one ticket, under one parent."""
    service = DeliverableService(office.units, office.clock)
    office.open()
    office.run()
    due_on = office.clock.now().date() + timedelta(days=9)
    for number in range(6):
        service.add(WORKSPACE, office.owner, office.parting.id, NewItem(title=f"Part {number}", due_on=due_on))
    items = office.sheet().parting.items

    def answer(place: int) -> None:
        who = office.owner if place % 2 else office.admin
        reply = Reply(answer=Answer.FINISH if place % 3 else Answer.HAND_OVER)
        service.answer(WORKSPACE, who, office.parting.id, {items[place // 2].code: reply})

    with ThreadPoolExecutor(4) as people:
        list(people.map(answer, range(12)))
    office.run()

    parting = office.sheet().parting
    markers = office.jira.markers()
    open_codes = [row.task_code for row in office.rows() if row.task_code.startswith("deliverable_")]
    assert [item.answer is None for item in parting.items] == [False] * 6
    assert (len(open_codes), len(markers)) == (len(set(open_codes)), len(set(markers)))
    assert parting.state is PartingState.OPEN


def test_a_default_is_taken_once(office: Office) -> None:
    """A job that runs twice, or beside itself, records one default and opens one ticket."""
    service = DeliverableService(office.units, office.clock)
    office.open()
    office.run()
    today = office.clock.now().date()
    service.add(WORKSPACE, office.owner, office.parting.id, NewItem(title="Film", due_on=today))
    service.ask(WORKSPACE, office.owner, office.parting.id, today, Answer.FINISH)
    early = service.take_default(WORKSPACE, office.parting.id)
    with office.units.read(WORKSPACE) as unit:
        still_due = unit.dues.find(TAKE_DEFAULT_ANSWERS, office.parting.id)
    office.clock.move(days=2)
    with ThreadPoolExecutor(3) as workers:
        taken = list(workers.map(lambda _: service.take_default(WORKSPACE, office.parting.id), range(3)))
    office.run()

    (item,) = office.sheet().parting.items
    tickets = [row for row in office.rows() if row.task_code == item.code]
    assert still_due is not None
    assert (early, sorted(taken)) == (False, [False, False, True])
    assert [(said.answer, said.source) for said in item.said] == [(Answer.FINISH, Source.DEFAULT)]
    assert len(tickets) == 1
