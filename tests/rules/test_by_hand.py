"""The days of a parting against a calendar in hand: 5 countries, month ends, leap years, terms, slips (CN03, CN05)."""

from __future__ import annotations

from itertools import islice

import pytest

from tests.rules.by_hand import cases, faults

EVERY = 101  # a prime, so that each value of each question comes up


def test_the_days_are_those_of_a_calendar_in_hand(pytestconfig: pytest.Config) -> None:
    """Line of time, choices and slips agree with a count that goes day by day."""
    step = 1 if pytestconfig.getoption("--full") else EVERY
    wrong = [fault for case in islice(cases(), 0, None, step) for fault in faults(case)]
    assert (wrong[:5], sum(1 for _ in cases())) == ([], 129_600)
