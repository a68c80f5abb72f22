"""The statuses and steps of a project, and what a step's screen asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

CATEGORIES = {"new": 2, "indeterminate": 4, "done": 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where an issue stands; the category `done` holds whatever is over, finished or not."""

    id: str
    name: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A transition; `resolution` is what its post function sets, `needs` stands on its screen, by field id.

    `offers` are resolutions that its screen lets somebody choose from.
    """

    id: str
    name: str
    to: str
    resolution: str = ""
    needs: Mapping[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """Every step may be taken from every status but the one that it leads to, in this order."""

    statuses: tuple[Status, ...]
    steps: tuple[Step, ...]

    def status(self, name: str) -> Status:
        return next(status for status in self.statuses if status.name == name)

    def steps_from(self, name: str) -> list[Step]:
        """An issue that is over can only be opened again."""
        is_over = self.status(name).category == "done"
        kept = [step for step in self.steps if step.to != name]
        return [step for step in kept if not is_over or self.status(step.to).category == "new"]


TO_DO = Status(id="10", name="To Do", category="new")
IN_PROGRESS = Status(id="11", name="In Progress", category="indeterminate")
DONE = Status(id="12", name="Done", category="done")
WONT_DO = Status(id="13", name="Won't Do", category="done")
CLOSED = Status(id="14", name="Closed", category="done")

REOPEN = Step(id="41", name="Reopen", to="To Do")
START = Step(id="21", name="Start", to="In Progress")
CANCEL = Step(id="29", name="Cancel", to="Won't Do", resolution="Won't Do")
FINISH = Step(id="31", name="Finish", to="Done", resolution="Done")

# As Jira's own software projects have it: giving up stands before finishing, and both end in the same category.
USUAL = Workflow(
    statuses=(TO_DO, IN_PROGRESS, DONE, WONT_DO, CLOSED),
    steps=(START, CANCEL, FINISH, REOPEN),
)


def described_status(status: Status) -> Json:
    category = {"id": CATEGORIES[status.category], "key": status.category, "name": status.name}
    return {"id": status.id, "name": status.name, "statusCategory": category}


def described_step(workflow: Workflow, step: Step) -> Json:
    fields = {
        field_id: _field(field_id, label, schema={"type": "string"}, required=True)
        for field_id, label in step.needs.items()
    }
    if step.offers:
        described = _field("resolution", "Resolution", schema={"type": "resolution"}, required=True)
        fields["resolution"] = described | {
            "allowedValues": [{"id": f"r-{name}", "name": name} for name in step.offers]
        }
    to = described_status(workflow.status(step.to))
    return {"id": step.id, "name": step.name, "to": to, "hasScreen": bool(fields), "fields": fields}


def _field(field_id: str, label: str, *, schema: Json, required: bool) -> Json:
    return {"required": required, "name": label, "key": field_id, "schema": schema, "operations": ["set"]}
