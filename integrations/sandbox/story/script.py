"""The whole story in its order."""

from __future__ import annotations

from integrations.sandbox.story import first_weeks
from integrations.sandbox.story.mending_weeks import SCENES as MENDING
from integrations.sandbox.story.parting_weeks import SCENES as PARTING
from integrations.sandbox.story.stage import Scene

SCENES: tuple[Scene, ...] = (
    *first_weeks.SCENES,
    MENDING["plan"],
    MENDING["northwind"],
    MENDING["northwind decided"],
    MENDING["checkpoint"],
    PARTING["told"],
    PARTING["jira"],
    PARTING["letter"],
    MENDING["volt"],
    MENDING["volt decided"],
    MENDING["healed"],
    PARTING["trello"],
    MENDING["cobalt"],
    PARTING["back"],
    MENDING["cobalt decided"],
    PARTING["goodbye"],
    PARTING["digest"],
)
