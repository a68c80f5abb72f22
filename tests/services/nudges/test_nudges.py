"""Unasked words: gathered, true when they go out, once whatever dies, never lost (D13)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import time, timedelta
from typing import TYPE_CHECKING

import pytest

from rules.clients.merging import merge
from rules.errors import ConflictError, NotFoundError, RefusedError
from rules.nudges.hours import Snooze
from rules.nudges.kinds import KINDS, NudgeKind
from rules.nudges.nudge import NudgeState, Wishes

if TYPE_CHECKING:
    from tests.services.nudges.conftest import Office

WORKSPACE = "T1"


def test_what_happens_within_a_day_comes_in_one_message(office: Office) -> None:
    """The first word goes out at once; the others are gathered into the next day's message."""
    amir = office.hire("AMIR")
    office.tell(amir, "first")
    sent = [office.send(amir)]
    for subject in ("second", "third"):
        office.move(hours=1)
        office.tell(amir, subject)
        sent.append(office.send(amir))
    due = office.due(amir)
    office.move(days=1)
    sent.append(office.send(amir))

    assert due is not None
    assert due.due_at.isoformat() == "2026-11-03T08:00:00+00:00"
    assert sent == [("first",), (), (), ("second", "third")]


def test_the_monthly_question_takes_no_place_from_what_somebody_waits_for(office: Office) -> None:
    """D13, D15: a message holds eight; raised first, the question still comes after every other kind."""
    amir = office.hire("AMIR")
    office.tell(amir, "pulse", kind=NudgeKind.PULSE)
    others = [kind for kind in KINDS if kind != NudgeKind.PULSE]
    for kind in others:
        office.tell(amir, kind, kind=kind)
    sent: list[str] = []
    for _ in range(7):
        sent.extend(office.send(amir))
        office.move(days=2, hours=1)

    assert (len(sent), sent[-1]) == (len(KINDS), "pulse")


def test_a_matter_is_said_once_however_often_it_is_raised(office: Office) -> None:
    """Jobs are run again, sweeps come twice."""
    amir = office.hire("AMIR")
    sent = []
    for _ in range(3):
        office.tell(amir, "late invoice")
        sent.append(office.send(amir))
        office.move(days=2)

    assert sent == [("late invoice",), (), ()]


def test_what_is_not_true_any_more_lapses_and_may_come_back(office: Office) -> None:
    """Looked at when it goes out, not when it was raised; raised again when true again, it is said."""
    amir = office.hire("AMIR")
    office.clock.moment += timedelta(hours=12)
    office.tell(amir, "overdue")
    before = office.home(amir)
    office.over.add("overdue")
    office.move(hours=14)
    sent = [office.send(amir)]
    office.over.clear()
    office.tell(amir, "overdue")
    sent.append(office.send(amir))

    assert (before, sent) == ({"overdue"}, [(), ("overdue",)])


def test_a_message_that_was_being_sent_when_the_worker_died_comes_again_under_its_key(office: Office) -> None:
    """The key makes it one message in Slack; it is counted once, and what came meanwhile waits for the next."""
    amir = office.hire("AMIR")
    office.tell(amir, "first")
    died = office.nudges.open_bundle(WORKSPACE, amir)
    office.tell(amir, "second")
    again = office.nudges.open_bundle(WORKSPACE, amir)
    assert died
    assert again
    office.nudges.sent(WORKSPACE, amir, again.key)

    with office.units.read(WORKSPACE) as unit:
        told_at = unit.nudges.recipient("AMIR").told_at
    assert (again.key, len(told_at)) == (died.key, 1)
    states = {known.subject: known.state for known in office.known(amir)}
    assert states == {"first": NudgeState.SENT, "second": NudgeState.WAITING}


def test_a_message_that_slack_refused_in_the_evening_waits_for_the_morning(office: Office) -> None:
    """Slack was away from five to nine: nobody's phone rings at nine."""
    amir = office.hire("AMIR")
    office.move(hours=8)
    office.tell(amir, "first")
    claimed = office.nudges.open_bundle(WORKSPACE, amir)
    office.move(hours=4)
    evening = office.nudges.open_bundle(WORKSPACE, amir)
    office.move(hours=12)
    morning = office.nudges.open_bundle(WORKSPACE, amir)

    assert claimed
    assert morning
    assert (evening, morning.key) == (None, claimed.key)


@pytest.mark.both_databases
def test_two_workers_at_once_make_one_message(office: Office) -> None:
    """Both find the same one, under one key."""
    amir = office.hire("AMIR")
    for subject in ("first", "second"):
        office.tell(amir, subject)
    with ThreadPoolExecutor(4) as pool:
        bundles = list(pool.map(lambda _: office.nudges.open_bundle(WORKSPACE, amir), range(4)))

    assert len({bundle.key for bundle in bundles if bundle}) == 1
    with office.units.read(WORKSPACE) as unit:
        assert len(unit.nudges.recipient("AMIR").told_at) == 1


@pytest.mark.both_databases
def test_two_who_raise_the_same_thing_at_once_raise_it_once(office: Office) -> None:
    """Two workers see the same checkpoint fall due."""
    amir = office.hire("AMIR")
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: office.tell(amir, "checkpoint"), range(4)))

    assert [known.subject for known in office.known(amir)] == ["checkpoint"]


def test_a_snoozed_word_comes_once_more_and_only_if_still_true(office: Office) -> None:
    """Off Home until then."""
    amir = office.hire("AMIR")
    for subject in ("true", "soon settled"):
        office.tell(amir, subject)
    office.send(amir)
    for known in office.known(amir):
        office.nudges.snooze(WORKSPACE, amir, known.id, Snooze.NEXT_WEEK)
    office.over.add("soon settled")
    hidden, early = office.home(amir), office.send(amir)
    due = office.due(amir)
    assert due
    office.clock.moment = due.due_at
    later = office.send(amir)
    office.move(days=9)

    assert (hidden, early, later, office.send(amir)) == (set(), (), ("true",), ())


def test_what_is_settled_leaves_home_for_good(office: Office) -> None:
    """Done, and not relevant; a second click changes nothing, and a snooze of it says so."""
    amir = office.hire("AMIR")
    office.tell(amir, "renewal")
    office.send(amir)
    (known,) = office.known(amir)
    for _ in range(2):
        office.nudges.settle(WORKSPACE, amir, known.id, NudgeState.DONE)
    office.tell(amir, "renewal")
    with pytest.raises(ConflictError):
        office.nudges.snooze(WORKSPACE, amir, known.id, Snooze.TOMORROW)

    assert (office.home(amir), office.known(amir)) == (set(), [])


def test_nobody_settles_what_was_told_to_somebody_else(office: Office) -> None:
    """Buttons are no permission."""
    amir, dana = office.hire("AMIR"), office.hire("DANA")
    office.tell(amir, "renewal")
    (known,) = office.known(amir)

    with pytest.raises(RefusedError):
        office.nudges.settle(WORKSPACE, dana, known.id, NudgeState.DONE)
    with pytest.raises(RefusedError):
        office.nudges.snooze(WORKSPACE, dana, known.id, Snooze.TOMORROW)
    with pytest.raises(NotFoundError):
        office.nudges.settle(WORKSPACE, dana, "nu-made-up", NudgeState.DONE)
    assert office.home(amir) == {"renewal"}


def test_what_is_muted_stands_on_home_and_comes_when_it_may(office: Office) -> None:
    """By kind, by client, or everything."""
    amir = office.hire("AMIR")
    office.win("acme", "AMIR")
    everything = Wishes(muted_kinds=(NudgeKind.LOOK_BACK,)), Wishes(muted_clients=("acme",)), Wishes(mutes_all=True)
    office.tell(amir, "renewal", client_id="acme")
    sent = []
    for wishes in everything:
        office.wishes.save(WORKSPACE, amir, wishes)
        sent.append(office.send(amir))
    quiet, home = office.due(amir), office.home(amir)
    office.wishes.save(WORKSPACE, amir, Wishes())

    assert (sent, quiet, home) == ([(), (), ()], None, {"renewal"})
    assert office.send(amir) == ("renewal",)


def test_a_muted_client_stays_muted_when_it_is_merged_into_another(office: Office) -> None:
    """The other entry is the same client; what was raised before and after the merge keeps silent."""
    amir = office.hire("AMIR")
    acme, birch = office.win("acme", "AMIR"), office.win("birch", "AMIR")
    office.wishes.mute_client(WORKSPACE, amir, acme.id)
    office.tell(amir, "renewal", client_id="acme")
    with office.units.begin(WORKSPACE) as unit:
        whole, left = merge(birch, acme, gone_is_busy=False, by_id="AMIR", now=office.clock.now())
        unit.clients.merge(whole, left)
    office.tell(amir, "another", client_id="birch")

    assert (office.send(amir), office.home(amir)) == ((), {"renewal", "another"})


def test_new_quiet_hours_count_at_once(office: Office) -> None:
    """Whoever works at night says so and hears of it then."""
    amir = office.hire("AMIR", timezone="America/New_York")
    office.tell(amir, "renewal")
    before = office.send(amir)
    office.wishes.save(WORKSPACE, amir, Wishes(quiet_from=time(9), quiet_until=time(2)))

    assert (before, office.send(amir)) == ((), ("renewal",))


def test_what_a_person_may_not_see_any_more_is_not_sent(office: Office) -> None:
    """The client was hidden between raising and sending."""
    dana = office.hire("DANA")
    office.hire("AMIR")
    client = office.win("acme", "AMIR")
    office.tell(dana, "renewal", client_id="acme")
    with office.units.begin(WORKSPACE) as unit:
        unit.clients.save(replace(client, visible_to=("AMIR",)))

    assert (office.send(dana), office.home(dana)) == ((), set())


def test_whoever_leaves_leaves_nothing_unsaid(office: Office) -> None:
    """The client's owner hears of it; what was about none goes to an admin."""
    amir, olivia = office.hire("AMIR"), office.hire("OLIVIA", is_admin=True)
    dana = office.hire("DANA")
    office.win("acme", "AMIR")
    office.tell(dana, "of acme", client_id="acme")
    office.tell(dana, "of nobody")
    gone = office.hire("DANA", is_deleted=True)

    assert (office.send(gone), office.due(gone)) == ((), None)
    assert (office.send(amir), office.send(olivia)) == (("of acme",), ("of nobody",))


def test_what_others_wait_for_leads_and_has_its_own_place_in_the_week(office: Office) -> None:
    """Two ordinary messages were sent; a confirmation still comes, and takes along what waits."""
    amir = office.hire("AMIR")
    sent = []
    for day in range(3):
        office.tell(amir, f"renewal {day}")
        sent.append(office.send(amir))
        office.move(days=1)
    office.tell(amir, "decision", kind=NudgeKind.CONFIRMATION)
    sent.append(office.send(amir))

    assert sent == [("renewal 0",), ("renewal 1",), (), ("decision", "renewal 2")]


def test_what_shows_on_home_by_itself_is_not_there_twice(office: Office) -> None:
    """Plans and decisions have their own lines."""
    amir = office.hire("AMIR")
    for kind in (NudgeKind.CHECKPOINT, NudgeKind.CONFIRMATION, NudgeKind.LOOK_BACK):
        office.tell(amir, kind, kind=kind)

    assert office.home(amir) == {NudgeKind.LOOK_BACK}
