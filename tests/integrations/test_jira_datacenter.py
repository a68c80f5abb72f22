"""What Data Center does in its own way: labels as markers, wiki text, users by name, issues one by one."""

from __future__ import annotations

from dataclasses import replace

import pytest
import responses
from pydantic import SecretStr

from integrations.jira.settings import JiraSettings
from integrations.jira.tracker import JiraTracker
from integrations.sandbox.faults import Fault
from integrations.sandbox.jira import DataCenterStandIn
from rules.errors import AgainLaterError, NeedsHumanError, OutcomeUnknownError
from rules.ports import TicketOrder
from tests.clocks import real_now

SITE = "https://jira.agency.example"


def looked(tracker: JiraTracker, order: TicketOrder, watermark: str) -> list[str]:
    return [ref.key for ref in tracker.find([order], real_now(), watermark).get(order.marker, [])]


def test_a_task_lies_under_its_parent_with_a_label_for_its_marker(
    datacenter: JiraTracker, datacenter_standin: DataCenterStandIn, parent_order: TicketOrder, task_order: TicketOrder
) -> None:
    """BR07: a task is a sub-task; run and task are labels, since a search gives no properties."""
    parent = datacenter.create(parent_order)
    datacenter.create(replace(task_order, parent_ref=parent.ref, assignee="ada"))
    first, issue = datacenter_standin.issues
    assert (first.kind, issue.kind, issue.parent_id) == ("Task", "Sub-task", parent.ref)
    assert (issue.labels, issue.assignee, issue.due_on) == (["wrapup-run7", "wu-0000000000ab"], "ada", "2026-11-27")


def test_wiki_marks_are_shown_as_they_were_typed(
    datacenter: JiraTracker, datacenter_standin: DataCenterStandIn, task_order: TicketOrder
) -> None:
    """Nothing that somebody typed becomes bold, a link or a macro, and plain words stay as they are."""
    datacenter_standin.project.kinds = datacenter_standin.project.kinds[:1]
    datacenter.create(
        replace(task_order, details="*bold* {code} [link] C:\\dir a_b well-known - 2 x 3\nSee https://x.y/a-b")
    )
    expected = "\\*bold* \\{code\\} \\[link\\] C:&#92;dir a_b well-known - 2 x 3\nSee https://x.y/a-b"
    assert datacenter_standin.issues[0].text.partition("\n\n")[0] == expected


def test_a_look_does_not_trust_the_index(
    datacenter: JiraTracker, datacenter_standin: DataCenterStandIn, parent_order: TicketOrder
) -> None:
    """While a node's index lags, a ticket whose answer was lost is found by its key, behind gaps too."""
    for number in range(3):
        datacenter_standin.delete(datacenter.create(replace(parent_order, marker=f"wu-ffffffffff{number:02}")).key)
    datacenter_standin.index.lag = 60
    datacenter_standin.faults.next(Fault.LOSE_ANSWER, path="/rest/api/2/issue")
    with pytest.raises(OutcomeUnknownError):
        datacenter.create(parent_order)
    assert (datacenter.doubles(parent_order.run_marker, "", ""), looked(datacenter, parent_order, "")) == (
        {},
        ["AMI-4"],
    )


def test_a_search_reads_every_page(datacenter: JiraTracker, parent_order: TicketOrder) -> None:
    """More tickets of a run than fit on a page are all seen by the sweep."""
    for number in range(103):
        datacenter.create(replace(parent_order, marker=f"wu-{number:012x}"))
    assert len(datacenter.doubles(parent_order.run_marker, "", "")) == 103


def test_without_labels_the_text_holds_the_marker(
    datacenter: JiraTracker, datacenter_standin: DataCenterStandIn, parent_order: TicketOrder
) -> None:
    """A create screen without labels still gives tickets that are found again."""
    del datacenter_standin.project.screen["labels"]
    made = datacenter.create(parent_order)
    assert looked(datacenter, parent_order, "") == [made.key]


def test_without_a_place_for_a_marker_nothing_is_sent(
    datacenter: JiraTracker, datacenter_standin: DataCenterStandIn, parent_order: TicketOrder
) -> None:
    """A ticket that could never be found again is not opened; the sentence names what the screen lacks."""
    del datacenter_standin.project.screen["labels"], datacenter_standin.project.screen["description"]
    with pytest.raises(NeedsHumanError, match="Put Labels on it") as caught:
        datacenter.create(parent_order)
    assert (caught.value.everything, datacenter_standin.issues) == (True, [])


def test_a_login_with_a_password_is_refused(datacenter_standin: DataCenterStandIn) -> None:
    """The stand-in takes a personal access token alone, as the real one does here."""
    assert not datacenter_standin.admits("Basic amFuZTpzZWNyZXQ=")


@pytest.mark.parametrize(
    ("status", "body"), [(404, "<html>no such app</html>"), (200, ""), (200, "<html>Log in</html>")]
)
def test_only_jiras_own_word_makes_a_look_clean(status: int, body: str) -> None:
    """A proxy's 404, an empty answer or a login page never means that an issue is not there."""
    settings = JiraSettings(kind="datacenter", url=SITE, token=SecretStr("t"), project="AMI")
    with responses.RequestsMock() as wire:
        wire.get(f"{SITE}/rest/api/2/issue/10001", status=status, body=body)
        with pytest.raises((AgainLaterError, NeedsHumanError)):
            JiraTracker(settings).status(["10001"])
