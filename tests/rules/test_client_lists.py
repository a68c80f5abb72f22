"""Pasted lists of names: every name is found, whatever stands around it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clients.lists import listed_names, name_list
from rules.clients.names import plain


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Acme\nBirch & Barrow\r\nCobalt", ("Acme", "Birch & Barrow", "Cobalt")),
        ("Acme, Birch , ,Cobalt,", ("Acme", "Birch", "Cobalt")),
        ("- Acme\n* Birch\n• Cobalt\n1. Dune\n22) Elm", ("Acme", "Birch", "Cobalt", "Dune", "Elm")),
        ("3 Monkeys\n7-Eleven\n-ish\n4.0 Ltd", ("3 Monkeys", "7-Eleven", "-ish", "4.0 Ltd")),
        ('"Smith, Jones & Co", Acme', ("Smith, Jones & Co", "Acme")),
        ("“Smith, Jones”\nO'Neill", ("Smith, Jones", "O'Neill")),
        ("\n \n,,\n", ()),
    ],
)
def test_names_are_found_in_what_people_paste(text: str, names: tuple[str, ...]) -> None:
    """Lines, commas, bullets, numbers and quotation marks are taken for what they are."""
    assert listed_names(text) == names


@given(st.lists(st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters='"'), min_size=1)))
def test_a_list_that_comes_back_holds_the_same_names(written: list[str]) -> None:
    """What remains of a list can be sent again as it stands."""
    names = listed_names("\n".join(written))
    assert listed_names(name_list(names)) == names


@given(st.lists(st.from_regex(r"[A-Za-z][A-Za-z &]{0,20}[a-z]", fullmatch=True), max_size=30))
def test_no_name_is_lost(written: list[str]) -> None:
    """As many names come out as went in, in their order."""
    assert listed_names("\n".join(written)) == tuple(plain(name) for name in written)
