"""The part of JQL that we use, over an index that lags behind the data."""

from __future__ import annotations

import copy
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from integrations.sandbox.jira.project import Issue

_CLAUSE = re.compile(r'^(?P<field>project|labels|description)\s*(?P<operator>=|~)\s*"(?P<value>[^"]+)"$')
_IDS = re.compile(r"^id in \((?P<ids>\d+(?:, \d+)*)\)$")
_ORDER = re.compile(r"\s*ORDER BY key (?P<way>ASC|DESC)$")
_OPERATORS = {"project": "=", "labels": "=", "description": "~"}


class UnknownQueryError(ValueError):
    """A query that Jira would refuse, or one that this stand-in has not learned."""


@dataclass(slots=True)
class Index:
    """What a search sees: each issue as it was `lag` seconds ago."""

    lag: float = 0.0
    now: Callable[[], float] = time.monotonic
    _versions: dict[str, list[tuple[float, Issue | None]]] = field(default_factory=dict)

    def note(self, issue: Issue) -> None:
        self._versions.setdefault(issue.id, []).append((self.now(), copy.deepcopy(issue)))

    def forget(self, issue_id: str) -> None:
        """It was deleted."""
        self._versions[issue_id].append((self.now(), None))

    def search(self, jql: str) -> list[Issue]:
        order = _ORDER.search(jql)
        fits = _condition(jql[: order.start()] if order else jql)
        newest_first = bool(order and order["way"] == "DESC")
        found = [issue for issue in self._visible() if fits(issue)]
        return sorted(found, key=lambda issue: int(issue.id), reverse=newest_first)

    def _visible(self) -> list[Issue]:
        limit = self.now() - self.lag
        seen = [[issue for at, issue in versions if at <= limit] for versions in self._versions.values()]
        return [newest for versions in seen if versions and (newest := versions[-1])]


def ids_in(jql: str) -> list[str]:
    """Those that a query names, all of which have to exist for a Jira that checks it."""
    named = _IDS.match(jql)
    return named["ids"].split(", ") if named else []


def _condition(jql: str) -> Callable[[Issue], bool]:
    if ids := set(ids_in(jql)):
        return lambda issue: issue.id in ids
    clauses = [_CLAUSE.match(part.strip()) for part in jql.split(" AND ")]
    tests: list[tuple[str, str]] = []
    for clause in clauses:
        if clause is None or _OPERATORS[clause["field"]] != clause["operator"]:
            raise UnknownQueryError(f"Error in the JQL Query: {jql}")
        tests.append((clause["field"], clause["value"]))
    return lambda issue: all(_holds(issue, name, value) for name, value in tests)


def _holds(issue: Issue, name: str, value: str) -> bool:
    match name:
        case "project":
            return issue.key.startswith(f"{value}-")
        case "labels":
            return value in issue.labels
        case _:
            return value in issue.text
