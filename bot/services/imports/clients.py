"""Clients from a file: new ones are added; of those that are there only what is still empty is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.services.audit import record
from bot.services.clients.clients import catch_up, enter
from bot.services.imports.desk import ImportDesk
from bot.services.imports.rows import ClientRow, Line, read_row
from bot.services.imports.tally import Tally
from rules.clients.client import Agreement, Client, Contract
from rules.clients.names import normal, valid_name
from rules.clients.stages import Stage
from rules.errors import InvalidError
from rules.ports import UnitOfWork

# What was decided on stands on what was known then.
_OPEN = frozenset({Stage.ACTIVE, Stage.AMENDING, Stage.CONSIDERING})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientLine:
    """A line that holds: names as they are kept, people and channels by id."""

    number: int
    id: str
    name: str
    aliases: tuple[str, ...]
    owner_id: str
    visible_to: tuple[str, ...]
    channel_ids: tuple[str, ...]
    row: ClientRow


class ClientIntake:
    """Takes lines of clients."""

    def __init__(self, desk: ImportDesk) -> None:
        self._desk = desk

    def read(self, line: Line) -> ClientLine | None:
        try:
            return self._read(line)
        except InvalidError:
            self._desk.register.spoil(str(line.cells.get("name", "")))
            raise

    def _read(self, line: Line) -> ClientLine | None:
        row = read_row(ClientRow, line)
        if row.merged_into or row.erased_at:
            return None
        name, aliases = valid_name(row.name), tuple(map(valid_name, row.aliases))
        aliases = tuple({normal(alias): alias for alias in aliases if normal(alias) != normal(name)}.values())
        owner = self._desk.register.owner(row.owner, self._desk.actor)
        visible_to = tuple(self._desk.register.person(text).id for text in row.visible_to)
        channel_ids = self._desk.register.channel_ids(row.channels)
        known = self._desk.register.plan(name, aliases, measures_hours=row.monthly_hours is not None)
        return ClientLine(
            number=line.number,
            id=known.id,
            name=name,
            aliases=aliases,
            owner_id=owner.id,
            visible_to=visible_to,
            channel_ids=channel_ids,
            row=row,
        )

    def foresee(self, lines: Sequence[ClientLine], tally: Tally) -> None:
        with self._desk.read() as unit:
            there = unit.clients.named(normal(line.name) for line in lines)
            for line in lines:
                known = there.get(normal(line.name))
                if known:
                    tally.count(known != _filled(known, line))
                else:
                    tally.foresee(line.id)

    def store(self, lines: Sequence[ClientLine], tally: Tally) -> None:
        with self._desk.begin() as unit:
            there = unit.clients.named(normal(line.name) for line in lines)
            for client_id in sorted({client.id for client in there.values()}):
                unit.clients.lock(client_id)
            for line in lines:
                try:
                    self._put(unit, line, tally)
                except InvalidError as error:
                    tally.refuse(line.number, error)

    def _put(self, unit: UnitOfWork, line: ClientLine, tally: Tally) -> None:
        now = self._desk.now()
        found = unit.clients.named([normal(line.name)]).get(normal(line.name))
        if found is None:
            new = Client(
                id=line.id, workspace_id=unit.workspace_id, name=line.name, owner_id=line.owner_id, stage_since=now
            )
            client = replace(_filled(new, line), language=line.row.language, visible_to=line.visible_to)
            enter(unit, self._desk.actor, client, now)
            tally.added += 1
        else:
            held = unit.clients.lock(found.id)
            client = _filled(held, line)
            tally.count(client != held)
            if client != held:
                unit.clients.save(client)
                record(unit, self._desk.actor, now, "client filled in", client.id)
                catch_up(unit, client, now)
        self._desk.register.came(client)


def _filled(client: Client, line: ClientLine) -> Client:
    """What somebody wrote stays; a contract that somebody looked at is not completed behind their back."""
    if client.stage not in _OPEN:
        return client
    row = line.row
    known = {normal(name) for name in (client.name, *client.aliases)}
    more = tuple(name for name in (line.name, *line.aliases) if normal(name) not in known)
    named = row.model_dump(include={"contact_name", "contact_email"})
    figures = row.model_dump(include={"client_since", "revenue_share_percent", "hours_a_week", "margin_percent"})
    return replace(
        client,
        aliases=(*client.aliases, *more),
        channel_ids=tuple(dict.fromkeys((*client.channel_ids, *line.channel_ids))),
        agreement=_agreed(client.agreement, row),
        contract=client.contract if client.contract != Contract() else _contract(row),
        **{name: getattr(client, name) or value for name, value in named.items()},
        **{name: value if getattr(client, name) is None else getattr(client, name) for name, value in figures.items()},
    )


def _agreed(agreement: Agreement, row: ClientRow) -> Agreement:
    hours = {
        name: getattr(row, name) if getattr(agreement, name) is None else getattr(agreement, name)
        for name in ("their_reply_hours", "our_reply_hours", "monthly_hours")
    }
    return replace(agreement, primary_channel=agreement.primary_channel or row.primary_channel, **hours)


def _contract(row: ClientRow) -> Contract:
    """Nobody has reviewed it yet: the checklist before a decision still asks for that."""
    return Contract(
        none_written=row.none_written,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        notice_length=row.notice_length,
        notice_unit=row.notice_unit,
        to_month_end=row.to_month_end,
        clause=row.clause,
        country=row.country,
    )
