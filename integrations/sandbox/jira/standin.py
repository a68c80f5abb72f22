from __future__ import annotations

import base64
import json
import threading
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from integrations.sandbox.faults import Faults, Faulty
from integrations.sandbox.jira.project import Issue, Json, Person, Project, bad_label
from integrations.sandbox.jira.search import Index, UnknownQueryError

BULK_LIMIT = 100
PAGE_LIMIT = 100
API = "/rest/api/3"


class JiraStandIn:
    """A whole Jira with one project. `issues` is what a person would see on the board, oldest first."""

    def __init__(
        self,
        *,
        email: str = "amicable@agency.example",
        token: str = "jira-token",  # noqa: S107 - opens a stand-in
        project: Project | None = None,
        faults: Faults | None = None,
        search_lag: float = 0.0,
    ) -> None:
        self.email = email
        self.token = token
        self.project = project or Project()
        self.faults = faults or Faults()
        self.index = Index(lag=search_lag)
        self._issues: dict[str, Issue] = {}
        self._count = 0
        self._lock = threading.RLock()
        self.app: ASGIApp = Faulty(self._routes(), self.faults, _rate_limit)

    @property
    def issues(self) -> list[Issue]:
        with self._lock:
            return list(self._issues.values())

    def finish(self, key: str) -> None:
        """Somebody drags the issue to Done."""
        with self._lock:
            issue = self._find(key)
            if issue:
                issue.done = True
                self.index.note(issue)

    def delete(self, key: str) -> None:
        with self._lock:
            issue = self._find(key)
            if issue:
                del self._issues[issue.id]

    def _routes(self) -> Starlette:
        meta = f"{API}/issue/createmeta/{{project}}/issuetypes"
        calls: list[tuple[str, str, Callable[[Request], Awaitable[Response]]]] = [
            ("POST", f"{API}/issue", self._create),
            ("POST", f"{API}/issue/bulkfetch", self._bulk_fetch),
            ("POST", f"{API}/search/jql", self._search),
            ("GET", meta, self._issue_types),
            ("GET", f"{meta}/{{kind}}", self._create_screen),
            ("GET", f"{API}/user/assignable/search", self._assignable),
            ("GET", f"{API}/project/{{project}}", self._project),
            ("GET", f"{API}/myself", self._myself),
            ("PUT", f"{API}/issue/{{issue}}", self._edit),
            ("GET", "/browse/{key}", self._browse),
        ]
        routes = [Route(path, endpoint, methods=[method]) for method, path, endpoint in calls]
        return Starlette(routes=routes, middleware=[Middleware(_BasicAuth, standin=self)])

    async def _create(self, request: Request) -> Response:
        body = await _json_object(request)
        if body is None or set(body) - {"fields", "properties", "update", "transition", "historyMetadata"}:
            return _errors("Invalid request payload. Refer to the REST API documentation and try again.")
        fields, properties = body.get("fields", {}), body.get("properties", [])
        if not all(isinstance(entry, dict) and set(entry) == {"key", "value"} for entry in properties):
            return _errors("Property key and value are required.")
        with self._lock:
            complaints = self.project.complaints(fields, self._issues)
            if complaints:
                return _errors(**complaints)
            issue = self._add(fields, {entry["key"]: entry["value"] for entry in properties})
        return JSONResponse({"id": issue.id, "key": issue.key, "self": _self(request, issue)}, 201)

    def _add(self, fields: Json, properties: Json) -> Issue:
        self._count += 1
        kind = self.project.kind(fields["issuetype"])
        parent = self._find(fields.get("parent", {}).get("id") or fields.get("parent", {}).get("key") or "")
        issue = Issue(
            id=str(10_000 + self._count),
            key=f"{self.project.key}-{self._count}",
            kind=kind.name if kind else "",
            summary=fields["summary"],
            description=fields.get("description"),
            labels=list(fields.get("labels") or []),
            due_on=fields.get("duedate"),
            parent_id=parent.id if parent else "",
            assignee=(fields.get("assignee") or {}).get("accountId", ""),
            properties=properties,
        )
        self._issues[issue.id] = issue
        self.index.note(issue)
        return issue

    async def _search(self, request: Request) -> Response:
        body = await _json_object(request)
        known = {"jql", "fields", "properties", "maxResults", "nextPageToken", "expand", "fieldsByKeys", "failFast"}
        if body is None or set(body) - known - {"reconcileIssues"}:
            return _errors("Invalid request payload. Refer to the REST API documentation and try again.")
        try:
            found = self.index.search(str(body.get("jql", "")))
        except UnknownQueryError as error:
            return _errors(str(error))
        start, count = int(body.get("nextPageToken") or 0), min(int(body.get("maxResults", 50)), PAGE_LIMIT)
        page = found[start : start + count]
        last = start + count >= len(found)
        answer: Json = {"issues": [self._bean(request, issue, body) for issue in page], "isLast": last}
        return JSONResponse(answer if last else {**answer, "nextPageToken": str(start + count)})

    async def _bulk_fetch(self, request: Request) -> Response:
        body = await _json_object(request)
        wanted = (body or {}).get("issueIdsOrKeys")
        if body is None or not isinstance(wanted, list) or not 0 < len(wanted) <= BULK_LIMIT:
            return _errors(f"The number of issues must be between 1 and {BULK_LIMIT}.")
        with self._lock:
            found = [issue for name in wanted if (issue := self._find(name))]
            beans = [self._bean(request, issue, body) for issue in found]
        return JSONResponse({"issues": beans, "issueErrors": []})

    async def _edit(self, request: Request) -> Response:
        """Only `update.labels` with `add`; that is all that is asked for."""
        body = await _json_object(request) or {}
        operations = body.get("update", {}).get("labels", [])
        with self._lock:
            issue = self._find(request.path_params["issue"])
            if issue is None:
                return _missing("Issue does not exist or you do not have permission to see it.")
            if "labels" not in self.project.screen:
                return _errors(labels="Field 'labels' cannot be set. It is not on the appropriate screen, or unknown.")
            added = [operation.get("add") for operation in operations]
            complaint = next(filter(None, map(bad_label, added)), "")
            if complaint:
                return _errors(labels=complaint)
            issue.labels += [label for label in added if label not in issue.labels]
            self.index.note(issue)
        return Response(status_code=204)

    async def _issue_types(self, request: Request) -> Response:
        if request.path_params["project"] != self.project.key:
            return _missing(f"No project could be found with key '{request.path_params['project']}'.")
        kinds = [
            {"id": kind.id, "name": kind.name, "hierarchyLevel": kind.level, "subtask": kind.level < 0}
            for kind in self.project.kinds
        ]
        return _page(request, "issueTypes", kinds)

    async def _create_screen(self, request: Request) -> Response:
        fields = [_field(name, label) for name, label in self.project.screen.items()]
        fields += [_field(name, label, required=True) for name, label in self.project.required.items()]
        return _page(request, "fields", fields)

    async def _assignable(self, request: Request) -> Response:
        query = request.query_params.get("query", "").casefold()
        found = [p for p in self.project.people if query in f"{p.name} {p.email} {p.account_id}".casefold()]
        return JSONResponse([_user(person) for person in found])

    async def _project(self, request: Request) -> Response:
        if request.path_params["project"] != self.project.key:
            return _missing(f"No project could be found with key '{request.path_params['project']}'.")
        return JSONResponse({"id": "10000", "key": self.project.key, "name": self.project.name, "isPrivate": False})

    async def _myself(self, _: Request) -> Response:
        return JSONResponse(_user(Person(account_id="app-account", name="Amicable", email=self.email)))

    async def _browse(self, request: Request) -> Response:
        """Not a part of the API: what a person sees who follows a link."""
        issue = self._find(request.path_params["key"])
        if issue is None:
            return PlainTextResponse("No such issue.", 404)
        state = "Done" if issue.done else "To do"
        return PlainTextResponse(f"{issue.key} {issue.summary} [{state}]\nDue: {issue.due_on or '-'}\n\n{issue.text}\n")

    def _find(self, id_or_key: str) -> Issue | None:
        with self._lock:
            return next((issue for issue in self._issues.values() if id_or_key in (issue.id, issue.key)), None)

    def _bean(self, request: Request, issue: Issue, body: Json) -> Json:
        """An issue with the fields and properties that were asked for; a search gives ids only by default."""
        every = _fields(issue)
        bean: Json = {"id": issue.id, "key": issue.key, "self": _self(request, issue)}
        bean["fields"] = {name: every[name] for name in body.get("fields", []) if name in every}
        wanted = body.get("properties", [])
        if wanted:
            bean["properties"] = {name: issue.properties[name] for name in wanted if name in issue.properties}
        return bean


class _BasicAuth:
    """Jira Cloud takes an API token as a Basic password only; as a Bearer it gives 403 (facts/trackers.md 1.2)."""

    def __init__(self, app: ASGIApp, standin: JiraStandIn) -> None:
        self._app = app
        self._standin = standin

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get("Authorization", "")
        pair = f"{self._standin.email}:{self._standin.token}".encode()
        if given == f"Basic {base64.b64encode(pair).decode()}" or "/browse/" in scope["path"]:
            await self._app(scope, receive, send)
        elif given.startswith("Bearer "):
            await JSONResponse({"error": "Failed to parse Connect Session Auth Token"}, 403)(scope, receive, send)
        else:
            text = "Client must be authenticated to access this resource."
            await JSONResponse({"errorMessages": [text], "errors": {}}, 401)(scope, receive, send)


async def _json_object(request: Request) -> Json | None:
    try:
        body = await request.json()
    except json.JSONDecodeError:
        return None
    return body if isinstance(body, dict) else None


def _errors(*messages: str, **fields: str) -> JSONResponse:
    return JSONResponse({"errorMessages": list(messages), "errors": fields}, 400)


def _missing(message: str) -> JSONResponse:
    return JSONResponse({"errorMessages": [message], "errors": {}}, 404)


def _rate_limit(faults: Faults) -> Response:
    headers = {"Retry-After": str(faults.retry_after), "RateLimit-Reason": "jira-burst-based"}
    return JSONResponse({"errorMessages": ["Rate limit exceeded."], "errors": {}}, 429, headers)


def _self(request: Request, issue: Issue) -> str:
    return f"{str(request.base_url).rstrip('/')}{API}/issue/{issue.id}"


def _page(request: Request, name: str, entries: Iterable[Any]) -> JSONResponse:
    everything = list(entries)
    start = int(request.query_params.get("startAt", 0))
    count = min(int(request.query_params.get("maxResults", 50)), 200)
    page = everything[start : start + count]
    return JSONResponse({"startAt": start, "maxResults": count, "total": len(everything), name: page})


def _field(name: str, label: str, *, required: bool = False) -> Json:
    return {
        "fieldId": name,
        "key": name,
        "name": label,
        "required": required or name in {"summary", "issuetype", "project"},
        "hasDefaultValue": False,
        "operations": ["set"],
        "schema": {"type": "array" if name == "labels" else "string"},
    }


def _fields(issue: Issue) -> Json:
    status = ("Done", "done", 3) if issue.done else ("To Do", "new", 2)
    return {
        "summary": issue.summary,
        "description": issue.description,
        "labels": issue.labels,
        "duedate": issue.due_on,
        "issuetype": {"name": issue.kind},
        "parent": {"id": issue.parent_id} if issue.parent_id else None,
        "assignee": {"accountId": issue.assignee} if issue.assignee else None,
        "status": {"name": status[0], "statusCategory": {"id": status[2], "key": status[1]}},
    }


def _user(person: Person) -> Json:
    user: Json = {
        "accountId": person.account_id,
        "accountType": "atlassian",
        "displayName": person.name,
        "active": True,
    }
    return user | ({"emailAddress": person.email} if person.email else {})
