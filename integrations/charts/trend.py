"""A client's scores over the weeks. Bands are named in words, so that nothing hangs on colour."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING

from rules.health.trend import Point
from rules.sentences import Sentence

if TYPE_CHECKING:
    from matplotlib.axes import Axes

INK, LINE = "#1d1c1d", "#1264a3"
FLOORS = (0, 40, 60, 80)
SHADES = ("#f6d5d5", "#fbe3cd", "#fbf3cf", "#ddeedd")
TOP = 100


class MatplotlibCharts:
    """White paper and dark ink: readable in Slack's light and dark themes."""

    def trend(self, title: str, points: Sequence[Point], band_words: Sequence[str]) -> bytes:
        # Only workers draw, and only when asked: the library costs half a second and 40 MB.
        from matplotlib.figure import Figure  # noqa: PLC0415 -- see above

        figure = Figure(figsize=(5.6, 3.0), dpi=200, facecolor="white", layout="constrained")
        axes = figure.add_subplot()
        axes.set_title(title, loc="left", color=INK, fontsize=12)
        _draw_bands(axes, band_words, len(points))
        _draw_scores(axes, points)
        _mark_versions(axes, points)
        _label_weeks(axes, points)
        made = BytesIO()
        figure.savefig(made, format="png")
        return made.getvalue()


def _draw_bands(axes: Axes, words: Sequence[str], weeks: int) -> None:
    for floor, top, shade, word in zip(FLOORS, (*FLOORS[1:], TOP), SHADES, words, strict=True):
        axes.axhspan(floor, top, color=shade, linewidth=0)
        axes.text(weeks - 0.45, (floor + top) / 2, word, va="center", ha="left", color=INK, fontsize=9)
    axes.set_ylim(0, TOP)
    axes.set_xlim(-0.5, weeks - 0.5)


def _draw_scores(axes: Axes, points: Sequence[Point]) -> None:
    """A gap is a week without a number."""
    scores = [float("nan") if point.score_tenths is None else point.score_tenths / 10 for point in points]
    axes.plot(range(len(points)), scores, color=LINE, linewidth=2, marker="o", markersize=5, clip_on=False)
    for place, point in enumerate(points):
        if point.score_tenths is not None:
            score = point.score_tenths // 10
            below = score > TOP - 12
            axes.annotate(
                str(score),
                (place, point.score_tenths / 10),
                textcoords="offset points",
                xytext=(0, -15 if below else 8),
                ha="center",
                color=INK,
                fontsize=10,
                fontweight="bold",
            )


def _mark_versions(axes: Axes, points: Sequence[Point]) -> None:
    for place, (before, point) in enumerate(pairwise(points), start=1):
        if before.version != point.version:
            axes.axvline(place - 0.5, color=INK, linestyle="--", linewidth=1)
            axes.text(place - 0.45, 3, Sentence("formula {version}", version=point.version), color=INK, fontsize=8)


def _label_weeks(axes: Axes, points: Sequence[Point]) -> None:
    axes.set_xticks(range(len(points)), [f"{point.on.day} {point.on:%b}" for point in points])
    axes.set_yticks((*FLOORS, TOP))
    axes.tick_params(colors=INK, labelsize=9, length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
