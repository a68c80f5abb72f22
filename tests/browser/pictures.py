"""`make pictures`: plays the story in the sandbox and takes the pictures of the README, in light and in dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from integrations.sandbox.agency import AMIR, DANA, LEADS, NORTHWIND, OLIVIA
from integrations.sandbox.play import open_theatre
from integrations.sandbox.story.telling import play_next
from integrations.sandbox.theatre import Theatre
from tests.browser.test_mending_by_hand import mend
from tests.browser.test_parting_by_hand import part

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
MOST_BYTES = 150_000
# Of the partings that somebody else ended, these are worth a picture.
PARTINGS = {"theirs-talk", "theirs-draft", "fade-checklist"}
THEMES = ("light", "dark")
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 780}


@pytest.fixture(scope="module")
def theatre() -> Iterator[Theatre]:
    """The sandbox on the first Monday of the story."""
    with open_theatre(0, story=True) as opened:
        yield opened


class Album:
    """Takes pictures of what is on the screen."""

    def __init__(self, hand: Any) -> None:
        self.hand, self.page = hand, hand.page

    def take(self, name: str) -> None:
        self.page.mouse.move(640, 5)
        for theme in THEMES:
            self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            self.page.wait_for_timeout(150)
            save(Image.open(BytesIO(self.page.screenshot())).convert("RGB"), PICTURES / f"{name}-{theme}.png")
        self.page.emulate_media(color_scheme="light")

    def look(self, name: str) -> None:
        """At the dialog that is open, from its beginning."""
        self.page.locator(".modal-body").evaluate("body => { body.focus(); body.scrollTop = 0; }")
        self.take(name)

    def dialog(self, name: str, command: str, then: Callable[[Any], None] = lambda _: None) -> None:
        self.hand.command(command)
        then(self.hand)
        self.look(name)
        self.hand.close()


def save(shot: Image.Image, path: Path) -> None:
    """With fewer colours where it would be too big."""
    shot.save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        shot.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(path, optimize=True)


def play_until(hand: Any, told: int) -> None:
    while hand.theatre.stage.told < told:
        play_next(hand.theatre.stage)


def talk_about_northwind(hand: Any) -> None:
    """An ordinary Thursday in a client's channel."""
    hand.open(DANA, f"channel/{NORTHWIND}")
    hand.type("They loved the new route maps and thanked the whole team :tada:")
    hand.type("And now the landing page has to be ready *tomorrow at nine*. The brief came at five.")
    hand.react("loved the new route maps", "sunflower")
    hand.react("tomorrow at nine", "stopwatch")
    hand.be(AMIR)
    hand.said("tomorrow at nine")
    hand.type("Invoice 2041 is still open, by the way.")
    hand.react("Invoice 2041", "money_with_wings")
    hand.react("loved the new route maps", "heart")
    hand.theatre.stage.settle()
    hand.type("/redflag Northwind Tours asks for a cheaper rate")
    hand.said("cheaper rate")


def show_trend(hand: Any) -> None:
    hand.press("trend")
    hand.page.locator("dialog.modal img").wait_for()
    hand.page.wait_for_function("[...document.querySelectorAll('dialog.modal img')].every((img) => img.naturalWidth)")


@pytest.mark.timeout(300)
def test_pictures(hand: Any) -> None:
    """Every picture is real, current and small."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    album = Album(hand)
    play_until(hand, 8)
    talk_about_northwind(hand)
    album.take("workspace")
    play_until(hand, 9)
    hand.open(OLIVIA, f"channel/{LEADS}")
    album.take("digest")
    hand.open(OLIVIA, f"channel/{NORTHWIND}")
    album.dialog("why", "/client Northwind Tours why")
    album.dialog("trend", "/client Northwind Tours why", show_trend)
    album.dialog("plan", "/client Cobalt Kitchens plan")
    album.dialog("checklist", "/client Northwind Tours consider")
    hand.go("view-home")
    hand.page.locator(".home .b-section").first.wait_for()
    hand.theatre.stage.settle()
    album.take("home")

    play_until(hand, 12)
    hand.open(OLIVIA, f"channel/{NORTHWIND}")
    album.dialog("preview", "/client Northwind Tours parting", lambda then: then.press("preview"))
    play_until(hand, 14)
    hand.said("Parting from").evaluate("message => message.scrollIntoView({block: 'start'})")
    album.take("progress")
    album.dialog("letter", "/client Northwind Tours letter")
    play_until(hand, 20)
    hand.go("view-boards")
    hand.page.locator(".done .card").first.wait_for()
    album.take("boards")
    hand.page.locator('[data-panel="story"]').click()
    hand.page.locator(".scene.now").wait_for()
    album.take("story")
    hand.page.locator('[data-panel="inspector"]').click()
    hand.page.locator(".requests li").first.wait_for()
    album.take("inspector")
    hand.page.locator('[data-panel="inspector"]').click()

    hand.page.set_viewport_size(NARROW)
    hand.open(AMIR, f"channel/{NORTHWIND}")
    album.take("narrow")

    hand.page.set_viewport_size(WIDE)
    hand.theatre.set_up()
    mend(hand, album.look)
    hand.theatre.set_up()
    part(hand, lambda name: album.look(name) if name in PARTINGS else None)
    too_big = {path.name: path.stat().st_size for path in PICTURES.glob("*.png") if path.stat().st_size > MOST_BYTES}
    assert too_big == {}
