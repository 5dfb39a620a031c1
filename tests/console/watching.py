"""A page whose complaints are kept, and what axe-core finds of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from tests.conftest import ROOT
from tests.trials import SOAK

AXE = ROOT / "console" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"phone": (390, 844), "desk": (1440, 900), "wall": (2560, 1440)}
TRIED = tuple(SIZES) if SOAK else ("phone", "desk")
"""a wall takes a processor that draws it a long time: it is for the long campaigns"""
THEMES = ("light", "dark")
SEEN = frozenset({("desk", "light"), ("phone", "dark")})
"""what `make test` tries of them: each page at both sizes and in both themes; `make soak` tries every pair"""
SEVERE = ("serious", "critical")
IMPACTS = (*SEVERE, "moderate", "minor")
FAULTS = """async (impacts) => {
    const { violations } = await axe.run({ resultTypes: ['violations'] })
    return violations
        .filter(({ impact }) => impacts.includes(impact))
        .flatMap(({ id, nodes }) => nodes.slice(0, 3).map(({ html }) => `${id}: ${html.slice(0, 120)}`))
}"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
"""pixels by which a page scrolls sideways"""


class Watched:
    """A page whose every complaint is kept: console errors, exceptions, requests that leave the instance."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda asked: self._stay(asked.url, urlsplit(url).netloc))

    def _stay(self, asked: str, home: str) -> None:
        parts = urlsplit(asked)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.netloc != home:
            self.complaints.append(f"left the instance: {asked}")


@contextmanager
def looking(browser: Browser, url: str, password: str) -> Iterator[Callable[[str | None, str, str], Watched]]:
    """Opens the instance as whoever is named by an e-mail address, a stranger for None, at a size and in a theme."""
    contexts: list[BrowserContext] = []

    def open_(who: str | None, size: str, theme: str) -> Watched:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]
            locale="fr-FR",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        if who is not None:
            signed = context.request.post("/api/v1/session", data={"email": who, "password": password})
            assert signed.ok, signed.text()
        return Watched(context, url)

    yield open_
    for context in contexts:
        context.close()


def severe_faults(page: Page) -> list[str]:
    """What axe-core finds of serious or critical, as `rule: element`."""
    return faults_of(page, SEVERE)


def faults_of(page: Page, impacts: tuple[str, ...]) -> list[str]:
    """What axe-core finds of some impacts. Chosen in the page: what it found right is long to send."""
    page.evaluate(AXE.read_text())
    found: list[str] = page.evaluate(FAULTS, impacts)
    return found
