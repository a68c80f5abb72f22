"""What the fair decision and a parting need, until everything is handed over and learnt from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.access import may_see
from bot.services.calendars import working_days
from bot.services.decisions.cases import here, team_ids
from bot.services.needs.scene import Scene
from bot.services.partings.notices import turn_of_letter
from bot.services.partings.sheets import case_of
from bot.services.waiting import Need, WayOn
from rules.clients.client import Client
from rules.clients.stages import Stage
from rules.decisions import deciding
from rules.decisions.decision import Decision
from rules.nudges.need import NeedKind
from rules.partings.closing import wanted
from rules.partings.parting import OVER, Parting, PartingState
from rules.partings.terms import answers_wanted
from rules.partings.ticket_progress import overdue

_WATCHED = frozenset({Stage.CONSIDERING, Stage.DECIDED, Stage.TOLD})


def of_decisions(scene: Scene) -> Iterator[Need]:
    """Never for anybody but those who decide (BR14)."""
    for card in scene.cards.values():
        client = card.client
        if client.stage in _WATCHED and not client.archived_at:
            decision = scene.unit.decisions.current(client.id)
            if decision:
                yield from _decision(scene, client, decision)


def of_partings(scene: Scene) -> Iterator[Need]:
    for parting in scene.partings:
        client = scene.client(parting.client_id)
        if client and parting.state not in OVER:
            yield from _parting(scene, client, parting)
            yield from _letter(scene, client, parting)
        elif parting.state is PartingState.CLOSED and not parting.retro and not parting.look_back:
            yield from _lessons(scene, parting)


def leader(scene: Scene, client: Client, parting: Parting) -> tuple[str, ...]:
    """Whoever led the parting; where that one has left, the client's owner."""
    return scene.ours([parting.told_by or parting.created_by], client) or scene.owner(client)


def _decision(scene: Scene, client: Client, decision: Decision) -> Iterator[Need]:
    deciders, otherwise = scene.deciders(client), ""
    if decision.awaits_confirmation and decision.decided_at:
        team, calendar = team_ids(scene.unit, client), working_days(scene.unit, client)
        able = [
            each
            for each in deciders
            if deciding.may_confirm(decision, each, team, here(scene.unit, scene.now), calendar)
        ]
        asked = [decision.confirmer_id] if decision.confirmer_id in able else sorted(able)
        what, on, named = "A decision waits for your confirmation.", (WayOn.CONFIRM, decision.id), asked
        otherwise = "After 3 working days somebody else may confirm it."
        role, began = frozenset(able), decision.decided_at
    elif decision.confirmed_at is None:
        what, on = "You are considering parting: look at the checklist.", (WayOn.CONSIDER, client.id)
        named, role, began = [decision.opened_by], frozenset[str](), decision.opened_at
    elif decision.reopening:
        what, on = "You asked to reopen the decision: do it, or keep it.", (WayOn.CONSIDER, client.id)
        named, role, began = [decision.reopening.owner_id], frozenset[str](), decision.reopening.asked_at
        otherwise = "The decision stands."
    else:
        return
    named = [each for each in named if each in deciders]
    yield scene.need(
        NeedKind.DECISION,
        client,
        what,
        on,
        named=named or scene.owner(client),
        role=role,
        when=(scene.day(began), scene.working_days_after(scene.day(began), deciding.SILENT_WORKING_DAYS, client)),
        otherwise=otherwise,
        is_secret=True,
    )


def _parting(scene: Scene, client: Client, parting: Parting) -> Iterator[Need]:
    tickets = scene.unit.partings.tickets(parting.id)
    what = wanted(case_of(scene.unit, client, parting, tickets, scene.today), scene.today)
    since = scene.day(parting.told_at or parting.created_at)
    late = overdue(tickets, scene.today)
    due_on = late[0].due_on if late else scene.working_days_after(since, deciding.SILENT_WORKING_DAYS, client)
    role = scene.deciders(client)
    if what:
        yield scene.need(
            NeedKind.PARTING,
            client,
            what,
            (WayOn.PARTING, client.id),
            named=leader(scene, client, parting),
            role=role,
            when=(min(since, due_on) if late and due_on else since, due_on),
            is_secret=not parting.told_at,
        )
    asked = answers_wanted(parting, scene.today)
    if asked:
        yield scene.need(
            NeedKind.DELIVERABLES,
            client,
            asked,
            (WayOn.DELIVERABLES, parting.id),
            named=leader(scene, client, parting),
            role=role,
            when=(since, parting.question.until if parting.question else due_on),
            otherwise="After that day our default holds." if parting.question else "",
        )


def _letter(scene: Scene, client: Client, parting: Parting) -> Iterator[Need]:
    turn = turn_of_letter(scene.unit, client, parting, scene.now)
    if turn is None:
        return
    began = scene.day(turn.since)
    yield scene.need(
        NeedKind.LETTER,
        client,
        turn.what,
        (WayOn.LETTER, client.id),
        named=scene.ours(turn.person_ids, client) or scene.owner(client),
        role=frozenset(scene.ours(turn.others, client)),
        when=(began, scene.working_days_after(began, deciding.SILENT_WORKING_DAYS, client)),
        is_secret=not parting.told_at,
        key=turn.key,
    )


def _lessons(scene: Scene, parting: Parting) -> Iterator[Need]:
    """Look-backs and lessons go to whoever led it."""
    client = scene.unit.clients.get(parting.client_id)
    closed_at: datetime = parting.closed_at or parting.created_at
    named = [each for each in leader(scene, client, parting) if may_see(scene.people[each], client)]
    yield scene.need(
        NeedKind.RETRO,
        client,
        "Three questions while it is fresh: what did this parting teach us?",
        (WayOn.RETRO, parting.id),
        named=named,
        when=(scene.day(closed_at), None),
    )
