"""What a client's health, their silence and their contract need."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from bot.services.health.briefs import Brief
from bot.services.needs.scene import BEFORE_THE_TALK, POOR, SECRET, Scene
from bot.services.waiting import Need, WayOn
from rules.clients.accord import Ending
from rules.clients.client import Client
from rules.clients.stages import Stage
from rules.decisions.living import ACT_NOW_TYPES
from rules.health.catalogue import UNSORTED
from rules.health.score import Band
from rules.health.signal import Signal, State
from rules.health.why.steps import WORKING_DAYS
from rules.nudges.need import NeedKind
from rules.partings.dates import NOTICE_SAID_BEFORE, notice_day
from rules.sentences import Sentence

UNPLANNED_TO_OWNER = timedelta(days=14)


def of_clients(scene: Scene) -> Iterator[Need]:
    # One that stands still is a checkpoint's matter, which has its own way up: a client in trouble has one line.
    mending = {plan.client_id for plan in scene.plans}
    for card in scene.cards.values():
        if card.client.archived_at:
            continue
        yield from _acting_now(scene, card)
        yield from _unplanned(scene, card, is_mending=card.client.id in mending)
        yield from _silent(scene, card)
        yield from _term(scene, card)
        yield from _unsorted(scene, card)
        yield from _unconfirmed(scene, card)


def agency_owners(scene: Scene) -> tuple[str, ...]:
    """Slack's primary owner of the workspace; the admins where Slack has not said who that is."""
    named = tuple(each.id for each in scene.team if each.is_primary_owner)
    return named or tuple(each.id for each in scene.team if each.is_admin)


def _acting_now(scene: Scene, card: Brief) -> Iterator[Need]:
    """FG14: for those who decide, before anything else; what was noted can be reviewed in the history."""
    client = card.client
    if card.health.banners:
        noted = [card.signals[each.signal_id] for each in card.health.banners if each.signal_id in card.signals]
        since = min((each.logged_on for each in noted), default=scene.today)
        yield scene.need(
            NeedKind.ACT_NOW,
            client,
            "Act now: nobody has to put up with this. See the notes, and say what comes of it.",
            (WayOn.HISTORY, client.id),
            named=scene.ours([client.owner_id], client),
            role=scene.deciders(client),
            when=(since, scene.working_days_after(since, WORKING_DAYS[Band.ACT_NOW], client)),
        )


def _unplanned(scene: Scene, card: Brief, *, is_mending: bool) -> Iterator[Need]:
    """At amend or worse somebody mends or decides; after 14 days the agency's owner hears of it, whoever's it is."""
    client, band = card.client, scene.band(card)
    if band not in POOR or is_mending or client.stage not in BEFORE_THE_TALK:
        return
    standing = scene.standing(card)
    began = card.override.made_at if card.override else standing.poor_since or standing.band_since or scene.now
    days = (scene.today - scene.day(began)).days
    ended = (plan.ended_at for plan in scene.plans_in_trouble.get(client.id, ()) if plan.ended_at)
    since = max(scene.day(began), max(map(scene.day, ended), default=date.min))  # while one ran nobody was late
    named = scene.owner(client)
    if scene.today - since >= UNPLANNED_TO_OWNER:
        named = (*named, *agency_owners(scene))
    what: str = "In trouble since today: no plan yet."
    if days:
        what = Sentence(
            "In trouble for {count} day, and no plan runs.",
            "In trouble for {count} days, and no plan runs.",
            count=days,
        )
    yield scene.need(
        NeedKind.UNPLANNED,
        client,
        what,
        (WayOn.PLAN, client.id),
        named=scene.ours(named, client),
        when=(since, scene.working_days_after(since, WORKING_DAYS[band], client)),
        otherwise=""
        if scene.today - since < UNPLANNED_TO_OWNER
        else "The agency's owner has been told; it goes on getting worse.",
        is_cover=client.stage in SECRET,
    )


def _silent(scene: Scene, card: Brief) -> Iterator[Need]:
    client = card.client
    since = card.silent_since
    if since is None or client.stage not in BEFORE_THE_TALK:
        return
    yield scene.need(
        NeedKind.SILENT,
        client,
        Sentence(
            "Nobody has logged for {count} week. Is it really quiet? One line is enough.",
            "Nobody has logged for {count} weeks. Is it really quiet? One line is enough.",
            count=card.silent_weeks,
        ),
        (WayOn.LOG, client.id),
        named=scene.owner(client),
        when=(since, None),
        is_cover=client.stage in SECRET,
    )


def _term(scene: Scene, card: Brief) -> Iterator[Need]:
    """CN01, CN03, CN09: before the day on which a notice must arrive, and what becomes of the term at its end."""
    client = card.client
    contract = scene.contract(client)
    if contract.ends_on is None or client.stage not in BEFORE_THE_TALK:
        return
    accord = scene.accords.get(client.id)
    is_ending = accord is not None and accord.ending is Ending.NOT_RENEWED
    if contract.ends_on < scene.today:
        yield _term_over(scene, client, contract.ends_on, is_ending=is_ending)
        return
    arrives_by = notice_day(contract)
    since = arrives_by - NOTICE_SAID_BEFORE[0]
    if scene.today < since or is_ending:
        return
    left = (arrives_by - scene.today).days
    when, ends = f"{arrives_by:%a} {arrives_by.day} {arrives_by:%b}", f"{contract.ends_on:%a} {contract.ends_on.day}"
    ends = f"{ends} {contract.ends_on:%b %Y}"
    if left >= 0:
        what = Sentence(
            "The contract ends or renews on {ends}. To end it then, notice must arrive by {when}: {count} day left.",
            "The contract ends or renews on {ends}. To end it then, notice must arrive by {when}: {count} days left.",
            ends=ends,
            when=when,
            count=left,
        )
    else:
        what = Sentence(
            "The contract ends or renews on {ends}. The day for a notice, {when}, has passed: agree on what follows.",
            ends=ends,
            when=when,
        )
    yield scene.need(
        NeedKind.NOTICE_DAY,
        client,
        what,
        (WayOn.RENEW, client.id),
        named=scene.owner(client),
        when=(since, max(arrives_by, since)),
        is_cover=client.stage is Stage.DECIDED,
    )


def _term_over(scene: Scene, client: Client, ended_on: date, *, is_ending: bool) -> Need:
    day = f"{ended_on:%a} {ended_on.day} {ended_on:%b %Y}"
    what = (
        Sentence("The term ended on {day} and was not to be renewed. Part well, or say that it goes on.", day=day)
        if is_ending
        else Sentence("The term ended on {day}. Was it renewed, has it ended, or does it roll on?", day=day)
    )
    return scene.need(
        NeedKind.TERM_OVER,
        client,
        what,
        (WayOn.RENEW, client.id),
        named=scene.owner(client),
        when=(ended_on, ended_on + timedelta(days=14)),
        is_cover=client.stage is Stage.DECIDED,
    )


def _unsorted(scene: Scene, card: Brief) -> Iterator[Need]:
    """Only for whoever wrote them: a note without a type counts nothing and warns nobody."""
    by_reporter: dict[str, list[Signal]] = defaultdict(list)
    for signal in card.signals.values():
        if signal.type == UNSORTED and signal.state is State.LIVE:
            by_reporter[signal.reporter_id].append(signal)
    for reporter_id, signals in by_reporter.items():
        oldest = min(signals, key=_logged_at)
        yield scene.need(
            NeedKind.UNSORTED,
            card.client,
            Sentence(
                "{count} note of yours still needs a type.", "{count} notes of yours still need a type.",
                count=len(signals),
            ),
            (WayOn.HISTORY, card.client.id),
            named=scene.ours([reporter_id], card.client),
            when=(oldest.logged_on, None),
        )  # fmt: skip


def _unconfirmed(scene: Scene, card: Brief) -> Iterator[Need]:
    """FG14: what only reads like abuse counts and alarms once its reporter has said that it was."""
    for signal in card.signals.values():
        if signal.guessed and signal.type in ACT_NOW_TYPES and signal.state is State.LIVE:
            yield scene.need(
                NeedKind.UNCONFIRMED,
                card.client,
                "A note of yours reads as if somebody was abused. Say whether it was: until then it counts nothing and "
                "warns nobody.",
                (WayOn.HISTORY, card.client.id),
                named=scene.ours([signal.reporter_id], card.client),
                when=(signal.logged_on, None),
                key=f"unconfirmed:{signal.id}",
            )


def _logged_at(signal: Signal) -> datetime:
    return signal.logged_at
