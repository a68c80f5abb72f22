"""Slack's own description of its Web API, brought from Swagger 2 into a form that openapi-core reads.

It is Slack's last edition (1.7.0, no longer kept up): what has changed since stands in `NEWER_*`, each with its reason.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from openapi_core import OpenAPI

Json = dict[str, Any]

# Fields of answers that Slack has added since; facts/slack.md 7.3 and Slack's current reference show them.
NEWER_FIELDS = {
    "objs_message": ("app_id", "edited", "metadata"),
    "objs_conversation": ("context_team_id", "shared_team_ids", "user"),
    "conversations.history": ("response_metadata",),
}
# Fields that are described as always there and are not, in today's examples.
NO_LONGER_REQUIRED = {
    "conversations.history": ("pin_count", "channel_actions_ts", "channel_actions_count"),
    "objs_conversation": ("priority",),
}
# Arguments that are newer than the description.
NEWER_ARGUMENTS = {
    "chat.postMessage": ("metadata", "markdown_text"),
    "chat.update": ("metadata",),
    "conversations.history": ("include_all_metadata",),
    "conversations.replies": ("include_all_metadata",),
}
# Described as numbers here and as text there; as numbers they would lose digits.
TIMESTAMPS = ("ts", "latest", "oldest")
# Described as text in a form; in a JSON body Slack takes the structure itself.
STRUCTURES = ("blocks", "attachments", "view", "metadata")
METHODS = (
    "auth.test",
    "chat.delete",
    "chat.getPermalink",
    "chat.postEphemeral",
    "chat.postMessage",
    "chat.update",
    "conversations.history",
    "conversations.info",
    "conversations.leave",
    "conversations.list",
    "conversations.members",
    "conversations.open",
    "conversations.replies",
    "emoji.list",
    "users.conversations",
    "users.info",
    "users.list",
    "users.lookupByEmail",
    "views.open",
    "views.publish",
    "views.push",
    "views.update",
)


@pytest.fixture(scope="session")
def description() -> Json:
    """Slack's document. CI must have it; elsewhere the tests say what they miss."""
    folder = os.environ.get("AMICABLE_SPECS", "")
    if not folder and not os.environ.get("CI"):
        pytest.skip("Set AMICABLE_SPECS to the folder of the official documents to hold the stand-in against them.")
    loaded: Json = json.loads((Path(folder) / "slack-web-api.json").read_text())
    return loaded


@pytest.fixture(scope="session")
def openapi(description: Json) -> OpenAPI:
    """The methods that we call."""
    return OpenAPI.from_dict(
        {
            "openapi": "3.1.0",
            "info": description["info"],
            "servers": [{"url": "/api"}],
            "paths": {f"/{name}": _path(name, description["paths"][f"/{name}"]) for name in METHODS},
            "components": {
                "schemas": {name: _schema(schema, name) for name, schema in description["definitions"].items()}
            },
        }
    )


def _path(name: str, methods: Json) -> Json:
    """Slack takes GET and POST alike, whichever of the two is described."""
    described = next(iter(methods.values()))
    arguments = [p for p in described["parameters"] if p["name"] != "token"]
    properties = {p["name"]: {} if p["name"] in TIMESTAMPS else {"type": p["type"]} for p in arguments}
    properties |= {newer: {} for newer in NEWER_ARGUMENTS.get(name, ())}
    required = [p["name"] for p in arguments if p.get("required")]
    form = {"type": "object", "properties": properties, "required": required, "additionalProperties": False}
    as_json = form | {"properties": properties | {key: {} for key in STRUCTURES if key in properties}}
    body = {"content": {"application/json": {"schema": as_json}}}
    answers: Json = {
        status: {"description": "", "content": {"application/json": {"schema": _schema(answer["schema"], name)}}}
        for status, answer in described["responses"].items()
        if status == "200"
    }
    if name == "conversations.replies":
        # Its own shapes know messages of people only; the document's message object knows those of apps too.
        schema = answers["200"]["content"]["application/json"]["schema"]
        schema["properties"]["messages"]["items"] = {"$ref": "#/components/schemas/objs_message"}
    query = [{"name": key, "in": "query", "schema": schema} for key, schema in properties.items()]
    return {"get": {"parameters": query, "responses": answers}, "post": {"requestBody": body, "responses": answers}}


def _schema(schema: Any, name: str = "") -> Any:
    """Slack writes a choice between shapes as a list of `items`; JSON Schema calls it anyOf."""
    if isinstance(schema, list):
        return [_schema(each, name) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _schema(value) for key, value in schema.items() if key not in {"items", "example"}}
    if isinstance(found.get("$ref"), str):
        found["$ref"] = found["$ref"].replace("#/definitions/", "#/components/schemas/")
    items = schema.get("items")
    if isinstance(items, list):
        choice = {"anyOf": [_schema(each, name) for each in items]}
        found |= {"items": choice} if schema.get("type") == "array" else choice
    elif items is not None:
        found["items"] = _schema(items)
    return _brought_up_to_date(found, name)


def _brought_up_to_date(schema: Json, name: str) -> Json:
    if name and isinstance(schema.get("properties"), dict):
        schema["properties"] |= {field: {} for field in NEWER_FIELDS.get(name, ())}
        gone = NO_LONGER_REQUIRED.get(name, ())
        schema["required"] = [field for field in schema.get("required", []) if field not in gone]
    return schema
