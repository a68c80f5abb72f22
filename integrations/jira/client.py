"""Jira's client library behind one door: a client for each thread, one attempt a call, our errors only."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

import requests
from atlassian import JiraCloud

from integrations.http import CONNECT_SECONDS, READ_SECONDS, Session, nothing_learned, refusal, unknown_outcome
from integrations.jira.settings import JiraSettings
from integrations.jira.wire import Json, complaints
from rules.errors import OutcomeUnknownError, TrackerError

LABEL = "Jira"
PAGE = 100
MOST_PAGES = 10


class JiraClient:
    """The few calls that we make. Whatever creates nothing raises `AgainLaterError` when its answer is unclear."""

    def __init__(self, settings: JiraSettings) -> None:
        self._settings = settings
        self._local = threading.local()

    def create_issue(self, payload: Json, names: Mapping[str, str]) -> Json:
        """One request; `names` words its complaints. An answer without a key is an unknown outcome (facts 1.4)."""
        answer = self._call(lambda api: api.create_issue(data=payload), names, creates=True)
        if not isinstance(answer, dict) or not answer.get("key") or not answer.get("id"):
            raise unknown_outcome(LABEL)
        return answer

    def search(self, jql: str, fields: list[str], properties: list[str], *, limit: int | None = None) -> list[Json]:
        """What the index knows, which lags (facts 3.1): every page, or the first `limit` issues."""
        found: list[Json] = []
        query: Json = {"jql": jql, "fields": fields, "properties": properties, "maxResults": limit or PAGE}
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

    def fetch(self, ids_or_keys: list[str], fields: list[str], properties: list[str]) -> list[Json]:
        """At most 100 issues by id or key, past the index. Missing ones are left out."""
        query = {"issueIdsOrKeys": ids_or_keys, "fields": fields, "properties": properties}
        answer = self._read(lambda api: api.bulk_fetch_issues(data=query), "issues")
        if answer.get("issueErrors"):
            raise nothing_learned(LABEL)
        return list(answer["issues"])

    def project(self) -> Json:
        return self._read(lambda api: api.get_project(self._settings.project), "key")

    def issue_types(self) -> list[Json]:
        key = self._settings.project
        answer = self._read(lambda api: api.get_create_issue_meta_issue_types(key, max_results=PAGE), "issueTypes")
        return list(answer["issueTypes"])

    def fields_of(self, issue_type_id: str) -> list[Json]:
        """The create screen's fields, all pages."""
        fields: list[Json] = []
        for _ in range(MOST_PAGES):
            page = self._fields_page(issue_type_id, len(fields))
            fields += page["fields"]
            if not page["fields"] or len(fields) >= page.get("total", 0):
                break
        return fields

    def _fields_page(self, issue_type_id: str, start: int) -> Json:
        key, count = self._settings.project, PAGE
        return self._read(
            lambda api: api.get_create_issue_meta_issue_type_id(key, issue_type_id, start_at=start, max_results=count),
            "fields",
        )

    def assignable(self, email: str) -> list[Json]:
        key = self._settings.project
        answer = self._call(lambda api: api.find_assignable_users(query=email, project=key))
        if not isinstance(answer, list):
            raise nothing_learned(LABEL)
        return answer

    def add_label(self, issue_id: str, label: str) -> None:
        change = {"update": {"labels": [{"add": label}]}}
        self._call(lambda api: api.edit_issue(issue_id, notify_users="false", data=change))

    def _read(self, call: Callable[[Any], Any], expected: str) -> Json:
        """An answer that has what we came for. A login page or an empty body must never look like "nothing there"."""
        answer = self._call(call)
        if not isinstance(answer, dict) or expected not in answer:
            raise nothing_learned(LABEL)
        return answer

    def _call(
        self, call: Callable[[Any], Any], names: Mapping[str, str] | None = None, *, creates: bool = False
    ) -> Any:
        failure: TrackerError
        try:
            return call(self._api())
        except requests.RequestException as error:
            failure = _failure(error.response, names or {})
        if isinstance(failure, OutcomeUnknownError) and not creates:
            failure = nothing_learned(LABEL)
        # Raised outside the handler: the library's error knows the request and its token.
        raise failure

    def _api(self) -> Any:
        """The library is not thread-safe (facts 1.5) and must not retry by itself (1.3)."""
        if not hasattr(self._local, "api"):
            api = JiraCloud(
                self._settings.url,
                username=self._settings.email,
                password=self._settings.token.get_secret_value(),
                session=Session(),
                backoff_and_retry=False,
                retry_with_header=False,
            )
            api.timeout = (CONNECT_SECONDS, READ_SECONDS)  # type: ignore[assignment] # a pair works, facts 1.2
            self._local.api = api
        return self._local.api


def _failure(response: requests.Response | None, names: Mapping[str, str]) -> TrackerError:
    if response is None:
        return unknown_outcome(LABEL)
    try:
        body = response.json()
    except requests.JSONDecodeError:
        body = None
    complaint, fields = complaints(body, names)
    return refusal(LABEL, response.status_code, response.headers, complaint, fields)
