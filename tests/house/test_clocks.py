"""The machine's clock has few readers, each with a reason: all else moves with the product's time."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Modules = dict[str, ast.Module]

READERS = {
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("date", "today"),
    ("time", "time"),
    ("time", "localtime"),
    ("time", "gmtime"),
}

# What lives in real time, in the product and in its tests, and why.
REAL_TIME = {
    "integrations/clock.py": "the clock itself",
    "integrations/engine/client.py": "the engine writes down in real time when a job is due",
    "integrations/sandbox/slack/workspace.py": "triggers, signatures and response addresses grow old in real time",
    "integrations/sandbox/slack/standin.py": "the same",
    "integrations/sandbox/jira/project.py": "issues are asked for by when they were made since an attempt",
    "integrations/sandbox/trello/board.py": "Trello's ids begin with the second in which they were made",
    "tests/clocks.py": "`real_now`, for the tests named below",
}
TESTS_IN_REAL_TIME = {
    "tests/scenarios/test_parting.py": "the next try of a progress message is set in real time",
    "tests/scenarios/test_door.py": "Slack's signatures are good for five minutes",
    "tests/redteam/test_logs.py": "the same",
    "tests/integrations/test_database_units.py": "SQLite's own clock is read where rows are made",
    "tests/integrations/test_engine.py": "beats and finished jobs are the engine's",
    "tests/integrations/test_checklist.py": "what a tracker has is asked for since an attempt",
    "tests/integrations/test_jira.py": "the same",
    "tests/integrations/test_jira_datacenter.py": "the same",
    "tests/integrations/test_jira_endings.py": "the same",
    "tests/integrations/test_trello.py": "the same",
    "tests/integrations/test_trello_boards.py": "the same",
    "tests/integrations/test_tracker_contract.py": "the same",
    "tests/specs/trackers/test_trackers.py": "the same",
    "tests/scenarios/test_setup.py": "the doctor of a new installation counts the days of a token",
}


def machine_readers(modules: Modules) -> set[str]:
    """The files that read the machine's clock, whether they call it or hand it on."""
    return {
        path
        for path, module in modules.items()
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and (node.value.id, node.attr) in READERS
    }


def test_nobody_else_reads_the_machines_clock(modules: Modules, modules_of_tests: Modules) -> None:
    """A rule or a test that did would hold on some days, at some hours, on some machines."""
    assert machine_readers(modules | modules_of_tests) == REAL_TIME.keys()


def test_tests_in_real_time_are_named(modules_of_tests: Modules) -> None:
    """Measurements apart, which time what they do."""
    asking = {
        path
        for path, module in modules_of_tests.items()
        if path != "tests/clocks.py" and not path.startswith("tests/bench/")
        for node in ast.walk(module)
        if isinstance(node, ast.Name) and node.id == "real_now"
    }
    assert asking == TESTS_IN_REAL_TIME.keys()


def test_every_world_begins_when_the_tests_do(modules_of_tests: Modules) -> None:
    """A world without a beginning shows the machine's time."""
    begun = {
        path: [{word.arg for word in call.keywords} & {"starts_at", "now"} for call in outside_worlds(module)]
        for path, module in modules_of_tests.items()
    }
    assert {path for path, worlds in begun.items() if not all(worlds)} == set()
    assert sum(map(len, begun.values())) > 9


def outside_worlds(module: ast.Module) -> Iterator[ast.Call]:
    """Where the sandbox's world, or its Slack alone, is made; other worlds have no file for a clock."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            has_clock = any(isinstance(part, ast.Constant) and part.value == "clock" for part in ast.walk(node))
            if node.func.id == "SlackStandIn" or (node.func.id == "World" and has_clock):
                yield node
