"""The ledger, the reactions it came from, and the last reading per client."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date, datetime
from functools import cache
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from integrations.database import tables
from integrations.database.columns import Moment
from integrations.database.repositories.records import Record, Scope, in_workspace, replacing, upsert
from rules.clients.client import DEMO_ID
from rules.health.days.standing import Standing
from rules.health.signal import Outline, Reaction, Severity, Side, Signal, Source, State

RECORD = Record(tables.signals, Signal, "This note is not here any more.")
REACTION = Record(tables.reactions, Reaction, "This reaction is not here any more.")
STANDING = Record(tables.standings, Standing, "Nothing is known of this client's health yet.")

_signal = tables.signals.c
_reaction = tables.reactions.c

_of_client = _signal.client_id == sa.bindparam("client")
_of_some = _signal.client_id.in_(sa.bindparam("clients", expanding=True))
_lasting = _signal.type.in_(sa.bindparam("lasting", expanding=True))
_recent = sa.and_(_signal.happened_at >= sa.bindparam("since"), sa.not_(_lasting))

# Sorted by us, and without an upper time: else SQLite would walk through all the old history to find lasting types.
SCORING = sa.union_all(RECORD.where(_of_client, _lasting), RECORD.where(_of_client, _recent))
SCORING_OF_ALL = sa.union_all(RECORD.where(_lasting), RECORD.where(_recent))
SCORING_OF_SOME = sa.union_all(RECORD.where(_of_some, _lasting), RECORD.where(_of_some, _recent))
BY_TIME = attrgetter("happened_at", "id")

# The words of closed lists as they are stored, and of the document only what some few notes have in it: with a codec
# for each note a long ledger took ten times as long.
_counts = sa.and_(_signal.state == State.LIVE, _signal.side != Side.OURS)
_outline = (
    _signal.id,
    _signal.type,
    *(sa.type_coerce(column, sa.String) for column in (_signal.side, _signal.severity, _signal.source)),
    _signal.reporter_id,
    _signal.witness_ids,
    _signal.happened_on,
    _signal.reviewed_at,
    _signal.happened_at,
    sa.case((sa.or_(_signal.source == Source.SENSOR, _lasting), _signal.document), else_=None).label("document"),
)
OUTLINES, OUTLINES_OF_SOME = (
    sa.union_all(
        *(
            sa.select(_signal.client_id, *_outline).where(in_workspace(tables.signals), of, which, _counts)
            for which in (_lasting, _recent)
        )
    )
    for of in (_of_client, _of_some)
)
# What lists of clients speak of by itself: those of some types that stand, and all that were noted since.
_standing_out = sa.and_(_signal.type.in_(sa.bindparam("types", expanding=True)), _signal.state == State.LIVE)
_stand_out = tuple(RECORD.where(_of_some, which, _standing_out) for which in (_lasting, _recent))
_new = tuple(
    RECORD.where(_of_some, which, _signal.logged_at > sa.bindparam("logged_after", type_=Moment))
    for which in (_lasting, _recent)
)
TOLD_IN_LISTS = sa.union_all(*_stand_out)
TOLD_IN_LISTS_WITH_NEWS = sa.union_all(*_stand_out, *_new)
SIDES = {each.value: each for each in Side}
SEVERITIES = {each.value: each for each in Severity}
SOURCES = {each.value: each for each in Source}

HISTORY = RECORD.where(_of_client).order_by(_signal.happened_at.desc(), _signal.id.desc()).limit(sa.bindparam("most"))
HISTORY_BEFORE = HISTORY.where(_signal.happened_at < sa.bindparam("before"))
SOME = RECORD.where(_signal.id.in_(sa.bindparam("ids", expanding=True)))
KNOWN = sa.select(_signal.id).where(in_workspace(tables.signals), _signal.id.in_(sa.bindparam("ids", expanding=True)))
LIVE = sa.select(sa.func.count()).where(
    in_workspace(tables.signals), _signal.state == State.LIVE, _signal.client_id != DEMO_ID
)
REACTIONS_IN = REACTION.where(_reaction.channel_id == sa.bindparam("channel")).order_by(_reaction.event_ts)
REACTIONS_ON = REACTION.where(
    _reaction.channel_id == sa.bindparam("channel"),
    _reaction.message_ts == sa.bindparam("message"),
    _reaction.type == sa.bindparam("type"),
).order_by(_reaction.event_ts)
ON_MESSAGE = RECORD.where(
    _signal.channel_id == sa.bindparam("channel"), _signal.message_ts == sa.bindparam("message"), tables.ON_MESSAGE
).order_by(_signal.id)
_twin = tables.signals.alias()
TWINS = (
    sa.select(_signal.id.label("mine"), _twin.c.id.label("theirs"))
    .join(
        _twin,
        sa.and_(
            _twin.c.workspace_id == _signal.workspace_id,
            _twin.c.client_id == sa.bindparam("theirs"),
            *(_twin.c[name] == _signal[name] for name in ("channel_id", "message_ts", "type")),
        ),
    )
    .where(
        in_workspace(tables.signals),
        _signal.client_id == sa.bindparam("mine"),
        _signal.message_ts != "",
        _signal.state == State.LIVE,
        _twin.c.state == State.LIVE,
    )
)
STANDINGS = STANDING.where()
FORGET_SHOWN = (
    sa.update(tables.standings)
    .where(in_workspace(tables.standings), tables.standings.c.client_id.in_(sa.bindparam("clients", expanding=True)))
    .values(shown_on=None)
)


class SignalRows:
    """Rows are added and corrected, never deleted."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def add(self, signal: Signal) -> None:
        self._scope.wrote([signal.client_id])
        RECORD.add(self._scope, signal)

    def add_new(self, signal: Signal) -> bool:
        self._scope.wrote([signal.client_id])
        return RECORD.add_new(self._scope, [signal]) > 0

    def add_all(self, signals: Sequence[Signal]) -> None:
        self._scope.wrote(signal.client_id for signal in signals)
        RECORD.add_all(self._scope, signals)

    def known(self, signal_ids: Sequence[str]) -> set[str]:
        return set(self._scope.rows(KNOWN, ids=list(signal_ids)).scalars())

    def some(self, signal_ids: Collection[str]) -> list[Signal]:
        return RECORD.many(self._scope, SOME, ids=list(signal_ids))

    def save(self, signal: Signal) -> None:
        self._scope.wrote([signal.client_id])
        RECORD.put(self._scope, signal)

    def get(self, signal_id: str) -> Signal:
        return RECORD.get(self._scope, id=signal_id)

    def find(self, signal_id: str) -> Signal | None:
        return RECORD.find(self._scope, id=signal_id)

    def scoring(self, client_id: str, since: datetime, lasting_types: Iterable[str]) -> list[Signal]:
        found = RECORD.many(self._scope, SCORING, client=client_id, since=since, lasting=list(lasting_types))
        return sorted(found, key=BY_TIME)

    def outlines(self, client_id: str, since: datetime, lasting_types: Iterable[str]) -> list[Outline]:
        wanted = {"client": client_id, "since": since, "lasting": list(lasting_types)}
        return [_outlined(row[1:]) for row in self._scope.rows(OUTLINES, **wanted)]

    def outlines_of(
        self, client_ids: Sequence[str], since: datetime, lasting_types: Iterable[str]
    ) -> dict[str, list[Outline]]:
        wanted = {"clients": list(client_ids), "since": since, "lasting": list(lasting_types), "fresh_since": since}
        of_all: dict[str, list[Outline]] = defaultdict(list)
        for row in self._scope.rows(OUTLINES_OF_SOME, **wanted):
            of_all[row[0]].append(_outlined(row[1:]))
        return dict(of_all)

    def told_in_lists(
        self,
        client_ids: Sequence[str],
        since: datetime,
        lasting_types: Iterable[str],
        *,
        types: Iterable[str],
        logged_after: datetime | None,
    ) -> dict[str, list[Signal]]:
        wanted = {"clients": list(client_ids), "since": since, "lasting": list(lasting_types), "types": list(types)}
        if logged_after is None:
            return _by_client(RECORD.many(self._scope, TOLD_IN_LISTS, **wanted))
        found = RECORD.many(self._scope, TOLD_IN_LISTS_WITH_NEWS, logged_after=logged_after, **wanted)
        return _by_client({signal.id: signal for signal in found}.values())

    def scoring_of(
        self, client_ids: Sequence[str], since: datetime, lasting_types: Iterable[str]
    ) -> dict[str, list[Signal]]:
        wanted = {"clients": list(client_ids), "since": since, "lasting": list(lasting_types)}
        return _by_client(RECORD.many(self._scope, SCORING_OF_SOME, **wanted))

    def scoring_of_all(self, since: datetime, lasting_types: Iterable[str]) -> dict[str, list[Signal]]:
        return _by_client(RECORD.many(self._scope, SCORING_OF_ALL, since=since, lasting=list(lasting_types)))

    def history(self, client_id: str, limit: int, before: datetime | None = None) -> list[Signal]:
        if before is None:
            return RECORD.many(self._scope, HISTORY, client=client_id, most=limit)
        return RECORD.many(self._scope, HISTORY_BEFORE, client=client_id, most=limit, before=before)

    def is_untouched(self, client_id: str) -> bool:
        return client_id not in self._scope.written

    def page(
        self, client_id: str, limit: int, *, before: Signal | None, side: str = "", state: str = "", type_code: str = ""
    ) -> list[Signal]:
        asked = ((_signal.side, side), (_signal.state, state), (_signal.type, type_code))
        statement = HISTORY.where(*(column == word for column, word in asked if word))
        if before is not None:
            statement = statement.where(
                sa.tuple_(_signal.happened_at, _signal.id)
                < sa.tuple_(sa.literal(before.happened_at, Moment), before.id)
            )
        return RECORD.many(self._scope, statement, client=client_id, most=limit)

    def twins(self, client_id: str, other_id: str) -> list[tuple[str, str]]:
        rows = self._scope.rows(TWINS, mine=client_id, theirs=other_id)
        return [(row.mine, row.theirs) for row in rows]

    def count_live(self) -> int:
        return int(self._scope.rows(LIVE).scalar_one())

    def reactions_in(self, channel_id: str) -> list[Reaction]:
        return REACTION.many(self._scope, REACTIONS_IN, channel=channel_id)

    def reactions_on(self, channel_id: str, message_ts: str, type_code: str) -> list[Reaction]:
        return REACTION.many(self._scope, REACTIONS_ON, channel=channel_id, message=message_ts, type=type_code)

    def on_message(self, channel_id: str, message_ts: str) -> list[Signal]:
        return RECORD.many(self._scope, ON_MESSAGE, channel=channel_id, message=message_ts)

    def keep_reaction(self, reaction: Reaction) -> bool:
        """Slack's times are strings of one length, so that their order is the order of time."""
        statement = upsert(tables.reactions, self._scope.connection.dialect.name, newest_by="event_ts")
        return self._scope.count(statement, asdict(reaction)) > 0


def _outlined(row: Sequence[Any]) -> Outline:
    id_, type_, side, severity, source, reporter, witnesses, on, reviewed_at, happened_at, document = row
    return Outline(
        id_,
        type_,
        SIDES[side],
        SEVERITIES[severity],
        SOURCES[source],
        reporter,
        witnesses,
        on,
        reviewed_at,
        happened_at,
        *(_of_document(document) if document else ()),
    )


def _of_document(document: Mapping[str, Any]) -> tuple[bool, date | None, date | None]:
    due_on, paid_on = (document.get(name) for name in ("due_on", "paid_on"))
    return (
        bool(document.get("guessed")),
        date.fromisoformat(due_on) if due_on else None,
        date.fromisoformat(paid_on) if paid_on else None,
    )


def _by_client(signals: Iterable[Signal]) -> dict[str, list[Signal]]:
    of_all: dict[str, list[Signal]] = defaultdict(list)
    for signal in sorted(signals, key=BY_TIME):
        of_all[signal.client_id].append(signal)
    return dict(of_all)


class StandingRows:
    """One row a client."""

    def __init__(self, scope: Scope) -> None:
        self._scope = scope

    def find(self, client_id: str) -> Standing | None:
        return STANDING.find(self._scope, client_id=client_id)

    def save(self, standing: Standing) -> str:
        """Read, and so up to date with what this unit wrote of the client."""
        scope, client_id = self._scope, standing.client_id
        mark = standing.ledger_mark
        if not mark or client_id in scope.unread:
            mark = secrets.token_hex(8)
        scope.unread.discard(client_id)
        values = STANDING.values(scope, replace(standing, ledger_mark=""))
        marked = values["document"] | {"ledger_mark": mark}
        scope.run(_saved(scope.connection.dialect.name), values | {"was": standing.ledger_mark, "marked": marked})
        return mark

    def forget_unread(self) -> None:
        """What people saw of a client counts no more where a note was written without another reading."""
        if self._scope.unread:
            self._scope.rows(FORGET_SHOWN, clients=sorted(self._scope.unread))

    def all(self) -> dict[str, Standing]:
        return {standing.client_id: standing for standing in STANDING.many(self._scope, STANDINGS)}


@cache
def _saved(dialect: str) -> sa.Insert:
    """The new mark is good only where the row is the one that was read.

    Whoever writes a note without holding the client clears the day in its row; an earlier release, and a row that is
    new, have no mark.
    """
    stored, document = tables.standings.c, tables.standings.c.document
    mark = sa.func.coalesce(document["ledger_mark"].as_string(), "")
    is_same = sa.and_(mark == sa.bindparam("was"), stored.shown_on.is_not(None))
    marked = sa.bindparam("marked", type_=document.type)
    kept = sa.case((is_same, marked), else_=sa.literal_column("excluded.document", document.type))
    return replacing(tables.standings, dialect, {"document": kept})
