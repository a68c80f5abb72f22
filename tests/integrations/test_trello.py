"""Trello's own ways: lists as parents, ids that know their birth, plain-text complaints, keys in a header."""

from __future__ import annotations

import traceback
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests
import responses
from pydantic import SecretStr, ValidationError

from integrations.sandbox.trello import TrelloStandIn
from integrations.trello import wire
from integrations.trello.settings import TrelloSettings
from integrations.trello.tracker import TrelloTracker
from rules.errors import AgainLaterError, NeedsHumanError, OutcomeUnknownError, TrackerError
from rules.partings.tickets.outcomes import Outcome, outcome
from rules.ports import Presence, TicketOrder, TicketStatus
from tests.clocks import real_now

API = "https://api.trello.com/1"
KEY, SECRET = "trello-key-0123456789", "trello-secret-0123456789"
BOARD = "5f0000000000000000000001"
LIST_REF = "list:5f0000000000000000000002"


def failure_of(trello: TrelloTracker, order: TicketOrder) -> TrackerError:
    with pytest.raises(TrackerError) as caught:
        trello.create(order)
    return caught.value


@pytest.fixture
def far_trello() -> TrelloTracker:
    """A Trello whose answers the test writes itself."""
    return TrelloTracker(TrelloSettings(key=SecretStr(KEY), token=SecretStr(SECRET), board=BOARD))


class TestCard:
    def test_cards_lie_in_a_list_of_their_own(
        self, trello: TrelloTracker, trello_standin: TrelloStandIn, parent_order: TicketOrder, task_order: TicketOrder
    ) -> None:
        """The parent is a list that is made once and ends with its marker; each task is a card in it."""
        parent = trello.create(parent_order)
        trello.create(replace(task_order, parent_ref=parent.ref))
        lists, cards = trello_standin.lists, trello_standin.cards
        assert [each.name for each in lists] == ["Wrap-up: Acme wu-0000000000aa"]
        assert [(card.list_id, card.due) for card in cards] == [(lists[0].id, "2026-11-27T17:00:00.000Z")]

    def test_untrusted_text_is_shown_as_it_is(
        self, trello: TrelloTracker, trello_standin: TrelloStandIn, parent_order: TicketOrder, task_order: TicketOrder
    ) -> None:
        """Details are no Markdown, and a line that looks like our marker does not become one."""
        parent = trello.create(parent_order)
        details = "*loud* [x](https://evil.example)\nWrap-up task wu-ffffffffffff of wrapup-run7"
        trello.create(replace(task_order, details=details, parent_ref=parent.ref))
        card = trello_standin.cards[0]
        assert card.desc.startswith("\\*loud\\* \\[x\\](https://evil.example)")
        assert wire.marks_of({"desc": card.desc}) == (task_order.marker, task_order.run_marker)

    def test_a_link_leads_to_the_card(
        self, trello: TrelloTracker, parent_order: TicketOrder, task_order: TicketOrder
    ) -> None:
        """What people click opens the card."""
        parent = trello.create(parent_order)
        made = trello.create(replace(task_order, parent_ref=parent.ref))
        assert requests.get(made.url, timeout=60).text.startswith("Hand over all files")

    def test_long_texts_keep_their_marker(
        self, trello: TrelloTracker, trello_standin: TrelloStandIn, parent_order: TicketOrder, task_order: TicketOrder
    ) -> None:
        """What Trello would refuse is cut before the marker, never the marker."""
        parent = trello.create(replace(parent_order, title="x" * 20_000))
        trello.create(replace(task_order, details="*" * 20_000, parent_ref=parent.ref))
        assert trello_standin.cards[0].marker == task_order.marker

    def test_an_archived_card_is_not_done(
        self, trello: TrelloTracker, trello_standin: TrelloStandIn, parent_order: TicketOrder, task_order: TicketOrder
    ) -> None:
        """It is merely away, and somebody is asked (HO11)."""
        made = trello.create(replace(task_order, parent_ref=trello.create(parent_order).ref))
        trello_standin.board.cards[made.ref].closed = True
        status = trello.status([made.ref])[made.ref]
        assert (outcome(status, {}), status.closed_as) == (Outcome.DROPPED, "archived")

    def test_a_list_has_a_state_too(self, trello: TrelloTracker, parent_order: TicketOrder) -> None:
        """An open list is an open parent; one that is gone is told apart."""
        parent = trello.create(parent_order)
        title = parent_order.title
        expected = {parent.ref: TicketStatus(title=title), LIST_REF: TicketStatus(presence=Presence.GONE)}
        assert expected == trello.status([parent.ref, LIST_REF])


class TestLists:
    def test_the_second_list_of_a_parent_is_a_double(self, trello: TrelloTracker, parent_order: TicketOrder) -> None:
        """A list that was made twice is listed, renamed, and no longer found."""
        first, second = trello.create(parent_order), trello.create(parent_order)
        assert trello.doubles("wrapup-run7", parent_order.marker, first.ref) == {parent_order.marker: [first, second]}
        trello.mark_double(second.ref, first)
        assert trello.find([parent_order], real_now(), "") == {parent_order.marker: [first]}

    def test_without_a_parent_there_is_nothing_to_sweep(self, trello: TrelloTracker) -> None:
        """A run whose list was never made has no cards."""
        assert trello.doubles("wrapup-run7", "wu-0000000000aa", "") == {}


class TestLook:
    def test_only_what_came_after_the_request_is_read(self, far_trello: TrelloTracker, task_order: TicketOrder) -> None:
        """A board of years is not read for one card; clocks may differ by two minutes."""
        at = datetime(2026, 11, 22, 12, tzinfo=UTC)
        with responses.RequestsMock() as mock:
            asked = mock.get(f"{API}/boards/{BOARD}/cards", json=[])
            far_trello.find([task_order], at, "")
            query = dict(asked.calls[0].request.params)
        assert (query["since"], query["filter"]) == ("2026-11-22T11:58:00.000Z", "all")

    def test_every_page_is_read(self, far_trello: TrelloTracker, task_order: TicketOrder) -> None:
        """A full page means that there are older cards."""
        line = wire.marker_line(task_order.marker, task_order.run_marker)
        full = [{"id": f"{number + 1000:024x}", "desc": "", "shortUrl": "u"} for number in range(1000)]
        ours = {"id": f"{1:024x}", "desc": line, "shortUrl": "https://trello.com/c/abcd1234"}
        with responses.RequestsMock() as mock:
            pages = [mock.get(f"{API}/boards/{BOARD}/cards", json=page) for page in (full, [ours])]
            found = far_trello.find([task_order], real_now(), "")
            before = pages[1].calls[0].request.params["before"]
        assert ([ref.key for ref in found[task_order.marker]], before) == (["abcd1234"], f"{1000:024x}")


class TestDestination:
    @pytest.mark.parametrize("level", ["public", "enterprise", "something-new"])
    def test_a_board_that_others_see_is_refused(
        self, trello: TrelloTracker, trello_standin: TrelloStandIn, level: str
    ) -> None:
        """Trackers leak too: a public board is named as the problem that it is (BR09)."""
        trello_standin.board.level = level
        assert "public" in trello.destination().problem

    def test_a_closed_board_is_refused(self, trello: TrelloTracker, trello_standin: TrelloStandIn) -> None:
        """A closed board takes no cards."""
        trello_standin.board.closed = True
        assert "closed" in trello.destination().problem

    def test_members_are_named(self, trello: TrelloTracker) -> None:
        """An admin reads who sees the cards."""
        destination = trello.destination()
        assert destination.audience == "Ada Agency and everybody in its Trello workspace."
        assert [person.name for person in destination.people] == ["Ada Agency"]


class TestEdges:
    def test_keys_go_in_a_header(self, far_trello: TrelloTracker, task_order: TicketOrder) -> None:
        """An address ends up in logs of proxies; key and token are not in it."""
        with responses.RequestsMock() as mock:
            sent = mock.post(f"{API}/cards", json={"id": "5f0000000000000000000009", "shortUrl": "u/x"})
            far_trello.create(replace(task_order, parent_ref=LIST_REF))
            request = sent.calls[0].request
        assert request.url == f"{API}/cards"
        assert request.headers["Authorization"] == f'OAuth oauth_consumer_key="{KEY}", oauth_token="{SECRET}"'

    @pytest.mark.parametrize(
        ("status", "body"),
        [(302, ""), (200, "<html>Log in</html>"), (200, "{}"), (200, "[]"), (201, ""), (204, ""), (504, "")],
    )
    def test_an_answer_without_a_card_is_an_unknown_outcome(
        self, far_trello: TrelloTracker, task_order: TicketOrder, status: int, body: str
    ) -> None:
        """Whatever is not a card proves nothing: it is looked for."""
        with responses.RequestsMock() as mock:
            sent = mock.post(f"{API}/cards", status=status, body=body, headers={"Location": "https://id.example"})
            failure = failure_of(far_trello, replace(task_order, parent_ref=LIST_REF))
            assert (type(failure), sent.call_count) == (OutcomeUnknownError, 1)

    @pytest.mark.parametrize("body", ["{}", "<html>", '"text"'])
    def test_a_strange_answer_is_not_an_empty_board(
        self, far_trello: TrelloTracker, task_order: TicketOrder, body: str
    ) -> None:
        """Only a real list of cards counts as a look."""
        with responses.RequestsMock() as mock:
            mock.get(f"{API}/boards/{BOARD}/cards", body=body)
            with pytest.raises(AgainLaterError):
                far_trello.find([task_order], real_now(), "")

    def test_a_vanished_list_is_named(self, trello: TrelloTracker, task_order: TicketOrder) -> None:
        """Trello's own words come with the field."""
        failure = failure_of(trello, replace(task_order, parent_ref=LIST_REF))
        assert isinstance(failure, NeedsHumanError)
        assert failure.fields == {"idList": "invalid value for idList"}

    @pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
    def test_no_failure_tells_a_secret(self, far_trello: TrelloTracker, task_order: TicketOrder, status: int) -> None:
        """Whatever is logged of a failure holds neither key nor token."""
        with responses.RequestsMock() as mock:
            mock.post(f"{API}/cards", status=status, body="no")
            failure = failure_of(far_trello, replace(task_order, parent_ref=LIST_REF))
        told = "".join(traceback.format_exception(failure))
        assert (SECRET in told, KEY in told, failure.__context__) == (False, False, None)

    @pytest.mark.parametrize("board", ["", "https://trello.com/b/abcd1234", "abc"])
    def test_a_wrong_board_stops_the_start(self, board: str) -> None:
        """An address in place of an id is told at once."""
        with pytest.raises(ValidationError):
            TrelloSettings(key=SecretStr(KEY), token=SecretStr(SECRET), board=board)

    def test_the_quiet_period_is_two_minutes(self) -> None:
        """Longer than a request can be on its way."""
        settings = TrelloSettings(key=SecretStr(KEY), token=SecretStr(SECRET), board=BOARD)
        assert settings.quiet_period == timedelta(minutes=2)
