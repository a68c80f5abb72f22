"""Pictures for Slack."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

import pytest
from PIL import Image

from integrations.charts.trend import PillowCharts
from rules.health.trend import Point

BANDS = ("consider", "amend", "watch", "healthy")


def weeks(*scores: int | None, versions: str = "") -> list[Point]:
    start = date(2026, 10, 5)
    return [
        Point(
            on=start + timedelta(weeks=place),
            score_tenths=score,
            version=f"v{versions[place] if versions else 1}",
        )
        for place, score in enumerate(scores)
    ]


@pytest.mark.parametrize(
    "points",
    [
        weeks(*[None] * 8),
        weeks(1000, 1000, 996, 0, 0, 4, 799, 800),
        weeks(None, 700, None, 600, None, None, 500, None),
        weeks(900, 880, 860, 700, 720, 740, 760, 780, versions="11112222"),
    ],
    ids=["no number", "edges", "gaps", "formula changed"],
)
def test_every_trend_gives_a_picture_on_white_paper(points: list[Point]) -> None:
    """Readable in Slack's light and dark themes alike: the paper is part of the picture."""
    png = PillowCharts().trend("Health, week by week", points, BANDS)

    with Image.open(BytesIO(png)) as image:
        corner = image.convert("RGBA").getpixel((2, image.height - 2))
        assert (image.format, image.width > image.height, image.width >= 1000) == ("PNG", True, True)
    assert corner == (255, 255, 255, 255)
    assert len(png) < 200_000
