"""A plan as a page to print and to read aloud: plain HTML, without a script, in French or English."""

from collections.abc import Iterable, Sequence
from html import escape

from beffroi.errors import Language, Text
from beffroi.pooling.programme import drawings
from beffroi.pooling.programme.accounts import Quarter
from beffroi.pooling.programme.model import Programme
from beffroi.pooling.programme.plan import Plan
from beffroi.pooling.programme.ranked import Ranking
from beffroi.pooling.programme.said import day, euros, number, percent, quarter
from beffroi.pooling.programme.words import HEADINGS, between, pays, saved, summary

STYLE = """
:root { --ink: #1c2430; --soft: #4a5565; --paper: #fff; --rule: #c9d0d9; --band: #f2f4f7; --work: #e8d9b0;
  --edge: #7a5c12; --run: #0a4f7d; color-scheme: light dark }
@media (prefers-color-scheme: dark) { :root { --ink: #edf1f5; --soft: #b4bfcc; --paper: #12171e; --rule: #3d4855;
  --band: #1b222b; --work: #54451d; --edge: #d9b75a; --run: #5fb2e0 } }
@media print { :root { --ink: #000; --soft: #333; --paper: #fff; --rule: #999; --band: #f2f2f2; --work: #e8d9b0;
  --edge: #7a5c12; --run: #0a4f7d; color-scheme: light } section { break-inside: avoid-page } 
  .wide { overflow: visible } table { font-size: 8pt }
  body { padding: 0 } .gantt td { min-width: 0 } .gantt th[scope=row] { min-width: 0 } }
* { box-sizing: border-box }
body { font: 1rem/1.5 "Atkinson Hyperlegible Next", system-ui, sans-serif; color: var(--ink); background: var(--paper);
  margin: 0 auto; max-width: 62rem; padding: 1.5rem 1rem; print-color-adjust: exact }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 .5rem } h2 { font-size: 1.2rem; margin: 2.2rem 0 .4rem }
p { max-width: 42rem; margin: .4rem 0 } .answer { font-size: 1.15rem } .soft, caption { color: var(--soft) }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100%; font-size: .92rem }
caption { text-align: left; padding: .3rem 0 } abbr { text-decoration: none }
th, td { border-bottom: 1px solid var(--rule); padding: .3rem .5rem; text-align: left; vertical-align: top }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
tbody th { font-weight: 400 } tfoot th, tfoot td, .service th { font-weight: 650 } thead th { font-weight: 650 }
.gantt th[scope=col], .gantt th[scope=colgroup] { text-align: center; padding: .2rem } .gantt td { border: 1px solid
  var(--rule); padding: 0; min-width: 1.7rem } .service th { background: var(--band) } .gantt th[scope=row] {
  min-width: 12rem } .gantt th[scope=colgroup] { border-left: 2px solid var(--rule) }
.work { background: repeating-linear-gradient(45deg, var(--work) 0 5px, var(--edge) 5px 7px) } .running { background:
  var(--run) } .key { display: inline-block; width: 1.6rem; height: .9rem; margin-left: .8rem }
.gantt .none { border: 0 } .gantt th.head { text-align: left; padding-left: .5rem }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
td { position: relative } svg { width: 100%; height: auto; font: 12px system-ui, sans-serif } svg text { fill:
  var(--ink) } .grid { stroke: var(--rule) } .end { stroke: var(--edge); stroke-dasharray: 4 4 } .line { fill: none;
  stroke: var(--run); stroke-width: 2.5 } .worth { stroke: var(--edge); stroke-dasharray: 8 4 } figure { margin: 0 }
.stroke { width: 1.9rem; height: .5rem; margin-left: .6rem } figcaption { font-size: .92rem; color: var(--soft) }
.dense { font-size: .8rem } .dense th, .dense td { padding: .25rem .3rem } @media (max-width: 40rem) {
  .gantt th[scope=row] { min-width: 9rem } } :focus-visible { outline: 3px solid var(--run); outline-offset: 2px }
"""
MANY = 8
"""columns, more of which are set in small type"""
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


def page(programme: Programme, plan: Plan, language: Language) -> str:
    heading = escape(programme.name)
    note = f'<p class="soft">{escape(programme.note)}</p>' if programme.note else ""
    body = "".join(_sections(plan, language))
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{heading}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{heading}</h1>{note}"
        f'<p class="answer">{escape(summary(plan, language))}</p>{body}</main></body></html>\n'
    )


def _sections(plan: Plan, language: Language) -> Iterable[str]:
    if plan.clashes:
        listed = "".join(f"<li>{escape(getattr(one.why, language))}</li>" for one in plan.clashes)
        yield _section("clashes", f"<ul>{listed}</ul>", language)
    if plan.warnings and plan.value is not None:
        yield "".join(f"<p>{escape(getattr(one, language)).capitalize()}.</p>" for one in plan.warnings)
    if plan.actions:
        yield _section("calendar", _wide(drawings.gantt(plan, language), "calendar", language), language)
    if plan.members:
        yield _section("members", _members(plan, language), language)
    if plan.cash:
        drawn = drawings.curve(plan.cash, plan.quarters, language)
        said = f"<p>{escape(drawings.said(plan.cash, language))}</p>"
        yield _section("cash", said + drawn + _cash(plan.cash, language), language)
    yield from _limits(plan, language)
    yield from _choices(plan, language)
    if plan.ranking is not None:
        yield from _ranking(plan.ranking, language)
    yield _section("method", _method(plan, language), language)


def _limits(plan: Plan, language: Language) -> Iterable[str]:
    if plan.budgets:
        rows = [
            [str(one.year), *(euros(each, language) for each in (one.budget, one.carried, one.spent, one.left))]
            for one in plan.budgets
        ]
        yield _section("budgets", _table(("year", "budget", "carried", "spent", "left"), rows, language), language)
    if plan.staff and plan.actions:
        yield _section("staff", _staff(plan, language), language)
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
        yield _section("contracts", _table(columns, rows, language, words=4), language)


def _choices(plan: Plan, language: Language) -> Iterable[str]:
    if plan.prices:
        rows = [[", ".join(one.choices), euros(one.known, language), between(one, language)] for one in plan.prices]
        yield _section("prices", _table(("choice", "price", "between"), rows, language), language)
    if plan.left_out:
        rows = [[one.action, getattr(one.why, language)] for one in plan.left_out]
        yield _section("left_out", _table(("left_out", "why"), rows, language, words=2), language)


def _members(plan: Plan, language: Language) -> str:
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


def _cash(cash: Sequence[Quarter], language: Language) -> str:
    columns = ("works", "setups", "running", "subsidies", "penalties", "saved", "cash", "benefits")
    rows = []
    for year in dict.fromkeys(one.quarter[:4] for one in cash):
        quarters = [one for one in cash if one.quarter.startswith(year)]
        sums = [sum(getattr(one, name) for one in quarters) for name in columns]
        sums.insert(-1, quarters[-1].cumulative)
        rows.append([year, *(euros(amount, language) for amount in sums)])
    return _table(("year", *columns[:-1], "cumulative", columns[-1]), rows, language)


def _staff(plan: Plan, language: Language) -> str:
    """A row a quarter, a column a skill."""
    caption = Text("mois d'agents pris, sur ceux qu'il y a", "months of staff taken, of those there are").said(language)
    head = "".join(f'<th scope="col" class="n">{escape(one.skill)}</th>' for one in plan.staff)
    body = ""
    for at, name in enumerate(one.quarter for one in plan.cash[: plan.quarters]):
        cells = "".join(
            f'<td class="n">{_months(one.used[at], language)} / {_months(one.available[at], language)}</td>'
            for one in plan.staff
        )
        body += f'<tr><th scope="row">{quarter(name, language)}</th>{cells}</tr>'
    table = (
        f'<table><caption>{caption}</caption><thead><tr><th scope="col">{HEADINGS["quarter"].said(language)}</th>{head}'
        f"</tr></thead><tbody>{body}</tbody></table>"
    )
    return _wide(table, "staff", language)


def _months(amount: float, language: Language) -> str:
    told = f"{amount:.1f}".removesuffix(".0")
    return told.replace(".", ",") if language == "fr" else told


def _ranking(ranking: Ranking, language: Language) -> Iterable[str]:
    rows = [
        [one.action, str(one.place), *(_signed(each, language) for each in (one.net, one.leaving, one.entering))]
        for one in ranking.actions
    ]
    yield _section("ranking", _table(("action", "place", "net", "leaving", "entering"), rows, language), language)
    rows = [
        [one.criterion, percent(one.weight, language)]
        + [f"{percent(low, language)} – {percent(high, language)}" for low, high in (one.same_first, one.same_order)]
        for one in ranking.weights
    ]
    yield _section("weights", _table(("criterion", "weight", "same_first", "same_order"), rows, language), language)
    if len(ranking.opinions) > 1:
        rows = [
            [_shown(one.members, language), ", ".join(one.order[:3]), _signed(one.agreement, language)]
            for one in ranking.opinions
        ]
        table = _table(("member", "first_actions", "agreement"), rows, language, words=2)
        yield _section("opinions", table, language)


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
    return f"<p>{told.said(language)}</p>"


def _section(name: str, content: str, language: Language) -> str:
    return f'<section><h2 id="{name}">{SECTIONS[name].said(language)}</h2>{content}</section>'


def _wide(content: str, name: str, language: Language) -> str:
    """Scrolled by itself on a narrow screen, by keyboard too."""
    label = SECTIONS[name].said(language)
    return f'<div class="wide" role="region" aria-label="{label}" tabindex="0">{content}</div>'


def _table(
    columns: Sequence[str], rows: Iterable[Cells], language: Language, *, words: int = 1, total: Cells | None = None
) -> str:
    """The first `words` columns are words, the others numbers; the first is that of its row."""

    def row(cells: Cells) -> str:
        first, *others = (escape(cell) for cell in cells)
        told = "".join(
            f"<td{'' if position < words else ' class=n'}>{cell}</td>" for position, cell in enumerate(others, start=1)
        )
        return f'<tr><th scope="row">{first}</th>{told}</tr>'

    head = "".join(
        f'<th scope="col"{"" if position < words else " class=n"}>{HEADINGS[name].said(language)}</th>'
        for position, name in enumerate(columns)
    )
    foot = "" if total is None else f"<tfoot>{row(total)}</tfoot>"
    dense = ' class="dense"' if len(columns) > MANY else ""
    table = f"<table{dense}><thead><tr>{head}</tr></thead><tbody>{''.join(map(row, rows))}</tbody>{foot}</table>"
    label = ", ".join(HEADINGS[name].said(language) for name in columns)
    return f'<div class="wide" role="region" aria-label="{label}" tabindex="0">{table}</div>'
