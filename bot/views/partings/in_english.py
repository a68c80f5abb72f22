"""What stands beside a text for a client in whose language nobody has written ours yet (LG06)."""

from __future__ import annotations

from bot.views.blocks import Marked, marked
from rules.clients.client import Client
from rules.notices.phrases import missing_language


def in_english(client: Client) -> Marked:
    """Empty where there are texts in the client's language."""
    missing = missing_language(client.language)
    if not missing:
        return Marked("")
    return marked("We have no texts in {language} yet, so this one is in English.", language=missing)
