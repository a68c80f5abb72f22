"""What waits for a person: shown first on Home and in the digest."""

from __future__ import annotations

from dataclasses import dataclass

from bot.ids import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing to do: `what` in words, and the button that leads there.

    `nudge_id` names the unasked word that it stands for, where it can be put off or settled by hand.
    """

    client_id: str
    client_name: str
    what: str
    action: Action
    value: str
    nudge_id: str = ""
