"""The weekly digest."""

from __future__ import annotations

from bot.bulletins.digest import DigestBulletin
from rules.ports import Runner, Workflow


def workflows(digest: DigestBulletin) -> list[Workflow]:
    def post_digest(run: Runner, workspace_id: str, channel_id: str, _due_at: str) -> None:
        run.step(digest.post, workspace_id, channel_id)

    return [Workflow(name="post_digest", queue="flows", run=post_digest)]
