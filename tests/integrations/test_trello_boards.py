"""Trello boards as people have them: states as lists, labels, limits, and lists that get lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from integrations.sandbox.faults import Fault
from integrations.sandbox.trello import TrelloStandIn
from integrations.sandbox.trello.board import RefusedError
from integrations.trello.client import BoardClient
from integrations.trello.pace import Pace
from integrations.trello.settings import TrelloSettings
from integrations.trello.tracker import TrelloTracker
from rules.errors import AgainLaterError, NeedsHumanError, OutcomeUnknownError
from rules.partings.tickets.outcomes import Outcome, outcome
from rules.ports import Presence, TicketOrder
from tests.clocks import real_now

STATES = ("Read me", "À faire", "In Bearbeitung", "Erledigt!", "On hold 2025")
Board = Callable[..., TrelloTracker]
LONGEST_SPREAD = 1.25


@pytest.fixture
def board(trello_settings: TrelloSettings, trello_standin: TrelloStandIn) -> Board:
    """A tracker of a board whose lists are states, with these settings."""

    def made(lists: tuple[str, ...] = STATES, **more: Any) -> TrelloTracker:
        for name in lists:
            trello_standin.board.add_list({"name": name, "pos": "bottom"})
        return TrelloTracker(trello_settings.model_copy(update=more))

    return made


@dataclass
class Orders:
    """A parting of one task."""

    standin: TrelloStandIn
    parent: TicketOrder
    task: TicketOrder

    def opened_in(self, trello: TrelloTracker) -> str:
        """The name of the list in which the task's card begins."""
        made = trello.create(replace(self.task, parent_ref=trello.create(self.parent).ref))
        return lists_of(self.standin)[self.standin.board.cards[made.ref].list_id]


@pytest.fixture
def orders(trello_standin: TrelloStandIn, parent_order: TicketOrder, task_order: TicketOrder) -> Orders:
    return Orders(trello_standin, parent_order, task_order)


def lists_of(trello_standin: TrelloStandIn) -> dict[str, str]:
    return {each.id: each.name for each in trello_standin.lists}


class TestStates:
    def test_a_board_of_states_gets_a_label_for_each_parting(
        self, board: Board, trello_standin: TrelloStandIn, parent_order: TicketOrder, task_order: TicketOrder
    ) -> None:
        """No list is made; cards begin where work begins, and bear the label; its name ends without our marker."""
        trello = board()
        parent = trello.create(parent_order)
        made = trello.create(replace(task_order, parent_ref=parent.ref))
        named = [label.name for label in trello_standin.board.labels.values()]
        trello.tidy(parent.ref)
        card = trello_standin.board.cards[made.ref]
        labels = list(trello_standin.board.labels.values())

        assert list(lists_of(trello_standin).values()) == list(STATES)
        assert named == ["Wrap-up: Acme wu-0000000000aa"]
        assert [(label.id, label.name) for label in labels] == [(card.label_ids[0], "Wrap-up: Acme")]
        assert lists_of(trello_standin)[card.list_id] == "À faire"
        assert trello.destination().layout == (
            "The lists of this board are states, so each parting gets a label, and its cards begin in “À faire”."
        )

    def test_a_label_goes_by_the_recipe_of_any_ticket(
        self, board: Board, trello_standin: TrelloStandIn, parent_order: TicketOrder
    ) -> None:
        """Its answer lost, it is found; made twice, the second is marked; deleted, it is gone."""
        trello = board()
        trello_standin.faults.next(Fault.LOSE_ANSWER, method="POST")
        with pytest.raises(OutcomeUnknownError):
            trello.create(parent_order)
        [first] = trello.find([parent_order], real_now(), "")[parent_order.marker]
        second = trello.create(parent_order)
        doubles = trello.doubles(parent_order.run_marker, parent_order.marker, first.ref)[parent_order.marker]
        trello.mark_double(second.ref, first)
        left = trello.find([parent_order], real_now(), "")
        del trello_standin.board.labels[first.ref.removeprefix("label:")]

        assert doubles == [first, second]
        assert left == {parent_order.marker: [first]}
        assert [each.presence for each in trello.status([first.ref, second.ref]).values()] == [
            Presence.GONE,
            Presence.SEEN,
        ]

    def test_a_tidied_label_is_known_by_its_cards(
        self, board: Board, trello_standin: TrelloStandIn, orders: Orders, parent_order: TicketOrder
    ) -> None:
        """Neither the list in which they lie nor a label that somebody put on them since is taken for it."""
        trello = board()
        parent = trello.create(parent_order)
        made = trello.create(replace(orders.task, parent_ref=parent.ref))
        trello.tidy(parent.ref)
        other = trello_standin.board.add_label({"name": "Urgent", "color": "red"})
        card = trello_standin.board.cards[made.ref]
        card.label_ids = (other.id, *card.label_ids)
        found = trello.find([parent_order], real_now(), "")
        del trello_standin.board.labels[parent.ref.removeprefix("label:")]
        del trello_standin.board.labels[other.id]

        assert found == {parent_order.marker: [parent]}
        assert trello.find([parent_order], real_now(), "") == {}

    def test_somebody_chose_a_list_for_each(
        self, board: Board, trello_standin: TrelloStandIn, parent_order: TicketOrder
    ) -> None:
        """Then it is one, whatever the others are."""
        trello = board(partings="lists")
        assert trello.create(parent_order).key == "List"
        assert list(lists_of(trello_standin).values())[-1] == "Wrap-up: Acme wu-0000000000aa"

    @pytest.mark.parametrize(
        ("lists", "more", "begins_in"),
        [
            (STATES, {"cards_begin_in": "read ME"}, "Read me"),
            (("Ideas we like", "Studio"), {"partings": "label"}, "Ideas we like"),
            (("Done", "Later", "To do"), {}, "To do"),
        ],
    )
    def test_cards_begin_where_somebody_said_or_where_it_looks_so(
        self, board: Board, orders: Orders, lists: tuple[str, ...], more: dict[str, str], begins_in: str
    ) -> None:
        """The named list; else one that is called so; else the first that is not the end."""
        trello = board(lists, **more)
        assert orders.opened_in(trello) == begins_in

    def test_lists_are_read_as_they_lie_on_the_board(
        self, board: Board, orders: Orders, trello_standin: TrelloStandIn
    ) -> None:
        """Where nobody said where cards begin it is the leftmost list, however late somebody put that there."""
        trello = board(("Studio", "Print"), partings="label")
        trello_standin.board.add_list({"name": "Ideas we like", "pos": "top"})
        trello_standin.board.add_list({"name": "Between", "pos": 9000})
        assert orders.opened_in(trello) == "Ideas we like"
        assert trello.destination().endings == ("Ideas we like", "Between", "Studio", "Print")

    def test_a_list_that_was_archived_takes_no_card(
        self, board: Board, trello_standin: TrelloStandIn, parent_order: TicketOrder, task_order: TicketOrder
    ) -> None:
        """Somebody reads what to do instead."""
        trello = board(cards_begin_in="À faire")
        parent = trello.create(parent_order)
        trello_standin.lists[1].closed = True
        with pytest.raises(NeedsHumanError) as refused:
            board((), cards_begin_in="À faire").create(replace(task_order, parent_ref=parent.ref))
        assert "no list “À faire” where new cards begin" in refused.value.sentence


class TestDone:
    def test_a_list_that_says_done_is_done_and_others_are_asked_about_once(
        self, board: Board, trello_standin: TrelloStandIn, parent_order: TicketOrder, task_order: TicketOrder
    ) -> None:
        """What no name tells goes by what somebody said; not done is under way; an archived list is neither."""
        trello = board()
        made = trello.create(replace(task_order, parent_ref=trello.create(parent_order).ref)).ref
        ids = {name: list_id for list_id, name in lists_of(trello_standin).items()}
        became = {}
        for name in STATES:
            trello_standin.board.cards[made].list_id = ids[name]
            status = trello.status([made])[made]
            became[name] = [outcome(status, said) for said in ({}, {"read me": True, "on hold 2025": False})]
        trello_standin.board.lists[ids["On hold 2025"]].closed = True
        archived = trello.status([made])[made]

        assert trello.destination().endings == ("Erledigt!", "Read me")
        assert became == {
            "Read me": [Outcome.OPEN, Outcome.DONE],
            "À faire": [Outcome.OPEN, Outcome.OPEN],
            "In Bearbeitung": [Outcome.OPEN, Outcome.OPEN],
            "Erledigt!": [Outcome.DONE, Outcome.DONE],
            "On hold 2025": [Outcome.OPEN, Outcome.OPEN],
        }
        assert (outcome(archived, {}), archived.closed_as) == (Outcome.DROPPED, "archived")

    def test_lists_that_we_made_for_partings_are_not_asked_about(
        self, board: Board, trello_standin: TrelloStandIn, parent_order: TicketOrder
    ) -> None:
        """One bears its marker, one is a double; one without a marker is named by its ref, which tells whose it is."""
        before = board(("Acme", "Birch"))
        before.create(parent_order)
        double, made = before.create(parent_order), before.create(replace(parent_order, marker="wu-0000000000ba"))
        before.mark_double(double.ref, double)
        before.tidy(made.ref)
        unclear = before.destination().endings
        trello_standin.board.add_list({"name": "To do", "pos": "bottom"})
        place = before.destination()

        assert (len(trello_standin.lists), unclear) == (6, ())
        assert place.endings == ("Acme", "Birch", "Wrap-up: Acme")
        assert place.endings_by_ref[made.ref] == "Wrap-up: Acme"


class TestWebhook:
    @pytest.fixture
    def keeper(
        self, trello_settings: TrelloSettings, trello_standin: TrelloStandIn, serve: Callable[[ASGIApp], str]
    ) -> Callable[[str], TrelloTracker]:
        """An installation that is reached at this address."""
        door = serve(PlainTextResponse("here"))
        trello_standin.hooks.reach = lambda _url: door
        return lambda callback: TrelloTracker(trello_settings, callback)

    def test_one_that_somebody_registered_by_hand_is_the_one(
        self, keeper: Callable[[str], TrelloTracker], trello_standin: TrelloStandIn
    ) -> None:
        """Whatever it is called: it is seen, and switched on again."""
        trello, hooks = keeper("https://ours.example"), trello_standin.hooks
        hooks.register({"callbackURL": "https://ours.example", "idModel": trello_standin.board.id})
        trello.keep_webhook()
        heard = trello.webhook_fault()
        hooks.hooks[0].is_active = False
        deaf = trello.webhook_fault()
        trello.keep_webhook()

        assert (heard, "not on" in deaf, trello.webhook_fault()) == ("", True, "")
        assert [(hook.url, hook.is_active) for hook in hooks.hooks] == [("https://ours.example", True)]

    def test_two_installations_on_one_board_leave_each_other_alone(
        self, keeper: Callable[[str], TrelloTracker], trello_standin: TrelloStandIn
    ) -> None:
        """A trial copy goes with the same token, and each is told."""
        real, trial = keeper("https://real.example"), keeper("https://trial.example")
        for each in (real, trial, real, trial):
            each.keep_webhook()
        assert [hook.url for hook in trello_standin.hooks.hooks] == ["https://real.example", "https://trial.example"]
        assert [each.webhook_fault() for each in (real, trial)] == ["", ""]

    def test_no_webhook_is_pointed_to_where_another_one_is(
        self, keeper: Callable[[str], TrelloTracker], trello_standin: TrelloStandIn
    ) -> None:
        """Trello refuses that of a change as of a new one."""
        keeper("https://real.example").keep_webhook()
        keeper("https://trial.example").keep_webhook()
        first = trello_standin.hooks.hooks[0].id
        with pytest.raises(RefusedError, match="already exists"):
            trello_standin.hooks.change(first, {"callbackURL": "https://trial.example"})


class TestPace:
    def test_trello_is_never_asked_too_often(
        self, trello_settings: TrelloSettings, trello_standin: TrelloStandIn
    ) -> None:
        """Forty cards that lie elsewhere are read one by one, and none of the reads is refused."""
        trello_standin.most_requests, trello_standin.window_seconds = 10, 1.0
        trello = TrelloTracker(trello_settings, client=BoardClient(trello_settings, Pace(9, 1.0)))
        known = trello.status([f"{number:024x}" for number in range(30)])
        assert ({each.presence for each in known.values()}, trello_standin.refused) == ({Presence.GONE}, 0)

    def test_what_creates_something_never_waits(
        self, trello_settings: TrelloSettings, trello_standin: TrelloStandIn, parent_order: TicketOrder
    ) -> None:
        """Its quiet period has begun, so that a later request would look like none: it comes back, and is not there."""
        trello = TrelloTracker(trello_settings, client=BoardClient(trello_settings, Pace(3, 600.0)))
        trello.create(parent_order)
        with pytest.raises(AgainLaterError) as busy:
            trello.create(parent_order)
        assert 500 < busy.value.wait.total_seconds() <= LONGEST_SPREAD * 600 + 1
        assert len(trello_standin.lists) == 1

    def test_what_took_long_to_prepare_is_not_sent_any_more(
        self, trello_settings: TrelloSettings, trello_standin: TrelloStandIn, parent_order: TicketOrder
    ) -> None:
        """Half of the quiet period went by: a clean look at its end would come too soon. What was read is kept."""
        trello = TrelloTracker(trello_settings.model_copy(update={"quiet_period": timedelta(seconds=4)}))
        trello_standin.faults.delay = 2.0
        trello_standin.faults.next(Fault.SLOW, method="GET")
        with pytest.raises(AgainLaterError) as soon:
            trello.create(parent_order)
        before = len(trello_standin.lists)
        trello.create(parent_order)
        assert (before, len(trello_standin.lists)) == (0, 1)
        assert 1 <= soon.value.wait.total_seconds() < 3

    def test_those_that_come_back_do_not_come_together(
        self, trello_settings: TrelloSettings, parent_order: TicketOrder
    ) -> None:
        """Twenty tasks that found no room would find none again, all at one moment."""
        pace = Pace(2, 600.0)
        trello = TrelloTracker(trello_settings, client=BoardClient(trello_settings, pace))
        pace.take()
        pace.take()
        waits = []
        for _ in range(20):
            with pytest.raises(AgainLaterError) as busy:
                trello.create(parent_order)
            waits.append(busy.value.wait.total_seconds())
        assert max(waits) - min(waits) > 10

    def test_the_lists_are_not_read_for_every_card(
        self, trello_settings: TrelloSettings, trello_standin: TrelloStandIn, orders: Orders
    ) -> None:
        """A parting of ten cards under a label: the board, its lists and the label once, then a request a card."""
        trello_standin.board.add_list({"name": "To do"})
        trello = TrelloTracker(trello_settings, client=BoardClient(trello_settings, Pace(13, 600.0)))
        parent = trello.create(orders.parent)
        for number in range(10):
            trello.create(replace(orders.task, parent_ref=parent.ref, marker=f"wu-0000000000{number:02d}"))
        assert len(trello_standin.cards) == 10

    def test_a_list_that_is_gone_is_not_remembered(
        self, board: Board, trello_standin: TrelloStandIn, orders: Orders
    ) -> None:
        """Trello's refusal of one card has the lists read again for the next."""
        trello = board(("To do", "Backlog"))
        parent = trello.create(orders.parent)
        del trello_standin.board.lists[trello_standin.lists[0].id]
        with pytest.raises(NeedsHumanError, match="idList"):
            trello.create(replace(orders.task, parent_ref=parent.ref))
        trello.create(replace(orders.task, parent_ref=parent.ref))
        assert [lists_of(trello_standin)[card.list_id] for card in trello_standin.cards] == ["Backlog"]

    @pytest.mark.parametrize("most", [9, 101])
    def test_a_pace_that_can_not_work_stops_the_start(self, trello_settings: TrelloSettings, most: int) -> None:
        """With fewer no ticket would ever find room; more than its limit Trello refuses."""
        with pytest.raises(ValidationError):
            TrelloSettings.model_validate({**trello_settings.model_dump(), "requests_per_10_seconds": most})

    @given(st.lists(st.integers(min_value=0, max_value=15), max_size=60), st.integers(min_value=1, max_value=5))
    def test_no_ten_seconds_hold_more(self, pauses: list[int], most: int) -> None:
        """However the requests come, and nobody waits longer than a window."""
        clock = Clock()
        pace = Pace(most, 10.0, clock.now, clock.sleep)
        begun = []
        for pause in pauses:
            clock.seconds += pause
            asked_at = clock.seconds
            pace.take()
            begun.append(clock.seconds)
            assert clock.seconds - asked_at <= 10.0
        for later, earlier in zip(begun[most:], begun, strict=False):
            assert later - earlier >= 10.0

    def test_a_refusal_holds_everybody_for_a_window(self) -> None:
        """Another process asked as well: then nobody here goes on at once."""
        clock = Clock()
        pace = Pace(5, 10.0, clock.now, clock.sleep)
        pace.take()
        pace.hold()
        pace.take()
        assert 10 <= clock.seconds <= LONGEST_SPREAD * 10 + 1


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
