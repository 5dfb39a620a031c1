"""Run every benchmark, or those named, print their tables, keep their figures in `benchmarks/results/<name>.json`."""

import argparse
import time
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
from rich.console import Console
from rich.table import Table

from benchmarks import codecs, console, departement, http, messages, page, peers, pooling, record, settled
from benchmarks.figures import Figure, Run, said, this_machine
from benchmarks.page import Result

BENCHMARKS: dict[str, Callable[[Run], list[Figure]]] = {
    "record": record.figures,
    "settled": settled.figures,
    "http": http.figures,
    "departement": departement.figures,
    "codecs": codecs.figures,
    "messages": messages.figures,
    "pooling": pooling.figures,
    "console": console.figures,
}
WIDTH = 180


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*BENCHMARKS, []], help="all when none is named")
    parser.add_argument("--quick", action="store_true", help="fewer days and shorter loads")
    asked = parser.parse_args()
    machine, console = this_machine(), Console()
    console.width = max(console.width, WIDTH)
    console.print(f"{machine.processor}, {machine.cores} cores, {machine.memory_gib} GiB, Python {machine.python}")
    if packages := peers.missing():
        console.print(f"Peers to be compared with are missing: apt-get install {' '.join(packages)}")
    page.RESULTS.mkdir(exist_ok=True)
    for name in asked.names or BENCHMARKS:
        figures = _measured(console, name, quick=asked.quick)
        result = Result(datetime.now(UTC), machine, figures, asked.quick)
        (page.RESULTS / f"{name}.json").write_bytes(msgspec.json.format(msgspec.json.encode(result), indent=2) + b"\n")
    page.write()


def _measured(console: Console, name: str, *, quick: bool) -> list[Figure]:
    start = time.monotonic()
    with console.status(name) as status:

        def say(told: str) -> None:
            if console.is_terminal:
                status.update(f"{name}: {told}")
            else:
                console.print(f"{time.monotonic() - start:5.0f} s  {name}: {told}")

        figures = BENCHMARKS[name](Run(quick, say))
    console.print(_table(f"{name} ({time.monotonic() - start:.0f} s)", figures))
    return figures


def _table(title: str, figures: list[Figure]) -> Table:
    table = Table(title=title)
    for heading in ("work", "measured", "unit", "reach", "beside", "note"):
        table.add_column(heading, justify="right" if heading in ("measured", "reach") else "left")
    for one in figures:
        beside = "\n".join(f"{said(value)} {name}" for name, value in one.beside.items())
        reach = "" if one.reach is None else said(one.reach)
        table.add_row(one.work, said(one.value), one.unit, reach, beside, one.note)
    return table


if __name__ == "__main__":
    main()
