"""The same project behind Data Center's REST v2: plain texts, pages by `startAt`, users by name, a personal token."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from integrations.sandbox.jira.about import Endpoint, errors, missing
from integrations.sandbox.jira.project import Issue, Json, Person
from integrations.sandbox.jira.search import UnknownQueryError, ids_in
from integrations.sandbox.jira.standin import JiraStandIn

PAGE_LIMIT = 1000


class DataCenterStandIn(JiraStandIn):
    """A whole Jira Data Center with one project."""

    kind = "datacenter"
    api = "/rest/api/2"

    def admits(self, authorization: str) -> bool:
        return authorization == f"Bearer {self.token}"

    def _calls(self) -> list[tuple[str, str, Endpoint]]:
        return [
            *self._shared_calls(),
            ("GET", f"{self.api}/search", self._search),
        ]

    def _complaints(self, fields: Json) -> dict[str, str]:
        found = self.project.complaints(fields, self._issues, texts_are_plain=True)
        kind = self.project.kind(fields.get("issuetype"))
        if kind and kind.level < 0 and "parent" not in fields:
            found["issuetype"] = "Issue type is a sub-task but parent issue key or id not specified."
        if kind and kind.level == 0 and "parent" in fields:
            found["parent"] = "Issue type is not a sub-task, so it can have no parent."
        return found

    async def _search(self, request: Request) -> Response:
        query = request.query_params
        try:
            jql = query.get("jql", "")
            found = self.index.search(jql)
        except UnknownQueryError as error:
            return errors(str(error))
        unknown = next((each for each in ids_in(jql) if self._find(each) is None), "")
        if unknown and query.get("validateQuery", "true") != "false":
            return errors(f"A value with ID '{unknown}' does not exist for the field 'id'.")
        found = found if self.sees(request) else []
        start, count = int(query.get("startAt", 0)), min(int(query.get("maxResults", 50)), PAGE_LIMIT)
        issues = [self._shown(request, issue) for issue in found[start : start + count]]
        return JSONResponse({"startAt": start, "maxResults": count, "total": len(found), "issues": issues})

    async def _issue(self, request: Request) -> Response:
        issue = self._asked(request)
        return JSONResponse(self._shown(request, issue)) if issue else missing("Issue Does Not Exist")

    async def _issue_types(self, request: Request) -> Response:
        kinds = [
            {"id": kind.id, "name": kind.name, "description": "", "subtask": kind.level < 0}
            for kind in self.project.kinds
        ]
        return _values(request, kinds)

    async def _create_screen(self, request: Request) -> Response:
        return _values(request, self._screen())

    async def _assignable(self, request: Request) -> Response:
        """Found by a piece of the name, the user name or the e-mail."""
        sought = request.query_params.get("username", "").casefold()
        found = [p for p in self.project.people if sought in f"{p.name} {p.email} {p.account_id}".casefold()]
        return JSONResponse([_user(person) for person in found])

    async def _myself(self, _: Request) -> Response:
        return JSONResponse(_user(Person(account_id="amicable", name="Amicable", email=self.email)))

    def _shown(self, request: Request, issue: Issue) -> Json:
        every = self.rendered(issue) | {"assignee": {"name": issue.assignee} if issue.assignee else None}
        wanted = request.query_params.get("fields", "*all").split(",")
        fields = every if wanted == ["*all"] else {name: every[name] for name in wanted if name in every}
        return {"id": issue.id, "key": issue.key, "self": self._address(request, issue), "fields": fields}


def _values(request: Request, everything: list[Json]) -> Response:
    start = int(request.query_params.get("startAt", 0))
    count = min(int(request.query_params.get("maxResults", 50)), 200)
    page = everything[start : start + count]
    last = start + count >= len(everything)
    return JSONResponse(
        {"startAt": start, "maxResults": count, "total": len(everything), "isLast": last, "values": page}
    )


def _user(person: Person) -> Json:
    user: Json = {"name": person.account_id, "key": person.account_id, "displayName": person.name, "active": True}
    return user | ({"emailAddress": person.email} if person.email else {})
