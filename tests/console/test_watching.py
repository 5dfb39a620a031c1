"""What every look at a page counts on: that axe-core's faults come out of it."""

from playwright.sync_api import Browser

from tests.console.watching import IMPACTS, faults_of, severe_faults


def test_what_is_planted_is_found(browser: Browser) -> None:
    page = browser.new_page()
    page.set_content("<html lang=fr><title>Essai</title><main><h3>Un</h3><img src='data:,'><input></main>")
    assert {one.partition(":")[0] for one in severe_faults(page)} == {"image-alt", "label"}
    assert {one.partition(":")[0] for one in faults_of(page, IMPACTS)} > {"image-alt", "label"}
    page.close()
