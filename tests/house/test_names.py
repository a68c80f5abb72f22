"""One name a concept: no two public classes share a name without a reason."""

from __future__ import annotations

import ast
from collections import defaultdict

from bot.bootstrap.house import House

# The stand-ins speak the words of the services they stand for.
STAND_INS = "integrations/sandbox/"
SHARED = {
    "Action": "a plan's action is the field's word; in `bot/ids.py` it is Slack's word for a button",
    "Entry": "a line of the digest; a note as the formula reads it. They never meet",
    "Event": "Slack's word; what happened on one date, in the formula",
    "Evidence": "what the checklist was shown; whether a note's message still stands",
    "Finding": "what the doctor finds; what the letter's check finds. Each stays in its folder",
    "Form": "a dialog of ours; an issue type's form in Jira",
    "Level": "how far an action went; how much a finding weighs",
    "Line": "of a file that is imported; of a score",
    "Moment": "a stored time; the moment at which a parting's list is changed",
    "Objection": "to a score; to what was agreed",
    "Outcome": "of a pasted list; of a plan",
    "Reading": "of what a command says; of a ledger by the formula",
    "Receipt": "of a note; of everything by the client",
    "Said": "a word of a nudge; of a client about a deliverable; a phrase; a figure of a letter",
    "Seen": "what is kept of a message; what a tracker showed last",
    "Source": "of a note; of an answer about a deliverable",
    "State": "of a note; of what the doctor looked at",
    "Verdict": "on a decision; on whether a place is internal",
    "Way": "on from a nudge; in which a receipt is known; a turn went",
}


def test_no_two_classes_share_a_name_without_a_reason(modules: dict[str, ast.Module]) -> None:
    """Whoever searches a name finds one thing; a reason that is not needed any more goes, too."""
    places = defaultdict(set)
    for path, module in modules.items():
        for each in module.body:
            if isinstance(each, ast.ClassDef) and not each.name.startswith(("_", "Test")) and STAND_INS not in path:
                places[each.name].add(path)
    assert {name for name, paths in places.items() if len(paths) > 1} == set(SHARED)


def test_tests_name_parts_of_a_process_that_it_has(modules_of_tests: dict[str, ast.Module]) -> None:
    """The scenarios' fixtures are `Any` to mypy, so a part that was renamed would be found by none but a slow run."""
    named = {
        (path, each.attr)
        for path, module in modules_of_tests.items()
        for each in ast.walk(module)
        if isinstance(each, ast.Attribute) and isinstance(each.value, ast.Attribute) and each.value.attr == "web"
    }
    has = set(dir(House)) | {"outside", "settings"}
    assert {(path, name) for path, name in named if name not in has} == set()
