"""Retention by night, erasure and export when an admin asks for them."""

from __future__ import annotations

from collections.abc import Callable

from bot.bulletins.privacy import PrivacyBulletins
from bot.services.privacy.erasure import ErasureService, Subject
from bot.services.privacy.retention import AGING, RetentionService
from rules.ports import Runner, Workflow


def workflows(retention: RetentionService, erasure: ErasureService, bulletins: PrivacyBulletins) -> list[Workflow]:
    def retain(run: Runner, workspace_id: str, _subject: str, _due_at: str) -> None:
        for table in AGING:
            _to_the_end(run, retention.blank_page, workspace_id, table)
        run.step(bulletins.drop_old_files, workspace_id)
        run.step(retention.scrub)

    def erase(run: Runner, workspace_id: str, subject: str, _due_at: str = "") -> None:
        for table in erasure.tables(Subject.read(subject)):
            _to_the_end(run, erasure.blank_page, workspace_id, subject, table)
        left = run.step(bulletins.take_back, workspace_id, subject)
        run.step(erasure.finish, workspace_id, subject)
        run.step(bulletins.tell_erased, workspace_id, subject, left)

    def export(run: Runner, workspace_id: str, actor_id: str, wanted: str, as_csv: int, name: str) -> None:
        run.step(bulletins.send_export, workspace_id, actor_id, wanted, as_csv, name)

    return [
        Workflow(name="retain", queue="flows", run=retain),
        Workflow(name="erase", queue="flows", run=erase),
        Workflow(name="export", queue="flows", run=export),
    ]


def _to_the_end(run: Runner, blank_page: Callable[..., str], *about: str) -> None:
    """Page by page: each is a step, so that nothing is done twice after a kill."""
    after = ""
    while True:
        after = run.step(blank_page, *about, after)
        if not after:
            return
