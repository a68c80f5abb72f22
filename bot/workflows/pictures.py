"""Pictures that take too long for a click."""

from __future__ import annotations

from bot.bulletins.trend import TrendBulletin
from rules.ports import Runner, Workflow


def workflows(trend: TrendBulletin) -> list[Workflow]:
    def draw_trend(run: Runner, workspace_id: str, client_id: str, reader_id: str, name: str) -> None:
        run.step(trend.draw, workspace_id, client_id, reader_id, name)

    return [Workflow(name="draw_trend", queue="flows", run=draw_trend)]
