"""`make pictures`: plays the story in the sandbox and takes the pictures of the README, in light and in dark.

What a first day shows is taken as narrow as a phone, too; those pictures go to `build/pictures`, to be looked at.
"""

from __future__ import annotations

import html
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from integrations.sandbox.agency import AMIR, DANA, GENERAL, LEADS, NORTHWIND, OLIVIA, VOLT
from integrations.sandbox.play import open_theatre
from integrations.sandbox.story.telling import play_next
from integrations.sandbox.theatre import Theatre
from tests.browser.test_mending_by_hand import mend
from tests.browser.test_parting_by_hand import part

pytestmark = pytest.mark.timeout(900)
ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs" / "pictures"
TO_LOOK_AT = ROOT / "build" / "pictures"
MOST_BYTES = 150_000
# Of the partings that somebody else ended, these are worth a picture.
PARTINGS = {"theirs-talk", "theirs-draft", "fade-checklist"}
THEMES = ("light", "dark")
WIDE = {"width": 1280, "height": 800}
NARROW = {"width": 390, "height": 780}
COLUMNS = {"dry-run": 118, "dry-run-390": 46}  # of the terminal
LISTS = {
    "clients.csv": "name,monthly hours,owner\nVolt Studio,40,amir@agency.example\nBirch & Barrow,10,\n",
    "moneybird.csv": """Factuurnummer,Status,Factuurdatum,Vervaldatum,Bedrijfsnaam,Betaald op,"Totaal (incl. btw)"
2026-0017,Betaald,30-07-2026,14-08-2026,Birch & Barrow,02-09-2026,"1230,50"
2026-0018,Openstaand,15-08-2026,30-08-2026,Volt Studio,,"2400,00"
""",
    "harvest.csv": """Date,Client,Project,Task,Notes,Hours,First Name
2026-08-05,Volt Studio,Website,Design,Home page,20.25,Dana
2026-08-06,Volt Studio,Website,Design,Home page,21.5,Dana
""",
    "xero.csv": """ContactName,InvoiceNumber,InvoiceDate,DueDate,Total,InvoiceAmountDue
Volt Studio,INV-0212,15/07/2026,14/08/2026,3600.00,3600.00
Vlot Studio,INV-0213,15/07/2026,14/08/2026,900.00,900.00
""",
}
TERMINAL = """<!doctype html><style>
  body {{ margin: 0; padding: 20px; font: 13px/1.35 monospace; background: #fdfdfb; color: #1d1c1d }}
  pre {{ margin: 0; font: inherit; white-space: pre-wrap; overflow-wrap: anywhere }}
  @media (max-width: 400px) {{ body {{ padding: 10px; font-size: 12px }} }}
  @media (prefers-color-scheme: dark) {{ body {{ background: #17191c; color: #e6e6e3 }} }}
</style><pre>$ amicable import lists/* --dry-run
{said}</pre>"""


@pytest.fixture(scope="module")
def theatre() -> Iterator[Theatre]:
    """The sandbox on the first Monday of the story."""
    with open_theatre(0, story=True) as opened:
        yield opened


class Album:
    """Takes pictures of what is on the screen."""

    def __init__(self, hand: Any) -> None:
        self.hand, self.page = hand, hand.page
        for folder in (PICTURES, TO_LOOK_AT):
            folder.mkdir(parents=True, exist_ok=True)

    def take(self, name: str, *, narrow: bool = False) -> None:
        """With `narrow` as on a phone, too."""
        self.page.mouse.move(640, 5)
        self.shoot(PICTURES / name)
        if narrow:
            self.page.set_viewport_size(NARROW)
            self.shoot(TO_LOOK_AT / f"{name}-390")
            self.page.set_viewport_size(WIDE)

    def look(self, name: str, *, narrow: bool = False) -> None:
        """At the dialog that is open, from its beginning."""
        self.page.locator(".modal-body").evaluate("body => { body.focus(); body.scrollTop = 0; }")
        self.take(name, narrow=narrow)

    def dialog(
        self, name: str, command: str, then: Callable[[Any], None] = lambda _: None, *, narrow: bool = False
    ) -> None:
        self.hand.command(command)
        then(self.hand)
        self.look(name, narrow=narrow)
        self.hand.close()

    def shoot(self, path: Path) -> None:
        for theme in THEMES:
            self.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            self.page.wait_for_timeout(150)
            shot = Image.open(BytesIO(self.page.screenshot())).convert("RGB")
            save(shot, path.with_name(f"{path.name}-{theme}.png"))
        self.page.emulate_media(color_scheme="light")


def save(shot: Image.Image, path: Path) -> None:
    """With fewer colours where it would be too big."""
    shot.save(path, optimize=True)
    if path.stat().st_size > MOST_BYTES:
        shot.quantize(256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE).save(path, optimize=True)
    assert path.stat().st_size <= MOST_BYTES, path.name


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


def test_pictures_of_the_story(hand: Any) -> None:
    """Home, why, card and digest of clients who have a history; the parting; the page itself."""
    album = Album(hand)
    play_until(hand, 8)
    talk_about_northwind(hand)
    album.take("workspace")
    play_until(hand, 9)
    hand.open(OLIVIA, f"channel/{LEADS}")
    album.take("digest", narrow=True)
    hand.open(OLIVIA, f"channel/{NORTHWIND}")
    hand.type("/client Northwind Tours")
    hand.said("Evidence")
    album.take("card", narrow=True)
    album.dialog("why", "/client Northwind Tours why", narrow=True)
    album.dialog("trend", "/client Northwind Tours why", show_trend)
    album.dialog("plan", "/client Cobalt Kitchens plan")
    album.dialog("checklist", "/client Northwind Tours consider")
    hand.go("view-home")
    hand.page.locator(".home .b-section").first.wait_for()
    hand.theatre.stage.settle()
    album.take("home", narrow=True)

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


def test_pictures_of_mending_and_of_partings(hand: Any) -> None:
    """What was done by hand, where it is worth a picture."""
    album = Album(hand)
    hand.theatre.set_up()
    mend(hand, album.look)
    hand.theatre.set_up()
    part(hand, lambda name: album.look(name) if name in PARTINGS else None)


def test_pictures_of_a_first_day(hand: Any, tmp_path: Path) -> None:
    """A form about a message, a refusal with its ways on, and what an import would do."""
    album = Album(hand)
    hand.theatre.set_up()
    hand.open(DANA, f"channel/{VOLT}")
    for name in ("Volt Studio", "Birch & Barrow", "Cobalt Kitchens"):
        hand.command(f"/client add {name}")
        hand.submit({} if name == "Volt Studio" else {"channel": None})
        hand.close()
    hand.type("The third brief this week, and this one has to be live tomorrow at nine.")
    hand.shortcut("tomorrow at nine", "Log red flag")
    album.look("form", narrow=True)
    hand.close()
    hand.open(DANA, f"channel/{GENERAL}")
    hand.type("/redflag Zorro Films paid three weeks late")
    hand.said("No client of that name")
    album.take("refusal", narrow=True)
    hand.page.goto("about:blank")  # the sandbox's page allows no styles but its own
    for name, columns in COLUMNS.items():
        hand.page.set_viewport_size(NARROW if name.endswith("390") else WIDE)
        hand.page.set_content(TERMINAL.format(said=html.escape(dry_run(hand, tmp_path, columns))))
        album.shoot((TO_LOOK_AT if name.endswith("390") else PICTURES) / name)


def dry_run(hand: Any, folder: Path, columns: int) -> str:
    """What the command prints in a terminal so wide."""
    for name, text in LISTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    stage = hand.theatre.stage
    environment = {**os.environ, **stage.world.app_environment(), "AMICABLE_DATABASE_URL": stage.app.database_url}
    done = subprocess.run(  # noqa: S603 - ours
        [sys.executable, "-m", "bot", "import", *LISTS, "--dry-run"],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(ROOT), "COLUMNS": str(columns), "AMICABLE_LOG_LEVEL": "ERROR"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.stdout
