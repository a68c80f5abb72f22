"""From the decision to the closed parting: the last day, the talk, the preview, the opening, the end."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.services.partings.tasks.previews import Choice
from rules.clients.stages import Stage
from rules.errors import ConflictError, InvalidError, NeedsHumanError, NotFoundError, RefusedError
from rules.nudges.need import NeedKind
from rules.partings.last_steps import Way
from rules.partings.parting import PartingState, TaskState, TicketState
from rules.partings.terms import Talk, Terms

if TYPE_CHECKING:
    from tests.services.partings.conftest import Office

WORKSPACE = "T1"


def everything(office: Office) -> Choice:
    return Choice(tracker="jira", ticked=frozenset(task.code for task in office.sheet().parting.preview.tasks))


def test_a_decision_begins_a_parting_with_a_last_day_and_a_first_preview(office: Office) -> None:
    """CN06: without a written notice period two weeks are proposed, and the arithmetic is shown."""
    sheet = office.sheet()

    assert (sheet.parting.last_day, sheet.parting.preview.revision) == (date(2026, 11, 18), 1)
    assert "14 days" in sheet.parting.last_day_arithmetic[0]
    assert sheet.position == "The work has moved away from what we do best."


def test_until_the_client_is_told_only_those_who_decide_see_the_parting(office: Office) -> None:
    """What is decided stays secret until the talk was held."""
    with pytest.raises(NotFoundError):
        office.partings.sheet(WORKSPACE, office.colleague, office.parting.id)
    office.tell()

    assert office.partings.sheet(WORKSPACE, office.colleague, office.parting.id).client.stage is Stage.TOLD


def test_the_talk_may_agree_on_another_last_day_and_the_tasks_follow(office: Office) -> None:
    """A last day that was agreed on replaces the computed one; the days of the tasks are counted anew."""
    talk = Talk(held_on=date(2026, 11, 2), by=office.owner.id, last_day=date(2026, 12, 18))
    before = {task.code: task.due_on for task in office.sheet().parting.preview.tasks}

    sheet = office.partings.told(WORKSPACE, office.owner, office.parting.id, talk)

    after = {task.code: task.due_on for task in sheet.parting.preview.tasks}
    assert (sheet.parting.last_day, after["final_invoice"]) == (date(2026, 12, 18), date(2026, 12, 18))
    assert after["final_invoice"] > before["final_invoice"]


def test_a_talk_that_is_still_to_come_is_not_recorded(office: Office) -> None:
    """`told` means that the conversation was held."""
    talk = Talk(held_on=date(2026, 11, 3), by=office.owner.id)

    with pytest.raises(InvalidError) as refusal:
        office.partings.told(WORKSPACE, office.owner, office.parting.id, talk)

    assert list(refusal.value.fields) == ["held_on"]


def test_the_last_day_never_lies_before_the_last_deliverable(office: Office) -> None:
    """WU01: each deliverable becomes a task, and the last day moves behind the last of them."""
    terms = Terms(
        deliverables=(("Spring campaign", date(2026, 12, 1)),),
        nothing_to_finish=False,
        amounts_owed="none",
        referrals="",
    )

    sheet = office.partings.set_terms(WORKSPACE, office.owner, office.parting.id, terms)

    assert sheet.parting.last_day == date(2026, 12, 1)
    assert "Finish: Spring campaign" in [task.title for task in sheet.parting.preview.tasks if task.ticked]


def test_a_changed_preview_is_a_new_revision_and_the_old_one_no_longer_opens(office: Office) -> None:
    """Opening opens exactly the revision that was looked at."""
    office.tell()
    office.previews.confirm_destination(WORKSPACE, office.admin, office.jira.place.id)
    only = Choice(tracker="jira", ticked=frozenset({"credentials"}))

    office.previews.revise(WORKSPACE, office.owner, office.parting.id, 1, only)

    stale = office.previews.open(WORKSPACE, office.owner, office.parting.id, 1)
    assert (stale.parting.state, len(stale.news)) == (PartingState.PREPARING, 1)
    office.previews.open(WORKSPACE, office.owner, office.parting.id, 2)
    assert [ticket.task_code for ticket in office.rows()[1:]] == ["credentials"]


def test_two_people_who_change_the_preview_at_once_do_not_overwrite_each_other(office: Office) -> None:
    """The second one learns that the tasks have changed, and nothing of theirs is saved."""
    office.previews.revise(WORKSPACE, office.owner, office.parting.id, 1, everything(office))

    with pytest.raises(ConflictError):
        office.previews.revise(WORKSPACE, office.admin, office.parting.id, 1, everything(office))

    assert office.sheet().parting.preview.revision == 2


def test_clicking_twice_opens_once(office: Office) -> None:
    """The second click on the same revision finds it opened and adds nothing."""
    office.open()
    first = office.rows()

    office.previews.open(WORKSPACE, office.owner, office.parting.id, 1)

    assert office.rows() == first


@pytest.mark.both_databases
def test_two_clicks_at_the_same_moment_open_once(office: Office) -> None:
    """Two people click at once: one set of tickets, each with one job."""
    office.tell()
    office.previews.confirm_destination(WORKSPACE, office.admin, office.jira.place.id)
    people = [office.owner, office.admin]
    clicks = [
        threading.Thread(target=office.previews.open, args=(WORKSPACE, person, office.parting.id, 1))
        for person in people
    ]
    for click in clicks:
        click.start()
    for click in clicks:
        click.join()

    office.run()

    assert len(set(office.jira.markers())) == len(office.jira.markers()) == len(office.rows())
    assert sum(ticket.parent_id == "" for ticket in office.rows()) == 1


def test_nothing_is_opened_where_no_admin_has_confirmed_who_sees_it(office: Office) -> None:
    """BR14: trackers leak too."""
    office.tell()

    returned = office.previews.open(WORKSPACE, office.owner, office.parting.id, 1)
    assert "Nobody has confirmed" in returned.news[0]
    with pytest.raises(RefusedError):
        office.previews.confirm_destination(WORKSPACE, office.owner, office.jira.place.id)

    assert office.rows() == []


def test_a_place_that_became_public_refuses_also_after_it_was_confirmed(office: Office) -> None:
    """The audience is asked for anew before each opening, and again right before the first ticket."""
    office.open()
    office.jira.place = replace(office.jira.place, problem="This board is public.")

    office.run()

    assert (office.rows()[0].state, office.jira.issues) == (TicketState.REFUSED, [])
    assert office.rows()[0].cause == "This board is public."


def test_a_tracker_without_access_says_so_at_the_click(office: Office) -> None:
    """A refused token is told to whoever clicks; nothing is stored."""
    office.tell()
    office.jira.read_fault = NeedsHumanError("Jira no longer accepts our access.", everything=True)

    with pytest.raises(NeedsHumanError):
        office.previews.open(WORKSPACE, office.owner, office.parting.id, 1)

    assert office.sheet().parting.state is PartingState.PREPARING


def test_before_the_talk_only_inside_tasks_are_opened_and_the_others_follow_it(office: Office) -> None:
    """Before the client has been told nothing goes where they could see it."""
    office.previews.confirm_destination(WORKSPACE, office.admin, office.jira.place.id)
    office.previews.open(WORKSPACE, office.owner, office.parting.id, 1)
    office.run()
    early = {issue.order.title for issue in office.jira.issues[1:]}

    office.tell()
    office.run()

    allowed = {task.title for task in office.parting.preview.tasks if task.ticked and task.before_told}
    assert early == allowed
    assert len(set(office.jira.markers())) == len(office.jira.issues) == len(office.rows())
    assert office.sheet().client.stage is Stage.HANDING_OFF


def test_a_task_of_the_checklist_needs_no_tracker_and_no_confirmation(office: Office) -> None:
    """Without Jira or Trello the tasks live in Slack."""
    office.tell()
    office.previews.revise(
        WORKSPACE, office.owner, office.parting.id, 1, replace(everything(office), tracker="checklist")
    )
    office.previews.open(WORKSPACE, office.owner, office.parting.id, 2)
    jobs = iter(lambda: [job for job in office.jobs.waiting() if job.name == "open_checklist_ticket"], [])
    for waiting in jobs:
        office.tickets.advance(str(waiting[0].args[0]), str(waiting[0].args[1]), int(waiting[0].args[2]))
        office.jobs.finish(waiting[0])

    assert office.sheet().parting.state is PartingState.OPEN


def test_a_parting_is_closed_only_when_each_task_is_done_or_waived(office: Office) -> None:
    """HO11: and a task is waived with a reason only."""
    office.open()
    office.run()
    office.over()
    receipt = (Way.MAIL, office.clock.now().date())
    *tasks, last = [row for row in office.rows()[1:] if row.task_code != "look_back"]
    for task in tasks:
        office.partings.task_done(WORKSPACE, office.colleague, task.id)
    with pytest.raises(ConflictError, match=last.title):
        office.closings.close(WORKSPACE, office.owner, office.parting.id, receipt)
    with pytest.raises(InvalidError):
        office.partings.waive(WORKSPACE, office.owner, last.id, " ")
    office.partings.waive(WORKSPACE, office.owner, last.id, "They did it themselves.")

    with pytest.raises(InvalidError, match="received everything"):
        office.closings.close(WORKSPACE, office.owner, office.parting.id)
    sheet = office.closings.close(WORKSPACE, office.owner, office.parting.id, receipt)

    assert (sheet.parting.state, sheet.client.stage) == (PartingState.CLOSED, Stage.CLOSED)
    assert {row.task_code for row in office.rows()[1:] if row.task_state is TaskState.OPEN} <= {"look_back"}


def test_those_who_do_not_decide_neither_open_nor_waive_nor_close(office: Office) -> None:
    """Everybody may tick a task; giving up and opening is for deciders."""
    office.open()
    office.run()
    task = office.rows()[1]

    with pytest.raises(RefusedError):
        office.previews.open(WORKSPACE, office.colleague, office.parting.id, 1)
    with pytest.raises(RefusedError):
        office.partings.waive(WORKSPACE, office.colleague, task.id, "Not needed.")
    with pytest.raises(RefusedError):
        office.closings.close(WORKSPACE, office.colleague, office.parting.id)

    office.partings.task_done(WORKSPACE, office.colleague, task.id)
    assert office.rows()[1].task_state is TaskState.DONE


def test_after_a_reopened_decision_nothing_more_is_sent(office: Office) -> None:
    """DC04: a parting that was stopped opens no further ticket, and the team never hears of it."""
    office.previews.confirm_destination(WORKSPACE, office.admin, office.jira.place.id)
    office.previews.open(WORKSPACE, office.owner, office.parting.id, 1)
    with office.units.begin(WORKSPACE) as unit:
        unit.partings.save(replace(unit.partings.get(office.parting.id), state=PartingState.STOPPED))

    office.run()

    assert office.jira.issues == []
    with pytest.raises(NotFoundError):
        office.partings.sheet(WORKSPACE, office.colleague, office.parting.id)


def test_what_a_parting_wants_from_a_person_is_named_on_home(office: Office) -> None:
    """The next step of each parting, for those who decide."""

    def wanted() -> list[str]:
        with office.units.read(WORKSPACE) as unit:
            assert office.needs(unit, office.colleague, NeedKind.PARTING) == []
            return [each.what for each in office.needs(unit, office.owner, NeedKind.PARTING)]

    said = [wanted()]
    office.open()
    said.append(wanted())
    office.run()
    office.clock.move(days=60)
    said.append(wanted())

    assert ["Hold the talk" in said[0][0], said[1], "overdue" in said[2][0]] == [True, [], True]


def test_the_progress_is_shown_again_after_each_change(office: Office) -> None:
    """Changes close together share one update; the last one is always shown."""
    office.open()
    office.run()

    shows = [job for job in office.jobs.waiting() if job.name == "show_progress"]

    assert 1 <= len(shows) <= 5
    assert [job.id for job in shows if ":open:" in job.id]
    assert max(job.delay for job in shows) <= timedelta(seconds=4)
