"""What a plan says, part by part: for a page that is read on a screen, and for one on paper."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from beffroi.errors import Language, Text
from beffroi.pooling.programme import drawings
from beffroi.pooling.programme.accounts import Quarter
from beffroi.pooling.programme.plan import Plan
from beffroi.pooling.programme.ranked import Ranking
from beffroi.pooling.programme.said import day, euros, number, percent, quarter
from beffroi.pooling.programme.words import HEADINGS, between, pays, saved

SECTIONS = {
    "clashes": Text("Ce qui ne peut pas tenir ensemble", "What cannot hold together"),
    "calendar": Text("Le calendrier, par service", "The calendar, by service"),
    "members": Text("Qui paie, qui gagne", "Who pays, who gains"),
    "cash": Text("La trésorerie", "Cash"),
    "budgets": Text("Les budgets", "Budgets"),
    "staff": Text("Les agents", "Staff"),
    "contracts": Text("Les contrats remplacés", "Contracts that are replaced"),
    "prices": Text("Ce que coûtent les choix", "What choices cost"),
    "left_out": Text("Ce qui n'est pas retenu, et pourquoi", "What is left out, and why"),
    "ranking": Text("Le classement", "The ranking"),
    "weights": Text("Les poids, et jusqu'où l'ordre tient", "Weights, and how far the order holds"),
    "opinions": Text("Ce que chacun classe", "How each ranks"),
    "method": Text("Comment c'est calculé", "How it is computed"),
}
Cells = Sequence[str]


class Table(NamedTuple):
    """The first `words` columns are words, the others numbers; the first is that of its row."""

    columns: Cells
    rows: Sequence[Cells]
    words: int = 1
    total: Cells | None = None
    caption: str = ""


class Points(NamedTuple):
    lines: Cells


class Drawing(NamedTuple):
    """The calendar, or the curve of cash."""

    name: Literal["calendar", "cash"]


Part = str | Table | Points | Drawing
"""a text is a paragraph"""


class Section(NamedTuple):
    """`name` is empty where there is no heading."""

    name: str
    parts: Sequence[Part]


def sections(plan: Plan, language: Language) -> Iterator[Section]:
    if plan.clashes:
        yield Section("clashes", [Points([str(getattr(one.why, language)) for one in plan.clashes])])
    if plan.warnings and plan.value is not None:
        yield Section("", [f"{getattr(one, language)}".capitalize() + "." for one in plan.warnings])
    if plan.actions:
        yield Section("calendar", [Drawing("calendar")])
    if plan.members:
        yield Section("members", [_members(plan, language)])
    if plan.cash:
        said = drawings.said(plan.cash, language)
        yield Section("cash", [said, Drawing("cash"), _cash(plan.cash, language)])
    yield from _limits(plan, language)
    yield from _choices(plan, language)
    if plan.ranking is not None:
        yield from _ranking(plan.ranking, language)
    yield Section("method", [_method(plan, language)])


def _table(
    columns: Sequence[str], rows: Sequence[Cells], language: Language, *, words: int = 1, total: Cells | None = None
) -> Table:
    return Table([HEADINGS[name].said(language) for name in columns], rows, words, total)


def _limits(plan: Plan, language: Language) -> Iterator[Section]:
    if plan.budgets:
        rows = [
            [str(one.year), *(euros(each, language) for each in (one.budget, one.carried, one.spent, one.left))]
            for one in plan.budgets
        ]
        yield Section("budgets", [_table(("year", "budget", "carried", "spent", "left"), rows, language)])
    if plan.staff and plan.actions:
        yield Section("staff", [_staff(plan, language)])
    replaced = [one for one in plan.contracts if one.replaced_by is not None]
    if replaced:
        rows = [
            [
                one.contract,
                one.member,
                day(one.ends, language),
                "\u2014" if one.left is None else quarter(one.left, language),
                *(euros(amount, language) for amount in (one.penalty, one.saved)),
            ]
            for one in replaced
        ]
        columns = ("contract", "member", "ends", "leaves", "penalty", "saved")
        yield Section("contracts", [_table(columns, rows, language, words=4)])


def _choices(plan: Plan, language: Language) -> Iterator[Section]:
    if plan.prices:
        rows = [[", ".join(one.choices), euros(one.known, language), between(one, language)] for one in plan.prices]
        yield Section("prices", [_table(("choice", "price", "between"), rows, language)])
    if plan.left_out:
        rows = [[one.action, getattr(one.why, language)] for one in plan.left_out]
        yield Section("left_out", [_table(("left_out", "why"), rows, language, words=2)])


def _members(plan: Plan, language: Language) -> Table:
    def cells(amounts: Iterable[float]) -> list[str]:
        return [euros(one, language) for one in amounts]

    told = [
        (one.member, (pays(one.paid), saved(one.paid), one.paid.benefits, one.paid.gain, one.discounted.gain))
        for one in plan.members
    ]
    whole = [sum(column) for column in zip(*(amounts for _, amounts in told), strict=True)]
    rows = [[name, *cells(amounts)] for name, amounts in told]
    total = [Text("ensemble", "together").said(language), *cells(whole)]
    return _table(("member", "pays", "saved", "benefits", "gain", "discounted"), rows, language, total=total)


def _cash(cash: Sequence[Quarter], language: Language) -> Table:
    columns = ("works", "setups", "running", "subsidies", "penalties", "saved", "cash", "benefits")
    rows = []
    for year in dict.fromkeys(one.quarter[:4] for one in cash):
        quarters = [one for one in cash if one.quarter.startswith(year)]
        sums = [sum(getattr(one, name) for one in quarters) for name in columns]
        sums.insert(-1, quarters[-1].cumulative)
        rows.append([year, *(euros(amount, language) for amount in sums)])
    return _table(("year", *columns[:-1], "cumulative", columns[-1]), rows, language)


def _staff(plan: Plan, language: Language) -> Table:
    """A row a quarter, a column a skill."""
    rows = []
    for at, one in enumerate(plan.cash[: plan.quarters]):
        taken = (f"{_months(each.used[at], language)} / {_months(each.available[at], language)}" for each in plan.staff)
        rows.append([quarter(one.quarter, language), *taken])
    caption = Text("mois d'agents pris, sur ceux qu'il y a", "months of staff taken, of those there are")
    columns = [HEADINGS["quarter"].said(language), *(one.skill for one in plan.staff)]
    return Table(columns, rows, caption=caption.said(language))


def _months(amount: float, language: Language) -> str:
    told = f"{amount:.1f}".removesuffix(".0")
    return told.replace(".", ",") if language == "fr" else told


def _ranking(ranking: Ranking, language: Language) -> Iterator[Section]:
    rows = [
        [one.action, str(one.place), *(_signed(each, language) for each in (one.net, one.leaving, one.entering))]
        for one in ranking.actions
    ]
    yield Section("ranking", [_table(("action", "place", "net", "leaving", "entering"), rows, language)])
    rows = [
        [one.criterion, percent(one.weight, language)]
        + [f"{percent(low, language)} – {percent(high, language)}" for low, high in (one.same_first, one.same_order)]
        for one in ranking.weights
    ]
    yield Section("weights", [_table(("criterion", "weight", "same_first", "same_order"), rows, language)])
    if len(ranking.opinions) > 1:
        rows = [
            [_shown(one.members, language), ", ".join(one.order[:3]), _signed(one.agreement, language)]
            for one in ranking.opinions
        ]
        table = _table(("member", "first_actions", "agreement"), rows, language, words=2)
        yield Section("opinions", [table])


def _shown(names: Sequence[str], language: Language) -> str:
    more = len(names) - 3
    rest = Text(f" et {more} autres", f" and {more} more").said(language) if more > 0 else ""
    return ", ".join(names[:3]) + rest


def _signed(value: float, language: Language) -> str:
    told = f"{value:+.3f}".replace("-", "\u2212")
    return told.replace(".", ",") if language == "fr" else told


def _method(plan: Plan, language: Language) -> str:
    rate, worth = number(plan.discount_rate, language), euros(plan.score_weight, language)
    if plan.discount_rate % 1:
        rate = f"{plan.discount_rate:g}".replace(".", "," if language == "fr" else ".")
    told = Text(
        f"Le plan rend la plus grande la valeur nette actualisée ({rate}\u00a0% par an, sur {plan.valued_quarters} "
        f"trimestres) plus le classement, un point de flux net valant {worth}. Les contrats sont quittés au moment "
        "qui coûte le moins. Les avantages sont des estimations du programme, non de la trésorerie.",
        f"The plan makes greatest the net present value ({rate}% a year, over {plan.valued_quarters} quarters) and the "
        f"ranking, one point of net flow being worth {worth}. Contracts are left when that costs least. Benefits are "
        "estimates of the programme, not cash.",
    )
    return told.said(language)
