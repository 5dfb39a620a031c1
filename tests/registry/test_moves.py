"""Moves: history is kept, and it is said who sees the past."""

from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest

from beffroi.access import Right, Scope
from beffroi.errors import Conflict, Forbidden, Invalid, NotFound
from beffroi.observations import Windows
from beffroi.registry import assets, devices, moves, relations, series
from beffroi.registry.model import Move
from beffroi.registry.relations import NewRelation
from beffroi.registry.series import SeriesSelection
from tests.registry.conftest import NOW, OLONNE, ROCHE, World, scope_of

AT = datetime(2026, 6, 1, tzinfo=UTC)
LATER = datetime(2026, 9, 1, tzinfo=UTC)


def both(world: World) -> Scope:
    administer = {ROCHE: Right.ADMINISTER, OLONNE: Right.ADMINISTER, world.structure: Right.ADMINISTER}
    return scope_of("both", rights=administer)


def move(world: World, subject: moves.Movable, id_: int, *, past: Any = "former", **changes: Any) -> moves.Moved:
    asked = Move(changes.get("to", OLONNE), changes.get("at", AT), past)
    outcome = moves.move(both(world), world.tx, subject, id_, asked, now=NOW)
    assert outcome.moved is not None
    return outcome.moved


def windows(world: World, scope: Scope) -> list[tuple[int, datetime | None, datetime | None]]:
    rows = series.windows(scope, world.tx, SeriesSelection())
    return sorted(((row.series, row.since, row.until) for row in rows), key=str)


OLONNE_READER = scope_of("reader of Olonne", OLONNE)


@pytest.mark.parametrize(
    ("past", "former", "new", "seen_by"),
    [
        ("former", [(1, None, AT)], [(1, AT, None)], [ROCHE]),
        ("new", [], [(1, None, None)], [OLONNE]),
        ("both", [(1, None, AT)], [(1, None, None)], [ROCHE, OLONNE]),
    ],
)
def test_a_move_says_who_sees_the_past(
    world: World, past: Literal["former", "new", "both"], former: list[Any], new: list[Any], seen_by: list[str]
) -> None:
    device = world.device()
    world.series(device=device.id)
    moved = move(world, "device", device.id, past=past)
    assert windows(world, world.reader) == former
    assert windows(world, OLONNE_READER) == new
    assert moved.past_seen_by == seen_by


def test_only_the_new_owner_writes(world: World) -> None:
    device = world.device()
    made = world.series(device=device.id)
    move(world, "device", device.id)
    former, new = scope_of("f", ROCHE, Right.OPERATE), scope_of("n", OLONNE, Right.OPERATE)
    assert series.writable(former, world.tx, [made.id]) == {}
    assert series.writable(new, world.tx, [made.id])[made.id].since == AT


def test_the_former_owner_still_reads_what_the_series_was(world: World) -> None:
    device = world.device()
    made = world.series(device=device.id)
    move(world, "device", device.id)
    assert series.get(world.reader, world.tx, made.id).name == made.name
    with pytest.raises(Forbidden):
        series.change(world.editor, world.tx, made.id, series.SeriesPatch(name="Mienne"), now=NOW)
    with pytest.raises(NotFound):
        devices.get(world.reader, world.tx, device.id)


def test_two_moves_leave_three_stretches(world: World) -> None:
    device = world.device()
    world.series(device=device.id)
    move(world, "device", device.id, past="former")
    move(world, "device", device.id, to=world.structure, at=LATER, past="both")
    assert windows(world, world.reader) == [(1, None, AT)]
    assert windows(world, OLONNE_READER) == [(1, AT, LATER)]
    assert windows(world, scope_of("s", world.structure)) == [(1, AT, None)]


def test_there_and_back_gives_both_stretches_again(world: World) -> None:
    device = world.device()
    world.series(device=device.id)
    move(world, "device", device.id, past="former")
    move(world, "device", device.id, to=ROCHE, at=LATER, past="both")
    rows = series.windows(world.reader, world.tx, SeriesSelection())
    assert len(Windows.of([(row.series, row.since, row.until) for row in rows])) == 1  # joined: all time
    assert windows(world, OLONNE_READER) == [(1, AT, LATER)]


def test_what_the_former_owner_shared_ends_with_its_stretch(world: World) -> None:
    device = world.device(service="water")
    world.series(device=device.id)
    receiver = world.shared(service="water")
    move(world, "device", device.id)
    assert windows(world, receiver) == [(1, None, AT)]
    since = datetime(2026, 7, 1, tzinfo=UTC)
    assert windows(world, world.shared(service="water", since=since)) == []


def test_an_asset_takes_its_devices_and_their_series_along(world: World) -> None:
    site = world.site()
    asset = world.asset(site=site.id)
    device = world.device(asset=asset.id, site=site.id)
    by_device = world.series(device=device.id, asset=asset.id)
    by_hand = world.series(asset=asset.id)
    moved = move(world, "asset", asset.id)
    assert (moved.assets, moved.devices, moved.series) == ([asset.id], [device.id], [by_device.id, by_hand.id])
    its = devices.get(OLONNE_READER, world.tx, device.id)
    assert (its.owner, its.asset, its.site) == (OLONNE, asset.id, None)
    assert series.get(OLONNE_READER, world.tx, by_device.id).owner == OLONNE
    assert assets.get(OLONNE_READER, world.tx, asset.id).site is None


def test_what_another_device_observes_of_a_moved_asset_stays(world: World) -> None:
    asset = world.asset()
    elsewhere = world.device()
    stays = world.series(device=elsewhere.id, asset=asset.id)
    assert move(world, "asset", asset.id).series == []
    kept = series.get(world.reader, world.tx, stays.id)
    assert (kept.owner, kept.asset) == (ROCHE, None)


def test_relations_to_what_is_left_end_and_the_others_go_on(world: World) -> None:
    lamp, cabinet, mast = world.asset(), world.asset(kind="lighting-cabinet"), world.asset(owner=world.structure)
    device = world.device(asset=lamp.id)
    since = datetime(2026, 1, 1, tzinfo=UTC)

    def relate(kind: Any, source_type: Any, source: int, target: int) -> int:
        new = NewRelation(
            kind=kind, source_type=source_type, source=source, target_type="asset", target=target, since=since
        )
        return relations.create(world.system, world.tx, new, now=NOW).id

    fed = relate("fed by", "asset", lamp.id, cabinet.id)
    measures = relate("measures", "device", device.id, lamp.id)
    reaches = relate("reaches", "device", device.id, mast.id)
    assert move(world, "asset", lamp.id).relations_ended == 1

    def read(id_: int) -> tuple[str, datetime | None]:
        found = relations.get(world.system, world.tx, id_)
        return found.owner, found.until

    assert read(fed) == (ROCHE, AT)
    assert read(measures) == (OLONNE, None)
    assert read(reaches) == (OLONNE, None)


def test_a_move_waits_for_its_receiver(world: World) -> None:
    device = world.device()
    asked = Move(OLONNE, AT, "both")
    outcome = moves.move(world.administrator, world.tx, "device", device.id, asked, now=NOW)
    assert (outcome.moved, outcome.proposal.state) == (None, "proposed")
    assert devices.get(world.reader, world.tx, device.id).owner == ROCHE
    done = moves.accept(world.neighbour, world.tx, outcome.proposal.id, now=NOW + timedelta(days=1))
    assert done.proposal.state == "done"
    assert devices.get(world.neighbour, world.tx, device.id).owner == OLONNE


@pytest.fixture
def proposal(world: World) -> moves.Proposal:
    device = world.device()
    asked = Move(OLONNE, AT, "both")
    return moves.move(world.administrator, world.tx, "device", device.id, asked, now=NOW).proposal


def test_the_giver_does_not_accept_for_the_receiver(world: World, proposal: moves.Proposal) -> None:
    with pytest.raises((Forbidden, NotFound)):
        moves.accept(world.administrator, world.tx, proposal.id, now=NOW)


@pytest.mark.parametrize(("who", "state"), [("neighbour", "refused"), ("administrator", "withdrawn")])
def test_a_proposal_is_refused_or_withdrawn_once(world: World, proposal: moves.Proposal, who: str, state: str) -> None:
    assert moves.decline(getattr(world, who), world.tx, proposal.id, now=NOW).state == state
    with pytest.raises(Conflict):
        moves.accept(world.neighbour, world.tx, proposal.id, now=NOW)


@pytest.mark.parametrize("who", ["stranger", "operator", "reader"])
def test_others_know_nothing_of_a_proposal(world: World, proposal: moves.Proposal, who: str) -> None:
    scope = getattr(world, who)
    with pytest.raises(NotFound):
        moves.accept(scope, world.tx, proposal.id, now=NOW)
    assert moves.find(scope, world.tx, moves.ProposalQuery()).items == []


def test_what_changed_hands_meanwhile_is_not_moved(world: World, proposal: moves.Proposal) -> None:
    move(world, "device", proposal.thing, to=world.structure)
    with pytest.raises(Conflict):
        moves.accept(world.neighbour, world.tx, proposal.id, now=NOW)


def test_only_administrators_of_the_giver_propose(world: World) -> None:
    device = world.device()
    with pytest.raises(Forbidden):
        moves.move(world.editor, world.tx, "device", device.id, Move(OLONNE, AT, "both"), now=NOW)
    with pytest.raises(NotFound):
        moves.move(world.neighbour, world.tx, "device", device.id, Move(OLONNE, AT, "both"), now=NOW)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (Move(OLONNE, NOW + timedelta(days=1), "both"), "at"),
        (Move(ROCHE, AT, "both"), "to"),
        (Move("commune-85001", AT, "both"), "to"),
    ],
)
def test_a_move_that_makes_no_sense_is_refused(world: World, asked: Move, field: str) -> None:
    device = world.device()
    with pytest.raises(Invalid) as caught:
        moves.move(world.administrator, world.tx, "device", device.id, asked, now=NOW)
    assert [fault.field for fault in caught.value.faults] == [field]


def test_a_move_does_not_reach_before_the_giver_had_it(world: World) -> None:
    device = world.device()
    world.series(device=device.id)
    move(world, "device", device.id, at=LATER)
    with pytest.raises(Invalid):
        move(world, "device", device.id, to=world.structure, at=AT)


def test_a_code_taken_at_the_receiver_stops_the_move(world: World) -> None:
    device = world.device(code="A84041")
    world.device(code="A84041", owner=OLONNE)
    with pytest.raises(Conflict):
        move(world, "device", device.id)
