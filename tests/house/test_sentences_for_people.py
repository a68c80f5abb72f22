"""What people read is a template with named values, so that another language is a matter of a catalogue.

Decision record 0006 says why. An f-string buries the words between its values, and plurals come out wrong.
"""

from __future__ import annotations

import ast
import re

Modules = dict[str, ast.Module]

GAP = "\0"
A_WORD_BESIDE_A_SPACE = re.compile(r"[^\W\d_]{2,}[^\0]* | [^\W\d_]{2,}")
# Read by a database, a service or a pattern, and by no person; the last are codes of the audit log.
FOR_MACHINES = re.compile(r"PRAGMA |OAuth |pg_dump |project = |\^\(\?|^(?:client|clock|note) \0$")
NOT_OURS = ("integrations/sandbox/", "integrations/database/migrations/versions/")


def words(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else GAP for part in node.values)


def is_for_people(node: ast.AST) -> bool:
    if not isinstance(node, ast.JoinedStr):
        return False
    said = words(node)
    return bool(A_WORD_BESIDE_A_SPACE.search(said)) and not FOR_MACHINES.search(said)


def test_no_sentence_for_people_is_an_f_string(modules: Modules) -> None:
    """Refusals, warnings, labels, headings, the command line and doctor: `Sentence` or `marked`."""
    buried = [
        f"{path}:{node.lineno} {words(node).replace(GAP, '…')}"
        for path, module in modules.items()
        if not path.startswith(NOT_OURS)
        for node in ast.walk(module)
        if isinstance(node, ast.JoinedStr) and is_for_people(node)
    ]
    assert buried == []


def test_an_f_string_with_words_is_noticed() -> None:
    """What glues values together, or speaks to a machine, is let through."""
    said = [
        'f"{name} has no task."',
        "f'{count} days'",
        'f"{one}: {two}"',
        "f'project = \"{key}\" AND labels'",
        '"no value"',
    ]
    assert [is_for_people(ast.parse(each, mode="eval").body) for each in said] == [True, True, False, False, False]
