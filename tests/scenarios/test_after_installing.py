"""The first hour: whoever installed Amicable is led by one message and by Home, a click a step, until all is done."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from integrations.sandbox.agency import AMIR, BIRCH, DANA, GENERAL, OLIVIA

STEPS = ("first client", "channel of", "first note.*", "who decides", "weekly digest goes")


def offered(shown: object) -> list[str]:
    """Which steps a message or a tab offers."""
    return [step for step in STEPS if step in str(shown)]


def installed(app: Any, person_id: str = "") -> Any:
    """What setup and `amicable run` do at their end."""
    app.web.lead(person_id)
    app.sweep()
    return app.agency.olivia


def guide(person: Any) -> Any:
    """The message, of which there is one."""
    (found,) = [message for message in person.dms() if "Amicable is" in message.text]
    return found


def test_each_step_is_a_click_and_goes_once_it_is_done(app: Any) -> None:
    """The owner of the workspace, where Slack does not say who installed us; the message and Home stay true."""
    olivia = installed(app)
    first = [offered(guide(olivia).blocks), offered(olivia.home())]
    olivia.click(guide(olivia), "add_client.told-client")
    olivia.submit({"name": "Acme"})
    olivia.home()
    (button,) = set(re.findall(r"client_settings\.home", str(olivia.published_home)))
    olivia.click(olivia.published_home, button)
    olivia.submit({"channels": [BIRCH]})
    with_channel = offered(olivia.home())
    olivia.command("/praise", "Acme thanked us warmly")
    olivia.click(guide(olivia), "roles.told-deciders")
    olivia.click(guide(olivia), "set_digest.told-digest")
    olivia.submit({"channel": GENERAL})
    app.sweep(by=timedelta(minutes=11))
    last = [offered(guide(olivia).blocks), offered(olivia.home())]
    olivia.click(guide(olivia), "skip_step.told-deciders")
    app.settle()

    assert first == [["first client", "first note.*", "who decides", "weekly digest goes"]] * 2
    assert (with_channel, last) == (["first note.*", "who decides", "weekly digest goes"], [["who decides"]] * 2)
    assert ("Amicable is set up" in guide(olivia).text, offered(olivia.home())) == (True, [])


def test_whoever_installed_it_is_told_and_nobody_else_may_skip(app: Any) -> None:
    """Known by the configuration token; it comes once, however often Amicable starts, and all of it can be skipped."""
    installed(app, AMIR)
    installed(app, DANA)
    amir, dana, olivia = app.agency.amir, app.agency.dana, app.agency.olivia
    shown = [offered(person.home()) for person in (amir, olivia, dana)]
    refused = dana.click(dana.published_home, "skip_step.home-all", "all", forge=True)
    before = offered(amir.home())
    amir.click(amir.published_home, "skip_step.home-all")
    app.settle()

    assert [len(each) for each in shown] == [3, 4, 0]
    assert ("a workspace admin" in str(refused.view), len(before), offered(amir.home())) == (True, 3, [])
    assert ("Amicable is set up" in guide(amir).text, list(olivia.dms())) == (True, [])


def test_the_message_names_no_client_that_its_reader_may_not_see(app: Any) -> None:
    """Dana installed it, and Olivia's first client is shown to Olivia alone: neither message nor Home speaks of it."""
    installed(app, DANA)
    app.restrict(app.add_client("Quietude"), (OLIVIA,))
    app.sweep(by=timedelta(minutes=11))
    dana = app.agency.dana
    assert [place for place in (guide(dana).blocks, dana.home()) if "Quietude" in str(place)] == []
    assert "first client" in offered(guide(dana).blocks)


def test_where_clients_are_already_nobody_is_led(app: Any) -> None:
    """An installation that grew before this existed, or was filled by an import."""
    app.add_client("Acme", BIRCH)
    olivia = installed(app)
    assert (olivia.dms(), offered(olivia.home())) == ([], [])
