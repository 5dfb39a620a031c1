"""The page on performance tells what was measured."""

import re
from xml.etree import ElementTree

from benchmarks import page
from benchmarks.figures import said
from tests.docs.pages import text_of


def _marks() -> list[str]:
    return re.findall(r"<!-- figures: (\w+) -->", text_of(page.PAGE))


def test_the_page_and_its_chart_are_made_from_the_results() -> None:
    for path, content in page.pages().items():
        assert path.read_text(encoding="utf-8") == content, "make reference"


def test_every_benchmark_that_has_results_is_on_the_page() -> None:
    assert set(page.results()) <= set(_marks())


def test_every_figure_of_a_table_is_in_the_results() -> None:
    told = re.findall(r"^\| ([^|]+) \| \*\*([\d.,e+-]+)\*\* (\S+) \|", text_of(page.PAGE), re.MULTILINE)
    measured = [
        (one.work, said(one.value), one.unit)
        for name in _marks()
        if name in page.results()
        for one in page.results()[name].figures
    ]
    assert told == measured


def test_the_chart_says_in_words_all_that_it_shows() -> None:
    drawing = ElementTree.fromstring(page.PICTURE.read_text(encoding="utf-8"))
    space = {"svg": "http://www.w3.org/2000/svg"}
    described = drawing.findtext("svg:desc", namespaces=space) or ""
    for result in page.results().values():
        for one in result.figures:
            if one.reach is not None:
                assert f"{one.work}: Beffroi {said(one.value)} {one.unit}, asked {said(one.reach)}" in described
    assert drawing.get("role") == "img"
    assert drawing.findtext("svg:title", namespaces=space)
