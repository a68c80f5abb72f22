"""What is opened is what was looked at: revisions, and what comes back when the world has changed (D5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from bot.services.partings.planning import moment, move_last_day
from bot.services.partings.tasks.previews import Choice, Page, PreviewService
from integrations.checklist.tracker import ChecklistTracker
from rules.clients.people import Member
from rules.errors import ConflictError, InvalidError
from rules.partings.parting import PartingState, PlannedTask
from rules.partings.tasks import RECORDED

if TYPE_CHECKING:
    from tests.services.partings.conftest import Office

WORKSPACE = "T1"


@pytest.fixture
def ready(office: Office) -> Office:
    """Told, and the destination confirmed: the next click opens."""
    office.tell()
    office.previews.confirm_destination(WORKSPACE, office.admin, office.jira.place.id)
    return office


def task(office: Office, code: str) -> PlannedTask:
    return next(each for each in office.sheet().parting.preview.tasks if each.code == code)


def revise(office: Office, *ticked: str, **choice: object) -> None:
    """A new revision with these tasks ticked; all that are ticked now where none is named."""
    sheet = office.sheet()
    chosen = frozenset(ticked) or frozenset(each.code for each in sheet.parting.preview.tasks if each.ticked)
    wanted = Choice(tracker="jira", ticked=chosen, **choice)  # type: ignore[arg-type]  # named by the tests below
    office.previews.revise(WORKSPACE, office.owner, office.parting.id, sheet.parting.preview.revision, wanted)


def on_page(office: Office, page: Page) -> None:
    revision = office.sheet().parting.preview.revision
    office.previews.revise_page(WORKSPACE, office.owner, office.parting.id, revision, page)


def open_(office: Office, revision: int = 1) -> tuple[str, ...]:
    """The news that came back instead; nothing when the tickets are on their way."""
    return office.previews.open(WORKSPACE, office.owner, office.parting.id, revision).news


def leave(office: Office, member: Member) -> None:
    with office.units.begin(WORKSPACE) as unit:
        unit.people.save_member(replace(member, is_deleted=True))


def test_an_unchanged_world_opens_at_once(ready: Office) -> None:
    """Nobody is asked twice without a reason."""
    assert (open_(ready), ready.sheet().parting.state) == ((), PartingState.OPENING)


def test_a_moved_last_day_comes_back_in_words(ready: Office) -> None:
    """The old revision opens nothing; the new one is on the screen, and a second click on it opens."""
    with ready.units.begin(WORKSPACE) as unit:
        client, parting = unit.clients.lock(ready.client.id), unit.partings.lock(ready.parting.id)
        moved = (parting.last_day + timedelta(days=7), "Agreed on the phone.")
        unit.partings.save(move_last_day(unit, client, parting, moved, moment(unit, ready.clock)))

    news = open_(ready)
    assert [word for sentence in news for word in ("tasks have another day", "is due on") if word in sentence] == [
        "tasks have another day",
        "is due on",
    ]
    assert (ready.rows(), open_(ready, 2), bool(ready.rows())) == ([], (), True)


def test_a_person_who_left_is_replaced_and_named(ready: Office) -> None:
    """Nobody is given a task who is not there any more."""
    on_page(ready, Page(owners={"credentials": ready.colleague.id}, asked=frozenset({"credentials"})))
    leave(ready, ready.colleague)

    news = open_(ready, 2)

    assert news == (
        f"“Hand over credentials and passwords” goes to <@{ready.owner.id}>, not to <@{ready.colleague.id}>.",
    )
    assert task(ready, "credentials").owner_id == ready.owner.id


def test_a_tracker_that_is_gone_is_replaced_and_named(ready: Office) -> None:
    """An admin took its settings away: the tasks are offered another place, and nothing is lost."""
    ready.previews = PreviewService(ready.units, ready.clock, {"checklist": ChecklistTracker()})

    assert open_(ready) == ("The tasks go to the checklist in Slack now.",)
    assert (ready.rows(), ready.sheet().parting.preview.tracker) == ([], "checklist")


def test_days_that_have_passed_come_back(ready: Office) -> None:
    """Whoever opens a week later opens no task that is overdue at once."""
    ready.clock.move(days=10)

    news = open_(ready)

    today = ready.clock.now().date()
    assert news
    assert all(each.due_on >= today for each in ready.sheet().parting.preview.tasks)


def test_other_circumstances_bring_and_take_tasks(ready: Office) -> None:
    """What a person says of this client decides, page by page, and says so to whoever looked at the tasks before."""
    holding = frozenset(RECORDED) - {"shared_accounts", "personal_data", "long_term"}
    revise(ready, circumstances=holding)

    news = open_(ready)

    assert ready.sheet().holding == holding
    assert any("“Tell subcontractors” comes along." in each for each in news)
    assert any("are not opened any more" in each and "Transfer ownership of accounts" in each for each in news)


def test_a_revision_that_nobody_remembers_is_said(ready: Office) -> None:
    """An old tab opens nothing, and says why."""
    for _ in range(5):
        revise(ready)

    assert open_(ready) == ("The tasks have changed several times since you looked at them.",)
    assert open_(ready, 4) == ("Somebody has looked through the tasks meanwhile; nothing that goes out has changed.",)


def test_owner_day_and_place_are_chosen_task_by_task(ready: Office) -> None:
    """A day of one's own stays when the last day moves, and says what the plan would be."""
    day = date(2026, 11, 20)
    page = Page(
        owners={"credentials": ready.colleague.id},
        days={"credentials": day, "access_inventory": task(ready, "access_inventory").due_on},
        here=frozenset({"access_inventory"}),
        asked=frozenset({"credentials", "access_inventory"}),
    )
    on_page(ready, page)
    with ready.units.begin(WORKSPACE) as unit:
        client, parting = unit.clients.lock(ready.client.id), unit.partings.lock(ready.parting.id)
        moved = (parting.last_day + timedelta(days=14), "Agreed.")
        unit.partings.save(move_last_day(unit, client, parting, moved, moment(unit, ready.clock)))

    chosen, listed = task(ready, "credentials"), task(ready, "access_inventory")
    assert (chosen.owner_id, chosen.due_on, chosen.is_chosen) == (ready.colleague.id, day, True)
    assert chosen.arithmetic.startswith("set by hand; our plan says ")
    assert (listed.tracker, listed.is_chosen) == ("checklist", False)
    assert listed.due_on == date(2026, 11, 2)  # before the letter that names it, wherever the last day lies


def test_a_day_in_the_past_is_refused_beside_its_field(ready: Office) -> None:
    """A slip of the hand is put right where it happened."""
    page = Page(days={"credentials": date(2026, 10, 1)}, asked=frozenset({"credentials"}))

    with pytest.raises(InvalidError) as refusal:
        on_page(ready, page)

    assert list(refusal.value.fields) == ["day_credentials"]


def test_a_guest_is_given_no_task(ready: Office) -> None:
    """BR14: a guest may be the client; whoever has left is refused as well."""
    with ready.units.begin(WORKSPACE) as unit:
        unit.people.save_member(replace(ready.colleague, is_guest=True))
    page = Page(owners={"credentials": ready.colleague.id}, asked=frozenset({"credentials"}))

    with pytest.raises(InvalidError) as refusal:
        on_page(ready, page)

    assert list(refusal.value.fields) == ["owner_credentials"]


def test_the_place_is_remembered_for_the_client(ready: Office) -> None:
    """A client whose tasks go to the checklist has them there the next time, whatever the workspace has set."""
    sheet = ready.sheet()
    ticked = frozenset(each.code for each in sheet.parting.preview.tasks if each.ticked)
    ready.previews.revise(WORKSPACE, ready.owner, ready.parting.id, 1, Choice(tracker="checklist", ticked=ticked))

    with ready.units.begin(WORKSPACE) as unit:
        client, decision = unit.clients.get(ready.client.id), unit.decisions.get("de-acme")
        again = ready.partings.begin(unit, decision, client, ready.owner.id, ready.clock.now())

    assert again.preview.tracker == "checklist"


def test_the_tickets_are_the_preview_field_by_field(ready: Office) -> None:
    """BR07, BR08: what was looked at, where it was said, and one that stays in Slack goes nowhere else."""
    revise(ready, "credentials", "access_inventory", "final_invoice")
    on_page(ready, Page(here=frozenset({"access_inventory"}), asked=frozenset({"access_inventory"})))
    planned = {each.code: each for each in ready.sheet().parting.preview.tasks if each.ticked}
    assert open_(ready, 3) == ()
    ready.run()

    rows = {row.task_code: row for row in ready.rows()[1:]}
    assert {
        code: (row.title, row.details, row.owner_id, row.due_on, row.tracker, row.kind, row.after)
        for code, row in rows.items()
    } == {
        code: (each.title, each.details, each.owner_id, each.due_on, each.tracker or "jira", each.kind, each.after)
        for code, each in planned.items()
    }
    assert {issue.order.title for issue in ready.jira.issues[1:]} == {
        planned[code].title for code in ("credentials", "final_invoice")
    }


def test_access_is_removed_last(ready: Office) -> None:
    """A task that comes last can't be ticked before the others, and says which; a waived one is out of the way."""
    revise(ready, "revoke_our_access", "credentials", "final_files")
    open_(ready, 2)
    ready.run()
    rows = {row.task_code: row for row in ready.rows()}
    last = rows["revoke_our_access"]

    with pytest.raises(ConflictError, match=r"This comes last\. Finish or waive first: “.*”, “.*”"):
        ready.partings.task_done(WORKSPACE, ready.owner, last.id)
    waiting = [each.task_code for each in ready.sheet().waits_for(last)]
    ready.partings.task_done(WORKSPACE, ready.owner, rows["credentials"].id)
    ready.partings.waive(WORKSPACE, ready.owner, rows["final_files"].id, "They have them.")
    done = ready.partings.task_done(WORKSPACE, ready.owner, last.id)

    assert (sorted(waiting), done.progress.done) == (["credentials", "final_files"], 2)
