"""What a view draws for each row of a list carries the row's own id: Slack refuses whatever says one name twice."""

from __future__ import annotations

import ast
from collections.abc import Iterator

VIEWS = "bot/views/"
DRAWN = ("button", "choice", "grouped_choice")
LOOPS = (ast.For, ast.ListComp, ast.SetComp, ast.GeneratorExp, ast.DictComp)
Function = tuple[str, ast.FunctionDef]


def calls(node: ast.AST) -> Iterator[ast.Call]:
    return (each for each in ast.walk(node) if isinstance(each, ast.Call) and isinstance(each.func, ast.Name))


def name_of(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def repeated_parts(loop: ast.AST) -> list[ast.AST]:
    match loop:
        case ast.For(body=body):
            return [*body]
        case ast.DictComp(key=key, value=value):
            return [key, value]
        case ast.ListComp(elt=each) | ast.SetComp(elt=each) | ast.GeneratorExp(elt=each):
            return [each]
        case _:
            return []


def repeated_calls(functions: list[Function]) -> Iterator[tuple[str, ast.Call]]:
    """Those inside a loop, and those of every function that is called from there, however deep."""
    waiting = [
        (path, call)
        for path, function in functions
        for loop in ast.walk(function)
        if isinstance(loop, LOOPS)
        for part in repeated_parts(loop)
        for call in calls(part)
    ]
    seen: set[tuple[str, str]] = set()
    while waiting:
        path, call = waiting.pop()
        yield path, call
        for home, function in functions:
            is_meant = function.name == name_of(call) and (home == path or not function.name.startswith("_"))
            if is_meant and (home, function.name) not in seen:
                seen.add((home, function.name))
                waiting += [(home, each) for each in calls(function)]


def has_own_name(call: ast.Call) -> bool:
    return any(word.arg == "suffix" and not isinstance(word.value, ast.Constant) for word in call.keywords)


def test_what_is_drawn_for_each_row_carries_its_id(modules: dict[str, ast.Module]) -> None:
    """A button, select or list of types that is drawn in a loop says which row it belongs to."""
    functions = [
        (path, node)
        for path, module in modules.items()
        if path.startswith(VIEWS)
        for node in ast.walk(module)
        if isinstance(node, ast.FunctionDef)
    ]
    drawn = {(f"{path}:{call.lineno}", call) for path, call in repeated_calls(functions) if name_of(call) in DRAWN}
    unnamed = sorted({f"{place} {ast.unparse(call)}" for place, call in drawn if not has_own_name(call)})

    assert {"bot/views/home.py", "bot/views/capture/notes.py"} <= {place.partition(":")[0] for place, _ in drawn}
    assert unnamed == []
