"""Logging notes: from words, forms, messages and reactions, and taking them back.

A note that hangs on a message has an id made from message, client and type, so that whoever adds it again joins it
as a witness instead of doubling it (design section 5, "Capture").
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from bot.access import locked_client, may_decide, require_visible, seen_client
from bot.agenda import LOOK_AT_PLACE
from bot.services.audit import record
from bot.services.capture.corrections import newest, was_tried
from bot.services.capture.receipts_due import touch_receipts
from bot.services.health.briefs import places_of
from bot.services.health.scorecards import NOT_IN_THERE, HealthService
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.stages import is_secret
from rules.decisions.decision import rests_on
from rules.errors import ConflictError, InvalidError, NotFoundError, RefusedError
from rules.health.catalogue import Catalogue, SignalType
from rules.health.days.standing import first_standing
from rules.health.evidence.excerpt import EXCERPT_LENGTH
from rules.health.guessing import guess_type
from rules.health.joining import joined, revised, with_words
from rules.health.score import Glance
from rules.health.signal import CORRECTED, NOTE_LENGTH, Evidence, Severity, Side, Signal, Source, State, hidden_notes
from rules.local_days import local_day
from rules.notices.manner import MannerQuestion, asked_once, gentler_words
from rules.ports import Clock, UnitOfWork, Units
from rules.sentences import Sentence

NEVER_EXCUSED = (
    "Stress or an emergency explains this, but does not excuse it. If it did not happen, take the note back."
)
NOT_TRIED = "This counts once a plan was tried with them. Choose another type for now, and start a plan."


@dataclass(frozen=True, slots=True, kw_only=True)
class NewNote:
    """What somebody noticed. `once` makes it idempotent where there is no message (a trigger or form id).

    `guessed`: its words suggested the type, and the person did not say that it is right.
    """

    client_id: str
    type: str
    severity: Severity | None = None
    source: Source
    happened_at: datetime
    note: str = ""
    excerpt: str = ""
    fingerprint: str = ""
    evidence: Evidence = Evidence.STANDS
    link: str = ""
    channel_id: str = ""
    message_ts: str = ""
    thread: str = ""
    once: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    guessed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What came of it, for the person who did it. `joined`: it was there already.

    `may_undo`: whether this person may set it right; a witness may not.
    `question` asks about harsh words.
    """

    client: Client
    signal: Signal
    before: Glance
    after: Glance
    joined: bool = False
    may_undo: bool = True
    question: MannerQuestion | None = None


class _Put(NamedTuple):
    """A note as it is stored now, and what is to be asked about its words."""

    signal: Signal
    question: MannerQuestion | None
    was_there: bool


class CaptureService:
    """The ways in."""

    def __init__(self, units: Units, clock: Clock, catalogue: Catalogue, health: HealthService) -> None:
        self._units = units
        self._clock = clock
        self._catalogue = catalogue
        self._health = health

    def log(self, workspace_id: str, actor: Member, new: NewNote) -> Receipt:
        """Stores the note, or joins the one that is there already."""
        with self._units.begin(workspace_id) as unit:
            client, kept = unit.lock_client(new.client_id)
            require_visible(actor, client)
            client.require_in_use()
            standing = kept or first_standing(client.id, workspace_id, self._clock.now())
            before = self._health.before(unit, standing)
            put = self._put(unit, actor, client, replace(new, client_id=client.id), said=new.note)
            signal = put.signal
            return Receipt(
                client=client,
                signal=signal,
                before=before.glance,
                after=self._health.noted(unit, before, signal),
                joined=put.was_there and signal.reporter_id != actor.id,
                may_undo=_may_set_right(actor, client, signal),
                question=put.question,
            )

    def put(self, unit: UnitOfWork, actor: Member, new: NewNote) -> Signal:
        """Inside a transaction that holds the client; the caller has its health read again."""
        client = unit.clients.get(new.client_id)
        return self._put(unit, actor, client, replace(new, client_id=client.id)).signal

    def _put(self, unit: UnitOfWork, actor: Member, client: Client, new: NewNote, *, said: str = "") -> _Put:
        """What hangs on no message mostly is new: nobody looks first. It may be asked whether `said` is kind."""
        known = find_note(unit, client, new) if new.message_ts or client.absorbed else None
        if known is None:
            made, question = self._asked(self._made(unit, actor, new), said)
            if unit.signals.add_new(made):
                _look_at_place(unit, made)
                return _Put(made, question, was_there=False)
            known = unit.signals.get(made.id)
        told = joined(with_words(known, new.excerpt, new.fingerprint), actor, new.note, NOTE_LENGTH)
        signal, question = self._asked(told, said)
        unit.signals.save(signal)
        return _Put(signal, question, was_there=True)

    def retype(self, workspace_id: str, actor: Member, signal_id: str, new: NewNote) -> Receipt:
        """A correction is a further entry: the old row stays, withdrawn, and names the one that replaces it."""
        with self._units.begin(workspace_id) as unit:
            signal_id = newest(unit, signal_id)
            # Both clients, always in one order, when the note moves from one to the other.
            new = replace(new, client_id=unit.clients.get(new.client_id).id)
            for client_id in sorted({unit.signals.get(signal_id).client_id, new.client_id}):
                locked_client(unit, actor, client_id)
            client = unit.clients.get(new.client_id)
            old = self.own(unit, actor, signal_id)
            standing = self._health.standing(unit, client.id)
            before = self._health.glance(unit, standing)
            corrected = self._correct(unit, actor, old, self._corrected(unit, actor, old, new))
            asked, question = self._asked(corrected, new.note)
            if question:
                unit.signals.save(asked)
            if old.client_id != client.id:
                self._health.touched(unit, old.client_id)
            after = self._health.touched(unit, client.id, standing=standing)
            touch_receipts(unit, old.id, self._clock.now())
            return Receipt(client=client, signal=asked, before=before, after=after, question=question)

    def soften(self, workspace_id: str, actor: Member, signal_id: str) -> Receipt:
        """The gentler words that were offered take the place of the note's own (AM20)."""
        with self._units.read(workspace_id) as unit:
            signal = unit.signals.get(newest(unit, signal_id))
        asked = _as_asked(signal, severity=signal.severity, answers=signal.answers)
        return self.retype(workspace_id, actor, signal.id, replace(asked, note=gentler_words(signal)))

    def sort(self, workspace_id: str, actor: Member, signal_id: str, type_code: str) -> Receipt:
        """Another type for a note whose words say everything else, or the word that the guessed one is right."""
        with self._units.read(workspace_id) as unit:
            signal = unit.signals.get(newest(unit, signal_id))
        return self.retype(workspace_id, actor, signal.id, _as_asked(signal, type_code=type_code, severity=None))

    def answer(self, workspace_id: str, actor: Member, signal_id: str, answers: Mapping[str, str]) -> Receipt:
        """What the type of a note asks, answered after it was logged."""
        with self._units.read(workspace_id) as unit:
            signal = unit.signals.get(newest(unit, signal_id))
        asked = _as_asked(signal, severity=signal.severity, answers={**signal.answers, **answers})
        return self.retype(workspace_id, actor, signal.id, asked)

    def guess(
        self, workspace_id: str, client_id: str, text: str, side: Side, *, is_quote: bool = False
    ) -> SignalType | None:
        """The type that the words suggest. What is ours may be told like a red flag: "we missed the deadline"."""
        guessed = guess_type(self._catalogue, text, side, was_tried=True, is_quote=is_quote)
        if guessed and guessed.after_plan and not self._was_tried(workspace_id, client_id):
            return guess_type(self._catalogue, text, side, is_quote=is_quote)
        return guessed

    def withdraw(self, workspace_id: str, actor: Member, signal_id: str, reason: str = "") -> Receipt:
        """The note stays visible at 0 points. Reporters take their own back, deciders anybody's."""
        return self._settle(workspace_id, actor, signal_id, State.WITHDRAWN, reason or "taken back")

    def excuse(self, workspace_id: str, actor: Member, signal_id: str, reason: str) -> Receipt:
        """HS10: emergencies happen; the note stays in the ledger at 0 points. Nothing excuses abuse (HS11)."""
        with self._units.read(workspace_id) as unit:
            if self._catalogue.type(unit.signals.get(signal_id).type).lasting:
                raise ConflictError(NEVER_EXCUSED)
        return self._settle(workspace_id, actor, signal_id, State.EXCUSED, reason)

    def restore(self, workspace_id: str, actor: Member, signal_id: str) -> Receipt:
        """What was taken back or excused by mistake counts again; a corrected note lives on in another row."""
        with self._units.read(workspace_id) as unit:
            if unit.signals.get(signal_id).corrected_by:
                raise ConflictError("This note was corrected. Change the other one, so that it is not counted twice.")
        return self._settle(workspace_id, actor, signal_id, State.LIVE, "")

    def timezone(self, workspace_id: str) -> str:
        """The workspace's, in which days are counted."""
        with self._units.read(workspace_id) as unit:
            return unit.workspace().timezone

    def own_note(self, workspace_id: str, actor: Member, signal_id: str) -> Signal:
        """A note that this person may change."""
        with self._units.read(workspace_id) as unit:
            return self.own(unit, actor, signal_id)

    def _was_tried(self, workspace_id: str, client_id: str) -> bool:
        with self._units.read(workspace_id) as unit:
            return was_tried(unit, client_id)

    def _settle(self, workspace_id: str, actor: Member, signal_id: str, state: State, reason: str) -> Receipt:
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = locked_client(unit, actor, unit.signals.get(signal_id).client_id)
            signal = self.own(unit, actor, signal_id)
            standing = self._health.standing(unit, client.id)
            before = self._health.before(unit, standing)
            settled = replace(signal, state=state, state_reason=reason, settled_at=now)
            unit.signals.save(settled)
            record(unit, actor, now, f"note {state}", signal.id)
            touch_receipts(unit, signal.id, now)
            after = self._health.noted(unit, before, settled)
            return Receipt(client=client, signal=settled, before=before.glance, after=after)

    def _correct(self, unit: UnitOfWork, actor: Member, old: Signal, corrected: Signal) -> Signal:
        """Words and severity change in their row, which remembers the severity; all else is the other row's."""
        now = self._clock.now()
        record(unit, actor, now, "note corrected", old.id)
        if corrected.id == old.id:
            kept = revised(old, corrected, actor, now)
            unit.signals.save(kept)
            return kept
        unit.signals.save(
            replace(
                old,
                state=State.WITHDRAWN,
                state_reason=CORRECTED,
                settled_at=now,
                corrected_by=corrected.id,
                corrects="",
            )
        )
        known = unit.signals.find(corrected.id)
        if known and known.state is State.LIVE:
            return known
        logged = known or corrected
        right = replace(corrected, logged_at=logged.logged_at, logged_on=logged.logged_on, corrects=old.id)
        unit.signals.save(right)
        return right

    def _corrected(self, unit: UnitOfWork, actor: Member, old: Signal, new: NewNote) -> Signal:
        """What a note hangs on stays; its day stays where it is a message's, or the form left it alone."""
        made = self._made(unit, actor, new)
        when = old if old.message_ts or made.happened_on == old.happened_on else made
        unchanged = (old.type, old.client_id) == (made.type, made.client_id)
        return replace(
            made,
            id=old.id if unchanged else made.id,
            happened_at=when.happened_at,
            happened_on=when.happened_on,
            channel_id=old.channel_id,
            message_ts=old.message_ts,
            thread=old.thread,
            excerpt=old.excerpt,
            fingerprint=old.fingerprint,
            evidence=old.evidence,
            source=old.source,
            reporter_id=old.reporter_id,
            witness_ids=old.witness_ids,
            asked_kindly=old.asked_kindly,
        )

    def own(self, unit: UnitOfWork, actor: Member, signal_id: str) -> Signal:
        """A note that this person may change, in a unit that is open already."""
        signal = unit.signals.get(signal_id)
        client = seen_client(unit, actor, signal.client_id)
        if hidden_notes(places_of(unit, [signal]), actor, [signal]):
            raise ConflictError(NOT_IN_THERE)
        if not _may_set_right(actor, client, signal):
            raise RefusedError(
                Sentence(
                    "<@{reporter_id}> logged this note. Ask them, or <@{owner_id}>.",
                    reporter_id=signal.reporter_id,
                    owner_id=client.owner_id,
                )
            )
        decision = unit.decisions.current(client.id)
        rests = decision is not None and rests_on(decision, signal)
        # To those who must not know of the decision yet a refusal would give it away; its snapshot stands anyway.
        if rests and (may_decide(actor, client) or not is_secret(client.stage)):
            raise ConflictError("A decision rests on this note, so it stays as it is. A new note can set it right.")
        return signal

    def _asked(self, signal: Signal, said: str) -> tuple[Signal, MannerQuestion | None]:
        """Whoever tells of abuse is thanked, and never asked to say it more kindly."""
        lasts = self._catalogue.type(signal.type).lasting
        return (signal, None) if lasts else asked_once(signal, said)

    def _made(self, unit: UnitOfWork, actor: Member, new: NewNote) -> Signal:
        if self._catalogue.type(new.type).after_plan and not was_tried(unit, new.client_id):
            raise InvalidError(NOT_TRIED, {"type": NOT_TRIED})
        return new_signal(unit, new, self._catalogue.type(new.type), (actor.id,), self._clock.now())


def _may_set_right(actor: Member, client: Client, signal: Signal) -> bool:
    return signal.reporter_id == actor.id or may_decide(actor, client)


def new_signal(unit: UnitOfWork, new: NewNote, type_: SignalType, person_ids: Sequence[str], now: datetime) -> Signal:
    """The first row of a note. `person_ids`: the reporter, then the witnesses."""
    timezone = unit.workspace().timezone
    return Signal(
        id=note_id(unit.workspace_id, new),
        workspace_id=unit.workspace_id,
        client_id=new.client_id,
        type=type_.code,
        side=type_.side,
        severity=new.severity or type_.severity,
        source=new.source,
        reporter_id=person_ids[0],
        witness_ids=tuple(person_ids[1:]),
        happened_at=new.happened_at,
        happened_on=local_day(new.happened_at, timezone),
        logged_at=now,
        logged_on=local_day(now, timezone),
        note=new.note[:NOTE_LENGTH],
        excerpt=new.excerpt[:EXCERPT_LENGTH],
        fingerprint=new.fingerprint,
        evidence=new.evidence,
        link=new.link,
        channel_id=new.channel_id,
        message_ts=new.message_ts,
        thread=new.thread or new.message_ts,
        answers=dict(new.answers),
        guessed=new.guessed,
    )


def note_id(workspace_id: str, new: NewNote) -> str:
    """The same message, client and type give the same id, whoever logs it and however often."""
    parts = (
        (workspace_id, new.channel_id, new.message_ts, new.client_id, new.type)
        if new.message_ts
        else (workspace_id, new.once, new.client_id, new.type)
    )
    if not new.message_ts and not new.once:
        raise NotFoundError("We can't tell what this note belongs to. Please try again.")
    return f"nt-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:20]}"


def find_note(unit: UnitOfWork, client: Client, new: NewNote) -> Signal | None:
    """The note that this would be, also where it was made before its client was merged into this one; a live first."""
    ids = [note_id(unit.workspace_id, replace(new, client_id=each)) for each in client.ids]
    known = [signal for signal in map(unit.signals.find, ids) if signal]
    return next((signal for signal in known if signal.state is State.LIVE), known[0] if known else None)


def _as_asked(
    signal: Signal, *, type_code: str = "", severity: Severity | None, answers: Mapping[str, str] | None = None
) -> NewNote:
    """A note as if somebody had filled in the form with what it holds."""
    return NewNote(
        client_id=signal.client_id,
        type=type_code or signal.type,
        severity=severity,
        source=signal.source,
        happened_at=signal.happened_at,
        note=signal.note,
        link=signal.link,
        once=signal.id,
        answers=answers or {},
        guessed=signal.guessed and not type_code,
    )


def _look_at_place(unit: UnitOfWork, signal: Signal) -> None:
    """Shortcuts work in channels of which we know nothing yet; until we do, nobody else may see the note."""
    if signal.channel_id and unit.people.find_place(signal.channel_id) is None:
        unit.jobs.add(LOOK_AT_PLACE(unit.workspace_id, signal.channel_id, once=f"look_at_place:{signal.id}"))
