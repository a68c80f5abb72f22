"""The dialogs around the end of a parting keep within Slack's limits, however long and nasty the lists are."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from bot.services.partings.closing.closings import ClosingSheet
from bot.services.partings.closing.lessons import LessonSheet
from bot.services.partings.closing.settlements import SettlementSheet
from bot.services.partings.talks import TalkSheet
from bot.services.partings.tasks.deliverables import DeliverableSheet
from bot.views.partings import closing, deliverables, settlement, talk
from integrations.sandbox.slack.blockkit.limits import check_view
from rules.clients.client import Client
from rules.clients.stages import Origin, Stage
from rules.errors import InvalidError
from rules.notices.notice import NoticeFacts
from rules.partings.belongings import Belonging, Holder, Sum
from rules.partings.deliverables import MOST_ITEMS, Answer, ClientQuestion, Deliverable, Said, Source
from rules.partings.last_steps import Receipt, ReceiptQuestion, Retro, Way
from rules.partings.parting import Parting, PartingState, Preview, TalkPlan

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = date(2026, 12, 18)
NASTY = ("<!channel> *A & B* " * 6)[:110]
CLIENT = Client(id="cl", workspace_id="T1", name=NASTY[:24], owner_id="U1", stage=Stage.HANDING_OFF, stage_since=NOW)


def item(number: int) -> Deliverable:
    said = Said(answer=Answer(list(Answer)[number % 3]), source=Source.DEFAULT, due_on=DAY, on=DAY, by_id="U1")
    answers = (said,) * (number % 8)
    return Deliverable(
        code=f"deliverable_{number}", title=f"{NASTY} {number}", due_on=DAY, note=NASTY * 4, said=answers
    )


def parting(**changes: object) -> Parting:
    made = Parting(
        id="pt",
        workspace_id="T1",
        client_id="cl",
        decision_id="de",
        origin=Origin.OURS,
        state=PartingState.OPEN,
        last_day=DAY,
        last_day_arithmetic=("Notice received + 30 days.",),
        told_at=NOW,
        told_by="U1",
        preview=Preview(revision=3, tracker="jira", tasks=()),
        items=tuple(item(number) for number in range(MOST_ITEMS)),
        question=ClientQuestion(asked_on=DAY, until=DAY, default=Answer.DROP, asked_by="U1"),
        sums=tuple(
            Sum(code=f"s{n}", what=NASTY, amount=Decimal("1200.5"), currency="EUR", due_on=DAY) for n in range(20)
        ),
        belongings=tuple(Belonging(code=f"b{n}", what=NASTY, belongs_to=Holder.CLIENT) for n in range(20)),
        amounts_owed=NASTY,
        created_at=NOW,
        created_by="U1",
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # the fields of a parting, by name


def facts() -> NoticeFacts:
    listed = tuple((NASTY, DAY) for _ in range(40))
    return NoticeFacts(
        client_name=NASTY, contact_name=NASTY, sender_name="S", company_name="C", language="en", last_day=DAY,
        reason=NASTY * 10, clause="", clause_answered=True, deliverables=listed, handovers=listed, amounts_owed="none",
        referrals="", since_year=None,
    )  # fmt: skip


def test_the_longest_lists_fit_into_slack() -> None:
    """Forty deliverables, twenty sums and twenty things with the nastiest names: each dialog and form opens."""
    listed = DeliverableSheet(client=CLIENT, parting=parting(), tickets={}, question_text=NASTY * 40,
                              suggestions=((NASTY, DAY),), may_decide=True, today=DAY)  # fmt: skip
    money = SettlementSheet(client=CLIENT, parting=parting(), invoices=(), may_decide=True, today=DAY)
    asked = parting(receipt_question=ReceiptQuestion(asked_on=DAY, until=DAY, asked_by="U1"))
    ending = ClosingSheet(client=CLIENT, parting=asked, why_not_close="", receipt_text=NASTY * 40, unpaid=(NASTY,) * 30,
                          tasks=60, may_decide=True, today=DAY)  # fmt: skip
    learnt = LessonSheet(
        client=CLIENT,
        parting=parting(retro=Retro(missed=NASTY * 4, worked=NASTY * 4, ask_next=NASTY, by_id="U1", on=DAY)),
        may_decide=True,
    )
    said = TalkSheet(client=CLIENT, parting=parting(), plan=TalkPlan(points=NASTY * 30), draft=NASTY,
                     answers=(NASTY * 2,) * 6, facts=facts())  # fmt: skip

    for shown in (
        deliverables.deliverables_dialog(listed),
        deliverables.item_form(listed, "deliverable_3"),
        deliverables.ask_form(listed),
        deliverables.answers_form(listed),
        settlement.settlement_dialog(money),
        settlement.sum_form(money),
        settlement.belonging_form(money),
        closing.closing_dialog(ending),
        closing.close_form(ending),
        closing.receipt_form(ending),
        closing.closed_dialog(ending),
        closing.retro_form(learnt),
        closing.look_back_form(learnt),
        closing.noted_dialog(learnt),
        talk.talk_dialog(said),
        talk.talk_form(said),
    ):
        check_view(shown, home=False)
        texts = [block["text"] for block in shown["blocks"] if block["type"] == "section"]
        assert [text["text"] for text in texts if text["type"] == "mrkdwn" and "<!channel>" in text["text"]] == []


@pytest.mark.parametrize("typed", ["", "lots", "1,234.50", "NaN", "1e5000", "10.123", "Infinity"])
def test_a_sum_that_is_none_is_refused_beside_its_field(typed: str) -> None:
    """Rubbish in the field for a sum is a sentence, never an error."""
    with pytest.raises(InvalidError) as refused:
        settlement.read_sum({"what": "x", "amount": typed, "currency": "EUR", "due_on": "2026-12-01"})
    assert list(refused.value.fields) == ["amount"]


def test_a_default_is_never_shown_as_somebodys_word() -> None:
    """What was recorded by default says so."""
    by_default = parting(receipt=Receipt(on=DAY, way=Way.DEFAULT))
    sheet = ClosingSheet(client=CLIENT, parting=by_default, why_not_close="x", receipt_text="", unpaid=(), tasks=1,
                         may_decide=True, today=DAY)  # fmt: skip
    assert "by default: they were asked and did not object" in json.dumps(closing.closing_dialog(sheet))


def test_a_text_that_could_only_be_english_says_so() -> None:
    """LG06: a German client gets the question, the talk and the receipt in English, and whoever sends them is told."""
    german = replace(CLIENT, language="de")
    asked = parting(
        question=ClientQuestion(asked_on=DAY, until=DAY, default=Answer.FINISH, asked_by="U1"),
        receipt_question=ReceiptQuestion(asked_on=DAY, until=DAY, asked_by="U1"),
    )
    for client, told in ((CLIENT, False), (german, True)):
        question = DeliverableSheet(client=client, parting=asked, tickets={}, question_text="Which?", suggestions=(),
                                    may_decide=True, today=DAY)  # fmt: skip
        receipt = ClosingSheet(client=client, parting=asked, why_not_close="", receipt_text="Did it arrive?", unpaid=(),
                               tasks=1, may_decide=True, today=DAY)  # fmt: skip
        said = TalkSheet(client=client, parting=asked, plan=TalkPlan(), draft="We end it.", answers=(), facts=facts())
        shown = (deliverables.deliverables_dialog(question), closing.closing_dialog(receipt), talk.talk_dialog(said))
        assert ["no texts in German yet" in json.dumps(each) for each in shown] == [told] * 3
