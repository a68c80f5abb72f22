"""One project with its issue types, create screens and issues, and what it refuses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from integrations.sandbox.jira.fields import misfit
from integrations.sandbox.jira.workflow import USUAL, Step, Workflow

Json = dict[str, Any]

SUMMARY_LIMIT = 255
DESCRIPTION_LIMIT = 32_767
ADF_COMPLAINT = "Operation value must be an Atlassian Document (see the Atlassian Document Format)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """An issue type; `level` 1 is an epic, 0 a task, -1 a sub-task."""

    id: str
    name: str
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody in Jira; a blank e-mail is a hidden one."""

    account_id: str
    name: str
    email: str = ""


@dataclass(slots=True, kw_only=True)
class Issue:
    """An issue as the board shows it; `besides` are the fields that the project requires."""

    id: str
    key: str
    kind: str
    summary: str
    description: Json | str | None = None
    labels: list[str] = field(default_factory=list)
    due_on: str | None = None
    parent_id: str = ""
    assignee: str = ""
    status: str = "To Do"
    resolution: str = ""
    properties: Json = field(default_factory=dict)
    besides: Json = field(default_factory=dict)
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def done(self) -> bool:
        """Finished, as its people would say; what was given up is not."""
        return self.status == "Done"

    @property
    def closed(self) -> bool:
        """Over for the board: finished or given up."""
        return self.status not in {"To Do", "In Progress"}

    @property
    def text(self) -> str:
        """The description as plain text, a line a paragraph."""
        if isinstance(self.description, str):
            return self.description
        return "\n".join(plain_text(part) for part in (self.description or {}).get("content", []))

    @property
    def marker(self) -> str:
        labelled = [label for label in self.labels if label.startswith("wu-")]
        return str(self.properties.get("wrapup", {}).get("marker", "")) or next(iter(labelled), "")


@dataclass(slots=True, kw_only=True)
class Project:
    """What the project asks for and allows. Tests change it to make Jira refuse.

    `browsers` are (type, parameter) of those who may browse, as in a permission scheme; `roles` names by id,
    `options` the values that a required field takes, `schemas` its type where that is no text.
    `is_hidden_from_us`: our account may not browse it any more.
    """

    key: str = "AMI"
    name: str = "Wrap-ups"
    kinds: tuple[Kind, ...] = (
        Kind(id="10001", name="Task", level=0),
        Kind(id="10002", name="Sub-task", level=-1),
        Kind(id="10000", name="Epic", level=1),
    )
    screen: dict[str, str] = field(
        default_factory=lambda: {
            "summary": "Summary",
            "issuetype": "Issue Type",
            "project": "Project",
            "description": "Description",
            "labels": "Labels",
            "duedate": "Due date",
            "parent": "Parent",
            "assignee": "Assignee",
        }
    )
    required: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[Json]] = field(default_factory=dict)
    schemas: dict[str, Json] = field(default_factory=dict)
    people: tuple[Person, ...] = ()
    browsers: tuple[tuple[str, str], ...] = (("projectRole", "10002"), ("group", "agency"))
    roles: dict[str, str] = field(default_factory=lambda: {"10002": "Administrators", "10001": "Team"})
    tells_permissions: bool = True
    workflow: Workflow = USUAL
    is_hidden_from_us: bool = False

    def steps(self, issue: Issue) -> list[Step]:
        """What the workflow offers from where the issue stands."""
        return self.workflow.steps_from(issue.status)

    def kind(self, issue_type: Any) -> Kind | None:
        wanted = issue_type if isinstance(issue_type, dict) else {}
        return next(
            (kind for kind in self.kinds if wanted.get("id") == kind.id or wanted.get("name") == kind.name), None
        )

    def complaints(self, fields: Json, issues: dict[str, Issue], *, texts_are_plain: bool = False) -> dict[str, str]:
        """What a create request is refused for, by field."""
        found = {name: _off_screen(name) for name in fields if name not in self.screen and name not in self.required}
        kind = self.kind(fields.get("issuetype"))
        if fields.get("project") not in ({"key": self.key}, {"id": "10000"}):
            found["project"] = "valid project is required"
        if kind is None:
            found["issuetype"] = "Specify a valid issue type"
        found |= {name: f"{label} is required." for name, label in self.required.items() if not fields.get(name)}
        for name in [name for name in self.required if name not in found]:
            schema = self.schema(name)
            if wrong := misfit(fields[name], schema, self.options.get(name, []), plain=texts_are_plain):
                found[name] = wrong
        for name, judge in (_PLAIN_JUDGES if texts_are_plain else _JUDGES).items():
            if name not in found and (complaint := judge(fields.get(name))):
                found[name] = complaint
        return found | self._bad_links(fields, kind, issues)

    def schema(self, name: str) -> Json:
        """As createmeta tells it; a text where nothing else is said."""
        usual = "option" if name in self.options else "string"
        return {"type": usual} | self.schemas.get(name, {})

    def complaints_about_edit(self, fields: Json, added_labels: list[Any]) -> dict[str, str]:
        found = {name: _off_screen(name) for name in fields if name not in self.screen}
        if added_labels and "labels" not in self.screen:
            return found | {"labels": _off_screen("labels")}
        bad = next(filter(None, map(bad_label, added_labels)), "") or _bad_date(fields.get("duedate"))
        return found | ({"labels" if added_labels else "duedate": bad} if bad else {})

    def _bad_links(self, fields: Json, kind: Kind | None, issues: dict[str, Issue]) -> dict[str, str]:
        found: dict[str, str] = {}
        if "parent" in fields and kind and not self._fits_under(fields["parent"], kind, issues):
            found["parent"] = "Given parent work item does not belong to appropriate hierarchy."
        known = {person.account_id for person in self.people}
        if "assignee" in fields and not set(fields["assignee"].values()) <= known:
            found["assignee"] = "The user cannot be assigned to this work item."
        return found

    def _fits_under(self, parent: Json, kind: Kind, issues: dict[str, Issue]) -> bool:
        above = next((i for i in issues.values() if parent.get("id") == i.id or parent.get("key") == i.key), None)
        above_kind = self.kind({"name": above.kind}) if above else None
        return above_kind is not None and above_kind.level == kind.level + 1


def plain_text(node: Json) -> str:
    """What a node of a document says."""
    if node.get("type") == "text":
        return str(node.get("text", ""))
    return "\n" if node.get("type") == "hardBreak" else "".join(plain_text(child) for child in node.get("content", []))


def bad_label(label: Any) -> str:
    if not isinstance(label, str) or re.search(r"\s", label):
        return f"The label '{label}' contains spaces which is invalid."
    return "Label is too long." if len(label) > SUMMARY_LIMIT else ""


def _off_screen(name: str) -> str:
    return f"Field '{name}' cannot be set. It is not on the appropriate screen, or unknown."


def _bad_summary(summary: Any) -> str:
    if not isinstance(summary, str) or not summary.strip():
        return "You must specify a summary of the issue."
    if "\n" in summary or "\r" in summary:
        return "The summary is invalid because it contains newline characters."
    return f"Summary can't exceed {SUMMARY_LIMIT} characters." if len(summary) > SUMMARY_LIMIT else ""


def _bad_description(document: Any) -> str:
    if document is None:
        return ""
    if not isinstance(document, dict) or document.get("type") != "doc" or document.get("version") != 1:
        return ADF_COMPLAINT
    if not all(map(_good_paragraph, document.get("content", ()))):
        return ADF_COMPLAINT
    too_long = len(str(document)) > DESCRIPTION_LIMIT * 2 or len(plain_text(document)) > DESCRIPTION_LIMIT
    return (
        f"The entered text is too long. It exceeds the allowed limit of {DESCRIPTION_LIMIT:,} characters."
        if too_long
        else ""
    )


def _bad_text(text: Any) -> str:
    if text is None or (isinstance(text, str) and len(text) <= DESCRIPTION_LIMIT):
        return ""
    return "Operation value must be a string" if not isinstance(text, str) else "The entered text is too long."


def _good_paragraph(node: Any) -> bool:
    if not isinstance(node, dict) or node.get("type") != "paragraph":
        return False
    return all(
        child == {"type": "hardBreak"} or (child.get("type") == "text" and child.get("text"))
        for child in node.get("content", [])
    )


def _bad_labels(labels: Any) -> str:
    if labels is None:
        return ""
    return next(filter(None, map(bad_label, labels)), "") if isinstance(labels, list) else "data was not an array"


def _bad_date(due: Any) -> str:
    if due is None:
        return ""
    try:
        date.fromisoformat(due)
    except (TypeError, ValueError):
        return f"Error parsing date string: {due}"
    return ""


_JUDGES = {"summary": _bad_summary, "description": _bad_description, "labels": _bad_labels, "duedate": _bad_date}
_PLAIN_JUDGES = _JUDGES | {"description": _bad_text}
