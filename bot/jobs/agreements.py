"""Agreements in the background: whose milestone's day has come, and the page as a file for whoever asked."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from bot.agenda import LOOK_AT_ACCORD, SEND_PAGE_FILE
from bot.announcer import Announcer
from bot.services.agreements.accords import AccordService
from bot.services.agreements.page_files import PageFileService
from rules.notices.mailing import Mail
from rules.ports import Directory, Workflow

FILE_NAME = "page.eml"
COMMENT = "The page, unsent. Open the file: your mail program shows it as a draft. Read it, then send it."


class PageBulletin:
    """The page as it is when the file is made, to whoever asked for it and to nobody else."""

    def __init__(
        self, announcer: Announcer, directory: Directory, files: PageFileService, written: Callable[[Mail], bytes]
    ) -> None:
        """`written` makes the file."""
        self._announcer = announcer
        self._directory = directory
        self._files = files
        self._written = written

    def send(self, workspace_id: str, actor_id: str, client_id: str, key: str) -> None:
        actor = self._directory.member(workspace_id, actor_id)
        post, sheet = self._files.draft(workspace_id, actor, client_id, key)
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / FILE_NAME
            path.write_bytes(self._written(sheet.mail))
            self._announcer.send_file(post, actor, path, COMMENT)


def workflows(accords: AccordService, pages: PageBulletin) -> list[Workflow]:
    return [LOOK_AT_ACCORD.does(accords.remind), SEND_PAGE_FILE.does(pages.send)]
