"""The end of a parting: the receipt, the frozen record, what was learnt, and the door of a natural fade."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from icalendar import Calendar

from bot.services.partings.tasks.previews import Choice
from integrations.sandbox.agency import AMIR, BIRCH, OLIVIA
from rules.clients.client import Client, Contract
from rules.clients.stages import Origin, Stage
from rules.decisions.decision import Decision
from rules.health.measures import Invoice
from rules.partings.last_steps import Way
from rules.partings.parting import PartingState, Ticket

NAME = "Birch & Barrow"


class Office:
    """Amir's client at the end; what the people of the agency do about it in Slack."""

    def __init__(self, app: Any, birch: Client) -> None:
        self.app = app
        self.amir, self.olivia, self.dana = app.agency.amir, app.agency.olivia, app.agency.dana
        self.team = app.team_id
        self.client_id = birch.id

    def decided(self, origin: Origin, reason: str = "Our work has moved away from this.") -> None:
        """As after the gate, which has tests of its own."""
        now = self.app.world.now()
        with self.app.web.outside.units.begin(self.team) as unit:
            client = replace(unit.clients.get(self.client_id), stage=Stage.DECIDED, origin=origin, owner_id=AMIR,
                             contact_name="Jo Birch", contract=Contract(reviewed=True, none_written=True))  # fmt: skip
            unit.clients.save(client)
            ends_on = (now + timedelta(days=20)).date() if origin is Origin.THEIRS else None
            decision = Decision(id=f"de-{origin}", workspace_id=self.team, client_id=client.id, origin=origin,
                                opened_at=now, opened_by=AMIR, reason=reason, confirmed_at=now, ends_on=ends_on,
                                work_finished=True, all_paid=True)  # fmt: skip
            unit.decisions.save(decision)
            self.parting_id = self.app.web.services.partings.begin(unit, decision, client, AMIR, now).id

    def parting(self) -> Any:
        with self.app.web.outside.units.read(self.team) as unit:
            return unit.partings.get(self.parting_id)

    def client(self) -> Client:
        with self.app.web.outside.units.read(self.team) as unit:
            found: Client = unit.clients.get(self.client_id)
        return found

    def said(self, who: Any, verb: str) -> str:
        """All that the command shows."""
        answer = who.command("/client", f"{NAME} {verb}")
        return f"{answer.error} {[(each.text, each.blocks) for each in answer.messages]} {who.view}"

    def open(self, who: Any, verb: str = "parting") -> Any:
        assert who.command("/client", f"{NAME} {verb}").error == ""
        return who.view

    def hand_over(self) -> None:
        """Told, one task opened on the checklist, and done."""
        for task in self.opened():
            self.app.web.services.partings.task_done(self.team, self.app.member(AMIR), task.id)

    def opened(self, code: str = "") -> list[Ticket]:
        """Told, and this task opened on the checklist, or the first."""
        self.amir.click(self.open(self.amir), "told")
        assert self.amir.submit({}).outcome == "updated"
        sheet = self.app.web.services.partings.sheet(self.team, self.app.member(AMIR), self.parting_id)
        one = frozenset([code or sheet.parting.preview.tasks[0].code])
        revision = sheet.parting.preview.revision
        choice = Choice(tracker="checklist", ticked=one)
        self.app.web.services.previews.revise(self.team, self.app.member(AMIR), self.parting_id, revision, choice)
        self.amir.click(self.open(self.amir), "open_tickets")
        self.app.web.outside.jobs.idle(soon=timedelta(seconds=30), timeout_seconds=60)
        with self.app.web.outside.units.read(self.team) as unit:
            tickets: list[Ticket] = unit.partings.tickets(self.parting_id)
        return tickets[1:]

    def over(self) -> None:
        """Weeks later: what else a close asks for has tests of its own (tests/rules/test_closing.py)."""
        today = self.app.world.now().date()
        with self.app.web.outside.units.begin(self.team) as unit:
            parting = unit.partings.lock(self.parting_id)
            owed = parting.amounts_owed or "none"
            changed = replace(parting, no_letter="They asked for none.", amounts_owed=owed)
            unit.partings.save(replace(changed, last_day=min(parting.last_day, today - timedelta(days=1))))

    def offers_close(self) -> tuple[bool, bool]:
        """Whether Home says that it may be closed, and whether the button stands."""
        self.over()
        return "close the parting" in words(self.amir.home()), "close_now" in words(self.open(self.amir, "close"))

    def close(self, **values: str) -> Any:
        self.over()
        self.amir.click(self.open(self.amir, "close"), "close_now")
        return self.amir.submit({"way": "mail", **values})

    def owe(self, paid: date | None = None, number: str = "2041") -> None:
        now = self.app.world.now()
        with self.app.web.outside.units.begin(self.team) as unit:
            unit.agreements.save_invoice(
                Invoice(id="in-1", workspace_id=self.team, client_id=self.client_id, number=number, amount="900 EUR",
                        due_on=now.date(), paid_on=paid, typed_by=AMIR, typed_at=now)
            )  # fmt: skip


@pytest.fixture
def office(app: Any, birch: Client) -> Office:
    return Office(app, birch)


def words(view: Any) -> str:
    return json.dumps(view, ensure_ascii=False)


def test_a_parting_closes_with_a_receipt_and_is_explained_a_year_later(office: Office) -> None:
    """HO11, D21: who knows how they have everything; the record explains itself when all words are gone."""
    office.decided(Origin.OURS, "The canary reason of nobody.")
    office.hand_over()
    view = words(office.open(office.amir, "close"))
    assert "Nobody has noted yet" in view
    asked = office.close(team_word="Well done, all.")
    office.app.web.outside.jobs.idle(soon=timedelta(seconds=30), timeout_seconds=60)

    parting, snapshot = office.parting(), office.parting().snapshot
    assert (asked.outcome, parting.state, office.client().stage) == ("updated", PartingState.CLOSED, Stage.CLOSED)
    assert (parting.receipt.way, parting.receipt.by_id, snapshot.receipt) == (Way.MAIL, AMIR, Way.MAIL)
    assert (snapshot.last_day, len(snapshot.tasks), bool(snapshot.formula)) == (parting.last_day, 1, True)
    frozen = repr(snapshot)
    assert [text for text in ("canary", NAME, "Jo Birch") if text in frozen] == []
    shown = [message.text for message in office.dana.sees(BIRCH) if "Parting from" in message.text]
    assert len(shown) == 1
    office.amir.click(office.open(office.amir, "close"), "retro")
    stood = words(office.app.agency.amir.command("/client", f"{NAME} close").view)
    assert ("Closed on" in stood, "1 of 1 task done" in stood) == (True, True)


def test_the_word_to_the_team_stands_where_the_progress_stood(office: Office) -> None:
    """AF04: one message, brought up to date, with thanks in it."""
    office.decided(Origin.OURS)
    office.hand_over()
    office.close(team_word="Well done, all.")
    office.app.web.outside.jobs.idle(soon=timedelta(seconds=30), timeout_seconds=60)

    shown = [words(message.blocks) for message in office.dana.sees(BIRCH) if "Parting from" in message.text]
    assert [("Well done, all." in text, "closed." in text) for text in shown] == [(True, True)]


def test_silence_after_the_question_counts_as_a_receipt_and_says_so(office: Office) -> None:
    """The client is asked in their language; five working days later our default is recorded, marked, told once."""
    office.decided(Origin.OURS)
    office.hand_over()
    office.amir.click(office.open(office.amir, "close"), "ask_receipt")
    text = words(office.amir.view)
    early = office.parting().receipt
    for _ in range(24):
        office.app.sweep(timedelta(hours=9))
    office.app.tell()

    receipt = office.parting().receipt
    assert ("confirm with a short reply" in text, early, receipt.way, receipt.by_id) == (True, None, Way.DEFAULT, "")
    assert "by default: they were asked and did not object" in words(office.open(office.amir, "close"))
    told = [m for m in office.amir.dms() if "did not object" in m.text + words(m.blocks)]
    assert len(told) == 1
    office.over()
    office.amir.click(office.open(office.amir, "close"), "close_now")
    assert office.amir.submit({}).outcome == "updated"


def test_what_was_learnt_is_asked_at_the_next_client(office: Office) -> None:
    """AF01-AF03: three questions behind the close; the answer stands in the form that adds a client."""
    office.decided(Origin.OURS)
    office.hand_over()
    before = words(office.dana.command("/client", "add").view)
    office.close()
    learnt = office.amir.submit({"missed": "The small signs", "ask_next": "Who decides about changes?"})
    office.dana.close()
    after = words(office.dana.command("/client", "add Elm").view)

    assert learnt.outcome == "updated"
    assert ("Who decides about changes?" in before, "Who decides about changes?" in after) == (False, True)
    assert office.parting().retro.missed == "The small signs"


def test_thirty_days_later_somebody_looks_back_once(office: Office) -> None:
    """AF05: once, 30 days after the close; the answer settles it."""
    office.decided(Origin.OURS)
    office.hand_over()
    office.close()
    office.app.sweep(timedelta(days=28))
    early = [m for m in office.amir.dms() if "Thirty days have passed" in m.text + words(m.blocks)]
    for _ in range(14):
        office.app.sweep(timedelta(hours=9))
    told = [m for m in office.amir.dms() if "Thirty days have passed" in m.text + words(m.blocks)]
    assert (len(early), len(told)) == (0, 1)

    office.amir.click(office.open(office.amir, "close"), "look_back")
    answer = office.amir.submit({"found": ["access_gone", "money_in"], "feeling": "relief"})
    looked = office.parting().look_back
    assert (answer.outcome, looked.access_gone, looked.feeling.value) == ("updated", True, "relief")
    assert "Thirty days have passed" not in words(office.amir.home())


def test_whoever_led_the_parting_looks_back(office: Office) -> None:
    """AF05: not the client's owner, where somebody else held the talk."""
    office.decided(Origin.OURS)
    office.hand_over()
    office.close()
    with office.app.web.outside.units.begin(office.team) as unit:
        unit.partings.save(replace(unit.partings.lock(office.parting_id), told_by=OLIVIA))
    office.app.sweep(timedelta(days=31))
    office.app.tell()
    told = [any("Thirty days" in str(m.blocks) for m in who.dms()) for who in (office.amir, office.app.agency.olivia)]

    assert told == [False, True]


def test_a_faded_client_comes_back_with_one_click(office: Office) -> None:
    """RF43: thank-you letter, quiet close, and a door that opens again."""
    office.decided(Origin.NATURAL_FADE, "")
    office.hand_over()
    office.amir.click(office.open(office.amir, "letter"), "draft_letter")
    letter = words(office.amir.view)
    assert office.close().outcome == "updated"
    office.amir.click(office.open(office.amir, "close"), "come_back")

    client = office.client()
    assert ("Thank you from" in letter, client.stage, client.origin) == (True, Stage.ACTIVE, None)
    assert office.amir.command("/client", f"{NAME} consider").error == ""
    assert "form_consider" in words(office.amir.view)


def test_a_fade_with_an_open_balance_does_not_close(office: Office) -> None:
    """RF43: an unpaid invoice is no quiet good-bye; once it is paid it is one."""
    office.decided(Origin.NATURAL_FADE, "")
    office.owe()
    office.hand_over()
    held_up = (office.offers_close(), "Invoice 2041 is not paid yet" in words(office.open(office.amir, "close")))
    office.amir.click(office.amir.view, "agreement")
    office.owe(paid=office.app.world.now().astimezone(UTC).date())
    free = office.offers_close()
    closed = office.close()

    assert (held_up, free, closed.outcome) == (((False, False), True), (True, True), "updated")


def test_other_partings_leave_no_door_open(office: Office) -> None:
    """What was decided does not come back by a click."""
    office.decided(Origin.OURS)
    office.hand_over()
    office.close()
    assert "come_back" not in words(office.open(office.amir, "close"))
    with pytest.raises(Exception, match="natural fade"):
        office.app.web.services.closings.come_back(office.team, office.app.member(AMIR), office.parting_id)


@pytest.mark.parametrize(
    ("origin", "subject"),
    [
        (Origin.THEIRS, "confirming our last day"),
        (Origin.NOBODYS_FAULT, "our last day and handover"),
        (Origin.OURS, "our last day and handover"),
    ],
)
def test_each_origin_goes_to_its_end(office: Office, origin: Origin, subject: str) -> None:
    """Ours, theirs (an acknowledgement) and nobody's fault: letter, tasks, receipt, close."""
    office.decided(origin)
    office.hand_over()
    office.amir.click(office.open(office.amir, "letter"), "draft_letter")
    letter = words(office.amir.view)
    closed = office.close()

    assert (subject in letter, "as you told us" in letter) == (True, origin is Origin.THEIRS)
    assert (closed.outcome, office.parting().snapshot.origin) == ("updated", origin)


def test_sums_are_written_into_the_letter_and_leave_it_when_paid(office: Office) -> None:
    """WU11, NE06: invoices come from what was typed, the letter names what is open, and "none" once all is paid."""
    office.decided(Origin.OURS)
    office.owe()
    office.hand_over()
    office.amir.click(office.open(office.amir), "settlement")
    office.amir.click(office.amir.view, "take_invoices")
    office.amir.click(office.amir.view, "add_sum")
    wrong = office.amir.submit({"what": "Deposit", "amount": "lots", "debtor": "we"})
    office.amir.submit({"what": "Deposit", "amount": "150,50", "debtor": "we"})
    office.amir.click(office.open(office.amir, "letter"), "draft_letter")
    letter = words(office.amir.view)
    office.amir.click(office.open(office.amir), "settlement")
    for owed in office.parting().sums:
        office.amir.click(office.amir.view, f"settle_sum.{owed.code}")
    settled = words(office.open(office.amir, "letter"))

    assert "digits" in str(wrong.errors)
    assert ("Invoice 2041: €900," in letter, "Deposit: €150.50, payable to " in letter) == (True, True)
    assert ("There are no outstanding payments" in settled, office.parting().amounts_owed) == (True, "none")
    with office.app.web.outside.units.read(office.team) as unit:
        assert [invoice.paid_on is None for invoice in unit.agreements.invoices(office.client_id)] == [False]


def test_an_invoice_is_listed_whatever_its_number_looks_like(office: Office) -> None:
    """WU11: only what people type there is looked at, and what was listed by itself can be changed like any other."""
    office.decided(Origin.OURS)
    office.owe(number="in_1MtHbELkdIwHu7ixl4OzzPvv")
    amir = office.amir
    amir.click(office.open(amir), "settlement")
    amir.click(amir.view, "take_invoices")
    amir.click(amir.view, "change_sum.in-1")
    amir.submit({"amount": "950"})
    amir.click(amir.view, "change_sum.in-1")
    changed = amir.submit({"what": "FTP, password: tulip"})
    amir.click(office.open(amir), "settlement")
    amir.click(amir.view, "add_sum")
    added = amir.submit({"what": "Deposit, PIN 4711", "amount": "150"})

    assert [(each.what, each.amount) for each in office.parting().sums] == [
        ("Invoice in_1MtHbELkdIwHu7ixl4OzzPvv", Decimal(950))
    ]
    assert ["password manager" in str(each.errors) for each in (changed, added)] == [True, True]


def test_what_is_listed_is_changed_let_go_and_taken_off(office: Office) -> None:
    """WU11, HO07: sums and logins as lists; a list never takes a secret, and keeps who wrote one off by its name."""
    office.decided(Origin.OURS)
    amir = office.amir
    amir.click(office.open(amir), "settlement")
    amir.click(amir.view, "add_sum")
    amir.submit({"what": "Deposit", "amount": "150"})
    amir.click(amir.view, f"change_sum.{office.parting().sums[0].code}")
    amir.submit({"what": "Deposit of May", "amount": "160"})
    amir.click(amir.view, f"let_go_sum.{office.parting().sums[0].code}")
    amir.click(amir.view, "add_belonging")
    refused = amir.submit({"what": "https://ana:tulip@wp.test/admin", "kind": "login", "belongs_to": "client"})
    amir.submit({"what": "WordPress, Ana's login", "kind": "login", "belongs_to": "client"})
    amir.click(amir.view, f"change_belonging.{office.parting().belongings[0].code}")
    amir.submit({"what": "WordPress, the admin's login"})
    listed = words(amir.view)
    amir.click(amir.view, f"drop_belonging.{office.parting().belongings[0].code}")

    assert ("Deposit of May" in listed, "WordPress, the admin's login" in listed) == (True, True)
    assert ("password manager" in str(refused.errors), "tulip" in str(office.parting())) == (True, False)
    assert [(each.amount, each.state.value) for each in office.parting().sums] == [(Decimal(160), "let_go")]
    assert (office.parting().belongings, office.parting().amounts_owed) == ((), "none")


def test_the_days_come_as_a_file_to_whoever_asked_and_name_nobody(office: Office) -> None:
    """A calendar lies open to colleagues: neutral words, in a message of one's own."""
    office.decided(Origin.OURS)
    office.amir.click(office.open(office.amir), "last_day")
    office.amir.click(office.amir.view, "calendar")
    office.app.settle()
    slack = office.app.world.slack.workspace
    (file,) = slack.files.values()
    events = Calendar.from_ical(file.content).walk("VEVENT")
    last_day = next(each.decoded("dtstart") for each in events if each["summary"] == "Last day")

    assert [set(slack.channels[each].members) for each in file.channel_ids] == [{slack.bot_user_id, AMIR}]
    assert (NAME in f"{file.name} {file.content.decode()}", last_day) == (False, office.parting().last_day)


def test_what_is_theirs_is_no_lever_and_goes_back_before_the_close(office: Office) -> None:
    """HO07: a return that waits for money is refused with the reason; unreturned things keep the parting open."""
    office.decided(Origin.OURS)
    (logins,) = office.opened("credentials")
    office.amir.click(office.open(office.amir), "waive")
    kept = office.amir.submit({"task": logins.id, "reason": "They have not paid invoice 2041."})
    office.amir.submit({"task": logins.id, "reason": "They run the logins themselves."})
    office.amir.click(office.open(office.amir), "settlement")
    office.amir.click(office.amir.view, "add_belonging")
    refused = office.amir.submit({"what": "Domain birch.test", "belongs_to": "client", "waits": ["waits"]})
    office.amir.submit({"what": "Domain birch.test", "belongs_to": "client", "waits": []})
    office.amir.click(office.open(office.amir, "close"), "settlement")
    early = office.offers_close()
    said = words(office.open(office.amir, "close"))
    office.amir.click(office.open(office.amir), "settlement")
    office.amir.click(office.amir.view, f"hand_back.{office.parting().belongings[0].code}")
    closed = office.close()

    assert [each for each in (kept, refused) if "whether or not they have paid" not in str(each.errors)] == []
    assert ("Domain birch.test belongs to the client" in said, early, closed.outcome) == (
        True,
        (False, False),
        "updated",
    )


@pytest.mark.parametrize("verb", ["close", "parting", "letter"])
def test_no_word_gives_a_parting_away_before_the_talk(app: Any, birch: Client, verb: str) -> None:
    """BR14: whoever does not decide reads the same sentence whether there is one or not."""
    office = Office(app, birch)
    before = office.said(office.dana, verb)
    office.decided(Origin.OURS)

    assert office.said(office.dana, verb) == before
