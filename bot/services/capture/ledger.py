"""A client's ledger, read page by page, and the review of notes that don't fade by themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from bot.access import locked_client, may_decide, may_see, require_decider, seen_client
from bot.services.audit import record
from bot.services.health.briefs import places_of
from bot.services.health.scorecards import NOT_IN_THERE, HealthService
from rules.clients.client import Client
from rules.clients.people import Member
from rules.errors import ConflictError
from rules.health.catalogue import Catalogue
from rules.health.questions import QuestionKind
from rules.health.signal import Signal, State, hidden_notes
from rules.ports import Clock, UnitOfWork, Units

PAGE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """Which notes are asked for; an empty word takes every one. `after` names the last note of the page before."""

    side: str = ""
    state: str = ""
    type: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerPage:
    """Notes, newest first. `older` names the last one where there are more, `others` are what corrections speak of.

    `named` are the names of clients that answers speak of, as far as the reader may see them.
    """

    client: Client
    sieve: Sieve
    notes: tuple[Signal, ...]
    others: dict[str, Signal] = field(default_factory=dict)
    named: dict[str, str] = field(default_factory=dict)
    older: str = ""
    reader_id: str
    may_decide: bool


class LedgerService:
    """Every note that a reader may see."""

    def __init__(self, units: Units, clock: Clock, catalogue: Catalogue, health: HealthService) -> None:
        self._units = units
        self._clock = clock
        self._catalogue = catalogue
        self._health = health

    def page(self, workspace_id: str, reader: Member, client_id: str, sieve: Sieve) -> LedgerPage:
        with self._units.read(workspace_id) as unit:
            client = seen_client(unit, reader, client_id)
            notes = _visible(unit, reader, client.id, sieve)
            shown = notes[:PAGE]
            others = _counterparts(unit, shown)
            hidden = hidden_notes(places_of(unit, others), reader, others)
            named = self._named(unit, reader, shown)
        return LedgerPage(
            client=client,
            sieve=sieve,
            notes=tuple(shown),
            others={signal.id: signal for signal in others if signal.id not in hidden},
            named=named,
            older=shown[-1].id if len(notes) > PAGE else "",
            reader_id=reader.id,
            may_decide=may_decide(reader, client),
        )

    def _named(self, unit: UnitOfWork, reader: Member, notes: Iterable[Signal]) -> dict[str, str]:
        ids = {
            note.answers[question.code]
            for note in notes
            for question in self._catalogue.questions(note.type)
            if question.kind is QuestionKind.CLIENT and question.code in note.answers
        }
        clients = {client_id: unit.clients.get(client_id) for client_id in ids}
        return {client_id: client.name for client_id, client in clients.items() if may_see(reader, client)}

    def note(self, workspace_id: str, reader: Member, signal_id: str) -> tuple[Client, Signal]:
        """A note that this reader may see, for the forms about it."""
        with self._units.read(workspace_id) as unit:
            signal = unit.signals.get(signal_id)
            client = seen_client(unit, reader, signal.client_id)
            if hidden_notes(places_of(unit, [signal]), reader, [signal]):
                raise ConflictError(NOT_IN_THERE)
            return client, signal

    def review(self, workspace_id: str, actor: Member, signal_id: str, outcome: str) -> Signal:
        """FG14: a decider has looked at a lasting note and says what came of it; from now on it fades."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = locked_client(unit, actor, unit.signals.get(signal_id).client_id)
            require_decider(actor, client)
            signal = unit.signals.get(signal_id)
            if hidden_notes(places_of(unit, [signal]), actor, [signal]):
                raise ConflictError(NOT_IN_THERE)
            if signal.reviewed_at or not self._catalogue.counted(signal).lasting or signal.state is not State.LIVE:
                raise ConflictError("This note needs no review any more. Please open the history again.")
            reviewed = replace(signal, reviewed_at=now, state_reason=outcome)
            unit.signals.save(reviewed)
            record(unit, actor, now, "note reviewed", signal.id)
            self._health.touched(unit, client.id)
            return reviewed


def _visible(unit: UnitOfWork, reader: Member, client_id: str, sieve: Sieve) -> list[Signal]:
    """A page and one more, however many hidden notes lie between."""
    found: list[Signal] = []
    last = unit.signals.find(sieve.after) if sieve.after else None
    while len(found) <= PAGE:
        read = unit.signals.page(
            client_id, 2 * PAGE, before=last, side=sieve.side, state=sieve.state, type_code=sieve.type
        )
        hidden = hidden_notes(places_of(unit, read), reader, read)
        found += [signal for signal in read if signal.id not in hidden]
        if len(read) < 2 * PAGE:
            break
        last = read[-1]
    return found[: PAGE + 1]


def _counterparts(unit: UnitOfWork, notes: Iterable[Signal]) -> list[Signal]:
    named = {other for note in notes for other in (note.corrects, note.corrected_by) if other}
    return [found for found in map(unit.signals.find, sorted(named)) if found]
