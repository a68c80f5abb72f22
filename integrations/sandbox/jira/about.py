"""What Jira tells of the project and of the people in it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from integrations.sandbox.jira.project import Json, Person, Project
from integrations.sandbox.jira.workflow import described_status

Endpoint = Callable[[Request], Awaitable[Response]]


class AboutProject(ABC):
    """The calls that read a project."""

    api: str
    email: str
    project: Project

    @abstractmethod
    def sees(self, request: Request) -> bool: ...

    async def _assignable(self, request: Request) -> Response:
        query = request.query_params.get("query", "").casefold()
        found = [p for p in self.project.people if query in f"{p.name} {p.email} {p.account_id}".casefold()]
        return JSONResponse([_user(person) for person in found])

    async def _project(self, request: Request) -> Response:
        if request.path_params["project"] != self.project.key or not self.sees(request):
            return missing(f"No project could be found with key '{request.path_params['project']}'.")
        return JSONResponse({"id": "10000", "key": self.project.key, "name": self.project.name, "isPrivate": False})

    async def _permission_scheme(self, request: Request) -> Response:
        if not self.project.tells_permissions:
            return JSONResponse({"errorMessages": ["You cannot view this permission scheme."], "errors": {}}, 403)
        permissions = [
            {
                "id": number,
                "permission": "BROWSE_PROJECTS",
                "holder": {"type": kind} | ({"parameter": name} if name else {}),
            }
            for number, (kind, name) in enumerate(self.project.browsers, 1)
        ]
        scheme: Json = {"id": 10000, "name": "Default"}
        if request.query_params.get("expand") == "permissions":
            scheme["permissions"] = permissions
        return JSONResponse(scheme)

    async def _roles(self, request: Request) -> Response:
        here = f"{str(request.base_url).rstrip('/')}{self.api}/project/{self.project.key}/role"
        return JSONResponse({name: f"{here}/{number}" for number, name in self.project.roles.items()})

    async def _statuses(self, request: Request) -> Response:
        if not self.sees(request):
            return missing(f"No project could be found with key '{request.path_params['project']}'.")
        statuses = [described_status(status) for status in self.project.workflow.statuses]
        return JSONResponse(
            [
                {"id": kind.id, "name": kind.name, "self": "", "subtask": kind.level < 0, "statuses": statuses}
                for kind in self.project.kinds
            ]
        )

    async def _my_permissions(self, request: Request) -> Response:
        """Anybody may ask; nobody in particular may do nothing."""
        if self.api.endswith("3") and request.query_params.get("permissions") != "BROWSE_PROJECTS":
            return errors("The 'permissions' query parameter is required.")
        granted = {
            "id": "10",
            "key": "BROWSE_PROJECTS",
            "name": "Browse Projects",
            "type": "PROJECT",
            "description": "Ability to browse projects and the issues within them.",
            "havePermission": self.sees(request),
        }
        return JSONResponse({"permissions": {"BROWSE_PROJECTS": granted}})

    async def _myself(self, _: Request) -> Response:
        return JSONResponse(_user(Person(account_id="app-account", name="Amicable", email=self.email)))


def errors(*messages: str, **fields: str) -> JSONResponse:
    return JSONResponse({"errorMessages": list(messages), "errors": fields}, 400)


def missing(message: str) -> JSONResponse:
    return JSONResponse({"errorMessages": [message], "errors": {}}, 404)


def _user(person: Person) -> Json:
    user: Json = {
        "accountId": person.account_id,
        "accountType": "atlassian",
        "displayName": person.name,
        "active": True,
    }
    return user | ({"emailAddress": person.email} if person.email else {})
