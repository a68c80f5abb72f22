"""A real browser in front of the sandbox, and a pair of hands that use it as a person would."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from integrations.sandbox.agency import OLIVIA
from integrations.sandbox.play import open_theatre
from integrations.sandbox.theatre import Theatre
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.clocks import SLACK_SECONDS

PATIENCE = 90_000
DIALOG = "dialog.modal"


class Hand:
    """One browser window. Things are named by what the app calls them: fields by block, buttons by action."""

    def __init__(self, page: Page, theatre: Theatre) -> None:
        self.page, self.theatre = page, theatre
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)

    # --- going ---

    def open(self, who: str = OLIVIA, place: str = "channel/C0GENERAL") -> None:
        self.page.goto(f"{self.theatre.url}/#{who}/{place}")
        self.page.locator(f"#main[data-place='{who}/{place}']").wait_for()

    def be(self, who: str) -> None:
        self.page.locator(f"#be-{who}").click()
        expect(self.page.locator(f"#be-{who}")).to_have_attribute("aria-pressed", "true")

    def go(self, place: str) -> None:
        """`channel-C0BIRCH`, `view-home`, `view-boards`, `view-mail`."""
        self.page.locator(f"#{place}").click()
        expect(self.page.locator(f"#{place}")).to_have_attribute("aria-current", "page")

    def time(self, to: str) -> None:
        self.page.locator("#clock-button").click()
        self.page.get_by_role("menuitem", name=to).click()
        self.page.locator("body.time-moves").wait_for()
        self.page.locator("body:not(.time-moves)").wait_for(timeout=90_000)

    # --- in a conversation ---

    def type(self, text: str) -> None:
        box = self.page.locator("#composer textarea")
        box.fill(text)
        box.press("Enter")

    def command(self, text: str) -> Locator:
        """Types a command that opens a dialog."""
        self.type(text)
        return self.dialog()

    def said(self, words: str) -> Locator:
        found = self.page.locator(".main .message", has_text=words).last
        found.wait_for()
        return found

    def react(self, words: str, emoji: str) -> None:
        message = self.said(words)
        message.hover()
        message.get_by_role("button", name="Add reaction").first.click()
        self.page.locator(f"[data-emoji={emoji}]").click()
        message.locator(f".reaction[data-mark$=' {emoji}']").wait_for()

    def shortcut(self, words: str, name: str) -> None:
        message = self.said(words)
        message.hover()
        message.get_by_role("button", name="More actions").click()
        self.page.get_by_role("menuitem", name=name).click()
        self.dialog()

    # --- in a dialog ---

    def dialog(self) -> Locator:
        found = self.page.locator(DIALOG)
        found.wait_for()
        return found

    def press(self, action: str, *, within: Locator | None = None) -> None:
        """Presses the first button of this kind, and agrees if it asks."""
        place = within or self.page.locator(DIALOG)
        exact = re.compile(rf"^{re.escape(action)}(\..*)?$")
        buttons = place.locator("button[data-action]")
        buttons.first.wait_for()
        names = buttons.evaluate_all("all => all.map(each => each.dataset.action)")
        at = next((number for number, name in enumerate(names) if exact.match(name)), None)
        assert at is not None, f"{action} is not among {names}: {place.inner_text()}"
        before = self._trace()
        buttons.nth(at).click()
        question = self.page.locator("dialog.confirm")
        if question.count():
            question.locator(".modal-foot button").last.click()
        self._wait_for_change(before)

    def fill(self, values: Mapping[str, Any]) -> None:
        for block, value in values.items():
            self._fill(self.page.locator(f"{DIALOG} [data-field='{block}']"), value)

    def submit(self, values: Mapping[str, Any] | None = None) -> None:
        """Fills the form on top and submits it; the dialog is another one afterwards, or gone."""
        self.fill(values or {})
        before = self._trace()
        self.page.locator("#modal-submit").click()
        self._wait_for_change(before)

    def words(self) -> str:
        return self.dialog().inner_text()

    def buttons(self) -> list[str]:
        found = self.page.locator(f"{DIALOG} button[data-action]")
        names: list[str] = found.evaluate_all("all => all.map(each => each.dataset.action.split('.')[0])")
        return names

    def close(self) -> None:
        while self.page.locator(DIALOG).count():
            before = self._trace()
            self.page.keyboard.press("Escape")
            self._wait_for_change(before)

    # --- inside ---

    def _trace(self) -> str:
        """Names the dialog that is drawn now; a new drawing has no name yet."""
        form = self.page.locator(f"{DIALOG} form")
        return str(form.evaluate("form => (form.mark ??= String(Math.random()))")) if form.count() else "none"

    def _wait_for_change(self, before: str) -> None:
        now = "document.querySelector('dialog.modal form')"
        changed = f"before => ({now} ? {now}.mark ?? 'new' : 'none') !== before"
        try:
            self.page.wait_for_function(changed, arg=before)
        except PlaywrightTimeout:
            shown = self.page.locator(f"{DIALOG}, .toast").all_inner_texts()
            pytest.fail(f"Nothing happened. On the screen: {shown}")

    def _fill(self, row: Locator, value: Any) -> None:
        control = row.locator("[data-control]")
        kind = control.get_attribute("data-control")
        if kind == "checkboxes":
            for box in row.locator("input").all():
                box.set_checked(box.get_attribute("value") in value)
        elif kind == "radio_buttons":
            row.locator(f"input[value='{value}']").check()
        elif kind == "external_select":
            control.locator("input").fill(value)
            control.get_by_role("option", name=value).first.click()
        elif kind in {"static_select", "users_select", "conversations_select"}:
            control.select_option(value)
            expect(self.page.locator(f"{DIALOG} [aria-busy=true]")).to_have_count(0)  # the app may draw it anew
        else:
            control.fill(str(value))


@pytest.fixture(scope="session")
def chromium() -> str:
    """The system's browser. Without one these tests are left out, except where everything has to run."""
    found = find_chromium()
    if not found and os.environ.get("CI"):
        pytest.fail("There is no Chromium, and in continuous integration the browser tests have to run.")
    if not found:
        pytest.skip("There is no Chromium on this machine: install the package `chromium` to run the browser tests.")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for a file of tests; it ends with the file, so that no event loop outlives it."""
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def theatre(starts_at: datetime) -> Iterator[Theatre]:
    """The sandbox as `amicable sandbox` starts it."""
    with open_theatre(0, starts_at=starts_at, slack_seconds=SLACK_SECONDS) as opened:
        yield opened


@pytest.fixture
def hand(browser: Browser, theatre: Theatre) -> Iterator[Hand]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    made = Hand(context.new_page(), theatre)
    yield made
    context.close()
    assert made.errors == []
