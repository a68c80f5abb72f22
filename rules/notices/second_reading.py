"""A second person reads: each sentence that is not ours as a fact, thanks or a judgement, and the whole blindly.

What comes of it is an approval, a letter that goes back to its drafter, or answers that the letter did not give.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from rules.errors import ConflictError, InvalidError, RefusedError
from rules.notices import review
from rules.notices.blind import BlindQuestion, LetterAnswers, misread
from rules.notices.notice import Notice, NoticeFacts, ReadAs, Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondReading:
    """One reader's. `seen` is `review.seen_digest` of the letter that was read; `read_as` is by sentence."""

    seen: str
    answers: LetterAnswers
    read_as: Mapping[str, ReadAs]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The letter afterwards, and which answers the facts do not give, with the sentences that misled."""

    notice: Notice
    misread: Mapping[BlindQuestion, str]


def read(
    notice: Notice, facts: NoticeFacts, reading: SecondReading, by: str, team_ids: frozenset[str], now: datetime
) -> Outcome:
    """Approves what reads as the facts are. A judgement sends the letter back, and what misled is kept for its drafter.

    Raises what `review.approve` raises, and a `ConflictError` when another text than this one was read.
    """
    blocks = review.blocking(notice, review.all_findings(notice, facts))
    if refusal := review.why_not_approve(notice, facts, blocks, by, team_ids, now):
        raise RefusedError(refusal)
    if reading.seen != review.seen_digest(notice):
        raise ConflictError("The letter has changed since you opened it. Open it again and read it once more.")
    sentences = review.added(notice, facts)
    if any(each not in reading.read_as for each in sentences):
        raise InvalidError("Say for each sentence whether it is a fact, thanks or a judgement.")
    wrong = misread(reading.answers, facts, notice.body)
    kept = replace(
        notice,
        readings=(
            *(Reading(sentence=each, read_as=reading.read_as[each], by=by) for each in sentences),
            *(Reading(sentence=each, read_as=ReadAs.MISLED, by=by) for each in wrong.values()),
        ),
    )
    if ReadAs.JUDGEMENT in {reading.read_as[each] for each in sentences}:
        return Outcome(notice=review.sent_back(kept), misread=wrong)
    if wrong:
        return Outcome(notice=kept, misread=wrong)
    return Outcome(notice=review.approve(kept, facts, by, team_ids, now), misread={})
