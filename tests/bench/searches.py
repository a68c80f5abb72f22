"""A client's name, typed key by key into a select, with 10,000 clients to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict

import sqlalchemy as sa

from bot.ids import Action
from integrations.database import tables
from integrations.database.connect import open_database
from rules.clients.names import normal, sought
from tests.bench import processes
from tests.bench.databases import KINDS, Databases
from tests.bench.ledgers import Ledger
from tests.bench.load import Load
from tests.bench.measures import Measure
from tests.bench.processes import SECRET
from tests.bench.slack_stub import TEAM

CLIENTS = 10_000
KEYS_A_SECOND = 20
TYPED = ("", "c", "cl", "cli", "clie", "client 09", "client 0999", "caf", "café 4", "bakk", "kers 77", "999")


def search(databases: Databases, seconds: float) -> Iterator[Measure]:
    """Every text matches somebody; most match thousands, so that each answer holds Slack's hundred options."""
    for kind in KINDS:
        with databases.fresh(kind) as url, processes.slack() as slack:
            _fill(url)
            with processes.web(slack, url) as web:
                load = Load(
                    port=web.port,
                    secret=SECRET,
                    select=Action.PICK_CLIENT.value,
                    texts=TYPED,
                    answered="Client ",
                    seconds=seconds,
                    connections=32,
                    rate=KEYS_A_SECOND,
                )
                served = processes.send(load)
        name = f"client search p99, {CLIENTS:,} clients, {kind}"
        yield Measure(name=name, value=served.p99, unit="ms", at_most=200, more=asdict(served))


def _fill(url: str) -> None:
    """Each client has another name beside its own."""
    engine = open_database(url)
    ledger = Ledger(engine, clients=CLIENTS, recent=0)
    others = [(each, f"Café Bakkers {number}") for number, each in enumerate(ledger.client_ids)]
    rows = [
        {"workspace_id": TEAM, "client_id": each, "normal_name": normal(name), "sought": sought(name)}
        for each, name in others
    ]
    with engine.begin() as connection:
        connection.execute(tables.client_names.insert(), rows)
        connection.execute(sa.text("ANALYZE"))
    engine.dispose()
