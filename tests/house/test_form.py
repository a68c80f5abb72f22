"""Holds the form budgets of `.github/CONTRIBUTING.md`. A budget is a sign to divide, never a reason to squeeze."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path, PurePath

Function = ast.FunctionDef | ast.AsyncFunctionDef
Modules = dict[str, ast.Module]

FUNCTION_LINES = 60
LISTENER_LINES = 25
FILE_LINES = 400
FOLDER_FILES = 16
NESTING = 3
BLOCKS = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def functions(modules: Modules) -> Iterator[tuple[str, Function]]:
    for path, module in modules.items():
        for node in ast.walk(module):
            if isinstance(node, Function):
                yield f"{path}:{node.lineno} {node.name}", node


def lines(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def depth(node: ast.AST, parent: ast.AST | None = None) -> int:
    """How many blocks lie inside one another below this node; an `elif` is no deeper than its `if`."""
    children = [child for child in ast.iter_child_nodes(node) if not isinstance(child, Function | ast.ClassDef)]
    deepest = max((depth(child, node) for child in children), default=0)
    is_elif = isinstance(node, ast.If) and isinstance(parent, ast.If) and parent.orelse == [node]
    return deepest + (isinstance(node, BLOCKS) and not is_elif)


def is_untyped(function: Function) -> bool:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
    annotated = [argument for argument in named if argument is not None and argument.arg not in ("self", "cls")]
    return function.returns is None or any(argument.annotation is None for argument in annotated)


def is_broad(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(name is None or getattr(name, "id", "") in ("Exception", "BaseException") for name in caught)


def test_functions_are_short(modules: Modules) -> None:
    """No function is longer than a screen."""
    too_long = [
        f"{name}: {lines(function)}" for name, function in functions(modules) if lines(function) > FUNCTION_LINES
    ]
    assert too_long == []


def test_listeners_are_short(modules: Modules) -> None:
    """A listener says what happens and leaves the how to a service and a view."""
    listeners = {path: module for path, module in modules.items() if "listeners" in PurePath(path).parts}
    too_long = [
        f"{name}: {lines(function)}" for name, function in functions(listeners) if lines(function) > LISTENER_LINES
    ]
    assert too_long == []


def test_nesting_is_shallow(modules: Modules) -> None:
    """Nobody has to hold more than three conditions in mind to read a line."""
    too_deep = [name for name, function in functions(modules) if max(map(depth, function.body), default=0) > NESTING]
    assert too_deep == []


def test_files_are_short(house: Path, modules: Modules) -> None:
    """No file holds more than a reader takes in at one sitting."""
    lengths = {path: (house / path).read_text().count("\n") for path in modules}
    assert {path: length for path, length in lengths.items() if length > FILE_LINES} == {}


def test_folders_are_small(modules: Modules) -> None:
    """A folder is seen at a glance."""
    folders = Counter(str(PurePath(path).parent) for path in modules if PurePath(path).name != "__init__.py")
    assert {folder: count for folder, count in folders.items() if count > FOLDER_FILES} == {}


def test_everything_is_typed(modules: Modules, modules_of_tests: Modules) -> None:
    """Every function says what it takes and what it gives."""
    assert [name for name, function in functions(modules | modules_of_tests) if is_untyped(function)] == []


def test_errors_are_caught_by_name(modules: Modules) -> None:
    """Only the one error boundary catches everything, so that no failure is swallowed on the way to it."""
    broad = {
        path
        for path, module in modules.items()
        for node in ast.walk(module)
        if isinstance(node, ast.ExceptHandler) and is_broad(node)
    }
    assert broad <= {"bot/errors.py"}


def test_names_say_what_a_file_is_about(modules: Modules) -> None:
    """No file is a drawer for whatever has no place."""
    drawers = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "core", "misc"}
    parts = {part.removesuffix(".py") for path in modules for part in PurePath(path).parts}
    assert parts & drawers == set()


def test_nothing_is_built_by_importing(modules: Modules) -> None:
    """Importing a module opens no connection and reads no environment: the composition root builds the app."""
    built = {"App", "Settings", "create_engine", "Starlette", "WebClient", "DBOS"}
    calls = [
        f"{path}:{statement.lineno}"
        for path, module in modules.items()
        for statement in module.body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and isinstance(statement.value, ast.Call)
        if getattr(statement.value.func, "id", getattr(statement.value.func, "attr", "")) in built
    ]
    assert calls == []


def test_every_test_says_what_somebody_would_notice(modules_of_tests: Modules) -> None:
    """Each test has a sentence of its own."""
    silent = [
        name
        for name, function in functions(modules_of_tests)
        if function.name.startswith("test_") and not ast.get_docstring(function)
    ]
    assert silent == []


def test_an_exception_from_the_linters_has_its_reason(house: Path, modules: Modules, modules_of_tests: Modules) -> None:
    """Whoever meets a `noqa` or an ignored type reads on its line why it has to be."""
    silenced = re.compile(r"# (?:noqa|type: ignore)\b.*")
    marks = re.compile(r"# (?:noqa: [A-Z0-9, ]+|type: ignore\[[a-z, -]+\])|[^a-z]")
    bare = [
        f"{path}:{number}"
        for path in modules | modules_of_tests
        for number, line in enumerate((house / path).read_text().splitlines(), start=1)
        for found in silenced.findall(line)
        if not marks.sub("", found)
    ]
    assert bare == []
