"""A client's settings: names, owner, language, channels, and whether it is in use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.access import require_decider
from bot.services.audit import record
from bot.services.clients.clients import catch_up, check_channel, check_names
from bot.services.clients.merging import require_idle
from bot.services.health.scorecards import HealthService
from bot.services.health.teams import team_of
from bot.services.people import redraw_homes, team
from rules.clients.client import Client, what_changed
from rules.clients.names import normal
from rules.clients.people import Member, PlaceKind
from rules.clients.places import require_owner
from rules.health.days.standing import with_team
from rules.local_days import local_day
from rules.ports import Clock, Directory, UnitOfWork, Units


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientSheet:
    """What the form shows: `channel_ids` are those of the client's channels that this reader sees in Slack.

    `team_ids` are those of ours who work with the client, named or not.
    """

    client: Client
    channel_ids: tuple[str, ...]
    team_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientChanges:
    """What the form asks for. `keeps_old_name`: after a rename the old name still means this client.

    `team_ids` are named people; without any it is who is in the client's internal channels, and its owner.
    """

    name: str
    keeps_old_name: bool = True
    aliases: tuple[str, ...] = ()
    owner_id: str
    language: str
    channel_ids: tuple[str, ...] = ()
    team_ids: tuple[str, ...] = ()


class ClientSettingsService:
    """For those who decide about the client. Tickets and letters keep the name under which they were written."""

    def __init__(self, units: Units, clock: Clock, directory: Directory, health: HealthService) -> None:
        self._directory = directory
        self._units = units
        self._clock = clock
        self._health = health

    def sheet(self, workspace_id: str, reader: Member, client_id: str) -> ClientSheet:
        with self._units.read(workspace_id) as unit:
            client = unit.clients.get(client_id)
            require_decider(reader, client)
            return ClientSheet(
                client=client,
                channel_ids=_shown_channels(unit, reader, client),
                team_ids=tuple(sorted(_team(unit, client))),
            )

    def change(self, workspace_id: str, actor: Member, client_id: str, asked: ClientChanges) -> Client:
        """A wrong or taken name and a taken channel come back beside their fields."""
        require_owner(self._directory.member(workspace_id, asked.owner_id))
        for person_id in asked.team_ids:
            require_owner(self._directory.member(workspace_id, person_id), "team")
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.lock(client_id)
            require_decider(actor, client)
            (name,) = check_names(unit, actor, "name", [asked.name], client.id)
            aliases = check_names(unit, actor, "aliases", asked.aliases, client.id)
            if asked.keeps_old_name and normal(name) != normal(client.name):
                aliases = (*aliases, client.name)
            shown = _shown_channels(unit, actor, client)
            kept = tuple(each for each in client.channel_ids if each not in shown)
            for channel_id in asked.channel_ids:
                check_channel(unit, actor, channel_id, client.id, "channels")
            changed = replace(
                client,
                name=name,
                aliases=tuple({normal(each): each for each in aliases if normal(each) != normal(name)}.values()),
                owner_id=asked.owner_id,
                language=asked.language,
                channel_ids=tuple(dict.fromkeys((*asked.channel_ids, *kept))),
                team_ids=tuple(dict.fromkeys(asked.team_ids)),
            )
            unit.clients.save(changed)
            if changed.team_ids != client.team_ids:
                self._count_team(unit, changed, now)
            new = tuple(each for each in changed.channel_ids if each not in client.channel_ids)
            catch_up(unit, replace(changed, channel_ids=new), now)
            for what in what_changed(client, changed):
                record(unit, actor, now, f"client {what}", client.id)
            if changed.owner_id != client.owner_id:
                redraw_homes(unit, now)
            return changed

    def _count_team(self, unit: UnitOfWork, client: Client, now: datetime) -> None:
        """Who works with the client says what one voice weighs: its health is read anew."""
        today = local_day(now, unit.workspace().timezone)
        standing = with_team(self._health.standing(unit, client.id), len(_team(unit, client)), today)
        unit.standings.save(standing)
        self._health.touched(unit, client.id, standing=standing)

    def archive(self, workspace_id: str, actor: Member, client_id: str) -> Client:
        """Out of lists, digests, readings and search; its history stays readable, and it can come back."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.lock(client_id)
            require_decider(actor, client)
            if client.archived_at:
                return client
            require_idle(unit, client)
            archived = replace(client, archived_at=now)
            unit.clients.save(archived)
            record(unit, actor, now, "client archived", client.id)
            return archived

    def unarchive(self, workspace_id: str, actor: Member, client_id: str) -> Client:
        """Its health is read at once: none was read meanwhile."""
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            client = unit.clients.lock(client_id)
            require_decider(actor, client)
            back = replace(client, archived_at=None)
            if client.archived_at:
                unit.clients.save(back)
                self._health.touched(unit, client.id)
                record(unit, actor, now, "client unarchived", client.id)
            return back


def _shown_channels(unit: UnitOfWork, reader: Member, client: Client) -> tuple[str, ...]:
    """Slack's select shows nobody a private channel that they are not in, so the form must not drop it either."""
    places = {channel_id: unit.people.find_place(channel_id) for channel_id in client.channel_ids}
    hidden = {
        channel_id
        for channel_id, place in places.items()
        if place and place.kind is not PlaceKind.PUBLIC and reader.id not in place.member_ids
    }
    return tuple(each for each in client.channel_ids if each not in hidden)


def _team(unit: UnitOfWork, client: Client) -> frozenset[str]:
    return team_of(unit, client, [member.id for member in team(unit)])
