"""What holds of every page: enlarged to 200 %, without motion, and the accessibility statement at its foot."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.api.signed_in import PASSWORD
from tests.conftest import ROOT
from tests.console.affairs import CHIEF, GIVER, Affairs, affairs
from tests.console.watching import SIZES, THEMES, TRIED, WIDER, severe_faults

SAME = {"Sec-Fetch-Site": "same-origin"}
PATHS = (
    "/",
    "/collectivities/commune-85191",
    "/series/{series}",
    "/devices",
    "/devices/{device}",
    "/devices/{device}/downlinks",
    "/assets",
    "/assets/{asset}",
    "/explore",
    "/dashboards",
    "/dashboards/{dashboard}",
    "/shown/{link}",
    "/connections",
    "/connections/new",
    "/connections/{connection}",
    "/device-models/am1",
    "/pooling",
    "/pooling/services/buildings/2026",
    "/pooling/services/buildings/2026/statements",
    "/pooling/services/buildings/2026/model",
    "/pooling/programmes/{programme}",
    "/pooling/programmes/new",
    "/pooling/programmes/{programme}/edit",
    "/pooling/with-whom",
    "/pooling/with-whom/catalogue",
    "/pooling/with-whom/forms",
    "/pooling/skills",
    "/pooling/returns/commune-85191/2026",
    "/pooling/experiments",
    "/pooling/experiments/new",
    "/pooling/experiments/{experiment}",
    "/pooling/experiments/{experiment}/change",
    "/pooling/purchases",
    "/pooling/purchases/{purchase}",
    "/pooling/purchases/{purchase}/analysis",
    "/pooling/purchases/models",
    "/pooling/maintenance",
    "/pooling/failures",
    "/agreements",
    "/people",
    "/audit",
    "/account",
    "/notifications",
    "/accessibility",
    "/sign-in",
    "/setup#token=some-token-of-a-start",
    "/invitation#token=some-token-of-a-message",
)
NAMES = """() => {
    const words = (text) => (text ?? '').replace(/\\s+/g, ' ').trim()
    const away = '[aria-hidden], .maplibregl-map'
    const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && !one.closest(away)
    const named = 'h1, h2, h3, a[href], button, label, summary, legend, th[scope=col]'
    return [...document.querySelectorAll(named)]
        .filter(shown)
        .map((one) => words(one.getAttribute('aria-label') ?? one.textContent))
        .filter((said) => said !== '' && !/\\d/.test(said))
}"""
"""what is offered and said by name, but what tells a moment or a count"""
CUT = """() => [...document.querySelectorAll('h1, h2, h3, button, label, p, dd')]
    .filter((one) => one.checkVisibility() && !one.closest('[aria-hidden], .maplibregl-map, .unseen, .scroll'))
    .filter((one) => {
        const style = getComputedStyle(one)
        return style.overflowX !== 'visible' && style.overflowX !== 'auto' && one.scrollWidth > one.clientWidth + 1
    })
    .map((one) => one.outerHTML.slice(0, 120))"""
MOVES = """() => {
    const lasts = (times) => times.split(',').some((time) => Number.parseFloat(time) > 0)
    return [...document.querySelectorAll('*')]
        .flatMap((one) => [[one, getComputedStyle(one)], [one, getComputedStyle(one, '::before')]])
        .filter(([, style]) =>
            (style.animationName !== 'none' && lasts(style.animationDuration)) || lasts(style.transitionDuration))
        .map(([one]) => one.outerHTML.slice(0, 120))
}"""


RUNNING = """() => document.getAnimations()
    .filter((one) => one.playState === 'running' && one.effect.getComputedTiming().duration > 0).length"""


@dataclass(frozen=True)
class Place:
    affairs: Affairs
    names: dict[str, object]
    cookies: dict[str, object]
    """of the structure's administrator, who reads what is pooled, and of a commune's"""


@pytest.fixture(scope="module")
def place(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """One thing of each noun, so that each page has something to show."""
    with affairs(tmp_path_factory.mktemp("every-page"), accessibility_contact="acces@exemple.fr") as made:
        context = browser.new_context(base_url=made.served.url, extra_http_headers=SAME)
        ask = context.request
        assert ask.post("/api/v1/session", data={"email": GIVER, "password": PASSWORD}).ok
        device = ask.get(f"/api/v1/devices/{made.device}").json()
        dashboard = ask.post("/api/v1/dashboards", data={"owner": "commune-85191", "name": "Eau"}).json()
        dashboard = ask.post(f"/api/v1/dashboards/{dashboard['key']}/publication").json()
        new = {"owner": "commune-85191", "kind": "chirpstack-v4", "name": "LoRaWAN"}
        answer = ask.post("/api/v1/connections", data=new)
        assert answer.ok, answer.text()
        names = {
            "series": made.water,
            "device": made.device,
            "asset": device["asset"],
            "dashboard": dashboard["key"],
            "link": dashboard["link"],
            "connection": answer.json()["connection"]["key"],
            "programme": made.programme,
            "experiment": made.experiment,
            "purchase": made.purchase,
        }
        cookies: dict[str, object] = {GIVER: context.storage_state()}
        assert ask.post("/api/v1/session", data={"email": CHIEF, "password": PASSWORD}).ok
        cookies[CHIEF] = context.storage_state()
        context.close()
        yield Place(made, names, cookies)


Looked = Callable[..., Page]


@pytest.fixture
def looked(browser: Browser, place: Place) -> Iterator[Looked]:
    contexts = []

    def open_(path: str, size: tuple[int, int] = (1280, 720), known: bool = True, **options: object) -> Page:
        public = path.startswith(("/sign-in", "/invitation", "/setup", "/accessibility", "/shown"))
        who = CHIEF if path.startswith("/pooling") else GIVER
        context = browser.new_context(
            base_url=place.affairs.served.url,
            viewport={"width": size[0], "height": size[1]},
            locale="fr-FR",
            storage_state=place.cookies[who] if known and not public else None,  # type: ignore[arg-type]
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        page = context.new_page()
        page.goto(path.format(**place.names))
        expect(page.get_by_role("heading", level=1).first).to_be_visible()
        expect(page.locator(".bone")).to_have_count(0)
        expect(statement_of(page, path)).to_be_visible()
        return page

    yield open_
    for context in contexts:
        context.close()


def statement_of(page: Page, path: str) -> Locator:
    """Its link at the foot, which tells of no instance that nobody operates yet."""
    said = "Accessibilité" if path.startswith("/setup") else "Accessibilité : non conforme"
    return page.get_by_role("contentinfo").get_by_role("link", name=said, exact=True)


def test_every_page_of_the_router_is_looked_at() -> None:
    router = (ROOT / "console/src/app/router.tsx").read_text(encoding="utf-8")
    declared = {"/" + path.strip("/") for path in re.findall(r"\bpath: '([^']+)'", router)}
    pattern = {re.sub(r"\$\w+", "[^/]+", path) for path in declared}
    bare = [path.partition("#")[0] for path in PATHS]
    assert [path for path in pattern if not any(re.fullmatch(path, one) for one in bare)] == []


@pytest.mark.parametrize("path", PATHS)
def test_nothing_moves_nothing_is_lost_at_200_percent_and_the_statement_is_at_the_foot(
    looked: Looked, path: str
) -> None:
    """Three things of one look, which is what takes long. Nothing moves for who asked for less of it. A window of
    1280 × 720 enlarged twice lays pages out as one of 640 × 360 does (WCAG 1.4.4 and 1.4.10)."""
    page = looked(path, reduced_motion="reduce")
    assert page.evaluate(MOVES) == []
    assert page.evaluate(RUNNING) == 0
    offered = set(page.evaluate(NAMES))
    assert len(offered) > 2
    page.set_viewport_size({"width": 640, "height": 360})
    page.wait_for_function(
        f"names => {{ const now = new Set(({NAMES})()); return names.every((one) => now.has(one)) }}",
        arg=sorted(offered),
    )
    assert page.evaluate(WIDER) == 0, "the page scrolls sideways"
    assert page.evaluate(CUT) == []
    statement_of(page, path).click()
    expect(page.get_by_role("heading", level=1, name="Déclaration d’accessibilité")).to_be_visible()


def test_something_moves_for_who_did_not(looked: Looked) -> None:
    """What the test before would find."""
    page = looked("/devices", reduced_motion="no-preference")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<div class=skeleton></div>')")
    assert any("skeleton" in one for one in page.evaluate(MOVES))


def test_the_statement_is_public_and_no_kinder_than_what_was_tested(looked: Looked) -> None:
    page = looked("/accessibility", known=False)
    expect(page).to_have_title("Déclaration d’accessibilité · Beffroi")
    for said in (
        "Ces pages sont non conformes au RGAA 4.1",
        "Syndicat d'essai s’engage",
        "aucun audit n’a été mené par des personnes",
        "l’usage avec un lecteur d’écran",
        "Défenseur des droits, Libre réponse 71120",
    ):
        expect(page.get_by_text(said)).to_be_visible()
    expect(page.get_by_role("link", name="acces@exemple.fr")).to_have_attribute("href", "mailto:acces@exemple.fr")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1, name="Accessibility statement")).to_be_visible()


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
def test_the_statement_is_accessible_and_fits(looked: Looked, size: str, theme: str) -> None:
    page = looked("/accessibility", SIZES[size], color_scheme=theme)
    assert severe_faults(page) == []
    assert page.evaluate(WIDER) == 0, "the page scrolls sideways"
