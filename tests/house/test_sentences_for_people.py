"""What people read is a template with named values, so that another language is a matter of a catalogue.

Decision record 0006 says why. An f-string buries the words between its values, and plurals come out wrong.
"""

from __future__ import annotations

import ast
import re

Modules = dict[str, ast.Module]

GAP = "\0"
A_WORD_BESIDE_A_SPACE = re.compile(r"[^\W\d_]{2,}[^\0]* | [^\W\d_]{2,}")
# Sentences may stand side by side; a catalogue finds each.
WHOLE = re.compile(r"\s*[A-Z][^\0]*[.!?]\s*")
# Read by a database, a service or a pattern, and by no person; the last are codes of the audit log.
FOR_MACHINES = re.compile(r"PRAGMA |OAuth |pg_dump |project = |id in \(|\(\?|^(?:client|clock|note) \0$")
NOT_OURS = ("integrations/sandbox/", "integrations/database/migrations/versions/")
FILLS = {"format", "format_map", "substitute", "safe_substitute"}
MAY_FILL = {
    "rules/sentences.py": "is how it is done",
    "bot/views/blocks.py": "is how it is done where values have to be escaped",
    "rules/partings/tasks.py": "texts of tickets, which have their words in each language in a file",
}


def texts_of(modules: Modules) -> dict[str, str]:
    """The texts that have a name of their own, in whichever module."""
    return {
        each.targets[0].id: each.value.value
        for module in modules.values()
        for each in module.body
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)
        if isinstance(each.value, ast.Constant) and isinstance(each.value.value, str)
    }


class Sayings:
    """Finds what glues words and values together without a template."""

    def __init__(self, named: dict[str, str]) -> None:
        self.named = named

    def words(self, node: ast.AST) -> str:
        """What is said by a node, with a gap for each value."""
        match node:
            case ast.Constant(value=str(text)):
                return text
            case ast.Name(id=name) | ast.Attribute(attr=name) if name in self.named:
                return self.named[name]
            case ast.JoinedStr(values=parts):
                return "".join(self.words(part) for part in parts)
            case ast.FormattedValue(value=ast.IfExp(body=one, orelse=other)):
                return GAP + self.words(one) + GAP + self.words(other) + GAP
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self.beside(left) + self.beside(right)
            case _:
                return GAP

    def beside(self, node: ast.AST) -> str:
        """The words of one part; none of a part that is a sentence of its own, or a choice among texts."""
        if isinstance(node, ast.IfExp):
            return GAP + self.beside(node.body) + GAP + self.beside(node.orelse) + GAP
        said = self.words(node)
        return GAP if WHOLE.fullmatch(said) else said

    def glued(self, node: ast.AST) -> str:
        """What a node glues together; empty when it glues nothing."""
        match node:
            case ast.JoinedStr() | ast.BinOp(op=ast.Add()):
                return self.words(node)
            case ast.AugAssign(op=ast.Add(), value=value):
                return GAP + self.beside(value)
            case ast.BinOp(op=ast.Mod(), left=said) | ast.Call(func=ast.Attribute(attr="replace", value=said)):
                return self.words(said) + GAP
            case ast.Call(func=ast.Attribute(attr="join", value=between), args=[parts]):
                return self.words(between).join((GAP, *map(self.beside, getattr(parts, "elts", ())), GAP))
            case _:
                return ""

    def is_for_people(self, node: ast.AST) -> bool:
        said = self.glued(node)
        return GAP in said and bool(A_WORD_BESIDE_A_SPACE.search(said)) and not FOR_MACHINES.search(said)


def is_filled(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in FILLS


def test_no_sentence_for_people_is_glued_together(modules: Modules) -> None:
    """Refusals, warnings, labels, headings, the command line and doctor: `Sentence` or `marked`."""
    sayings = Sayings(texts_of(modules))
    ours = {path: [*ast.walk(module)] for path, module in modules.items() if not path.startswith(NOT_OURS)}
    buried = [
        f"{path}:{getattr(node, 'lineno', 0)} {sayings.glued(node).replace(GAP, '…')}"
        for path, nodes in ours.items()
        for node in nodes
        if sayings.is_for_people(node)
    ]
    filled = {path for path, nodes in ours.items() for node in nodes if is_filled(node)}
    assert (buried, filled) == ([], set(MAY_FILL))


def test_whatever_glues_words_is_noticed() -> None:
    """What glues values together, puts sentences side by side, or speaks to a machine, is let through."""
    sayings = Sayings({"GREETING": "Good morning, NAME"})
    glued = [
        'f"{name} has no task."',
        "f'{count} days'",
        "f\"{'You have' if mine else 'Nobody has'} {count}\"",
        '"Ask " + owner',
        'name + (" (nobody else)" if alone else "")',
        'GREETING + ", dear " + name',
        '"%s has no task" % name',
        "GREETING % name",
        'GREETING.replace("NAME", name)',
        '" ".join(["Ask", owner])',
        '" and ".join(names)',
    ]
    free = [
        'f"{one}: {two}"',
        'f"project = {key} AND labels"',
        '"no value"',
        '"Not yet. " + why',
        '" ".join(sentences)',
        '", ".join((one, two))',
        "hours % 24",
        '"one" + "two"',
    ]
    noticed = [each for each in (*glued, *free) if sayings.is_for_people(ast.parse(each, mode="eval").body)]
    assert noticed == glued
    assert sayings.is_for_people(ast.parse('said += " of them"').body[0])
