"""A plan on paper, for a council that decides."""

from datetime import date

from beffroi.errors import Language, Text
from beffroi.pooling.paper import typesetting
from beffroi.pooling.paper.typesetting import Calendar, Paragraph, Picture, Report, Row
from beffroi.pooling.programme import calendar, drawings, report
from beffroi.pooling.programme.model import Programme
from beffroi.pooling.programme.plan import Plan
from beffroi.pooling.programme.report import SECTIONS, Drawing, Part, Points, Table
from beffroi.pooling.programme.said import day, euros, quarter
from beffroi.pooling.programme.words import HEADINGS, summary

DONE = Text("Ce qui serait fait", "What would be done")
COMPUTED = Text("Plan calculé le {}.", "Plan computed on {}.")
EXAMPLE = Text("Exemple : {}", "Example: {}")


def council(
    programme: Programme, plan: Plan, language: Language, *, computed: date | None = None, example: str = ""
) -> bytes:
    """As a PDF. `example`: what is said of it where figures are invented."""
    about = [EXAMPLE.said(language).format(example)] if example else []
    about += [programme.note] if programme.note else []
    about += [COMPUTED.said(language).format(day(computed, language))] if computed else []
    sections = [typesetting.Section(DONE.said(language), [_actions(plan, language)])] if plan.actions else []
    for one in report.sections(plan, language):
        title = SECTIONS[one.name].said(language) if one.name else ""
        parts = [told for part in one.parts for told in _parts(part, plan, language)]
        sections.append(typesetting.Section(title, parts))
    return typesetting.pdf(Report(language, programme.name, summary(plan, language), about, sections))


def _actions(plan: Plan, language: Language) -> typesetting.Table:
    columns = [HEADINGS[name].said(language) for name in ("action", "start", "in_service", "cost")]
    rows = [
        [one.action, quarter(one.start, language), quarter(one.in_service, language), euros(one.cost, language)]
        for one in plan.actions
    ]
    return typesetting.Table(columns, rows)


def _parts(part: Part, plan: Plan, language: Language) -> list[typesetting.Part]:
    match part:
        case Table():
            total = None if part.total is None else [*part.total]
            return [typesetting.Table([*part.columns], [[*row] for row in part.rows], part.words, total, part.caption)]
        case Points():
            return [typesetting.Points([*part.lines])]
        case Drawing("calendar"):
            return [_calendar(plan, language)]
        case Drawing():
            drawn = drawings.curve_alone(plan.cash, plan.quarters, language)
            return [Picture(drawn, drawings.said(plan.cash, language)), Paragraph(drawings.strokes(language))]
        case _:
            return [Paragraph(part)]


def _calendar(plan: Plan, language: Language) -> Calendar:
    planned = calendar.Calendar.beginning(plan.start)
    names = [planned.name(one) for one in range(plan.quarters)]
    years = [name[:4] for name in names]
    letter = Text("T", "Q").said(language)
    groups = [
        (
            service or drawings.OTHERS.said(language),
            [
                Row(one.action, planned.number(one.start), planned.number(one.in_service))
                for one in plan.actions
                if one.service == service
            ],
        )
        for service in dict.fromkeys(one.service for one in plan.actions)
    ]
    return Calendar(
        head=HEADINGS["action"].said(language),
        years=[(year, years.count(year)) for year in dict.fromkeys(years)],
        quarters=[letter + name[-1] for name in names],
        groups=groups,
        work=drawings.WORK.said(language),
        running=drawings.SERVICE.said(language),
    )
