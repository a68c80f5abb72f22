"""Channels in the background: what is read of them later, where listening ends, where a guest stays."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from bot.agenda import END_TERM, LEAVE_IF_READ, LOG_REACTIONS, LOOK_AT_PLACE, READ_MESSAGE, REFRESH_PEOPLE
from bot.announcer import Announcer
from bot.services.capture.evidence import EvidenceService
from bot.services.capture.reactions import ReactionService
from bot.services.clients.watches import WatchService
from bot.services.people import PlaceService
from bot.services.team.roles import RoleService
from bot.services.welcomes import WelcomeService
from bot.views.clients.channels import taken_back
from rules.clients.places import Cleared
from rules.errors import NotFoundError
from rules.nudges.kinds import AtOnce
from rules.ports import Clock, Directory, Runner, Workflow


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


class ExposureBulletin:
    """What stands where somebody else reads along is taken back, and an admin is told: also when no event told us."""

    def __init__(self, announcer: Announcer, places: PlaceService, clock: Clock) -> None:
        self._announcer = announcer
        self._places = places
        self._clock = clock

    def clear(self, workspace_id: str, occasion: str) -> None:
        """Everywhere; an admin is told once for each occasion."""
        self._tell(workspace_id, self._places.clear(workspace_id, self._places.exposed(workspace_id)), occasion)

    def look(self, workspace_id: str, channel_id: str) -> None:
        """At one place, whose people are met; what Slack does not show us stays unknown, and its notes as well."""
        with suppress(NotFoundError):
            found = self._places.look(workspace_id, channel_id, fresh=False)
            if not found.internal:
                cleared = self._places.clear(workspace_id, [(channel_id, found)])
                self._tell(workspace_id, cleared, f"looked-at:{channel_id}:{self._clock.now().isoformat()}")

    def _tell(self, workspace_id: str, cleared: Sequence[Cleared], key: str) -> None:
        if cleared:
            admin = self._places.someone_of_ours(workspace_id, "")
            self._announcer.whisper(workspace_id, admin, taken_back(cleared), key=key, at_once=AtOnce.TAKEN_BACK)


def workflows(
    *,
    evidence: EvidenceService,
    reactions: ReactionService,
    roles: RoleService,
    channels: ChannelBulletin,
    exposure: ExposureBulletin,
    welcomes: WelcomeService,
    directory: Directory,
) -> list[Workflow]:
    def end_term(run: Runner, workspace_id: str, person_id: str, due_at: str) -> None:
        if run.step(roles.contract_over, workspace_id, person_id):
            run.step(exposure.clear, workspace_id, f"contract-over:{person_id}:{due_at}")
        run.step(roles.contract_settled, workspace_id, person_id)

    def refresh(run: Runner, workspace_id: str, _subject: str, due_at: str) -> None:
        """An event may have been lost: whatever stands where it must not goes now (facts/slack.md 9.3)."""
        run.step(directory.refresh_members, workspace_id)
        run.step(exposure.clear, workspace_id, f"refreshed:{due_at}")
        run.step(welcomes.greet, workspace_id)

    return [
        REFRESH_PEOPLE.runs(refresh),
        READ_MESSAGE.does(evidence.read),
        LOG_REACTIONS.does(reactions.catch_up),
        LOOK_AT_PLACE.does(exposure.look),
        LEAVE_IF_READ.does(channels.leave_if_read),
        END_TERM.runs(end_term),
    ]
