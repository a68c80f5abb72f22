"""`amicable score`: an agency tries the formula on its own files, without a database and without Slack."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import command_line

Score = Callable[..., list[dict[str, Any]]]
NOTES = "client,date,type,severity,who,text"


@pytest.fixture
def score(tmp_path: Path) -> Score:
    """`score({"notes": [...]}, "--on", "2026-03-01")`: what is printed for lists of these lines."""

    def ask(lists: dict[str, list[str]], *args: str) -> list[dict[str, Any]]:
        files = []
        for name, lines in lists.items():
            files.append(tmp_path / f"{name}.csv")
            files[-1].write_text("\n".join(lines))
        result = CliRunner().invoke(command_line(), ["score", *map(str, files), *args, "--json"])
        assert result.exit_code == 0, result.output
        clients: list[dict[str, Any]] = json.loads(result.stdout)["clients"]
        return clients

    return ask


def test_each_day_asked_for_gives_each_client_with_lines_that_add_up(score: Score) -> None:
    """Notes and invoices in files; the order is that of the days, and the shown number is the rounded sum."""
    notes = [
        NOTES,
        *(f"Acme,2026-03-0{day},disrespect,red,dana@x.test," for day in (2, 3, 9)),
        "Birch,2026-03-02,praise,,,",
    ]
    invoices = ["client,number,due_on,amount,paid_on", "Acme,1,2026-02-02,EUR 100,2026-03-20"]
    told = score({"notes": notes, "invoices": invoices}, "--on", "2026-03-10", "--on", "2026-02-10", "--team", "1")
    assert [(each["name"], each["on"]) for each in told] == [
        ("Acme", "2026-03-10"),
        ("Birch", "2026-03-10"),
        ("Acme", "2026-02-10"),
        ("Birch", "2026-02-10"),
    ]
    sums = [round(sum(line["points"] for line in each["lines"]), 1) for each in told]
    # 100 - 9.2 - 7.2 * 0.7071 of one week - 11.8 of the next - 11.7 of the invoice that is 36 days late
    assert (told[0]["score"], sums[0]) == (62, 62.3)
    assert [(each["score"], each["band"]) for each in told] == [
        (62, "watch"),
        (None, "too_early_to_say"),
        (None, "too_early_to_say"),
        (None, "too_early_to_say"),
    ]


def test_words_are_sorted_as_redflag_would_and_a_guess_of_abuse_waits(score: Score) -> None:
    """A guess is marked; what would alarm neither counts nor alarms before its reporter says that it is meant."""
    told = score(
        {
            "notes": [
                NOTES,
                "Acme,2026-03-02,,,d@x.test,they paid late again",
                "Acme,2026-03-02,,,d@x.test,he screamed at us",
            ]
        },
        "--on",
        "2026-03-03",
    )
    lines = [(x["kind"], x["type"], x["side"], x["guessed"]) for x in told[0]["lines"] if "type" in x]
    assert (lines, told[0]["band"]) == (
        [("flag", "late_payment", "theirs", True), ("unconfirmed", "abuse", "theirs", True)],
        "too_early_to_say",
    )


def test_credits_zero_void_drafts_and_weekends_accuse_nobody(score: Score) -> None:
    """Money is a fact only where money is owed, and banks are closed on Sundays and holidays of the country."""
    invoices = [
        "client,number,due_on,amount,paid_on,status",
        "Acme,1,2026-01-05,EUR -100.00,,",
        "Acme,2,2026-01-05,0.00,,",
        "Acme,3,2026-01-05,EUR 100.00,,Voided",
        "Acme,4,2026-01-05,EUR 100.00,,draft",
        "Acme,5,2026-01-04,EUR 100.00,2026-01-05,",
        "Acme,6,2026-04-27,EUR 100.00,2026-04-28,",
        "Acme,7,2026-04-28,EUR 100.00,2026-04-29,",
    ]
    clients = ["name,country", "Acme,NL"]
    told = score({"invoices": invoices, "clients": clients}, "--on", "2026-05-04")
    assert [line["says"] for line in told[0]["lines"] if line["kind"] == "flag"] == [
        "Paid late, 2026-04-29: Invoice 7 EUR 100.00, due on 2026-04-28, paid on 2026-04-29"
    ]


def test_an_invoice_weighs_by_how_late_it_is_and_is_one_fact(score: Score) -> None:
    """One day late is not sixty; who types it, and how often, makes no difference, nor does the list say it twice."""
    invoices = ["client,number,due_on,amount,paid_on", "Acme,1,2026-01-05,EUR 9,", "Acme,1,2026-01-05,EUR 9,2026-03-06"]
    notes = [NOTES, "Acme,2026-01-09,late_payment,,amir@x.test,", "Acme,2026-01-12,late_payment,,dana@x.test,"]
    days = ("2026-01-08", "2026-01-09", "2026-01-19", "2026-01-20", "2026-02-04", "2026-02-05", "2026-03-06")
    told = score({"invoices": invoices, "notes": notes}, *(word for day in days for word in ("--on", day)))
    assert [[x["points"] for x in each["lines"] if x["kind"] == "flag"] for each in told] == [
        [-1.4],
        [-3.6],
        [-3.6],
        [-7.2],
        [-7.2],
        [-11.7],
        [-11.7],
    ]


def test_whoever_pays_nothing_is_judged(score: Score) -> None:
    """Each open invoice is an event of its own date, although all of them are open today, however long it has been."""
    months = range(1, 6)
    invoices = ["client,number,due_on,amount,paid_on", *(f"Acme,{month},2026-0{month}-12,EUR 9,," for month in months)]
    told = score({"invoices": invoices}, *(f"--on={day}" for day in ("2026-03-12", "2026-03-20", "2026-12-20")))
    assert [each["band"] for each in told] == ["too_early_to_say", "watch", "consider"]


def test_a_week_a_line(score: Score) -> None:
    """`--weekly` tells a history: each Sunday from the first note on, and the day itself."""
    told = score({"notes": [NOTES, "Acme,2026-03-04,slow_reply,,,"]}, "--weekly", "--on", "2026-03-17")
    assert [each["on"] for each in told] == ["2026-03-08", "2026-03-15", "2026-03-17"]


def test_a_planted_turn_is_found_within_a_week_and_a_flat_ledger_has_none(score: Score) -> None:
    """RF42: since when."""
    good = [f"Acme,2026-{month:02}-{day:02},clear_brief,,a@x.test," for month in range(1, 9) for day in (5, 19)]
    bad = [
        f"Acme,2026-{month:02}-{day:02},disrespect,red,a@x.test," for month, day in ((6, 10), (6, 17), (6, 24), (7, 1))
    ]
    turned, flat = (score({"notes": [NOTES, *lines]}, "--on", "2026-08-20")[0] for lines in ([*good, *bad], good))
    assert [(each["trend"], each["since"]) for each in (turned, flat)] == [("down", "2026-06-15"), ("steady", None)]


def test_a_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """With its number and what to write instead."""
    notes = tmp_path / "notes.csv"
    notes.write_text(f"{NOTES}\nAcme,3/4/2026,praise,,,")
    result = CliRunner().invoke(command_line(), ["score", str(notes)])
    assert (result.exit_code, "notes.csv, line 2: date: “3/4/2026” can be read in two ways" in result.output) == (
        1,
        True,
    )
