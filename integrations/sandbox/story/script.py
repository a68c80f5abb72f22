"""The whole story in its order."""

from __future__ import annotations

from integrations.sandbox.story import first_weeks
from integrations.sandbox.story.stage import Scene

SCENES: tuple[Scene, ...] = (*first_weeks.SCENES,)
