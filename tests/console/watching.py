"""A page whose complaints are kept, and what axe-core finds of it."""

from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Page

from tests.conftest import ROOT

AXE = ROOT / "console" / "node_modules" / "axe-core" / "axe.min.js"
SIZES = {"phone": (390, 844), "desk": (1440, 900), "wall": (2560, 1440)}
THEMES = ("light", "dark")
SEVERE = {"serious", "critical"}


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


def severe_faults(page: Page) -> list[str]:
    """What axe-core finds of serious or critical, as `rule: element`."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("axe.run()")["violations"]
    return [
        f"{rule['id']}: {node['html'][:120]}"
        for rule in found
        if rule["impact"] in SEVERE
        for node in rule["nodes"][:3]
    ]
