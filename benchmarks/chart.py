"""The chart of what is measured: bars on a logarithmic scale of how many times better than asked, in SVG.

It has its own background in either theme, says each figure in words, and tells nothing by colour alone.
"""

import math
from collections.abc import Sequence
from html import escape

from benchmarks.figures import Figure, said

WIDTH = 860
LEFT, RIGHT = 230, 750
"""where the scale begins and ends, room for figures beyond"""
TOP = 86
TITLE, BAR, GAP = 22, 17, 12
NAME = "Beffroi"
STYLE = """
  .back { fill: #ffffff } .text { fill: #1c2430 } .soft { fill: #4a5565 } .grid { stroke: #d5dae1 }
  .reach { stroke: #1c2430; stroke-width: 2 } .ours { fill: #0a6396 } .peer { fill: #7b8694 }
  text { font: 13px system-ui, sans-serif } .head { font-size: 17px; font-weight: 600 }
  .work { font-weight: 600; paint-order: stroke; stroke: #ffffff; stroke-width: 5px }
  @media (prefers-color-scheme: dark) {
    .back { fill: #12171e } .text { fill: #edf1f5 } .soft { fill: #b4bfcc } .grid { stroke: #36404c }
    .work { stroke: #12171e } .reach { stroke: #edf1f5 } .ours { fill: #4fb3e8 } .peer { fill: #8793a1 }
  }
"""


def drawn(figures: Sequence[Figure]) -> str:
    """One group of bars a figure, which has a reach."""
    low, high = _decades(figures)
    parts: list[str] = []
    y = TOP
    for figure in figures:
        parts.append(_text(16, y + 14, f"{figure.work} (asked: {_asked(figure)})", "text work"))
        y += TITLE
        for name, value in ((NAME, figure.value), *figure.beside.items()):
            parts.append(_bar(y, name, value, figure, (low, high)))
            y += BAR
        y += GAP
    height = y + 8
    grid = "".join(_line(decade, (low, high), y) for decade in range(low, high + 1))
    described = "; ".join(_described(figure) for figure in figures)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-labelledby="title desc">\n<title id="title">Beffroi beside its peers and what is asked of it</title>\n'
        f'<desc id="desc">{escape(described)}</desc>\n<style>{STYLE}</style>\n'
        f'<rect class="back" width="{WIDTH}" height="{height}"/>\n'
        f"{_text(16, 28, 'How many times better than asked', 'text head')}"
        f"{_text(16, 48, 'Logarithmic scale: right of the thick line, better than asked; left of it, worse.', 'soft')}"
        f"{grid}{''.join(parts)}</svg>\n"
    )


def _bar(y: int, name: str, value: float, figure: Figure, scale: tuple[int, int]) -> str:
    middle, end = _x(1, scale), _x(figure.times_better(value), scale)
    start, width = min(middle, end), max(abs(end - middle), 1)
    kind = "ours" if name == NAME else "peer"
    bar = f'<rect class="{kind}" x="{start:.1f}" y="{y}" width="{width:.1f}" height="{BAR - 4}"/>\n'
    label = f"{said(value)} {figure.unit}"
    told = _text(max(middle, end) + 6, y + 11, label, "text")
    return f"{_text(28, y + 11, name, 'text' if name == NAME else 'soft')}{bar}{told}"


def _line(decade: int, scale: tuple[int, int], bottom: int) -> str:
    x, kind = _x(10.0**decade, scale), "reach" if decade == 0 else "grid"
    label = "as asked" if decade == 0 else f"{10.0**decade:g}"
    return (
        f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 8}" y2="{bottom}"/>\n'
        f'<text class="soft" x="{x:.1f}" y="{TOP - 14}" text-anchor="middle">{label}</text>\n'
    )


def _x(times: float, scale: tuple[int, int]) -> float:
    low, high = scale
    return LEFT + (RIGHT - LEFT) * (math.log10(times) - low) / (high - low)


def _decades(figures: Sequence[Figure]) -> tuple[int, int]:
    """Powers of ten around all that is drawn."""
    times = [one.times_better(value) for one in figures for value in (one.value, *one.beside.values())]
    return math.floor(math.log10(min([*times, 0.5]))), math.ceil(math.log10(max([*times, 2])))


def _described(figure: Figure) -> str:
    assert figure.reach is not None
    told = [f"{NAME} {said(figure.value)} {figure.unit}", f"asked {said(figure.reach)}"]
    told += [f"{name} {said(value)}" for name, value in figure.beside.items()]
    return f"{figure.work}: {', '.join(told)}"


def _asked(figure: Figure) -> str:
    assert figure.reach is not None
    return f"{'at least' if figure.more_is_better else 'at most'} {said(figure.reach)} {figure.unit}"


def _text(x: float, y: float, words: str, kind: str) -> str:
    return f'<text class="{kind}" x="{x:.1f}" y="{y}">{escape(words)}</text>\n'
