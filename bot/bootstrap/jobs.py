"""Everything that workers do, held against everything that services may ask for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bot import agenda
from rules.ports import Workflow
from rules.sentences import Sentence


class JobsDifferError(Exception):
    """`bot/agenda.py` and `bot/jobs` don't name the same jobs: no worker starts."""


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
