"""The page on performance and its chart, made from `benchmarks/results`: `python -m benchmarks.page` writes them."""

import re
from datetime import datetime
from pathlib import Path

import msgspec

from benchmarks import chart
from benchmarks.figures import Figure, Machine, said

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks/results"
PAGE = ROOT / "docs/explanation/performance.md"
PICTURE = ROOT / "docs/pictures/performance.svg"
GENERATED = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


class Result(msgspec.Struct, frozen=True):
    """One file of `benchmarks/results`."""

    measured: datetime
    machine: Machine
    figures: list[Figure]
    quick: bool = False


def pages() -> dict[Path, str]:
    """What the page, its own words kept, and the chart must hold."""
    found = results()

    def renewed(marked: re.Match[str]) -> str:
        table = _table(found[marked[2]]) if marked[2] in found else "\nNot measured yet.\n\n"
        return f"{marked[1]}{table}{marked[3]}"

    page = GENERATED.sub(renewed, PAGE.read_text(encoding="utf-8"))
    in_order = [name for _, name, _ in GENERATED.findall(page) if name in found]
    charted = [one for name in in_order for one in found[name].figures if one.reach is not None]
    return {PAGE: page, PICTURE: chart.drawn(charted)}


def results() -> dict[str, Result]:
    """By the name of the benchmark."""
    return {path.stem: msgspec.json.decode(path.read_bytes(), type=Result) for path in sorted(RESULTS.glob("*.json"))}


def _table(result: Result) -> str:
    rows = "".join(f"| {' | '.join(_cells(one))} |\n" for one in result.figures)
    machine = result.machine
    libraries = ", ".join(f"{name} {version}" for name, version in machine.libraries.items())
    told = [
        f"Measured on {result.measured:%Y-%m-%d}: {machine.processor}, {machine.cores} cores,",
        f"{machine.memory_gib} GiB, {machine.system}, Python {machine.python}, {libraries}.",
        *(["A quick run, of fewer days and shorter loads."] if result.quick else []),
    ]
    return f"\n{' '.join(told)}\n\n| work | measured | asked | beside | |\n|---|---|---|---|---|\n{rows}\n"


def _cells(one: Figure) -> tuple[str, ...]:
    asked = ""
    if one.reach is not None:
        bound = "at least" if one.more_is_better else "at most"
        asked = f"{bound} {said(one.reach)}: {'yes' if one.times_better(one.value) >= 1 else 'not yet'}"
    beside = "; ".join(f"{name}: {said(value)}" for name, value in one.beside.items())
    return one.work, f"**{said(one.value)}** {one.unit}", asked, beside, one.note


def write() -> None:
    for path, content in pages().items():
        path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    write()
