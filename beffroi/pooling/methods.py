"""The methods of the field, by name."""

from collections.abc import Callable
from dataclasses import dataclass

from beffroi.errors import NotFound, Text
from beffroi.pooling import nucleolus, shares
from beffroi.pooling.coalitions import Floats
from beffroi.pooling.games import Game
from beffroi.pooling.least_core import least_core


@dataclass(frozen=True)
class Method:
    name: str
    title: Text
    share: Callable[[Game], Floats]


METHODS = {
    method.name: method
    for method in (
        Method(
            "proportional-standalone",
            Text("au prorata de ce que chacun paierait seul", "in proportion to what each would pay alone"),
            shares.proportional_standalone,
        ),
        Method(
            "scrb",
            Text("coûts séparables, bénéfices restants", "separable costs, remaining benefits"),
            shares.separable_costs_remaining_benefits,
        ),
        Method(
            "equal-nonseparable",
            Text("coûts séparables, le reste à parts égales", "separable costs, the rest in equal parts"),
            shares.equal_nonseparable,
        ),
        Method(
            "equal-remaining-gains",
            Text("le même gain pour chacun", "the same gain for each"),
            shares.equal_remaining_gains,
        ),
        Method("shapley", Text("valeur de Shapley", "Shapley value"), shares.shapley),
        Method("nucleolus", Text("nucléole", "nucleolus"), nucleolus.nucleolus),
        Method("nucleolus-per-capita", Text("nucléole par tête", "per-capita nucleolus"), nucleolus.per_capita),
        Method(
            "nucleolus-proportional", Text("nucléole proportionnel", "proportional nucleolus"), nucleolus.proportional
        ),
        Method(
            "least-core",
            Text(
                "moindre cœur, au plus près du prorata des coûts seuls",
                "least core, nearest the proportion of stand-alone costs",
            ),
            least_core,
        ),
    )
}


def method(name: str) -> Method:
    if name not in METHODS:
        raise NotFound(Text(f"méthode ({', '.join(METHODS)})", f"method ({', '.join(METHODS)})"), name)
    return METHODS[name]
