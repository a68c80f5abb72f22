"""Our blocks are plain dicts; Slack's own models say whether they are right, and how long a text may be."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from slack_sdk.models.blocks import Block, BlockElement, HeaderBlock, PlainTextObject, TaskCardBlock
from slack_sdk.models.blocks.basic_components import ConfirmObject

from bot.ids import Action
from bot.replies import Option
from bot.views import blocks
from bot.views.blocks import Marked

OPTIONS = [Option("One", "1"), Option("Two", "2")]
ELEMENTS: dict[str, dict[str, Any]] = {
    "button": blocks.button("Why", Action.WHY, "cl-1"),
    "button with all": blocks.button("Why", Action.WHY, "v", suffix="x", style="danger", name="Why they are at 40"),
    "asked again": blocks.sure(blocks.button("Erase", Action.WHY, "v"), "Erase it?", "It is gone then.", "Erase"),
    "choice": blocks.choice(Action.WHY, "Choose", OPTIONS, initial="2", suffix="x"),
    "grouped": blocks.grouped_choice(Action.WHY, "Choose", {"Some": OPTIONS}),
}
SHAPES: dict[str, dict[str, Any]] = {
    "header": blocks.header("Health"),
    "section": blocks.section(Marked("*Acme*")),
    "section with": blocks.section(Marked("*Acme*"), ELEMENTS["button"]),
    "fields": blocks.fields(Marked("one"), Marked("two")),
    "context": blocks.context(Marked("small"), Marked("print")),
    "divider": blocks.divider(),
    "plan": blocks.plan("Tasks", blocks.task_card("t1", "Hand over", "pending")),
    "actions": blocks.actions(*ELEMENTS.values()),
    "picture": blocks.picture("F1", "A falling line"),
    "text": blocks.text_input("b", "Note", initial="so", hint="what", optional=True, lines=3),
    "e-mail": blocks.email_input("b", "Mail", initial="a@b.example"),
    "number": blocks.number_input("b", "Hours", initial=Decimal("2.5"), decimals=True),
    "date": blocks.date_input("b", "Day", initial=date(2026, 3, 1)),
    "time": blocks.time_input("b", "Hour", initial=time(9, 0)),
    "select": blocks.select_input("b", "One", OPTIONS, initial="1"),
    "several": blocks.several_input("b", "Some", OPTIONS, initial=["2"]),
    "grouped": blocks.grouped_input("b", "One", {"Some": OPTIONS}, initial="1", action=Action.WHY),
    "radio": blocks.radio_input("b", "One", OPTIONS, initial="1"),
    "checks": blocks.checks_input("b", "Some", OPTIONS, initial=["1"]),
    "person": blocks.person_input("b", "Who", initial="U1"),
    "people": blocks.people_input("b", "Who", initial=["U1"]),
    "channel": blocks.channel_input("b", "Where", initial="C1"),
    "channels": blocks.channels_input("b", "Where", initial=["C1"]),
    "search": blocks.search_input("b", "Which", Action.WHY, initial=OPTIONS[0]),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_block_is_what_slacks_own_model_makes_of_it(shape: str) -> None:
    """Slack's model reads it and writes the same again, with nothing lost or added."""
    model = Block.parse(SHAPES[shape])
    assert model is not None
    assert model.to_dict() == SHAPES[shape]


@pytest.mark.parametrize("element", ELEMENTS)
def test_an_element_is_what_slacks_own_model_makes_of_it(element: str) -> None:
    """The same for buttons and selects inside of blocks."""
    model = BlockElement.parse(ELEMENTS[element])
    assert model is not None
    assert model.to_dict() == ELEMENTS[element]


LONG = st.integers(1, 400).map(lambda length: "x" * length)


@given(LONG, LONG, LONG)
def test_a_text_of_any_length_stays_within_what_the_models_allow(title: str, label: str, text: str) -> None:
    """Titles, labels and questions of any length are shortened to Slack's limits."""
    heading = HeaderBlock(text=PlainTextObject(text=blocks.header(title)["text"]["text"]))
    heading.validate_json()
    button = BlockElement.parse(blocks.button(label, Action.WHY, name=text))
    assert button is not None
    button.validate_json()
    asked = blocks.sure(blocks.button("Erase", Action.WHY), title, text, "Yes")["confirm"]
    ConfirmObject(**{name: said["text"] for name, said in asked.items()}).validate_json()
    assert len(TaskCardBlock(**_bare(blocks.task_card("t", title, "pending"))).title) <= 256


def _bare(block: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in block.items() if name != "type"}
