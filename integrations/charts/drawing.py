"""A client's scores over the weeks. Bands are named in words, so that nothing hangs on colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import pairwise

from PIL import Image, ImageDraw, ImageFont

from rules.health.score import rounded
from rules.health.trend import Point
from rules.sentences import Sentence

PAPER, INK, LINE = "#ffffff", "#1d1c1d", "#1264a3"
FLOORS = (0, 40, 60, 80)
SHADES = ("#f6d5d5", "#fbe3cd", "#fbf3cf", "#ddeedd")
TOP = 100

# In pixels of the picture, which is drawn larger and then made smaller: its lines are smooth by that.
WIDTH, HEIGHT = 1120, 600
LEFT, ABOVE, BELOW, GAP = 64, 72, 56, 12
LARGER = 2
SMALL = 21
DASH = 8

Place = tuple[float, float]


def drawn(title: str, points: Sequence[Point], band_words: Sequence[str]) -> bytes:
    """White paper and dark ink: readable in Slack's light and dark themes."""
    sheet = _Sheet(len(points), right=max(map(_width, band_words)) + 2 * GAP)
    sheet.write((LEFT, 20), title, 28, "la")
    _draw_bands(sheet, band_words)
    _label_weeks(sheet, points)
    _mark_versions(sheet, points)
    _draw_scores(sheet, points)
    return sheet.png()


class _Sheet:
    """Paper on which a week has a place from left to right, and a score from 0 to 100 one from the bottom up."""

    def __init__(self, weeks: int, right: float) -> None:
        self._weeks = weeks
        self.right = WIDTH - right
        self._image = Image.new("RGB", (WIDTH * LARGER, HEIGHT * LARGER), PAPER)
        self._draw = ImageDraw.Draw(self._image)

    def place(self, week: float, score: float) -> Place:
        """Week 0 is in the middle of the first column."""
        across, up = (week + 0.5) / self._weeks, score / TOP
        return LEFT + across * (self.right - LEFT), HEIGHT - BELOW - up * (HEIGHT - ABOVE - BELOW)

    def write(self, where: Place, text: str, size: float, anchor: str, halo: float = 0) -> None:
        """`anchor` as Pillow has it: which point of the text stands there, across (l, m, r) and up (a, m, d)."""
        font = ImageFont.load_default(size * LARGER)
        self._draw.text(_large(where), text, INK, font, anchor, stroke_width=halo * LARGER, stroke_fill=PAPER)

    def fill(self, low: Place, high: Place, shade: str) -> None:
        (left, bottom), (right, top) = _large(low), _large(high)
        self._draw.rectangle((left, top, right, bottom), shade)

    def line(self, start: Place, end: Place, shade: str, width: int) -> None:
        self._draw.line((_large(start), _large(end)), shade, width * LARGER)

    def dot(self, where: Place, radius: float) -> None:
        self._draw.circle(_large(where), radius * LARGER, LINE)

    def png(self) -> bytes:
        made = BytesIO()
        self._image.reduce(LARGER).save(made, format="PNG", optimize=True)
        return made.getvalue()


def _width(text: str) -> float:
    return ImageFont.load_default(SMALL).getlength(text)


def _large(where: Place) -> Place:
    return where[0] * LARGER, where[1] * LARGER


def _draw_bands(sheet: _Sheet, words: Sequence[str]) -> None:
    for floor, top, shade, word in zip(FLOORS, (*FLOORS[1:], TOP), SHADES, words, strict=True):
        _, low = sheet.place(0, floor)
        _, high = sheet.place(0, top)
        sheet.fill((LEFT, low), (sheet.right, high), shade)
        sheet.write((sheet.right + GAP, (low + high) / 2), word, SMALL, "lm")


def _draw_scores(sheet: _Sheet, points: Sequence[Point]) -> None:
    """A gap is a week without a number. A number stands above its dot, or below where there is no room."""
    dots = [
        (week, point.score_tenths, sheet.place(week, point.score_tenths / 10))
        for week, point in enumerate(points)
        if point.score_tenths is not None
    ]
    for (week, _, start), (next_week, _, end) in pairwise(dots):
        if next_week == week + 1:
            sheet.line(start, end, LINE, 4)
    for _, tenths, (across, down) in dots:
        sheet.dot((across, down), 8)
        number, below = str(rounded(tenths)), tenths > 10 * TOP - 120
        sheet.write((across, down + 16 if below else down - 16), number, 26, "ma" if below else "md", halo=2)


def _mark_versions(sheet: _Sheet, points: Sequence[Point]) -> None:
    for week, (before, point) in enumerate(pairwise(points), start=1):
        if before.version != point.version:
            across, down = sheet.place(week - 0.5, 0)
            for top in _dashes(ABOVE, down):
                sheet.line((across, top), (across, min(top + DASH, down)), INK, 2)
            sheet.write((across + 6, down - 8), Sentence("formula {version}", version=point.version), 19, "ld")


def _dashes(top: float, bottom: float) -> Iterator[float]:
    while top < bottom:
        yield top
        top += 2 * DASH


def _label_weeks(sheet: _Sheet, points: Sequence[Point]) -> None:
    for week, point in enumerate(points):
        across, down = sheet.place(week, 0)
        sheet.write((across, down + 16), f"{point.on.day} {point.on:%b}", SMALL, "ma")
    for score in (*FLOORS, TOP):
        sheet.write((LEFT - GAP, sheet.place(0, score)[1]), str(score), SMALL, "rm")
