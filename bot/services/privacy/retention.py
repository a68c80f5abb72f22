"""Retention: after a period that an admin sets, what people wrote goes; rows, dates, types and points stay (D12)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from dateutil.relativedelta import relativedelta

from bot.access import require_admin
from bot.services.audit import record
from bot.services.privacy.pages import count_pages, pages
from rules.clients.people import Member
from rules.errors import InvalidError
from rules.ports import Chosen, Clock, UnitOfWork, Units
from rules.privacy.blanking import aged, has_words
from rules.privacy.fields import tables
from rules.sentences import Sentence

PERIODS = (0, 6, 12, 24, 36, 60, 120)
AGING = (
    "signals",
    "response_clocks",
    "plans",
    "perspectives",
    "accords",
    "decisions",
    "partings",
    "tickets",
    "notices",
    "audit",
)
COUNTED = frozenset({"signals", "audit"})  # their words stand in columns
PAGE = 500


class RetentionService:
    """Blanks by small batches; whoever reads or writes meanwhile hardly notices."""

    def __init__(self, units: Units, clock: Clock) -> None:
        self._units = units
        self._clock = clock

    def months(self, workspace_id: str, actor: Member) -> int:
        """The period in force; 0: everything is kept."""
        require_admin(actor)
        with self._units.read(workspace_id) as unit:
            return unit.workspace().texts_kept_months

    def preview(self, workspace_id: str, actor: Member, months: int) -> int:
        """How many rows would lose their words now."""
        require_admin(actor)
        _require_known(months)
        if not months:
            return 0
        chosen = self._older(months)
        with self._units.read(workspace_id) as unit:
            return sum(_count(unit, table, chosen) for table in AGING)

    def set(self, workspace_id: str, actor: Member, months: int) -> None:
        """What is older already goes with the next nightly round."""
        require_admin(actor)
        _require_known(months)
        with self._units.begin(workspace_id) as unit:
            unit.save_workspace(replace(unit.lock_workspace(), texts_kept_months=months))
            record(
                unit,
                actor,
                self._clock.now(),
                "retention_set",
                workspace_id,
                Sentence("{count} month", "{count} months", count=months),
            )

    def blank_page(self, workspace_id: str, table: str, after: str) -> str:
        """Blanks some rows; the place behind them, or nothing when the table is through."""
        with self._units.begin(workspace_id) as unit:
            months = unit.workspace().texts_kept_months
            if not months:
                return ""
            rows = unit.archive.lock_page(table, self._older(months), after, PAGE)
            for stored in rows:
                unit.archive.rewrite(table, stored, aged(tables()[table], stored.values))
        return rows[-1].place if len(rows) == PAGE else ""

    def scrub(self) -> None:
        self._units.scrub()

    def _older(self, months: int) -> Chosen:
        return Chosen(older_than=months_ago(self._clock.now(), months))


def months_ago(now: datetime, months: int) -> datetime:
    return now - relativedelta(months=months)


def _require_known(months: int) -> None:
    if months not in PERIODS:
        raise InvalidError("Please choose one of the periods that are offered.", {"months": "Choose one of these."})


def _count(unit: UnitOfWork, table: str, chosen: Chosen) -> int:
    """The ledger is counted by the database; of the few other rows one has to look inside."""
    if table in COUNTED:
        return unit.archive.count(table, chosen)
    fields = tables()[table]
    return count_pages(pages(unit, table, chosen), lambda row: has_words(fields, row))
