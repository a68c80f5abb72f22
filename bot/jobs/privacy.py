"""Retention by night, erasure and export when an admin asks for them, and what each has to do in Slack."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TypeVarTuple

from bot.agenda import ERASE, FORGET_WORK, RETAIN, SEND_EXPORT
from bot.announcer import Announcer
from bot.services.privacy.erasure import ErasureService, Subject
from bot.services.privacy.exports import ExportService, Wanted
from bot.services.privacy.files import write_csv, write_json, zipped
from bot.services.privacy.posts import PostsService, erased_key
from bot.services.privacy.retention import AGING, RetentionService
from bot.views import privacy as views
from rules.errors import AmicableError
from rules.nudges.kinds import AtOnce
from rules.ports import Clock, Directory, Post, Runner, Workflow
from rules.ports.records import CALENDAR, EXPORT, LETTER_FILE, PAGE_FILE, PICTURE
from rules.privacy.tombstones import pseudonym

About = TypeVarTuple("About")

WORD = re.compile(r"\w+")

KEPT = {
    PICTURE: timedelta(days=30),
    EXPORT: timedelta(days=7),
    LETTER_FILE: timedelta(days=7),
    CALENDAR: timedelta(days=30),
    PAGE_FILE: timedelta(days=7),
}


class PrivacyBulletin:
    """Takes back what we posted, and hands over what was asked for."""

    def __init__(
        self,
        announcer: Announcer,
        directory: Directory,
        clock: Clock,
        posts: PostsService,
        exports: ExportService,
    ) -> None:
        self._announcer = announcer
        self._directory = directory
        self._clock = clock
        self._posts = posts
        self._exports = exports

    def take_back(self, workspace_id: str, subject: str) -> int:
        """Our messages and files about whoever is erased; returns how many Slack did not let go."""
        return self._drop(self._posts.about(workspace_id, Subject.read(subject)))

    def drop_old_files(self, workspace_id: str) -> int:
        """Pictures are drawn again when somebody looks; an export was taken long ago."""
        now = self._clock.real()
        return self._drop(self._posts.files(workspace_id, {kind: now - span for kind, span in KEPT.items()}))

    def tell_erased(self, workspace_id: str, subject: str, left: int) -> None:
        """To whoever wanted it; on the command line it stands there."""
        whom = Subject.read(subject)
        if self._posts.is_member(workspace_id, whom.actor_id):
            key, message = erased_key(workspace_id, whom), views.erased(whom.kind, left)
            self._announcer.whisper(workspace_id, whom.actor_id, message, key=key, at_once=AtOnce.ANSWER)

    def send_export(self, workspace_id: str, actor_id: str, about: str, as_csv: int, name: str) -> None:
        """To the admin who asked, in a direct message, with what this admin may see."""
        actor = self._directory.member(workspace_id, actor_id)
        wanted = Wanted.read(about)
        lists = self._exports.entries(workspace_id, actor, wanted, lambda _rows: None, as_operator=False)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / (f"{name}.zip" if as_csv else f"{name}.json")
            if as_csv:
                zipped(path, write_csv(Path(folder) / name, lists))
            else:
                write_json(path, lists)
            draft = self._exports.draft(workspace_id, actor, name)
            self._announcer.send_file(draft, actor, path, views.export_comment(KEPT[EXPORT].days))

    def _drop(self, posts: Iterator[Post]) -> int:
        left = 0
        for post in list(posts):
            try:
                self._announcer.take_one_back(post)
            except AmicableError:
                left += 1
        return left


def workflows(
    retention: RetentionService,
    erasure: ErasureService,
    bulletin: PrivacyBulletin,
    forget_about: Callable[[Callable[[str], bool]], int],
) -> list[Workflow]:
    def retain(run: Runner, workspace_id: str, _subject: str, _due_at: str) -> None:
        for table in AGING:
            _to_the_end(run, retention.blank_page, workspace_id, table)
        run.step(bulletin.drop_old_files, workspace_id)
        run.step(retention.scrub)

    def erase(run: Runner, workspace_id: str, subject: str, _due_at: str) -> None:
        for table in erasure.tables(Subject.read(subject)):
            _to_the_end(run, erasure.blank_page, workspace_id, subject, table)
        left = run.step(bulletin.take_back, workspace_id, subject)
        run.step(erasure.finish, workspace_id, subject)
        run.step(bulletin.tell_erased, workspace_id, subject, left)

    def forget(workspace_id: str, gone: str) -> int:
        return forget_about(lambda said: any(pseudonym(workspace_id, word) == gone for word in WORD.findall(said)))

    def forget_work(run: Runner, workspace_id: str, gone: str, _due_at: str) -> None:
        if not run.step(forget, workspace_id, gone):
            run.step(erasure.work_forgotten, workspace_id, gone)

    return [
        RETAIN.runs(retain),
        ERASE.runs(erase),
        FORGET_WORK.runs(forget_work),
        SEND_EXPORT.does(bulletin.send_export),
    ]


def _to_the_end(run: Runner, blank_page: Callable[[*About, str], str], *about: *About) -> None:
    """Page by page: each is a step, so that nothing is done twice after a kill."""
    after = ""
    while True:
        after = run.step(blank_page, *about, after)
        if not after:
            return
