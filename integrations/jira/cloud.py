"""Jira Cloud: REST v3, texts as documents, the task's marker as an issue property (facts/trackers.md 3.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import requests

from integrations.http import nothing_learned
from integrations.jira.client import (
    LABEL,
    MOST_PAGES,
    MOST_PEOPLE,
    PAGE,
    UNAUTHORIZED,
    JiraClient,
    JiraSession,
    lacks_scope,
)
from integrations.jira.forms import PROPERTY, CloudForm, Json
from integrations.jira.wire import BROWSE, MARKS, PARENT

_CLOUD_ID = re.compile(r"[0-9A-Za-z-]+")


class CloudClient(JiraClient):
    """The calls of facts/trackers.md 1.7, first table."""

    form = CloudForm()
    keys_at_once = 100
    most_fetches = 5

    def create_issue(self, payload: Json, names: Mapping[str, str]) -> Json:
        return self._created(lambda api: api.create_issue(data=payload), names)

    def search(self, jql: str, *, limit: int | None = None) -> list[Json]:
        found: list[Json] = []
        query: Json = {"jql": jql, "fields": [*MARKS, PARENT], "properties": [PROPERTY], "maxResults": limit or PAGE}
        for _ in range(MOST_PAGES):
            page = self._search_page(query)
            found += page["issues"]
            token = page.get("nextPageToken")
            if limit or page.get("isLast") or not token:
                return found
            query = {**query, "nextPageToken": token}
        raise nothing_learned(LABEL)

    def _search_page(self, query: Json) -> Json:
        return self._read(lambda api: api.search_and_reconsile_issues_using_jql_post(data=query), "issues")

    def fetch(self, ids_or_keys: list[str], fields: list[str]) -> list[Json]:
        query = {"issueIdsOrKeys": ids_or_keys, "fields": fields, "properties": [PROPERTY]}
        answer = self._read(lambda api: api.bulk_fetch_issues(data=query), "issues")
        if answer.get("issueErrors"):
            raise nothing_learned(LABEL)
        return list(answer["issues"])

    def glance(self, ids: list[str], fields: list[str]) -> list[Json]:
        del ids, fields
        return []

    def issue(self, id_or_key: str, fields: list[str]) -> Json | None:
        return self._found(lambda api: api.get_issue(id_or_key, fields=",".join(fields), properties=PROPERTY), "key")

    def permissions(self) -> Json:
        answer = self._read(
            lambda api: api.get_my_permissions(project_key=self._settings.project, permissions=BROWSE), "permissions"
        )
        return dict(answer["permissions"])

    def myself(self) -> Json:
        return self._read(lambda api: api.get_current_user(), "accountId")

    def statuses(self) -> list[Json]:
        return self._read_list(lambda api: api.get_all_statuses(self._settings.project))

    def project(self) -> Json:
        return self._read(lambda api: api.get_project(self._settings.project), "key")

    def issue_types(self) -> list[Json]:
        key = self._settings.project
        answer = self._read(lambda api: api.get_create_issue_meta_issue_types(key, max_results=PAGE), "issueTypes")
        return list(answer["issueTypes"])

    def assignable(self) -> list[Json]:
        key = self._settings.project
        return self._read_list(lambda api: api.find_assignable_users(project=key, max_results=MOST_PEOPLE))

    def edit(self, issue_id: str, change: Json) -> None:
        self._call(lambda api: api.edit_issue(issue_id, notify_users="false", data=change))

    def transitions(self, issue_id: str) -> list[Json]:
        answer = self._read(lambda api: api.get_transitions(issue_id, expand="transitions.fields"), "transitions")
        return list(answer["transitions"])

    def move(self, issue_id: str, transition_id: str, fields: Json) -> None:
        step = {"transition": {"id": transition_id}} | ({"fields": fields} if fields else {})
        self._call(lambda api: api.do_transition(issue_id, data=step))

    def _fields_page(self, issue_type_id: str, start: int) -> Json:
        key, count = self._settings.project, PAGE
        return self._read(
            lambda api: api.get_create_issue_meta_issue_type_id(key, issue_type_id, start_at=start, max_results=count),
            "fields",
        )

    def _permission_scheme(self) -> Json:
        key = self._settings.project
        return self._read(lambda api: api.get_assigned_permission_scheme(key, expand="permissions"), "permissions")

    def _roles(self) -> Json:
        answer = self._call(lambda api: api.get_project_roles(self._settings.project))
        return answer if isinstance(answer, dict) else {}

    def _is_found_elsewhere(self, root: str) -> bool:
        """A scoped token, the only one that a service account gets, works at Atlassian's gateway alone (facts 8.2)."""
        if root != self._settings.url:
            return False
        if self._root == root and (gateway := self._gateway()):
            self._root = gateway
        return root != self._root

    def _gateway(self) -> str:
        """Its address for this site; blank where our account is not known there either."""
        with JiraSession() as session:
            try:
                told = session.get(f"{self._settings.url}/_edge/tenant_info").json()
                cloud_id = str(told.get("cloudId") or "") if isinstance(told, dict) else ""
                if not _CLOUD_ID.fullmatch(cloud_id):
                    return ""
                address = f"{self._settings.gateway}/ex/jira/{cloud_id}"
                pair = (self._settings.email, self._settings.token.get_secret_value())
                answer = session.get(f"{address}/rest/api/3/myself", auth=pair)
            except requests.RequestException:
                return ""
        return address if answer.status_code != UNAUTHORIZED or lacks_scope(answer) else ""

    def _connect(self) -> Any:
        from atlassian import JiraCloud  # noqa: PLC0415 - a tenth of a second and 9 MB, of use to few processes

        return JiraCloud(
            self._root,
            username=self._settings.email,
            password=self._settings.token.get_secret_value(),
            session=JiraSession(),
            backoff_and_retry=False,
            retry_with_header=False,
        )
