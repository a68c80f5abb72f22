"""A client's health in the background: readings, alarms (FG14), and pictures that take too long for a click."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from bot.agenda import DRAW_TREND, PAY_ATTENTION, READ_ALL, READ_ONE
from bot.announcer import Announcer
from bot.services.agreements.money import MoneyService
from bot.services.health.attention import AttentionService
from bot.services.health.explanations import ExplanationService
from bot.services.health.pictures import PictureService
from bot.services.health.pulses import PulseService
from bot.services.health.scorecards import HealthService
from bot.services.imports.folder import FolderService
from bot.services.needs.needs import NeedService
from bot.views.health.alarms import act_now
from bot.views.health.trend import alt_text, trend_dialog
from rules.errors import AmicableError, RefusedError
from rules.health.score import Band
from rules.nudges.kinds import AtOnce
from rules.ports import Charts, Directory, Picture, Runner, Workflow
from rules.words import Words

TITLE = "Health, week by week"  # whose it is stands on the dialog, not in the file
_BANDS_UPWARDS = (Band.CONSIDER, Band.AMEND, Band.WATCH, Band.HEALTHY)


class AlarmBulletin:
    """One private word for each note and person, at any hour."""

    def __init__(self, announcer: Announcer, attention: AttentionService) -> None:
        self._announcer = announcer
        self._attention = attention

    def sound(self, workspace_id: str, client_id: str) -> None:
        for alarm in self._attention.alarms(workspace_id, client_id):
            key = f"act-now:{alarm.signal.id}:{alarm.person.id}"
            # One who has just left the team keeps it from nobody else.
            with suppress(RefusedError):
                self._announcer.whisper(workspace_id, alarm.person.id, act_now(alarm), key=key, at_once=AtOnce.ACT_NOW)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Mornings:
    """What looks at every client each morning, in this order."""

    folder: FolderService
    money: MoneyService
    health: HealthService
    needs: NeedService
    pulses: PulseService


def workflows(
    mornings: Mornings, attention: AttentionService, alarms: AlarmBulletin, trends: TrendBulletin
) -> list[Workflow]:
    def read_all(run: Runner, workspace_id: str, _subject: str, _due_at: str) -> None:
        run.step(mornings.folder.read, workspace_id)
        run.step(mornings.money.notice_overdue, workspace_id)
        run.step(mornings.health.read_all, workspace_id)
        run.step(mornings.needs.tell, workspace_id)
        run.step(mornings.pulses.ask, workspace_id)

    return [
        READ_ALL.runs(read_all),
        READ_ONE.does(mornings.health.read_one),
        PAY_ATTENTION.does(alarms.sound, attention.look, attention.looked),
        DRAW_TREND.does(trends.draw),
    ]
