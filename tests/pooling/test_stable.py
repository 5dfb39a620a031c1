"""The sharing nearest a key that no group has a reason to leave: compared with trying every group."""

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from beffroi.pooling import stable
from beffroi.pooling.coalitions import Floats, paid, rows
from beffroi.pooling.core import stability
from beffroi.pooling.games import Game
from beffroi.pooling.nearest import Limit, Unsatisfiable, nearest, relative_weights
from beffroi.pooling.nucleolus import least_excess
from beffroi.pooling.service_groups import Groups
from beffroi.pooling.services import Member, Service
from beffroi.pooling.stable import nearest_stable, of_service, of_table
from beffroi.pooling.tariffs import AllUnits, Fixed, Packs, PerUnit, Slices
from tests.pooling.builders import a_game, a_member, a_service, games, rates, service_models, subadditive_games


def equal(total: float, count: int) -> Floats:
    return np.full(count, total / count)


@given(service=service_models(), data=st.data())
def test_the_proven_group_is_that_of_trying_all(service: Service, data: st.DataObject) -> None:
    game, groups = service.game(), Groups(service)
    assume(game.total > 0)
    parts = data.draw(st.lists(st.integers(0, 9), min_size=game.count, max_size=game.count).filter(any))
    shares = np.array(parts, dtype=float) * game.total / sum(parts)
    worst = float((paid(shares) - game.costs)[1:-1].max())
    found = groups.prove(shares, 1e-7 * game.total)
    assert found.excess == pytest.approx(worst, abs=1e-5 * game.total)
    assert found.bound == pytest.approx(worst, abs=1e-5 * game.total)
    assert groups.search(shares).excess <= worst + 1e-9 * game.total


@given(service=service_models())
def test_costs_in_floating_point_are_the_exact_ones(service: Service) -> None:
    game, groups = service.game(), Groups(service)
    flags = rows(np.arange(1 << game.count), game.count).astype(bool)
    assert [groups.cost(one) for one in flags] == pytest.approx(game.costs.tolist())


@given(service=service_models(least=3, most=5))
def test_a_service_is_answered_as_its_table_is(service: Service) -> None:
    game = service.game()
    assume(game.total > 0)
    wanted = equal(game.total, game.count)
    one, other = (
        nearest_stable(wanted, game.total, of_service(Groups(service))),
        nearest_stable(wanted, game.total, of_table(game)),
    )
    assert (one.lacking > 0) == (other.lacking > 0)
    assert one.lacking == pytest.approx(other.lacking, abs=5e-3 * game.total)
    if one.lacking == 0:
        assert one.shares == pytest.approx(other.shares, abs=1e-3 * game.total)


@given(game=subadditive_games(), data=st.data())
def test_the_nearest_is_in_the_core_and_nothing_in_it_is_nearer(game: Game, data: st.DataObject) -> None:
    wanted = equal(game.total, game.count)
    found = nearest_stable(wanted, game.total, of_table(game))
    assert found.lacking == 0
    assert stability(game, found.shares).excess <= 2e-6 * game.total
    assert found.shares.sum() == pytest.approx(game.total)
    weights = relative_weights(wanted)
    others = [game.alone, *(data.draw(_core_points(game)) for _ in range(3))]
    for other in others:
        if abs(other.sum() - game.total) < 1e-9 and stability(game, other).inside:
            towards = (found.shares - wanted) / weights @ (other - found.shares)
            assert towards >= -1e-4 * game.total  # the angle at a projection is not acute


def _core_points(game: Game) -> st.SearchStrategy[Floats]:
    """Marginal costs of an order of arrival: in the core of these games, which are concave."""

    def of(order: list[int]) -> Floats:
        shares, mask = np.zeros(game.count), 0
        for member in order:
            shares[member] = game.costs[mask | 1 << member] - game.costs[mask]
            mask |= 1 << member
        return shares

    return st.permutations(range(game.count)).map(of)


@given(game=games(least=2, most=5))
def test_what_lacks_is_between_its_two_ends(game: Game) -> None:
    found = nearest_stable(equal(game.total, game.count), game.total, of_table(game))
    least, _ = least_excess(game)
    if least > 1e-5 * game.total:
        assert found.lacking > 0
        most = _most(game)
        assert found.lacking_least - 1e-4 * game.total <= game.total - most <= found.lacking + 1e-4 * game.total
        assert (paid(found.shares) - game.costs)[1:-1].max() <= 2e-4 * game.total
    elif least < -1e-5 * game.total:
        assert found.lacking == 0


def _most(game: Game) -> float:
    """By the least core of the same game with a free whole: what a whole may cost for the core not to be empty."""
    low, high = -float(game.costs.sum()), game.total
    for _ in range(60):
        middle = (low + high) / 2
        costs = game.costs.copy()
        costs[-1] = middle
        low, high = (middle, high) if least_excess(Game(game.players, costs))[0] <= 0 else (low, middle)
    return low


def test_a_voted_key_that_is_stable_is_left_as_it_is() -> None:
    game = a_game(lambda group: (0.0, 10, 12, 15)[len(group)], 3)
    found = nearest_stable(equal(15, 3), 15, of_table(game))
    assert found.shares.tolist() == pytest.approx([5, 5, 5])
    assert (found.binding, found.lacking) == ((), 0)


def test_a_group_that_pays_too_much_is_lowered_by_one_percentage() -> None:
    game = a_game(lambda group: 6.0 if group == (0, 1) else 100.0 if len(group) < 3 else 12.0, 3)
    found = nearest_stable(np.array([6.0, 3.0, 3.0]), 12, of_table(game))
    assert found.shares.tolist() == pytest.approx([4, 2, 6])
    assert [group.tolist() for group in found.binding] == [[1, 1, 0]]


def test_three_who_would_each_rather_pair_have_an_empty_core() -> None:
    """Any two cost 10, all three 18: at most 15 can be shared, so that 3 lack."""
    game = a_game(lambda group: (0.0, 9, 10, 18)[len(group)], 3)
    found = nearest_stable(equal(18, 3), 18, of_table(game))
    assert found.lacking_least <= 3 <= found.lacking <= 3.2
    assert found.shares.sum() == pytest.approx(18 - found.lacking)


def test_limits_that_contradict_each_other_are_named() -> None:
    pairs = [Limit(np.array(one, dtype=float), 10.0) for one in ([1, 1, 0], [0, 1, 1], [1, 0, 1])]
    whole = Limit(np.ones(3), 18.0, exact=True)

    def oracle(shares: Floats) -> Limit | None:
        return next((one for one in pairs if one.members @ shares > one.amount + 1e-9), None)

    with pytest.raises(Unsatisfiable) as told:
        nearest(equal(18, 3), [whole], oracle)
    covered = sum(weight * limit.members for limit, weight in told.value.limits if not limit.exact)
    assert covered == pytest.approx(np.full(3, covered[0]))


def test_sixty_members_are_proven_stable_with_what_a_group_of_them_would_save() -> None:
    devices = np.random.default_rng(5).integers(5, 400, 60).tolist()
    service = a_service(
        Fixed(amount=Decimal(2_000)),
        Slices(unit="devices", rates=rates((0, "18"), (1000, "12"), (5000, "7"))),
        PerUnit(unit="members", price=Decimal(300)),
        members=_named(devices),
    )
    groups = Groups(service)
    found = nearest_stable(equal(groups.total, 60), groups.total, of_service(groups))
    assert found.lacking == 0
    assert groups.prove(equal(groups.total, 60), 1.0).excess > 1000
    again = groups.prove(found.shares, 1e-7 * groups.total)
    assert again.bound <= 3e-6 * groups.total
    assert found.bound == pytest.approx(max(again.bound, again.excess), abs=3e-6 * groups.total)


def _named(devices: list[int]) -> list[Member]:
    return [a_member(f"C{number}", devices=count) for number, count in enumerate(devices)]


def test_steps_and_packs_of_forty_members_never_exceed_the_proven_bound() -> None:
    generator = np.random.default_rng(8)
    for _ in range(3):
        devices = generator.integers(5, 400, 40).tolist()
        service = a_service(
            Packs(unit="devices", size=Decimal(500), price=Decimal(4000)),
            AllUnits(unit="devices", rates=rates((0, "9"), (2000, "6"))),
            members=_named(devices),
        )
        groups = Groups(service)
        shares = generator.random(40)
        shares *= groups.total / shares.sum()
        proven = groups.prove(shares, 1e-7 * groups.total)
        for _ in range(2000):
            chosen = generator.random(40) < generator.random()
            if 0 < chosen.sum() < 40:
                assert shares @ chosen - groups.cost(chosen) <= proven.bound + 1e-6 * groups.total
        assert groups.search(shares).excess <= proven.bound + 1e-6 * groups.total


def test_a_proof_cut_short_tells_the_bound_it_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stable, "QUESTIONS", 0)
    game = a_game(lambda group: (0.0, 9, 10, 18)[len(group)], 3)
    found = nearest_stable(np.array([9.0, 5, 4]), 18, of_table(game))
    assert (paid(found.shares) - game.costs)[1:-1].max() <= found.bound + 1e-9
