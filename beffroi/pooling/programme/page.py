"""A plan as a page to print and to read aloud: plain HTML, without a script, in French or English."""

from html import escape

from beffroi.errors import Language
from beffroi.pooling.programme import drawings
from beffroi.pooling.programme.model import Programme
from beffroi.pooling.programme.plan import Plan
from beffroi.pooling.programme.report import SECTIONS, Cells, Drawing, Part, Points, Section, Table, sections
from beffroi.pooling.programme.words import summary

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


def page(programme: Programme, plan: Plan, language: Language) -> str:
    heading = escape(programme.name)
    note = f'<p class="soft">{escape(programme.note)}</p>' if programme.note else ""
    body = "".join(_section(one, plan, language) for one in sections(plan, language))
    return (
        f'<!doctype html>\n<html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{heading}</title>'
        f"<style>{STYLE}</style></head><body><main><h1>{heading}</h1>{note}"
        f'<p class="answer">{escape(summary(plan, language))}</p>{body}</main></body></html>\n'
    )


def _section(one: Section, plan: Plan, language: Language) -> str:
    content = "".join(_part(part, plan, language) for part in one.parts)
    if not one.name:
        return content
    return f'<section><h2 id="{one.name}">{SECTIONS[one.name].said(language)}</h2>{content}</section>'


def _part(part: Part, plan: Plan, language: Language) -> str:
    match part:
        case Table():
            return _table(part)
        case Points():
            return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in part.lines)}</ul>"
        case Drawing("calendar"):
            return _wide(drawings.gantt(plan, language), SECTIONS["calendar"].said(language))
        case Drawing():
            return drawings.curve(plan.cash, plan.quarters, language)
        case _:
            return f"<p>{escape(part)}</p>"


def _wide(content: str, label: str) -> str:
    """Scrolled by itself on a narrow screen, by keyboard too."""
    return f'<div class="wide" role="region" aria-label="{escape(label)}" tabindex="0">{content}</div>'


def _table(told: Table) -> str:
    def row(cells: Cells) -> str:
        first, *others = (escape(cell) for cell in cells)
        said = "".join(
            f"<td{'' if position < told.words else ' class=n'}>{cell}</td>"
            for position, cell in enumerate(others, start=1)
        )
        return f'<tr><th scope="row">{first}</th>{said}</tr>'

    head = "".join(
        f'<th scope="col"{"" if position < told.words else " class=n"}>{escape(name)}</th>'
        for position, name in enumerate(told.columns)
    )
    caption = f"<caption>{escape(told.caption)}</caption>" if told.caption else ""
    foot = "" if told.total is None else f"<tfoot>{row(told.total)}</tfoot>"
    dense = ' class="dense"' if len(told.columns) > MANY else ""
    body = "".join(map(row, told.rows))
    table = f"<table{dense}>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody>{foot}</table>"
    return _wide(table, told.caption or ", ".join(told.columns))
