"""The weekly digest: where it goes, and what stands in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.services.audit import record
from bot.services.dates import local_day, next_weekly
from bot.services.health.scorecards import HealthService, Scorecard
from rules.clients.people import Member
from rules.clients.places import verdict
from rules.decisions.plan import Plan
from rules.errors import InvalidError, NotFoundError
from rules.health.account import Band
from rules.health.digest import ClientSummary, Digest, Timing, compose, digest_key, timing
from rules.ports import Clock, DigestChannel, Directory, Due, UnitOfWork, Units

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One digest of one channel. `unchanged`: nothing that a person would act on has changed since the last one."""

    key: str
    channel: DigestChannel
    digest: Digest
    timing: Timing
    due_at: datetime
    unchanged: bool


class DigestService:
    """Composes digests of what everyone in the channel may see."""

    def __init__(self, units: Units, clock: Clock, directory: Directory, health: HealthService) -> None:
        self._units = units
        self._clock = clock
        self._directory = directory
        self._health = health

    def configure(self, workspace_id: str, actor: Member, channel: DigestChannel) -> datetime:
        """Where and when; gives the time of the first one. A channel that a client can read is refused."""
        place = self._directory.place(workspace_id, channel.channel_id, fresh=True)
        guests = [self._directory.member(workspace_id, guest) for guest in place.guest_ids or ()]
        found = verdict(place, guests)
        if not found.internal:
            raise InvalidError("Please choose another channel.", {"channel": f"Not here: {found.reason}"})
        if not place.bot_is_member:
            raise InvalidError(
                "Please invite Amicable first.", {"channel": "Invite Amicable to this channel, then save again."}
            )
        now = self._clock.now()
        due_at = next_weekly(now, channel.timezone, channel.weekday, time(channel.hour, channel.minute))
        with self._units.begin(workspace_id) as unit:
            unit.digests.save(channel)
            unit.dues.set(Due(workspace_id=workspace_id, kind="digest", subject=channel.channel_id, due_at=due_at))
            record(unit, actor, now, "digest set", channel.channel_id)
        return due_at

    def issue(self, workspace_id: str, channel_id: str, due_at: datetime) -> Issue:
        """The digest that was due then, with today's figures."""
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            channel = unit.digests.find(channel_id)
            if channel is None:
                raise NotFoundError("This channel gets no digest.")
            digest = self._compose(unit, channel)
        next_at = next_weekly(due_at, channel.timezone, channel.weekday, time(channel.hour, channel.minute))
        return Issue(
            key=digest_key(workspace_id, channel_id, local_day(due_at, channel.timezone)),
            channel=channel,
            digest=digest,
            timing=timing(due_at, next_at, now),
            due_at=due_at,
            unchanged=digest.fingerprint == channel.last_fingerprint,
        )

    def remember(self, issue: Issue) -> None:
        """What this channel has been told, so that the next digest says what changed."""
        with self._units.begin(issue.channel.workspace_id) as unit:
            standings = unit.standings.all()
            shown = {client_id: standing.band for client_id, standing in standings.items()}
            unit.digests.save(replace(issue.channel, last_fingerprint=issue.digest.fingerprint, shown_bands=shown))

    def on_demand(self, workspace_id: str) -> Digest:
        """The same for one person, now; nothing is remembered."""
        with self._units.read(workspace_id) as unit:
            return self._compose(unit, DigestChannel(workspace_id=workspace_id, channel_id=""))

    def channels(self, workspace_id: str) -> Sequence[DigestChannel]:
        with self._units.read(workspace_id) as unit:
            return unit.digests.channels()

    def timezone(self, workspace_id: str) -> str:
        with self._units.read(workspace_id) as unit:
            return unit.workspace().timezone

    def _compose(self, unit: UnitOfWork, channel: DigestChannel) -> Digest:
        now = self._clock.now()
        workspace = unit.workspace()
        plans = {plan.client_id: plan for plan in unit.plans.running()}
        standings = unit.standings.all()
        summaries = (
            _summary(
                card,
                plans.get(card.client.id),
                standings[card.client.id].band if card.client.id in standings else "",
                channel,
                now,
            )
            for card in self._health.everyone(unit)
        )
        zone = workspace.timezone
        return compose(summaries, today=local_day(now, zone), started_on=local_day(workspace.created_at, zone))


def _summary(card: Scorecard, plan: Plan | None, band: str, channel: DigestChannel, now: datetime) -> ClientSummary:
    open_checkpoints = [point.due_on for point in plan.checkpoints if not point.held_on] if plan else []
    return ClientSummary(
        client_id=card.client.id,
        name=card.client.name,
        health=card.health,
        trend=card.trend,
        stage=card.client.stage,
        announced_band=Band(band) if band else Band.TOO_EARLY,
        previous_band=channel.shown_bands.get(card.client.id, ""),
        plan_runs=plan is not None,
        plan_to_judge=plan is not None and not open_checkpoints,
        checkpoint_on=min(open_checkpoints, default=None),
        notes_this_week=sum(signal.logged_at > now - WEEK for signal in card.signals.values()),
    )
