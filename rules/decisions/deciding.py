"""The only ways to and from `decided`: a person decides, another confirms, a new fact reopens (FG19, DC03, DC04)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

from rules.clients.client import Client
from rules.clients.names import normal
from rules.clients.stages import Origin, Reopening
from rules.decisions.decision import CheckCode, Decision
from rules.decisions.gate import CheckState, GateReport, snapshot
from rules.errors import ConflictError, InvalidError, RefusedError
from rules.sentences import Sentence
from rules.workdays import day_name

SILENT_WORKING_DAYS = 3
SECOND_LOOK = timedelta(hours=24)
FRIDAY = 4

IsWorking = Callable[[date], bool]


def on_weekdays(day: date) -> bool:
    """Monday to Friday, for whoever has no calendar of the country at hand."""
    return day.weekday() <= FRIDAY


def decide(
    decision: Decision, report: GateReport, by: str, reason: str, now: datetime, *, confirmer_id: str = ""
) -> Decision:
    """The decision, taken by a person; it still has to be confirmed, save for the client's own notice.

    `report` is of this very moment and about exactly this `decision`. `confirmer_id` names who is asked first.
    """
    _require_open(decision)
    if decision.decided_at:
        raise ConflictError(
            Sentence(
                "This was already decided on {decided_at}: {reason}",
                decided_at=day_name(decision.decided_at),
                reason=decision.reason,
            )
        )
    _require_current(decision, report, now)
    _require_member(by, report)
    if not reason.strip():
        raise InvalidError("Write down the reason.", {"reason": "Write down the reason."})
    _require_passed(report, besides=CheckCode.REASON)
    if confirmer_id and (confirmer_id == by or confirmer_id not in report.team_ids):
        raise InvalidError(
            "Ask another person of the team to confirm.", {"confirmer": "Choose another person from the team."}
        )
    taken = replace(
        decision,
        decided_at=now,
        decided_by=by,
        reason=reason.strip(),
        confirmer_id=confirmer_id,
        had_colleagues=len(report.team_ids) > 1,
    )
    if decision.origin is not Origin.THEIRS:
        return taken
    return replace(taken, confirmed_at=now, confirmed_by=by, snapshot=snapshot(report))


def why_not_confirm(
    decision: Decision, member_id: str, team_ids: frozenset[str], now: datetime, is_working: IsWorking = on_weekdays
) -> str:
    """Why this person may not confirm at this moment; empty when they may."""
    if decision.decided_at is None:
        return "Nothing was decided yet. Open the checklist and decide first."
    if decision.confirmed_at or decision.dropped_at:
        return "There is nothing left to confirm."
    if member_id not in team_ids:
        return "Only people who may see this client can confirm."
    opens_at = confirmable_from(decision, member_id, team_ids, now, is_working)
    if now >= opens_at:
        return ""
    if member_id == decision.decided_by:
        return Sentence(
            "You decided this yourself. Another person confirms; your own second look opens on {at}.",
            at=_at(opens_at, now),
        )
    return Sentence(
        "Somebody else was asked to confirm first. If they stay silent you can, from {at}.", at=_at(opens_at, now)
    )


def may_confirm(
    decision: Decision, member_id: str, team_ids: frozenset[str], now: datetime, is_working: IsWorking = on_weekdays
) -> bool:
    return not why_not_confirm(decision, member_id, team_ids, now, is_working)


def confirmable_from(
    decision: Decision, member_id: str, team_ids: frozenset[str], now: datetime, is_working: IsWorking = on_weekdays
) -> datetime:
    """From when this member of the team may confirm, if nobody else does before; in the time zone of `now`.

    The person who was asked may at once; after 3 silent working days anybody else may; when they were silent for
    3 more, or when there is nobody else, the decider's second look counts, at least 24 hours after the decision.
    """
    if decision.decided_at is None:
        raise ConflictError("Nothing was decided yet. Open the checklist and decide first.")
    # Days are those on the wall: Tuesday evening in UTC is Wednesday in Auckland, and ends its silence two days later.
    decided_at = decision.decided_at.astimezone(now.tzinfo)
    others = team_ids - {decision.decided_by}
    asked = decision.confirmer_id if decision.confirmer_id in others else ""
    if member_id != decision.decided_by:
        rounds = 0 if asked in {"", member_id} else 1
        return _working_days_after(decided_at, rounds * SILENT_WORKING_DAYS, is_working)
    # Whoever narrowed the circle meanwhile waits for the silent ones all the same.
    rounds = 0 if not others and not decision.had_colleagues else 1 if not asked or len(others) <= 1 else 2
    silent = _working_days_after(decided_at, rounds * SILENT_WORKING_DAYS, is_working)
    return max(silent, decided_at + SECOND_LOOK)


def confirm(
    decision: Decision, report: GateReport, by: str, now: datetime, is_working: IsWorking = on_weekdays
) -> Decision:
    """The confirmed decision with the gate's frozen snapshot. `report` is of this moment: the gate stands again."""
    _require_open(decision)
    if decision.confirmed_at:
        raise ConflictError(
            Sentence(
                "This was already confirmed on {confirmed_at}. Nothing is left to do.",
                confirmed_at=day_name(decision.confirmed_at),
            )
        )
    _require_current(decision, report, now)
    refusal = why_not_confirm(decision, by, report.team_ids, now, is_working)
    if refusal:
        raise RefusedError(refusal)
    _require_passed(report)
    return replace(decision, confirmed_at=now, confirmed_by=by, snapshot=snapshot(report))


def drop(decision: Decision, reason: str, now: datetime) -> Decision:
    """The consideration, given up before it was decided for good. Afterwards only `reopen` leads back."""
    _require_open(decision)
    if decision.confirmed_at:
        raise ConflictError(
            Sentence(
                "This is decided: {reason} It is reopened only by a new fact, an owner and 24 hours.",
                reason=decision.reason,
            )
        )
    return replace(decision, dropped_at=now, dropped_reason=reason.strip())


def ask_to_reopen(decision: Decision, fact: str, owner_id: str, now: datetime) -> Decision:
    """The decision with a reopening that waits for 24 hours (DC03, DC04): a new fact and somebody who owns it."""
    _require_open(decision)
    if not decision.confirmed_at:
        raise ConflictError("This was not decided for good yet. Drop it, and it is as if it had never been.")
    if decision.reopening:
        when = _at(reopenable_from(decision), now)
        raise ConflictError(
            Sentence("Reopening was already asked for; it can happen from {when}. Come back then.", when=when)
        )
    fields = {}
    if not _is_new(fact, decision):
        fields["fact"] = "Name a fact that was not known at the decision: what happened since?"
    if not owner_id:
        fields["owner"] = "Choose who stands for it."
    if fields:
        raise InvalidError("Reopening needs a new fact and an owner. " + " ".join(fields.values()), fields)
    return replace(decision, reopening=Reopening(fact=fact.strip(), owner_id=owner_id, asked_at=now))


def withdraw_reopening(decision: Decision) -> Decision:
    return replace(decision, reopening=None)


def reopenable_from(decision: Decision) -> datetime:
    if decision.reopening is None:
        raise ConflictError(
            "Nobody asked to reopen this. It takes a new fact, an owner and 24 hours: write the fact down first."
        )
    return decision.reopening.opens_at


def reopen(decision: Decision, by: str, now: datetime) -> Decision:
    """The decision, dropped because of the new fact. Its owner does it, 24 hours after asking at the earliest."""
    _require_open(decision)
    opens_at = reopenable_from(decision)
    reopening = decision.reopening
    if reopening is None or by != reopening.owner_id:
        raise RefusedError("Only the person who stands for the new fact can reopen this. Ask them.")
    if now < opens_at:
        raise ConflictError(Sentence("Sleep on it: this can be reopened from {at}.", at=_at(opens_at, now)))
    return replace(decision, dropped_at=now, dropped_reason=reopening.fact)


def require_undecided(decision: Decision) -> None:
    if decision.decided_at:
        raise ConflictError("This was decided as it stands, so nothing is changed any more. Drop it to start anew.")
    if decision.dropped_at:
        raise ConflictError("This was dropped meanwhile. Start anew if it comes up again.")


def require_new(current: Decision | None, client: Client) -> None:
    if current is None:
        return
    if current.confirmed_at:
        raise ConflictError(
            Sentence("Parting from {name} is decided already. Open the client to see it.", name=client.name)
        )
    raise ConflictError(
        Sentence("Parting from {name} is being considered already. Open the checklist to see it.", name=client.name)
    )


def require_name(client: Client, typed: str) -> None:
    """Nobody decides by a slip of the hand."""
    if normal(typed) not in {normal(name) for name in (client.name, *client.aliases)}:
        raise InvalidError(
            "The name is not right.", {"name": Sentence("To be sure, please type: {name}", name=client.name)}
        )


def _require_open(decision: Decision) -> None:
    if decision.dropped_at:
        raise ConflictError(
            Sentence(
                "This was dropped on {dropped_at}. Start anew if it comes up again.",
                dropped_at=day_name(decision.dropped_at),
            )
        )


def _require_current(decision: Decision, report: GateReport, now: datetime) -> None:
    """A report from before a change, or of another decision, opens nothing, whoever still has the button on screen."""
    if report.decision != decision or report.at != now:
        raise ConflictError("The case has changed since this checklist was drawn. Open it again to see what holds now.")


def _require_member(member_id: str, report: GateReport) -> None:
    if member_id not in report.team_ids:
        raise RefusedError("Only people who may see this client can decide. Ask its owner.")


def _require_passed(report: GateReport, besides: CheckCode | None = None) -> None:
    unmet = [check for check in report.checks if check.state is CheckState.NOT_MET and check.code is not besides]
    if unmet:
        raise RefusedError("Not yet. " + " ".join(check.explanation for check in unmet))


def _working_days_after(moment: datetime, days: int, is_working: IsWorking) -> datetime:
    """The same time of day after so many whole working days."""
    while days:
        moment += timedelta(days=1)
        days -= is_working(moment.date())
    return moment


def _is_new(fact: str, decision: Decision) -> bool:
    words = " ".join(fact.casefold().split())
    known = (decision.reason, decision.perspective, decision.our_part, decision.exception_reason)
    return bool(words) and words not in {" ".join(each.casefold().split()) for each in known}


def _at(moment: datetime, now: datetime) -> str:
    """As the clocks on the asker's wall show it."""
    return Sentence("{day}, {at:%H:%M}", day=day_name(moment.astimezone(now.tzinfo)), at=moment.astimezone(now.tzinfo))
