"""Unasked words: raised where something becomes true, looked at again before they go out, gathered, snoozed, settled.

`nudge` is what every feature calls. It neither sends nor counts: `NudgeService.open_bundle` does, by the quiet rules.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from bot.access import may_see
from bot.agenda import SEND_NUDGES, SHOW_NUDGES
from bot.services.waiting import Need, WayOn
from rules.clients.people import Member
from rules.clients.places import is_ours
from rules.errors import ConflictError, NotFoundError, RefusedError
from rules.nudges.hours import Snooze, next_allowed, next_open, snoozed_until
from rules.nudges.kinds import KINDS, NudgeKind
from rules.nudges.need import NeedKind, Whose
from rules.nudges.nudge import UNSETTLED, Nudge, NudgeState, Recipient, nudge_id
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence

MOST_IN_ONE = 8  # a message holds 50 blocks
_ORDER = {kind: place for place, kind in enumerate(KINDS)}


class Way(NamedTuple):
    """What may be done about it, and about what: an id."""

    on: WayOn
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is true now, in a sentence or two of plain words, and the ways on; the first is the main one.

    `otherwise` is what follows if nobody acts.
    """

    about: str
    what: str
    ways: tuple[Way, ...]
    otherwise: str = ""


Truth = Callable[[UnitOfWork, Member, Nudge, datetime], Told | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One word of a message; `told` is None once it is not true any more."""

    nudge: Nudge
    told: Told | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """One message to one person; `more` words wait for another one and stand on Home."""

    key: str
    person: Member
    said: tuple[Said, ...]
    more: int = 0


def nudge(
    unit: UnitOfWork,
    kind: NudgeKind,
    person_id: str,
    *,
    subject: str,
    now: datetime,
    client_id: str = "",
    details: str = "",
) -> None:
    """Has a person told something that nobody asked for, as soon as the quiet rules allow it.

    Call it inside the transaction that makes it true, as the last thing that locks. It is idempotent: one word for
    each (kind, subject, person), so put what makes an occasion its own into `subject` (a date, a ticket's id). A new
    kind needs three places: its line in `rules/nudges/kinds.py`, its truth in `bot/bootstrap/features/` (what is so
    at the time of sending, None once it is not any more), and the call. What `client_id` names is sent only to those
    who may see that client. Everything else (three a week, quiet hours, mutes, snooze, Home, exactly once) comes by
    itself.
    """
    known_id = nudge_id(kind, subject, person_id)
    if (known := unit.nudges.find(known_id)) and known.is_told:
        return
    unit.nudges.lock_recipient(person_id)
    if (known := unit.nudges.find(known_id)) and known.is_told:
        return
    unit.nudges.save(
        Nudge(
            id=known_id,
            workspace_id=unit.workspace_id,
            person_id=person_id,
            kind=kind,
            subject=subject,
            client_id=client_id,
            raised_at=now,
            due_at=now,
            details=details,
        )
    )
    unit.dues.set(SEND_NUDGES.at(now, unit.workspace_id, person_id))


class NudgeService:
    """Decides what goes out to a person now."""

    def __init__(self, units: Units, clock: Clock, truths: Mapping[NudgeKind, Truth]) -> None:
        """`truths` looks at the world again, by kind."""
        self._units = units
        self._clock = clock
        self._truths = truths

    def open_bundle(self, workspace_id: str, person: Member) -> Bundle | None:
        """The message that may go out now, counted and claimed; None where nothing may.

        A message that was claimed before and perhaps never went out comes again, under the same key.
        """
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            hers = unit.nudges.lock_recipient(person.id)
            if not is_ours(person, workspace_id):
                _hand_over(unit, person.id, now)
                return None
            true = self._look(unit, person, now)
            claimed = [said for said in true if said.nudge.state is NudgeState.SENDING]
            bundle = _again(unit, hers, person, claimed, now) if claimed else _claim(unit, hers, person, true, now)
            _wait(unit, unit.nudges.recipient(person.id), person, now)
        return bundle

    def sent(self, workspace_id: str, person: Member, key: str) -> None:
        """Slack has taken the message."""
        with self._units.begin(workspace_id) as unit:
            hers = unit.nudges.lock_recipient(person.id)
            for each in unit.nudges.in_bundle(person.id, key):
                if each.state is NudgeState.SENDING:
                    unit.nudges.save(replace(each, state=NudgeState.SENT))
            _wait(unit, hers, person, self._clock.now())

    def bundle(self, workspace_id: str, person: Member, key: str) -> Bundle:
        """A message as it should look now."""
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            hers = unit.nudges.in_bundle(person.id, key)
            said = tuple(Said(nudge=each, told=self._true(unit, person, each, now)) for each in hers)
        return Bundle(key=key, person=person, said=said)

    def snooze(self, workspace_id: str, actor: Member, known_id: str, snooze: Snooze) -> datetime:
        """It comes once more at that time, if it is still true."""
        now = self._clock.now()
        until = snoozed_until(now, snooze, actor.timezone)
        with self._units.begin(workspace_id) as unit:
            hers = unit.nudges.lock_recipient(actor.id)
            known = _own(unit, actor, known_id)
            if known.state in {NudgeState.DONE, NudgeState.NOT_RELEVANT}:
                raise ConflictError("This is settled already, so it does not come back. Nothing is left to do.")
            unit.nudges.save(replace(known, state=NudgeState.WAITING, due_at=until, is_snoozed=True))
            show_again(unit, known, now)
            _wait(unit, hers, actor, now)
        return until

    def settle(self, workspace_id: str, actor: Member, known_id: str, state: NudgeState) -> str:
        """Done, or not relevant: it leaves Home and is not said again. Gives the client whom it was about."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            unit.nudges.lock_recipient(actor.id)
            known = _own(unit, actor, known_id)
            unit.nudges.save(replace(known, state=state, is_snoozed=False))
            show_again(unit, known, now)
        return known.client_id

    def waiting(self, unit: UnitOfWork, member: Member, now: datetime) -> list[Need]:
        """What was raised and is still true, said or not; muted or over the limit it stands here all the same."""
        here = [each for each in unit.nudges.unsettled(member.id) if each.due_at <= now]
        own = [each for each in here if not KINDS[each.kind].has_own_line]
        looked = [(each, self._told(unit, member, each, now)) for each in own]
        return [_line(each, told) for each, told in looked if told]

    def _look(self, unit: UnitOfWork, person: Member, now: datetime) -> list[Said]:
        """What is true of all that has its time; whatever is not true any more lapses."""
        found = []
        for each in unit.nudges.unsettled(person.id):
            told = self._told(unit, person, each, now)
            if told is None:
                unit.nudges.save(replace(each, state=NudgeState.LAPSED, is_snoozed=False))
            elif each.due_at <= now:
                found.append(Said(nudge=each, told=told))
        return found

    def _told(self, unit: UnitOfWork, person: Member, known: Nudge, now: datetime) -> Told | None:
        return self._true(unit, person, known, now) if known.state in UNSETTLED else None

    def _true(self, unit: UnitOfWork, person: Member, known: Nudge, now: datetime) -> Told | None:
        """Also of what was settled by hand, so that its message still says what it was."""
        try:
            if known.client_id and not may_see(person, unit.clients.get(known.client_id)):
                return None
            return self._truths[known.kind](unit, person, known, now)
        except NotFoundError:
            return None


def _claim(unit: UnitOfWork, hers: Recipient, person: Member, true: Sequence[Said], now: datetime) -> Bundle | None:
    waiting = [said for said in true if said.nudge.state is NudgeState.WAITING]
    heard = sorted((said for said in waiting if not _muted(unit, hers, said.nudge)), key=_rank)
    if not heard or _allowed_at(hers, person, heard[0].nudge, now) > now:
        return None
    key = f"nudges:{heard[0].nudge.id}:{now.isoformat()}"
    chosen = [_sending(unit, said, key) for said in heard[:MOST_IN_ONE]]
    unit.nudges.save_recipient(hers.told(now))
    return Bundle(key=key, person=person, said=tuple(chosen), more=len(waiting) - len(chosen))


def _again(unit: UnitOfWork, hers: Recipient, person: Member, claimed: Sequence[Said], now: datetime) -> Bundle | None:
    """Counted already, but it must not ring at night because Slack was away in the evening."""
    if next_open(now, hers.wishes, person.timezone) > now:
        return None
    unit.nudges.save_recipient(hers.told_later(now))
    return Bundle(key=claimed[0].nudge.bundle, person=person, said=tuple(claimed))


def _sending(unit: UnitOfWork, said: Said, key: str) -> Said:
    sending = replace(said.nudge, state=NudgeState.SENDING, bundle=key, is_snoozed=False)
    unit.nudges.save(sending)
    return replace(said, nudge=sending)


def _wait(unit: UnitOfWork, hers: Recipient, person: Member, now: datetime) -> None:
    """Sets when the sweep has to look again: the first moment at which something may go out."""
    unsettled = unit.nudges.unsettled(person.id)
    if any(each.state is NudgeState.SENDING for each in unsettled):
        return  # the sweep comes back by itself until that one is through
    heard = [each for each in unsettled if each.state is NudgeState.WAITING and not _muted(unit, hers, each)]
    if not heard:
        unit.dues.drop(SEND_NUDGES, person.id)
        return
    due_at = min(_allowed_at(hers, person, each, max(now, each.due_at)) for each in heard)
    unit.dues.set(SEND_NUDGES.at(due_at, unit.workspace_id, person.id))


def _allowed_at(hers: Recipient, person: Member, known: Nudge, now: datetime) -> datetime:
    pressing = KINDS[known.kind].pressing
    return next_allowed(now, hers.told_at, hers.wishes, person.timezone, pressing=pressing)


def _muted(unit: UnitOfWork, hers: Recipient, known: Nudge) -> bool:
    """A client that was muted before it was merged into another one stays muted with it."""
    client_ids = unit.clients.get(known.client_id).ids if known.client_id else ("",)
    return any(hers.wishes.mutes(known.kind, client_id) for client_id in client_ids)


def _rank(said: Said) -> tuple[bool, int, datetime]:
    known = said.nudge
    return not KINDS[known.kind].pressing, _ORDER[known.kind], known.due_at


def _hand_over(unit: UnitOfWork, gone_id: str, now: datetime) -> None:
    """Whoever has left the team leaves nothing behind unsaid: the client's owner hears of it, or an admin."""
    team = {member.id: member for member in unit.people.members() if is_ours(member, unit.workspace_id)}
    admins = [member.id for member in team.values() if member.is_admin]
    unit.dues.drop(SEND_NUDGES, gone_id)
    for each in unit.nudges.unsettled(gone_id):
        unit.nudges.save(replace(each, state=NudgeState.LAPSED))
        owner_id = unit.clients.get(each.client_id).owner_id if each.client_id else ""
        heir_id = next((person_id for person_id in (owner_id, *admins) if person_id in team), "")
        if heir_id and each.state is not NudgeState.SENT:
            nudge(
                unit,
                each.kind,
                heir_id,
                subject=each.subject,
                now=now,
                client_id=each.client_id,
                details=each.details,
            )


def _own(unit: UnitOfWork, actor: Member, known_id: str) -> Nudge:
    known = unit.nudges.find(known_id)
    if known is None:
        raise NotFoundError("This reminder is not here any more. Nothing is left to do.")
    if known.person_id != actor.id:
        raise RefusedError(
            Sentence("This was told to <@{person_id}>, who alone settles it. Ask them.", person_id=known.person_id)
        )
    return known


def show_again(unit: UnitOfWork, known: Nudge, now: datetime) -> None:
    """Has the message that it stood in brought up to date."""
    if known.bundle:
        once = f"show_nudges:{known.bundle}:{known.id}:{now.isoformat()}"
        unit.jobs.add(SHOW_NUDGES(unit.workspace_id, known.person_id, known.bundle, once=once))


def _line(known: Nudge, told: Told) -> Need:
    way = told.ways[0]
    return Need(
        kind=NeedKind.WORD,
        client_id=known.client_id,
        client_name=told.about,
        turn=Whose(named=(known.person_id,)),
        since=known.raised_at.date(),
        what=told.what,
        way=way.on,
        value=way.value,
        nudge_id=known.id,
    )
