"""What a scene can do: move the clock, wait until the app is done, expect something."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from integrations.engine.client import EngineClient
from integrations.sandbox.agency import Agency
from integrations.sandbox.processes import AppProcesses
from integrations.sandbox.slack.answers import Answer
from integrations.sandbox.slack.screen import Screen
from integrations.sandbox.slack.workspace import Json, Message
from integrations.sandbox.world import World

ZONE = ZoneInfo("Europe/Amsterdam")
FIRST_MONDAY = datetime(2026, 9, 7, 9, 30, tzinfo=ZONE)
# Words that no client may ever see: planted in the notes, looked for in everything that a client could read.
CANARIES = ("zebrafish", "marzipan", "quicksilver")
PATIENCE_SECONDS = 60.0
Found = TypeVar("Found")


@dataclass
class Stage:
    """The world, its people, the app's processes; how many scenes were told, and what did not go as it should."""

    world: World
    agency: Agency
    app: AppProcesses
    jobs: EngineClient
    failures: list[str] = field(default_factory=list)
    told: int = 0
    playing: bool = False

    def at(self, week: int, day: int, clock: str = "10:00") -> None:
        """Moves the time to a day of the story (week 1 and day 1 are its first Monday) and lets due work run."""
        hour, minute = (int(part) for part in clock.split(":"))
        moment = FIRST_MONDAY.replace(hour=hour, minute=minute) + timedelta(weeks=week - 1, days=day - 1)
        self.world.move_clock(moment - self.world.now())
        self.jobs.run_sweep(moment.astimezone(UTC), PATIENCE_SECONDS)
        self.settle()

    def settle(self) -> None:
        """Until Slack has delivered everything and the app has nothing left to do."""
        self.world.slack.settle()
        self.jobs.idle(PATIENCE_SECONDS)

    def expect(self, held: object, sentence: str) -> None:
        """What a reader of the story would notice if it were wrong."""
        if not held:
            self.failures.append(sentence)

    def wait_for(self, look: Callable[[], Found], sentence: str) -> Found | None:
        """Looks until something is there; after a while it counts as not held."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not (found := look()):
            if time.monotonic() > end:
                self.failures.append(sentence)
                return None
            time.sleep(0.05)
        return found

    def texts(self, messages: list[Message]) -> str:
        """All words of these messages."""
        return "\n".join(self.world.slack.text_of(message) for message in messages)


def buttons(view: Json) -> set[str]:
    """What a dialog offers; several of one kind differ in what stands behind the dot."""
    return {action_id.partition(".")[0] for action_id in _action_ids(view)}


def press(who: Screen, view: Json, name: str) -> Answer:
    """Clicks the first button of this kind."""
    action_id = next((each for each in _action_ids(view) if each.partition(".")[0] == name), name)
    return who.click(view, action_id)


def _action_ids(view: Json) -> list[str]:
    blocks = view.get("blocks", [])
    elements = [element for block in blocks for element in (*block.get("elements", ()), block.get("accessory", {}))]
    return [str(element["action_id"]) for element in elements if "action_id" in element]


@dataclass(frozen=True)
class Scene:
    """One step: what happens and why, and the people doing it."""

    caption: str
    play: Callable[[Stage], None]
