"""How quick the sandbox's page is: the first paint, and a click until its effect is on the screen."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

from playwright.sync_api import Browser, Page, sync_playwright

from integrations.sandbox.agency import BIRCH, COBALT, DANA, OLIVIA
from integrations.sandbox.play import open_theatre
from integrations.sandbox.story.stage import Stage
from integrations.sandbox.story.telling import CLIENTS_ARE_THERE, play_next
from integrations.sandbox.theatre import Theatre
from tests.bench.measures import Measure
from tests.browser.chromium import ARGUMENTS, find_chromium

ROUNDS = 9
DRAWN = "#main[data-place] .place"
DIALOG = "dialog[open] .modal-body"
PAINT = "() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0"
# Clicks as a person does and looks at every frame whether what was wanted is there (or gone).
CLICK = """([button, wanted, gone]) => new Promise((done) => {
  const began = performance.now();
  const look = () => {
    if (Boolean(document.querySelector(wanted)) !== gone) requestAnimationFrame(() => done(performance.now() - began));
    else requestAnimationFrame(look);
  };
  document.querySelector(button).click();
  look();
})"""


def page() -> Iterator[Measure]:
    """Nothing where there is no Chromium."""
    chromium = find_chromium()
    if chromium is None:
        return
    with open_theatre(0, story=True) as theatre:
        for _ in range(CLIENTS_ARE_THERE):
            play_next(_stage(theatre))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
            paints = [_paint(browser, theatre.url) for _ in range(ROUNDS)]
            clicks = _clicks(browser, theatre)
            browser.close()
    yield Measure(
        name="sandbox page, first paint",
        value=statistics.median(paints) / 1000,
        unit="s",
        at_most=1,
        more={"all": paints},
    )
    every = [taken for some in clicks.values() for taken in some]
    medians = {name: statistics.median(taken) for name, taken in clicks.items()}
    yield Measure(
        name="sandbox page, click to effect", value=statistics.median(every), unit="ms", at_most=300, more=medians
    )
    slowest = max(medians, key=lambda name: medians[name])
    yield Measure(name=f"sandbox page, slowest: {slowest}", value=medians[slowest], unit="ms", at_most=300)


def _stage(theatre: Theatre) -> Stage:
    if theatre.stage is None:
        raise RuntimeError("The sandbox did not start.")
    return theatre.stage


def _paint(browser: Browser, url: str) -> float:
    """With an empty cache."""
    context = browser.new_context()
    shown = context.new_page()
    shown.goto(f"{url}/#{OLIVIA}/channel/{BIRCH}")
    shown.locator(DRAWN).wait_for()
    found: float = shown.evaluate(PAINT)
    context.close()
    return found


def _clicks(browser: Browser, theatre: Theatre) -> dict[str, list[float]]:
    shown = browser.new_page()
    shown.goto(f"{theatre.url}/#{OLIVIA}/channel/{BIRCH}")
    shown.locator(DRAWN).wait_for()
    taken: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        _other_places(shown, taken)
        _command(shown, taken)
    return taken


def _other_places(shown: Page, taken: dict[str, list[float]]) -> None:
    for name, button, wanted in (
        ("another channel", f"#channel-{COBALT}", f"#main[data-place='{OLIVIA}/channel/{COBALT}']"),
        ("another person", f"#be-{DANA}", f"#main[data-place='{DANA}/channel/{COBALT}']"),
        ("the boards", "#view-boards", ".boards"),
        ("back as the owner", f"#be-{OLIVIA}", f"#main[data-place='{OLIVIA}/boards/']"),
        ("Home", "#view-home", ".home .b-header"),
        ("back to a channel", f"#channel-{BIRCH}", f"#main[data-place='{OLIVIA}/channel/{BIRCH}']"),
    ):
        taken.setdefault(name, []).append(shown.evaluate(CLICK, [button, wanted, False]))


def _command(shown: Page, taken: dict[str, list[float]]) -> None:
    """A command and its dialog, through the real app and back."""
    shown.locator("#composer textarea").fill("/client Birch & Barrow why")
    taken.setdefault("a command's dialog", []).append(shown.evaluate(CLICK, ["#composer .send", DIALOG, False]))
    taken.setdefault("closing it", []).append(shown.evaluate(CLICK, [".modal-foot .button", DIALOG, True]))
