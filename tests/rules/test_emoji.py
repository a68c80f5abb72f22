"""Which emoji mean what: Slack's names, the workspace's own, and what an admin may choose."""

from __future__ import annotations

import pytest

from rules.errors import InvalidError
from rules.health.catalogue import Catalogue, load_catalogue
from rules.health.evidence.emoji import (
    MOST_EMOJI,
    WAITING_EMOJI,
    EmojiBook,
    checked_emoji,
    first_name,
    resolved_aliases,
    standard_emoji,
    typed_emoji,
)

OWN = {"shipit": "https://emoji.example/1.png", "late": "alias:snail", "later": "alias:late", "loop": "alias:loop"}


@pytest.fixture
def catalogue() -> Catalogue:
    return load_catalogue()


def test_the_catalogue_names_slacks_own_emoji(catalogue: Catalogue) -> None:
    """Whoever looks for the emoji of a type finds it in Slack; only further names may be a workspace's own."""
    names = {entry.emoji for entry in catalogue.types.values() if entry.emoji} | {WAITING_EMOJI}
    assert {name for name in names if standard_emoji().by_name.get(name) != name} == set()


@pytest.mark.parametrize(
    ("seen", "name"),
    [
        ("+1", "+1"),
        ("thumbsup", "+1"),
        (":thumbsup::skin-tone-3:", "+1"),
        ("Snail", "snail"),
        ("later", "snail"),
        ("handshake::skin-tone-2", "handshake"),
        ("shipit", "shipit"),
    ],
)
def test_an_emoji_has_one_name(seen: str, name: str) -> None:
    """Skin tones, further names and a workspace's own aliases are the same reaction."""
    aliases = resolved_aliases(OWN, {"snail"})
    assert first_name(seen, aliases) == name


def test_only_the_aliases_in_use_are_remembered() -> None:
    """A workspace may have thousands of its own; a circle of aliases leads nowhere."""
    assert resolved_aliases(OWN | {"party": "alias:tada"}, {"snail"}) == {"late": "snail", "later": "snail"}


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        (":snail: :sloth:", ("snail", "sloth")),
        (":snail::sloth:", ("snail", "sloth")),
        ("snail, Sloth", ("snail", "sloth")),
        ("🐌 👍🏽", ("snail", "+1")),
        (":wave::skin-tone-3:", ("wave",)),
        ("🐌 :snail:", ("snail",)),
        ("   ", ()),
    ],
)
def test_people_type_emoji_in_many_ways(typed: str, names: tuple[str, ...]) -> None:
    """By name, between colons, as the sign itself, several at once."""
    assert typed_emoji(typed) == names


def test_a_choice_takes_the_catalogues_place(catalogue: Catalogue) -> None:
    """Changed, a second one added, switched off: the others stay as they are."""
    book = EmojiBook(catalogue, {"slow_reply": ("sloth", "thumbsup"), "late_payment": ()}, {})
    assert [code(book, name) for name in ("snail", "sloth", "+1", "money_with_wings", "moneybag", "gem")] == [
        None,
        "slow_reply",
        "slow_reply",
        None,
        None,
        "great_feedback",
    ]


def code(book: EmojiBook, name: str) -> str | None:
    found = book.meaning(name)
    return found.code if found else None


@pytest.mark.parametrize(
    ("names", "custom", "complaint"),
    [
        (["gem"], {}, "already means “"),
        ([WAITING_EMOJI], {}, "already means “Waiting for a reply”"),
        (["nonsense"], {}, "Slack knows no emoji called “nonsense”"),
        (["shipit"], None, "emoji:read"),
        (["a", "b", "c", "d"], {}, f"at most {MOST_EMOJI}"),
    ],
)
def test_a_wrong_choice_is_refused_with_its_reason(
    catalogue: Catalogue, names: list[str], custom: dict[str, str] | None, complaint: str
) -> None:
    """No emoji means two things, and each one exists in Slack."""
    book = EmojiBook(catalogue, {}, {})
    with pytest.raises(InvalidError, match=complaint) as refused:
        checked_emoji(book, catalogue.type("slow_reply"), names, custom)
    assert list(refused.value.fields) == ["emoji"]


def test_a_choice_is_kept_by_first_names(catalogue: Catalogue) -> None:
    """An alias of one's own stands for what it leads to; an emoji of one's own stands for itself."""
    book = EmojiBook(catalogue, {}, {})
    assert checked_emoji(book, catalogue.type("slow_reply"), ["later", "snail", "thumbsup", "shipit"], OWN) == (
        "snail",
        "+1",
        "shipit",
    )
