"""Answers of trackers to what somebody asked in Slack, put into the dialog that waits for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.agenda import ASK_TRACKER
from bot.announcer import Announcer
from bot.services.partings.partings import PartingService
from bot.services.partings.tasks.previews import PreviewService
from bot.services.partings.tickets.destinations import AskFor, DestinationService
from bot.views.partings import choices
from bot.views.partings.parting import parting_dialog
from bot.views.partings.tickets import destinations
from rules.clients.people import Member
from rules.errors import AmicableError, UnavailableError
from rules.nudges.kinds import AtOnce
from rules.ports import Directory, Workflow
from rules.words import Words

View = dict[str, Any]
Answer = Callable[[str, Member, str, str], View]


class DestinationBulletin:
    """The worker's side of a question: it waits for the tracker, nobody else does."""

    def __init__(
        self,
        announcer: Announcer,
        directory: Directory,
        asked: DestinationService,
        partings: PartingService,
        previews: PreviewService,
        words: Words,
    ) -> None:
        self._announcer = announcer
        self._directory = directory
        self._asked = asked
        self._partings = partings
        self._previews = previews
        self._words = words
        self._answers: dict[AskFor, Answer] = {
            AskFor.AUDIENCE: self._audience,
            AskFor.FIELDS: self._fields,
            AskFor.ENDINGS: self._endings,
            AskFor.PEOPLE: self._people,
            AskFor.OPEN: self._open,
            AskFor.OPEN_AGAIN: self._open_again,
        }

    def answer(self, workspace_id: str, parting_id: str, person_id: str, ask_for: str, value: str, name: str) -> None:
        """Whoever closed the dialog meanwhile is told of what did not come about; the rest is there the next time."""
        reader = self._directory.member(workspace_id, person_id)
        purpose, refused = AskFor(ask_for), ""
        try:
            view = self._answers[purpose](workspace_id, reader, parting_id, value)
        except AmicableError as error:
            refused = error.sentence
            view = destinations.refused_dialog(parting_id, purpose, value, refused)
        try:
            is_shown = self._announcer.show_by_name(reader, name, view)
        except UnavailableError as error:
            # Else the dialog would say for ever that somebody is being asked.
            unseen = destinations.refused_dialog(parting_id, purpose, value, error.sentence)
            is_shown = self._announcer.show_by_name(reader, name, unseen)
        if refused and not is_shown and purpose in {AskFor.OPEN, AskFor.OPEN_AGAIN}:
            message = destinations.refused_message(parting_id, purpose, value, refused)
            self._announcer.whisper(workspace_id, person_id, message, key=f"asked:{name}", at_once=AtOnce.ANSWER)

    def _audience(self, workspace_id: str, reader: Member, parting_id: str, _value: str) -> View:
        return destinations.audience_dialog(self._previews.audience(workspace_id, reader, parting_id))

    def _fields(self, workspace_id: str, reader: Member, parting_id: str, _value: str) -> View:
        return choices.fields_form(self._previews.audience(workspace_id, reader, parting_id))

    def _endings(self, workspace_id: str, reader: Member, parting_id: str, _value: str) -> View:
        return destinations.endings_form(self._previews.audience(workspace_id, reader, parting_id))

    def _people(self, workspace_id: str, reader: Member, parting_id: str, page: str) -> View:
        return destinations.people_form(self._asked.people(workspace_id, reader, parting_id, int(page or 0)))

    def _open(self, workspace_id: str, reader: Member, parting_id: str, revision: str) -> View:
        return parting_dialog(self._previews.open(workspace_id, reader, parting_id, int(revision)), self._words)

    def _open_again(self, workspace_id: str, reader: Member, _parting_id: str, ticket_id: str) -> View:
        return parting_dialog(self._partings.open_again(workspace_id, reader, ticket_id), self._words)


def workflows(bulletin: DestinationBulletin) -> list[Workflow]:
    return [ASK_TRACKER.does(bulletin.answer)]
