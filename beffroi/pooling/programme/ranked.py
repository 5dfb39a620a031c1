"""The ranking as it is told: flows, weights, how far each may change, and how far members agree."""

import msgspec
import numpy as np

from beffroi.pooling.coalitions import Floats
from beffroi.pooling.programme import ranking
from beffroi.pooling.programme.model import Member, Programme
from beffroi.pooling.programme.sensitivity import Interval, stabilities

DIGITS = 6


class Rank(msgspec.Struct, frozen=True):
    """`leaving`: by how much it is preferred to the others, on average; `entering`: they to it; `net`: the difference,
    by which it has its place; `by_criterion`: net, before weights."""

    action: str
    place: int
    net: float
    leaving: float
    entering: float
    by_criterion: dict[str, float]


class Weight(msgspec.Struct, frozen=True):
    """`weight`: of the group, all making 1. `same_order`, `same_first`: between which the whole order, and who comes
    first, stay the same, the other weights keeping their proportions."""

    criterion: str
    weight: float
    same_order: tuple[float, float]
    same_first: tuple[float, float]


class Opinion(msgspec.Struct, frozen=True):
    """The ranking of members who weigh alike. `agreement`: with the group's, Kendall's tau-b."""

    members: list[str]
    voices: float
    weights: dict[str, float]
    order: list[str]
    agreement: float


class Ranking(msgspec.Struct, frozen=True):
    """In order. `agreement`: the mean of members' two by two, None with fewer than two."""

    actions: list[Rank]
    weights: list[Weight]
    opinions: list[Opinion]
    agreement: float | None


def ranked(programme: Programme) -> Ranking:
    flows, weights = ranking.flows(programme), ranking.group_weights(programme)
    opinions, agreement = _opinions(programme, flows.net, weights)
    return Ranking(_ranks(programme, flows, weights), _weights(programme, flows.net, weights), opinions, agreement)


def _ranks(programme: Programme, flows: ranking.Flows, weights: Floats) -> list[Rank]:
    net, leaving, entering = flows.net @ weights, flows.leaving @ weights, flows.entering @ weights
    places, names = ranking.places(net), [one.name for one in programme.criteria]
    return [
        Rank(
            action=programme.actions[number].name,
            place=places[number],
            net=_told(net[number]),
            leaving=_told(leaving[number]),
            entering=_told(entering[number]),
            by_criterion=dict(zip(names, map(_told, flows.net[number]), strict=True)),
        )
        for number in sorted(range(len(places)), key=lambda one: (places[one], one))
    ]


def _weights(programme: Programme, net: Floats, weights: Floats) -> list[Weight]:
    return [
        Weight(criterion.name, _told(weight), _ends(found.ranking), _ends(found.first))
        for criterion, weight, found in zip(programme.criteria, weights, stabilities(net, weights), strict=True)
    ]


def _opinions(programme: Programme, net: Floats, weights: Floats) -> tuple[list[Opinion], float | None]:
    """And how far members agree two by two, on average."""
    alike: dict[tuple[float, ...], list[Member]] = {}
    for member in programme.members:
        alike.setdefault(tuple(ranking.weights_of(programme, member).tolist()), []).append(member)
    if not alike:
        return [], None
    nets = np.array([net @ one for one in [weights, *map(np.array, alike)]])
    table = ranking.agreement(nets)
    found = [
        _opinion(programme, own, members, nets[number], float(table[0, number]))
        for number, (own, members) in enumerate(alike.items(), start=1)
    ]
    counts = np.array([len(members) for members in alike.values()], dtype=np.float64)
    pairs = np.outer(counts, counts) - np.diag(counts)
    return found, _told((pairs * table[1:, 1:]).sum() / pairs.sum()) if pairs.sum() else None


def _opinion(
    programme: Programme, own: tuple[float, ...], members: list[Member], net: Floats, agreement: float
) -> Opinion:
    order = np.argsort(-net.round(ranking.DIGITS), kind="stable")
    return Opinion(
        members=[member.name for member in members],
        voices=sum(member.voices for member in members),
        weights=dict(zip([one.name for one in programme.criteria], map(_told, own), strict=True)),
        order=[programme.actions[one].name for one in order],
        agreement=_told(agreement),
    )


def _ends(interval: Interval) -> tuple[float, float]:
    return _told(interval.low), _told(interval.high)


def _told(value: float) -> float:
    return round(float(value), DIGITS) + 0.0
