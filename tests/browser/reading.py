"""Reading a letter from the screen, and answering from what stands there alone."""

from __future__ import annotations

import re
from typing import Any


def read_the_letter(hand: Any, day: str = r"last day is (\d+ \w+ \d{4})") -> None:
    """`day` finds the last day in the letter's words."""
    fields = hand.page.locator("dialog.modal [data-field]")
    letter = " ".join(hand.words().split())
    found = re.search(day, letter)
    assert found is not None, letter
    hand.fill({"last_day": found[1], "sums": "none"})
    for box in fields.locator("input[type=checkbox]").all():
        label = box.locator("xpath=ancestor::label[1]").inner_text().strip()
        box.set_checked(letter.count(label) > 1)  # once is the box itself
    for sentence in fields.locator("input[type=radio][value=thanks]").all():
        sentence.check()
    hand.submit()
