"""What is asked of a tracker's accounts keeps within Slack's limits, however large the company is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from bot.services.partings.tickets.destinations import MATCHED_AT_ONCE, Matching
from bot.views.partings.tickets.destinations import people_form
from integrations.sandbox.slack.blockkit.limits import check_view
from rules.clients.client import Client
from rules.clients.people import Member
from rules.ports import Account

NOW = datetime(2026, 11, 30, tzinfo=UTC)
LONG = "Maria Margarethe von und zu Oberwaldhausen-Lindenthal"


def test_accounts_of_a_large_company_fit_into_one_form() -> None:
    """Long names, long addresses, and three hundred of each."""
    accounts = tuple(
        Account(id=f"712020:{number:036}", name=LONG, email=f"{number}.{LONG.replace(' ', '.')}@company.example")
        for number in range(300)
    )
    dana = Member(id="U0", workspace_id="T1", team_id="T1", name=LONG, fetched_at=NOW)
    members = [replace(dana, id=f"U{number:010}") for number in range(MATCHED_AT_ONCE)]
    client = Client(id="cl-1", workspace_id="T1", name="Acme", owner_id="U0", stage_since=NOW)
    rows = tuple((member, accounts[-1].id) for member in members)
    view = people_form(
        Matching(client=client, parting_id="pt-1", tracker_label="Jira", accounts=accounts, rows=rows, next_page=1)
    )

    check_view(view, home=False)
    chosen = [block["element"]["initial_option"]["value"] for block in view["blocks"] if block["type"] == "input"]
    assert chosen == [accounts[-1].id] * MATCHED_AT_ONCE
