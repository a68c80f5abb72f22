"""Draws a trend, uploads the picture, and shows it in the dialog that waits for it."""

from __future__ import annotations

from bot.announcer import Announcer
from bot.services.health.explanations import ExplanationService
from bot.services.health.pictures import PictureService
from bot.views.health.trend import alt_text, trend_dialog
from rules.errors import AmicableError
from rules.health.score import Band
from rules.ports import Charts, Directory, Picture
from rules.words import Words

TITLE = "Health, week by week"  # whose it is stands on the dialog, not in the file
_BANDS_UPWARDS = (Band.CONSIDER, Band.AMEND, Band.WATCH, Band.HEALTHY)


class TrendBulletin:
    """The worker's side of a trend. Whatever fails, the dialog holds the same in words."""

    def __init__(
        self,
        explanations: ExplanationService,
        pictures: PictureService,
        announcer: Announcer,
        directory: Directory,
        charts: Charts,
        words: Words,
    ) -> None:
        self._explanations = explanations
        self._pictures = pictures
        self._announcer = announcer
        self._directory = directory
        self._charts = charts
        self._words = words

    def draw(self, workspace_id: str, client_id: str, reader_id: str, name: str) -> None:
        """`name` is the dialog's; whoever closed it meanwhile finds the picture there the next time."""
        reader = self._directory.member(workspace_id, reader_id)
        explained = self._explanations.explain(workspace_id, reader, client_id)
        client = explained.card.client
        bands = [self._words.band(band) for band in _BANDS_UPWARDS]
        picture = Picture(
            name="trend.png",
            png=self._charts.trend(TITLE, explained.points, bands),
            alt_text=alt_text(client.name, explained.points, self._words),
        )
        try:
            draft = self._pictures.draft(explained)
            file_id = self._announcer.keep_picture(draft, picture)
            for older in self._pictures.replaced_by(draft):
                self._announcer.take_one_back(older)
        except AmicableError:
            file_id = ""  # the next click tries again
        self._announcer.show_by_name(reader, name, trend_dialog(explained, self._words, file_id=file_id))
