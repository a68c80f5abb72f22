"""What an operator's monitoring asks for, in Prometheus' format: counts, ages and sizes; no name and no word.

The names follow Prometheus' own rules: base units, and `_total` for what only grows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

CONTENT_TYPE = CONTENT_TYPE_LATEST
ACKNOWLEDGED_WITHIN = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)  # seconds; Slack waits for three


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What waits in one place: how many, and the age of the oldest in seconds."""

    waiting: int = 0
    oldest_seconds: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """One look at the database. `tickets` are those that are not open yet, by tracker and state."""

    inbox: Backlog
    jobs: dict[str, Backlog] = field(default_factory=dict)
    tickets: dict[tuple[str, str], int] = field(default_factory=dict)
    digests_late: int = 0
    database_bytes: int = 0
    workers: int = 0


class Metrics:
    """Of one process; what all processes share is read from the database when somebody asks."""

    def __init__(self, look: Callable[[], Figures]) -> None:
        self._shared, self._own = CollectorRegistry(), CollectorRegistry()
        self._shared.register(_Shared(look))
        self._acknowledgements = Histogram(
            "amicable_acknowledgement_seconds",
            "Until Slack had its answer, by this process.",
            buckets=ACKNOWLEDGED_WITHIN,
            registry=self._own,
        )

    def acknowledged(self, seconds: float) -> None:
        self._acknowledgements.observe(seconds)

    def shared(self) -> bytes:
        """What the database tells, whichever process is asked."""
        return generate_latest(self._shared)

    def exposition(self) -> bytes:
        return self.shared() + generate_latest(self._own)


class _Shared(Collector):
    def __init__(self, look: Callable[[], Figures]) -> None:
        self._look = look

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing: otherwise the registry would look at the database as soon as it knows us."""
        return iter(())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        figures = self._look()
        yield _gauge("inbox_waiting", "Events of Slack that are stored and not handled.", figures.inbox.waiting)
        yield _gauge("inbox_oldest_seconds", "Age of the oldest of them.", figures.inbox.oldest_seconds)
        waiting = _gauge("jobs_waiting", "Jobs that are to be done now, or under way.", labels=["queue"])
        oldest = _gauge("jobs_oldest_seconds", "Age of the oldest of them.", labels=["queue"])
        for queue, backlog in sorted(figures.jobs.items()):
            waiting.add_metric([queue], backlog.waiting)
            oldest.add_metric([queue], backlog.oldest_seconds)
        yield from (waiting, oldest)
        tickets = _gauge("tickets_waiting", "Tickets that are not open yet.", labels=["tracker", "state"])
        for labels, count in sorted(figures.tickets.items()):
            tickets.add_metric(list(labels), count)
        yield tickets
        yield _gauge("digests_late", "Digests that are due for more than an hour.", figures.digests_late)
        yield _gauge("database_bytes", "Size of the database.", figures.database_bytes)
        yield _gauge("workers", "Workers that have been heard of lately.", figures.workers)


def _gauge(name: str, meaning: str, value: float | None = None, labels: list[str] | None = None) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"amicable_{name}", meaning, value=value, labels=labels)
