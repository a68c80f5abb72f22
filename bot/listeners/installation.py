"""Removed from the workspace, or its token taken away: nothing is posted until Amicable is installed again."""

from __future__ import annotations

from bot.calls import Desk, EventCall
from bot.replies import Nothing, Reply
from bot.services.workspaces import WorkspaceService
from rules.ports import Event


class InstallationDesk:
    """Slack sends both events, in either order."""

    def __init__(self, workspaces: WorkspaceService) -> None:
        self._workspaces = workspaces

    def uninstalled(self, call: EventCall) -> Reply:
        self._workspaces.leave(call.workspace_id)
        return Nothing()

    def revoked(self, call: EventCall) -> Reply:
        """People's own tokens are no matter of ours; the bot's is."""
        if (call.event.get("tokens") or {}).get("bot"):
            self._workspaces.leave(call.workspace_id)
        return Nothing()


def register(desk: Desk, here: InstallationDesk) -> None:
    desk.event(Event.APP_UNINSTALLED, here.uninstalled)
    desk.event(Event.TOKENS_REVOKED, here.revoked)
