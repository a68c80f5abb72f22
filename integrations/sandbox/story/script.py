"""The whole story in its order."""

from __future__ import annotations

from integrations.sandbox.story import first_weeks
from integrations.sandbox.story.mending_weeks import SCENES as MENDING
from integrations.sandbox.story.stage import Scene

SCENES: tuple[Scene, ...] = (
    *first_weeks.SCENES,
    MENDING["plan"],
    MENDING["northwind"],
    MENDING["northwind decided"],
    MENDING["checkpoint"],
    MENDING["volt"],
    MENDING["volt decided"],
    MENDING["healed"],
    MENDING["cobalt"],
    MENDING["cobalt decided"],
)
