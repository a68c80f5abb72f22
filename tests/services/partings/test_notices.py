"""The letter: drafted from facts, reviewed by a second person, handed over and never sent by us (BR10, BR11)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.services.partings.notices import NoticeService, NoticeSheet, Wording
from rules.clients.client import Contract
from rules.clients.people import Member
from rules.errors import ConflictError, InvalidError, NotFoundError, RefusedError
from rules.notices import review
from rules.notices.blind import BlindQuestion
from rules.notices.notice import NoticeStatus
from rules.nudges.need import NeedKind
from rules.partings.terms import Talk, Terms
from tests.services.partings.second_readers import rightly

if TYPE_CHECKING:
    from tests.services.partings.conftest import Office

WORKSPACE = "T1"
MONDAY = date(2026, 11, 2)
SETTLED = Terms(deliverables=(), nothing_to_finish=True, amounts_owed="none", referrals="")


@pytest.fixture
def notices(office: Office) -> NoticeService:
    return NoticeService(office.units, office.clock)


def drafted(office: Office, notices: NoticeService, terms: Terms = SETTLED) -> NoticeSheet:
    """Told, settled and drafted by the owner; the contract has no written clause."""
    client = replace(office.client, contract=Contract(reviewed=True, none_written=True))
    with office.units.begin(WORKSPACE) as unit:
        unit.clients.save(client)
    office.tell()
    office.partings.set_terms(WORKSPACE, office.owner, office.parting.id, terms)
    return notices.draft(WORKSPACE, office.owner, office.parting.id)


def read_rightly(office: Office, notices: NoticeService, reader: Member, letter_id: str) -> NoticeSheet:
    """A second reading that takes everything as the facts are."""
    sheet = notices.sheet(WORKSPACE, office.owner, letter_id)
    return notices.read(WORKSPACE, reader, letter_id, rightly(sheet))


def rewrite(office: Office, notices: NoticeService, letter_id: str, subject: str, body: str) -> NoticeSheet:
    """The owner's words, written over those that stand there."""
    notice = notices.sheet(WORKSPACE, office.owner, letter_id).notice
    assert notice
    words = Wording(subject=subject, body=body, seen=review.wording_digest(notice))
    return notices.edit(WORKSPACE, office.owner, letter_id, words)


def approved(office: Office, notices: NoticeService) -> str:
    sheet = drafted(office, notices)
    assert sheet.notice
    notices.submit(WORKSPACE, office.owner, sheet.notice.id)
    read_rightly(office, notices, office.colleague, sheet.notice.id)
    return sheet.notice.id


def test_a_draft_holds_the_facts_of_the_parting(office: Office, notices: NoticeService) -> None:
    """NE04-NE07: what is finished, what is owed and the last day come from the parting."""
    terms = Terms(
        deliverables=(("Spring campaign", date(2026, 11, 13)),),
        nothing_to_finish=False,
        amounts_owed="EUR 1,200 of invoice 17, due 13 November 2026",
        referrals="Studio North",
    )

    sheet = drafted(office, notices, terms)

    assert sheet.notice
    for fact in ("Jo Doe", "Spring campaign", "invoice 17", "Studio North", "18 November 2026"):
        assert fact in sheet.notice.body
    assert (sheet.notice.status, sheet.blocking) == (NoticeStatus.DRAFT, ())


def test_who_works_alone_says_i_and_greets_as_the_client_is_used_to(office: Office, notices: NoticeService) -> None:
    """One form of address, the first name, the day of the talk; "we" only where there are several of us."""
    several = drafted(office, notices).notice
    with office.units.begin(WORKSPACE) as unit:
        client = unit.clients.get(office.client.id)
        unit.clients.save(replace(client, language="nl", address="je", contact_first_name="Jo"))
        for member in unit.people.members():
            if member.id != office.owner.id:
                unit.people.save_member(replace(member, is_deleted=True))
    alone = notices.draft(WORKSPACE, office.owner, office.parting.id).notice

    assert several
    assert alone
    assert "As we discussed on 2 November, we have decided" in several.body
    assert alone.body.startswith("Beste Jo,")
    for words in ("Zoals op 2 november besproken, heb ik besloten", "Wil je mij de ontvangst"):
        assert words in alone.body


def test_a_missing_part_blocks_the_approval_and_cannot_be_let_stand(office: Office, notices: NoticeService) -> None:
    """NE06: what is owed has to be said, if only that nothing is."""
    sheet = drafted(office, notices, replace(SETTLED, amounts_owed=""))
    assert sheet.notice
    notices.submit(WORKSPACE, office.owner, sheet.notice.id)

    with pytest.raises(RefusedError, match="owed"):
        read_rightly(office, notices, office.colleague, sheet.notice.id)
    with pytest.raises(RefusedError):
        notices.override(WORKSPACE, office.owner, sheet.notice.id, sheet.blocking[0].key, "Never mind.")

    assert notices.sheet(WORKSPACE, office.owner, sheet.notice.id).blocking[0].code == "missing_amounts"


def test_blame_blocks_the_approval_until_it_is_gone(office: Office, notices: NoticeService) -> None:
    """CV13: no pointing fingers, whatever the reason; what is no judgement may stand with one."""
    sheet = drafted(office, notices)
    assert sheet.notice
    letter_id, subject, body = sheet.notice.id, sheet.notice.subject, sheet.notice.body

    def rewritten(words: str) -> NoticeSheet:
        changed = body.replace("We wish", f"{words}\n\nWe wish")
        edited = rewrite(office, notices, letter_id, subject, changed)
        notices.submit(WORKSPACE, office.owner, letter_id)
        return edited

    (blame,) = rewritten("You never paid on time.").blocking
    with pytest.raises(RefusedError):
        read_rightly(office, notices, office.colleague, letter_id)
    with pytest.raises(RefusedError, match="can't stay as it is"):
        notices.override(WORKSPACE, office.owner, letter_id, blame.key, "It is true.")

    (counsel,) = rewritten("Our lawyer has read this.").blocking
    notices.override(WORKSPACE, office.owner, letter_id, counsel.key, "She is their friend.")
    assert read_rightly(office, notices, office.colleague, letter_id).is_approved


def test_the_drafter_does_not_approve_the_own_letter(office: Office, notices: NoticeService) -> None:
    """BR11: a second person reviews."""
    sheet = drafted(office, notices)
    assert sheet.notice
    notices.submit(WORKSPACE, office.owner, sheet.notice.id)

    with pytest.raises(RefusedError, match="Another person"):
        read_rightly(office, notices, office.owner, sheet.notice.id)

    assert notices.sheet(WORKSPACE, office.colleague, sheet.notice.id).why_not_approve == ""


def test_any_change_of_words_or_facts_voids_the_approval(office: Office, notices: NoticeService) -> None:
    """An approval binds to exactly this text and these facts."""
    letter = approved(office, notices)
    office.partings.set_terms(WORKSPACE, office.owner, office.parting.id, replace(SETTLED, referrals="Studio North"))

    sheet = notices.sheet(WORKSPACE, office.owner, letter)

    assert (sheet.is_approved, sheet.compose_link) == (False, "")
    with pytest.raises(ConflictError):
        notices.mark_sent(WORKSPACE, office.owner, letter, date(2026, 11, 2))


def test_an_approved_letter_opens_in_the_persons_own_mail_program(office: Office, notices: NoticeService) -> None:
    """BR10: the app hands the letter over and sends nothing."""
    letter = approved(office, notices)

    sheet = notices.sheet(WORKSPACE, office.owner, letter)

    link = urlsplit(sheet.compose_link)
    said = parse_qs(link.query)
    assert sheet.notice
    assert (link.scheme, link.path) == ("mailto", "jo@acme.test")
    body = "\r\n".join(sheet.notice.body.splitlines())
    assert (said["subject"], said["body"]) == ([sheet.notice.subject], [body])


def test_an_unapproved_letter_has_no_way_out(office: Office, notices: NoticeService) -> None:
    """Nothing leaves before its review."""
    assert drafted(office, notices).compose_link == ""


def test_a_letter_is_sent_then_received_and_stays_as_it_was(office: Office, notices: NoticeService) -> None:
    """The days are noted by people; what was sent is not changed any more."""
    letter = approved(office, notices)
    office.clock.move(days=2)
    with pytest.raises(InvalidError):
        notices.mark_sent(WORKSPACE, office.owner, letter, date(2026, 11, 20))
    notices.mark_sent(WORKSPACE, office.owner, letter, date(2026, 11, 3))
    with pytest.raises(InvalidError):
        notices.mark_received(WORKSPACE, office.owner, letter, date(2026, 11, 2))
    with pytest.raises(RefusedError):  # it moves the last day, so it is for those who decide
        notices.mark_received(WORKSPACE, office.colleague, letter, date(2026, 11, 4))
    notices.mark_received(WORKSPACE, office.owner, letter, date(2026, 11, 4))

    with pytest.raises(ConflictError):
        notices.draft(WORKSPACE, office.owner, office.parting.id)
    with pytest.raises(ConflictError):
        rewrite(office, notices, letter, "Other", "words")

    sheet = notices.sheet(WORKSPACE, office.owner, letter)
    assert sheet.notice
    assert (sheet.notice.status, sheet.notice.received_on) == (NoticeStatus.RECEIVED, date(2026, 11, 4))


def test_until_the_client_is_told_the_letter_is_a_matter_of_those_who_decide(
    office: Office, notices: NoticeService
) -> None:
    """A letter that is prepared early is not seen by the rest of the team."""
    sheet = notices.draft(WORKSPACE, office.owner, office.parting.id)
    assert sheet.notice

    with pytest.raises(NotFoundError):
        notices.sheet(WORKSPACE, office.colleague, sheet.notice.id)
    with pytest.raises(NotFoundError):
        notices.of_client(WORKSPACE, office.colleague, office.client.id)


def test_a_letter_in_review_waits_for_another_decider(office: Office, notices: NoticeService) -> None:
    """Neither for its drafter nor for a colleague who does not decide."""
    sheet = drafted(office, notices)
    assert sheet.notice
    notices.submit(WORKSPACE, office.owner, sheet.notice.id)

    with office.units.read(WORKSPACE) as unit:
        people = (office.colleague, office.owner, office.admin)
        asked = [[each.what for each in office.needs(unit, member, NeedKind.LETTER)] for member in people]

    assert asked == [[], [], ["A letter waits for its second reader."]]


def test_the_audit_log_names_acts_and_never_quotes_the_letter(office: Office, notices: NoticeService) -> None:
    """Who did what and when, without the words."""
    approved(office, notices)

    with office.units.read(WORKSPACE) as unit:
        entries = unit.audit.newest(20)

    assert {"letter drafted", "letter submitted", "letter approved"} <= {entry.action for entry in entries}
    assert not any("Dear" in entry.details for entry in entries)


def test_the_notice_period_runs_from_the_receipt(office: Office, notices: NoticeService) -> None:
    """A letter that arrives late moves the last day, with its arithmetic, and the days that are counted from it."""
    letter = approved(office, notices)
    before = office.sheet().parting
    office.clock.move(days=5)
    notices.mark_sent(WORKSPACE, office.owner, letter, date(2026, 11, 3))
    notices.mark_received(WORKSPACE, office.owner, letter, date(2026, 11, 6))

    after = office.sheet().parting
    days = {task.code: task.due_on for task in after.preview.tasks}
    earlier = {task.code: task.due_on for task in before.preview.tasks}
    assert (before.last_day, after.last_day) == (date(2026, 11, 18), date(2026, 11, 20))
    assert days["final_files"] > earlier["final_files"]
    assert "received on Fri 6 Nov 2026" in after.last_day_arithmetic[-1]
    assert "tell them the new day" in after.last_day_arithmetic[-1]


def test_a_day_that_was_agreed_on_in_the_talk_stays(office: Office, notices: NoticeService) -> None:
    """What both agreed on holds, however late the letter comes."""
    named = date(2026, 11, 19)
    office.partings.told(
        WORKSPACE, office.owner, office.parting.id, Talk(held_on=MONDAY, by=office.owner.id, last_day=named)
    )
    office.partings.set_terms(WORKSPACE, office.owner, office.parting.id, SETTLED)
    with office.units.begin(WORKSPACE) as unit:
        unit.clients.save(replace(unit.clients.get(office.client.id), contract=Contract(none_written=True)))
    sheet = notices.draft(WORKSPACE, office.owner, office.parting.id)
    assert sheet.notice
    notices.submit(WORKSPACE, office.owner, sheet.notice.id)
    read_rightly(office, notices, office.colleague, sheet.notice.id)
    office.clock.move(days=10)
    notices.mark_sent(WORKSPACE, office.owner, sheet.notice.id, date(2026, 11, 9))
    notices.mark_received(WORKSPACE, office.owner, sheet.notice.id, date(2026, 11, 10))

    assert office.sheet().parting.last_day == named


def test_a_team_of_one_reads_it_blindly_a_day_later(office: Office, notices: NoticeService) -> None:
    """BR13: the second look is a second reading, not at once and not by a mere click."""
    sheet = drafted(office, notices)
    assert sheet.notice
    with office.units.begin(WORKSPACE) as unit:
        for member in unit.people.members():
            if member.id != office.owner.id:
                unit.people.save_member(replace(member, is_deleted=True))
    letter_id = sheet.notice.id
    notices.submit(WORKSPACE, office.owner, letter_id)
    with pytest.raises(RefusedError, match="Sleep on it"):
        read_rightly(office, notices, office.owner, letter_id)

    office.clock.moment += timedelta(hours=24)
    now = notices.sheet(WORKSPACE, office.owner, letter_id)
    right = rightly(now)
    wrong = replace(right, answers=replace(right.answers, last_day="1 May 2031"))
    misread = notices.read(WORKSPACE, office.owner, letter_id, wrong)
    assert ([*misread.misread], misread.is_approved) == ([BlindQuestion.LAST_DAY], False)
    assert notices.read(WORKSPACE, office.owner, letter_id, right).is_approved
