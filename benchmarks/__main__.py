"""Run every benchmark, print its table, keep its figures in `benchmarks/results/<name>.json`."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks import http, record, settled
from benchmarks.figures import Figure, this_machine

BENCHMARKS = {"record": record.figures, "settled": settled.figures, "http": http.figures}
WIDTH = 180
RESULTS = Path(__file__).parent / "results"


def main(names: list[str]) -> None:
    machine = this_machine()
    console = Console()
    console.width = max(console.width, WIDTH)
    console.print(f"{machine.processor}, {machine.cores} cores, {machine.memory_gib} GiB, Python {machine.python}")
    RESULTS.mkdir(exist_ok=True)
    for name in names or BENCHMARKS:
        figures = BENCHMARKS[name]()
        console.print(_table(name, figures))
        result = {"measured": datetime.now(UTC), "machine": machine, "figures": figures}
        (RESULTS / f"{name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")


def _table(name: str, figures: list[Figure]) -> Table:
    table = Table(title=name)
    for heading in ("work", "measured", "unit", "beside", "what", "note"):
        table.add_column(heading, justify="right" if heading in ("measured", "beside") else "left")
    for one in figures:
        beside = "" if one.beside is None else _said(one.beside)
        table.add_row(one.work, _said(one.value), one.unit, beside, one.beside_what, one.note)
    return table


def _said(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


if __name__ == "__main__":
    main(sys.argv[1:])
