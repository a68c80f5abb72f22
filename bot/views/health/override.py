"""A person's word against the computed band."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from bot.ids import Form
from bot.replies import Option, View
from bot.views.blocks import Marked, context, date_input, form, radio_input, text_input
from rules.clients.client import Client
from rules.errors import InvalidError
from rules.health.days.standing import Objection
from rules.health.score import Band
from rules.words import Words

USUALLY = timedelta(days=14)


def override_form(client: Client, today: date, words: Words) -> View:
    bands = [Option(words.band(band), band) for band in Band if band not in {Band.TOO_EARLY, Band.ACT_NOW}]
    blocks = [
        context(
            Marked("Your name, the reason and what was computed stay visible beside it. It ends by itself on its day.")
        ),
        radio_input("band", "Which band is right?", bands),
        text_input("reason", "What does the number not know?", lines=3, limit=300),
        date_input("last_day", "Until", initial=today + USUALLY, hint="Within 90 days; it can be renewed"),
    ]
    return form(Form.OVERRIDE_BAND, client.name, blocks, submit="Override", memo={"client": client.id})


def read_override(values: Mapping[str, Any]) -> Objection:
    if values.get("band") not in set(Band):
        raise InvalidError("Please choose a band.", {"band": "Choose one of the four."})
    if not values.get("last_day"):
        raise InvalidError("Please choose a day.", {"last_day": "Say until when it holds."})
    return Objection(
        band=Band(values["band"]),
        reason=str(values.get("reason") or "").strip(),
        last_day=date.fromisoformat(values["last_day"]),
    )
