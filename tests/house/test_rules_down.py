"""What decides something and could stand in `rules` as it is does stand there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from rules import ports

Modules = dict[str, ast.Module]

DECIDES = (ast.If, ast.IfExp, ast.BoolOp, ast.Compare, ast.Match, ast.Raise, ast.comprehension)
# What is stored or asked, through an interface or row by row; the records of ports are values like others.
OUTSIDE = {f"rules.ports.{name}" for name, each in vars(ports).items() if getattr(each, "_is_protocol", False)} | {
    "rules.ports.Stored"
}
STAYS = {
    "bot/services/capture/notes.py:_as_asked": "fills in the form's own record from a note",
    "bot/services/capture/notes.py:note_id": "spells the stored id of what the form holds",
    "bot/services/clients/clients.py:_agreed": "chooses which answer the dialog gives, a record of the use case",
    "bot/services/decisions/cases.py:_evidence": "counts into a record of the sheet",
    "bot/services/partings/tasks/tasklist.py:_listed": "fills in the form's own record from the workspace",
    "bot/services/privacy/exports.py:sections": "names the lists of the file that the use case writes",
}


def test_no_rule_stands_in_a_service(modules: Modules) -> None:
    """A module function that looks at values of the domain, decides, and needs nothing from outside is a rule.

    It may lean on functions, constants and plain records of its module: they would move along. A reason that is not
    needed any more goes, too.
    """
    rules = {
        f"{path}:{function.name}"
        for path, module in modules.items()
        if path.startswith("bot/services/")
        for function in _functions(module)
        if _is_rule(function, _Names(module))
    }
    assert rules == set(STAYS)


class _Names:
    """What each name of a module leads to."""

    def __init__(self, module: ast.Module) -> None:
        self.imported = dict(_imports(module))
        self.own = {name: each for each in module.body for name in _defined(each)}

    def reached(self, node: ast.AST, seen: set[str]) -> set[str]:
        """Everything imported that the node uses, by way of what its module defines as well."""
        found = set()
        for name in {each.id for each in ast.walk(node) if isinstance(each, ast.Name)} - seen:
            if name in self.imported:
                found.add(self.imported[name])
            elif name in self.own:
                seen.add(name)
                found |= self.reached(self.own[name], seen)
        return found


def _is_rule(function: ast.FunctionDef, names: _Names) -> bool:
    reached = names.reached(function, {function.name})
    if any(name.split(".")[0] == "bot" or name in OUTSIDE for name in reached):
        return False
    looks_at = set().union(*(names.reached(each, set()) for each in _annotations(function)), set())
    decides = any(isinstance(each, DECIDES) for each in ast.walk(function))
    return decides and any(name.startswith("rules.") for name in looks_at)


def _functions(module: ast.Module) -> Iterator[ast.FunctionDef]:
    yield from (each for each in module.body if isinstance(each, ast.FunctionDef))


def _annotations(function: ast.FunctionDef) -> Iterator[ast.expr]:
    arguments = function.args
    for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs):
        if each.annotation:
            yield each.annotation


def _imports(module: ast.Module) -> Iterator[tuple[str, str]]:
    for each in ast.walk(module):
        if isinstance(each, ast.ImportFrom):
            yield from ((alias.asname or alias.name, f"{each.module}.{alias.name}") for alias in each.names)
        elif isinstance(each, ast.Import):
            yield from ((alias.asname or alias.name.split(".")[0], alias.name) for alias in each.names)


def _defined(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Assign(targets=targets):
            yield from (target.id for target in targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
