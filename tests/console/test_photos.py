"""Photos on the pages of an asset and of a device, in a real browser."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.signed_in import PASSWORD, a_person
from tests.api.test_photos import HEIC, a_picture
from tests.conftest import ROCHE, Served, a_territory, running
from tests.console.watching import THEMES, TRIED, Watched, looking, severe_faults

EDITOR, READER = "ines@exemple.fr", "luc@exemple.fr"
ALT = "L'armoire, porte ouverte"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
DRAWN = "one => one.complete && one.naturalWidth"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("photos")
    with a_territory(folder) as made:
        a_person(made, EDITOR, ROCHE, "editor", PASSWORD)
        a_person(made, READER, ROCHE, "reader", PASSWORD)
        for _ in range(8):
            made.an_asset()
            made.a_device()
    with running("serve", data=folder / "data") as one:
        yield one


@pytest.fixture
def opened(browser: Browser, served: Served) -> Iterator[Callable[..., Watched]]:
    with looking(browser, served.url, PASSWORD) as look:
        yield lambda who=EDITOR, size="desk", theme="light": look(who, size, theme)


def send(page: Page, content: bytes, alt: str = ALT) -> None:
    page.get_by_label("Ajouter une photo").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content}
    )
    page.get_by_label("Ce qu’elle montre").fill(alt)
    page.get_by_role("region", name="Photos").get_by_role("button", name="Ajouter", exact=True).click()


@pytest.mark.parametrize("path", ["/assets/1", "/devices/1"])
def test_a_photo_is_added_enlarged_removed_and_put_back(opened: Callable[..., Watched], path: str) -> None:
    watched = opened(size="phone")
    page = watched.page
    page.goto(path)
    expect(page.get_by_text("Aucune photo.")).to_be_visible()
    send(page, a_picture(size=(1200, 1600)))
    enlarge = page.get_by_role("button", name=f"Agrandir : {ALT}")
    expect(enlarge).to_be_visible()
    enlarge.press("Enter")
    large = page.get_by_role("dialog", name=ALT).get_by_role("img", name=ALT)
    expect(large).to_be_visible()
    page.wait_for_function(DRAWN, arg=large.element_handle())
    assert large.evaluate("one => one.naturalWidth") == 1200
    page.keyboard.press("Escape")
    expect(large).to_have_count(0)
    expect(enlarge).to_be_focused()
    page.get_by_role("button", name=f"Retirer : {ALT}").click()
    expect(page.get_by_text("Aucune photo.")).to_be_visible()
    page.get_by_role("button", name="Annuler").click()
    expect(enlarge).to_be_visible()
    assert watched.complaints == []


def test_a_file_that_is_no_photo_is_refused_with_what_to_do(opened: Callable[..., Watched]) -> None:
    page = opened().page
    page.goto("/assets/2")
    send(page, HEIC)
    expect(page.get_by_role("alert")).to_contain_text("HEIC")
    expect(page.get_by_label("Ce qu’elle montre")).to_have_value(ALT)
    expect(page.get_by_text("Aucune photo.")).to_be_visible()


def test_a_photo_does_not_go_without_its_words(opened: Callable[..., Watched]) -> None:
    page = opened().page
    page.goto("/assets/3")
    send(page, a_picture(), "")
    expect(page.get_by_label("Ce qu’elle montre")).to_be_focused()
    expect(page.get_by_text("Aucune photo.")).to_be_visible()


def test_a_reader_looks_and_changes_nothing(opened: Callable[..., Watched]) -> None:
    editor = opened().page
    editor.goto("/assets/4")
    send(editor, a_picture())
    expect(editor.get_by_role("button", name=f"Agrandir : {ALT}")).to_be_visible()
    reader = opened(READER).page
    reader.goto("/assets/4")
    expect(reader.get_by_role("button", name=f"Agrandir : {ALT}")).to_be_visible()
    expect(reader.get_by_role("button", name="Retirer")).to_have_count(0)
    expect(reader.get_by_label("Ajouter une photo")).to_have_count(0)
    reader.goto("/assets/8")
    expect(reader.get_by_role("heading", name="Notes")).to_be_visible()
    expect(reader.get_by_role("heading", name="Photos")).to_have_count(0)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
def test_photos_are_accessible_and_fit(opened: Callable[..., Watched], size: str, theme: str) -> None:
    page = opened(size=size, theme=theme).page
    page.goto("/devices/5")
    send(page, a_picture())
    enlarge = page.get_by_role("button", name=f"Agrandir : {ALT}").first
    expect(enlarge).to_be_visible()
    page.get_by_label("Ajouter une photo").set_input_files(
        {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": a_picture()}
    )
    assert severe_faults(page) == []
    assert page.evaluate(WIDER) <= 0
    enlarge.click()
    expect(page.get_by_role("dialog").get_by_role("img")).to_be_visible()
    assert severe_faults(page) == []
    assert page.evaluate(WIDER) <= 0
