"""“Messages to me”: when and of what Amicable may speak to somebody unasked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any

from bot.ids import Action, Form
from bot.replies import Message, Option, View
from bot.services.nudges.wishes import WishSheet
from bot.views.blocks import (
    Marked,
    checks_input,
    context,
    form,
    lines,
    marked,
    message,
    search_input,
    section,
    time_input,
)
from bot.views.nudges.kinds import LABELS
from rules.nudges.hours import MOST_A_WEEK
from rules.nudges.kinds import KINDS, NEVER_WAITS
from rules.nudges.nudge import Wishes
from rules.sentences import Sentence

# A group of checkboxes holds ten.
_MOST = 10
_GROUPS = {f"kinds_{start}": tuple(KINDS)[start : start + _MOST] for start in range(0, len(KINDS), _MOST)}
_WEEKENDS, _RECEIPTS, _EVERYTHING = "weekends", "receipts", "everything"
_ALSO = (
    Option("Quiet on weekends", _WEEKENDS),
    Option("No receipts for notes that I log by reaction", _RECEIPTS),
    Option("Nothing at all but what can't wait", _EVERYTHING),
)


def wishes_form(sheet: WishSheet) -> View:
    """What is ticked may reach the person; what is not still stands on Home."""
    wishes = sheet.wishes
    rule = Sentence(
        "At most {most_a_week} messages a week come without your asking, one a day. Everything "
        "also stands on Home, whatever you choose here.",
        most_a_week=MOST_A_WEEK,
    )
    return form(
        Form.MESSAGES_TO_ME,
        "Messages to me",
        [
            section(Marked(rule)),
            time_input("quiet_from", "Quiet from", initial=wishes.quiet_from),
            time_input(
                "quiet_until",
                "Quiet until",
                initial=wishes.quiet_until,
                hint=Sentence(
                    "In your own time ({timezone}). The same time twice: no quiet hours.", timezone=sheet.timezone
                ),
            ),
            checks_input("also", "Also", _ALSO, initial=_also(wishes)),
            *(_kinds(block, wishes) for block in _GROUPS),
            *([_muted(sheet)] if sheet.muted else []),
            search_input("mute", "Nothing about this client", Action.PICK_CLIENT, optional=True),
            context(lines("*What never waits*", *(marked("• {why}", why=why) for why in NEVER_WAITS.values()))),
        ],
    )


def read_wishes(values: Mapping[str, Any], known: WishSheet) -> Wishes:
    """Kinds that came with a newer version, and clients that the form did not show, stay as they were."""
    also = values.get("also") or ()
    wanted = {kind for block in _GROUPS for kind in values.get(block) or ()}
    kept = set(values.get("muted") or ())
    shown = {client.id for client in known.muted[:_MOST]}
    muted = [each for each in known.wishes.muted_clients if each not in shown or each in kept]
    return replace(
        known.wishes,
        quiet_from=time.fromisoformat(values["quiet_from"]),
        quiet_until=time.fromisoformat(values["quiet_until"]),
        quiet_weekends=_WEEKENDS in also,
        mutes_receipts=_RECEIPTS in also,
        mutes_all=_EVERYTHING in also,
        muted_kinds=tuple(kind for kind in KINDS if kind not in wanted),
        muted_clients=tuple(dict.fromkeys((*muted, *filter(None, [values.get("mute")])))),
    )


def saved(wishes: Wishes) -> Message:
    quiet = Sentence(
        "Quiet from {quiet_from:%H:%M} until {quiet_until:%H:%M}",
        quiet_from=wishes.quiet_from,
        quiet_until=wishes.quiet_until,
    )
    hours = "No quiet hours" if wishes.quiet_from == wishes.quiet_until else quiet
    weekends = ", and on weekends" if wishes.quiet_weekends else ""
    what = "Only what can't wait reaches you." if wishes.mutes_all else "What you left out stands on Home."
    text = Sentence("Saved. {hours}{weekends}. {what}", hours=hours, weekends=weekends, what=what)
    return message(text, section(Marked(text)))


def _also(wishes: Wishes) -> list[str]:
    chosen = {_WEEKENDS: wishes.quiet_weekends, _RECEIPTS: wishes.mutes_receipts, _EVERYTHING: wishes.mutes_all}
    return [name for name, on in chosen.items() if on]


def _kinds(block: str, wishes: Wishes) -> dict[str, Any]:
    kinds = _GROUPS[block]
    label = "Tell me of" if block == next(iter(_GROUPS)) else "And of"
    options = [Option(LABELS[kind], kind) for kind in kinds]
    return checks_input(block, label, options, initial=[kind for kind in kinds if kind not in wishes.muted_kinds])


def _muted(sheet: WishSheet) -> dict[str, Any]:
    shown = sheet.muted[:_MOST]
    options = [Option(client.name, client.id) for client in shown]
    return checks_input("muted", "Muted clients", options, initial=[client.id for client in shown])
