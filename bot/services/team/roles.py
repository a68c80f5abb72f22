"""Roles: admins and deciders by name, and guests who work for us until a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.access import require_admin, require_ours
from bot.agenda import END_TERM
from bot.services.audit import record, record_own
from bot.services.people import redraw_home, team
from rules.clients.people import (
    Member,
    as_admin,
    as_decider,
    as_guest,
    as_of,
    is_only_named,
    not_admin,
    not_decider,
    require_span,
)
from rules.clients.places import is_ours
from rules.errors import InvalidError
from rules.local_days import at_local_time, local_day
from rules.ports import Clock, Directory, UnitOfWork, Units
from rules.sentences import Sentence

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Who may do what. `slack_admins` are admins by Slack's word: here nobody can take that from them."""

    slack_admins: tuple[Member, ...]
    named_admins: tuple[Member, ...]
    deciders: tuple[Member, ...]
    contractors: tuple[Member, ...]
    today: date
    timezone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """What a form says of one role: the people it was drawn with, and those it came back with.

    Only the difference counts, so that two admins who save at once lose no word of each other.
    """

    drawn: frozenset[str]
    chosen: frozenset[str]

    @property
    def added(self) -> frozenset[str]:
        return self.chosen - self.drawn

    @property
    def taken(self) -> frozenset[str]:
        return self.drawn - self.chosen


class RoleService:
    """Set by admins only; what is said here survives every reading of Slack."""

    def __init__(self, units: Units, clock: Clock, directory: Directory) -> None:
        self._units = units
        self._clock = clock
        self._directory = directory

    def roles(self, workspace_id: str, actor: Member) -> Roles:
        _admit(actor)
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            zone = unit.workspace().timezone
            people = [as_of(member, now) for member in team(unit)]
        ours = [member for member in people if is_ours(member, workspace_id)]
        return Roles(
            slack_admins=tuple(each for each in ours if each.is_admin and not is_only_named(each)),
            named_admins=tuple(each for each in ours if each.is_named_admin),
            deciders=tuple(each for each in ours if each.is_decider),
            contractors=tuple(each for each in ours if each.is_guest and each.is_contractor),
            today=local_day(now, zone),
            timezone=zone,
        )

    def name(self, workspace_id: str, actor: Member, admins: Naming, deciders: Naming) -> None:
        """Admins and deciders are people of the team: a guest or a bot comes back beside its field."""
        _admit(actor)
        self._require_colleagues(workspace_id, "admins", admins.added)
        self._require_colleagues(workspace_id, "deciders", deciders.added)
        changes: list[tuple[str, str, Callable[[Member], Member]]] = [
            *(("admin named", each, as_admin) for each in admins.added),
            *(("admin no more", each, not_admin) for each in admins.taken),
            *(("decider named", each, as_decider) for each in deciders.added),
            *(("decider no more", each, not_decider) for each in deciders.taken),
        ]
        with self._units.begin(workspace_id) as unit:
            for action, person_id, change in sorted(changes, key=lambda each: each[1]):
                self._change(unit, actor, person_id, action, change)

    def name_contractor(self, workspace_id: str, actor: Member, person_id: str, last_day: date) -> Member:
        """A guest works for us until the end of a day; named again the newer day counts."""
        _admit(actor)
        person = self._directory.member(workspace_id, person_id)
        if not person.is_guest or person.is_bot or person.is_deleted or person.team_id != workspace_id:
            sentence = "Choose a guest of this workspace: only guests need to be named contractors."
            raise InvalidError("Please choose somebody else.", {"person": sentence})
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            zone = unit.workspace().timezone
            require_span(last_day, local_day(now, zone))
            until = at_local_time(last_day + _DAY, zone, time())

            def hired(member: Member) -> Member:
                return replace(member, is_contractor=True, contractor_until=until)

            found = self._change(
                unit,
                actor,
                person_id,
                "contractor named",
                hired,
                Sentence("until {last_day}", last_day=last_day.isoformat()),
            )
            _end_at(unit, person_id, until)
            return found

    def end_contract(self, workspace_id: str, actor: Member, person_id: str) -> Member:
        """A guest again from now on; what we posted where that guest reads along is taken back by a job."""
        _admit(actor)
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            found = self._change(unit, actor, person_id, "contractor no more", lambda member: as_guest(member, now))
            _clear_soon(unit, person_id, now)
            return found

    def contract_over(self, workspace_id: str, person_id: str) -> bool:
        """Makes a contractor whose time is over a guest; False where there was none, or was given more time."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            member = unit.people.lock_member(person_id)
            if member is None or member.contractor_until is None or member.contractor_until > now:
                return False
            if member.is_contractor:
                guest = as_guest(member, member.contractor_until)
                unit.people.save_member(guest)
                redraw_home(unit, guest, now)
                record_own(unit, now, "contractor no more", person_id)
            return True

    def contract_settled(self, workspace_id: str, person_id: str) -> None:
        """The places are clear: nothing of this contract is due any more, unless it was made anew meanwhile."""
        with self._units.begin(workspace_id) as unit:
            member = unit.people.lock_member(person_id)
            if member and member.is_contractor and member.contractor_until:
                _end_at(unit, person_id, member.contractor_until)
            else:
                unit.dues.drop(END_TERM, person_id)

    def _require_colleagues(self, workspace_id: str, field: str, person_ids: Iterable[str]) -> None:
        found = [self._directory.member(workspace_id, person_id) for person_id in sorted(person_ids)]
        strange = [each for each in found if each.is_guest or not is_ours(each, workspace_id)]
        if strange:
            sentence = Sentence(
                "Only people from the team can be chosen, no guests, bots or people who left: {names}.",
                names=", ".join(member.name for member in strange),
            )
            raise InvalidError("Please look at the people.", {field: sentence})

    def _change(
        self,
        unit: UnitOfWork,
        actor: Member,
        person_id: str,
        action: str,
        change: Callable[[Member], Member],
        details: str = "",
    ) -> Member:
        member = unit.people.lock_member(person_id)
        if member is None:
            raise InvalidError("This person is not known here any more. Please open the settings again.")
        changed = change(member)
        if changed != member:
            unit.people.save_member(changed)
            now = self._clock.now()
            record(unit, actor, now, action, person_id, details)
            redraw_home(unit, changed, now)
        return changed


def _admit(actor: Member) -> None:
    require_ours(actor)
    require_admin(actor)


def _clear_soon(unit: UnitOfWork, person_id: str, now: datetime) -> None:
    """By a job at once; where that is lost, by the sweep."""
    _end_at(unit, person_id, now)
    moment = now.isoformat()
    unit.jobs.add(END_TERM(unit.workspace_id, person_id, moment, once=f"end_contract:{person_id}:{moment}"))


def _end_at(unit: UnitOfWork, person_id: str, moment: datetime) -> None:
    unit.dues.set(END_TERM.at(moment, unit.workspace_id, person_id))
