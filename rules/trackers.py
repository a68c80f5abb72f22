"""What we make of what a tracker shows: who sees the place where tickets go, what is missing, what became of one.

Trackers leak too (BR14).
"""

from __future__ import annotations

from collections.abc import Sequence

from rules.clients.people import Member
from rules.local_days import local_day
from rules.partings.ticket_syncing import TicketWord
from rules.partings.tickets.outcomes import Outcome, outcome
from rules.ports import Destination, Onlooker, Presence, TicketStatus, Workspace
from rules.sentences import Sentence

NAMED = 5


def strangers(destination: Destination, workspace: Workspace, team: Sequence[Member]) -> tuple[Onlooker, ...]:
    """Those who see the place and whose account nobody has matched with one of ours: a name proves nothing."""
    tracker = destination.id.partition(":")[0]
    known = {workspace.tracker_people.get(f"{tracker}/{member.id}") for member in team}
    return tuple(person for person in destination.people if person.id not in known)


def keys(destination_id: str, people: Sequence[str]) -> list[str]:
    """What an admin stands for: the place, and each stranger there."""
    return [destination_id, *(f"{destination_id}/{person_id}" for person_id in people)]


def destination_problem(destination: Destination, workspace: Workspace, team: Sequence[Member]) -> str:
    """Why nothing may be opened there; empty when it may. A place without an address is in Amicable itself."""
    if destination.problem or not destination.url:
        return destination.problem
    confirmed = workspace.destinations_confirmed
    how = "A workspace admin can: open the parting, then “Who sees the tickets?”."
    if destination.id not in confirmed:
        return Sentence("Nobody has confirmed yet who sees {name}. {how}", name=destination.name, how=how)
    unknown = [
        each for each in strangers(destination, workspace, team) if f"{destination.id}/{each.id}" not in confirmed
    ]
    if not unknown:
        return ""
    return Sentence(
        "{names} can see {name}, and nobody has confirmed that they belong to us. {how}",
        names=names(unknown),
        name=destination.name,
        how=how,
    )


def unanswered(destination: Destination, workspace: Workspace, tracker: str) -> str:
    """What the tracker wants to know of each ticket and nobody has told yet; empty when there is nothing."""
    open_ones = [
        each.name for each in destination.required_fields if f"{tracker}/{each.id}" not in workspace.tracker_answers
    ]
    if not open_ones:
        return ""
    return Sentence(
        "{name} takes no ticket without {open_ones}. A workspace admin can answer that once "
        "for all tickets: open the parting, then “Who sees the tickets?”.",
        name=destination.name,
        open_ones=", ".join(open_ones),
    )


def answers_for(workspace: Workspace, tracker: str) -> dict[str, str]:
    """By field id."""
    own = f"{tracker}/"
    return {key.removeprefix(own): said for key, said in workspace.tracker_answers.items() if key.startswith(own)}


def endings_said(workspace: Workspace, tracker: str) -> dict[str, bool]:
    """By plain name."""
    own = f"{tracker}/"
    return {key.removeprefix(own): said for key, said in workspace.endings.items() if key.startswith(own)}


def names(people: Sequence[Onlooker]) -> str:
    more = Sentence(" and {number} more", number=len(people) - NAMED) if len(people) > NAMED else ""
    return ", ".join(person.name for person in people[:NAMED]) + more


def word_of(status: TicketStatus, workspace: Workspace, tracker: str) -> TicketWord:
    """With what was said of names, on days of ours."""
    became = outcome(status, endings_said(workspace, tracker))
    return TicketWord(
        present=status.presence is not Presence.GONE,
        hidden=status.presence is Presence.HIDDEN,
        outcome=became,
        closed_as=status.closed_as if became is Outcome.DROPPED else "",
        title=status.title,
        due_on=local_day(status.due_at, workspace.timezone) if status.due_at else status.due_on,
        key=status.key,
        url=status.url,
    )
