"""The steps of Jira's workflow that end an issue, and what each of them means. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from integrations.jira.forms import Json
from integrations.jira.wire import is_over
from rules.partings.tickets.outcomes import ClosedAs, Said, meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishingStep:
    """A step of the workflow that ends an issue; `fields` go with it. `unclear` names where others lead."""

    id: str = ""
    fields: Json = field(default_factory=dict)
    unclear: tuple[str, ...] = ()


def finishing_step(transitions: Sequence[Json], wanted: ClosedAs, said: Said) -> FinishingStep:
    """The step that means what is `wanted` by its own name and by the status it leads to; without an id: none does.

    One that asks for nothing goes before one that asks for a resolution, which we choose, and that before any other.
    """
    ending = [step for step in transitions if is_over(step.get("to") or {})]
    fitting = [step for step in ending if _step_meaning(step, said) is wanted]
    ordered = sorted(fitting, key=lambda step: len(_asks(step)) - bool(_resolution(step, wanted, said)))
    if not ordered:
        told = [str((step.get("to") or {}).get("name")) for step in ending]
        unclear = [name for name in told if meaning(name, said) is ClosedAs.UNKNOWN]
        return FinishingStep(unclear=tuple(dict.fromkeys(unclear)))
    return FinishingStep(id=str(ordered[0]["id"]), fields=_resolution(ordered[0], wanted, said))


def _step_meaning(step: Json, said: Said) -> ClosedAs:
    """A step called "Cancel" gives up, whatever the status behind it is called."""
    leads_to = meaning(str((step.get("to") or {}).get("name") or ""), said)
    return ClosedAs.DROPPED if meaning(str(step.get("name") or ""), {}) is ClosedAs.DROPPED else leads_to


def _asks(step: Json) -> list[str]:
    fields = step.get("fields") or {}
    return [name for name, each in fields.items() if each.get("required") and not each.get("hasDefaultValue")]


def _resolution(step: Json, wanted: ClosedAs, said: Said) -> Json:
    """What we put on the step's screen: a resolution of that meaning, where one is asked for."""
    if "resolution" not in _asks(step):
        return {}
    offered = step["fields"]["resolution"].get("allowedValues") or []
    fitting = [each for each in offered if meaning(str(each.get("name") or ""), said) is wanted]
    return {"resolution": {"id": str(fitting[0]["id"])}} if fitting else {}


def ending_statuses(types: Sequence[Json]) -> tuple[str, ...]:
    """The names of the project's statuses that count as over, whatever each of them means."""
    found = [status for kind in types for status in kind.get("statuses") or [] if is_over(status)]
    return tuple(dict.fromkeys(str(status["name"]) for status in found))
