"""Jira's client library behind one door: a client for each thread, one attempt a call, our errors only.

What Cloud and Data Center share stands here; where they differ each has a class of its own.
"""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

import requests

from integrations.http import (
    CONNECT_SECONDS,
    READ_SECONDS,
    Session,
    nothing_learned,
    refusal,
    unknown_outcome,
    unreachable,
)
from integrations.jira.forms import Form, Json
from integrations.jira.settings import JiraSettings
from integrations.jira.wire import BROWSE, complaints
from rules.errors import NeedsHumanError, OutcomeUnknownError, TrackerError
from rules.sentences import Sentence

LABEL = "Jira"
PAGE = 100
MOST_PEOPLE = 1000
MOST_PAGES = 10
UNAUTHORIZED, ABSENT = 401, 404


REASON = "X-Seraph-LoginReason"
NOT_US = frozenset({"AUTHENTICATED_FAILED", "AUTHENTICATION_DENIED", "OUT"})
CREATED = 201


class JiraSession(Session):
    """Jira may take us for nobody in particular and answer 200 with nothing: that counts as 401 (facts 8.1).

    What was created all the same stays created.
    """

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        response = super().request(method, url, *args, **kwargs)
        if response.headers.get(REASON) in NOT_US and response.status_code != CREATED:
            response.status_code = UNAUTHORIZED
        return response


class AbsentError(NeedsHumanError):
    """Jira itself, and no proxy in front of it, says that there is no such thing."""


class JiraClient(ABC):
    """The few calls that we make. Whatever creates nothing raises `AgainLaterError` when its answer is unclear.

    `keys_at_once` keys are asked for in one `fetch` behind the watermark, at most `most_fetches` times.
    `reads_one_by_one`: a `fetch` takes a request for each issue.
    """

    form: Form
    reads_one_by_one = False
    keys_at_once: int
    most_fetches: int

    def __init__(self, settings: JiraSettings) -> None:
        self._settings = settings
        self._root = settings.url
        self._local = threading.local()

    @abstractmethod
    def create_issue(self, payload: Json, names: Mapping[str, str]) -> Json:
        """One request; `names` words its complaints. An answer without a key is an unknown outcome (facts 1.4)."""

    @abstractmethod
    def search(self, jql: str, *, limit: int | None = None) -> list[Json]:
        """What the index knows, which lags (facts 3.1), with our marks: every page, or the first `limit` issues."""

    @abstractmethod
    def fetch(self, ids_or_keys: list[str], fields: list[str]) -> list[Json]:
        """At most 100 issues by id or key, past the index, with our marks. Missing ones are left out."""

    @abstractmethod
    def glance(self, ids: list[str], fields: list[str]) -> list[Json]:
        """At most 100 issues by id from the index, which lags; none where `fetch` takes one request for them, too."""

    @abstractmethod
    def issue(self, id_or_key: str, fields: list[str]) -> Json | None:
        """One issue; None when Jira says that it is not there, or that we may not see it: it tells both alike."""

    @abstractmethod
    def permissions(self) -> Json: ...

    @abstractmethod
    def myself(self) -> Json: ...

    @abstractmethod
    def statuses(self) -> list[Json]:
        """Those of each issue type of the project."""

    @abstractmethod
    def project(self) -> Json: ...

    @abstractmethod
    def issue_types(self) -> list[Json]:
        """Those that may be created in the project, each with its `hierarchyLevel`."""

    @abstractmethod
    def assignable(self) -> list[Json]:
        """Whom an issue of the project can be given to; no more than one long page."""

    @abstractmethod
    def edit(self, issue_id: str, change: Json) -> None: ...

    @abstractmethod
    def transitions(self, issue_id: str) -> list[Json]:
        """The steps that the workflow offers from where the issue stands."""

    @abstractmethod
    def move(self, issue_id: str, transition_id: str, fields: Json) -> None: ...

    @abstractmethod
    def _fields_page(self, issue_type_id: str, start: int) -> Json: ...

    @abstractmethod
    def _permission_scheme(self) -> Json: ...

    @abstractmethod
    def _roles(self) -> Json: ...

    @abstractmethod
    def _connect(self) -> Any:
        """A new client of the library, which must not retry by itself (facts 1.3)."""

    def fields_of(self, issue_type_id: str) -> list[Json]:
        """The create screen's fields, all pages."""
        fields: list[Json] = []
        for _ in range(MOST_PAGES):
            page = self._fields_page(issue_type_id, len(fields))
            fields += page["fields"]
            if not page["fields"] or len(fields) >= page.get("total", 0):
                break
        return fields

    def grants(self) -> list[Json] | None:
        """Who may do what in the project; None when only Jira's admins are told."""
        scheme = self._unless_secret(self._permission_scheme)
        return None if scheme is None else list(scheme.get("permissions") or [])

    def require_sight(self) -> None:
        """Raises unless Jira knows our account and lets it see the project: only then does an absence prove anything.

        An account that it does not know gets empty answers with status 200 where others get theirs (facts 8.1).
        """
        self.myself()
        granted = self.permissions().get(BROWSE) or {}
        if not granted.get("havePermission"):
            raise NeedsHumanError(
                Sentence(
                    "Jira does not let our account see the project {project} any more. An admin of Jira has to give it "
                    "the permission to browse the project; the tasks wait.",
                    project=self._settings.project,
                ),
                everything=True,
            )

    def role_names(self) -> dict[str, str]:
        """Names of the project's roles by id; none when only Jira's admins are told."""
        roles = self._unless_secret(self._roles) or {}
        return {str(address).rpartition("/")[2]: name for name, address in roles.items()}

    def _unless_secret(self, ask: Callable[[], Json]) -> Json | None:
        try:
            return ask()
        except NeedsHumanError:
            return None

    def _created(self, call: Callable[[Any], Any], names: Mapping[str, str]) -> Json:
        answer = self._call(call, names, creates=True)
        if not isinstance(answer, dict) or not answer.get("key") or not answer.get("id"):
            raise unknown_outcome(LABEL)
        return answer

    def _read(self, call: Callable[[Any], Any], expected: str) -> Json:
        """An answer that has what we came for. A login page or an empty body must never look like "nothing there"."""
        answer = self._call(call)
        if not isinstance(answer, dict) or expected not in answer:
            raise nothing_learned(LABEL)
        return answer

    def _found(self, call: Callable[[Any], Any], expected: str) -> Json | None:
        """None when Jira says for certain that it is not there."""
        try:
            return self._read(call, expected)
        except AbsentError:
            return None

    def _read_list(self, call: Callable[[Any], Any]) -> list[Json]:
        answer = self._call(call)
        if not isinstance(answer, list):
            raise nothing_learned(LABEL)
        return answer

    def _call(
        self, call: Callable[[Any], Any], names: Mapping[str, str] | None = None, *, creates: bool = False
    ) -> Any:
        failure: TrackerError
        root, answer = self._root, None
        try:
            return call(self._api())
        except requests.RequestException as error:
            answer = error.response
            failure = unreachable(LABEL, error) or _failure(answer, names or {})
        if answer is not None and answer.status_code == UNAUTHORIZED and self._is_found_elsewhere(root):
            return self._call(call, names, creates=creates)  # a refusal: nothing was done
        if isinstance(failure, OutcomeUnknownError) and not creates:
            failure = nothing_learned(LABEL)
        # Raised outside the handler: the library's error knows the request and its token.
        raise failure

    def _is_found_elsewhere(self, root: str) -> bool:
        """Whether our account, refused at `root`, is taken at another address, where it is asked from now on."""
        return root != self._root

    def _api(self) -> Any:
        """The library is not thread-safe (facts 1.5)."""
        if getattr(self._local, "root", "") != self._root:
            self._local.root = self._root
            self._local.api = self._connect()
            self._local.api.timeout = (CONNECT_SECONDS, READ_SECONDS)  # a pair works, facts 1.2
        return self._local.api


def lacks_scope(response: requests.Response) -> bool:
    """The gateway's own words for a token that is good and may not do this."""
    return "scope does not match" in response.text


def _failure(response: requests.Response | None, names: Mapping[str, str]) -> TrackerError:
    if response is None:
        return unknown_outcome(LABEL)
    try:
        body = response.json()
    except requests.JSONDecodeError:
        body = None
    if response.status_code == UNAUTHORIZED and lacks_scope(response):
        return NeedsHumanError(
            Sentence(
                "Jira's token lacks a scope. Make a new one with read:jira-work, write:jira-work and read:jira-user, "
                "and put it into the settings; the tasks wait until then."
            ),
            everything=True,
        )
    complaint, fields = complaints(body, names)
    if response.status_code == ABSENT and complaint:
        return AbsentError(refusal(LABEL, ABSENT, response.headers).sentence)
    if response.status_code == ABSENT:
        return NeedsHumanError(
            Sentence(
                "Under the address in the settings there is no Jira. It ends with the site, "
                "https://your-site.atlassian.net, or with the path under which your Jira runs: no board, no project. "
                "Correct it there."
            ),
            everything=True,
        )
    return refusal(LABEL, response.status_code, response.headers, complaint, fields)
