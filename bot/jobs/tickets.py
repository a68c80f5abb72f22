"""Tickets on their way, what is told of them, and looking after those that are open."""

from __future__ import annotations

import structlog

from bot.agenda import OPEN_TICKET, READ_TICKET, SHOW_PROGRESS, TEND_PARTING, TEND_TICKETS
from bot.announcer import Announcer
from bot.services.partings.partings import PartingService
from bot.services.partings.reminders import raise_doubles, raise_refused
from bot.services.partings.sheets import PartingSheet
from bot.services.partings.tickets import dispatch
from bot.services.partings.tickets.news import NewsService
from bot.services.partings.tickets.tickets import TicketService
from bot.services.people import all_may_see, readers_of
from bot.views.partings.progress import progress_message, stopped_message, stuck_message
from rules.clients.places import verdict
from rules.errors import AgainLaterError, NotFoundError, RefusedError
from rules.nudges.kinds import AtOnce
from rules.partings.parting import PartingState, TicketState
from rules.ports import Clock, Directory, Post, Runner, Units, Workflow

log = structlog.get_logger()


class ProgressBulletin:
    """One progress message a parting, updated in place (HO10): in the client's internal channel, or to the owner alone.

    Once it tells of each trouble.
    """

    def __init__(
        self, announcer: Announcer, partings: PartingService, units: Units, directory: Directory, clock: Clock
    ) -> None:
        self._announcer = announcer
        self._partings = partings
        self._units = units
        self._directory = directory
        self._clock = clock

    def show(self, workspace_id: str, parting_id: str) -> None:
        """While Slack is away this fails, and the sweep comes back to it."""
        with self._units.read(workspace_id) as unit:
            seen = unit.dues.find(SHOW_PROGRESS, parting_id)
        sheet = self._partings.progress(workspace_id, parting_id)
        if not self._shown(workspace_id, sheet):
            return
        with self._units.begin(workspace_id) as unit:
            dispatch.shown(unit, parting_id, seen)

    def _shown(self, workspace_id: str, sheet: PartingSheet) -> bool:
        """False where Slack wants it later."""
        try:
            self._post(workspace_id, sheet)
            if sheet.parting.state is not PartingState.STOPPED:
                self._tell_stuck(workspace_id, sheet)
        except AgainLaterError as error:
            # Slack has a limit for updates; whatever has changed until then is shown in one go.
            with self._units.begin(workspace_id) as unit:
                dispatch.show(unit, sheet.parting, self._clock.real(), error.wait)
            return False
        except RefusedError as refused:
            # The owner has left, or the channel is a client's now: it stands on Home, and no try would change that.
            log.warning("progress_not_shown", parting=sheet.parting.id, why=type(refused).__name__)
        return True

    def tell_doubles(self, workspace_id: str, parting_id: str, keys: str) -> None:
        sheet = self._partings.progress(workspace_id, parting_id)
        with self._units.begin(workspace_id) as unit:
            raise_doubles(unit, sheet.client, sheet.parting, keys, self._clock.now())

    def _post(self, workspace_id: str, sheet: PartingSheet) -> None:
        message = stopped_message(sheet) if sheet.parting.state is PartingState.STOPPED else progress_message(sheet)
        channel_id = self._place(workspace_id, sheet)
        key = f"progress:{sheet.parting.id}:{channel_id or sheet.client.owner_id}"
        with self._units.read(workspace_id) as unit:
            known = unit.posts.find(key)
        if known and known.ts:
            self._announcer.update(known, message)
        elif channel_id:
            draft = Post(
                key=key,
                workspace_id=workspace_id,
                channel_id=channel_id,
                kind="progress",
                subject=sheet.parting.id,
                created_at=self._clock.now(),
            )
            self._announcer.post_once(draft, message)
        else:
            self._announcer.whisper(workspace_id, sheet.client.owner_id, message, key=key, at_once=AtOnce.PROGRESS)

    def _place(self, workspace_id: str, sheet: PartingSheet) -> str:
        """The first internal channel of the client that we are in; none before the client has been told."""
        if sheet.parting.told_at is None:
            return ""
        channels = sheet.client.channel_ids
        return next((channel_id for channel_id in channels if self._may_post(workspace_id, channel_id, sheet)), "")

    def _may_post(self, workspace_id: str, channel_id: str, sheet: PartingSheet) -> bool:
        try:
            place = self._directory.place(workspace_id, channel_id)  # the announcer looks anew before it posts
            guests = self._directory.people(workspace_id, place.guest_ids or ())
        except NotFoundError:
            return False
        with self._units.read(workspace_id) as unit:
            all_of_them = all_may_see(readers_of(unit, place), sheet.client)
        return all_of_them and place.bot_is_member and not place.is_archived and verdict(place, guests).internal

    def _tell_stuck(self, workspace_id: str, sheet: PartingSheet) -> None:
        """Nobody is notified of an updated message, so the owner hears of each new trouble once."""
        stuck = [ticket for ticket in sheet.tickets if ticket.state in {TicketState.REFUSED, TicketState.PARKED}]
        if not stuck:
            return
        occasion = f"{sheet.parting.id}:{max(ticket.turn for ticket in stuck)}:{stuck[0].state}"
        if any(ticket.state is TicketState.PARKED for ticket in stuck):
            told, key = stuck_message(sheet, stuck), f"stuck:{occasion}"
            self._announcer.whisper(workspace_id, sheet.client.owner_id, told, key=key, at_once=AtOnce.CIRCUIT)
            return
        with self._units.begin(workspace_id) as unit:
            raise_refused(unit, sheet.client, sheet.parting, occasion, self._clock.now())


def workflows(
    tickets: TicketService, news: NewsService, partings: PartingService, progress: ProgressBulletin
) -> list[Workflow]:
    def tend_tickets(run: Runner, workspace_id: str, _subject: str, due_at: str) -> None:
        run.step(news.poll, workspace_id)
        run.step(tickets.tend, workspace_id, due_at)
        run.step(tickets.keep_webhooks)

    def tend_parting(run: Runner, workspace_id: str, parting_id: str) -> None:
        doubles = run.step(tickets.sweep_doubles, workspace_id, parting_id)
        if doubles:
            run.step(progress.tell_doubles, workspace_id, parting_id, ", ".join(doubles))
        run.step(partings.remind_overdue, workspace_id, parting_id)

    return [
        *(job.does(tickets.advance) for job in OPEN_TICKET.values()),
        *(job.does(news.read) for job in READ_TICKET.values()),
        SHOW_PROGRESS.does(progress.show),
        TEND_TICKETS.runs(tend_tickets),
        TEND_PARTING.runs(tend_parting),
    ]
