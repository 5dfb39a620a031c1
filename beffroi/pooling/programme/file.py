"""A programme read from JSON, and refused with each thing that cannot be."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence

import msgspec

from beffroi.errors import Fault, Invalid, Text
from beffroi.pooling.programme.model import Action, Choice, Criterion, Programme, Silo

SHOWN = 20
"""faults told of one file; the rest is counted"""
NEEDS = {"u-shape": "q", "v-shape": "p", "level": "qp", "linear": "qp", "gaussian": "s"}
"""the thresholds of each shape"""


def read(content: bytes) -> Programme:
    """Raises `Invalid`, which names each thing wrong."""
    try:
        programme = msgspec.json.decode(content.removeprefix(b"\xef\xbb\xbf"), type=Programme)
    except msgspec.ValidationError as error:
        raise Invalid("programme", Text(f"programme : {error}", f"programme: {error}")) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Invalid("programme", Text(f"JSON illisible : {error}", f"unreadable JSON: {error}")) from error
    check(programme)
    return programme


def check(programme: Programme) -> None:
    """Raises `Invalid`."""
    faults = [*_names(programme), *_criteria(programme)]
    for number, action in enumerate(programme.actions):
        faults += [Fault(f"actions[{number}]{where}", text) for where, text in _action(programme, action)]
    faults += [*_members(programme), *_silos(programme), *_ties(programme), *_limits(programme), *_choices(programme)]
    if not faults and (cycle := _cycle(programme)):
        shown = " → ".join(cycle)
        faults.append(Fault("precedences", Text(f"se mordent la queue : {shown}", f"go round in a circle: {shown}")))
    if len(faults) > SHOWN:
        more = len(faults) - SHOWN
        faults = [*faults[:SHOWN], Fault("programme", Text(f"et {more} autres fautes", f"and {more} more faults"))]
    if faults:
        raise Invalid.of(faults)


def _names(programme: Programme) -> Iterator[Fault]:
    if not programme.actions:
        yield Fault("actions", Text("au moins une action attendue", "expected one action at least"))
    if programme.horizon < programme.quarters:
        yield Fault("valued_quarters", Text("au moins la durée du plan", "as many as `quarters` at least"))
    for field in ("actions", "criteria", "members", "silos", "setups"):
        counted = Counter(one.name for one in getattr(programme, field))
        for name, times in counted.items():
            if times > 1:
                yield Fault(field, Text(f"«\u00a0{name}\u00a0» nommé {times} fois", f"“{name}” named {times} times"))


def _criteria(programme: Programme) -> Iterator[Fault]:
    for number, one in enumerate(programme.criteria):
        if (text := _thresholds(one)) is not None:
            yield Fault(f"criteria[{number}]", text)
    if programme.criteria and not sum(one.weight for one in programme.criteria):
        yield Fault("criteria", Text("tous les poids sont nuls", "every weight is 0"))


def _thresholds(one: Criterion) -> Text | None:
    needed = NEEDS.get(one.preference, "")
    if one.preference == "level" and one.q >= one.p:
        return Text("«\u00a0level\u00a0» : q doit être sous p", "level: q has to be under p")
    if one.preference == "linear" and one.q >= one.p:
        return Text("«\u00a0linear\u00a0» : q doit être sous p", "linear: q has to be under p")
    missing = [name for name in needed if name != "q" and not getattr(one, name)]
    if missing:
        told = ", ".join(missing)
        return Text(f"seuil {told} attendu, au-dessus de 0", f"expected threshold {told}, above 0")
    return None


def _members(programme: Programme) -> Iterator[Fault]:
    known = {one.name for one in programme.criteria}
    for number, member in enumerate(programme.members):
        where = f"members[{number}].weights"
        yield from _unknown(where, member.weights, known, Text("critère", "criterion"))
        if known and not sum(member.weights.get(one.name, one.weight) for one in programme.criteria):
            yield Fault(where, Text("tous les poids sont nuls", "every weight is 0"))


def _action(programme: Programme, action: Action) -> Iterator[Fault]:
    criteria = {one.name for one in programme.criteria}
    skills = {one.skill for one in programme.staff}
    members = {one.name for one in programme.members}
    yield from _unknown(".scores", action.scores, criteria, Text("critère", "criterion"))
    for name in sorted(criteria - set(action.scores)):
        yield Fault(".scores", Text(f"pas de note pour «\u00a0{name}\u00a0»", f"no score for “{name}”"))
    for field in ("staff", "running_staff"):
        yield from _unknown(f".{field}", getattr(action, field), skills, Text("compétence", "skill"))
    for field in ("benefits", "shares"):
        yield from _unknown(f".{field}", getattr(action, field), members, Text("membre", "member"))
    yield from _unknown(
        ".replaces", action.replaces, {one.name for one in programme.silos}, Text("contrat", "contract")
    )
    if action.shares and not sum(action.shares.values()):
        yield Fault(".shares", Text("toutes les parts sont nulles", "every share is 0"))
    lists = [("cost", action.cost), *((f"staff.{skill}", told) for skill, told in action.staff.items())]
    for field, told in lists:
        if isinstance(told, list) and len(told) > action.quarters:
            yield Fault(f".{field}", Text("plus long que le travail", "longer than the work"))
    if len(set(action.replaces)) < len(action.replaces):
        yield Fault(".replaces", Text("un contrat nommé deux fois", "a contract named twice"))
    granted = sum(one.amount + one.rate / 100 * sum(action.spending) for one in action.subsidies)
    if granted > sum(action.spending) * (1 + 1e-9):
        yield Fault(".subsidies", Text("dépassent le coût de l'action", "exceed the cost of the action"))


def _silos(programme: Programme) -> Iterator[Fault]:
    members = {one.name for one in programme.members}
    for number, silo in enumerate(programme.silos):
        yield from _unknown(f"silos[{number}].member", [silo.member], members, Text("membre", "member"))
        if not _rising(silo):
            yield Fault(f"silos[{number}].exits", Text("dates croissantes attendues", "expected dates that rise"))
    replaced: dict[str, list[str]] = {}
    for action in programme.actions:
        for name in action.replaces:
            replaced.setdefault(name, []).append(action.name)
    for name, actions in replaced.items():
        if len(actions) > 1 and not any(set(actions) <= set(one.actions) for one in programme.alternatives):
            told = ", ".join(actions)
            yield Fault(
                "silos",
                Text(
                    f"«\u00a0{name}\u00a0» est remplacé par {told} : les dire «\u00a0alternatives\u00a0»",
                    f"“{name}” is replaced by {told}: say that they are `alternatives`",
                ),
            )


def _rising(silo: Silo) -> bool:
    days = [exit_.since for exit_ in silo.exits]
    return days == sorted(set(days))


def _ties(programme: Programme) -> Iterator[Fault]:
    known, action = set(programme.number), Text("action", "action")
    members = {one.name for one in programme.members}
    for field in ("setups", "synergies", "alternatives"):
        for number, one in enumerate(getattr(programme, field)):
            where = f"{field}[{number}].actions"
            yield from _unknown(where, one.actions, known, action)
            if len(set(one.actions)) < len(one.actions):
                yield Fault(where, Text("une action nommée deux fois", "an action named twice"))
    for number, one in enumerate(programme.synergies):
        where = f"synergies[{number}].shares"
        yield from _unknown(where, one.shares, members, Text("membre", "member"))
        if one.shares and not sum(one.shares.values()):
            yield Fault(where, Text("toutes les parts sont nulles", "every share is 0"))
    for number, one in enumerate(programme.precedences):
        yield from _unknown(f"precedences[{number}]", [one.before, one.after], known, action)


def _limits(programme: Programme) -> Iterator[Fault]:
    years = Counter(one.year for one in programme.budgets)
    skills = Counter(one.skill for one in programme.staff)
    for field, counted in (("budgets", years), ("staff", skills)):
        for name, times in counted.items():
            if times > 1:
                yield Fault(field, Text(f"{name} : dit {times} fois", f"{name}: told {times} times"))
    planned = {programme.calendar.year(quarter) for quarter in range(programme.quarters)}
    for year in sorted(set(years) - planned):
        yield Fault("budgets", Text(f"{year} : hors du plan", f"{year}: outside the plan"))
    if years and (lacking := sorted(planned - set(years))):
        told = ", ".join(str(year) for year in lacking)
        yield Fault("budgets", Text(f"pas de budget pour {told}", f"no budget for {told}"))
    for number, one in enumerate(programme.staff):
        if isinstance(one.months, list) and len(one.months) != programme.quarters:
            yield Fault(f"staff[{number}].months", Text("un nombre par trimestre", "expected one number a quarter"))


def _choices(programme: Programme) -> Iterator[Fault]:
    for field in ("pins", "forbids"):
        for number, one in enumerate(getattr(programme, field)):
            yield from choice_faults(programme, one, f"{field}[{number}]")


def choice_faults(programme: Programme, one: Choice, where: str) -> Iterator[Fault]:
    yield from _unknown(f"{where}.action", [one.action], set(programme.number), Text("action", "action"))
    if one.start is not None and not 0 <= programme.calendar.number(one.start) < programme.quarters:
        yield Fault(f"{where}.start", Text(f"{one.start} : hors du plan", f"{one.start}: outside the plan"))


def _unknown(where: str, told: Iterable[str], known: Collection[str], noun: Text) -> Iterator[Fault]:
    for name in told:
        if name not in known:
            yield Fault(where, Text(f"{noun.fr} inconnu(e) : «\u00a0{name}\u00a0»", f"unknown {noun.en}: “{name}”"))


def _cycle(programme: Programme) -> Sequence[str]:
    """The actions of a circle of precedences, the first again at the end; none without one. Actions that wait for none
    are taken away until none is left, or every one left waits for another left."""
    waits: dict[str, set[str]] = {}
    for one in programme.precedences:
        waits.setdefault(one.after, set()).add(one.before)
    while free := [name for name, before in waits.items() if not any(one in waits for one in before)]:
        for name in free:
            del waits[name]
    if not waits:
        return ()
    trail = [next(iter(waits))]
    while True:
        trail.append(min(one for one in waits[trail[-1]] if one in waits))
        if trail[-1] in trail[:-1]:
            return trail[trail.index(trail[-1]) :][::-1]
