"""Jira's JSON, both ways. Pure: no call is made here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from integrations.jira import required
from integrations.jira.forms import PROPERTY, Form, Json
from rules.ports import RequiredField, TicketOrder, TicketRef, TicketStatus
from rules.sentences import Sentence

MARKS = ["labels", "description"]
"""The fields that may hold a marker where there is no property."""

PARENT = "parent"
BIRTH = "created"
DOUBLE_LABEL = "wrapup-duplicate"
STATUS_FIELDS = ["status", "resolution", "summary", "duedate"]
BROWSE = "BROWSE_PROJECTS"
HOLDERS = {
    "projectRole": "everybody in the project role {name}",
    "group": "everybody in the group {name}",
    "applicationRole": "everybody who can log in there",
    "user": "single people who were let in",
    "sd.customer.portal.only": "customers in its portal",
    "anyone": "everybody on the internet",
}
"""Who may browse a project; those that a ticket names itself (reporter, assignee) are left out."""

SUMMARY_LIMIT = 255
DESCRIPTION_LIMIT = 30_000
"""Jira takes 32,767 characters; the marker line and what the document adds need some of them."""

OURS = frozenset(
    {
        *("project", "issuetype", "summary", "description", "labels", "components", "duedate", "parent", "assignee"),
        "reporter",
    }
)
"""The fields that we fill in or that Jira fills in by itself."""


_MARKER = re.compile(r"wu-[0-9a-f]{12}")
_MARKER_LINE = re.compile(r"^Wrap-up task (wu-[0-9a-f]{12}) of \S+\s*\Z", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueType:
    """A kind of issue that may be created in the project, with the names of its create screen's fields by id.

    `described` is what Jira says of each field.
    """

    id: str
    name: str
    level: int
    fields: Mapping[str, str]
    required: tuple[RequiredField, ...]
    described: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """Which types parents and tasks get; `linked` when the project lets the one lie under the other."""

    parent: IssueType
    child: IssueType
    linked: bool

    def type_of(self, order: TicketOrder) -> IssueType:
        return self.parent if order.is_parent else self.child


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What every issue gets besides, where its create screen has the field."""

    components: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


def words_of(listed: str) -> tuple[str, ...]:
    """`Studio, Web` -> both; blanks are none."""
    return tuple(word.strip() for word in listed.split(",") if word.strip())


def chosen_type(kinds: Sequence[Json], wanted: str) -> Json | None:
    """By id, else by name in the account's language or in the one in which it was made."""
    sought = wanted.strip().casefold()
    by_id = [kind for kind in kinds if str(kind["id"]) == sought]
    named = [
        kind
        for kind in kinds
        if sought in {str(kind["name"]).casefold(), str(kind.get("untranslatedName") or "").casefold()}
    ]
    return next(iter([*by_id, *named]), None)


def loose(scheme: Scheme) -> bool:
    """Whether tasks come out beside their parent because their create screen has no field for it."""
    return scheme.linked and scheme.child.level >= 0 and "parent" not in scheme.child.fields


def issue_payload(
    order: TicketOrder, project: str, scheme: Scheme, assignee: Json | None, form: Form, defaults: Defaults
) -> Json:
    """A create request that holds only fields which the create screen has; anything else would be refused."""
    issue_type = scheme.type_of(order)
    fields: Json = {
        "summary": _one_line(order.title),
        "description": form.text(f"{order.details[:DESCRIPTION_LIMIT]}\n\n{marker_line(order)}"),
        "labels": form.labels(order),
    }
    if order.due_on:
        fields["duedate"] = order.due_on.isoformat()
    if assignee:
        fields["assignee"] = assignee
    if defaults.components:
        fields["components"] = [{"name": name} for name in defaults.components]
    fields["labels"] += [label for label in defaults.labels if label not in fields["labels"]]
    if order.parent_ref and scheme.linked:
        fields["parent"] = {"id": order.parent_ref}
    given = {name: answer for name, answer in order.answers.items() if name in issue_type.described}
    fields |= {name: required.value(issue_type.described[name], answer, form, order) for name, answer in given.items()}
    always = {"summary", "parent"} if issue_type.level < 0 else {"summary"}
    fields = {name: value for name, value in fields.items() if name in {*always, *issue_type.fields}}
    return {
        "fields": {"project": {"key": project}, "issuetype": {"id": issue_type.id}, **fields},
        **form.properties(order),
    }


def marker_line(order: TicketOrder) -> str:
    return Sentence("Wrap-up task {marker} of {run_marker}", marker=order.marker, run_marker=order.run_marker)


def run_query(project: str, run_marker: str, *, labelled: bool) -> str:
    """JQL for the tickets of a run; without `labels` on the create screen the description holds the run's marker."""
    mark = (
        Sentence('labels = "{run_marker}"', run_marker=run_marker)
        if labelled
        else Sentence('description ~ "{run_marker}"', run_marker=run_marker)
    )
    return f'project = "{project}" AND {mark}'


def ids_query(ids: Sequence[str]) -> str:
    return Sentence("id in ({ids})", ids=", ".join(ids))


def newest_query(project: str) -> str:
    return f'project = "{project}" ORDER BY key DESC'


def keys_after(project: str, number: int, count: int) -> list[str]:
    return [f"{project}-{following}" for following in range(number + 1, number + 1 + count)]


def key_number(key: str) -> int:
    """`AMI-120` -> 120; an empty key -> 0."""
    return int(key.rpartition("-")[2] or 0)


def marker_of(issue: Json) -> str:
    """The marker that an issue carries; blank when it is none of ours or marked as a double."""
    fields = issue.get("fields") or {}
    labels = [str(label) for label in fields.get("labels") or []]
    if DOUBLE_LABEL in labels:
        return ""
    mark = (issue.get("properties") or {}).get(PROPERTY)
    if isinstance(mark, dict) and mark.get("marker"):
        return str(mark["marker"])
    return next(filter(_MARKER.fullmatch, labels), "") or _marker_in(fields.get("description"))


def parents_of(issues: Sequence[Json]) -> list[str]:
    """The ids of what these issues lie under."""
    above = [(issue.get("fields") or {}).get(PARENT) or {} for issue in issues]
    return list(dict.fromkeys(str(each["id"]) for each in above if each.get("id")))


def may_be_parent(issue: Json, since: datetime) -> bool:
    """Whether it was made since then, and is neither another ticket of ours nor marked as a double."""
    fields = issue.get("fields") or {}
    is_new = datetime.fromisoformat(fields[BIRTH]) >= since
    return is_new and not marker_of(issue) and DOUBLE_LABEL not in (fields.get("labels") or [])


def _marker_in(description: Any) -> str:
    """Data Center's last resort, where the create screen lacks labels."""
    found = _MARKER_LINE.search(description) if isinstance(description, str) else None
    return found[1] if found else ""


def ticket_ref(issue: Json, site: str) -> TicketRef:
    return TicketRef(ref=issue["id"], key=issue["key"], url=f"{site}/browse/{issue['key']}")


def ticket_status(issue: Json, site: str) -> TicketStatus:
    """A category `done` holds finished and given up alike: the resolution tells, else the status (facts 8.3)."""
    fields = issue["fields"]
    due, status, closed = fields.get("duedate"), fields["status"], is_over(fields["status"])
    resolution = str((fields.get("resolution") or {}).get("name") or "")
    names = tuple(name for name in (resolution, str(status.get("name") or "")) if name) if closed else ()
    ref = ticket_ref(issue, site)
    return TicketStatus(
        closed=closed,
        names=names,
        closed_as=next(iter(names), "") or ("closed" if closed else ""),
        title=fields.get("summary") or "",
        due_on=date.fromisoformat(due) if due else None,
        key=ref.key,
        url=ref.url,
    )


def is_over(status: Json) -> bool:
    return str((status.get("statusCategory") or {}).get("key", "")) == "done"


def issue_type(kind: Json, fields: Sequence[Json]) -> IssueType:
    """From the two createmeta answers: the type, and the fields of its create screen."""
    wanted = [each for each in fields if each["required"] and not each.get("hasDefaultValue")]
    return IssueType(
        id=kind["id"],
        name=kind["name"],
        level=kind.get("hierarchyLevel", 0),
        fields={each["fieldId"]: each["name"] for each in fields},
        required=tuple(required.asked(each) for each in wanted if each["fieldId"] not in OURS),
        described={each["fieldId"]: each for each in fields if each["fieldId"] not in OURS},
    )


def browsers(grants: Sequence[Json] | None) -> list[tuple[str, str]] | None:
    """(type, parameter) of whoever may browse the project; None when Jira does not tell."""
    if grants is None:
        return None
    holders = [grant.get("holder") or {} for grant in grants if grant.get("permission") == BROWSE]
    return [(str(holder.get("type", "")), str(holder.get("parameter") or "")) for holder in holders]


def audience(browsers: Sequence[tuple[str, str]] | None, roles: Mapping[str, str], *, is_private: bool) -> str:
    """Who sees the tickets, for an admin who has to stand for it."""
    if browsers is None:
        inside = "Only members of this project" if is_private else "Everybody who may browse this project"
        return Sentence(
            "{inside} in Jira. Who that is, Jira tells only its own admins: look at the project's permissions.",
            inside=inside,
        )
    told = dict.fromkeys(
        Sentence(HOLDERS[kind], name=roles.get(name, name)) for kind, name in browsers if kind in HOLDERS
    )
    return Sentence("In Jira: {told}.", told=", ".join(told) or "only people named on a ticket")


def public_problem(project: str, browsers: Sequence[tuple[str, str]] | None) -> str:
    if not any(kind == "anyone" for kind, _ in browsers or ()):
        return ""
    return Sentence(
        "Everybody on the internet may see the Jira project {project}. Take “Public” off its "
        "permission to browse projects, or choose another one.",
        project=project,
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
