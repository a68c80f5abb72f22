"""emoji.list: the workspace's own emoji."""

from __future__ import annotations

from integrations.sandbox.slack.api.arguments import Arguments
from integrations.sandbox.slack.workspace import Json, Workspace


def list_custom(workspace: Workspace, _args: Arguments) -> Json:
    """Slack's standard ones are not in it; an alias is `alias:` and the name that it stands for."""
    return {"emoji": dict(workspace.custom_emoji), "cache_ts": str(workspace.real())}
