"""What a benchmark reports: a number, what design section 6 wants of it, and whether it is reached."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, kw_only=True)
class Measure:
    """`at_most` or `at_least` is the target; with neither the number is only told. `more` is for the JSON."""

    name: str
    value: float
    unit: str = ""
    at_most: float | None = None
    at_least: float | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def target(self) -> str:
        if self.at_most is not None:
            return f"<= {self.at_most:g} {self.unit}".rstrip()
        return "" if self.at_least is None else f">= {self.at_least:g} {self.unit}".rstrip()

    @property
    def is_reached(self) -> bool | None:
        """None where there is no target."""
        if self.at_most is not None:
            return self.value <= self.at_most
        return None if self.at_least is None else self.value >= self.at_least

    def as_json(self) -> dict[str, Any]:
        told = {"name": self.name, "value": round(self.value, 4), "unit": self.unit, "target": self.target}
        return {**told, "reached": self.is_reached, **self.more}


def machine() -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def show(measures: Iterable[Measure], console: Console) -> None:
    table = Table(title="Amicable, measured")
    for heading, side in (("measure", "left"), ("value", "right"), ("target", "right"), ("reached", "left")):
        table.add_column(heading, justify=side)  # type: ignore[arg-type]  # Rich names the sides one by one
    marks = {True: "[green]yes[/green]", False: "[red]no[/red]", None: ""}
    for each in measures:
        table.add_row(each.name, f"{each.value:,.4g} {each.unit}".rstrip(), each.target, marks[each.is_reached])
    console.print(table)


def percentile(sorted_values: Sequence[float], share: float) -> float:
    """The value that `share` of the values do not exceed."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]
