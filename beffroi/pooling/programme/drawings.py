"""The pictures of the page: quarters of each action in a table that is read as one, and the curve of cash in SVG."""

from collections.abc import Sequence
from html import escape
from itertools import accumulate

from beffroi.errors import Language, Text
from beffroi.pooling.programme.accounts import Quarter
from beffroi.pooling.programme.calendar import Calendar
from beffroi.pooling.programme.plan import Plan, Planned
from beffroi.pooling.programme.said import euros, quarter

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 96, 16, 24, 40
WORK = Text("travaux", "work")
SERVICE = Text("en service", "in service")
TOLD = Text("trésorerie", "cash"), Text("trésorerie et avantages estimés", "cash and estimated benefits")
PAPER = (
    ".line{fill:none;stroke:#0a4f7d;stroke-width:3}.worth{stroke-dasharray:9 6}.grid{stroke:#c5ccd3}"
    ".end{stroke:#3a4452;stroke-dasharray:3 4}text{font:13px 'Atkinson Hyperlegible Next';fill:#3a4452}"
)
OTHERS = Text("sans service nommé", "no service named")


def gantt(plan: Plan, language: Language) -> str:
    """By service: a row an action, a column a quarter, each cell said in words too."""
    calendar = Calendar.beginning(plan.start)
    names = [calendar.name(one) for one in range(plan.quarters)]
    years = "".join(
        f'<th scope="colgroup" colspan="{sum(name.startswith(year) for name in names)}">{year}</th>'
        for year in dict.fromkeys(name[:4] for name in names)
    )
    quarters = "".join(
        f'<th scope="col"><abbr title="{quarter(name, language)}">{_letter(language)}{name[-1]}</abbr></th>'
        for name in names
    )
    body = ""
    for service in dict.fromkeys(one.service for one in plan.actions):
        title = escape(service or OTHERS.said(language))
        body += f'<tbody><tr class="service"><th scope="rowgroup" colspan="{plan.quarters + 1}">{title}</th></tr>'
        body += "".join(_bar(one, calendar, plan.quarters, language) for one in plan.actions if one.service == service)
        body += "</tbody>"
    head = Text("action", "action").said(language)
    return (
        f'<table class="gantt"><caption>{_legend(language)}</caption><thead><tr><td class="none"></td>{years}</tr>'
        f'<tr><th scope="col" class="head">{head}</th>{quarters}</tr></thead>{body}</table>'
    )


def _letter(language: Language) -> str:
    return "T" if language == "fr" else "Q"


def _legend(language: Language) -> str:
    return (
        f'<span class="work key" aria-hidden="true"></span> {WORK.said(language)} '
        f'<span class="running key" aria-hidden="true"></span> {SERVICE.said(language)}'
    )


def _bar(one: Planned, calendar: Calendar, quarters: int, language: Language) -> str:
    start, service = calendar.number(one.start), calendar.number(one.in_service)
    cells = ""
    for number in range(quarters):
        if number < start:
            cells += "<td></td>"
        else:
            kind, said = ("work", WORK) if number < service else ("running", SERVICE)
            cells += f'<td class="{kind}"><span class="hidden">{said.said(language)}</span></td>'
    return f'<tr><th scope="row">{escape(one.action)}</th>{cells}</tr>'


def curve(cash: Sequence[Quarter], planned: int, language: Language) -> str:
    """Cash since the beginning, and with benefits counted; `planned` quarters are of the plan."""
    return (
        f'<figure><svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="curve-said">'
        f'<title id="curve-said">{escape(said(cash, language))}</title>{_curve(cash, planned, language)}</svg>'
        f"<figcaption>{_strokes(language)}</figcaption></figure>"
    )


def curve_alone(cash: Sequence[Quarter], planned: int, language: Language) -> str:
    """The same as a file of its own, with its colours."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}"><style>{PAPER}</style>'
        f"{_curve(cash, planned, language)}</svg>"
    )


def strokes(language: Language) -> str:
    """Which line is which, in words."""
    cash, worth = (one.said(language) for one in TOLD)
    return Text(f"Trait plein\u00a0: {cash}. Tirets\u00a0: {worth}.", f"Solid: {cash}. Dashes: {worth}.").said(language)


def _curve(cash: Sequence[Quarter], planned: int, language: Language) -> str:
    lines = {"line": _since(cash, benefits=False), "line worth": _since(cash, benefits=True)}
    low, high = (edge(0.0, *(edge(points) for points in lines.values())) for edge in (min, max))
    span = (high - low) or 1.0

    def x(number: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * number / max(len(cash), 1)

    def y(amount: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * (high - amount) / span

    drawn = "".join(
        f'<polyline class="{kind}" points="{" ".join(f"{x(at):.1f},{y(one):.1f}" for at, one in enumerate(points))}"/>'
        for kind, points in lines.items()
    )
    marks = "".join(
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y(amount):.1f}" y2="{y(amount):.1f}"/>'
        f'<text x="{LEFT - 8}" y="{y(amount) + 4:.1f}" text-anchor="end">{euros(amount, language)}</text>'
        for amount in sorted({low, 0.0, high})
    )
    years = "".join(
        f'<text x="{x(number):.1f}" y="{HEIGHT - 14}" text-anchor="middle">{one.quarter[:4]}</text>'
        for number, one in enumerate(cash)
        if one.quarter.endswith("Q1") and number % _every(len(cash)) == 0
    )
    end = Text("fin du plan", "end of the plan").said(language)
    return (
        f'{marks}{years}<line class="end" x1="{x(planned):.1f}" x2="{x(planned):.1f}" '
        f'y1="{TOP}" y2="{HEIGHT - BOTTOM}"/><text x="{x(planned):.1f}" y="{TOP - 8}" text-anchor="middle">{end}</text>'
        f"{drawn}"
    )


def _since(cash: Sequence[Quarter], *, benefits: bool) -> list[float]:
    """The beginning, and the end of each quarter."""
    amounts = (one.cash + (one.benefits if benefits else 0.0) for one in cash)
    return [0.0, *accumulate(amounts)]


def _strokes(language: Language) -> str:
    return " ".join(
        f'<svg class="stroke" viewBox="0 0 30 8" aria-hidden="true"><line class="{kind}" x2="30" y1="4" y2="4"/></svg> '
        f"{one.said(language)}"
        for kind, one in zip(("line", "line worth"), TOLD, strict=True)
    )


def _every(quarters: int) -> int:
    """Quarters between two years that are written, so that they do not touch."""
    return 4 * max(1, round(quarters / 48))


def said(cash: Sequence[Quarter], language: Language) -> str:
    """The curve in words."""
    lowest = min(cash, key=lambda one: one.cumulative)
    need = Text(
        f"Il faut avancer au plus {euros(-lowest.cumulative, 'fr')} ({quarter(lowest.quarter, 'fr')})",
        f"At most {euros(-lowest.cumulative, 'en')} has to be advanced ({quarter(lowest.quarter, 'en')})",
    )
    if lowest.cumulative >= 0:
        return Text("Il n'y a jamais rien à avancer.", "Nothing ever has to be advanced.").said(language)
    back = next((one for one in cash[cash.index(lowest) :] if one.cumulative >= 0), None)
    if back is None:
        last = quarter(cash[-1].quarter, language)
        later = Text(f"\u00a0; ce n'est pas rentré au {last}.", f"; it has not come back by {last}.")
    else:
        at = quarter(back.quarter, language)
        later = Text(f"\u00a0; tout est rentré au {at}.", f"; all has come back by {at}.")
    return need.said(language) + later.said(language)
