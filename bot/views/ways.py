"""The buttons behind the ways on that services name."""

from __future__ import annotations

import json
from types import MappingProxyType

from bot.ids import Action
from bot.replies import Block
from bot.services.waiting import WayOn
from bot.views.blocks import button

BUTTONS = MappingProxyType(
    {
        WayOn.SETTINGS: ("Settings", Action.SETTINGS),
        WayOn.AGREEMENT: ("Agreement", Action.AGREEMENT),
        WayOn.THEY_ANSWERED: ("They answered", Action.ANSWERED),
        WayOn.WE_ANSWERED: ("We answered", Action.ANSWERED),
        WayOn.EMERGENCY: ("It was an emergency", Action.EMERGENCY),
        WayOn.CHECK_IN: ("Plan a check-in", Action.PLAN),
        WayOn.LETTER: ("Open the letter", Action.LETTER),
        WayOn.DELIVERABLES: ("Open the deliverables", Action.DELIVERABLES),
        WayOn.PARTING: ("Open the parting", Action.PARTING),
        WayOn.CLOSE: ("Close the parting", Action.CLOSE),
        WayOn.LOOK_BACK: ("Look back", Action.LOOK_BACK),
        WayOn.RETRO: ("What it taught us", Action.RETRO),
        WayOn.TRY_AGAIN: ("Try again", Action.TRY_AGAIN),
        WayOn.HISTORY: ("See what happened", Action.HISTORY),
        WayOn.PLAN: ("Plan", Action.PLAN),
        WayOn.WHY: ("Why", Action.WHY),
        WayOn.CHOOSE_CLIENT: ("Choose the client", Action.CHOOSE_CLIENT),
        WayOn.CHECKPOINT: ("Hold checkpoint", Action.CHECKPOINT),
        WayOn.FINISH_PLAN: ("How did it go?", Action.FINISH_PLAN),
        WayOn.PLAN_ACTION_DONE: ("Done", Action.PLAN_ACTION_DONE),
        WayOn.SETTLE_MILESTONE: ("Say what became of it", Action.SETTLE_MILESTONE),
        WayOn.EXPECTATIONS: ("Open the page", Action.EXPECTATIONS),
        WayOn.RENEW: ("Renew, or not", Action.RENEW),
        WayOn.PULSE_1: ("Wears me out", Action.PULSE),
        WayOn.PULSE_2: ("Heavy", Action.PULSE),
        WayOn.PULSE_3: ("All right", Action.PULSE),
        WayOn.PULSE_4: ("Good", Action.PULSE),
        WayOn.PULSE_5: ("A pleasure", Action.PULSE),
        WayOn.CHANGE_PLAN_ACTION: ("Change it", Action.CHANGE_PLAN_ACTION),
        WayOn.CONSIDER: ("Look at it", Action.CONSIDER),
        WayOn.CONFIRM: ("Confirm", Action.CONFIRM),
        WayOn.LOG: ("Log a note", Action.LOG_FROM_HOME),
    }
)


def way_button(way: WayOn, value: str, *, suffix: str) -> Block:
    label, action = BUTTONS[way]
    return button(label, action, way_value(way, value), suffix=suffix)


def way_value(way: WayOn, value: str) -> str:
    """What the button of this way carries."""
    return json.dumps({"channel": value}) if way is WayOn.CHOOSE_CLIENT else value
