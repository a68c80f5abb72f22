"""Everything that workers do, held against everything that services may ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable

from bot import agenda
from bot.bootstrap.services import Services
from bot.jobs import (
    channels,
    decisions,
    digests,
    events,
    health,
    letters,
    nudges,
    partings,
    privacy,
    receipts,
    sweep,
    tickets,
)
from integrations.charts.trend import MatplotlibCharts
from integrations.mail.message import draft_file
from rules.ports import Workflow
from rules.sentences import Sentence


class JobsDifferError(Exception):
    """`bot/agenda.py` and `bot/jobs` don't name the same jobs: no worker starts."""


def list_workflows(parts: Services, handle_event: Callable[[str, str], None]) -> list[Workflow]:
    trends = health.TrendBulletin(
        parts.explanations, parts.pictures, parts.announcer, parts.directory, MatplotlibCharts(), parts.words
    )
    slips = receipts.ReceiptBulletin(
        parts.announcer, parts.receipts, parts.units, parts.directory, parts.catalogue, parts.words
    )
    return checked(
        [
            *events.workflows(
                handle_event,
                parts.workspaces,
                parts.directory,
                parts.merges,
                sweep.Sweep(parts.units, parts.clock),
                parts.tickets,
            ),
            *health.workflows(
                parts.health,
                parts.money,
                parts.attention,
                health.AlarmBulletin(parts.announcer, parts.attention),
                trends,
            ),
            *channels.workflows(
                parts.evidence,
                parts.reactions,
                parts.roles,
                channels.ChannelBulletin(parts.announcer, parts.places, parts.watches),
                channels.TermBulletin(parts.announcer, parts.places),
                parts.directory,
            ),
            *digests.workflows(
                digests.DigestBulletin(parts.digests, parts.people, parts.announcer, parts.clock, parts.words)
            ),
            *decisions.workflows(
                parts.plans,
                parts.action_reminders,
                parts.replies,
                parts.decisions,
                decisions.DecisionBulletin(parts.announcer, parts.decisions),
            ),
            *privacy.workflows(parts.retention, parts.erasure, parts.privacy),
            *letters.workflows(
                letters.LetterBulletin(parts.announcer, parts.directory, parts.letter_files, draft_file)
            ),
            *partings.workflows(parts.deliverables, parts.closings, parts.lessons),
            *nudges.workflows(nudges.NudgeBulletin(parts.announcer, parts.nudges, parts.units, parts.directory)),
            *receipts.workflows(slips),
            *tickets.workflows(
                parts.tickets,
                parts.news,
                parts.partings,
                tickets.ProgressBulletin(parts.announcer, parts.partings, parts.units, parts.directory, parts.clock),
            ),
        ]
    )


def checked(workflows: Iterable[Workflow]) -> list[Workflow]:
    """These, if each job of the agenda is done once and nothing else is."""
    listed = list(workflows)
    declared = Counter(job.name for job in agenda.declared())
    done = Counter(workflow.name for workflow in listed)
    problems = [
        *(
            Sentence("{name} is declared and nothing does it", name=name)
            for name in sorted(declared.keys() - done.keys())
        ),
        *(Sentence("{name} is done and not declared", name=name) for name in sorted(done.keys() - declared.keys())),
        *(
            Sentence("{name} is declared {number} times", name=name, number=count)
            for name, count in sorted(declared.items())
            if count > 1
        ),
        *(
            Sentence("{name} is done {number} times", name=name, number=count)
            for name, count in sorted(done.items())
            if count > 1
        ),
    ]
    if problems:
        raise JobsDifferError("; ".join(problems))
    return listed
