"""Sentences keep their template and values, and their plurals are right."""

from __future__ import annotations

import copy

import pytest

from rules.sentences import Sentence


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "Birch has 0 open tasks."), (1, "Birch has 1 open task."), (2, "Birch has 2 open tasks.")],
)
def test_one_is_one_and_everything_else_is_many(count: int, said: str) -> None:
    """Nobody reads "1 tasks"."""
    one, many = "{name} has {count} open task.", "{name} has {count} open tasks."
    assert Sentence(one, many, count=count, name="Birch") == said


def test_a_sentence_keeps_what_a_translation_needs() -> None:
    """A catalogue finds the words by their template; braces in a name stay a name's."""
    sentence = Sentence("Nobody is called {name}.", name="{curly} & co")
    assert (str(sentence), sentence.template, dict(sentence.values)) == (
        "Nobody is called {curly} & co.",
        "Nobody is called {name}.",
        {"name": "{curly} & co"},
    )


def test_a_count_and_two_forms_belong_together() -> None:
    """Each without the other is a slip of whoever writes it."""
    with pytest.raises(TypeError):
        Sentence("{count} task", count=1)
    with pytest.raises(TypeError):
        Sentence("{count} task", "{count} tasks")


def test_a_copy_is_what_was_said() -> None:
    """A sentence with braces in a name is copied as it reads, not filled in once more."""
    sentence = Sentence("{name} is open.", name="{curly}")
    assert copy.deepcopy(sentence) == "{curly} is open."
