"""What somebody hears early, at once, or once: first warnings, abuse, overdue steps, terms that end (HS05, AM12)."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.agenda import PAY_ATTENTION
from bot.services.capture.notes import NewNote
from integrations.sandbox.agency import AMIR, BIRCH, LEADS, OLIVIA
from rules.clients.client import Client, Contract, NoticeUnit
from rules.health.signal import Source

ENDS = "The contract ends or renews on"
OUR_MISS = "our_late_delivery"
UNPREPARED, ABUSE, LATE, GLOOMY = "jigsaw", "octagonal_sign", "money_with_wings", "rain_cloud"


def told(person: Any, words: str) -> list[str]:
    return [message.text for message in person.dms() if words in message.text]


def test_a_first_small_warning_reaches_the_owner_early(app: Any, birch: Client) -> None:
    """HS05: the first pink flag is worth a friendly word; a second one is no news, and the own one is none either."""
    amir, olivia = app.agency.amir, app.agency.olivia
    for text in ("Nobody had read the brief", "Again nobody had"):
        amir.react(BIRCH, amir.say(BIRCH, text), UNPREPARED)
        app.settle()
        app.sweep()
        app.tell()
    own = app.add_client("Cobalt", LEADS, owner=AMIR)
    amir.react(LEADS, amir.say(LEADS, "Cobalt had read nothing"), UNPREPARED)
    app.settle()
    app.tell()

    (said,) = told(olivia, "A first small warning")
    assert said.startswith("Birch &amp; Barrow: A first small warning: Came unprepared. A friendly word now")
    assert told(amir, "A first small warning") == []
    assert own.owner_id == AMIR


def test_neither_a_note_without_a_type_nor_our_own_miss_is_a_first_warning(app: Any, birch: Client) -> None:
    """HS05: nobody hears of them, and they take nothing from the first real one."""
    amir, olivia, now = app.agency.amir, app.agency.olivia, app.web.outside.clock.now()
    amir.command("/redflag", "hmm", channel=BIRCH)
    miss = NewNote(client_id=birch.id, type=OUR_MISS, source=Source.FORM, happened_at=now, once="ours")
    app.web.services.capture.log(app.team_id, app.member(AMIR), miss)
    app.sweep(by=timedelta(minutes=11))
    app.tell()
    before = told(olivia, "A first small warning")
    amir.react(BIRCH, amir.say(BIRCH, "Nobody had read the brief"), UNPREPARED)
    app.settle()
    app.sweep()
    app.tell()

    assert sorted(note.type for note in app.notes(birch)) == sorted([OUR_MISS, "unprepared", "unsorted"])
    assert (before, len(told(olivia, "A first small warning"))) == ([], 1)


def test_a_healthy_client_has_no_deadline(app: Any, birch: Client) -> None:
    """HS04: to keep going is due on no day, however long nobody does anything else."""
    for person in (app.agency.amir, app.agency.dana):
        for days in (1, 8, 15):
            at = app.web.outside.clock.now() - timedelta(days=days)
            new = NewNote(client_id=birch.id, type="quick_reply", source=Source.FORM, happened_at=at, once=f"{days}")
            app.web.services.capture.log(app.team_id, app.member(person.who.id), new)
    app.sweep(by=timedelta(days=13))
    app.tell()
    card = str(app.agency.olivia.command("/client", birch.name).messages[-1].blocks)

    assert "healthy" in card
    assert "Next step: " in card
    assert ("overdue" in card, ", by " in card) == (False, False)
    reached = [message.text for message in app.agency.olivia.dms()]
    assert [said for said in (*reached, str(app.agency.olivia.home())) if "verdue" in said or "no plan" in said] == []


def test_where_nobody_logs_the_trend_says_so_instead_of_rising(app: Any, birch: Client) -> None:
    """HS14, HS15: old notes fade, and a number that grows by that alone says nothing of today."""
    olivia = app.agency.olivia
    for person in (app.agency.amir, app.agency.dana):
        for days in (1, 8, 15):
            at = app.web.outside.clock.now() - timedelta(days=days)
            new = NewNote(client_id=birch.id, type="late_payment", source=Source.FORM, happened_at=at, once=f"{days}")
            app.web.services.capture.log(app.team_id, app.member(person.who.id), new)
    seen = []
    for days in (0, 43):
        app.sweep(by=timedelta(days=days))
        for action in ("trend", "why"):
            card = olivia.command("/client", birch.name).messages[-1]
            olivia.click(card, action)
            seen.append("obody has logged for 6 weeks" in str(card.blocks) + str(olivia.view))
    home = str(olivia.home())

    assert seen == [False, False, True, True]
    assert "What rises meanwhile is old notes fading" in str(shown_trend(olivia, birch))
    assert "_If nobody acts: After 90 days without a note the number says nothing any more._" in home


def shown_trend(person: Any, client: Client) -> Any:
    person.click(person.command("/client", client.name).messages[-1], "trend")
    return person.view


def test_a_first_warning_that_was_taken_back_in_the_evening_is_not_said_in_the_morning(app: Any, birch: Client) -> None:
    """It was on Home at once, and lapses with the note."""
    amir, olivia = app.agency.amir, app.agency.olivia
    at_hour(app, 19)
    ts = amir.say(BIRCH, "Nobody had read the brief")
    amir.react(BIRCH, ts, UNPREPARED)
    app.settle()
    app.sweep()
    app.settle()
    evening = str(olivia.home())
    amir.unreact(BIRCH, ts, UNPREPARED)
    app.settle()
    app.tell()

    assert "A first small warning" in evening
    assert "A first small warning" not in str(olivia.home())
    assert told(olivia, "A first small warning") == []


def test_abuse_is_told_at_once_at_any_hour_to_those_who_decide(app: Any, birch: Client) -> None:
    """FG14: never waits, is not counted, comes once, and the notification names nothing."""
    amir, olivia, dana = app.agency.amir, app.agency.olivia, app.agency.dana
    at_hour(app, 22)
    amir.react(BIRCH, amir.say(BIRCH, "They shouted at Dana"), ABUSE)
    app.settle()
    for _ in range(2):
        app.sweep(by=timedelta(minutes=11))

    assert told(olivia, "needs you today") == ["Somebody on the team needs you today. Please open this and act."]
    assert (told(amir, "needs you"), told(dana, "needs you")) == ([], [])
    assert birch.name in html.unescape(str(olivia.dms()[-1].blocks))
    homes = [str(person.home()) for person in (olivia, dana)]
    assert ["Act now: nobody has to put up with this" in home for home in homes] == [True, False]


def test_abuse_that_is_noted_while_another_word_goes_out_is_told_too(front: Any, birch: Client) -> None:
    """The look that ends just then had not seen it; where nothing came meanwhile, nothing is due any more."""
    web, team = front.web, front.team_id
    left = []
    for number in range(2):
        with web.outside.units.house() as house:
            at = web.outside.clock.now() + timedelta(minutes=10)  # as the sweep leaves it
            house.move(PAY_ATTENTION.at(at, team, birch.id), at)
        if number:
            now = web.outside.clock.now()
            new = NewNote(client_id=birch.id, type="abuse", source=Source.FORM, happened_at=now, once="a")
            web.services.capture.log(team, front.member(AMIR), new)
        web.services.attention.looked(team, birch.id)
        with web.outside.units.read(team) as unit:
            left.append(unit.dues.find(PAY_ATTENTION, birch.id) is not None)

    assert left == [False, True]


def test_abuse_in_a_private_channel_is_told_to_nobody_outside_of_it(app: Any) -> None:
    """BR14: what a person may not see in Slack is not shown to them by us."""
    amir, olivia = app.agency.amir, app.agency.olivia
    slack = app.world.slack
    slack.add_channel("C0QUIET", "quiet", (AMIR,), kind="private")
    app.add_client("Volt", "C0QUIET")
    amir.react("C0QUIET", amir.say("C0QUIET", "They shouted at Dana"), ABUSE)
    app.settle()
    app.sweep(by=timedelta(minutes=1))
    app.tell()

    assert (app.live(), olivia.dms()) == (1, [])


@pytest.mark.parametrize(("days", "said"), [(123, 0), (118, 1), (95, 1), (60, 1)])
def test_a_term_is_told_by_the_day_on_which_notice_must_arrive(app: Any, birch: Client, days: int, said: int) -> None:
    """CN01, CN03: three months' notice begins to matter long before the end; whoever is added late hears it once."""
    end_in(app, birch, days, notice_length=3, notice_unit=NoticeUnit.MONTHS)
    app.web.services.needs.tell(app.team_id)
    app.web.services.needs.tell(app.team_id)
    app.tell()

    assert len(told(app.agency.olivia, ENDS)) == said
    assert str(app.agency.olivia.home()).count(ENDS) == said


def test_the_words_about_a_term_come_once_each(app: Any, birch: Client) -> None:
    """AM12, CN09: 30 and 7 days before a notice must arrive; what becomes of it is asked at the end and once again."""
    end_in(app, birch, 70, notice_length=28)
    for _ in range(18):
        app.sweep(by=timedelta(days=7))
        app.tell()
    olivia = app.agency.olivia
    olivia.home()
    app.press(olivia, olivia.published_home, "renew")
    olivia.submit({"goes_on": "rolls"})

    assert [len(told(olivia, words)) for words in (ENDS, "Was it renewed")] == [2, 2]
    assert "Was it renewed" not in str(olivia.home())


def test_the_end_of_a_term_is_on_record_with_the_agreement(app: Any, birch: Client) -> None:
    """CN09: typed on the agreement's form, by whoever looks after the client; shown there and said in time."""
    olivia = app.agency.olivia
    on = app.web.outside.clock.now().date() + timedelta(days=40)
    olivia.choose(olivia.command("/client", birch.name).messages[-1], "open_verb.more", "Agreement")
    olivia.click(olivia.view, "change_agreement")
    olivia.submit({"ends_on": on.isoformat()})
    shown = str(olivia.view)
    app.sweep(by=timedelta(days=1))
    app.tell()

    assert ENDS in shown
    assert len(told(olivia, ENDS)) == 1


def test_an_overdue_next_step_is_said_once_and_stands_on_home(app: Any, birch: Client) -> None:
    """HS04: each band has an action, an owner and a day; a plan that starts settles it."""
    amir, olivia = app.agency.amir, app.agency.olivia
    for number in range(10):
        for emoji in (LATE, UNPREPARED, GLOOMY):
            for person in (amir, app.agency.dana):
                person.react(BIRCH, person.say(BIRCH, f"{number} {emoji}"), emoji)
        app.settle()
        app.sweep(by=timedelta(days=1))
    for _ in range(4):
        app.sweep(by=timedelta(days=5))
        app.tell()
    home = str(olivia.home())
    olivia.command("/client", f"{birch.name} plan")
    olivia.submit({"ours": "We answer late", "owed": "A call", "they_say": "They have no time"})
    olivia.submit({"goal": "On time", "concerns": "Late", "text": "Talk", "benchmark": "Two of three"})

    assert len(told(olivia, "and no plan runs")) == 1
    assert "and no plan runs" in home
    assert "and no plan runs" not in str(olivia.home())


def test_what_slack_does_not_let_us_delete_is_told_to_an_admin_once(app: Any, birch: Client) -> None:
    """BR14: somebody has to delete it by hand, and is told where, at any hour."""
    slack, olivia = app.world.slack, app.agency.olivia
    app.set_digest("C0GENERAL")
    app.sweep(by=app.until_digest())
    (stuck,) = [message for message in slack.messages("C0GENERAL") if message.by_app]
    stuck.by_app = False
    at_hour(app, 23)
    slack.share("C0GENERAL")
    app.settle()
    slack.invite("C0GENERAL", "U0GUS", inviter_id=AMIR)
    app.settle()

    warned = told(olivia, "please delete them by hand")
    assert len(warned) == 1
    assert "1 still there" in str(olivia.dms()[-1].blocks)


def at_hour(app: Any, hour: int) -> None:
    now = app.web.outside.clock.now()
    then = now.replace(hour=hour, minute=0)
    app.sweep(by=then - now if then > now else then + timedelta(days=1) - now)


def end_in(app: Any, client: Client, days: int, **contract: Any) -> None:
    on = app.web.outside.clock.now().date() + timedelta(days=days)
    with app.web.outside.units.begin(app.team_id) as unit:
        known = unit.clients.lock(client.id)
        unit.clients.save(replace(known, contract=Contract(reviewed=True, ends_on=on, **contract)))


def test_what_reads_like_abuse_is_asked_about_once_and_alarms_whenever_it_is_confirmed(app: Any, birch: Client) -> None:
    """FG14: a guess warns nobody; its reporter hears of it the next day, once, and a late word alarms all the same."""
    amir, olivia = app.agency.amir, app.agency.olivia
    receipt = amir.command("/redflag", "Birch & Barrow yelled at Mia on the call", channel=LEADS)
    for _ in range(3):
        app.sweep(by=timedelta(days=1))
        app.tell()
    before = told(olivia, "needs you today")
    asked = told(amir, "reads as if somebody was abused")
    home = str(amir.home())
    (confirm,) = re.findall(r"sort_note[\w.-]*", str(receipt.messages[-1].blocks))[:1]
    amir.click(receipt.messages[-1], confirm)
    app.settle()
    app.sweep(by=timedelta(minutes=11))
    app.tell()

    assert (before, len(asked)) == ([], 1)
    assert "reads as if somebody was abused" in home
    assert len(told(olivia, "needs you today")) == 1
    assert "reads as if somebody was abused" not in str(amir.home())


def test_abuse_that_the_only_decider_logged_reaches_an_admin(app: Any) -> None:
    """Nobody judges their own alarm alone; where an admin logged it, the owner hears of it."""
    amir, olivia = app.agency.amir, app.agency.olivia
    app.add_client("Volt", owner=AMIR)
    app.add_client("Cobalt", owner=AMIR)
    for person, name in ((amir, "Volt"), (olivia, "Cobalt")):
        app.web.services.capture.log(
            app.team_id,
            app.member(person.who.id),
            NewNote(
                client_id=app.web.services.clients.named(app.team_id, app.member(OLIVIA), name).id,
                type="abuse",
                source=Source.FORM,
                happened_at=app.web.outside.clock.now(),
                once=name,
            ),
        )
    app.sweep(by=timedelta(minutes=11))

    assert [("Volt" in str(message.blocks), "Cobalt" in str(message.blocks)) for message in olivia.dms()] == [
        (True, False)
    ]
    assert [("Volt" in str(message.blocks), "Cobalt" in str(message.blocks)) for message in amir.dms()] == [
        (False, True)
    ]
