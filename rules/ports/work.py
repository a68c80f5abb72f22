"""Time and durable work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol


class Clock(Protocol):
    """The one reader of the clock."""

    def now(self) -> datetime:
        """The product's time: aware, UTC, movable in the sandbox."""

    def real(self) -> datetime:
        """Real time, for whatever happens on the wire: signatures, triggers, quiet periods."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Work to be done once by a worker. A second job with the same `id` is a no-op. `args` are ids, dates, numbers."""

    workflow: str
    id: str
    args: tuple[str | int, ...] = ()
    delay: timedelta = timedelta()


class Runner(Protocol):
    """What a workflow may do: run steps whose JSON results are remembered across crashes."""

    def step(self, work: Callable[..., Any], *args: str | int) -> Any:
        """Runs `work(*args)` at least once; a finished step is never run again for the same workflow run."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workflow:
    """Names and order only. `queue` is one of the engine's few queues."""

    name: str
    queue: str
    run: Callable[..., None]
