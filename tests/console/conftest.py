"""The demonstration as whoever opened its one-time link sees it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.conftest import Served
from tests.console.watching import SEEN, SIZES, Watched
from tests.trials import SOAK

expect.set_options(timeout=20_000)  # of machines that do much besides: no test asserts a time


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    given = {item: item.callspec.params for item in items if hasattr(item, "callspec")}
    pairs = {item: (one["size"], one["theme"]) for item, one in given.items() if {"size", "theme"} <= one.keys()}
    left = [item for item in items if not SOAK and item in pairs and pairs[item] not in SEEN]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in set(left)]


@pytest.fixture(scope="session")
def kept() -> dict[str, Any]:
    """What `signed_in` keeps for the next browser: the link opens once."""
    return {}


@pytest.fixture(scope="module")
def signed_in(browser: Browser, demonstration: Served, kept: dict[str, Any]) -> Any:
    """The cookies of whoever opened the one-time link that the demonstration printed."""
    if kept:
        return kept
    context = browser.new_context(locale="fr-FR")
    page = context.new_page()
    page.goto(demonstration.link)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page).to_have_url(f"{demonstration.url}/")
    kept.update(context.storage_state())
    context.close()
    return kept


@pytest.fixture
def opened(browser: Browser, demonstration: Served, signed_in: Any) -> Iterator[Callable[..., Watched]]:
    contexts: list[BrowserContext] = []

    def open_(size: str = "desk", theme: str = "light", locale: str = "fr-FR", *, known: bool = True) -> Watched:
        width, height = SIZES[size]
        context = browser.new_context(
            base_url=demonstration.url,
            viewport={"width": width, "height": height},
            color_scheme=theme,  # type: ignore[arg-type]
            locale=locale,
            storage_state=signed_in if known else None,
        )
        contexts.append(context)
        return Watched(context, demonstration.url)

    yield open_
    for context in contexts:
        context.close()
