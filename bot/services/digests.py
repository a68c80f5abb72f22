"""The weekly digest: where it goes, and what stands in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.agenda import POST_DIGEST
from bot.services.audit import record
from bot.services.health.scorecards import HealthService, Scorecard
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.partings.sheets import RunningParting, running_partings
from bot.services.people import all_may_see, readers_of
from bot.services.waiting import WayOn
from rules.clients.people import Member, Place
from rules.clients.places import all_may_read, readers_in, verdict
from rules.decisions.plan import Plan
from rules.errors import InvalidError
from rules.health.days.standing import Standing, first_standing, read
from rules.health.digest import ClientSummary, Digest, PartingCount, Timing, compose, digest_key, timing
from rules.health.score import Band, as_seen
from rules.local_days import last_weekly, local_day, next_weekly
from rules.nudges.kinds import NudgeKind
from rules.nudges.nudge import Nudge
from rules.ports import Clock, DigestChannel, Directory, UnitOfWork, Units
from rules.sentences import Sentence

WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One digest of one channel. `unchanged`: nothing that a person would act on has changed since the last one.

    `bands` are what it says of each client.
    """

    key: str
    channel: DigestChannel
    digest: Digest
    timing: Timing
    due_at: datetime
    unchanged: bool
    bands: Mapping[str, str]


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
        found = verdict(place, self._directory.people(workspace_id, place.guest_ids or ()))
        if not found.internal:
            raise InvalidError(
                "Please choose another channel.", {"channel": Sentence("Not here: {reason}", reason=found.reason)}
            )
        if not place.bot_is_member:
            raise InvalidError(
                "Please invite Amicable first.", {"channel": "Invite Amicable to this channel, then save again."}
            )
        now = self._clock.now()
        with self._units.begin(workspace_id) as unit:
            known = unit.digests.find(channel.channel_id) or channel
            told = replace(channel, last_fingerprint=known.last_fingerprint, shown_bands=known.shown_bands)
            unit.digests.save(told)
            due_at = _wait_for_next(unit, told, now)
            record(unit, actor, now, "digest set", channel.channel_id)
        return due_at

    def stop(self, workspace_id: str, actor: Member, channel_id: str) -> None:
        """This channel gets no digest any more."""
        with self._units.begin(workspace_id) as unit:
            known = unit.digests.find(channel_id)
            unit.digests.drop(channel_id)
            unit.dues.drop(POST_DIGEST, channel_id)
            if known:
                record(unit, actor, self._clock.now(), "digest stopped", channel_id)

    def issue(self, workspace_id: str, channel_id: str) -> Issue | None:
        """The newest digest that should be there, with today's figures; None where the channel gets none any more.

        After an outage of weeks that is one digest, not one for each week.
        """
        now = self._clock.now()
        with self._units.read(workspace_id) as unit:
            channel = unit.digests.find(channel_id)
            if channel is None:
                return None
            summaries = self._summaries(unit, channel)
            digest = self._composed(unit, summaries)
        at = time(channel.hour, channel.minute)
        due_at = last_weekly(now, channel.timezone, channel.weekday, at)
        next_at = next_weekly(due_at, channel.timezone, channel.weekday, at)
        return Issue(
            key=digest_key(workspace_id, channel_id, local_day(due_at, channel.timezone)),
            channel=channel,
            digest=digest,
            timing=timing(due_at, next_at, now),
            due_at=due_at,
            unchanged=digest.fingerprint == channel.last_fingerprint,
            bands={summary.client_id: summary.announced_band.value for summary in summaries},
        )

    def remember(self, issue: Issue) -> None:
        """What this channel has been told, so that the next digest says what changed."""
        with self._units.begin(issue.channel.workspace_id) as unit:
            channel = unit.digests.find(issue.channel.channel_id)
            if channel is None:
                return
            fingerprint = issue.digest.fingerprint
            unit.digests.save(replace(channel, last_fingerprint=fingerprint, shown_bands=issue.bands, trouble=""))
            _wait_for_next(unit, channel, issue.due_at)

    def pass_over(self, issue: Issue, trouble: str = "", told: str = "") -> None:
        """There is no digest this week; `trouble` is why, which is told to an admin where it is a new one."""
        with self._units.begin(issue.channel.workspace_id) as unit:
            channel = unit.digests.find(issue.channel.channel_id)
            if channel is None:
                return
            unit.digests.save(replace(channel, trouble=trouble or channel.trouble))
            _wait_for_next(unit, channel, issue.due_at)
            if told and trouble != issue.channel.trouble:
                now, details = self._clock.now(), channel.channel_id
                nudge(unit, NudgeKind.DIGEST_TROUBLE, told, subject=issue.key, now=now, details=details)

    def undelivered(self, unit: UnitOfWork, _reader: Member, known: Nudge, _now: datetime) -> Told | None:
        """For an admin, until a digest has arrived there again or nobody wants one any more."""
        channel = unit.digests.find(known.details)
        place = unit.people.find_place(known.details)
        if channel is None or not channel.trouble:
            return None
        why = channel.trouble.replace(f"<#{channel.channel_id}>", "this channel")
        return Told(
            about=f"#{place.name}" if place else "A channel",
            what=Sentence(
                "This week's digest was not posted. {why} You are told once; it is tried again every week.", why=why
            ),
            ways=(Way(WayOn.SETTINGS, ""),),
        )

    def forget(self, workspace_id: str, channel_id: str) -> None:
        """A due time that came back while somebody stopped the digest goes too."""
        with self._units.begin(workspace_id) as unit:
            unit.dues.drop(POST_DIGEST, channel_id)

    def on_demand(self, workspace_id: str, reader: Member) -> Digest:
        """The same for one person, now, with what this person may see; nothing is remembered."""
        with self._units.read(workspace_id) as unit:
            channel = DigestChannel(workspace_id=workspace_id, channel_id="")
            return self._composed(unit, self._summaries(unit, channel, reader))

    def channel(self, workspace_id: str, channel_id: str) -> DigestChannel | None:
        with self._units.read(workspace_id) as unit:
            return unit.digests.find(channel_id)

    def channels(self, workspace_id: str) -> Sequence[DigestChannel]:
        with self._units.read(workspace_id) as unit:
            return unit.digests.channels()

    def timezone(self, workspace_id: str) -> str:
        with self._units.read(workspace_id) as unit:
            return unit.workspace().timezone

    def _composed(self, unit: UnitOfWork, summaries: Sequence[ClientSummary]) -> Digest:
        workspace = unit.workspace()
        zone = workspace.timezone
        today = local_day(self._clock.now(), zone)
        return compose(summaries, today=today, started_on=local_day(workspace.created_at, zone))

    def _summaries(self, unit: UnitOfWork, channel: DigestChannel, reader: Member | None = None) -> list[ClientSummary]:
        """Each with the band that a reading at this moment announces, whether or not the daily one has been here."""
        now = self._clock.now()
        plans = {plan.client_id: plan for plan in unit.plans.running()}
        standings = unit.standings.all()
        today = local_day(now, unit.workspace().timezone)
        leaving = {each.client.id: _count(each) for each in running_partings(unit, today)}
        return [
            replace(
                _summary(card, plans.get(card.client.id), standings.get(card.client.id), channel, now),
                parting=leaving.get(card.client.id),
            )
            for card in (self._health.everyone(unit, reader) if reader else self._shown_to_all(unit, channel))
        ]

    def _shown_to_all(self, unit: UnitOfWork, channel: DigestChannel) -> Iterator[Scorecard]:
        """What everybody in the channel may see of each client; the sums stay those of all notes (BR14)."""
        place = unit.people.find_place(channel.channel_id)
        readers, people = readers_in(place), readers_of(unit, place)
        places: dict[str, Place | None] = {"": None}
        for card in self._health.everyone(unit):
            if not all_may_see(people, card.client):
                continue
            for channel_id in {signal.channel_id for signal in card.signals.values()} - places.keys():
                places[channel_id] = unit.people.find_place(channel_id)
            seen = {
                signal.id: signal
                for signal in card.signals.values()
                if not signal.channel_id or all_may_read(places[signal.channel_id], readers)
            }
            yield replace(card, health=as_seen(card.health, card.signals.keys() - seen.keys()), signals=seen)


def _count(parting: RunningParting) -> PartingCount:
    known = parting.progress
    return PartingCount(
        finished=known.total - known.left,
        tasks=known.total,
        late=parting.late,
        last_day=parting.last_day,
        origin=parting.origin,
    )


def _wait_for_next(unit: UnitOfWork, channel: DigestChannel, after: datetime) -> datetime:
    due_at = next_weekly(after, channel.timezone, channel.weekday, time(channel.hour, channel.minute))
    unit.dues.set(POST_DIGEST.at(due_at, unit.workspace_id, channel.channel_id))
    return due_at


def _summary(
    card: Scorecard, plan: Plan | None, known: Standing | None, channel: DigestChannel, now: datetime
) -> ClientSummary:
    standing, _ = read(known or first_standing(card.client.id, card.client.workspace_id, now), card.health, now)
    open_checkpoints = [point.due_on for point in plan.checkpoints if not point.held_on] if plan else []
    return ClientSummary(
        client_id=card.client.id,
        name=card.client.name,
        health=card.health,
        trend=card.trend,
        stage=card.client.stage,
        announced_band=card.band if card.override else Band(standing.band),
        previous_band=channel.shown_bands.get(card.client.id, ""),
        plan_runs=plan is not None,
        plan_to_judge=plan is not None and not open_checkpoints,
        checkpoint_on=min(open_checkpoints, default=None),
        notes_this_week=sum(signal.logged_at > now - WEEK for signal in card.signals.values()),
        override=card.override,
    )
