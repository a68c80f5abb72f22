"""The letter on screen: the exact words to copy, what a reviewer should see, and the way out once it is approved."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

from bot.services.partings.notices import NoticeSheet
from bot.views.partings import letter
from bot.views.partings.remedies import remedy
from integrations.sandbox.slack.blockkit.limits import check_view
from rules.clients.client import Client
from rules.clients.stages import Origin, Stage
from rules.notices import review
from rules.notices.draft import required
from rules.notices.notice import Notice, NoticeFacts, NoticeStatus
from rules.partings.parting import Parting, Preview

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
FACTS = NoticeFacts(
    client_name="Acme",
    contact_name="Jo Doe",
    sender_name="Amir",
    company_name="Agency",
    language="en",
    last_day=date(2026, 12, 18),
    reason="The work has moved away from what we do best.",
    clause="",
    clause_answered=True,
    deliverables=(),
    handovers=(),
    amounts_owed="none",
    referrals="",
    since_year=2020,
    nothing_to_finish=True,
)


def sheet(status: NoticeStatus = NoticeStatus.DRAFT, body: str = "", *, may_decide: bool = True) -> NoticeSheet:
    client = Client(
        id="cl",
        workspace_id="T1",
        name="Acme",
        owner_id="U1",
        stage=Stage.TOLD,
        stage_since=NOW,
        contact_email="jo@acme.test",
    )
    parting = Parting(
        id="pt",
        workspace_id="T1",
        client_id="cl",
        decision_id="de",
        origin=Origin.OURS,
        last_day=date(2026, 12, 18),
        last_day_arithmetic=(),
        preview=Preview(revision=1, tracker="jira", tasks=()),
        created_at=NOW,
        created_by="U1",
        told_at=NOW,
        told_by="U1",
    )
    blank = Notice(
        id="no",
        workspace_id="T1",
        client_id="cl",
        parting_id="pt",
        language="en",
        subject="",
        body="",
        facts_digest="",
        drafted_by="U1",
        drafted_at=NOW,
    )
    drafted = review.start(blank, FACTS)
    notice = replace(drafted, status=status, body=body or drafted.body)
    found = review.all_findings(notice, FACTS)
    return NoticeSheet(
        client=client,
        parting=parting,
        notice=notice,
        facts=FACTS,
        findings=found,
        blocking=review.blocking(notice, found),
        is_approved=status is NoticeStatus.APPROVED,
        may_decide=may_decide,
        today=NOW.date(),
    )


def text_of(shown: object) -> str:
    return json.dumps(shown, ensure_ascii=False)


def test_the_letter_is_shown_in_its_own_characters() -> None:
    """What is copied from the dialog is what was approved: nothing is escaped, no emoji is made of a colon."""
    drafted = sheet()
    assert drafted.notice

    shown = letter.letter_dialog(drafted)

    plain = [block["text"]["text"] for block in shown["blocks"] if block.get("text", {}).get("type") == "plain_text"]
    assert "\n\n".join(plain[1:]) == drafted.notice.body.strip()
    check_view(shown, home=False)


def test_a_long_letter_full_of_findings_still_fits() -> None:
    """Thousands of words and hundreds of findings are one dialog that Slack accepts."""
    long = sheet(NoticeStatus.APPROVED, "Dear Jo,\n\n" + "You never paid on time. You always failed.\n\n" * 150)
    assert long.notice

    for shown in (letter.letter_dialog(long), letter.override_form(long, long.notice)):
        check_view(shown, home=False)


def test_a_letter_in_another_language_says_that_typed_words_are_not_translated() -> None:
    """An English reason in a Dutch letter is nothing that the tone check finds."""
    known = sheet()
    assert known.notice is not None
    dutch = replace(known, notice=replace(known.notice, language="nl"))
    assert ["as they were typed" in text_of(letter.letter_dialog(each)) for each in (known, dutch)] == [False, True]


def test_a_finding_quotes_the_words_and_can_be_let_stand() -> None:
    """CV13: blame is in the way until it is gone, or let stand with a reason."""
    shown = text_of(letter.letter_dialog(sheet(body="Dear Jo Doe,\n\nYou never paid on time.")))

    assert "In the way:" in shown
    assert "You never paid on time." in shown
    assert '"action_id": "override"' in shown


def test_only_an_approved_letter_offers_the_way_into_the_mail_program() -> None:
    """BR10: and even then the person sends it."""
    drafted, approved = (
        text_of(letter.letter_dialog(sheet(status))) for status in (NoticeStatus.DRAFT, NoticeStatus.APPROVED)
    )

    assert "mailto:" not in drafted
    assert "<mailto:jo@acme.test?subject=" in approved
    assert "Amicable sends nothing" in approved


def test_whoever_does_not_decide_can_only_review() -> None:
    """A colleague sees the letter and approves it; editing and sending is for those who decide."""
    shown = text_of(letter.letter_dialog(sheet(NoticeStatus.IN_REVIEW, may_decide=False)))

    assert "approve_letter" in shown
    assert "edit_letter" not in shown


def test_whatever_a_letter_misses_has_the_button_that_settles_it() -> None:
    """CN04, NE04-NE08, RF43: no finding about a fact stands there without its way out."""
    bare = replace(FACTS, last_day=None, reason="", clause_answered=False, nothing_to_finish=False, amounts_owed="",
                   sender_name="", client_name="")  # fmt: skip
    faded = replace(FACTS, origin=Origin.NATURAL_FADE, amounts_owed="EUR 90", unanswered=("Site",))
    found = [each for facts in (bare, faded) for each in required(facts)]
    assert (len({each.code for each in found}), [each.code for each in found if not remedy(sheet(), each)]) == (9, [])
