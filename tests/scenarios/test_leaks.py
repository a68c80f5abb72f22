"""BR14: nothing about a client may reach that client, whatever the channel and whatever the way in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.agenda import REFRESH_PEOPLE
from bot.replies import Message
from bot.services.capture.ledger import Sieve
from integrations.sandbox.agency import AMIR, BIRCH, CARLA, COBALT, DANA, GENERAL, GUS, LEADS, OLIVIA, SHARED
from rules.clients.client import Client
from rules.errors import RefusedError
from rules.nudges.kinds import AtOnce

CANARY = "zanzibar"
LATE = "money_with_wings"


def test_reactions_log_only_where_nobody_else_listens(app: Any) -> None:
    """Inside they log; where a client can see them the person is asked, privately, to take them off."""
    slack, amir = app.world.slack, app.agency.amir
    slack.add_person("U0SISTER", "sister", team_id="T0SISTER")
    slack.add_person("U0FREYA", "freya", is_guest=True, is_contractor=True)
    inside = {"C1PUBLIC": (AMIR, DANA), "C1PRIVATE": (AMIR,), "C1FREELANCER": (AMIR, "U0FREYA")}
    outside = {"C1GUEST": (AMIR, GUS), "C1PENDING": (AMIR,), "C1FOREIGN": (AMIR, "U0SISTER"), SHARED: ()}
    for place, members in {**inside, **outside, "G1GROUP": (AMIR, DANA)}.items():
        kind = {"C1PRIVATE": "private", "G1GROUP": "mpim"}.get(place, "public")
        if place != SHARED:
            slack.add_channel(place, place.lower(), members, kind=kind)
        app.add_client(f"Client {place}", place)
    slack.workspace.channels["C1PENDING"].pending_shared = True
    name_contractor(app, "U0FREYA")

    for place in (*inside, *outside, "G1GROUP"):
        amir.react(place, amir.say(place, CANARY), LATE)
        app.settle()

    assert app.live() == len(inside)
    (receipt,) = [message for message in amir.dms() if "Your notes of" in message.text]
    warned = [message.text for message in amir.dms() if message is not receipt]
    assert str(receipt.blocks).count("*Logged:*") == len(inside)
    assert ["take it off" in text for text in warned] == [True] * len(outside)
    assert app.world.leaks([CANARY, "Paid late"]) == []


def test_every_private_way_in_works_in_a_shared_channel_and_shows_nothing(front: Any) -> None:
    """Command, message shortcut, form and undo in front of the client: only the person who acts sees anything."""
    amir = front.agency.amir
    northwind = front.add_client("Northwind", SHARED)
    front.world.slack.workspace.channels[SHARED].members.remove(front.world.slack.workspace.bot_user_id)
    answer = amir.command("/redflag", f"{CANARY} paid late", channel=SHARED)
    amir.command("/praise", f"{CANARY} Northwind", channel=SHARED)
    amir.click(answer.messages[-1], "change_note")
    amir.submit({"type": "slow_reply", "note": f"{CANARY} again"})
    said = front.agency.carla.say(SHARED, "We will pay later")
    amir.shortcut("log_red_flag", SHARED, said)
    amir.submit({"type": "late_payment", "note": CANARY})
    amir.command("/client", "", channel=SHARED)
    amir.command("/client", "Northwind", channel=SHARED)

    assert {note.state for note in front.notes(northwind)} == {"live", "withdrawn"}
    assert front.live() == 3
    assert [m.text for m in front.agency.carla.sees(SHARED)] == ["We will pay later"]
    assert front.world.leaks([CANARY, "Paid late"]) == []


def test_invited_into_a_shared_channel_the_app_says_why_and_leaves(app: Any) -> None:
    """Nobody has to remember not to invite it."""
    slack = app.world.slack
    bot = slack.workspace.bot_user_id
    slack.workspace.channels[SHARED].members.remove(bot)

    slack.invite(SHARED, bot, inviter_id=AMIR)
    app.settle()

    assert bot not in slack.workspace.channels[SHARED].members
    assert "shared with another company" in app.agency.amir.dms()[-1].text


def test_what_was_posted_is_taken_back_when_a_client_comes_in(app: Any, birch: Client) -> None:
    """A channel that becomes shared, or gets a guest, keeps nothing of ours; an admin is told."""
    slack, olivia = app.world.slack, app.agency.olivia
    for place in (LEADS, COBALT):
        app.set_digest(place)
    app.sweep(by=app.until_digest())
    assert [len(posts(app, place)) for place in (LEADS, COBALT)] == [1, 1]

    slack.share(LEADS)
    slack.invite(COBALT, GUS, inviter_id=AMIR)
    app.settle()

    assert [posts(app, place) for place in (LEADS, COBALT)] == [[], []]
    assert sum("deleted" in message.text for message in olivia.dms()) == 2
    app.sweep(by=app.until_digest())
    app.tell()
    assert [posts(app, place) for place in (LEADS, COBALT)] == [[], []]
    assert "was not posted" in olivia.dms()[-1].text


def test_a_colleague_who_becomes_a_guest_clears_the_channel_even_on_the_first_day(app: Any, birch: Client) -> None:
    """Slack tells of the person, not of the channel: our posts go all the same, and an admin is found to be told."""
    app.set_digest(GENERAL)
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.dues.drop(REFRESH_PEOPLE, app.team_id)
    app.sweep(by=app.until_digest())

    app.world.slack.change_person(DANA, is_guest=True)
    app.settle()

    assert posts(app, GENERAL) == []
    assert "deleted" in app.agency.olivia.dms()[-1].text


def test_one_channel_that_is_gone_keeps_no_other_from_being_cleared(app: Any, birch: Client) -> None:
    """The app was removed from a private channel: a colleague who becomes a guest clears the others all the same."""
    slack = app.world.slack
    for place in (GENERAL, LEADS):
        app.set_digest(place)
    app.sweep(by=app.until_digest())
    slack.remove(LEADS, slack.workspace.bot_user_id)
    app.settle()

    slack.change_person(DANA, is_guest=True)
    app.settle()

    assert posts(app, GENERAL) == []


def test_a_post_whose_answer_was_lost_is_taken_back_too(app: Any, birch: Client) -> None:
    """The worker was killed behind the post: it stands in the channel, although nobody has noted where."""
    app.set_digest(GENERAL)
    app.sweep(by=app.until_digest())
    with app.web.outside.units.begin(app.team_id) as unit:
        (post,) = unit.posts.in_channel(GENERAL)
        unit.posts.save(replace(post, ts=""))

    app.world.slack.share(GENERAL)
    app.settle()

    assert posts(app, GENERAL) == []


def test_a_private_message_is_brought_up_to_date_for_its_reader_alone(front: Any, birch: Client) -> None:
    """Before the client knows, progress goes to the owner; once that is a guest nothing reaches them any more."""
    announcer, amir = front.web.outside.announcer, front.agency.amir
    announcer.whisper(front.team_id, AMIR, Message("1 of 2"), key="progress", at_once=AtOnce.PROGRESS)
    with front.web.outside.units.read(front.team_id) as unit:
        post = unit.posts.find("progress")
    announcer.update(post, Message("2 of 2"))
    front.world.slack.change_person(AMIR, is_guest=True)
    front.web.outside.directory.member(front.team_id, AMIR, fresh=True)

    with pytest.raises(RefusedError):
        announcer.update(post, Message("3 of 3"))
    assert amir.dms()[-1].text == "2 of 2"


def test_a_digest_knows_of_a_private_channels_abuse_only_what_its_readers_may_know(app: Any) -> None:
    """BR14: "act now" stands in the digest of those who are all in the private channel, and in nobody else's."""
    agency = app.agency
    app.add_client("Volt", LEADS)
    agency.amir.react(LEADS, agency.amir.say(LEADS, CANARY), "octagonal_sign")
    app.settle()
    for place in (GENERAL, LEADS):
        app.set_digest(place)
    app.sweep(by=app.until_digest())
    alone = [str(person.command("/client", "digest").blocks) for person in (agency.olivia, agency.dana)]

    weekly = [
        str([message.blocks for message in app.world.slack.messages(place) if message.by_app])
        for place in (GENERAL, LEADS)
    ]
    assert ["act now" in text.lower() for text in (*alone, *weekly)] == [True, False, False, True]


def test_whoever_leaves_a_private_channel_reads_no_more_of_its_notes(app: Any) -> None:
    """BR14: at once, and also when it is the app that has to leave."""
    slack, agency = app.world.slack, app.agency
    volt = app.add_client("Volt", LEADS)
    agency.amir.react(LEADS, agency.amir.say(LEADS, CANARY), "thunder_cloud_and_rain")
    app.settle()
    seen = [seen_notes(app, volt, AMIR), seen_notes(app, volt, OLIVIA)]
    for person_id in (OLIVIA, slack.workspace.bot_user_id):
        slack.remove(LEADS, person_id)
        app.settle()
        seen.append(seen_notes(app, volt, OLIVIA))

    assert seen == [1, 1, 0, 0]


def test_a_note_by_the_shortcut_is_everybodys_where_everybody_may_read(app: Any, birch: Client) -> None:
    """The app has never been in that channel: once it has looked, a public one hides nothing from colleagues."""
    app.world.slack.add_channel("C1OPEN", "open", (AMIR,), bot=False)
    ts = app.agency.amir.say("C1OPEN", "Birch pays late again")
    app.agency.amir.shortcut("log_red_flag", "C1OPEN", ts)
    app.agency.amir.submit({"client": birch.id, "type": "late_payment", "note": CANARY})
    app.settle()

    assert seen_notes(app, birch, DANA) == 1


def seen_notes(app: Any, client: Client, reader_id: str) -> int:
    return len(app.web.services.ledger.page(app.team_id, app.member(reader_id), client.id, Sieve()).notes)


def test_a_digest_is_refused_where_a_client_reads_and_before_the_app_is_there(front: Any, birch: Client) -> None:
    """The setting itself says why not, beside the channel."""
    slack, olivia = front.world.slack, front.agency.olivia
    slack.add_channel("C1EMPTY", "empty", (OLIVIA,), bot=False)
    slack.add_channel("C1GUEST", "guests", (OLIVIA, GUS))
    olivia.click(olivia.command("/client", "settings").messages[-1], "set_digest")
    errors = [
        olivia.submit({"channel": channel, **more}).errors
        for channel, more in ((SHARED, {}), ("C1GUEST", {}), ("C1EMPTY", {}), (GENERAL, {"timezone": "Mars"}))
    ]

    assert [list(each) for each in errors] == [["channel"], ["channel"], ["channel"], ["timezone"]]
    assert olivia.submit({"timezone": "Europe/Berlin"}).outcome == "updated"
    assert "#" in str(olivia.command("/client", "settings").blocks)


def test_a_note_from_a_private_channel_stays_there_while_the_sum_stays_true(app: Any) -> None:
    """Who is not in the private channel sees neither the words nor the type, in the account and in the history."""
    agency = app.agency
    app.add_client("Volt", LEADS)
    agency.amir.react(LEADS, agency.amir.say(LEADS, CANARY), "thunder_cloud_and_rain")
    app.settle()
    shown = {}
    for person in (agency.olivia, agency.dana):
        seen = [person.command("/client", "Volt").text, person.command("/client", "list").text]
        for verb in ("why", "history"):
            person.command("/client", f"Volt {verb}")
            seen.append(str(person.view))
            person.close()
        person.home()
        app.settle()
        shown[person.who.id] = "\n".join([*seen, str(person.published_home)])

    assert CANARY in shown[OLIVIA]
    assert CANARY not in shown[DANA]
    assert "can't see" in shown[DANA]
    assert app.live() == 1


def test_people_who_are_no_longer_ours_get_nothing_more(app: Any, birch: Client) -> None:
    """A colleague who becomes a guest keeps neither commands nor Home, at once."""
    dana = app.agency.dana
    dana.command("/redflag", f"{CANARY} paid late", channel=BIRCH)
    app.world.slack.change_person(DANA, is_guest=True)
    app.settle()
    said = len(app.world.slack.messages(BIRCH))
    dana.home(wait=0.2)
    app.settle()

    refused = dana.command("/client", "B&B", channel=BIRCH)

    assert "members of the team only" in refused.text
    assert "Evidence" not in refused.text
    assert dana.published_home is None
    assert len(app.world.slack.messages(BIRCH)) == said + 1


def test_a_client_in_a_shared_channel_can_neither_react_nor_ask(app: Any, birch: Client) -> None:
    """Reactions of outsiders are nobody's note, wherever they are put, and nobody answers them."""
    carla, amir = app.agency.carla, app.agency.amir
    app.world.slack.workspace.channels[BIRCH].members.append(CARLA)
    carla.react(BIRCH, amir.say(BIRCH, "Hello"), LATE)
    carla.home(wait=0.2)
    app.settle()

    assert app.live() == 0
    assert [m for m in app.world.slack.workspace.messages if m.by_app] == []
    assert carla.published_home is None


def name_contractor(app: Any, person_id: str) -> None:
    known = app.member(person_id)
    with app.web.outside.units.begin(app.team_id) as unit:
        unit.people.save_member(replace(known, is_contractor=True))


def posts(app: Any, channel_id: str) -> list[str]:
    return [m.text for m in app.world.slack.messages(channel_id) if m.by_app and not m.visible_to]


def test_a_channel_that_became_shared_unheard_gets_no_digest(app: Any) -> None:
    """BR14: the event was lost and what we know of the place is minutes old: it is read again before the post."""
    app.set_digest(GENERAL)
    app.sweep(by=app.until_digest() - timedelta(minutes=2))
    known = app.web.outside.directory.place(app.team_id, GENERAL)
    app.world.slack.workspace.channels[GENERAL].externally_shared = True
    app.sweep(by=timedelta(minutes=4))

    assert known.bot_is_member
    assert [said for said in app.world.slack.messages(GENERAL) if said.by_app] == []
