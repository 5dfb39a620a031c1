"""The console in a browser, on a territory of 70,000 assets: what is loaded first, when it may be used, and how long
after a gesture the page shows what came of it. Where there is no graphics card, maps are drawn by the processor and
pages put together as Chromium then does by itself, which is not by a card that the processor plays."""

import gzip
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, Response, sync_playwright

from beffroi.access import people, roles, sessions
from beffroi.database import Transaction
from beffroi.observations import batch_of
from beffroi.registry import assets, series, structures
from beffroi.registry.assets import NewAsset
from beffroi.registry.series import NewSeries
from benchmarks import instance, walk
from benchmarks.figures import Figure, Run, folder
from benchmarks.instance import OWNER, SYSTEM

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--enable-unsafe-swiftshader"]
ASSETS = 70_000
TOGETHER = 10_000
"""assets registered at once"""
KINDS = ("lamp", "building", "waste-container", "parking-space", "water-meter")
CENTRE = (-1.43, 46.67)
SETTLED = 1000
"""milliseconds left to what a kind of gesture set off, before the next"""
SCRIPT_REACH, USABLE_REACH, GESTURE_REACH, YEAR_REACH = 350, 2, 200, 500
YEAR = 365 * walk.DAY
READY, PLACED = ".ground[data-ready=true]", ".ground[data-places=true]"
OBSERVE = """
window.gestures = []
window.begun = []
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (one.interactionId > 0) window.gestures.push([one.startTime, one.duration])
}).observe({ type: 'event', durationThreshold: 16, buffered: true })
"""
"""Event Timing (W3C): from a gesture to the next paint, in steps of 8 ms"""
DRAWN = """
window.drawn = []
addEventListener('click', () => { window.clicked = performance.now() }, { capture: true })
new MutationObserver((changes) => {
  const holds = (one) => one.nodeName === 'CANVAS' || one.querySelector?.('canvas')
  if (!changes.some((change) => [...change.addedNodes].some(holds))) return
  requestAnimationFrame(() => setTimeout(() => window.drawn.push(performance.now())))
}).observe(document, { childList: true, subtree: true })
"""
"""A curve is a canvas made anew; the frame that shows it is over when what it set off is called."""
BEGIN = "(name) => window.begun.push([performance.now(), name])"


def figures(run: Run) -> list[Figure]:
    with folder() as disk:
        link = _registered(run, disk / "data")
        year = _a_year(run, disk / "data")
        with instance.served(disk / "data") as server, _page() as page:
            home = f"http://localhost:{server.port}"
            page.goto(f"{home}/sign-in#token={link}")
            page.locator(".sentence").wait_for()
            told = [_scripts(run, page, home), *_usable(run, page, home), *_gestures(run, page, home)]
            return [*told, _charted(run, page, f"{home}/explore?series=%5B{year}%5D&period=day")]


def _registered(run: Run, data: Path) -> str:
    """A one-time link into an instance of `ASSETS` assets around a town, thicker near its centre."""
    chance, now = np.random.default_rng(7), datetime.now(UTC)
    spread = chance.normal(0, 0.12, (ASSETS, 2))
    with instance.registering(data) as tx:
        structures.locate(SYSTEM, tx, {OWNER: CENTRE}, now=now)
        for first in range(0, ASSETS, TOGETHER):
            run.say(f"registering assets, {first:,} of {ASSETS:,}")
            assets.create_many(SYSTEM, tx, [_asset(first + n, spread[first + n]) for n in range(TOGETHER)], now=now)
        return _link(tx, now)


def _asset(number: int, away: Sequence[float]) -> NewAsset:
    kind, code = KINDS[number % len(KINDS)], f"thing-{number}"
    longitude, latitude = CENTRE[0] + float(away[0]), CENTRE[1] + float(away[1])
    return NewAsset(owner=OWNER, kind=kind, code=code, name=code, longitude=longitude, latitude=latitude)


def _link(tx: Transaction, now: datetime) -> str:
    person = people.add(SYSTEM, tx, people.NewPerson(name="Essai", email="essai@exemple.fr"), now=now)
    roles.grant(SYSTEM, tx, person.key, OWNER, "administrator", now=now)
    return sessions.make_link(tx, person.key, now)


def _a_year(run: Run, data: Path) -> int:
    """A series that reads every 10 minutes since a year ago, its ended days settled and its ended months merged."""
    run.say("a year of readings")
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    with instance.registering(data) as tx:
        new = NewSeries(owner=OWNER, code="year", name="Un an", observed_property="temperature", service="environment")
        made = series.create(SYSTEM, tx, new, now=now)
    times = [now - place * walk.STEP for place in reversed(range(YEAR))]
    values = [float(found[0]) for found in walk.values(1, YEAR)]
    record = instance.record(data)
    for first in range(0, YEAR, TOGETHER):
        some = slice(first, first + TOGETHER)
        rows = {"time": times[some], "value": values[some]}
        record.append(batch_of({"series": [made.id] * len(rows["time"]), **rows}))
    record.settle(until=now - timedelta(days=1))
    record.compact(until=now - timedelta(days=31))
    record.close()
    return made.id


def _charted(run: Run, page: Page, address: str) -> Figure:
    """From the click that asks for a year to the frame in which the last of its curve is drawn."""
    run.say("a year charted")
    page.add_init_script(DRAWN)
    times = []
    for _ in range(3 if run.quick else 10):
        page.goto("about:blank")
        page.goto(address)
        page.locator(".uplot canvas").first.wait_for()
        page.wait_for_timeout(SETTLED)
        page.get_by_role("button", name="1 an", exact=True).click()
        page.wait_for_timeout(2 * SETTLED)
        times.append(page.evaluate("window.drawn.at(-1) - window.clicked"))
    note = (
        f"{YEAR:,} readings; the slowest of {len(times)}, each on a page newly opened; median {np.median(times):.0f} ms"
    )
    return Figure("a year of 10-minute data charted after", max(times), "ms", reach=YEAR_REACH, note=note)


@contextmanager
def _page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="fr-FR")
        yield page
        browser.close()


def _scripts(run: Run, page: Page, home: str) -> Figure:
    run.say("what is loaded first")
    loaded: list[Response] = []
    page.on("response", lambda one: one.request.resource_type == "script" and loaded.append(one))
    page.goto(f"{home}/collectivities/{OWNER}")
    page.locator("main h1").wait_for()
    page.wait_for_load_state("networkidle")
    size = sum(len(gzip.compress(one.body(), 6)) for one in loaded) / 1000
    note = f"{len(loaded)} files, gzip; neither a map nor a chart asked for yet"
    return Figure("JavaScript of the first load", size, "kB", reach=SCRIPT_REACH, note=note)


def _usable(run: Run, page: Page, home: str) -> list[Figure]:
    run.say("when a page may be used")
    told = []
    for name, path, wanted in (
        ("the territory", "/", "main .sentence"),
        ("a collectivité", f"/collectivities/{OWNER}", "main .empty, main .sentence"),
    ):
        times = []
        for _ in range(3 if run.quick else 10):
            page.goto("about:blank")
            start = time.perf_counter()
            page.goto(f"{home}{path}", wait_until="commit")
            page.locator(wanted).first.wait_for()
            times.append(time.perf_counter() - start)
        note = "from the address to its first line, fields answering; files of the page kept by the browser"
        told.append(Figure(f"{name}, usable after", float(np.median(times)), "s", reach=USABLE_REACH, note=note))
    return told


def _gestures(run: Run, page: Page, home: str) -> list[Figure]:
    run.say("gestures on the map")
    page.goto(home)
    start = time.perf_counter()
    page.locator(PLACED).wait_for(timeout=60_000)
    shown = time.perf_counter() - start
    page.evaluate(OBSERVE)
    for name, gesture in GESTURES.items():
        page.evaluate(BEGIN, name)
        gesture(page, 4 if run.quick else 12)
        page.wait_for_timeout(SETTLED)
    slowest = _slowest(page.evaluate("window.gestures"), page.evaluate("window.begun"))
    worst = max(slowest, key=lambda name: slowest[name])
    note = f"the slowest, {worst}; {ASSETS:,} assets on the map"
    return [
        Figure("from a gesture to the next paint", slowest[worst], "ms", reach=GESTURE_REACH, note=note),
        *(Figure(f"{name}, to the next paint", duration, "ms") for name, duration in slowest.items()),
        Figure(f"{ASSETS:,} assets drawn after", shown, "s"),
    ]


def _slowest(told: list[tuple[float, float]], begun: list[tuple[float, str]]) -> dict[str, float]:
    """Milliseconds of the slowest of each kind of gesture; under 16, nothing is told of it."""
    slowest = {name: 0.0 for _, name in begun}
    for start, duration in told:
        name = [one for since, one in begun if since <= start][-1]
        slowest[name] = max(slowest[name], duration)
    return slowest


def _services(page: Page, times: int) -> None:
    page.get_by_role("checkbox").first.click()
    page.get_by_role("checkbox").first.click()


def _colours(page: Page, times: int) -> None:
    page.get_by_label("Couleur des communes").press("ArrowDown")


def _find(page: Page, times: int) -> None:
    page.get_by_role("combobox", name="Trouver sur la carte").press_sequentially("la roche", delay=60)
    page.locator("[role=option]").first.wait_for()
    page.keyboard.press("Enter")


def _clicks(page: Page, times: int) -> None:
    box = page.locator(READY).bounding_box()
    assert box
    for way in range(times):
        page.mouse.click(box["x"] + box["width"] * (0.3 + 0.03 * way), box["y"] + box["height"] / 2)
        page.wait_for_timeout(600)


def _arrows(page: Page, times: int) -> None:
    page.locator(".maplibregl-canvas").press("ArrowLeft")


def _palette(page: Page, times: int) -> None:
    page.keyboard.press("Control+k")
    page.keyboard.type("la roche", delay=60)


GESTURES: dict[str, Callable[[Page, int], None]] = {
    "a service hidden and shown": _services,
    "another colour of the communes": _colours,
    "a place found": _find,
    "clicks on the map": _clicks,
    "an arrow on the map": _arrows,
    "the palette": _palette,
}
