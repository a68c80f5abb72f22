"""Hands an approved letter over as a file, to whoever asked for it and to nobody else."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from bot.agenda import SEND_LETTER_FILE
from bot.announcer import Announcer
from bot.services.partings.letter_files import LetterFileService
from bot.views.partings import letter_file as views
from rules.notices.mailing import Mail
from rules.nudges.kinds import AtOnce
from rules.ports import Directory, Workflow

FILE_NAME = "letter.eml"


class LetterBulletin:
    """A letter that has changed since it was asked for stays here, and whoever asked is told."""

    def __init__(
        self, announcer: Announcer, directory: Directory, files: LetterFileService, written: Callable[[Mail], bytes]
    ) -> None:
        """`written` makes the file."""
        self._announcer = announcer
        self._directory = directory
        self._files = files
        self._written = written

    def send(self, workspace_id: str, actor_id: str, notice_id: str, key: str) -> None:
        actor = self._directory.member(workspace_id, actor_id)
        post, sheet = self._files.draft(workspace_id, actor, notice_id, key)
        if sheet.mail is None:
            self._announcer.whisper(workspace_id, actor_id, views.changed(sheet), key=key, at_once=AtOnce.ANSWER)
            return
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / FILE_NAME
            path.write_bytes(self._written(sheet.mail))
            self._announcer.send_file(post, actor, path, views.comment())


def workflows(bulletin: LetterBulletin) -> list[Workflow]:
    return [SEND_LETTER_FILE.does(bulletin.send)]
