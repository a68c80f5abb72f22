"""What people ask of a tracker in Slack, without waiting for it, and what is settled once for all tickets there.

A click stores the question as a job and is answered at once: a tracker may take half a minute, Slack waits three
seconds (facts/trackers.md 8.7).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.access import require_admin, require_decider, require_ours
from bot.agenda import ASK_TRACKER
from bot.services.audit import record
from bot.services.partings.sheets import may_see
from bot.services.partings.tickets.audience import team_of
from rules.clients.client import Client
from rules.clients.people import Member
from rules.errors import InvalidError, NotFoundError
from rules.ports import Account, Clock, Tracker, Units

# With a hundred accounts for each, more would pass what Slack takes of a view (facts/slack.md).
MATCHED_AT_ONCE = 12


class AskFor(StrEnum):
    """What the answer of the tracker is needed for."""

    AUDIENCE = "audience"
    FIELDS = "fields"
    ENDINGS = "endings"
    PEOPLE = "people"
    OPEN = "open"
    OPEN_AGAIN = "open_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """`name` is how the worker finds the dialog that waits; blank where there is nobody to wait for."""

    client: Client
    tracker_label: str
    ask_for: AskFor
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Our people beside the accounts of a tracker: each with the one that is known or proposed, or none.

    `page` counts from 0; `next_page` is the one that follows, 0 after the last.
    """

    client: Client
    parting_id: str
    tracker_label: str
    accounts: tuple[Account, ...]
    rows: tuple[tuple[Member, str], ...]
    page: int = 0
    next_page: int = 0


class DestinationService:
    """Asks trackers through the worker, and keeps what an admin has said of them."""

    def __init__(self, units: Units, clock: Clock, trackers: Mapping[str, Tracker]) -> None:
        self._units = units
        self._clock = clock
        self._trackers = trackers

    def ask(self, workspace_id: str, actor: Member, parting_id: str, ask_for: AskFor, value: str = "") -> Asking:
        """`value` is what the use case needs besides: a revision, a ticket."""
        with self._units.begin(workspace_id) as unit:
            parting = unit.partings.get(parting_id)
            client = unit.clients.get(parting.client_id)
            if ask_for is not AskFor.OPEN_AGAIN:
                require_ours(actor)
                require_decider(actor, client)
            elif not may_see(actor, client, parting):
                raise NotFoundError("This task is not here any more. Please open the tasks again.")
            tracker = self._trackers.get(parting.preview.tracker)
            asking = Asking(client=client, tracker_label=tracker.label if tracker else "", ask_for=ask_for)
            if tracker is None or tracker.is_inside:
                return asking
            name = f"tracker:{secrets.token_hex(12)}"
            unit.jobs.add(
                ASK_TRACKER(workspace_id, parting_id, actor.id, ask_for, value, name, once=f"ask_{name}"),
            )
            return replace(asking, name=name)

    def people(self, workspace_id: str, admin: Member, parting_id: str, page: int = 0) -> Matching:
        """Asks the tracker for its accounts; each of ours with the one that is known, or proposed by e-mail.

        Page by page, so that everybody's match can be seen and taken back.
        """
        require_ours(admin)
        require_admin(admin)
        with self._units.read(workspace_id) as unit:
            parting = unit.partings.get(parting_id)
            client, known = unit.clients.get(parting.client_id), unit.workspace().tracker_people
            owners = {task.owner_id for task in parting.preview.tasks if task.ticked}
            team = team_of(unit)
        tracker = self._trackers[parting.preview.tracker]

        def those_to_match_first(member: Member) -> tuple[bool, bool, str]:
            return member.id not in owners, f"{tracker.name}/{member.id}" in known, member.name

        first = page * MATCHED_AT_ONCE
        members = sorted(team, key=those_to_match_first)[first : first + MATCHED_AT_ONCE]
        accounts = sorted(tracker.accounts(), key=lambda each: each.name.casefold())
        by_email = {account.email.casefold(): account.id for account in accounts if account.email}
        return Matching(
            client=client,
            parting_id=parting_id,
            tracker_label=tracker.label,
            accounts=tuple(accounts),
            rows=tuple(
                (each, known.get(f"{tracker.name}/{each.id}") or by_email.get(each.email.casefold() or "-", ""))
                for each in members
            ),
            page=page,
            next_page=page + 1 if len(team) > first + MATCHED_AT_ONCE else 0,
        )

    def match_people(self, workspace_id: str, admin: Member, parting_id: str, accounts: Mapping[str, str]) -> None:
        """`accounts` by person id; a blank one takes the match away. Tickets, and who sees the place, go by it.

        An account is one person's: whoever else had it, also somebody who left, has it no more.
        """
        require_ours(admin)
        require_admin(admin)
        taken = [account for account in accounts.values() if account]
        if len(taken) != len(set(taken)):
            raise InvalidError("Two of you can't be the same account. Choose another one for one of them.")
        with self._units.begin(workspace_id) as unit:
            workspace, tracker = unit.lock_workspace(), unit.partings.get(parting_id).preview.tracker
            said = {f"{tracker}/{person_id}": account for person_id, account in accounts.items()}
            others = {
                who: account
                for who, account in workspace.tracker_people.items()
                if not (who.startswith(f"{tracker}/") and account in taken)
            }
            kept = {**others, **said}
            unit.save_workspace(replace(workspace, tracker_people={who: what for who, what in kept.items() if what}))
            record(unit, admin, self._clock.now(), "tracker people matched", tracker, ", ".join(sorted(accounts)))

    def say_endings(
        self, workspace_id: str, admin: Member, parting_id: str, *, done: Sequence[str], asked: Sequence[str]
    ) -> None:
        """Of the plain names that were `asked` about, under which the tracker closes tickets, these mean done."""
        require_ours(admin)
        require_admin(admin)
        meant = set(done)
        with self._units.begin(workspace_id) as unit:
            workspace, tracker = unit.lock_workspace(), unit.partings.get(parting_id).preview.tracker
            said = {f"{tracker}/{name}": name in meant for name in asked}
            unit.save_workspace(replace(workspace, endings={**workspace.endings, **said}))
            record(unit, admin, self._clock.now(), "tracker endings said", tracker, ", ".join(sorted(meant)))
