"""The weekly digest: where it goes, and what stands in it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.agenda import POST_DIGEST, TRIED_AGAIN_AFTER
from bot.services.audit import record
from bot.services.health.briefs import Brief, BriefService, Eyes, EyesOf, places_of
from bot.services.needs.needs import needs_of
from bot.services.needs.scene import Backdrop, Scene
from bot.services.nudges.nudges import Told, Way, nudge
from bot.services.partings.sheets import RunningParting, running_partings
from bot.services.people import all_may_see, readers_of
from bot.services.waiting import Need, WayOn
from rules.clients.client import Client
from rules.clients.people import Member
from rules.clients.places import all_may_read, readers_in, verdict
from rules.decisions.plan import Plan
from rules.decisions.planning import next_checkpoint, runs_on
from rules.errors import InvalidError
from rules.health.catalogue import UNSORTED, Catalogue
from rules.health.digest import (
    ClientSummary,
    Digest,
    PartingCount,
    PraiseSaid,
    Timing,
    compose,
    digest_key,
    timing,
)
from rules.health.signal import Side, Signal, State
from rules.health.why.balance import is_praised
from rules.local_days import last_weekly, local_day, next_weekly
from rules.nudges.kinds import NudgeKind
from rules.nudges.need import NeedKind
from rules.nudges.nudge import Nudge
from rules.ports import Clock, DigestChannel, Directory, UnitOfWork, Units
from rules.sentences import Sentence

WEEK = timedelta(days=7)
# A word that somebody has had, a note of theirs and a lesson are no matter of a channel.
_NOT_SAID = frozenset({NeedKind.WORD, NeedKind.UNSORTED, NeedKind.RETRO})


class Twin(StrEnum):
    """How a channel with the very same people stands: it has this week's digest, or is getting it at this moment."""

    NONE = "none"
    GETS_IT_NOW = "gets_it_now"
    HAS_IT = "has_it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One digest of one channel. `unchanged`: nothing that a person would act on has changed since the last one.

    `twin` is a channel with the very same people.
    """

    key: str
    channel: DigestChannel
    digest: Digest
    timing: Timing
    due_at: datetime
    unchanged: bool
    twin: Twin = Twin.NONE


class DigestService:
    """Composes digests of what everyone in the channel may see."""

    def __init__(
        self, units: Units, clock: Clock, directory: Directory, lists: BriefService, catalogue: Catalogue
    ) -> None:
        self._units = units
        self._clock = clock
        self._directory = directory
        self._lists = lists
        self._catalogue = catalogue

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
            told = replace(
                channel,
                last_fingerprint=known.last_fingerprint,
                shown_bands=known.shown_bands,
                shown_lines=known.shown_lines,
            )
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
            digest = self._composed(unit, self._summaries(unit, channel), channel.shown_lines)
            at = time(channel.hour, channel.minute)
            due_at = last_weekly(now, channel.timezone, channel.weekday, at)
            twin = _twin(unit, channel, local_day(due_at, channel.timezone), now)
        next_at = next_weekly(due_at, channel.timezone, channel.weekday, at)
        return Issue(
            key=digest_key(workspace_id, channel_id, local_day(due_at, channel.timezone)),
            channel=channel,
            digest=digest,
            timing=timing(due_at, next_at, now),
            due_at=due_at,
            unchanged=digest.fingerprint == channel.last_fingerprint and not digest.needs_somebody,
            twin=twin,
        )

    def remember(self, issue: Issue) -> None:
        """What this channel has been told, so that the next digest says what changed."""
        with self._units.begin(issue.channel.workspace_id) as unit:
            channel = unit.digests.find(issue.channel.channel_id)
            if channel is None:
                return
            fingerprint = issue.digest.fingerprint
            kept = replace(
                channel,
                last_fingerprint=fingerprint,
                shown_bands=issue.digest.bands,
                shown_lines=issue.digest.lines,
                trouble="",
            )
            unit.digests.save(kept)
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
            about=f"#{place.name}" if place and place.name else "A channel",
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

    def late(self) -> int:
        """How many digests of all workspaces should have been posted more than an hour ago, and are still tried."""
        now = self._clock.now()
        with self._units.house() as house:
            workspaces = [workspace.id for workspace in house.workspaces()]
        return sum(self._late(workspace_id, now) for workspace_id in workspaces)

    def _late(self, workspace_id: str, now: datetime) -> int:
        with self._units.read(workspace_id) as unit:
            return sum(_is_late(unit, channel, now) for channel in unit.digests.channels())

    def timezone(self, workspace_id: str) -> str:
        with self._units.read(workspace_id) as unit:
            return unit.workspace().timezone

    def _composed(
        self,
        unit: UnitOfWork,
        summaries: Iterable[ClientSummary],
        shown_before: Mapping[str, int] = MappingProxyType({}),
    ) -> Digest:
        workspace = unit.workspace()
        zone = workspace.timezone
        today = local_day(self._clock.now(), zone)
        return compose(
            summaries, today=today, started_on=local_day(workspace.created_at, zone), shown_before=shown_before
        )

    def _summaries(
        self, unit: UnitOfWork, channel: DigestChannel, reader: Member | None = None
    ) -> Iterator[ClientSummary]:
        """Each with the band that a reading at this moment announces, whether or not the daily one has been here.

        Some hundreds of clients at a time, and of each only what the digest goes by is left.
        """
        now, backdrop = self._clock.now(), Backdrop(unit)
        eyes: Eyes = EyesOf(reader) if reader else _EverybodyThere(unit, channel)
        leaving: dict[str, PartingCount] | None = None
        for page in self._lists.pages(unit):
            scene = Scene(unit, now, self._lists.briefs(unit, eyes, page, news_since=now - WEEK), backdrop)
            if leaving is None:
                leaving = {each.client.id: _count(each) for each in running_partings(unit, scene.partings, scene.today)}
            needs = _said(scene)
            plans = {plan.client_id: plan for plan in scene.plans}
            for card in scene.cards.values():
                yield replace(
                    _summary(scene, card, plans.get(card.client.id), channel),
                    needs=tuple(needs[card.client.id]),
                    praises=self._praises(card, now),
                    flags=self._flags(card, now),
                    parting=leaving.get(card.client.id),
                )

    def _praises(self, card: Brief, now: datetime) -> tuple[PraiseSaid, ...]:
        """Of this week, the newest first; what not everybody may read is in no card."""
        newest_first = sorted(
            _of_this_week(card, Side.PRAISE, now), key=lambda each: (each.happened_at, each.id), reverse=True
        )
        return tuple(
            PraiseSaid(label=self._catalogue.type(each.type).label, by_id=each.reporter_id) for each in newest_first
        )

    def _flags(self, card: Brief, now: datetime) -> tuple[str, ...]:
        """What only reads like abuse is named in no channel until its reporter has said that it was (FG14)."""
        types = map(self._catalogue.counted, _of_this_week(card, Side.THEIRS, now))
        counted = Counter(type_.label for type_ in types if type_.code != UNSORTED)
        return tuple(sorted(counted, key=lambda label: (-counted[label], label)))


class _EverybodyThere:
    """Whoever reads a channel: what each of them may see. The sums stay those of all notes (BR14)."""

    def __init__(self, unit: UnitOfWork, channel: DigestChannel) -> None:
        place = unit.people.find_place(channel.channel_id)
        self._readers, self._people = readers_in(place), readers_of(unit, place)

    def sees(self, client: Client) -> bool:
        return all_may_see(self._people, client)

    def decides(self, _client: Client) -> bool:
        return False

    def hidden(self, unit: UnitOfWork, notes: Collection[Signal]) -> frozenset[str]:
        places = places_of(unit, notes)
        return frozenset(
            note.id for note in notes if note.channel_id and not all_may_read(places[note.channel_id], self._readers)
        )


def _said(scene: Scene) -> dict[str, list[Need]]:
    """By client. What only those who decide may know stands in no channel (BR14)."""
    needs: dict[str, list[Need]] = defaultdict(list)
    for need in needs_of(scene):
        if not need.is_secret and need.kind not in _NOT_SAID:
            needs[need.client_id].append(need)
    return needs


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


def _is_late(unit: UnitOfWork, channel: DigestChannel, now: datetime) -> bool:
    """One that is done waits for its next day; however often it is tried, it is due before that."""
    on = channel.timezone, channel.weekday, time(channel.hour, channel.minute)
    due, following = unit.dues.find(POST_DIGEST, channel.channel_id), next_weekly(now, *on)
    return due is not None and due.due_at < following and timing(last_weekly(now, *on), following, now) is Timing.LATE


def _of_this_week(card: Brief, side: Side, now: datetime) -> list[Signal]:
    """Noted this week, whenever it happened: what was noted late moves the band now, and is counted beside these."""
    return [
        signal
        for signal in card.signals.values()
        if signal.side is side and signal.state is State.LIVE and signal.logged_at > now - WEEK
    ]


def _summary(scene: Scene, card: Brief, plan: Plan | None, channel: DigestChannel) -> ClientSummary:
    standing = scene.standing(card)
    runs = plan is not None and runs_on(plan, scene.today)
    point = next_checkpoint(plan) if plan and runs else None
    return ClientSummary(
        client_id=card.client.id,
        name=card.client.name,
        health=card.health,
        trend=card.trend,
        stage=card.client.stage,
        announced_band=scene.band(card),
        previous_band=channel.shown_bands.get(card.client.id, ""),
        poor_since=scene.day(standing.poor_since or standing.band_since or scene.now),
        plan_runs=runs,
        checkpoint_on=point.due_on if point else None,
        owner_id=card.client.owner_id,
        notes_this_week=sum(signal.logged_at > scene.now - WEEK for signal in card.signals.values()),
        override=card.override,
        is_praised=is_praised(card.signals.values(), scene.today),
    )


def _twin(unit: UnitOfWork, channel: DigestChannel, on: date, now: datetime) -> Twin:
    """Another channel with the very same people: they get a week's digest once, wherever it arrives first."""
    here = _people_of(unit, channel.channel_id)
    others = [each for each in unit.digests.channels() if each.channel_id != channel.channel_id]
    same = [each for each in others if here and _people_of(unit, each.channel_id) == here]
    for other in same:
        post = unit.posts.find(digest_key(channel.workspace_id, other.channel_id, on))
        if post and post.ts:
            return Twin.HAS_IT
    first = min([channel, *same], key=_earliest_first)
    due = unit.dues.find(POST_DIGEST, first.channel_id)
    is_at_it = due is not None and due.due_at <= now + TRIED_AGAIN_AFTER
    return Twin.GETS_IT_NOW if first is not channel and is_at_it else Twin.NONE


def _earliest_first(channel: DigestChannel) -> tuple[int, int, int, str]:
    return channel.weekday, channel.hour, channel.minute, channel.channel_id


def _people_of(unit: UnitOfWork, channel_id: str) -> frozenset[str]:
    place = unit.people.find_place(channel_id)
    return frozenset(place.member_ids) if place else frozenset()
