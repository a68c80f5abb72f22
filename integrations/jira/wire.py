"""Jira's JSON, both ways. Pure: no call is made here (REST v3, texts as Atlassian Document Format)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rules.ports import TicketOrder, TicketRef, TicketStatus

Json = dict[str, Any]

PROPERTY = "wrapup"
DOUBLE_LABEL = "wrapup-duplicate"
SUMMARY_LIMIT = 255
DESCRIPTION_LIMIT = 30_000
"""Jira takes 32,767 characters; the marker line and what the document adds need some of them."""

OURS = frozenset(
    {"project", "issuetype", "summary", "description", "labels", "duedate", "parent", "assignee", "reporter"}
)
"""The fields that we fill in or that Jira fills in by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueType:
    """A kind of issue that may be created in the project, with the fields of its create screen by id."""

    id: str
    name: str
    level: int
    fields: Mapping[str, str]
    required: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """Which types parents and tasks get; `linked` when the project lets the one lie under the other."""

    parent: IssueType
    child: IssueType
    linked: bool

    def type_of(self, order: TicketOrder) -> IssueType:
        return self.parent if order.is_parent else self.child


def issue_payload(order: TicketOrder, project: str, scheme: Scheme, account_id: str) -> Json:
    """A create request that holds only fields which the create screen has; anything else would be refused."""
    issue_type = scheme.type_of(order)
    fields: Json = {
        "summary": _one_line(order.title),
        "description": _document(f"{order.details[:DESCRIPTION_LIMIT]}\n\n{marker_line(order)}"),
        "labels": [order.run_marker],
    }
    if order.due_on:
        fields["duedate"] = order.due_on.isoformat()
    if account_id:
        fields["assignee"] = {"accountId": account_id}
    if order.parent_ref and scheme.linked:
        fields["parent"] = {"id": order.parent_ref}
    fields = {name: value for name, value in fields.items() if name in {"summary", *issue_type.fields}}
    return {
        "fields": {"project": {"key": project}, "issuetype": {"id": issue_type.id}, **fields},
        "properties": [{"key": PROPERTY, "value": {"marker": order.marker, "run": order.run_marker}}],
    }


def marker_line(order: TicketOrder) -> str:
    return f"Wrap-up task {order.marker} of {order.run_marker}"


def run_query(project: str, run_marker: str, *, labelled: bool) -> str:
    """JQL for the tickets of a run; without `labels` on the create screen the description holds the run's marker."""
    mark = f'labels = "{run_marker}"' if labelled else f'description ~ "{run_marker}"'
    return f'project = "{project}" AND {mark}'


def newest_query(project: str) -> str:
    return f'project = "{project}" ORDER BY key DESC'


def keys_after(project: str, number: int, count: int) -> list[str]:
    return [f"{project}-{following}" for following in range(number + 1, number + 1 + count)]


def key_number(key: str) -> int:
    """`AMI-120` -> 120; an empty key -> 0."""
    return int(key.rpartition("-")[2] or 0)


def marker_of(issue: Json) -> str:
    """The marker that an issue carries; blank when it is none of ours or marked as a double."""
    if DOUBLE_LABEL in ((issue.get("fields") or {}).get("labels") or []):
        return ""
    mark = (issue.get("properties") or {}).get(PROPERTY)
    return str(mark.get("marker", "")) if isinstance(mark, dict) else ""


def ticket_ref(issue: Json, site: str) -> TicketRef:
    return TicketRef(ref=issue["id"], key=issue["key"], url=f"{site}/browse/{issue['key']}")


def ticket_status(issue: Json) -> TicketStatus:
    fields = issue["fields"]
    due = fields.get("duedate")
    return TicketStatus(
        exists=True,
        done=fields["status"]["statusCategory"]["key"] == "done",
        title=fields.get("summary") or "",
        due_on=date.fromisoformat(due) if due else None,
    )


def issue_type(kind: Json, fields: Sequence[Json]) -> IssueType:
    """From the two createmeta answers: the type, and the fields of its create screen."""
    names = {field["fieldId"]: field["name"] for field in fields}
    required = [
        f"{field['name']} ({field['fieldId']})"
        for field in fields
        if field["required"] and not field.get("hasDefaultValue") and field["fieldId"] not in OURS
    ]
    return IssueType(
        id=kind["id"], name=kind["name"], level=kind.get("hierarchyLevel", 0), fields=names, required=tuple(required)
    )


def complaints(body: Any, names: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """What Jira dislikes in an error answer: as one text, and by field (its name on screen where we know it)."""
    if not isinstance(body, dict):
        return "", {}
    by_field = body.get("errors") if isinstance(body.get("errors"), dict) else {}
    fields = {names.get(field, field): str(text) for field, text in (by_field or {}).items()}
    texts = [*(str(text) for text in body.get("errorMessages") or []), *(f"{k}: {v}" for k, v in fields.items())]
    return "; ".join(texts), fields


def _one_line(title: str) -> str:
    return " ".join(title.split())[:SUMMARY_LIMIT] or "Task"


def _document(text: str) -> Json:
    """Plain text as a document: blank lines part paragraphs, single ones break lines."""
    paragraphs = [part.strip("\n") for part in text.split("\n\n")]
    return {"type": "doc", "version": 1, "content": [_paragraph(part) for part in paragraphs if part.strip()]}


def _paragraph(text: str) -> Json:
    nodes: list[Json] = []
    for line in text.split("\n"):
        if nodes:
            nodes.append({"type": "hardBreak"})
        if line:
            nodes.append({"type": "text", "text": line})
    return {"type": "paragraph", "content": nodes}
