"""Whatever the desk registers has a right: without one the app does not start."""

from __future__ import annotations

import ast
from collections import Counter

from bot.ids import Action, Form
from bot.rights import _ACTIONS, _FORMS, RIGHTS


def test_whatever_can_be_clicked_or_sent_says_who_may(modules: dict[str, ast.Module]) -> None:
    """`tests/redteam/test_rights.py` holds against the running app that it is so."""
    kinds = {"Action": Action, "Form": Form}
    registered = {
        kinds[node.value.id][node.attr]
        for path, module in modules.items()
        if path.startswith("bot/listeners/")
        for call in ast.walk(module)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in {"click", "form"}
        for node in call.args[:1]
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in kinds
    }
    told = Counter(name for table in (_ACTIONS, _FORMS) for names in table.values() for name in names)
    assert [name for name, times in told.items() if times > 1] == []
    assert (registered - RIGHTS.keys(), len(registered) > 100) == (set(), True)
