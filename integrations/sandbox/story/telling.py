"""Tells the story scene by scene, beside whoever watches it."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from integrations.sandbox.story.script import SCENES
from integrations.sandbox.story.stage import Stage

READING_SECONDS = 2.5
CLIENTS_ARE_THERE = 7
"""After so many scenes the agency has clients, notes and a digest, and nothing is decided yet."""


@dataclass
class Telling:
    """`stage.told` scenes have been played; `playing` while one is."""

    stage: Stage
    playing: bool = False
    broken: bool = False
    _until: int = 0
    _pause: threading.Event = field(default_factory=threading.Event)

    def go_on(self, until: int, reading_seconds: float = READING_SECONDS) -> None:
        """Plays up to this scene in a thread of its own, with time to read each caption."""
        self._until = min(until, len(SCENES))
        self._pause.clear()
        if not (self.playing or self.stage.playing) and self.stage.told < self._until:
            self.playing = True
            thread = threading.Thread(target=self._play, args=(reading_seconds,), name="story", daemon=True)
            thread.start()

    def pause(self) -> None:
        """After the scene that is played now."""
        self._until = self.stage.told + 1
        self._pause.set()

    def _play(self, reading_seconds: float) -> None:
        self.broken = True
        try:
            while self.stage.told < self._until:
                play_next(self.stage)
                if self.stage.told < self._until:
                    self._pause.wait(reading_seconds)
            self.broken = False
        finally:
            self.playing = False


def play_next(stage: Stage) -> None:
    """Afterwards everybody has closed their dialogs, so that whoever watches can go on."""
    stage.playing = True
    try:
        SCENES[stage.told].play(stage)
    finally:
        stage.playing = False
    stage.told += 1
    workspace = stage.world.slack.workspace
    with workspace.lock:
        workspace.dialogs.clear()
    workspace.touch()
