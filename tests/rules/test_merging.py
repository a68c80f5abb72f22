"""Merging two clients: nothing that either knows is lost, and nobody sees more than before."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.clients.client import Agreement, Client
from rules.clients.merging import check_merge, merge
from rules.clients.names import normal
from rules.clients.stages import Stage
from rules.errors import ConflictError, InvalidError

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PEOPLE = ("U1", "U2", "U3", "U4")
NAMES = st.sampled_from(["Acme", "ACME Ltd", "Bolt", "Café", "Dune", "Echo", "Fern"])


def client(client_id: str, name: str, **known: object) -> Client:
    values: dict[str, object] = {"owner_id": "U1", **known}
    return Client(id=client_id, workspace_id="T1", name=name, stage_since=NOW, **values)  # type: ignore[arg-type]  # a test's shorthand


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Client, Client]:
    names = draw(st.lists(NAMES, min_size=2, max_size=7, unique_by=normal))
    cut = draw(st.integers(1, len(names) - 1))
    people = st.lists(st.sampled_from(PEOPLE), unique=True, max_size=3).map(tuple)
    made = [
        client(
            client_id,
            own[0],
            aliases=tuple(own[1:]),
            channel_ids=(f"C-{client_id}",),
            visible_to=draw(people),
            owner_id=draw(st.sampled_from(PEOPLE)),
            client_since=draw(st.none() | st.dates(date(2020, 1, 1), date(2026, 1, 1))),
        )
        for client_id, own in (("a", names[:cut]), ("b", names[cut:]))
    ]
    return made[0], made[1]


def audience(each: Client) -> set[str]:
    """Who sees it, admins aside."""
    return {each.owner_id, *each.visible_to} if each.visible_to else set(PEOPLE)


@given(pairs())
def test_every_name_and_channel_of_both_leads_to_the_one_that_stays(pair: tuple[Client, Client]) -> None:
    """Whatever they were called and wherever they talked, it is one client now, and the other holds nothing."""
    keeper, gone = pair
    whole, left = merge(keeper, gone, gone_is_busy=False, by_id="U1", now=NOW)

    assert {normal(name) for name in (whole.name, *whole.aliases)} == {
        normal(name) for each in pair for name in (each.name, *each.aliases)
    }
    assert set(whole.channel_ids) == {"C-a", "C-b"}
    assert (left.aliases, left.channel_ids, left.merged_into, whole.ids) == ((), (), "a", ("a", "b"))


@given(pairs())
def test_nobody_sees_more_than_before(pair: tuple[Client, Client]) -> None:
    """Whoever sees the whole saw both, but for the owner of the one that stays."""
    keeper, gone = pair
    whole, _ = merge(keeper, gone, gone_is_busy=False, by_id="U1", now=NOW)

    assert audience(whole) - {keeper.owner_id} <= audience(keeper) & audience(gone)


def test_what_only_one_knows_comes_along() -> None:
    """Numbers add up, gaps are filled, and what both know stays as the keeper has it."""
    agreed = Agreement(primary_channel="e-mail")
    keeper = client("a", "Acme", revenue_share_percent=60, contact_name="Ann", margin_percent=5)
    gone = client("b", "Bolt", revenue_share_percent=70, contact_name="Bo", contact_email="bo@b.example")
    whole, _ = merge(keeper, client_with(gone, agreed), gone_is_busy=False, by_id="U1", now=NOW)

    assert (whole.revenue_share_percent, whole.contact_name, whole.contact_email) == (100, "Ann", "bo@b.example")
    assert (whole.agreement, whole.margin_percent) == (agreed, 5)


def client_with(each: Client, agreement: Agreement) -> Client:
    return client(
        each.id,
        each.name,
        agreement=agreement,
        revenue_share_percent=each.revenue_share_percent,
        contact_name=each.contact_name,
        contact_email=each.contact_email,
    )


def test_a_client_that_was_merged_twice_still_knows_every_id() -> None:
    """A note made under the first of three entries is found under the last."""
    middle, _ = merge(client("b", "Bolt"), client("a", "Acme"), gone_is_busy=False, by_id="U1", now=NOW)
    last, _ = merge(client("c", "Café"), middle, gone_is_busy=False, by_id="U1", now=NOW)

    assert set(last.ids) == {"a", "b", "c"}


def test_an_open_matter_brings_its_stage() -> None:
    """The plan that runs with the entry that goes runs with the whole."""
    gone = client("b", "Bolt", stage=Stage.AMENDING)

    assert merge(client("a", "Acme"), gone, gone_is_busy=True, by_id="U1", now=NOW)[0].stage is Stage.AMENDING


@pytest.mark.parametrize("stage", [Stage.CONSIDERING, Stage.DECIDED, Stage.TOLD, Stage.HANDING_OFF])
@pytest.mark.parametrize("is_kept", [True, False])
def test_no_merge_carries_a_decision_past_its_checks(stage: Stage, *, is_kept: bool) -> None:
    """DC03: from the first thought on a client stays itself, whichever of the two it is."""
    pair = [client("a", "Acme", stage=stage), client("b", "Bolt")]
    keeper, gone = pair if is_kept else reversed(pair)
    with pytest.raises(ConflictError, match="Acme"):
        check_merge(keeper, gone, keeper_is_busy=False, gone_is_busy=False)


@pytest.mark.parametrize(
    ("keeper", "gone", "busy", "kind"),
    [
        (client("a", "Acme"), client("b", "Bolt"), True, ConflictError),
        (client("a", "Acme", stage=Stage.CLOSED), client("b", "Bolt"), False, ConflictError),
        (client("a", "Acme"), client("b", "Bolt", stage=Stage.CLOSED), False, ConflictError),
        (client("a", "Acme"), client("a", "Acme"), False, InvalidError),
    ],
)
def test_what_can_not_become_one_is_refused(keeper: Client, gone: Client, *, busy: bool, kind: type[Exception]) -> None:
    """Two open matters, a closed client, a client and itself."""
    with pytest.raises(kind):
        check_merge(keeper, gone, keeper_is_busy=busy, gone_is_busy=busy)
