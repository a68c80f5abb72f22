"""What is kept of a message: a few plain words that call nobody, and a fingerprint that tells an edit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.health.evidence.excerpt import EXCERPT_LENGTH, excerpt, fingerprint, mentioned

MESSAGES = {
    "Could <@U1> look?": "Could Amir look?",
    "Could <@U9|anna> look?": "Could anna look?",
    "Could <@U9> look?": "Could somebody look?",
    "<!here> <!channel> it is late": "everybody everybody it is late",
    "<!subteam^S1|@ops> please": "ops please",
    "in <#C1|birch> and <#C2>": "in #birch and a channel",
    "pay <https://pay.example/1|the invoice>": "pay the invoice",
    "see <https://a.example/b>": "see https://a.example/b",
    "<mailto:a@b.example|a@b.example>": "a@b.example",
    "by <!date^1392734382^{date}|Monday>": "by Monday",
    "*Please* _pay_ ~soon~ `now`": "Please pay soon now",
    "snake_case_name and 2 * 3 * 4": "snake_case_name and 2 * 3 * 4",
    "&gt; quoted\nand &lt;b&gt; &amp; more": "quoted and <b> & more",
    "Typed &lt;!here&gt; by hand": "Typed <!here> by hand",
    "one\u200b \u202etwo": "one two",
}


@pytest.mark.parametrize("message", MESSAGES)
def test_markup_becomes_plain_words(message: str) -> None:
    """A reader of the note sees what was said, without Slack's signs, and nobody is called by it."""
    assert excerpt(message, {"U1": "Amir"}) == MESSAGES[message]


@given(st.text(alphabet=st.sampled_from("ab*_~`<>@#!|&;:^ \nU1"), max_size=400))
def test_an_excerpt_is_short_and_on_one_line(message: str) -> None:
    """Whatever somebody writes, no more than 140 characters of it are kept."""
    kept = excerpt(message)
    assert len(kept) <= EXCERPT_LENGTH
    assert kept == " ".join(kept.split())


def test_a_long_message_is_cut_and_says_so() -> None:
    """The rest stays in Slack."""
    assert excerpt("word " * 100) == f"{('word ' * 28)[:139].rstrip()}…"


def test_the_people_of_a_message_are_known() -> None:
    """Their names can be looked up before the excerpt is made."""
    assert mentioned("<@U1> and <@U2|anna> in <#C1>") == {"U1", "U2"}


def test_a_fingerprint_tells_an_edit_and_nothing_else() -> None:
    """The same words on the same message agree; other words or another message don't; no text has none."""
    same = fingerprint("C1", "1.0", "late") == fingerprint("C1", "1.0", "late")
    others = {fingerprint("C1", "1.0", "late"), fingerprint("C1", "1.0", "Late"), fingerprint("C1", "1.1", "late")}

    assert (same, len(others), fingerprint("C1", "1.0", "")) == (True, 3, "")
