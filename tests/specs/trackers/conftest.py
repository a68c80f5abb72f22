"""Atlassian's own descriptions of Jira and Trello, cut to the calls that we make: a whole one takes long to read."""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from openapi_core import OpenAPI

Json = dict[str, Any]

JIRA_CALLS = (
    ("post", "/rest/api/3/issue"),
    ("put", "/rest/api/3/issue/{issueIdOrKey}"),
    ("post", "/rest/api/3/issue/bulkfetch"),
    ("get", "/rest/api/3/issue/{issueIdOrKey}/transitions"),
    ("post", "/rest/api/3/issue/{issueIdOrKey}/transitions"),
    ("post", "/rest/api/3/search/jql"),
    ("get", "/rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes"),
    ("get", "/rest/api/3/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}"),
    ("get", "/rest/api/3/user/assignable/search"),
    ("get", "/rest/api/3/project/{projectIdOrKey}"),
    ("get", "/rest/api/3/project/{projectKeyOrId}/permissionscheme"),
    ("get", "/rest/api/3/project/{projectIdOrKey}/role"),
    ("get", "/rest/api/3/project/{projectIdOrKey}/statuses"),
    ("get", "/rest/api/3/issue/{issueIdOrKey}"),
    ("get", "/rest/api/3/mypermissions"),
    ("get", "/rest/api/3/myself"),
)
DATA_CENTER_CALLS = (
    ("post", "/api/2/issue"),
    ("get", "/api/2/issue/{issueIdOrKey}"),
    ("put", "/api/2/issue/{issueIdOrKey}"),
    ("get", "/api/2/issue/{issueIdOrKey}/transitions"),
    ("post", "/api/2/issue/{issueIdOrKey}/transitions"),
    ("get", "/api/2/search"),
    ("get", "/api/2/issue/createmeta/{projectIdOrKey}/issuetypes"),
    ("get", "/api/2/issue/createmeta/{projectIdOrKey}/issuetypes/{issueTypeId}"),
    ("get", "/api/2/user/assignable/search"),
    ("get", "/api/2/project/{projectIdOrKey}"),
    ("get", "/api/2/project/{projectKeyOrId}/permissionscheme"),
    ("get", "/api/2/project/{projectIdOrKey}/role"),
    ("get", "/api/2/project/{projectIdOrKey}/statuses"),
    ("get", "/api/2/mypermissions"),
    ("get", "/api/2/myself"),
)
TRELLO_CALLS = (
    ("get", "/boards/{id}"),
    ("get", "/boards/{id}/cards"),
    ("get", "/boards/{id}/lists"),
    ("post", "/boards/{id}/lists"),
    ("put", "/lists/{id}"),
    ("get", "/boards/{id}/labels"),
    ("post", "/boards/{id}/labels"),
    ("put", "/labels/{id}"),
    ("post", "/webhooks/"),
    ("put", "/webhooks/{id}"),
    ("get", "/tokens/{token}/webhooks"),
    ("post", "/cards"),
    ("get", "/cards/{id}"),
    ("put", "/cards/{id}"),
)
# Answers that the document leaves without a shape although it describes the shape itself.
TRELLO_SHAPES: dict[tuple[str, str], Json] = {
    ("get", "/boards/{id}/cards"): {"type": "array", "items": {"$ref": "#/components/schemas/Card"}},
    ("put", "/lists/{id}"): {"$ref": "#/components/schemas/TrelloList"},
}


@pytest.fixture(scope="session")
def jira_document() -> Json:
    return _cut(_document("jira-cloud-v3.json"), JIRA_CALLS)


@pytest.fixture(scope="session")
def jira_api(jira_document: Json) -> OpenAPI:
    return OpenAPI.from_dict(jira_document)


@pytest.fixture(scope="session")
def data_center_document() -> Json:
    cut = _cut(_document("jira-dc-10.3.json"), DATA_CENTER_CALLS)
    meta = "/api/2/issue/createmeta/{projectIdOrKey}/issuetypes"
    # Described by one entry; Data Center gives a page of them (facts/trackers.md 1.7).
    for path in (meta, f"{meta}/{{issueTypeId}}"):
        content = cut["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
        page = {"values": {"type": "array", "items": content["schema"]}, "total": {"type": "integer"}}
        content["schema"] = {"type": "object", "required": ["values"], "properties": page}
    # Every field is described as an object; a text or a list of labels is none.
    cut["components"]["schemas"]["IssueBean"]["properties"]["fields"].pop("additionalProperties")
    # Described as one issue type; Data Center gives those of the project.
    types = cut["paths"]["/api/2/project/{projectIdOrKey}/statuses"]["get"]["responses"]["200"]["content"]
    types["application/json"]["schema"] = {"type": "array", "items": types["application/json"]["schema"]}
    # Described as one user; Data Center gives all that fit.
    users = cut["paths"]["/api/2/user/assignable/search"]["get"]["responses"]["200"]["content"]["application/json"]
    users["schema"] = {"type": "array", "items": users["schema"]}
    return cut


@pytest.fixture(scope="session")
def data_center_api(data_center_document: Json) -> OpenAPI:
    return OpenAPI.from_dict(data_center_document)


@pytest.fixture(scope="session")
def trello_document() -> Json:
    document = _document("trello.json")
    # Key and token are described as part of the query; Trello's authorization page has the header that we use.
    document.pop("security", None)
    card = document["components"]["schemas"]["Card"]["properties"]
    # Described as a day; Trello gives an instant, as its own examples show.
    card["due"]["format"] = "date-time"
    cut = _cut(document, TRELLO_CALLS)
    for (method, path), shape in TRELLO_SHAPES.items():
        cut["paths"][path][method]["responses"]["200"]["content"] = {"application/json": {"schema": shape}}
    # The default of `attachments`, false, contradicts its own type; we do not send it.
    for parameter in cut["paths"]["/cards/{id}"]["get"]["parameters"]:
        parameter["schema"].pop("default", None)
    return cut


@pytest.fixture(scope="session")
def trello_api(trello_document: Json) -> OpenAPI:
    return OpenAPI.from_dict(trello_document)


def _document(name: str) -> Json:
    """CI must have it; elsewhere the tests say what they miss."""
    folder = os.environ.get("AMICABLE_SPECS", "")
    if not folder and not os.environ.get("CI"):
        pytest.skip("Set AMICABLE_SPECS to the folder of the official documents to hold the trackers against them.")
    document: Json = json.loads((Path(folder) / name).read_text())
    return document


def _cut(document: Json, calls: Iterable[tuple[str, str]]) -> Json:
    """The document with these calls and whatever they refer to."""
    paths: Json = {}
    for method, path in calls:
        described = document["paths"][path]
        kept = paths.setdefault(path, {"parameters": described.get("parameters", [])})
        kept[method] = {name: part for name, part in described[method].items() if name != "security"}
    components: Json = {}
    _follow(paths, document["components"], components)
    return {**document, "paths": paths, "components": components}


def _follow(part: Any, known: Json, kept: Json) -> None:
    if isinstance(part, list):
        for each in part:
            _follow(each, known, kept)
    elif isinstance(part, dict):
        _keep(part.get("$ref"), known, kept)
        for each in part.values():
            _follow(each, known, kept)


def _keep(reference: Any, known: Json, kept: Json) -> None:
    if not isinstance(reference, str):
        return
    _, _, kind, name = reference.split("/")
    if name not in kept.setdefault(kind, {}):
        kept[kind][name] = copy.deepcopy(known[kind][name])
        _follow(kept[kind][name], known, kept)
