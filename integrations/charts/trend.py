"""The picture of a client's scores, from a library that is only loaded when one is drawn."""

from __future__ import annotations

from collections.abc import Sequence

from rules.health.trend import Point


class PillowCharts:
    """Draws PNG."""

    def trend(self, title: str, points: Sequence[Point], band_words: Sequence[str]) -> bytes:
        from integrations.charts.drawing import drawn  # noqa: PLC0415 - 5 MB, of use to few processes

        return drawn(title, points, band_words)
