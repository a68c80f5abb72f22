"""From draft to received: a second person, an approval that binds, and nothing sent by us (BR11, NE03, TN05)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from rules.errors import AmicableError, ConflictError, InvalidError, RefusedError
from rules.notices import review
from rules.notices.finding import Finding
from rules.notices.notice import Notice, NoticeFacts, NoticeStatus
from rules.notices.review import (
    all_findings,
    approve,
    edit,
    follow_facts,
    is_approved,
    mark_received,
    mark_sent,
    override,
    start,
    submit,
)
from tests.examples import examples

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TEAM, ALONE = frozenset({"U1", "U2"}), frozenset({"U1"})
FACTS = NoticeFacts(
    client_name="Acme",
    contact_name="Ana Ruiz",
    sender_name="Sam Lee",
    company_name="Studio North",
    language="en",
    last_day=date(2026, 12, 31),
    reason="The work no longer fits the direction of our studio",
    clause="",
    clause_answered=True,
    deliverables=(("Spring campaign", date(2026, 12, 11)),),
    handovers=(),
    amounts_owed="none",
    referrals="",
    since_year=2023,
)


def blocking(notice: Notice, facts: NoticeFacts) -> tuple[Finding, ...]:
    return review.blocking(notice, all_findings(notice, facts))


def why_not_approve(notice: Notice, facts: NoticeFacts, by: str, team_ids: frozenset[str], now: datetime) -> str:
    return review.why_not_approve(notice, facts, blocking(notice, facts), by, team_ids, now)


def drafted() -> Notice:
    blank = Notice(
        id="n1",
        workspace_id="T1",
        client_id="k1",
        parting_id="x1",
        language="",
        subject="",
        body="",
        facts_digest="",
        drafted_by="U1",
        drafted_at=NOW,
    )
    return start(blank, FACTS)


def in_review() -> Notice:
    return submit(drafted(), FACTS)


def approved() -> Notice:
    return approve(in_review(), FACTS, "U2", TEAM, NOW)


def rewritten(words: str) -> Notice:
    notice = drafted()
    return submit(
        edit(notice, notice.subject, notice.body.replace("We wish", f"{words}\n\nWe wish"), FACTS, "U1", NOW), FACTS
    )


def test_a_letter_goes_from_draft_to_received() -> None:
    """Each step is a person's; the last one starts the notice period."""
    sent = mark_sent(approved(), FACTS, date(2026, 11, 24))
    received = mark_received(sent, date(2026, 11, 25))
    steps = [each.status.value for each in (drafted(), in_review(), approved(), sent, received)]
    assert steps == ["draft", "in review", "approved", "sent", "received"]
    assert (received.sent_on, received.received_on) == (date(2026, 11, 24), date(2026, 11, 25))


def test_the_drafter_does_not_approve() -> None:
    """In a team another person approves, however long the drafter waits."""
    assert why_not_approve(in_review(), FACTS, "U1", TEAM, NOW + 30 * DAY) == (
        "You wrote this letter. Another person approves it."
    )
    assert why_not_approve(in_review(), FACTS, "U9", TEAM, NOW).startswith("Only people who may see this client")


def test_a_team_of_one_takes_a_second_look() -> None:
    """BR13: a freelancer approves their own letter a day after the last change."""
    moments = [NOW + DAY - timedelta(seconds=1), NOW + DAY]
    answers = [why_not_approve(in_review(), FACTS, "U1", ALONE, now) for now in moments]
    assert answers == ["Sleep on it: your own second look opens on Tue 24 Nov 2026, 12:00.", ""]


def test_a_draft_is_not_approved_before_it_is_submitted() -> None:
    """Approval is an answer to a question."""
    with pytest.raises(RefusedError, match="not in review"):
        approve(drafted(), FACTS, "U2", TEAM, NOW)
    with pytest.raises(ConflictError, match="already in review"):
        submit(in_review(), FACTS)


def test_any_change_of_words_voids_the_approval() -> None:
    """One comma more and it is a draft again; whoever changed it is its drafter now."""
    notice = approved()
    changed = edit(notice, notice.subject, notice.body + "Bye,", FACTS, "U2", NOW + DAY)
    assert (changed.status, changed.drafted_by, changed.drafted_at) == (NoticeStatus.DRAFT, "U2", NOW + DAY)
    assert not is_approved(changed, FACTS)
    again = submit(changed, FACTS)
    assert why_not_approve(again, FACTS, "U2", TEAM, NOW + DAY).startswith("You wrote this letter")


def test_saving_without_a_change_changes_nothing() -> None:
    """Opening the form and pressing save does not take the approval away."""
    notice = approved()
    assert edit(notice, f" {notice.subject} ", notice.body.strip(), FACTS, "U2", NOW + DAY) == notice


def test_any_change_of_facts_voids_the_approval() -> None:
    """A new last day makes the approved letter a draft, even before anybody opens it."""
    moved = replace(FACTS, last_day=date(2027, 1, 31))
    assert is_approved(approved(), FACTS)
    assert not is_approved(approved(), moved)
    with pytest.raises(ConflictError, match="Only an approved letter"):
        mark_sent(approved(), moved, date(2026, 11, 24))
    assert follow_facts(approved(), moved).status is NoticeStatus.DRAFT
    assert follow_facts(approved(), FACTS) == approved()


def test_a_letter_with_old_facts_is_not_approved() -> None:
    """The reviewer is told that the facts have moved on since the letter was written."""
    moved = replace(FACTS, amounts_owed="€300")
    assert why_not_approve(in_review(), moved, "U2", TEAM, NOW).startswith("The facts have changed")


def test_a_heavy_finding_blocks_until_it_is_overridden_with_a_reason() -> None:
    """A finding can be wrong: a person lets it stand, says why, and it is on record."""
    notice = rewritten("Our lawyer, whom you know, sends greetings.")
    finding = blocking(notice, FACTS)[0]
    with pytest.raises(RefusedError, match="read as a threat"):
        approve(notice, FACTS, "U2", TEAM, NOW)
    with pytest.raises(InvalidError, match="Say why"):
        override(notice, FACTS, finding.key, "  ", "U2")
    let_stand = override(notice, FACTS, finding.key, "They asked us to write it.", "U2")
    assert [(each.finding, each.by) for each in let_stand.overrides] == [(finding.key, "U2")]
    assert approve(let_stand, FACTS, "U2", TEAM, NOW).status is NoticeStatus.APPROVED


def test_an_override_holds_for_these_words_only() -> None:
    """Other words with the same fault are a new finding."""
    first = rewritten("Our lawyer sends greetings.")
    let_stand = override(first, FACTS, blocking(first, FACTS)[0].key, "Agreed.", "U2")
    other = edit(let_stand, let_stand.subject, let_stand.body.replace("sends", "means"), FACTS, "U1", NOW)
    assert [finding.code for finding in blocking(other, FACTS)] == ["threat"]
    with pytest.raises(ConflictError, match="not marked any more"):
        override(other, FACTS, let_stand.overrides[0].finding, "Agreed.", "U2")


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("blame", "You never replied in time."),
        ("label", "You are very demanding."),
        ("sarcasm", "We wish you luck in finding a team that reads minds."),
        ("held_back", "You get the files once the invoice is paid."),
        ("release", "By replying you release us from all liability."),
    ],
)
def test_no_reason_lets_a_judgement_stand(code: str, words: str) -> None:
    """What is theirs is not held back, no claim is signed away, nobody is judged: whatever the reason."""
    notice = rewritten(words)
    finding = next(each for each in blocking(notice, FACTS) if each.code == code)
    with pytest.raises(RefusedError, match="can't stay as it is"):
        override(notice, FACTS, finding.key, "They deserve it.", "U2")


def test_a_missing_fact_is_never_overridden() -> None:
    """Without a reason there is no letter; what the letter leaves out may stand with a reason."""
    notice = drafted()
    thankless = edit(notice, notice.subject, notice.body.replace("Thank you", "Hello"), FACTS, "U1", NOW)
    left_out = next(each for each in all_findings(thankless, FACTS) if each.code == "thanks_left_out")
    assert blocking(override(thankless, FACTS, left_out.key, "It was said in the talk.", "U2"), FACTS) == ()
    bare = replace(FACTS, reason="")
    missing = next(each for each in blocking(start(notice, bare), bare) if each.code == "missing_reason")
    with pytest.raises(RefusedError, match="can't stay as it is"):
        override(notice, bare, missing.key, "No time.", "U2")


def test_light_findings_block_nothing() -> None:
    """A foggy word is pointed out; the reviewer decides."""
    notice = rewritten("It might be best to say so.")
    assert [finding.code for finding in all_findings(notice, FACTS)] == ["fog"]
    assert blocking(notice, FACTS) == ()


def test_a_sent_letter_stays_as_it_is() -> None:
    """What has left is not edited, not sent twice and not received before it was sent."""
    sent = mark_sent(approved(), FACTS, date(2026, 11, 24))
    with pytest.raises(ConflictError, match="was sent"):
        edit(sent, "x", "y", FACTS, "U1", NOW)
    with pytest.raises(ConflictError, match="was sent"):
        mark_sent(sent, FACTS, date(2026, 11, 25))
    with pytest.raises(InvalidError, match="before it was sent"):
        mark_received(sent, date(2026, 11, 23))
    with pytest.raises(ConflictError, match="Note first"):
        mark_received(approved(), date(2026, 11, 24))


class LettersUnderWay(RuleBasedStateMachine):
    """People write, change facts, override, approve and send in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.notice, self.facts, self.now = drafted(), FACTS, NOW
        self.seen: tuple[str, str, NoticeFacts, str] | None = None

    @rule(
        words=st.sampled_from(["Bye.", "You never replied.", "Our last day is 1 May 2027."]), by=st.sampled_from("12")
    )
    def somebody_writes(self, words: str, by: str) -> None:
        self._try(
            lambda: edit(self.notice, self.notice.subject, self.notice.body + words, self.facts, "U" + by, self.now)
        )

    @rule()
    def somebody_starts_over(self) -> None:
        if self.notice.sent_on is None:
            self.notice = start(replace(drafted(), drafted_at=self.now), self.facts)

    @rule(day=st.sampled_from([date(2026, 12, 31), date(2027, 1, 31), None]))
    def the_facts_change(self, day: date | None) -> None:
        self.facts = replace(self.facts, last_day=day)
        self.now += timedelta(hours=5)

    @rule()
    def somebody_submits(self) -> None:
        self._try(lambda: submit(self.notice, self.facts))

    @rule(which=st.integers(0, 2))
    def somebody_lets_a_finding_stand(self, which: int) -> None:
        keys = [finding.key for finding in blocking(self.notice, self.facts)]
        if which < len(keys):
            self._try(lambda: override(self.notice, self.facts, keys[which], "Agreed.", "U1"))

    @rule(by=st.sampled_from(["U1", "U2", "U9"]), team=st.sampled_from([TEAM, ALONE]))
    def somebody_approves(self, by: str, team: frozenset[str]) -> None:
        before = self.notice
        self._try(lambda: approve(self.notice, self.facts, by, team, self.now))
        if self.notice is not before:
            assert by in team
            assert by != before.drafted_by or (team == ALONE and self.now - before.drafted_at >= DAY)
            assert blocking(self.notice, self.facts) == ()
            self.seen = (self.notice.subject, self.notice.body, self.facts, by)

    @rule()
    def somebody_sends(self) -> None:
        self._try(lambda: mark_sent(self.notice, self.facts, self.now.date()))

    @invariant()
    def only_what_was_approved_is_sent(self) -> None:
        if self.notice.status is NoticeStatus.SENT:
            assert self.seen is not None
            assert self.seen[:2] == (self.notice.subject, self.notice.body)
            assert self.seen[2].last_day is not None

    @invariant()
    def an_approval_is_of_these_words_and_facts(self) -> None:
        if self.notice.sent_on is None and is_approved(self.notice, self.facts):
            assert self.seen is not None
            assert self.seen[:3] == (self.notice.subject, self.notice.body, self.facts)

    def _try(self, change: Any) -> None:
        try:
            self.notice = change()
        except AmicableError:
            return


TestLettersUnderWay: Any = LettersUnderWay.TestCase
TestLettersUnderWay.settings = examples(60, stateful_step_count=30)
