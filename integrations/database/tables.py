"""Every table, keyed by workspace.

What a query needs is a column and bears the name of the field that it stores; all other fields of the value are in the
row's `document`. So a new field needs no migration until somebody has to search by it.

An index serves each query of `rules.ports`; those over the ledger end in the time, so that old history costs nothing.
"""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa

from integrations.database.columns import Json, Moment, Texts, word
from rules.clients.stages import Stage
from rules.health.measures import ClockState
from rules.health.signal import Evidence, Severity, Side, Source, State
from rules.notices.notice import NoticeStatus
from rules.nudges.nudge import NudgeState
from rules.partings.parting import PartingState, TaskState, TicketState

PREFIX = "amicable_"  # on SQLite the engine's tables live beside ours

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, primary_key=True)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.String, nullable=False)


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False)


def _moment(name: str) -> sa.Column[datetime]:
    return sa.Column(name, Moment, nullable=False)


def _document() -> sa.Column[object]:
    return sa.Column("document", Json, nullable=False)


def _of(parent: str, column: str) -> sa.ForeignKeyConstraint:
    """Belongs to a row of `parent` in the same workspace."""
    return sa.ForeignKeyConstraint(["workspace_id", column], [f"{PREFIX}{parent}.workspace_id", f"{PREFIX}{parent}.id"])


def _table(name: str, *parts: sa.schema.SchemaItem) -> sa.Table:
    return sa.Table(f"{PREFIX}{name}", metadata, _key("workspace_id"), *parts)


def _index(table: sa.Table, *names: str) -> None:
    sa.Index(None, *(table.c[name] for name in names))


workspaces = sa.Table(f"{PREFIX}workspaces", metadata, _key("id"), _moment("created_at"), _document())

clients = _table(
    "clients",
    _key("id"),
    _text("name"),
    sa.Column("stage", word(Stage), nullable=False),
    sa.Column("archived_at", Moment),
    _text("merged_into"),
    _document(),
)

client_names = _table(
    "client_names", _key("normal_name"), _text("client_id"), _text("sought"), _of("clients", "client_id")
)
_index(client_names, "workspace_id", "client_id")

client_channels = _table("client_channels", _key("channel_id"), _text("client_id"), _of("clients", "client_id"))
_index(client_channels, "workspace_id", "client_id")

signals = _table(
    "signals",
    _key("id"),
    _text("client_id"),
    _text("type"),
    sa.Column("side", word(Side), nullable=False),
    sa.Column("severity", word(Severity), nullable=False),
    sa.Column("state", word(State), nullable=False),
    sa.Column("source", word(Source), nullable=False),
    _text("reporter_id"),
    sa.Column("witness_ids", Texts, nullable=False),
    _moment("happened_at"),
    sa.Column("happened_on", sa.Date, nullable=False),
    _moment("logged_at"),
    sa.Column("logged_on", sa.Date, nullable=False),
    _text("note"),
    _text("excerpt"),
    _text("link"),
    _text("channel_id"),
    _text("message_ts"),
    _text("thread"),
    _text("state_reason"),
    sa.Column("reviewed_at", Moment),
    sa.Column("settled_at", Moment),
    _text("corrects"),
    _text("corrected_by"),
    sa.Column("answers", Json, nullable=False),
    _text("fingerprint"),
    sa.Column("evidence", word(Evidence), nullable=False),
    _document(),
    _of("clients", "client_id"),
)
_index(signals, "workspace_id", "client_id", "happened_at")
_index(signals, "workspace_id", "type", "client_id", "happened_at")
_index(signals, "workspace_id", "happened_at")
ON_MESSAGE = signals.c.message_ts != sa.literal_column("''")  # most notes hang on none, and their index would be empty
sa.Index(
    "ix_amicable_signals_on_message",
    signals.c.workspace_id,
    signals.c.channel_id,
    signals.c.message_ts,
    sqlite_where=ON_MESSAGE,
    postgresql_where=ON_MESSAGE,
)

watches = _table(
    "watches",
    _key("channel_id"),
    sa.Column("reactions", sa.Boolean, nullable=False),
    sa.Column("listens", sa.Boolean, nullable=False),
    sa.Column("spoke_at", Moment),
)

reactions = _table(
    "reactions",
    _key("channel_id"),
    _key("message_ts"),
    _key("type"),
    _key("emoji"),
    _key("person_id"),
    _text("event_ts"),
    sa.Column("present", sa.Boolean, nullable=False),
)

invoices = _table(
    "invoices",
    _key("id"),
    _text("client_id"),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("paid_on", sa.Date),
    _text("signal_id"),
    _document(),
    _of("clients", "client_id"),
)
_index(invoices, "workspace_id", "client_id", "due_on")
_index(invoices, "workspace_id", "due_on")

monthly_hours = _table(
    "monthly_hours",
    _key("client_id"),
    sa.Column("month", sa.Date, primary_key=True),
    _number("hours"),
    _number("budget"),
    _document(),
    _of("clients", "client_id"),
)

response_clocks = _table(
    "response_clocks",
    _key("id"),
    _text("client_id"),
    sa.Column("state", word(ClockState), nullable=False),
    _moment("ends_at"),
    _document(),
    _of("clients", "client_id"),
)
_index(response_clocks, "workspace_id", "client_id", "ends_at")

standings = _table(
    "standings",
    _key("client_id"),
    _text("band"),
    _moment("read_at"),
    sa.Column("shown_on", sa.Date),
    _document(),
    _of("clients", "client_id"),
)

members = _table("members", _key("id"), _text("name"), _moment("fetched_at"), _document())

places = _table("places", _key("id"), _text("name"), _moment("fetched_at"), _document())

plans = _table(
    "plans",
    _key("id"),
    _text("client_id"),
    _moment("started_at"),
    sa.Column("ended_at", Moment),
    _document(),
    _of("clients", "client_id"),
)
_index(plans, "workspace_id", "client_id", "started_at")

perspectives = _table(
    "perspectives", _key("id"), _text("client_id"), _moment("at"), _document(), _of("clients", "client_id")
)
_index(perspectives, "workspace_id", "client_id", "at")

accords = _table(
    "accords",
    _key("id"),
    _text("client_id"),
    _moment("begun_at"),
    sa.Column("ended_at", Moment),
    _document(),
    _of("clients", "client_id"),
)
_index(accords, "workspace_id", "client_id", "begun_at")

pulses = _table(
    "pulses",
    _key("client_id"),
    sa.Column("month", sa.Date, primary_key=True),
    _moment("closes_at"),
    _document(),
    _of("clients", "client_id"),
)

decisions = _table(
    "decisions",
    _key("id"),
    _text("client_id"),
    _moment("opened_at"),
    sa.Column("confirmed_at", Moment),
    sa.Column("dropped_at", Moment),
    _document(),
    _of("clients", "client_id"),
)
_index(decisions, "workspace_id", "client_id", "opened_at")

partings = _table(
    "partings",
    _key("id"),
    _text("client_id"),
    sa.Column("state", word(PartingState), nullable=False),
    _moment("created_at"),
    _document(),
    _of("clients", "client_id"),
)
_index(partings, "workspace_id", "client_id", "created_at")

tickets = _table(
    "tickets",
    _key("id"),
    _text("parting_id"),
    _text("parent_id"),
    _text("task_code"),
    _text("marker"),
    _text("ref"),
    sa.Column("due_on", sa.Date),
    sa.Column("state", word(TicketState), nullable=False),
    sa.Column("task_state", word(TaskState), nullable=False),
    sa.Column("look_at", Moment),
    _moment("updated_at"),
    _document(),
    _of("partings", "parting_id"),
)
_index(tickets, "workspace_id", "parting_id")
_index(tickets, "workspace_id", "state", "updated_at")

notices = _table(
    "notices",
    _key("id"),
    _text("client_id"),
    _text("parting_id"),
    sa.Column("status", word(NoticeStatus), nullable=False),
    _moment("drafted_at"),
    _document(),
    _of("partings", "parting_id"),
)
_index(notices, "workspace_id", "parting_id", "drafted_at")

posts = _table(
    "posts",
    _key("key"),
    _text("channel_id"),
    _text("kind"),
    _text("subject"),
    _text("ts"),
    _moment("created_at"),
    _document(),
)
_index(posts, "workspace_id", "channel_id", "created_at")

nudges = _table(
    "nudges",
    _key("id"),
    _text("person_id"),
    sa.Column("state", word(NudgeState), nullable=False),
    _text("bundle"),
    _moment("due_at"),
    _document(),
)
_index(nudges, "workspace_id", "person_id", "state")

receipts = _table(
    "receipts",
    _key("id"),
    _text("person_id"),
    _text("signal_id"),
    sa.Column("day", sa.Date, nullable=False),
    _number("version"),
    _number("drawn"),
)
_index(receipts, "workspace_id", "person_id", "day")
_index(receipts, "workspace_id", "signal_id")

recipients = _table("recipients", _key("person_id"), _document())

digest_channels = _table("digest_channels", _key("channel_id"), _document())

dues = _table("dues", _key("kind"), _key("subject"), _moment("due_at"))
_index(dues, "due_at")

inbox = _table(
    "inbox",
    _key("event_id"),
    _text("type"),
    _text("payload"),
    _moment("received_at"),
    sa.Column("handled_at", Moment),
)
_index(inbox, "received_at")
UNHANDLED = inbox.c.handled_at.is_(None)
sa.Index("ix_amicable_inbox_unhandled", inbox.c.received_at, sqlite_where=UNHANDLED, postgresql_where=UNHANDLED)

audit = sa.Table(
    f"{PREFIX}audit",
    metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    _moment("at"),
    _text("workspace_id"),
    _text("actor_id"),
    _text("action"),
    _text("subject"),
    _text("details"),
)
_index(audit, "workspace_id", "number")

tombstones = _table("tombstones", _key("kind"), _key("hash"), _moment("erased_at"))

executors = sa.Table(f"{PREFIX}executors", metadata, _key("id"), _moment("seen_at"))
