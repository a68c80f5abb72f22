from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterable
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from integrations.sandbox.faults import Faults, Faulty
from integrations.sandbox.jira.about import AboutProject, Endpoint, errors, missing
from integrations.sandbox.jira.door import Door, Gateway, is_nobody
from integrations.sandbox.jira.project import Issue, Json, Project
from integrations.sandbox.jira.search import Index, UnknownQueryError
from integrations.sandbox.jira.workflow import described_status, described_step

BULK_LIMIT = 100
PAGE_LIMIT = 100


class JiraStandIn(AboutProject):
    """A whole Jira Cloud with one project. `issues` is what a person would see on the board, oldest first.

    `is_scoped`: the token is one with scopes, which the site refuses and the `gateway` takes; it lacks the one for
    paths that hold `lacks_scope_for`.
    """

    kind = "cloud"
    api = "/rest/api/3"
    tells_reason = True
    is_scoped = False
    lacks_scope_for = ""
    gateway_calls = 0
    cloud_id = "a436116f-02ce-4520-8fbb-7301462a1674"

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
        self.on_change: Callable[[str, str], None] = lambda _event, _issue_id: None
        self._issues: dict[str, Issue] = {}
        self._count = 0
        self._lock = threading.RLock()
        routes = [Route(path, endpoint, methods=[method]) for method, path, endpoint in self._calls()]
        guarded = Starlette(routes=routes, middleware=[Middleware(Door, standin=self)])
        self.app: ASGIApp = Faulty(guarded, self.faults, _rate_limit)
        self.gateway: ASGIApp = Gateway(self.app, f"/ex/jira/{self.cloud_id}")

    @property
    def issues(self) -> list[Issue]:
        with self._lock:
            return list(self._issues.values())

    def finish(self, key: str) -> None:
        """Somebody drags the issue to Done."""
        self.put(key, "Done", "Done")

    def put(self, key: str, status: str, resolution: str = "") -> None:
        """Somebody moves the issue on, as the board's people do."""
        with self._lock:
            issue = self._find(key)
            if issue:
                issue.status, issue.resolution = status, resolution
                self.index.note(issue)
        if issue:
            self.on_change("jira:issue_updated", issue.id)

    def delete(self, key: str) -> None:
        with self._lock:
            issue = self._find(key)
            if issue:
                del self._issues[issue.id]
                self.index.forget(issue.id)
        if issue:
            self.on_change("jira:issue_deleted", issue.id)

    def _calls(self) -> list[tuple[str, str, Endpoint]]:
        return [
            *self._shared_calls(),
            ("POST", f"{self.api}/issue/bulkfetch", self._bulk_fetch),
            ("POST", f"{self.api}/search/jql", self._search),
            ("GET", "/_edge/tenant_info", self._tenant),
        ]

    def _shared_calls(self) -> list[tuple[str, str, Endpoint]]:
        """What Data Center has at the same address."""
        meta = f"{self.api}/issue/createmeta/{{project}}/issuetypes"
        project = f"{self.api}/project/{{project}}"
        return [
            ("POST", f"{self.api}/issue", self._create),
            ("GET", meta, self._issue_types),
            ("GET", f"{meta}/{{kind}}", self._create_screen),
            ("GET", f"{self.api}/user/assignable/search", self._assignable),
            ("GET", project, self._project),
            ("GET", f"{project}/permissionscheme", self._permission_scheme),
            ("GET", f"{project}/role", self._roles),
            ("GET", f"{project}/statuses", self._statuses),
            ("GET", f"{self.api}/myself", self._myself),
            ("GET", f"{self.api}/mypermissions", self._my_permissions),
            ("GET", f"{self.api}/issue/{{issue}}", self._issue),
            ("PUT", f"{self.api}/issue/{{issue}}", self._edit),
            ("GET", f"{self.api}/issue/{{issue}}/transitions", self._steps),
            ("POST", f"{self.api}/issue/{{issue}}/transitions", self._move),
            ("GET", "/browse/{key}", self._browse),
        ]

    def admits(self, authorization: str) -> bool:
        """Cloud takes an API token as a Basic password only; as a Bearer it gives 403 (facts/trackers.md 1.2)."""
        pair = f"{self.email}:{self.token}".encode()
        return authorization == f"Basic {base64.b64encode(pair).decode()}"

    async def _tenant(self, _: Request) -> Response:
        """Told to anybody."""
        return JSONResponse({"cloudId": self.cloud_id})

    async def _create(self, request: Request) -> Response:
        body = await json_object(request)
        if body is None or set(body) - {"fields", "properties", "update", "transition", "historyMetadata"}:
            return errors("Invalid request payload. Refer to the REST API documentation and try again.")
        fields, properties = body.get("fields", {}), body.get("properties", [])
        if not all(isinstance(entry, dict) and set(entry) == {"key", "value"} for entry in properties):
            return errors("Property key and value are required.")
        with self._lock:
            complaints = self._complaints(fields)
            if complaints:
                return errors(**complaints)
            issue = self.add(fields, {entry["key"]: entry["value"] for entry in properties})
        return JSONResponse({"id": issue.id, "key": issue.key, "self": self._address(request, issue)}, 201)

    def _complaints(self, fields: Json) -> dict[str, str]:
        return self.project.complaints(fields, self._issues)

    def add(self, fields: Json, properties: Json) -> Issue:
        """As the API does it; these fields are taken."""
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
            assignee=next(iter((fields.get("assignee") or {}).values()), ""),
            properties=properties,
            besides={name: fields[name] for name in self.project.required},
        )
        self._issues[issue.id] = issue
        self.index.note(issue)
        return issue

    async def _search(self, request: Request) -> Response:
        body = await json_object(request)
        known = {"jql", "fields", "properties", "maxResults", "nextPageToken", "expand", "fieldsByKeys", "failFast"}
        if body is None or set(body) - known - {"reconcileIssues"}:
            return errors("Invalid request payload. Refer to the REST API documentation and try again.")
        try:
            found = self.index.search(str(body.get("jql", "")))
        except UnknownQueryError as error:
            return errors(str(error))
        found = found if self.sees(request) else []
        start, count = int(body.get("nextPageToken") or 0), min(int(body.get("maxResults", 50)), PAGE_LIMIT)
        page = found[start : start + count]
        last = start + count >= len(found)
        answer: Json = {"issues": [self._bean(request, issue, body) for issue in page], "isLast": last}
        return JSONResponse(answer if last else {**answer, "nextPageToken": str(start + count)})

    async def _bulk_fetch(self, request: Request) -> Response:
        body = await json_object(request)
        wanted = (body or {}).get("issueIdsOrKeys")
        if body is None or not isinstance(wanted, list) or not 0 < len(wanted) <= BULK_LIMIT:
            return errors(f"The number of issues must be between 1 and {BULK_LIMIT}.")
        with self._lock:
            found = [issue for name in wanted if self.sees(request) and (issue := self._find(name))]
            beans = [self._bean(request, issue, body) for issue in found]
        return JSONResponse({"issues": beans, "issueErrors": []})

    async def _edit(self, request: Request) -> Response:
        """Only labels that are added and fields that are set anew; that is all that is asked for."""
        body = await json_object(request) or {}
        fields, operations = body.get("fields", {}), body.get("update", {}).get("labels", [])
        with self._lock:
            issue = self._asked(request)
            if issue is None:
                return missing("Issue does not exist or you do not have permission to see it.")
            complaints = self.project.complaints_about_edit(fields, [each.get("add") for each in operations])
            if complaints:
                return errors(**complaints)
            issue.labels += [each["add"] for each in operations if each["add"] not in issue.labels]
            issue.due_on = fields.get("duedate", issue.due_on)
            issue.summary = fields.get("summary", issue.summary)
            self.index.note(issue)
        return Response(status_code=204)

    async def _steps(self, request: Request) -> Response:
        issue = self._asked(request)
        if issue is None:
            return missing("Issue does not exist or you do not have permission to see it.")
        steps = [described_step(self.project.workflow, step) for step in self.project.steps(issue)]
        return JSONResponse({"expand": "transitions", "transitions": steps})

    async def _move(self, request: Request) -> Response:
        """A step is named by its id, as text, and asks for what its own screen asks for."""
        body = await json_object(request) or {}
        step_id = (body.get("transition") or {}).get("id")
        with self._lock:
            issue = self._asked(request)
            if issue is None:
                return missing("Issue does not exist or you do not have permission to see it.")
            step = next((step for step in self.project.steps(issue) if step.id == step_id), None)
            if step is None:
                return errors("It seems that you have tried to perform a workflow operation that is not valid.")
            given = body.get("fields", {})
            lacking = {name: f"{label} is required." for name, label in step.needs.items() if name not in given}
            resolution = (given.get("resolution") or {}).get("id", "").removeprefix("r-")
            if step.offers and resolution not in step.offers:
                lacking["resolution"] = "Resolution is required."
            if lacking:
                return errors(**lacking)
            issue.status, issue.resolution = step.to, resolution or step.resolution
            self.index.note(issue)
        return Response(status_code=204)

    async def _issue_types(self, request: Request) -> Response:
        if request.path_params["project"] != self.project.key or not self.sees(request):
            return missing(f"No project could be found with key '{request.path_params['project']}'.")
        kinds = [
            {"id": kind.id, "name": kind.name, "hierarchyLevel": kind.level, "subtask": kind.level < 0}
            for kind in self.project.kinds
        ]
        return _page(request, "issueTypes", kinds)

    async def _create_screen(self, request: Request) -> Response:
        return _page(request, "fields", self._screen())

    def _screen(self) -> list[Json]:
        fields = [_field(name, label) for name, label in self.project.screen.items()]
        required = [_field(name, label, required=True) for name, label in self.project.required.items()]
        for each in required:
            each["schema"] = self.project.schema(each["fieldId"])
            if offered := self.project.options.get(each["fieldId"]):
                each["allowedValues"] = offered
        return fields + required

    async def _issue(self, request: Request) -> Response:
        issue = self._asked(request)
        if issue is None:
            return missing("Issue does not exist or you do not have permission to see it.")
        query = request.query_params
        wanted = {"fields": query.get("fields", "").split(","), "properties": query.get("properties", "").split(",")}
        return JSONResponse(self._bean(request, issue, wanted))

    def sees(self, request: Request) -> bool:
        """Whether whoever asks may browse the project."""
        return not (is_nobody(request) or self.project.is_hidden_from_us)

    async def _browse(self, request: Request) -> Response:
        """Not a part of the API: what a person sees who follows a link."""
        issue = self._find(request.path_params["key"])
        if issue is None:
            return PlainTextResponse("No such issue.", 404)
        state = f"{issue.status}, {issue.resolution}" if issue.resolution else issue.status
        return PlainTextResponse(f"{issue.key} {issue.summary} [{state}]\nDue: {issue.due_on or '-'}\n\n{issue.text}\n")

    def _address(self, request: Request, issue: Issue) -> str:
        return f"{str(request.base_url).rstrip('/')}{self.api}/issue/{issue.id}"

    def _asked(self, request: Request) -> Issue | None:
        return self._find(request.path_params["issue"]) if self.sees(request) else None

    def _find(self, id_or_key: str) -> Issue | None:
        with self._lock:
            return next((issue for issue in self._issues.values() if id_or_key in (issue.id, issue.key)), None)

    def rendered(self, issue: Issue) -> Json:
        """Its fields as Jira shows them."""
        return {
            "summary": issue.summary,
            "description": issue.description,
            "labels": issue.labels,
            "duedate": issue.due_on,
            "created": issue.created_at.strftime("%Y-%m-%dT%H:%M:%S.000%z"),
            "issuetype": {"name": issue.kind},
            "parent": {"id": issue.parent_id} if issue.parent_id else None,
            "assignee": {"accountId": issue.assignee} if issue.assignee else None,
            "status": described_status(self.project.workflow.status(issue.status)),
            "resolution": {"id": f"r-{issue.resolution}", "name": issue.resolution} if issue.resolution else None,
        }

    def _bean(self, request: Request, issue: Issue, body: Json) -> Json:
        """An issue with the fields and properties that were asked for; a search gives ids only by default."""
        every = self.rendered(issue)
        bean: Json = {"id": issue.id, "key": issue.key, "self": self._address(request, issue)}
        bean["fields"] = {name: every[name] for name in body.get("fields", []) if name in every}
        wanted = body.get("properties", [])
        if wanted:
            bean["properties"] = {name: issue.properties[name] for name in wanted if name in issue.properties}
        return bean


async def json_object(request: Request) -> Json | None:
    try:
        body = await request.json()
    except json.JSONDecodeError:
        return None
    return body if isinstance(body, dict) else None


def _rate_limit(faults: Faults) -> Response:
    headers = {"Retry-After": str(faults.retry_after), "RateLimit-Reason": "jira-burst-based"}
    return JSONResponse({"errorMessages": ["Rate limit exceeded."], "errors": {}}, 429, headers)


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
