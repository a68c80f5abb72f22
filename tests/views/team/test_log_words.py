"""The audit log in words that admins understand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.services.team.log import KINDS, LogLine, LogPage
from bot.views.team.log import KIND_LABELS, SAID, log_dialog
from rules.ports import AuditEntry

SERVICES = Path(__file__).parents[3] / "bot" / "services"
ENTRY = AuditEntry(
    at=datetime(2026, 11, 22, 9, 5, tzinfo=UTC), workspace_id="T1", actor_id="U0EVE", action="decided", subject="dc-1"
)


def recorded() -> Iterator[str]:
    """The action of each entry that a service writes, where it stands there as a word."""
    for path in SERVICES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id.startswith("record"):
                place = 2 if node.func.id == "record_own" else 3
                words = ast.walk(node.args[place]) if len(node.args) > place else ()
                yield from (
                    each.value for each in words if isinstance(each, ast.Constant) and isinstance(each.value, str)
                )


def lines_of(page: LogPage) -> str:
    return str(log_dialog(page)["blocks"])


def test_every_entry_has_its_words() -> None:
    """A new action without a line in the table would stand there as code writes it."""
    named = {action for kind in KINDS.values() for action in kind}
    unsaid = {action for action in (*recorded(), *named) if action not in SAID and not action.endswith(" ")}

    assert unsaid == set()
    assert set(KINDS) | {""} == set(KIND_LABELS)


def test_an_entry_says_who_did_what_when_and_about_whom() -> None:
    """Names of clients are shown as text, ids of Slack as people and channels, the hour as in the workspace's place."""
    lines = [
        LogLine(entry=ENTRY, client_name="<!channel> & Sons"),
        LogLine(entry=replace(ENTRY, action="channel mapped", subject="cl-1", details="C0BIRCH")),
        LogLine(entry=replace(ENTRY, actor_id="", action="contractor no more", subject="U0GUS1")),
        LogLine(entry=replace(ENTRY, details="nobodys_fault")),
        LogLine(entry=replace(ENTRY, action="never_heard_of", details="CONSIDER until Friday")),
    ]
    shown = lines_of(LogPage(lines=tuple(lines), kind="", older=None, timezone="Europe/Amsterdam"))

    assert "<@U0EVE> decided to part · *&lt;!channel&gt; &amp; Sons*" in shown
    assert "<#C0BIRCH>" in shown
    assert "· nobody's fault" in shown
    assert "_Amicable_ ended the contract of <@U0GUS1>" in shown
    assert "never heard of · CONSIDER until Friday" in shown
    assert "Sun 22 Nov 2026 at 10:05" in shown


def test_an_empty_kind_leads_on() -> None:
    """Where nothing was done yet the dialog says so and keeps the choice of kinds."""
    shown = lines_of(LogPage(lines=(), kind="data", older=None, timezone="UTC"))

    assert "Nothing of this kind" in shown
    assert "Imports, exports, erasures" in shown
