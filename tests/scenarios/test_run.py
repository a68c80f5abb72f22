"""`amicable run` in front of any Slack-compatible server, with the three settings that it needs."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

from integrations.database.tables import executors
from integrations.sandbox.agency import BIRCH, Agency
from integrations.sandbox.processes import free_port
from integrations.sandbox.world import World

pytestmark = pytest.mark.both_databases

NEEDED = ("AMICABLE_SLACK__API_URL", "AMICABLE_SLACK__BOT_TOKEN", "AMICABLE_SLACK__SIGNING_SECRET")
CLOCK = "AMICABLE_CLOCK_FILE"
ROOT = Path(__file__).parents[2]


def start(world: World, url: str, port: int) -> subprocess.Popen[bytes]:
    """Nothing but these, and the tests' clock, tells the app that this Slack is not Slack."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AMICABLE_")}
    settings = {name: world.app_environment()[name] for name in (*NEEDED, CLOCK)}
    environment = clean | settings | {"DATABASE_URL": url, "AMICABLE_WEB__PORT": str(port)}
    return subprocess.Popen([sys.executable, "-m", "bot", "run"], cwd=ROOT, env=environment)


def wait_until_ready(port: int) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if requests.get(f"http://127.0.0.1:{port}/ready", timeout=10).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise TimeoutError("amicable run is not ready.")


def test_one_command_serves_a_workspace_and_ends_in_order(world: World, database_url: str, engine: sa.Engine) -> None:
    """A newcomer's first evening: three settings, one process; told to end, it leaves its work to the next start."""
    agency, port = Agency(world), free_port()
    running = start(world, database_url, port)
    try:
        wait_until_ready(port)
        world.slack.deliveries.target_url = f"http://127.0.0.1:{port}/slack/events"
        agency.amir.command("/client", "add Acme")
        agency.amir.submit({"channel": BIRCH})
        answer = agency.amir.command("/redflag", "Acme paid three weeks late")
        running.terminate()
        ended = running.wait(30)
    finally:
        running.kill()
        running.wait()
    with engine.connect() as connection:
        alive = connection.scalars(sa.select(executors.c.id)).all()

    assert ("Paid late" in answer.text, ended, alive) == (True, 0, [])
