from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from integrations.http import require_in_time
from integrations.jira import endings, wire
from integrations.jira.client import LABEL, PAGE, JiraClient
from integrations.jira.cloud import CloudClient
from integrations.jira.datacenter import DataCenterClient
from integrations.jira.forms import Json
from integrations.jira.settings import JiraSettings
from rules.errors import NeedsHumanError
from rules.partings.tickets.outcomes import ClosedAs, Said
from rules.ports import (
    Account,
    Destination,
    FieldKind,
    Presence,
    RequiredField,
    TicketChange,
    TicketOrder,
    TicketRef,
    TicketStatus,
)
from rules.sentences import Sentence

CLOCK_SLACK = timedelta(minutes=2)
"""How far Jira's clock may be behind ours when we look for what came after a request (facts/trackers.md 3.4)."""

SCHEME_KEPT_SECONDS = 300
READS_AT_ONCE = 4
CLIENTS: dict[str, type[JiraClient]] = {"cloud": CloudClient, "datacenter": DataCenterClient}


class JiraTracker:
    """Tickets as issues of one project: a parent, and tasks under it where the project has a level for that."""

    name = "jira"
    label = LABEL
    is_inside = False

    def __init__(self, settings: JiraSettings, client: JiraClient | None = None) -> None:
        self.quiet_period = settings.quiet_period
        self._settings = settings
        self._client = client or CLIENTS[settings.kind](settings)
        self.expires_on = settings.token_expires
        self._defaults = wire.Defaults(
            components=wire.words_of(settings.components), labels=wire.words_of(settings.labels)
        )
        self._scheme: wire.Scheme | None = None
        self._scheme_read_at = 0.0
        self._lock = threading.Lock()
        self._readers = ThreadPoolExecutor(READS_AT_ONCE, thread_name_prefix="jira")

    def watermark(self) -> str:
        """The newest key. The index may not know it yet, so the look behind it is generous."""
        newest = self._client.search(wire.newest_query(self._settings.project), limit=1)
        return str(newest[0]["key"]) if newest else ""

    def create(self, order: TicketOrder) -> TicketRef:
        began = time.monotonic()
        scheme = self._find_scheme()
        require_in_time(LABEL, began, self.quiet_period)
        person = self._client.form.person(order.assignee) if order.assignee else None
        payload = wire.issue_payload(order, self._settings.project, scheme, person, self._client.form, self._defaults)
        try:
            issue = self._client.create_issue(payload, scheme.type_of(order).fields)
        except NeedsHumanError:
            self._forget()
            raise
        return wire.ticket_ref(issue, self._settings.url)

    def find(self, orders: Sequence[TicketOrder], attempt_at: datetime, watermark: str) -> dict[str, list[TicketRef]]:
        """Looks in the index and, past it, at the keys that were given since the watermark."""
        wanted = {order.marker for order in orders}
        of_run = self._of_run(orders[0].run_marker)
        found = self._by_marker(of_run, wanted)
        bare = [order.marker for order in orders if order.is_parent and order.marker not in found]
        if bare and (above := self._above(of_run, attempt_at - CLOCK_SLACK)):
            found |= dict.fromkeys(bare, above)
        if set(found) != wanted:
            behind = self._by_marker(self._keys_behind(watermark), wanted)
            found = {marker: found.get(marker) or behind[marker] for marker in {*found, *behind}}
        if set(found) != wanted:
            self._client.require_sight()
        return {marker: self._refs(issues) for marker, issues in found.items()}

    def _above(self, of_run: Sequence[Json], since: datetime) -> list[Json]:
        """The run's parent where somebody took our marker away from it: its tasks tell, which lie under it."""
        parents = wire.parents_of(of_run)
        issues = self._client.fetch(parents, [*wire.MARKS, wire.BIRTH]) if parents else []
        return [issue for issue in issues if wire.may_be_parent(issue, since)]

    def _by_marker(self, issues: Sequence[Json], wanted: AbstractSet[str]) -> dict[str, list[Json]]:
        found: dict[str, list[Json]] = {}
        for issue in issues:
            if (marker := wire.marker_of(issue)) in wanted:
                found.setdefault(marker, []).append(issue)
        return found

    def glance(self, refs: Sequence[str]) -> dict[str, TicketStatus]:
        return self._known(refs, self._client.glance)

    def status(self, refs: Sequence[str]) -> dict[str, TicketStatus]:
        """What a list leaves out is looked at by itself, and is gone only while our account sees the project."""
        if self._client.reads_one_by_one and len(refs) > 1:
            self._client.require_sight()  # once, before each of them is asked for in vain
        known = self._known(refs, self._client.fetch)
        unseen = [ref for ref in refs if ref not in known]
        if unseen:
            self._client.require_sight()
        return known | {ref: self._status_of(ref) for ref in unseen}

    def _known(
        self, refs: Sequence[str], read: Callable[[list[str], list[str]], list[Json]]
    ) -> dict[str, TicketStatus]:
        found: dict[str, TicketStatus] = {}
        for start in range(0, len(refs), PAGE):
            issues = read(list(refs[start : start + PAGE]), wire.STATUS_FIELDS)
            found |= {issue["id"]: wire.ticket_status(issue, self._settings.url) for issue in issues}
        return found

    def _status_of(self, ref: str) -> TicketStatus:
        issue = self._client.issue(ref, wire.STATUS_FIELDS)
        return wire.ticket_status(issue, self._settings.url) if issue else TicketStatus(presence=Presence.GONE)

    def identify(self, ref: str) -> tuple[str, TicketRef] | None:
        marked = [(wire.marker_of(issue), issue) for issue in self._client.fetch([ref], wire.MARKS)]
        return next(((marker, self._refs([issue])[0]) for marker, issue in marked if marker), None)

    def update(self, ref: str, change: TicketChange) -> None:
        if change.due_on:
            self._client.edit(ref, {"fields": {"duedate": change.due_on.isoformat()}})
        if change.done or change.dropped:
            self._finish(ref, ClosedAs.DONE if change.done else ClosedAs.DROPPED, change.said)

    def doubles(self, run_marker: str, parent_marker: str, parent_ref: str) -> dict[str, list[TicketRef]]:
        del parent_marker, parent_ref
        by_marker: dict[str, list[Json]] = defaultdict(list)
        for issue in self._of_run(run_marker):
            by_marker[wire.marker_of(issue)].append(issue)
        return {marker: self._refs(issues) for marker, issues in by_marker.items() if marker}

    def tidy(self, parent_ref: str) -> None:
        """Nothing: labels and properties are out of people's way."""

    def mark_double(self, ref: str, original: TicketRef) -> None:
        del original
        self._client.edit(ref, {"update": {"labels": [{"add": wire.DOUBLE_LABEL}]}})

    def destination(self) -> Destination:
        """Asked side by side: an opening waits for the slowest answer only. None goes on once one has failed.

        What they log keeps the id of the request that they are asked for.
        """
        asked_project = self._readers.submit(copy_context().run, self._client.project)
        asked_grants = self._readers.submit(copy_context().run, self._client.grants)
        asked_roles = self._readers.submit(copy_context().run, self._client.role_names)
        asked_statuses = self._readers.submit(copy_context().run, self._client.statuses)
        asked: tuple[Future[Any], ...] = (asked_project, asked_grants, asked_roles, asked_statuses)
        try:
            scheme = self._find_scheme()
        finally:
            wait(asked)
        required = {each.id: each for each in (*scheme.parent.required, *scheme.child.required)}
        project, browsers = asked_project.result(), wire.browsers(asked_grants.result())
        return Destination(
            id=f"jira:{project['key']}",
            name=project.get("name") or project["key"],
            url=f"{self._settings.url}/browse/{project['key']}",
            audience=wire.audience(browsers, asked_roles.result(), is_private=bool(project.get("isPrivate"))),
            problem=wire.public_problem(project.get("name") or project["key"], browsers),
            remarks=_remarks(scheme),
            endings=endings.ending_statuses(asked_statuses.result()),
            required_fields=self._with_people(list(required.values())),
        )

    def _with_people(self, fields: Sequence[RequiredField]) -> tuple[RequiredField, ...]:
        """Who can be chosen is read only where somebody has to be."""
        if all(each.kind is not FieldKind.PERSON for each in fields):
            return tuple(fields)
        people = tuple((account.id, account.name) for account in self.accounts())
        return tuple(replace(each, choices=people) if each.kind is FieldKind.PERSON else each for each in fields)

    def accounts(self) -> list[Account]:
        form = self._client.form
        return [
            Account(
                id=form.account_id(user),
                name=str(user.get("displayName") or form.account_id(user)),
                email=str(user.get("emailAddress") or ""),
            )
            for user in self._client.assignable()
            if user.get("active", True)
        ]

    def keep_webhook(self) -> None:
        """Nothing: webhooks with a secret are made by Jira's admins (facts/trackers.md 1.7)."""

    def webhook_fault(self) -> str:
        """Nothing is known: only Jira's admins may look."""
        return ""

    def _finish(self, ref: str, wanted: ClosedAs, said: Said) -> None:
        """Through the workflow, as a person would; an issue that is over has no such step left, and needs none.

        What is not needed may be finished where the workflow knows no other end; what is done is never given up.
        """
        if all(wire.ticket_status(issue, "").closed for issue in self._client.fetch([ref], wire.STATUS_FIELDS)):
            return
        transitions = self._client.transitions(ref)
        step = endings.finishing_step(transitions, wanted, said)
        for other in (ClosedAs.DONE, ClosedAs.UNKNOWN) if wanted is ClosedAs.DROPPED else ():
            step = step if step.id else endings.finishing_step(transitions, other, said)
        if step.unclear:
            raise NeedsHumanError(
                Sentence(
                    "Jira's workflow ends in {statuses}, and nobody has said whether that means done. A workspace "
                    "admin can say it once: open the parting, then “Who sees the tickets?”.",
                    statuses=", ".join(f"“{name}”" for name in step.unclear),
                )
            )
        if not step.id:
            raise NeedsHumanError(
                "Jira's workflow has no step from where this ticket stands to a finished status. Move it there by hand."
            )
        self._client.move(ref, step.id, step.fields)

    def _of_run(self, run_marker: str) -> list[Json]:
        labelled = "labels" in self._find_scheme().child.fields
        jql = wire.run_query(self._settings.project, run_marker, labelled=labelled)
        return self._client.search(jql)

    def _keys_behind(self, watermark: str) -> list[Json]:
        """Issues by key; gaps are usual (deleted, moved), a whole empty block of keys is the end."""
        found: list[Json] = []
        number, block = wire.key_number(watermark), self._client.keys_at_once
        for turn in range(self._client.most_fetches):
            keys = wire.keys_after(self._settings.project, number + turn * block, block)
            issues = self._client.fetch(keys, wire.MARKS)
            found += issues
            if not issues:
                break
        return found

    def _refs(self, issues: Sequence[Json]) -> list[TicketRef]:
        by_id = {issue["id"]: issue for issue in issues}
        oldest_first = sorted(by_id.values(), key=lambda issue: int(issue["id"]))
        return [wire.ticket_ref(issue, self._settings.url) for issue in oldest_first]

    def _find_scheme(self) -> wire.Scheme:
        """Kept for some minutes, or until Jira refuses something: an admin may have changed the project."""
        with self._lock:
            if self._scheme is None or time.monotonic() - self._scheme_read_at > SCHEME_KEPT_SECONDS:
                self._scheme = self._read_scheme()
                self._scheme_read_at = time.monotonic()
            return self._scheme

    def _forget(self) -> None:
        with self._lock:
            self._scheme = None

    def _read_scheme(self) -> wire.Scheme:
        kinds = self._client.issue_types()
        ordinary = wire.chosen_type(kinds, self._settings.issue_type)
        if ordinary is None:
            raise NeedsHumanError(
                Sentence(
                    "Jira project {project} has no issue type named {issue_type}. There are: {types}. Put one of "
                    "these, or its id, into the settings.",
                    project=self._settings.project,
                    issue_type=self._settings.issue_type,
                    types=", ".join(Sentence("{name} ({id})", name=kind["name"], id=kind["id"]) for kind in kinds),
                ),
                everything=True,
            )
        level = ordinary.get("hierarchyLevel", 0)
        above = next((kind for kind in kinds if kind.get("hierarchyLevel") == level + 1), None)
        below = next((kind for kind in kinds if kind.get("hierarchyLevel") == level - 1), None)
        parent, child = (above, ordinary) if above else (ordinary, below or ordinary)
        linked = above is not None or below is not None
        return self._markable(wire.Scheme(parent=self._type(parent), child=self._type(child), linked=linked))

    def _markable(self, scheme: wire.Scheme) -> wire.Scheme:
        """Without a place for its marker a ticket whose answer is lost could never be found again."""
        screens = (scheme.parent.fields, scheme.child.fields)
        missing = next(filter(None, map(self._client.form.missing_marks, screens)), "")
        if missing:
            raise NeedsHumanError(
                Sentence(
                    "The create screen of Jira project {project} has no field {missing}, which we need to "
                    "find our tickets again. Put {missing} on it, then try again.",
                    project=self._settings.project,
                    missing=missing,
                ),
                everything=True,
            )
        return scheme

    def _type(self, kind: Json) -> wire.IssueType:
        return wire.issue_type(kind, self._client.fields_of(kind["id"]))


def _remarks(scheme: wire.Scheme) -> tuple[str, ...]:
    if not wire.loose(scheme):
        return ()
    return (
        Sentence(
            "Tickets will lie beside each other instead of under their parent: the create screen of {kind} has no "
            "field Parent. Put it there.",
            kind=scheme.child.name,
        ),
    )
