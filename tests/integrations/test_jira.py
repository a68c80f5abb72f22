"""Jira's own ways: hierarchy, screens, required fields, a lagging index, and answers that say nothing."""

from __future__ import annotations

import traceback
from dataclasses import replace
from datetime import timedelta

import pytest
import requests
import responses
from pydantic import SecretStr, ValidationError

from integrations.http import DEFAULT_WAIT_SECONDS, Session
from integrations.jira.settings import JiraSettings
from integrations.jira.tracker import JiraTracker
from integrations.jira.wire import chosen_type
from integrations.sandbox.faults import Fault
from integrations.sandbox.jira import JiraStandIn
from integrations.sandbox.jira.project import Kind
from rules.errors import AgainLaterError, NeedsHumanError, OutcomeUnknownError, TrackerError
from rules.ports import RequiredField, TicketOrder
from tests.clocks import real_now

SITE = "https://agency.example"
SECRET = "jira-secret-0123456789"
TASK, SUB_TASK = Kind(id="10001", name="Task", level=0), Kind(id="10002", name="Sub-task", level=-1)


def looked(jira: JiraTracker, order: TicketOrder, watermark: str) -> list[str]:
    return [ref.key for ref in jira.find([order], real_now(), watermark).get(order.marker, [])]


def failure_of(jira: JiraTracker, order: TicketOrder) -> TrackerError:
    with pytest.raises(TrackerError) as caught:
        jira.create(order)
    return caught.value


@pytest.fixture
def far_jira() -> JiraTracker:
    """A Jira whose answers the test writes itself."""
    return JiraTracker(JiraSettings(url=SITE, email="a@b.example", token=SecretStr(SECRET), project="AMI"))


@pytest.fixture
def wire() -> responses.RequestsMock:
    """Answers for everything that is read before a ticket is created."""
    meta = f"{SITE}/rest/api/3/issue/createmeta/AMI/issuetypes"
    field = {"fieldId": "summary", "key": "summary", "name": "Summary", "required": True, "operations": []}
    mock = responses.RequestsMock(assert_all_requests_are_fired=False)
    mock.get(meta, json={"issueTypes": [{"id": "1", "name": "Task", "hierarchyLevel": 0}], "total": 1})
    mock.get(f"{meta}/1", json={"fields": [field], "total": 1})
    return mock


class TestTicket:
    def test_a_task_says_what_it_was_asked_to(
        self, jira: JiraTracker, jira_standin: JiraStandIn, parent_order: TicketOrder, task_order: TicketOrder
    ) -> None:
        """Title on one line, text, date, label, assignee and parent arrive as ordered (BR07, WU04)."""
        parent = jira.create(parent_order)
        jira.create(replace(task_order, parent_ref=parent.ref, assignee="5b10ac8d82e05b22cc7d4ef5"))
        issue = jira_standin.issues[1]
        assert issue.summary == "Hand over all files and [credentials]"
        assert issue.text.splitlines()[:3] == ["For Ada Agency.", "Files: *.psd", "Credentials: none"]
        assert (issue.due_on, issue.labels) == ("2026-11-27", ["wrapup-run7"])
        assert (issue.parent_id, issue.assignee) == (parent.ref, "5b10ac8d82e05b22cc7d4ef5")

    def test_a_link_leads_to_the_ticket(self, jira: JiraTracker, task_order: TicketOrder) -> None:
        """What people click opens the issue."""
        made = jira.create(task_order)
        assert requests.get(made.url, timeout=60).text.startswith("AMI-1 Hand over all files")

    @pytest.mark.parametrize(
        ("kinds", "expected"),
        [
            ((TASK, SUB_TASK, Kind(id="10000", name="Epic", level=1)), ["Epic", "Task"]),
            ((TASK, SUB_TASK), ["Task", "Sub-task"]),
            ((TASK,), ["Task", "Task"]),
        ],
    )
    def test_tasks_lie_under_their_parent_where_the_project_allows(
        self,
        jira: JiraTracker,
        jira_standin: JiraStandIn,
        parent_order: TicketOrder,
        task_order: TicketOrder,
        kinds: tuple[Kind, ...],
        expected: list[str],
    ) -> None:
        """An epic above, or sub-tasks below, or side by side in a project that knows neither."""
        jira_standin.project.kinds = kinds
        parent = jira.create(parent_order)
        jira.create(replace(task_order, parent_ref=parent.ref))
        linked = jira_standin.issues[1].parent_id
        assert (expected, len(set(expected)) == 2) == ([issue.kind for issue in jira_standin.issues], bool(linked))

    def test_everybody_who_can_be_given_a_task_is_told_with_what_shows_of_them(self, jira: JiraTracker) -> None:
        """Most e-mails are hidden; a name proves nothing."""
        told = [(each.name, each.email) for each in jira.accounts()]
        assert told == [("Ada Agency", "ada@agency.example"), ("Hidden Adam", "")]

    def test_a_long_title_is_cut(self, jira: JiraTracker, jira_standin: JiraStandIn, task_order: TicketOrder) -> None:
        """Jira refuses more than 255 characters."""
        jira.create(replace(task_order, title="x" * 300, details="y" * 40_000))
        assert len(jira_standin.issues[0].summary) == 255

    def test_fields_that_the_screen_lacks_are_left_out(
        self, jira: JiraTracker, jira_standin: JiraStandIn, task_order: TicketOrder
    ) -> None:
        """A project without labels and dates still gets its tickets, and they are still found."""
        for name in ("labels", "duedate", "assignee"):
            del jira_standin.project.screen[name]
        made = jira.create(task_order)
        found = jira.doubles(task_order.run_marker, "", "")
        assert (found, jira_standin.issues[0].due_on) == ({task_order.marker: [made]}, None)


class TestLook:
    def test_a_look_does_not_trust_the_index(
        self, jira: JiraTracker, jira_standin: JiraStandIn, task_order: TicketOrder
    ) -> None:
        """A ticket whose answer was lost is found by its key while the search does not know it yet."""
        jira.create(replace(task_order, marker="wu-ffffffffffff"))
        watermark = jira.watermark()
        jira_standin.index.lag = 60
        jira_standin.faults.next(Fault.LOSE_ANSWER, path="/rest/api/3/issue")
        assert isinstance(failure_of(jira, task_order), OutcomeUnknownError)
        assert (jira.doubles(task_order.run_marker, "", ""), looked(jira, task_order, watermark)) == ({}, ["AMI-2"])

    def test_others_may_have_created_many_meanwhile(
        self, jira: JiraTracker, jira_standin: JiraStandIn, task_order: TicketOrder
    ) -> None:
        """The look by key goes on as long as there are keys."""
        jira_standin.index.lag = 60
        for number in range(101):
            jira.create(replace(task_order, marker=f"wu-{number:012x}"))
        assert looked(jira, replace(task_order, marker=f"wu-{100:012x}"), "") == ["AMI-101"]

    def test_deleted_keys_are_no_end(
        self, jira: JiraTracker, jira_standin: JiraStandIn, task_order: TicketOrder
    ) -> None:
        """A gap between keys hides nothing behind it."""
        jira_standin.index.lag = 60
        for _ in range(3):
            jira_standin.delete(jira.create(replace(task_order, marker="wu-ffffffffffff")).key)
        jira.create(task_order)
        assert looked(jira, task_order, "") == ["AMI-4"]


class TestRefusal:
    def test_a_required_field_is_named(
        self, jira: JiraTracker, jira_standin: JiraStandIn, task_order: TicketOrder
    ) -> None:
        """The person reads which field Jira wants, by the name that stands on the screen."""
        jira_standin.project.required = {"customfield_10010": "Client"}
        failure = failure_of(jira, task_order)
        assert isinstance(failure, NeedsHumanError)
        assert (failure.fields, failure.everything) == ({"Client": "Client is required."}, False)
        assert "Client is required" in failure.sentence

    def test_required_fields_are_known_beforehand(self, jira: JiraTracker, jira_standin: JiraStandIn) -> None:
        """Whoever sets Jira up learns of a field that would stop every ticket."""
        jira_standin.project.required = {"customfield_10010": "Client"}
        jira_standin.project.options = {"customfield_10010": [{"id": "7", "value": "Agency"}]}
        expected = RequiredField(id="customfield_10010", name="Client", choices=(("7", "Agency"),))
        assert jira.destination().required_fields == (expected,)

    @pytest.mark.parametrize(("options", "answer"), [([{"id": "7", "value": "Agency"}], "7"), ([], "Agency")])
    def test_an_answer_to_a_required_field_goes_along(
        self,
        jira: JiraTracker,
        jira_standin: JiraStandIn,
        task_order: TicketOrder,
        options: list[dict[str, str]],
        answer: str,
    ) -> None:
        """What an admin said once stands on each ticket, in the shape that the field takes."""
        jira_standin.project.required = {"customfield_10010": "Client"}
        jira_standin.project.options = {"customfield_10010": options} if options else {}
        given = {"customfield_10010": answer, "customfield_99999": "of another project"}
        assert jira.create(replace(task_order, answers=given)).key == "AMI-1"

    def test_a_mended_project_is_read_again(
        self, jira: JiraTracker, jira_standin: JiraStandIn, task_order: TicketOrder
    ) -> None:
        """After a refusal the next attempt sees what somebody has changed in Jira."""
        jira.create(task_order)
        del jira_standin.project.screen["duedate"]
        assert "not on the appropriate screen" in failure_of(jira, task_order).sentence
        assert jira.create(task_order).key == "AMI-2"

    def test_an_unknown_issue_type_is_named(self, jira_settings: JiraSettings, task_order: TicketOrder) -> None:
        """A wrong setting is told with its remedy instead of being sent."""
        jira = JiraTracker(jira_settings.model_copy(update={"issue_type": "Chore"}))
        assert "no issue type named Chore" in failure_of(jira, task_order).sentence

    def test_cloud_wants_an_email_beside_its_token(self) -> None:
        """A setting that is missing is named at the start; Data Center's token needs none."""
        with pytest.raises(ValidationError, match="e-mail"):
            JiraSettings(url=SITE, token=SecretStr("t"), project="AMI")
        assert JiraSettings(url=SITE, token=SecretStr("t"), project="AMI", kind="datacenter").email == ""

    def test_what_took_long_to_prepare_is_not_sent_any_more(
        self, jira_settings: JiraSettings, jira_standin: JiraStandIn, parent_order: TicketOrder
    ) -> None:
        """Half of the quiet period went by: a clean look at its end would come too soon. What was read is kept."""
        jira = JiraTracker(jira_settings.model_copy(update={"quiet_period": timedelta(seconds=4)}))
        jira_standin.faults.delay = 2.0
        jira_standin.faults.next(Fault.SLOW, method="GET")
        with pytest.raises(AgainLaterError):
            jira.create(parent_order)
        before = len(jira_standin.issues)
        jira.create(parent_order)
        assert (before, len(jira_standin.issues)) == (0, 1)

    def test_quiet_periods_are_settings(self) -> None:
        """An admin whose index lags longer waits longer; five minutes unless told otherwise, three in Data Center."""
        given = JiraSettings(url=SITE, email="a@b.example", token=SecretStr("t"), project="AMI")
        longer = JiraSettings.model_validate({**given.model_dump(), "quiet_period": "PT9M"})
        nodes = JiraSettings(url=SITE, token=SecretStr("t"), project="AMI", kind="datacenter")
        assert [each.quiet_period for each in (given, longer, nodes)] == [timedelta(minutes=n) for n in (5, 9, 3)]


class TestDestination:
    def test_those_who_may_browse_are_named(self, jira: JiraTracker) -> None:
        """BR14: an admin who has to stand for the place reads which roles and groups see it."""
        assert jira.destination().audience == (
            "In Jira: everybody in the project role Administrators, everybody in the group agency."
        )

    def test_a_public_project_is_refused(self, jira: JiraTracker, jira_standin: JiraStandIn) -> None:
        """What is open to the internet is no place for tickets; the sentence says what to change."""
        jira_standin.project.browsers = (("group", "agency"), ("anyone", ""))
        assert "Public" in jira.destination().problem

    def test_permissions_that_are_not_told_are_said_to_be_unknown(
        self, jira: JiraTracker, jira_standin: JiraStandIn
    ) -> None:
        """Jira tells its permissions to its admins only; then one of them has to look, and nothing is parked."""
        jira_standin.project.tells_permissions = False
        destination = jira.destination()
        assert ("look at the project's permissions" in destination.audience, destination.problem) == (True, "")


class TestEdges:
    @pytest.mark.parametrize(
        ("status", "body", "headers"),
        [
            (302, "", {"Location": f"{SITE}/login"}),
            (200, "<html>Log in</html>", {}),
            (201, "", {}),
            (201, '{"self": "x"}', {}),
            (502, "<html>bad gateway</html>", {}),
            (503, '{"errorMessages": ["down"]}', {"Retry-After": "1"}),
        ],
    )
    def test_an_answer_without_a_key_is_an_unknown_outcome(
        self,
        far_jira: JiraTracker,
        wire: responses.RequestsMock,
        task_order: TicketOrder,
        status: int,
        body: str,
        headers: dict[str, str],
    ) -> None:
        """A login page or an empty body proves nothing: the ticket is looked for. One request is sent, once."""
        with wire:
            sent = wire.post(f"{SITE}/rest/api/3/issue", status=status, body=body, headers=headers)
            wire.get(f"{SITE}/login", body="<html>Log in</html>")
            failure = failure_of(far_jira, replace(task_order, assignee=""))
            assert (type(failure), sent.call_count) == (OutcomeUnknownError, 1)

    def test_a_login_page_is_not_an_empty_search(self, far_jira: JiraTracker, wire: responses.RequestsMock) -> None:
        """Only a real list of issues counts as a look."""
        with wire:
            wire.post(f"{SITE}/rest/api/3/search/jql", status=302, headers={"Location": f"{SITE}/login"})
            with pytest.raises(AgainLaterError):
                far_jira.watermark()

    def test_a_half_answered_fetch_is_no_look(self, far_jira: JiraTracker, wire: responses.RequestsMock) -> None:
        """Issues that Jira could not give just now might be the one."""
        with wire:
            answer = {"issues": [], "issueErrors": [{"id": "10001", "errorMessage": "timeout"}]}
            wire.post(f"{SITE}/rest/api/3/issue/bulkfetch", json=answer)
            with pytest.raises(AgainLaterError):
                far_jira.status(["10001"])

    def test_a_busy_jira_without_a_wait_gets_ten_seconds(
        self, far_jira: JiraTracker, wire: responses.RequestsMock, task_order: TicketOrder
    ) -> None:
        """Retry-After is not guaranteed; the worker never sleeps on it."""
        with wire:
            wire.post(f"{SITE}/rest/api/3/issue", status=429, body="")
            failure = failure_of(far_jira, replace(task_order, assignee=""))
        assert isinstance(failure, AgainLaterError)
        assert DEFAULT_WAIT_SECONDS <= failure.wait.total_seconds() <= DEFAULT_WAIT_SECONDS * 1.5

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
    def test_no_failure_tells_a_secret(
        self, far_jira: JiraTracker, wire: responses.RequestsMock, task_order: TicketOrder, status: int
    ) -> None:
        """Whatever is logged of a failure holds neither the token nor the request."""
        with wire:
            wire.post(f"{SITE}/rest/api/3/issue", status=status, json={"errorMessages": [], "errors": {}})
            failure = failure_of(far_jira, replace(task_order, assignee=""))
        told = "".join(traceback.format_exception(failure))
        assert (SECRET in told, failure.__cause__, failure.__context__) == (False, None, None)

    def test_a_broken_connection_tells_no_secret(self, wire: responses.RequestsMock) -> None:
        """The failure names method and host, not the address with its query nor the headers."""
        with wire, pytest.raises(requests.ConnectionError) as caught:
            Session().get(f"{SITE}/1/cards?key={SECRET}", headers={"Authorization": SECRET}, timeout=1)
        assert (str(caught.value), caught.value.request, caught.value.__context__) == (
            "GET agency.example: ConnectionError",
            None,
            None,
        )


@pytest.mark.parametrize("wanted", ["10007", "AUFGABE", "Task"])
def test_an_issue_type_is_found_by_id_and_in_any_language(wanted: str) -> None:
    """The account's language names it; the settings may name it otherwise."""
    kinds = [{"id": "10009", "name": "Fehler"}, {"id": "10007", "name": "Aufgabe", "untranslatedName": "Task"}]
    assert chosen_type(kinds, wanted) == kinds[1]


def test_a_type_that_is_not_there_is_refused_with_those_that_are(
    jira_settings: JiraSettings, task_order: TicketOrder
) -> None:
    """Name and id, ready to be put into the settings."""
    failure = failure_of(JiraTracker(jira_settings.model_copy(update={"issue_type": "Bug"})), task_order)
    assert "Task (10001), Sub-task (10002), Epic (10000)" in failure.sentence


def test_components_and_labels_go_where_the_screen_has_them(
    jira_settings: JiraSettings, jira_standin: JiraStandIn, task_order: TicketOrder
) -> None:
    """Optional defaults of the workspace; a screen without components refuses nothing."""
    tracker = JiraTracker(jira_settings.model_copy(update={"components": "Studio", "labels": "client, wrap-up"}))
    tracker.create(task_order)
    assert jira_standin.issues[0].labels == ["wrapup-run7", "client", "wrap-up"]


def test_a_screen_without_a_parent_is_said(jira_settings: JiraSettings, jira_standin: JiraStandIn) -> None:
    """The tasks would come out loose, in silence."""
    before = JiraTracker(jira_settings).destination().remarks
    del jira_standin.project.screen["parent"]
    after = JiraTracker(jira_settings).destination().remarks
    assert (before, "no field Parent" in "".join(after)) == ((), True)
