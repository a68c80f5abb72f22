"""Sums and things that change hands: listed, settled, and never used as a lever (WU11, HO07)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from rules.errors import InvalidError
from rules.partings.belongings import (
    Belonging,
    Holder,
    Sum,
    SumState,
    listed_belonging,
    listed_sum,
    open_sums,
    owed_back,
    require_no_lever,
    returned,
    settled_sum,
)

DAY = date(2026, 12, 1)


def a_sum(code: str = "s1", amount: str = "1200.50", currency: str = "EUR", day: date = DAY) -> Sum:
    return Sum(code=code, what=" Invoice  2041 ", amount=Decimal(amount), currency=currency, due_on=day)


def test_what_is_the_clients_never_waits_for_their_money() -> None:
    """The refusal says why; what is ours may wait."""
    theirs = Belonging(code="b1", what="Domain acme.example", belongs_to=Holder.CLIENT, waits_for_payment=True)
    with pytest.raises(InvalidError, match="whether or not they have paid"):
        listed_belonging((), theirs)
    ours = Belonging(code="b2", what="Our licence", belongs_to=Holder.US, waits_for_payment=True)
    assert listed_belonging((), ours) == (ours,)


@pytest.mark.parametrize(
    ("task", "reason", "refused"),
    [
        ("credentials", "They have not paid invoice 2041.", True),
        ("final_files", "Eerst betalen.", True),
        ("account_ownership", "Encara no han pagat.", True),
        ("client_data", "De har inte betalat.", True),
        ("credentials", "They run the logins themselves.", False),
        ("final_invoice", "They paid in advance.", False),
    ],
)
def test_a_return_is_not_given_up_because_of_money(task: str, reason: str, *, refused: bool) -> None:
    """In four languages; other tasks may be waived for that reason."""
    try:
        require_no_lever(task, reason)
    except InvalidError:
        said = True
    else:
        said = False
    assert said is refused


def test_sums_are_listed_by_day_until_they_are_settled() -> None:
    """A paid one leaves the letter; a wrong one never comes in."""
    sums = listed_sum(listed_sum((), a_sum("late", day=date(2026, 12, 9))), a_sum("soon"))
    settled = settled_sum(sums, "soon", SumState.PAID)
    assert ([each.code for each in open_sums(sums)], [each.code for each in open_sums(settled)]) == (
        ["soon", "late"],
        ["late"],
    )
    for wrong in (a_sum(amount="0"), a_sum(currency="XXX")):
        with pytest.raises(InvalidError):
            listed_sum((), wrong)


def test_what_went_back_is_owed_no_more() -> None:
    """With the day on which it did."""
    thing = Belonging(code="b1", what="Camera", belongs_to=Holder.CLIENT)
    assert (owed_back((thing,)), owed_back(returned((thing,), "b1", DAY))) == ((thing,), ())
