"""Second readers who read a letter as its facts are."""

from __future__ import annotations

from bot.services.partings.notices import NoticeSheet
from rules.notices import blind, review
from rules.notices.blind import BlindQuestion, LetterAnswers
from rules.notices.notice import NoticeFacts, ReadAs
from rules.notices.second_reading import SecondReading


def right_answers(facts: NoticeFacts) -> LetterAnswers:
    """What the facts say, as somebody would type and tick it."""
    right = {
        BlindQuestion.FINISH: frozenset(name for name, _ in facts.deliverables),
        BlindQuestion.RECEIVE: frozenset(name for name, _ in facts.handovers),
        BlindQuestion.TURN_TO: frozenset({facts.referrals} - {""}),
    }
    assert all(right[question] <= set(names) for question, names in blind.options(facts).items())
    return LetterAnswers(last_day=str(facts.last_day), sums=facts.amounts_owed, ticked=right)


def rightly(sheet: NoticeSheet, as_: ReadAs = ReadAs.FACT) -> SecondReading:
    """Everything as it is, and each sentence that is not ours read `as_` this."""
    assert sheet.notice
    return SecondReading(
        seen=review.seen_digest(sheet.notice),
        answers=right_answers(sheet.facts),
        read_as=dict.fromkeys(sheet.added, as_),
    )
