"""Programmes of any size, made at random: tight budgets, dense precedences, many synergies, or all of them."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from beffroi.pooling.programme.model import (
    Action,
    Budget,
    Criterion,
    Exit,
    Member,
    Obligation,
    Precedence,
    Programme,
    SetUp,
    Shape,
    Silo,
    Staff,
    Subsidy,
    Synergy,
)

KINDS = ("service", "extension", "network", "skill")
SHAPES: tuple[Shape, ...] = ("usual", "linear", "v-shape", "gaussian", "level", "u-shape")
SKILLS = ("chef de projet", "réseaux", "données")


@dataclass(frozen=True)
class Structure:
    """`budget`, `staff`: of what all actions together would need. `alike`: all worth as much for what they cost. The
    others: how many an action."""

    budget: float = 0.35
    staff: float = 0.5
    precedences: float = 0.5
    synergies: float = 0.3
    setups: float = 0.15
    obligations: float = 0.03
    alike: bool = False


STRUCTURES = {
    "mixed": Structure(),
    "tight budgets": Structure(budget=0.15, staff=0.3),
    "dense precedences": Structure(precedences=2.0),
    "many synergies": Structure(synergies=1.5, setups=0.5),
    "all alike": Structure(budget=0.25, alike=True),
    "all of it": Structure(budget=0.15, staff=0.3, precedences=2.0, synergies=1.5, setups=0.5, alike=True),
}


def a_programme(
    actions: int = 300, quarters: int = 12, *, structure: Structure | None = None, seed: int = 1, members: int = 40
) -> Programme:
    generator = np.random.default_rng(seed)
    shape = structure or Structure()
    named = [
        Member(name=f"Membre {number + 1}", share=float(share))
        for number, share in enumerate(generator.lognormal(7, 1, members).round())
    ]
    silos: list[Silo] = []
    made = [_action(number, quarters, named, silos, generator, alike=shape.alike) for number in range(actions)]
    made = _obliged(made, quarters, int(shape.obligations * actions), generator)
    spending = sum(sum(one.spending) for one in made)
    return Programme(
        name=f"Programme de {actions} actions, graine {seed}",
        start="2027-Q1",
        quarters=quarters,
        valued_quarters=quarters + 20,
        discount_rate=3.0,
        score_weight=50_000.0,
        criteria=_criteria(),
        members=named,
        silos=silos,
        actions=made,
        setups=[
            SetUp(name=f"Socle {number + 1}", cost=float(generator.integers(20, 200) * 1000), actions=chosen)
            for number, chosen in enumerate(_groups(made, int(shape.setups * actions), 2, 6, generator))
        ],
        synergies=[
            Synergy(actions=chosen, gain=float(generator.integers(5, 80) * 100))
            for chosen in _groups(made, int(shape.synergies * actions), 2, 3, generator)
        ],
        precedences=_precedences(made, int(shape.precedences * actions), generator),
        budgets=[
            Budget(year=2027 + year, amount=round(shape.budget * spending / (quarters / 4), -3))
            for year in range((quarters + 3) // 4)
        ],
        carry_over=80.0,
        staff=[
            Staff(
                skill=skill,
                months=round(sum(sum(one.months(skill)) for one in made) * shape.staff / quarters, 1),
            )
            for skill in SKILLS
        ],
    )


def _criteria() -> list[Criterion]:
    return [
        Criterion(name=f"C{number + 1}", weight=float(weight), preference=shape, q=1.0, p=4.0, s=2.0)
        for number, (weight, shape) in enumerate(zip((25, 20, 20, 15, 10, 10), SHAPES, strict=True))
    ]


def _action(
    number: int, quarters: int, members: list[Member], silos: list[Silo], generator: np.random.Generator, *, alike: bool
) -> Action:
    """Worth about one to four times its cost over the horizon, partly by contracts that it replaces."""
    name, length = f"Action {number + 1}", int(generator.integers(1, 5))
    cost = float(np.ceil(generator.lognormal(11.3, 0.7) / 1000) * 1000)
    concerned = generator.choice(len(members), int(generator.integers(1, 6)), replace=False)
    yearly = cost * (0.35 if alike else generator.uniform(0.15, 0.7)) / len(concerned)
    replaced = []
    for one in concerned[: int(generator.integers(0, len(concerned) + 1))]:
        silo = _silo(f"Contrat {len(silos) + 1}", members[one].name, yearly, quarters, generator)
        silos.append(silo)
        replaced.append(silo.name)
    subsidy = [Subsidy(source="FEDER", rate=float(generator.integers(2, 6) * 10), delay=2)]
    return Action(
        name=name,
        kind=KINDS[number % len(KINDS)],  # type: ignore[arg-type]
        scores={f"C{one + 1}": float(generator.integers(0, 11)) for one in range(len(SHAPES))},
        quarters=length,
        cost=cost,
        running=round(cost * generator.uniform(0.0, 0.03)),
        staff={skill: float(generator.integers(0, 5)) for skill in SKILLS},
        benefits={members[one].name: round(yearly / 4 * generator.uniform(0.5, 1.5)) for one in concerned},
        replaces=replaced,
        subsidies=subsidy if generator.random() < 0.3 else [],
    )


def _silo(name: str, member: str, yearly: float, quarters: int, generator: np.random.Generator) -> Silo:
    ends = date(2027, 1, 1) + timedelta(days=int(generator.integers(0, quarters * 91)))
    halfway = date(2027, 1, 1) + timedelta(days=int(generator.integers(0, 360)))
    exits = [Exit(since=halfway, penalty=round(yearly * 0.4))] if generator.random() < 0.6 else []
    return Silo(
        name=name,
        service="éclairage",
        member=member,
        yearly_cost=round(yearly),
        ends=ends,
        exits=exits,
        renewed_for=int(generator.choice([1, 4, 8])),
    )


def _obliged(made: list[Action], quarters: int, count: int, generator: np.random.Generator) -> list[Action]:
    """The first ones, which wait for none, in service in the second half."""
    found = list(made)
    for number in range(count):
        by = date(2027, 1, 1) + timedelta(days=int(generator.integers(quarters // 2, quarters) * 91))
        action = made[number]
        found[number] = Action(
            **{field: getattr(action, field) for field in action.__struct_fields__ if field != "obligation"},
            obligation=Obligation(by=by, reason="échéance légale"),
        )
    return found


def _groups(made: list[Action], count: int, least: int, most: int, generator: np.random.Generator) -> list[list[str]]:
    sizes = generator.integers(least, most + 1, count)
    return [[made[one].name for one in generator.choice(len(made), size, replace=False)] for size in sizes]


def _precedences(made: list[Action], count: int, generator: np.random.Generator) -> list[Precedence]:
    """From an action to a later one of the list, hence without a circle."""
    found = {}
    for _ in range(count):
        before, after = sorted(generator.choice(len(made), 2, replace=False).tolist())
        found[before, after] = Precedence(
            before=made[before].name, after=made[after].name, lag=int(generator.integers(0, 2))
        )
    return list(found.values())
