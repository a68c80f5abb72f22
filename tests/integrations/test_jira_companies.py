"""Jira as companies have it: service accounts with scoped tokens, and required fields of every kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from integrations.jira.settings import JiraSettings
from integrations.jira.tracker import JiraTracker
from integrations.sandbox.jira import JiraStandIn
from integrations.sandbox.jira.project import Person
from rules.errors import NeedsHumanError
from rules.ports import FieldKind, TicketOrder

FIELD = "customfield_10010"
REGIONS: list[dict[str, Any]] = [
    {"id": "10", "value": "EMEA", "children": [{"id": "11", "value": "Spain"}, {"id": "12", "value": "Sweden"}]},
    {"id": "20", "value": "Elsewhere"},
]
TEAMS: list[dict[str, Any]] = [{"id": "7", "value": "Web"}, {"id": "8", "value": "Print"}]
CUSTOM = "com.atlassian.jira.plugin.system.customfieldtypes"
DUE, TODAY = date(2026, 11, 27), date(2026, 11, 20)

# The schema and the options that createmeta tells, an admin's answer, and what then lies in the issue.
KINDS: dict[str, tuple[dict[str, Any], list[dict[str, Any]], str, Any]] = {
    "text": ({"type": "string"}, [], "Studio", "Studio"),
    "number": ({"type": "number"}, [], "3.5", 3.5),
    "number with a comma": ({"type": "number"}, [], "3,5", 3.5),
    "date, the task's": ({"type": "date"}, [], "due", "2026-11-27"),
    "date, of opening": ({"type": "date"}, [], "opened", "2026-11-20"),
    "moment": ({"type": "datetime"}, [], "due", "2026-11-27T09:00:00.000+0530"),
    "moment, of opening": ({"type": "datetime"}, [], "opened", "2026-11-20T09:00:00.000+0530"),
    "user": ({"type": "user"}, [], "hidden", {"person": "hidden"}),
    "users": ({"type": "array", "items": "user"}, [], "hidden", [{"person": "hidden"}]),
    "group": ({"type": "group"}, [], "agency", {"name": "agency"}),
    "groups": ({"type": "array", "items": "group"}, [], "agency, web", [{"name": "agency"}, {"name": "web"}]),
    "labels": ({"type": "array", "items": "string"}, [], "wrap-up,web", ["wrap-up", "web"]),
    "choice": ({"type": "option"}, TEAMS, "7", {"id": "7"}),
    "priority": ({"type": "priority", "system": "priority"}, [{"id": "3", "name": "Medium"}], "3", {"id": "3"}),
    "several": ({"type": "array", "items": "option"}, TEAMS, "7,8", [{"id": "7"}, {"id": "8"}]),
    "versions": ({"type": "array", "items": "version"}, [{"id": "31", "name": "Next"}], "31", [{"id": "31"}]),
    "cascading": ({"type": "option-with-child"}, REGIONS, "10/12", {"id": "10", "child": {"id": "12"}}),
    "cascading, no child": ({"type": "option-with-child"}, REGIONS, "20", {"id": "20"}),
}


@pytest.fixture(params=["jira", "datacenter"])
def either(request: pytest.FixtureRequest) -> tuple[JiraTracker, JiraStandIn]:
    return request.getfixturevalue(request.param), request.getfixturevalue(f"{request.param}_standin")


class TestRequiredFields:
    @pytest.mark.parametrize("kind", KINDS)
    def test_an_answer_has_the_shape_that_the_field_takes(
        self, either: tuple[JiraTracker, JiraStandIn], task_order: TicketOrder, kind: str
    ) -> None:
        """What an admin said once stands on each ticket."""
        jira, standin = either
        schema, options, answer, expected = KINDS[kind]
        standin.project.required = {FIELD: "Client"}
        standin.project.schemas, standin.project.options = {FIELD: schema}, {FIELD: options} if options else {}
        order = replace(task_order, due_on=DUE, today=TODAY, timezone="Asia/Kolkata", answers={FIELD: answer})
        parent = jira.create(replace(order, marker="wu-0000000000aa", is_parent=True))
        jira.create(replace(order, parent_ref=parent.ref))
        assert [_persons(issue.besides[FIELD]) for issue in standin.issues] == [expected] * 2

    def test_a_long_text_is_one_in_either_kind(
        self, either: tuple[JiraTracker, JiraStandIn], task_order: TicketOrder
    ) -> None:
        """Cloud takes a document where Data Center takes words."""
        jira, standin = either
        standin.project.required = {FIELD: "Why"}
        standin.project.schemas = {FIELD: {"type": "string", "custom": f"{CUSTOM}:textarea"}}
        jira.create(replace(task_order, is_parent=True, answers={FIELD: "They leave."}))
        assert type(standin.issues[0].besides[FIELD]) is (str if standin.kind == "datacenter" else dict)

    def test_a_question_offers_what_can_be_chosen(self, either: tuple[JiraTracker, JiraStandIn]) -> None:
        """People by account, a parent with its child, a ticket's own days; a number is asked for as one."""
        jira, standin = either
        standin.project.people = (Person(account_id="a-1", name="Ada Agency"),)
        schemas = {"user": "user", "region": "option-with-child", "date": "date", "hours": "number"}
        standin.project.required = {name: name for name in schemas}
        standin.project.schemas = {name: {"type": kind} for name, kind in schemas.items()}
        standin.project.options = {"region": REGIONS}
        asked = {each.id: each for each in jira.destination().required_fields}
        assert {name: [label for _, label in each.choices] for name, each in asked.items()} == {
            "user": ["Ada Agency"],
            "region": ["EMEA / Spain", "EMEA / Sweden", "Elsewhere"],
            "date": ["The day on which the task is due", "The day on which the ticket is opened"],
            "hours": [],
        }
        assert asked["hours"].kind is FieldKind.NUMBER


class TestScopedTokens:
    @pytest.fixture
    def scoped(self, jira_standin: JiraStandIn, jira: JiraTracker) -> JiraTracker:
        """A service account's: the site refuses it."""
        jira_standin.is_scoped = True
        return jira

    def test_the_gateway_is_found_and_links_stay_on_the_site(
        self, scoped: JiraTracker, jira_settings: JiraSettings, task_order: TicketOrder
    ) -> None:
        """Every call works, whichever comes first, and what people click leads to the site."""
        made = scoped.create(task_order)
        assert (made.url, scoped.status([made.ref])[made.ref].title != "") == (
            f"{jira_settings.url}/browse/AMI-1",
            True,
        )
        assert scoped.destination().url == f"{jira_settings.url}/browse/AMI"

    def test_a_read_that_comes_back_empty_finds_it_too(self, scoped: JiraTracker, jira_standin: JiraStandIn) -> None:
        """The site takes such a token for nobody and answers 200 with nothing: that is no clean look."""
        assert scoped.watermark() == ""
        assert jira_standin.gateway_calls > 0

    def test_a_token_that_is_refused_everywhere_needs_a_person(
        self, scoped: JiraTracker, jira_standin: JiraStandIn, task_order: TicketOrder
    ) -> None:
        """And the renewed one works without a restart."""
        jira_standin.token, renewed = "renewed", jira_standin.token
        with pytest.raises(NeedsHumanError) as refused:
            scoped.create(task_order)
        jira_standin.token = renewed
        assert "no longer accepts our access" in refused.value.sentence
        assert scoped.create(task_order).key == "AMI-1"

    def test_a_scope_that_is_missing_is_named(
        self, scoped: JiraTracker, jira_standin: JiraStandIn, task_order: TicketOrder
    ) -> None:
        """The token is good, so nobody is told to renew it for nothing."""
        jira_standin.lacks_scope_for = "/issue"
        with pytest.raises(NeedsHumanError) as refused:
            scoped.create(task_order)
        assert ("lacks a scope" in refused.value.sentence, refused.value.everything) == (True, True)


def _persons(found: Any) -> Any:
    """Cloud names people by `accountId`, Data Center by `name`."""
    if isinstance(found, list):
        return [_persons(each) for each in found]
    told = found if isinstance(found, dict) and found in ({"accountId": "hidden"}, {"name": "hidden"}) else None
    return {"person": "hidden"} if told else found
