"""Which workspace a command works for, and who and what is in it."""

from __future__ import annotations

from bot.bootstrap.house import House
from rules.errors import NotFoundError, RefusedError, UnavailableError


def workspace_of(house: House) -> str:
    """That of the token; while Slack can't be reached, the only one that the database knows."""
    try:
        workspace_id = house.outside.directory.identity().workspace_id
    except (UnavailableError, RefusedError):
        return _only_workspace(house)
    house.services.workspaces.welcome(workspace_id)
    house.outside.directory.refresh_members(workspace_id)
    return workspace_id


def channels_by_name(house: House, workspace_id: str) -> dict[str, str]:
    """Those that Slack shows us."""
    return {place.name.casefold(): place.id for place in house.outside.directory.channels(workspace_id)}


def _only_workspace(house: House) -> str:
    with house.outside.units.house() as keeping:
        known = keeping.workspaces()
    if len(known) != 1:
        raise NotFoundError("Slack can't be reached with this token, so we don't know whose data this is. Run doctor.")
    return known[0].id
