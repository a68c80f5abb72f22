"""Channels in the background: what is read of them later, where listening ends, where a guest stays."""

from __future__ import annotations

from contextlib import suppress

from bot.agenda import END_TERM, LEAVE_IF_READ, LOG_REACTIONS, LOOK_AT_PLACE, READ_MESSAGE
from bot.announcer import Announcer
from bot.services.capture.evidence import EvidenceService
from bot.services.capture.reactions import ReactionService
from bot.services.clients.watches import WatchService
from bot.services.people import PlaceService
from bot.services.team.roles import RoleService
from bot.views.clients.channels import taken_back
from rules.errors import NotFoundError
from rules.nudges.kinds import AtOnce
from rules.ports import Directory, Runner, Workflow


class ChannelBulletin:
    """The quiet end of listening: nothing is said in the channel."""

    def __init__(self, announcer: Announcer, places: PlaceService, watches: WatchService) -> None:
        self._announcer = announcer
        self._places = places
        self._watches = watches

    def leave_if_read(self, workspace_id: str, channel_id: str) -> None:
        with suppress(NotFoundError):  # where we are not, there is nothing to leave
            if (
                not self._watches.listens(workspace_id, channel_id)
                and not self._places.look(workspace_id, channel_id).internal
            ):
                self._announcer.leave(channel_id)


class TermBulletin:
    """What we posted where this guest reads along is taken back, and an admin is told."""

    def __init__(self, announcer: Announcer, places: PlaceService) -> None:
        self._announcer = announcer
        self._places = places

    def clear(self, workspace_id: str, person_id: str, due_at: str) -> None:
        cleared = self._places.clear(workspace_id, self._places.exposed(workspace_id))
        if cleared:
            admin = self._places.someone_of_ours(workspace_id, "")
            key = f"contract-over:{person_id}:{due_at}"
            self._announcer.whisper(workspace_id, admin, taken_back(cleared), key=key, at_once=AtOnce.TAKEN_BACK)


def workflows(
    evidence: EvidenceService,
    reactions: ReactionService,
    roles: RoleService,
    channels: ChannelBulletin,
    terms: TermBulletin,
    directory: Directory,
) -> list[Workflow]:
    def look(workspace_id: str, channel_id: str) -> None:
        """What Slack does not show us stays unknown, and its notes with their authors."""
        with suppress(NotFoundError):
            directory.place(workspace_id, channel_id)

    def end_term(run: Runner, workspace_id: str, person_id: str, due_at: str) -> None:
        if run.step(roles.contract_over, workspace_id, person_id):
            run.step(terms.clear, workspace_id, person_id, due_at)
        run.step(roles.contract_settled, workspace_id, person_id)

    return [
        READ_MESSAGE.does(evidence.read),
        LOG_REACTIONS.does(reactions.catch_up),
        LOOK_AT_PLACE.does(look),
        LEAVE_IF_READ.does(channels.leave_if_read),
        END_TERM.runs(end_term),
    ]
