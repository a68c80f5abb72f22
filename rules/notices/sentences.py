"""The sentences of a letter, and which of them are ours: only what equals a sentence that we would write."""

from __future__ import annotations

import re
from dataclasses import replace

from rules.notices.address import FORMS
from rules.notices.draft import language_for, render
from rules.notices.notice import NoticeFacts

# After a full stop, a question or an exclamation mark (and a closing quote or bracket), before a capital.
_ENDS = re.compile(
    r"""(?:(?<=[.!?\u2026])|(?<=[.!?\u2026]["')\]\u2019\u201d\u00bb]))\s+(?=["'(\[\u2018\u201c\u00ab]*[^\W\d_a-z\u00df-\u00ff])"""
)
_BULLET = re.compile(r"^[-*\u2022\u2013]\s+")


def sentences_in(text: str) -> tuple[str, ...]:
    """The sentences in their order, without bullets and with single spaces; a line ends one, too."""
    lines = (_BULLET.sub("", " ".join(line.split())) for line in text.splitlines())
    return tuple(sentence for line in lines for sentence in _ENDS.split(line) if sentence)


def our_sentences(facts: NoticeFacts) -> frozenset[str]:
    """Every sentence that a draft from these facts could have, as `sentences_in` gives them.

    While nobody has chosen a form of address, those of each form are ours.
    """
    forms = (facts.address,) if facts.address else tuple(FORMS[language_for(facts.language)])
    letters = [render(replace(facts, address=str(form))) for form in forms]
    return frozenset(
        sentence for letter in letters for text in (letter.subject, letter.body) for sentence in sentences_in(text)
    )
