"""The peers at the same work, those that are installed, one after the other."""

from pathlib import Path

from benchmarks import postgresql, victoriametrics
from benchmarks.figures import Run
from benchmarks.work import Measured, Scale

PEERS = (postgresql, victoriametrics)


def missing() -> list[str]:
    """The Debian packages of those that are not here."""
    return [package for peer in PEERS if (package := peer.missing())]


def measured(run: Run, place: Path, scale: Scale) -> dict[str, Measured]:
    """Figures by peer, in the order of `PEERS`."""
    found: dict[str, Measured] = {}
    for peer in PEERS:
        if package := peer.missing():
            run.say(f"A peer is left out: apt-get install {package}")
            continue
        name, figures = peer.measured(run, place, scale)
        found[name] = figures
    return found


def beside(found: dict[str, Measured], work: str) -> dict[str, float]:
    """What each peer does of one work, those that do it."""
    return {name: figures[work] for name, figures in found.items() if work in figures}
