"""Fair shares: all groups of a table, and a service of 258 members. Programmes of 300 actions over 12 quarters."""

from decimal import Decimal
from functools import partial

import numpy as np

from beffroi.pooling import nucleolus, shares
from beffroi.pooling.coalitions import paid
from beffroi.pooling.games import Game
from beffroi.pooling.programme.prepared import Prepared
from beffroi.pooling.programme.solving import Effort, solve
from beffroi.pooling.service_groups import Groups
from beffroi.pooling.services import Member, Service
from beffroi.pooling.stable import nearest_stable, of_service
from beffroi.pooling.tariffs import AllUnits, Fixed, FlatStep, Packs, PerUnit, Rate, Slices, Stepped, Tariff
from benchmarks.figures import Figure, Run, median_ms, seconds
from benchmarks.programmes import STRUCTURES, a_programme

ACTIONS, QUARTERS = 300, 12
PLANNING = 60.0
"""seconds"""
REACH = 0.05
"""of the bound"""
MEMBERS = 258
"""of Vendée's communes"""
CONCAVE: tuple[Tariff, ...] = (
    Fixed(amount=Decimal(150_000)),
    PerUnit(unit="members", price=Decimal(300)),
    Slices(
        unit="devices",
        rates=[Rate(Decimal(18)), Rate(Decimal(12), Decimal(1000)), Rate(Decimal(7), Decimal(10_000))],
    ),
    AllUnits(unit="messages", rates=[Rate(Decimal("0.0004")), Rate(Decimal("0.0002"), Decimal(100_000_000))]),
)
STEPS: tuple[Tariff, ...] = (
    *CONCAVE,
    Packs(unit="devices", size=Decimal(100), price=Decimal(250)),
    Stepped(
        unit="devices",
        steps=[
            FlatStep(Decimal(20_000), Decimal(500)),
            FlatStep(Decimal(60_000), Decimal(5000)),
            FlatStep(Decimal(180_000)),
        ],
    ),
)


def figures(run: Run) -> list[Figure]:
    found = []
    run.say("all groups of a table")
    game = a_game(20)
    found.append(Figure("Shapley, 20 members", median_ms(lambda: shares.shapley(game), times=5), "ms", reach=400))
    for count in (12, 16) if run.quick else (12, 16, 20):
        one = a_game(count)
        took = seconds(lambda one=one: nucleolus.nucleolus(one))  # type: ignore[misc]
        found.append(Figure(f"nucleolus, {count} members", took * 1000, "ms", reach=5000))
    run.say("a service of 258 members")
    found.append(_nearest("nearest stable shares, 258 members, discounts", CONCAVE, reach=10_000))
    if not run.quick:
        found.append(_nearest("the same with steps and packs: the core is empty, what lacks", STEPS, reach=60_000))
    return [*found, *_programmes(run)]


def _programmes(run: Run) -> list[Figure]:
    """The gap that is left, and when it was first no more than what is asked."""
    found = []
    for name in ["mixed"] if run.quick else STRUCTURES:
        run.say(f"a programme of {ACTIONS} actions: {name}")
        prepared = Prepared(a_programme(ACTIONS, QUARTERS, structure=STRUCTURES[name]))
        reached: list[float] = []
        solved = solve(prepared, Effort(seconds=PLANNING), told=partial(_note, reached))
        work, gap = (
            f"programme of {ACTIONS} actions, {QUARTERS} quarters, {name}",
            1.0 if solved.gap is None else solved.gap,
        )
        note = "proven optimal to a ten-thousandth" if solved.status == "optimal" else ""
        found.append(Figure(f"{work}: gap after {PLANNING:.0f} s", gap * 100, "%", reach=REACH * 100, note=note))
        when = reached[0] if reached else solved.seconds
        found.append(
            Figure(
                f"the same: until {REACH:.0%}", when, "s", reach=PLANNING, note=f"ended after {solved.seconds:.0f} s"
            )
        )
    return found


def _note(reached: list[float], seconds: float, gap: float | None) -> None:
    if gap is not None and gap <= REACH:
        reached.append(seconds)


def a_game(count: int) -> Game:
    """Economies of scale, every member different."""
    sizes = np.random.default_rng(1).random(count) * 10
    return Game(tuple(str(one) for one in range(count)), paid(sizes) ** 0.7)


def _nearest(work: str, costs: tuple[Tariff, ...], *, reach: float) -> Figure:
    generator = np.random.default_rng(1)
    populations = generator.lognormal(7.2, 1.1, MEMBERS).astype(int)
    members = [
        Member(
            str(number),
            {"devices": Decimal(int(2 + one * spread / 30)), "messages": Decimal(int(one * spread * 300))},
        )
        for number, (one, spread) in enumerate(zip(populations, generator.uniform(0.3, 2, MEMBERS), strict=True))
    ]
    groups = Groups(Service(members=members, costs=list(costs)))
    wanted = populations / populations.sum() * groups.total
    took = seconds(lambda: nearest_stable(wanted, groups.total, of_service(groups)))
    return Figure(work, took * 1000, "ms", reach=reach, note="the voted key by population")
