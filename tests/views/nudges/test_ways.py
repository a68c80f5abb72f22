"""Each way on that a service names has its button."""

from __future__ import annotations

from bot.services.waiting import WayOn
from bot.views.ways import BUTTONS, way_button


def test_every_way_on_has_a_button() -> None:
    """A reminder without its button would be a dead end."""
    assert set(BUTTONS) == set(WayOn)


def test_the_channel_whose_client_is_chosen_goes_along() -> None:
    """The click must say which channel it is about, as the form behind it reads it."""
    assert way_button(WayOn.CHOOSE_CLIENT, "C1", suffix="x")["value"] == '{"channel": "C1"}'
