"""Jira Data Center: REST v2, plain wiki text, a label for each task's marker (facts/trackers.md 3.2).

Its search takes no properties, hence the label. It has no bulk read either: issues are read one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from integrations.http import nothing_learned
from integrations.jira.client import LABEL, MOST_PAGES, MOST_PEOPLE, PAGE, JiraClient, JiraSession
from integrations.jira.forms import DataCenterForm, Json
from integrations.jira.wire import MARKS, PARENT, ids_query
from rules.errors import NeedsHumanError


class DataCenterClient(JiraClient):
    """The calls of facts/trackers.md 1.7, below the table. The token is a personal access token."""

    form = DataCenterForm()
    reads_one_by_one = True
    keys_at_once = 20
    most_fetches = 10

    def create_issue(self, payload: Json, names: Mapping[str, str]) -> Json:
        return self._created(lambda api: api.post(api.resource_url("issue"), data=payload), names)

    def search(self, jql: str, *, limit: int | None = None) -> list[Json]:
        found: list[Json] = []
        for _ in range(MOST_PAGES):
            page = self._search_page(jql, len(found), limit or PAGE, [*MARKS, PARENT])
            found += page["issues"]
            if limit or not page["issues"] or len(found) >= page.get("total", 0):
                return found
        raise nothing_learned(LABEL)

    def _search_page(self, jql: str, start: int, count: int, fields: list[str], *, is_checked: bool = True) -> Json:
        checked = None if is_checked else "false"
        return self._read(
            lambda api: api.jql(jql, fields=fields, start=start, limit=count, validate_query=checked), "issues"
        )

    def fetch(self, ids_or_keys: list[str], fields: list[str]) -> list[Json]:
        found = [self.issue(name, fields) for name in ids_or_keys]
        return [issue for issue in found if issue]

    def glance(self, ids: list[str], fields: list[str]) -> list[Json]:
        """One search; a query with a deleted issue in it would be refused if Jira were to check it first.

        Refused all the same, it tells nothing: whoever asks reads the issues, which tells why.
        """
        if len(ids) == 1:
            return []
        try:
            return list(self._search_page(ids_query(ids), 0, len(ids), fields, is_checked=False)["issues"])
        except NeedsHumanError:
            return []

    def issue(self, id_or_key: str, fields: list[str]) -> Json | None:
        return self._found(lambda api: api.get_issue(id_or_key, fields=fields, update_history=False), "key")

    def permissions(self) -> Json:
        query = {"projectKey": self._settings.project}
        answer = self._read(lambda api: api.get(api.resource_url("mypermissions"), params=query), "permissions")
        return dict(answer["permissions"])

    def myself(self) -> Json:
        return self._read(lambda api: api.get(api.resource_url("myself")), "name")

    def statuses(self) -> list[Json]:
        address = f"project/{self._settings.project}/statuses"
        return self._read_list(lambda api: api.get(api.resource_url(address)))

    def project(self) -> Json:
        return self._read(lambda api: api.get(api.resource_url(f"project/{self._settings.project}")), "key")

    def issue_types(self) -> list[Json]:
        """Epics are left out: Data Center links them by a field of its own, not as parents (facts 1.7)."""
        key = self._settings.project
        answer = self._read(lambda api: api.issue_createmeta_issuetypes(key, limit=PAGE), "values")
        return [{**kind, "hierarchyLevel": -1 if kind.get("subtask") else 0} for kind in answer["values"]]

    def assignable(self) -> list[Json]:
        query = {"project": self._settings.project, "maxResults": MOST_PEOPLE}
        return self._read_list(lambda api: api.get(api.resource_url("user/assignable/search"), params=query))

    def edit(self, issue_id: str, change: Json) -> None:
        quietly = {"notifyUsers": "false"}
        self._call(lambda api: api.put(api.resource_url(f"issue/{issue_id}"), data=change, params=quietly))

    def transitions(self, issue_id: str) -> list[Json]:
        """What the steps ask for Data Center's document does not offer to tell."""
        address = f"issue/{issue_id}/transitions"
        answer = self._read(lambda api: api.get(api.resource_url(address)), "transitions")
        return list(answer["transitions"])

    def move(self, issue_id: str, transition_id: str, fields: Json) -> None:
        step = {"transition": {"id": transition_id}} | ({"fields": fields} if fields else {})
        self._call(lambda api: api.post(api.resource_url(f"issue/{issue_id}/transitions"), data=step))

    def _fields_page(self, issue_type_id: str, start: int) -> Json:
        key, count = self._settings.project, PAGE
        page = self._read(
            lambda api: api.issue_createmeta_fieldtypes(key, issue_type_id, start=start, limit=count), "values"
        )
        return {**page, "fields": page["values"]}

    def _permission_scheme(self) -> Json:
        key = self._settings.project
        return self._read(lambda api: api.get_project_permission_scheme(key, expand="permissions"), "permissions")

    def _roles(self) -> Json:
        answer = self._call(lambda api: api.get(api.resource_url(f"project/{self._settings.project}/role")))
        return answer if isinstance(answer, dict) else {}

    def _connect(self) -> Any:
        from atlassian import Jira  # noqa: PLC0415 - a tenth of a second and 9 MB, of use to few processes

        return Jira(
            self._settings.url,
            token=self._settings.token.get_secret_value(),
            session=JiraSession(),
            backoff_and_retry=False,
            retry_with_header=False,
        )
