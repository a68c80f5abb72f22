"""Fields that a project requires besides ours: what is asked about each, and in which shape an answer goes. Pure.

The shapes are those of Atlassian's examples of creating an issue with custom fields, the same in both kinds of Jira but
for people and long texts.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from integrations.jira.forms import Form, Json
from rules.ports import FieldKind, RequiredField, TicketOrder

DUE, OPENED = "due", "opened"
DAYS = ((DUE, "The day on which the task is due"), (OPENED, "The day on which the ticket is opened"))
MORNING = time(9, 0)
KINDS = {"number": FieldKind.NUMBER, "user": FieldKind.PERSON}


def asked(described: Json) -> RequiredField:
    """The question; who can be chosen as a person is known elsewhere."""
    kind, many = _type_of(described)
    return RequiredField(
        id=described["fieldId"],
        name=described["name"],
        kind=KINDS.get(kind, FieldKind.TEXT),
        choices=DAYS if kind in {"date", "datetime"} else tuple(_choices(described.get("allowedValues") or [])),
        many=many,
    )


def value(described: Json, answer: str, form: Form, order: TicketOrder) -> Any:
    """An admin's answer as this field takes it; what Jira dislikes it will name."""
    kind, many = _type_of(described)
    if many:
        return [_one(kind, described, each.strip(), form, order) for each in answer.split(",") if each.strip()]
    return _one(kind, described, answer, form, order)


def _type_of(described: Json) -> tuple[str, bool]:
    schema = described.get("schema") or {}
    many = schema.get("type") == "array"
    return str(schema.get("items" if many else "type") or ""), many


def _choices(options: list[Json]) -> list[tuple[str, str]]:
    """Those of a cascading field are a parent with a child each, `10/11`."""
    found: list[tuple[str, str]] = []
    for option in [each for each in options if each.get("id")]:
        label = str(option.get("value") or option.get("name") or option["id"])
        children = option.get("children") or []
        found += [(f"{option['id']}/{child['id']}", f"{label} / {child.get('value')}") for child in children]
        found += [] if children else [(str(option["id"]), label)]
    return found


def _one(kind: str, described: Json, answer: str, form: Form, order: TicketOrder) -> Any:
    shapes: dict[str, Callable[[], Any]] = {
        "number": lambda: _number(answer),
        "date": lambda: _day(answer, order),
        "datetime": lambda: _moment(answer, order),
        "user": lambda: form.person(answer),
        "group": lambda: {"name": answer},
        "option-with-child": lambda: _parent_and_child(answer),
        "timetracking": lambda: {"originalEstimate": answer},
    }
    if kind in shapes:
        return shapes[kind]()
    if described.get("allowedValues"):
        return {"id": answer}
    schema = described.get("schema") or {}
    is_long = str(schema.get("custom", "")).endswith(":textarea") or schema.get("system") == "environment"
    return form.text(answer) if is_long else answer


def _parent_and_child(answer: str) -> Json:
    parent, _, child = answer.partition("/")
    return {"id": parent} | ({"child": {"id": child}} if child else {})


def _number(answer: str) -> Any:
    try:
        return float(answer.replace(",", "."))
    except ValueError:
        return answer


def _day(answer: str, order: TicketOrder) -> str:
    day = _own_day(answer, order)
    return day.isoformat() if day else answer


def _moment(answer: str, order: TicketOrder) -> str:
    """The morning of that day where the workspace is; in Jira's own spelling, `2026-11-27T09:00:00.000+0100`."""
    day = _own_day(answer, order)
    if day is None:
        return answer
    return datetime.combine(day, MORNING, ZoneInfo(order.timezone)).strftime("%Y-%m-%dT%H:%M:%S.000%z")


def _own_day(answer: str, order: TicketOrder) -> date | None:
    """One day for all tickets would be over soon, so an answer names which of a ticket's own days it is."""
    days = {DUE: order.due_on or order.today, OPENED: order.today}
    return days.get(answer)
