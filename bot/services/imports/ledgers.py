"""What import lists say of each client's health, without a database: the rows of the formula, made from lines."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.services.imports.rows import (
    ROWS,
    ClientRow,
    HoursRow,
    InvoiceRow,
    Line,
    NoteRow,
    RowKind,
    read_row,
    require_payday,
)
from rules.clients.names import normal
from rules.errors import InvalidError
from rules.health.catalogue import UNSORTED, Catalogue, as_word, types_by_word
from rules.health.days.course import Good, GoodNews
from rules.health.formula.entries import Entry
from rules.health.guessing import guess_type
from rules.health.measures import Sensor, first_late_day, is_accusing, last_day_in_time
from rules.health.signal import Severity, Side
from rules.local_days import month_end
from rules.sentences import Sentence


@dataclass(slots=True, kw_only=True)
class ReadLedger:
    """One client of the files. `said` are the words of each entry, `guessed` those whose type was guessed."""

    name: str
    country: str = ""
    monthly_hours: int | None = None
    entries: list[Entry] = field(default_factory=list)
    unconfirmed: list[Entry] = field(default_factory=list)
    news: list[GoodNews] = field(default_factory=list)
    said: dict[str, str] = field(default_factory=dict)
    guessed: set[str] = field(default_factory=set)


class LedgerReader:
    """Takes lines, clients first; `ledgers` then holds what they say, by the clients' names in order of appearance."""

    def __init__(self, catalogue: Catalogue, country: str = "") -> None:
        self._catalogue = catalogue
        self._country = country
        self._by_name: dict[str, ReadLedger] = {}
        self._invoices: dict[tuple[str, str], InvoiceRow] = {}
        self._types = types_by_word(catalogue)
        self.people: set[str] = set()

    def take(self, kind: RowKind, line: Line) -> None:
        key = " ".join((kind, str(line.number)))
        match read_row(ROWS[kind], line):
            case ClientRow() as row:
                self._client(row)
            case NoteRow() as row:
                self._note(row, key)
            case InvoiceRow() as row:
                require_payday(row)
                known = self._invoices.get((normal(row.client), row.number.casefold()))
                if known is None or row.paid_on:
                    self._invoices[normal(row.client), row.number.casefold()] = row
                self._ledger(row.client)
            case HoursRow() as row:
                self._hours(row, key)

    def ledgers(self) -> list[ReadLedger]:
        """Each client once; invoices are judged here, when it is known of all of them whether they were paid."""
        for row in self._invoices.values():
            self._invoice(row)
        self._invoices.clear()
        return list({id(ledger): ledger for ledger in self._by_name.values()}.values())

    def _ledger(self, name: str) -> ReadLedger:
        return self._by_name.setdefault(normal(name), ReadLedger(name=name, country=self._country))

    def _client(self, row: ClientRow) -> None:
        ledger = self._ledger(row.name)
        ledger.country = row.country or ledger.country
        ledger.monthly_hours = row.monthly_hours
        for alias in row.aliases:
            self._by_name.setdefault(normal(alias), ledger)

    def _note(self, row: NoteRow, key: str) -> None:
        ledger = self._ledger(row.client)
        typed = self._types.get(as_word(row.type)) if row.type else None
        guessed = None if row.type else guess_type(self._catalogue, row.text, Side.THEIRS)
        kind = guessed or typed or self._catalogue.type(UNSORTED)
        entry = Entry(
            id=key,
            type=kind.code,
            side=kind.side,
            severity=row.severity or kind.severity,
            on=row.date.date() if isinstance(row.date, datetime) else row.date,
            people=frozenset({row.who.casefold()} if row.who else ()),
            state=row.state,
        )
        self.people |= entry.people
        ledger.said[key] = row.text
        if guessed:
            ledger.guessed.add(key)
        # A guess of what alarms counts only once its reporter says that it is meant.
        (ledger.unconfirmed if guessed and kind.lasting else ledger.entries).append(entry)

    def _invoice(self, row: InvoiceRow) -> None:
        ledger = self._ledger(row.client)
        if not is_accusing(row.amount, row.status):
            return
        in_time = last_day_in_time(row.due_on, ledger.country)
        if row.paid_on and row.paid_on <= in_time:
            ledger.news.append(GoodNews(row.paid_on, Good.PAID))
            return
        key = f"invoice:{row.number}"
        ledger.entries.append(
            Entry(
                id=key,
                type=self._catalogue.sensed_by(Sensor.INVOICE).code,
                side=Side.THEIRS,
                severity=Severity.RED,
                on=first_late_day(row.due_on, ledger.country),
                is_fact=True,
                due_on=in_time,
                paid_on=row.paid_on,
            )
        )
        told = Sentence("Invoice {number} {amount}, due on {due}", number=row.number, amount=row.amount, due=row.due_on)
        paid = Sentence("paid on {day}", day=row.paid_on) if row.paid_on else Sentence("not paid")
        ledger.said[key] = f"{told}, {paid}"

    def _hours(self, row: HoursRow, key: str) -> None:
        ledger = self._ledger(row.client)
        if ledger.monthly_hours is None:
            raise InvalidError(
                Sentence(
                    "No monthly hours are agreed with {name}. Fill in monthly_hours in the list of clients.",
                    name=ledger.name,
                )
            )
        if row.hours <= ledger.monthly_hours:
            return
        kind = self._catalogue.sensed_by(Sensor.HOURS)
        on = month_end(row.month)
        entry = Entry(id=key, type=kind.code, side=kind.side, severity=kind.severity, on=on, is_fact=True)
        ledger.entries.append(entry)
        ledger.said[key] = Sentence(
            "{count} hour, agreed were {budget}",
            "{count} hours, agreed were {budget}",
            count=row.hours,
            budget=ledger.monthly_hours,
        )
