"""How we look at a channel: whether reactions there are notes, and whether we listen to it at all."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A mapped channel's reactions are followed unless somebody said no; listening is off unless an admin said yes.

    `spoke_at` is when somebody of the client's last wrote there: all that is kept of what they wrote.
    """

    workspace_id: str
    channel_id: str
    reactions: bool = True
    listens: bool = False
    spoke_at: datetime | None = None
