"""Which steps inside Amicable are behind us: what is done is not read again each time."""

from __future__ import annotations

from datetime import date

from rules.clients.client import Contract
from rules.partings.parting import Parting

DECIDED = frozenset({"snapshot", "impact_check", "choose_last_day"})
TALKED = frozenset(
    {"team_brief", "no_new_scope", "talking_points", "rehearsal", "conversation", "handover_talk", "short_word"}
)
DRAFTED = frozenset({"letter", "acknowledgement", "thank_you_letter"})


def steps_done(
    contract: Contract,
    parting: Parting,
    *,
    drafted: bool = False,
    approved: bool = False,
    sent_on: date | None = None,
    received_on: date | None = None,
) -> frozenset[str]:
    """The codes of the steps that are done; `drafted` and what follows say how far the letter is."""
    talk = parting.talk
    reached = {
        "contract_review": contract.reviewed or contract.none_written,
        "talking_points": talk is not None,
        "rehearsal": talk is not None and talk.is_rehearsed,
        "what_was_agreed": parting.told_at is not None and bool(parting.amounts_owed),
        "letter_review": approved,
        "letter_sent": sent_on is not None,
        "letter_received": received_on is not None,
    }
    done = DECIDED | {code for code, is_done in reached.items() if is_done}
    if parting.told_at:
        done |= TALKED
    return done | DRAFTED if drafted else done
