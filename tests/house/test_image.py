"""The image as far as it can be read without building it, and what looks at our pins."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
import requests
import responses

from tests.bench import audit

REAL = re.compile(r"^python:3\.\d+-slim@sha256:[0-9a-f]{64}$")


def instructions(house: Path) -> list[tuple[str, str]]:
    """Each instruction with its arguments, lines joined."""
    text = (house / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [
        (name, rest) for name, _, rest in (line.partition(" ") for line in text.splitlines()) if name.isupper() and rest
    ]


def test_the_image_is_pinned_runs_without_rights_and_asks_our_own_check(house: Path) -> None:
    """The base by digest, pins by hash, no root, no byte code written, its data for the account alone."""
    told = instructions(house)
    bases = [rest.partition(" ")[0] for name, rest in told if name == "FROM"]
    installs = [part for name, rest in told if name == "RUN" for part in rest.split("&&") if "pip install" in part]
    last = dict(told)

    assert ([bool(REAL.match(base)) for base in bases], len(set(bases))) == ([True, True], 1)
    assert [part for part in installs if "--require-hashes" not in part and "/dist/amicable" not in part] == []
    assert (last["USER"], last["VOLUME"]) == ("amicable", "/app/data")
    assert 'CMD ["amicable", "health"]' in last["HEALTHCHECK"]
    assert "PYTHONDONTWRITEBYTECODE=1" in last["ENV"]
    assert any("-m 0700" in rest and "/app/data" in rest for name, rest in told if name == "RUN")


@pytest.mark.parametrize("there", [False, True])
def test_ci_builds_and_starts_the_image_or_says_that_it_can_not(house: Path, tmp_path: Path, *, there: bool) -> None:
    """Where Docker is there: built, its story played, its processes healthy, and nothing left behind."""
    told = tmp_path / "told"
    told.touch()
    for name in ("bash", "cat", "dirname", "git", "head", "mktemp", "rm", "sed", "tar"):
        (tmp_path / name).symlink_to(str(shutil.which(name)))
    if there:
        docker = tmp_path / "docker"
        docker.write_text(f'#!/bin/sh\necho "$@" >> {told}\n')
        docker.chmod(0o700)
    ended = subprocess.run(  # noqa: S603 - our own script
        [house / ".ci/image"], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True
    )
    steps = [
        re.sub(r"^compose --project-name \S+ --profile apart ", "", line) for line in told.read_text().splitlines()
    ]

    base = next(rest.partition(" ")[0] for name, rest in instructions(house) if name == "FROM")
    assert "\n.ci/image\n" in (house / ".ci/run").read_text()
    assert ("No Docker here" in ended.stderr, "healthy" in ended.stderr) == (not there, there)
    assert steps[2:] == (
        [
            f"pull --quiet {base}",
            "pull --quiet database",
            "build",
            "run --rm --read-only --tmpfs /tmp --cap-drop ALL amicable amicable sandbox --port 0 --play --exit --json",
            "up --detach --wait --wait-timeout 180 web worker",
            "down --volumes",
        ]
        if there
        else []
    )


def test_each_pin_has_its_hashes(house: Path) -> None:
    """What is installed is what was looked at."""
    for file in (house / "requirements").glob("*.txt"):
        for part in re.split(r"\n(?=\S)", file.read_text(encoding="utf-8")):
            assert not audit.PIN.match(part) or "--hash=sha256:" in part


def _answer(vulnerable: str) -> Mapping[str, object]:
    found = [
        {"vulns": [{"id": "GHSA-made-up"}]} if name == vulnerable else {} for name, _ in audit.pins(audit.REQUIREMENTS)
    ]
    return {"json": {"results": found}}


@pytest.mark.parametrize(
    ("answer", "ended", "said"),
    [
        (_answer("nobody"), audit.NOTHING, ""),
        (_answer("requests"), audit.FOUND, "GHSA-made-up"),
        ({"body": requests.ConnectionError("away")}, audit.NOT_ASKED, "could not be asked"),
        ({"status": 503}, audit.NOT_ASKED, "could not be asked"),
        ({"body": "<html>"}, audit.NOT_ASKED, "could not be asked"),
    ],
    ids=["none", "one", "no network", "an error", "no JSON"],
)
@responses.activate
def test_the_audit_tells_an_advisory_from_none_and_from_no_answer(
    answer: dict[str, object], ended: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever could not be asked has not said that all is well."""
    responses.add(responses.POST, audit.ADVISORIES, **answer)  # type: ignore[arg-type]  # rows share what is alike
    code = audit.main()
    told = "".join(capsys.readouterr())

    assert (code, said in told) == (ended, True)
    asked = json.loads(responses.calls[0].request.body or "{}")["queries"]
    assert {"package": {"name": "requests", "ecosystem": "PyPI"}} in [{"package": each["package"]} for each in asked]
