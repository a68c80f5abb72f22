"""How the durable engine works; the defaults fit one machine and small plans of PostgreSQL."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, PositiveFloat, PositiveInt


class EngineSettings(BaseModel):
    """Seconds are real time. A worker that has not beaten for `dead_after_seconds` loses its work to another.

    `events_poll_seconds` is how soon we begin what somebody is waiting for: events, and in twice that time tickets; all
    else may wait for `poll_seconds`, because asking more often costs an idle worker more.

    What reads whole ledgers computes for seconds: more than `bulk_at_once` would only take the processor from each
    other, and from the threads that hold SQLite's one writer meanwhile.

    Jira takes bursts of 50 a second; Trello refuses a token beyond 100 requests in 10 seconds, and opening a card
    makes a few requests, hence `trello_starts_per_10_seconds`. `keep_days` outlasts every repeated delivery: a
    finished job is remembered, and so never done again, as long as its row is there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    events_poll_seconds: PositiveFloat = 0.3
    poll_seconds: PositiveFloat = 1.0
    events_at_once: PositiveInt = 8
    flows_at_once: PositiveInt = 16
    bulk_at_once: PositiveInt = 2
    tickets_at_once: PositiveInt = 32
    jira_starts_per_second: PositiveInt = 50
    trello_starts_per_10_seconds: PositiveInt = 30
    beat_seconds: PositiveFloat = 5.0
    dead_after_seconds: PositiveFloat = 30.0
    drain_seconds: int = 8
    sweep_cron: str = "* * * * *"
    retention_cron: str = "17 3 * * *"
    keep_days: PositiveInt = 30
