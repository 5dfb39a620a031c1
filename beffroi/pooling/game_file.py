"""A game read from JSON: every coalition with its cost, or the costs of an airport."""

import json
import math
from itertools import pairwise
from typing import Any

import numpy as np

from beffroi.errors import Fault, Invalid, Text
from beffroi.pooling.coalition_names import Namer, of_letters
from beffroi.pooling.coalitions import Floats
from beffroi.pooling.games import Game, airport, refuse_many

SHOWN = 5
"""faults told of one file; the rest is counted"""
EXPECTED = Text(
    'attendu : {"players": […], "coalition_costs": {…}} ou {"costs": […]}',
    'expected {"players": […], "coalition_costs": {…}} or {"costs": […]}',
)


def read(content: str | bytes) -> Game:
    """Raises `Invalid`, which names each thing wrong."""
    document = _decoded(content)
    if not isinstance(document, dict):
        raise Invalid("game", EXPECTED)
    if "coalition_costs" in document:
        return _table(_players(document), document["coalition_costs"])
    if "costs" in document:
        return _airport(document)
    raise Invalid("coalition_costs", EXPECTED)


def _decoded(content: str | bytes) -> Any:
    """With the standard library, which alone tells a name that comes twice."""
    try:
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
        return json.loads(text.removeprefix("\ufeff"), object_pairs_hook=_once)
    except RecursionError as error:
        raise Invalid("game", Text("JSON trop imbriqué", "JSON nested too deep")) from error
    except ValueError as error:
        raise Invalid("game", Text(f"JSON illisible : {error}", f"unreadable JSON: {error}")) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        ordered = sorted(name for name, _ in pairs)
        twice = next(one for one, other in pairwise(ordered) if one == other)
        raise Invalid(twice, Text("écrit deux fois", "written twice"))
    return found


def _players(document: dict[str, Any]) -> tuple[str, ...]:
    listed = document.get("players")
    if not isinstance(listed, list) or not listed:
        raise Invalid("players", Text("liste d'au moins un membre attendue", "expected a list of at least one member"))
    players = [str(one) if isinstance(one, int) and not isinstance(one, bool) else one for one in listed]
    for number, player in enumerate(players):
        if not isinstance(player, str) or not player.strip() or "+" in player:
            raise Invalid(
                f"players[{number}]",
                Text("un nom sans «\u00a0+\u00a0» est attendu", "expected a name without “+”"),
            )
    named = [player.strip() for player in players]
    for number, player in enumerate(named):
        if player in named[:number]:
            raise Invalid(f"players[{number}]", Text(f"«\u00a0{player}\u00a0» déjà nommé", f"“{player}” named already"))
    refuse_many(len(named))
    return tuple(named)


def _table(players: tuple[str, ...], table: Any) -> Game:
    if not isinstance(table, dict):
        raise Invalid("coalition_costs", Text("objet attendu : groupe et coût", "expected an object: group and cost"))
    if (clean := _clean(players, table)) is not None:
        return Game(players, clean)
    namer = Namer(players, table)
    costs = np.full(1 << len(players), np.nan)
    written: dict[int, str] = {}
    faults: list[Fault] = []
    for name, value in table.items():
        mask, fault = namer.mask(name)
        problem = fault or _wrong(value, empty=mask == 0)
        if problem is None and mask in written:
            problem = Text(f"le même groupe que «\u00a0{written[mask]}\u00a0»", f"the same group as “{written[mask]}”")
        if problem is not None:
            faults.append(Fault(name, problem))
        else:
            costs[mask] = value
        written.setdefault(mask, name)
    costs[0] = 0.0
    _refuse(faults + _missing(players, np.setdiff1d(np.flatnonzero(np.isnan(costs)), list(written)).tolist()))
    return Game(players, costs)


def _clean(players: tuple[str, ...], table: dict[str, Any]) -> Floats | None:
    """The costs of a table in which nothing is wrong and players are letters, without looking at names one by one."""
    count = (1 << len(players)) - 1
    if len(table) != count or not set(map(type, table.values())) <= {int, float}:
        return None
    masks = of_letters(players, table)
    if masks is None or len(np.unique(masks)) != count:
        return None
    try:
        values = np.fromiter(table.values(), dtype=np.float64, count=count)
    except OverflowError:
        return None
    costs = np.zeros(count + 1)
    costs[masks] = values
    return costs if np.isfinite(values).all() and (values >= 0).all() else None


def _wrong(value: Any, *, empty: bool) -> Text | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return Text("un nombre est attendu", "expected a number")
    try:
        finite = math.isfinite(value)
    except OverflowError:
        finite = False
    if not finite:
        return Text(f"coût qui n'est pas un nombre fini : {value}", f"cost that is not finite: {value}")
    if value < 0:
        return Text(f"coût négatif : {value}", f"negative cost: {value}")
    if empty and value != 0:
        return Text("le groupe vide ne coûte rien", "the empty group costs nothing")
    return None


def _missing(players: tuple[str, ...], masks: list[int]) -> list[Fault]:
    if not masks:
        return []
    game = Game(players, np.zeros(0))
    named = ", ".join("+".join(game.names(mask)) for mask in masks[:SHOWN])
    more = len(masks) - SHOWN
    rest = Text(f" et {more} autres", f" and {more} more") if more > 0 else Text("", "")
    return [
        Fault(
            "coalition_costs",
            Text(f"groupes sans coût : {named}{rest.fr}", f"groups without a cost: {named}{rest.en}"),
        )
    ]


def _refuse(faults: list[Fault]) -> None:
    if len(faults) > SHOWN:
        more = len(faults) - SHOWN
        faults = [
            *faults[:SHOWN],
            Fault("coalition_costs", Text(f"et {more} autres fautes", f"and {more} more faults")),
        ]
    if faults:
        raise Invalid.of(faults)


def _airport(document: dict[str, Any]) -> Game:
    costs = document["costs"]
    if not isinstance(costs, list) or not costs:
        raise Invalid("costs", Text("liste d'au moins un coût attendue", "expected a list of at least one cost"))
    found = [(number, _wrong(cost, empty=False)) for number, cost in enumerate(costs)]
    _refuse([Fault(f"costs[{number}]", problem) for number, problem in found if problem is not None])
    players = _players(document) if "players" in document else ()
    if players and len(players) != len(costs):
        raise Invalid("players", Text("autant de noms que de coûts", "expected as many names as costs"))
    return airport(costs, players)
