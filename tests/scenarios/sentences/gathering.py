"""Every sentence in which a failure is told, read from the code that raises it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rules import errors
from rules.sentences import Sentence

HOUSE = Path(__file__).parents[3]
ROOTS = ("rules", "bot", "integrations")
NOT_OURS = {"sandbox", "migrations"}
ERRORS = {name for name in vars(errors) if name.endswith("Error")}
GAP = "…"
_PLACE = re.compile(r"\{(\w+)(?:[:!][^}]*)?\}")
LOST, LOST_AT = "Record", 2  # how a repository says that a row is gone; what to do then it adds itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A sentence with `…` for what is filled in, where it is raised, and what is filled in, as the code has it."""

    sentence: str
    path: str
    fillings: tuple[str, ...] = ()


def gather() -> list[Told]:
    """What the person sees: beside its fields where there are any, else the sentence of the error itself."""
    return [told for root in ROOTS for path in sorted((HOUSE / root).rglob("*.py")) for told in _of_file(path)]


def _of_file(path: Path) -> Iterator[Told]:
    place = path.relative_to(HOUSE)
    if NOT_OURS.intersection(place.parts):
        return
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for scope in _scopes(tree):
        for call, name in _calls(scope):
            for each in _shown(call) if name in ERRORS else call.args[LOST_AT : LOST_AT + 1]:
                yield from _told(each, [scope, tree], place)


def _scopes(tree: ast.Module) -> Iterator[ast.AST]:
    """The functions, each with what it assigns, and the module itself."""
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    yield tree


def _calls(scope: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Calls of the errors and of `Record`; those within functions belong to these."""
    for node in _within(scope):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            name = node.func.id
            if name in ERRORS or name == LOST:
                yield node, name


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, ast.FunctionDef):
            yield child
            yield from _within(child)


def _shown(raised: ast.Call) -> list[ast.expr]:
    beside = raised.args[1] if len(raised.args) > 1 else None
    beside = next((each.value for each in raised.keywords if each.arg == "fields"), beside)
    return list(beside.values) if isinstance(beside, ast.Dict) else [raised.args[0]]


def _told(shown: ast.expr, scopes: list[ast.AST], place: Path) -> Iterator[Told]:
    """A name stands for whatever the function, else the module, gives it; a parameter was raised by who passed it."""
    if isinstance(shown, ast.IfExp):
        yield from _told(shown.body, scopes, place)
        yield from _told(shown.orelse, scopes, place)
        return
    if isinstance(shown, ast.Name):
        given = next((found for scope in scopes if (found := _given(scope, shown.id))), [])
        for each in given:
            yield from _told(each, scopes[1:], place)
        return
    if isinstance(shown, ast.Call) and isinstance(shown.func, ast.Name) and shown.func.id == Sentence.__name__:
        values = {each.arg: ast.unparse(each.value) for each in shown.keywords}
        for form in shown.args:
            template = _text(form, [])
            yield Told(
                sentence=_PLACE.sub(GAP, template),
                path=place.as_posix(),
                fillings=tuple(values[name] for name in _PLACE.findall(template)),
            )
        return
    fillings: list[str] = []
    sentence = _text(shown, fillings)
    if any(sign.isalpha() for sign in sentence):
        yield Told(sentence=sentence, path=place.as_posix(), fillings=tuple(fillings))


def _given(scope: ast.AST, name: str) -> list[ast.expr]:
    found: list[ast.expr] = []
    for node in _within(scope):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == name:
            found.append(node.value)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name:
            found += [node.value] if node.value else []
    return found


def _text(node: ast.expr, fillings: list[str]) -> str:
    match node:
        case ast.Constant(value=str(words)):
            return words
        case ast.JoinedStr(values=parts):
            return "".join(_text(part, fillings) for part in parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _text(left, fillings) + _text(right, fillings)
        case ast.FormattedValue(value=value):
            fillings.append(ast.unparse(value))
            return GAP
        case _:
            fillings.append(ast.unparse(node))
            return GAP
