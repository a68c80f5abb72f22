"""Notes from a file. Each has an id made from what its line says: the same line again is the same note.

They count from today: what the gate asks to be logged on two days is not met by old dates in a file.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from operator import attrgetter
from zoneinfo import ZoneInfo

from bot.services.capture.notes import NewNote, new_signal, note_id
from bot.services.health.scorecards import HealthService
from bot.services.imports.desk import ImportDesk
from bot.services.imports.register import Known, require_there
from bot.services.imports.rows import Line, NoteRow, read_row
from bot.services.imports.tally import Tally
from rules.errors import InvalidError
from rules.health.catalogue import UNSORTED, Catalogue, SignalType, as_word, types_by_word
from rules.health.guessing import guess_type
from rules.health.signal import Side, Signal, Source, State
from rules.local_days import day_time
from rules.ports import UnitOfWork
from rules.sentences import Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLine:
    """A line that holds. `unknown` is the word of the file where its type is none of ours.

    `guess` is what the words suggest where the file names no type. The note's id holds the file's word, so that better
    guesses of a later day make no second note of it.
    """

    number: int
    client: Known
    type: SignalType
    reporter_id: str
    happened_at: datetime
    unknown: str
    row: NoteRow
    guess: SignalType | None = None


class NoteIntake:
    """Takes lines of notes."""

    def __init__(self, desk: ImportDesk, catalogue: Catalogue) -> None:
        self._desk = desk
        self._catalogue = catalogue
        self._types = types_by_word(catalogue)
        self._unsorted = catalogue.type(UNSORTED)
        self.client_ids: set[str] = set()

    def read(self, line: Line) -> NoteLine:
        row = read_row(NoteRow, line)
        if not row.type and not row.text:
            raise InvalidError("Nothing says what happened. Fill in type or text.")
        found = self._types.get(as_word(row.type)) if row.type else self._unsorted
        client, happened_at = self._desk.register.client(row.client), self._moment(row.date)
        if client.erased_at and happened_at <= client.erased_at:
            raise InvalidError(
                Sentence(
                    "What was noted about {name} before it was erased stays gone. Take the line out.", name=client.name
                )
            )
        reporter = self._desk.register.person(row.who) if row.who else self._desk.actor
        return NoteLine(
            number=line.number,
            client=client,
            type=found or self._unsorted,
            reporter_id=reporter.id,
            happened_at=happened_at,
            unknown="" if found else row.type,
            row=row,
            guess=None if row.type else guess_type(self._catalogue, row.text, Side.THEIRS),
        )

    def foresee(self, lines: Sequence[NoteLine], tally: Tally) -> None:
        with self._desk.read() as unit:
            there = self._there(unit, lines)
        for line in lines:
            if line.number in there:
                tally.there += 1
            else:
                tally.foresee(note_id(self._desk.actor.workspace_id, self._new(line)))
            _count_unknown(line, tally)

    def store(self, lines: Sequence[NoteLine], tally: Tally) -> None:
        lines = [line for line in lines if _has_come(line, tally)]
        with self._desk.begin() as unit:
            for known in sorted({line.client for line in lines}, key=attrgetter("id")):
                client = unit.clients.lock(known.id)  # which leads on, where somebody has merged it meanwhile
                known.id, known.ids = client.id, client.ids
                self.client_ids.add(client.id)
            there = self._there(unit, lines)
            new = {
                signal.id: signal for signal in (self._signal(unit, line) for line in lines if line.number not in there)
            }
            unit.signals.add_all([*new.values()])
        tally.added += len(new)
        tally.there += len(lines) - len(new)
        for line in lines:
            _count_unknown(line, tally)

    def _there(self, unit: UnitOfWork, lines: Sequence[NoteLine]) -> set[int]:
        """The numbers of lines whose note is in the ledger, be it under the id of a client that was merged."""
        ids = {line.number: self._ids(line) for line in lines}
        known = unit.signals.known([each for some in ids.values() for each in some])
        found = {number for number, some in ids.items() if known.intersection(some)}
        return found | self._exported_from_here(unit, lines)

    def _exported_from_here(self, unit: UnitOfWork, lines: Sequence[NoteLine]) -> set[int]:
        """An export told their ids. Under another client's name they are other notes."""
        told = [line for line in lines if line.row.id]
        known = unit.signals.known([line.row.id for line in told])
        here = (line for line in told if line.row.id in known)
        return {line.number for line in here if unit.signals.get(line.row.id).client_id in _ids_of(line.client)}

    def _ids(self, line: NoteLine) -> list[str]:
        new = self._new(line)
        return [note_id(self._desk.actor.workspace_id, replace(new, client_id=each)) for each in _ids_of(line.client)]

    def finish(self, health: HealthService, rest_after: Callable[[Callable[[], None]], float]) -> None:
        """The health of each client is read again, those of a run that was broken off among them."""
        for client_id in sorted(self.client_ids):
            rest_after(partial(health.read_one, self._desk.actor.workspace_id, client_id))

    def _signal(self, unit: UnitOfWork, line: NoteLine) -> Signal:
        signal, row = new_signal(unit, self._new(line), line.type, (line.reporter_id,), self._desk.now()), line.row
        settled = None if row.state is State.LIVE else signal.logged_at
        if line.guess:
            severity = row.severity or line.guess.severity
            signal = replace(signal, type=line.guess.code, side=line.guess.side, severity=severity, guessed=True)
        return replace(signal, state=row.state, state_reason=row.state_reason, settled_at=settled)

    def _new(self, line: NoteLine) -> NewNote:
        row = line.row
        said = (
            Sentence("{text}\n(“{unknown}” in the imported list)", text=row.text, unknown=line.unknown).strip()
            if line.unknown
            else row.text
        )
        return NewNote(
            client_id=line.client.id,
            type=line.type.code,
            severity=row.severity,
            source=Source.IMPORT,
            happened_at=line.happened_at,
            note=said,
            link=row.link,
            once="|".join(("import", row.id) if row.id else _told_apart_by(row, said)),
        )

    def _moment(self, when: date | datetime) -> datetime:
        """Noon where only the day is known, but never later than now."""
        now = self._desk.now()
        if not isinstance(when, datetime):
            if when > self._desk.today():
                raise InvalidError(
                    Sentence("date: {when} has not come yet. Correct the day on which it happened.", when=when)
                )
            return min(now, day_time(when, self._desk.timezone))
        moment = when if when.tzinfo else when.replace(tzinfo=ZoneInfo(self._desk.timezone))
        if moment > now:
            raise InvalidError(
                Sentence("date: {when} has not come yet. Correct the day on which it happened.", when=when)
            )
        return moment


def _ids_of(client: Known) -> tuple[str, ...]:
    return client.ids or (client.id,)


def _told_apart_by(row: NoteRow, said: str) -> tuple[str, ...]:
    """As it stands in the line: who imports it, and in which language of ours, makes no other note of it."""
    return "import", row.date.isoformat(), row.severity or "", row.who.casefold(), said, row.link


def _has_come(line: NoteLine, tally: Tally) -> bool:
    try:
        require_there(line.client)
    except InvalidError as error:
        tally.refuse(line.number, error)
        return False
    return True


def _count_unknown(line: NoteLine, tally: Tally) -> None:
    if line.unknown:
        tally.unsorted[line.unknown] += 1
