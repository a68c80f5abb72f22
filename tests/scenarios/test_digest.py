"""The weekly digest (BR12, HS14) and Home."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.services.capture.notes import NewNote
from bot.views.digest import posted as digest_message
from integrations.sandbox.agency import AMIR, COBALT, GENERAL, LEADS, OLIVIA
from rules.clients.client import Client
from rules.clients.stages import Stage
from rules.errors import UnavailableError
from rules.health.signal import Source
from rules.ports import Post

MOST_BLOCKS, MOST_CHARACTERS = 50, 12_000


def test_a_band_that_fell_or_rose_names_what_was_noted(app: Any, birch: Client) -> None:
    """The most frequent type first, and two at most; nobody has to open the client to know what it is about."""
    noted(app, birch, (20, "praise"), (15, "praise"), (10, "praise"))
    app.set_digest(GENERAL)
    app.sweep(by=timedelta(days=2))
    app.sweep(by=app.until_digest())
    app.sweep(by=timedelta(days=5))
    for days in (4, 3, 2):
        noted(app, birch, (days, "breach_of_deal"), (days, "late_payment"))
    noted(app, birch, (4, "slow_reply"), (1, "breach_of_deal"))
    app.sweep(by=app.until_digest())

    assert "Fell from healthy to watch; Didn't keep their end of the deal, Paid late; 8 notes" in digests(app)[-1]


def test_what_is_named_is_what_was_noted_this_week_and_counts(app: Any, birch: Client) -> None:
    """However late it was noted; what only reads like abuse is nobody's news until its reporter has said so."""
    noted(app, birch, (30, "praise"), (25, "praise"), (20, "praise"))
    noted(app, birch, (9, "rush_request"))
    app.set_digest(GENERAL)
    app.sweep(by=timedelta(days=2))
    app.sweep(by=app.until_digest())
    app.sweep(by=timedelta(days=5))
    for days in (4, 3, 2):
        noted(app, birch, (days, "late_payment"), (days + 8, "slow_reply"))
    noted(app, birch, (14, "slow_reply"))
    app.agency.amir.command("/redflag", "Birch & Barrow he yelled at Mia and called her a bloody idiot")
    app.sweep(by=timedelta(days=1))
    digest = app.web.services.digests.on_demand(app.team_id, app.member(OLIVIA))
    app.sweep(by=app.until_digest())

    assert [note.type for note in app.notes(birch) if note.guessed] == ["abuse"]
    assert "; Slow to answer, Paid late; 8 notes this week" in digests(app)[-1]
    assert "abuse" not in str([entry.flags for section in digest.sections for entry in section.entries])


def test_good_news_say_what_it_was_and_whose_word(app: Any, birch: Client) -> None:
    """The newest praise of this week with whoever noted it, and how many more there were."""
    noted(app, birch, (20, "praise"), (15, "praise"), (10, "praise"))
    app.sweep(by=timedelta(days=2))
    said = []
    for days in (3, 2):
        noted(app, birch, (days, "praise"))
        said.append(str(app.agency.dana.command("/client", "digest").blocks))
    app.agency.amir.command("/praise", "Birch & Barrow thanked Mia for the launch")
    said.append(str(app.agency.dana.command("/client", "digest").blocks))

    assert [re.findall(r", says (<@\w+>[^.]*)\.", text) for text in said] == [
        [f"<@{OLIVIA}>, and 3 more kind words"],
        [f"<@{OLIVIA}>, and 4 more kind words"],
        [f"<@{AMIR}>, and 5 more kind words"],
    ]


@pytest.mark.both_ways
def test_a_digest_comes_once_a_week_whatever_happens_on_the_way(app: Any, birch: Client) -> None:
    """Slack's answer is lost, the sweep runs twice and twice more: one post a week."""
    app.set_digest(GENERAL)
    app.world.slack.lose_answer("chat.postMessage")
    app.sweep(by=app.until_digest())
    app.sweep()
    first = digests(app)
    app.sweep(by=timedelta(hours=3))
    app.sweep(by=app.until_digest())

    assert [text.count("To make week 2 worth reading") for text in first] == [1]
    assert len(digests(app)) == 2
    assert "nothing changed" in digests(app)[1]


def test_a_digest_that_slack_did_not_take_comes_late_and_says_so(app: Any, birch: Client) -> None:
    """Slack refuses on Monday morning: the digest of this week is posted when it takes it again."""
    app.set_digest(GENERAL)
    trouble(app, birch)
    app.world.slack.rate_limit("chat.postMessage", times=3, retry_after=0)
    app.sweep(by=app.until_digest())
    assert digests(app) == []

    app.sweep(by=timedelta(hours=2))

    assert len(digests(app)) == 1
    assert "Late" in digests(app)[0]


def test_monitoring_sees_a_digest_that_slack_does_not_take(app: Any, birch: Client) -> None:
    """For hours, however often it is tried; and no more once it is posted."""
    app.set_digest(GENERAL)
    trouble(app, birch)
    seen = ["digests_late 0.0" in app.web.figures()]
    app.world.slack.rate_limit("chat.postMessage", times=30, retry_after=0)
    app.sweep(by=app.until_digest())
    for _ in range(3):
        app.sweep(by=timedelta(minutes=30))
    seen.append("digests_late 1.0" in app.web.figures())
    app.world.slack.faults.clear()
    app.sweep(by=timedelta(minutes=30))

    assert [*seen, "digests_late 0.0" in app.web.figures(), len(digests(app))] == [True, True, True, 1]


def test_after_an_outage_the_digest_is_late_and_close_to_the_next_it_is_left_out(app: Any, birch: Client) -> None:
    """Nobody swept for a day: posted late with today's figures. Nobody for six days: the next one is near enough."""
    app.set_digest(GENERAL)
    trouble(app, birch)
    app.sweep(by=app.until_digest() + timedelta(days=1))
    late = digests(app)
    app.sweep(by=app.until_digest() + timedelta(days=6))

    assert ["Late" in text for text in late] == [True]
    assert digests(app) == late


def test_a_digest_that_has_nowhere_to_go_is_an_admins_business(app: Any, birch: Client) -> None:
    """The channel was archived, or the app removed from it: the admin is told once, and where to change it.

    The two have other people each: of channels with the same people the second waits for the first.
    """
    slack, olivia = app.world.slack, app.agency.olivia
    for place in (GENERAL, LEADS):
        app.set_digest(place)
    slack.archive(GENERAL)
    slack.remove(LEADS, slack.workspace.bot_user_id)
    app.sweep(by=app.until_digest())
    app.sweep(by=timedelta(minutes=11))
    app.tell()

    assert [message.text.count("was not posted") for message in olivia.dms()] == [2]
    assert digests(app) == []


def test_a_digest_of_200_clients_fits_on_one_screen(app: Any) -> None:
    """However many clients: at most 50 blocks and 12,000 characters, the rest a click away; Home and list too."""
    clients = [app.add_client(f"Client {'with a rather long name ' * 2}{number:03}") for number in range(200)]
    for client in clients[:60]:
        trouble(app, client)
    app.set_digest(GENERAL)
    app.sweep(by=app.until_digest())

    posted = next(m for m in app.world.slack.messages(GENERAL) if m.by_app)
    assert len(posted.blocks) <= MOST_BLOCKS
    sent = [{key: value for key, value in block.items() if key != "block_id"} for block in posted.blocks]  # Slack's own
    assert len(json.dumps(sent)) <= MOST_CHARACTERS
    assert "more" in app.world.slack.text_of(posted)
    amir = app.agency.amir
    assert "200 clients" in amir.command("/client", "list").text
    home = amir.home()
    app.settle()
    assert "Page 1 of 7" in str(amir.published_home or home)


def test_the_button_of_a_digest_answers_whoever_clicked(app: Any, birch: Client) -> None:
    """Everybody in the channel can look closer, and sees the client alone."""
    app.set_digest(GENERAL)
    trouble(app, birch)
    app.sweep(by=app.until_digest())
    posted = next(m for m in app.world.slack.messages(GENERAL) if m.by_app)
    button = next(b["accessory"] for b in posted.blocks if "accessory" in b)

    seen = app.agency.dana.click(posted, button["action_id"])

    assert "Evidence" in seen.text
    assert [m.visible_to for m in seen.messages] == [app.agency.dana.who.id]


def test_home_welcomes_and_then_shows_what_needs_me(app: Any) -> None:
    """First run: what to do. Then my clients first, the others behind, and buttons that work from there."""
    olivia = app.agency.olivia
    olivia.home()
    app.settle()
    assert "Welcome" in str(olivia.published_home)
    mine, other = app.add_client("Volt", owner=OLIVIA), app.add_client("Cobalt", owner=AMIR)
    olivia.home(wait=0.2)
    app.settle()
    home = olivia.published_home
    said = str(home)

    assert said.index("Your clients") < said.index("Volt") < said.index("All other clients") < said.index("Cobalt")
    olivia.click(home, "open_client.mine-0")
    assert "Volt" in str(olivia.view)
    olivia.close()
    olivia.click(home, "log_from_home")
    assert olivia.submit({"client": other.id, "type": "late_payment"}).outcome == "updated"
    assert len(app.notes(other)) == 1
    assert app.notes(mine) == []


def test_what_only_deciders_may_know_is_in_nobody_elses_home_and_digest(app: Any, birch: Client) -> None:
    """Considering stays with those who decide: not on a colleague's Home, not in the channel's digest (BR14)."""
    olivia, dana = app.agency.olivia, app.agency.dana
    trouble(app, birch)
    app.set_digest(GENERAL)
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.clients.save(replace(birch, stage=Stage.CONSIDERING))
    olivia.home(wait=0.2)
    dana.home(wait=0.2)
    app.sweep(by=app.until_digest())

    assert "being considered" in str(olivia.published_home)
    assert "consider" not in (str(dana.published_home) + digests(app)[0]).casefold().replace("consider ending", "")


def trouble(app: Any, client: Client) -> None:
    """Enough, over three weeks, for a number that calls for a plan."""
    noted(
        app,
        client,
        (20, "late_payment"),
        (13, "slow_reply"),
        (6, "late_payment"),
        (5, "abuse"),
        (3, "breach_of_deal"),
    )


def noted(app: Any, client: Client, *what: tuple[int, str]) -> None:
    """So many days ago, and its type."""
    now = app.web.outside.clock.now()
    for days, kind in what:
        happened_at = now - timedelta(days=days)
        new = NewNote(
            client_id=client.id, type=kind, source=Source.FORM, happened_at=happened_at, once=f"{happened_at}"
        )
        app.web.services.capture.log(app.team_id, app.member(OLIVIA), new)


def digests(app: Any) -> list[str]:
    return [app.world.slack.text_of(m) for m in app.world.slack.messages(GENERAL) if m.by_app]


def test_two_channels_with_the_same_people_get_it_once(app: Any, birch: Client) -> None:
    """Both are due at the same minute; where the first can't take it, the second has it."""
    slack = app.world.slack
    for place in (GENERAL, COBALT):
        slack.workspace.channels[place].members = [*slack.workspace.channels[GENERAL].members]
        app.set_digest(place)
    trouble(app, birch)
    app.sweep(by=app.until_digest())
    app.sweep(by=timedelta(minutes=11))
    first = sorted(len(posted(app, place)) for place in (GENERAL, COBALT))
    slack.archive(COBALT)
    app.sweep(by=app.until_digest())
    app.sweep(by=timedelta(minutes=11))

    assert first == [0, 1]
    assert [len(posted(app, place)) for place in (GENERAL, COBALT)] == [1, 1]


@pytest.mark.parametrize("fault", ["answer lost", "refused", "killed"])
def test_channels_with_the_same_people_get_it_once_whatever_happens_on_the_way(
    app: Any, birch: Client, fault: str
) -> None:
    """The first one's answer gets lost, Slack takes nothing for a while, or a worker dies when it has just posted."""
    slack = app.world.slack
    for place in (GENERAL, COBALT):
        slack.workspace.channels[place].members = [*slack.workspace.channels[GENERAL].members]
        app.set_digest(place)
    trouble(app, birch)
    app.world.move_clock(app.until_digest())
    if fault == "answer lost":
        slack.lose_answer("chat.postMessage")
    elif fault == "refused":
        slack.rate_limit("chat.postMessage", times=3, retry_after=0)
    else:
        post_and_die(app, COBALT)
    for _ in range(4):
        app.sweep(by=timedelta(minutes=11))

    assert [len(posted(app, place)) for place in (COBALT, GENERAL)] == [1, 0]


def post_and_die(app: Any, channel_id: str) -> None:
    """All that a worker does until Slack has the digest, and nothing of what comes after."""
    issue = app.web.services.digests.issue(app.team_id, channel_id)
    draft = Post(
        key=issue.key,
        workspace_id=app.team_id,
        channel_id=channel_id,
        kind="digest",
        subject=issue.key,
        created_at=app.web.outside.clock.now(),
    )
    shown = digest_message(issue, app.web.outside.words)
    with suppress(UnavailableError):  # the first look is at who is there
        app.web.outside.announcer.post_once(draft, shown)
    app.web.outside.jobs.idle()
    app.web.outside.announcer.post_once(draft, shown)


def posted(app: Any, channel_id: str) -> list[str]:
    return [app.world.slack.text_of(m) for m in app.world.slack.messages(channel_id) if m.by_app]
