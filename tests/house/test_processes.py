from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import typer.main
import yaml

from bot.__main__ import COMMANDS, command_line
from bot.settings import strange_names


@pytest.fixture(scope="session")
def commands() -> set[str]:
    """What `amicable` understands."""
    return set(COMMANDS)


def test_the_processes_are_commands(house: Path, commands: set[str]) -> None:
    """A host that reads the Procfile starts what exists."""
    processes = yaml.safe_load((house / "Procfile").read_text())
    assert {process.removeprefix("amicable ") for process in processes.values()} - commands == set()


def test_the_image_starts_a_command_as_nobody_special(house: Path, commands: set[str]) -> None:
    """The image runs the same processes, and not as root."""
    dockerfile = (house / "Dockerfile").read_text()
    started = re.findall(r"^CMD (\[.*\])$", dockerfile, re.MULTILINE)
    program, command = json.loads(started[-1])
    assert (program, command in commands, "\nUSER amicable\n" in dockerfile) == ("amicable", True, True)


def test_compose_starts_our_processes_on_a_database_that_is_fit(house: Path, commands: set[str]) -> None:
    """Each is a command of ours, on settings that there are, read-only, and waits for the migration."""
    services = yaml.safe_load((house / "compose.yaml").read_text())["services"]
    ours = {name: service for name, service in services.items() if service["image"] == "amicable"}
    started = {name: service["command"][1] for name, service in ours.items()}
    named = {name for service in ours.values() for name in service["environment"]}
    waits = {name: set(service["depends_on"]) for name, service in ours.items()}

    assert started == {"amicable": "run", **{name: name for name in ("migrate", "web", "socket", "worker")}}
    assert set(started.values()) <= commands
    assert list(strange_names(dict.fromkeys(named, ""), house / "no.env")) == []
    assert waits == {"migrate": {"database"}, **{key: {"migrate"} for key in ("amicable", "web", "socket", "worker")}}
    assert {service["read_only"] for service in ours.values()} == {True}


def test_the_documentation_names_only_commands_that_exist(house: Path, commands: set[str]) -> None:
    """Nobody types a command from the documentation and meets an error."""
    pages = [house / "README.md", house / "docs/operating.md", house / "Makefile", house / "Dockerfile"]
    named = {name for page in pages for name in re.findall(r"(?:`|/)amicable ([a-z]+)", page.read_text())}
    assert named - commands == set()


def test_the_command_line_is_installed(house: Path) -> None:
    """`amicable` leads to the command line of this package."""
    project = tomllib.loads((house / "pyproject.toml").read_text())["project"]
    assert project["scripts"] == {"amicable": "bot.__main__:main"}


def test_each_command_says_what_it_is_for(commands: set[str]) -> None:
    """All are there, though only the one that is typed is loaded."""
    group = typer.main.get_command(command_line())
    told = {name: command.help for name, command in getattr(group, "commands", {}).items()}
    assert (set(told), [name for name, sentence in told.items() if not sentence]) == (commands, [])


def test_a_letter_and_a_score_are_read_without_slack_and_engine() -> None:
    """A command loads what it uses: these two are asked again and again by scripts."""
    looked = "import sys; from bot.__main__ import command_line; command_line(sys.argv[1]); print(*sys.modules)"
    for command, loads in (("letter", set()), ("score", set()), ("web", {"dbos", "slack_bolt"})):
        done = subprocess.run([sys.executable, "-c", looked, command], capture_output=True, text=True, check=True)  # noqa: S603 - ours
        assert {"dbos", "slack_bolt"} & set(done.stdout.split()) == loads
