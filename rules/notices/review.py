"""From a draft to a letter that a person may send: checks, a second person, and an approval that binds (BR11, TN05).

draft -> in review -> approved -> sent -> received. Nothing here sends anything.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from difflib import SequenceMatcher

from rules.errors import ConflictError, InvalidError, RefusedError
from rules.notices.checks.tone import findings
from rules.notices.draft import facts_digest, render, required, text_digest
from rules.notices.finding import Finding, Level
from rules.notices.notice import Notice, NoticeFacts, NoticeStatus, Override, ReadAs, Reading
from rules.notices.sentences import our_sentences, sentences_in
from rules.sentences import Sentence
from rules.workdays import day_name

SECOND_LOOK = timedelta(hours=24)
OUT = frozenset({NoticeStatus.SENT, NoticeStatus.RECEIVED})


def start(blank: Notice, facts: NoticeFacts) -> Notice:
    """The notice with a fresh draft from the facts; `blank` brings ids, the drafter and the time."""
    letter = render(facts)
    return replace(
        blank,
        language=letter.language,
        subject=letter.subject,
        body=letter.body,
        facts_digest=facts_digest(facts),
    )


def edit(notice: Notice, subject: str, body: str, facts: NoticeFacts, by: str, now: datetime) -> Notice:
    """The notice with other words or facts: a draft again, unapproved.

    Whoever changed it is its drafter now, and is not asked to read it any more.
    """
    _require_not_out(notice)
    changed = replace(
        notice, subject=" ".join(subject.split()), body=body.strip() + "\n", facts_digest=facts_digest(facts)
    )
    if seen_digest(changed) == seen_digest(notice):
        return notice
    asked = "" if notice.reviewer_id == by else notice.reviewer_id
    return replace(
        _unapproved(changed), drafted_by=by, drafted_at=now, reviewer_id=asked, readings=_still_judged(changed)
    )


def follow_facts(notice: Notice, facts: NoticeFacts) -> Notice:
    """The notice after its facts may have changed: an approval of other facts is void (any change voids it)."""
    if notice.status in OUT or notice.facts_digest == facts_digest(facts):
        return notice
    return _unapproved(replace(notice, facts_digest=facts_digest(facts)))


def redraft(notice: Notice, before: NoticeFacts, after: NoticeFacts) -> Notice:
    """The notice after its facts have changed: our own paragraphs follow, what a person wrote stays as it is.

    An approval is void. A letter that is out stays as it was sent.
    """
    if notice.status in OUT or facts_digest(before) == facts_digest(after):
        return notice
    old, new = render(before), render(after)
    changed = replace(
        notice,
        subject=new.subject if notice.subject == old.subject else notice.subject,
        body=_rewritten(notice.body, old.body, new.body),
        facts_digest=facts_digest(after),
    )
    return _unapproved(changed)


def submit(notice: Notice, facts: NoticeFacts) -> Notice:
    """The notice, waiting for its reviewer."""
    _require_not_out(notice)
    if notice.status is not NoticeStatus.DRAFT:
        raise ConflictError("This letter is already in review. Wait for the answer, or ask its reviewer.")
    return replace(follow_facts(notice, facts), status=NoticeStatus.IN_REVIEW)


def ask(notice: Notice, facts: NoticeFacts, reviewer_id: str, able: Collection[str]) -> Notice:
    """The notice, waiting for somebody in particular, or for all who may review it where nobody is named.

    `able` are those who may see it. Whoever reads it first approves it, asked or not.
    """
    if reviewer_id and (reviewer_id == notice.drafted_by or reviewer_id not in able):
        raise InvalidError(
            "Please choose somebody else.",
            {"reviewer": "Choose somebody who may see this letter and did not draft it, or leave this empty."},
        )
    asked = notice if notice.status is NoticeStatus.IN_REVIEW else submit(notice, facts)
    return replace(asked, reviewer_id=reviewer_id)


def all_findings(notice: Notice, facts: NoticeFacts) -> tuple[Finding, ...]:
    """What a reviewer sees: missing parts, what a second reader found to be a judgement, then wording."""
    return (*required(facts), *_judgements(notice), *findings(notice.subject, notice.body, facts))


def added(notice: Notice, facts: NoticeFacts) -> tuple[str, ...]:
    """The sentences that no fact of ours wrote, each once: a second person reads them."""
    ours = our_sentences(facts)
    return tuple(dict.fromkeys(each for each in _sentences(notice) if each not in ours))


def seen_digest(notice: Notice) -> str:
    """What an approval binds to: text and facts."""
    return text_digest(notice.subject, notice.body, notice.facts_digest)


def wording_digest(notice: Notice) -> str:
    """What a change of words binds to: somebody who writes from older words is told so."""
    return text_digest(notice.subject, notice.body, "")


def blocking(notice: Notice, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """What of `all_findings` keeps it from being approved: missing parts, and heavy ones that nobody let stand."""
    let_stand = {override.finding for override in notice.overrides}
    return tuple(
        finding
        for finding in found
        if finding.level is Level.HIGH and (not finding.may_stand or finding.key not in let_stand)
    )


def override(notice: Notice, facts: NoticeFacts, key: str, reason: str, by: str) -> Notice:
    """The notice with a finding that a person lets stand, with the reason. `key` is the finding's."""
    _require_not_out(notice)
    finding = next((each for each in all_findings(notice, facts) if each.key == key), None)
    if finding is None:
        raise ConflictError("This passage is not marked any more; the letter has changed. Open it again.")
    if not finding.may_stand:
        raise RefusedError(Sentence("This can't stay as it is: {sentence}", sentence=finding.sentence))
    if not reason.strip():
        raise InvalidError("Say why this may stand.", {"reason": "Say why this may stand."})
    others = tuple(each for each in notice.overrides if each.finding != key)
    return replace(notice, overrides=(*others, Override(finding=key, reason=reason.strip(), by=by)))


def why_not_approve(
    notice: Notice, facts: NoticeFacts, blocks: Sequence[Finding], by: str, team_ids: frozenset[str], now: datetime
) -> str:
    """Why this person can't approve the letter at this moment; empty when they can. `blocks` are its `blocking`."""
    if notice.status is not NoticeStatus.IN_REVIEW:
        return "This letter is not in review."
    if notice.facts_digest != facts_digest(facts):
        return "The facts have changed since this letter was written. Bring it up to date, then review it again."
    if by not in team_ids:
        return "Only people who may see this client can approve its letter."
    if blocks:
        return "Not yet. " + " ".join(dict.fromkeys(finding.sentence for finding in blocks))
    return _second_person_fault(notice, by, team_ids, now)


def approve(notice: Notice, facts: NoticeFacts, by: str, team_ids: frozenset[str], now: datetime) -> Notice:
    """The approved notice; the approval binds to these very words and facts."""
    blocks = blocking(notice, all_findings(notice, facts))
    if refusal := why_not_approve(notice, facts, blocks, by, team_ids, now):
        raise RefusedError(refusal)
    return replace(
        notice, status=NoticeStatus.APPROVED, approved_by=by, approved_at=now, approved_digest=seen_digest(notice)
    )


def sent_back(notice: Notice) -> Notice:
    """The letter, with its drafter again."""
    return _unapproved(notice)


def is_approved(notice: Notice, facts: NoticeFacts) -> bool:
    """Whether exactly this text with exactly these facts was approved."""
    current = text_digest(notice.subject, notice.body, facts_digest(facts))
    return notice.status in {NoticeStatus.APPROVED, *OUT} and notice.approved_digest == current


def mark_sent(notice: Notice, facts: NoticeFacts, on: date) -> Notice:
    """The notice, after a person has sent it from their own mail program."""
    _require_not_out(notice)
    if not is_approved(notice, facts):
        raise ConflictError("Only an approved letter is sent. Have it reviewed first.")
    return replace(notice, status=NoticeStatus.SENT, sent_on=on)


def mark_received(notice: Notice, on: date) -> Notice:
    """The notice, received: the notice period runs from this day."""
    if notice.status is not NoticeStatus.SENT or notice.sent_on is None:
        raise ConflictError("Note first on which day the letter was sent.")
    if on < notice.sent_on:
        raise InvalidError(
            "A letter can't be received before it was sent.",
            {
                "received_on": Sentence(
                    "It was sent on {sent_on}. Choose that day or a later one.", sent_on=day_name(notice.sent_on)
                )
            },
        )
    return replace(notice, status=NoticeStatus.RECEIVED, received_on=on)


def _second_person_fault(notice: Notice, by: str, team_ids: frozenset[str], now: datetime) -> str:
    if by != notice.drafted_by:
        return ""
    if team_ids - {by}:
        return "You wrote this letter. Another person approves it."
    opens_at = notice.drafted_at + SECOND_LOOK
    return (
        ""
        if now >= opens_at
        else Sentence(
            "Sleep on it: your own second look opens on {day}, {opens_at:%H:%M}.",
            day=day_name(opens_at),
            opens_at=opens_at,
        )
    )


def _still_judged(notice: Notice) -> tuple[Reading, ...]:
    """A reading is of words that were read; only a judgement stays, as long as its sentence does."""
    standing = set(_sentences(notice))
    return tuple(each for each in notice.readings if each.read_as is ReadAs.JUDGEMENT and each.sentence in standing)


def _judgements(notice: Notice) -> Iterator[Finding]:
    for reading in _still_judged(notice):
        sentence = "A second reader reads this as a judgement. Say what holds for you, or leave it out. CV13"
        yield Finding(code="judgement", level=Level.HIGH, sentence=sentence, excerpt=reading.sentence)


def _sentences(notice: Notice) -> tuple[str, ...]:
    return (*sentences_in(notice.subject), *sentences_in(notice.body))


def _rewritten(body: str, old: str, new: str) -> str:
    """`body` with the paragraphs that differ between our old and our new draft exchanged, wherever they still stand."""
    paragraphs, before, after = ([part.strip() for part in text.split("\n\n")] for text in (body, old, new))
    for kind, start, end, other_start, other_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        place = _place(paragraphs, before[start:end] or before[start - 1 : start])
        if place is None:
            continue
        first = place if end > start else place + 1
        paragraphs[first : first + end - start] = after[other_start:other_end]
    return "\n\n".join(paragraphs) + "\n"


def _place(paragraphs: list[str], wanted: list[str]) -> int | None:
    """Where these paragraphs stand together; None where somebody has rewritten one of them."""
    places = range(len(paragraphs) - len(wanted) + 1)
    return next((place for place in places if paragraphs[place : place + len(wanted)] == wanted), None)


def _require_not_out(notice: Notice) -> None:
    if notice.status in OUT:
        raise ConflictError("This letter was sent; it stays as it is.")


def _unapproved(notice: Notice) -> Notice:
    return replace(notice, status=NoticeStatus.DRAFT, approved_by="", approved_at=None, approved_digest="")
