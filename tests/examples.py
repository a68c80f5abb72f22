"""How many examples a rule is tried on: a quarter in a hurried run, all of them with `--full`."""

from __future__ import annotations

from typing import Any

from hypothesis import settings

FULL, QUICK = "full", "quick"
ALL = 100


def choose(*, full: bool) -> None:
    """Tells Hypothesis before any test is read. What else it has chosen, in continuous integration too, stays."""
    settings.register_profile(FULL, settings(), max_examples=ALL, deadline=None)
    settings.register_profile(QUICK, settings(), max_examples=ALL // 4, deadline=None)
    settings.load_profile(FULL if full else QUICK)


def examples(full: int, **more: Any) -> settings:
    """So many in a full run, the same share of them as elsewhere in a hurried one."""
    return settings(max_examples=full * settings().max_examples // ALL, **more)
