"""The page for a council: whole, escaped, readable by everyone, on any screen."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from beffroi.pooling.programme import file, page, planning
from beffroi.pooling.programme.model import Obligation, Programme
from beffroi.pooling.programme.solving import Effort
from tests.console.watching import IMPACTS, SIZES, THEMES, TRIED, faults_of
from tests.docs.pages import ROOT
from tests.pooling.programme.builders import a_programme, an_action

EFFORT = Effort(seconds=20.0)
EXAMPLE = ROOT / "examples/programmes/vendee.json"


def written(programme: Programme, language: str = "fr") -> str:
    plan = planning.planned(programme, EFFORT)
    return page.page(programme, plan, "fr" if language == "fr" else "en")


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("page") / "plan.html"
    path.write_text(written(file.read(EXAMPLE.read_bytes())), encoding="utf-8")
    yield path


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
def test_axe_finds_nothing_and_nothing_is_cut_off(browser: Browser, example: Path, size: str, theme: str) -> None:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme="dark" if theme == "dark" else "light"
    )
    shown = context.new_page()
    shown.goto(example.as_uri())
    assert faults_of(shown, IMPACTS) == []
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_the_page_asks_for_nothing_and_runs_nothing(example: Path) -> None:
    content = example.read_text(encoding="utf-8")
    assert "<script" not in content
    assert "http://" not in content
    assert "https://" not in content


def test_every_quarter_of_the_calendar_is_said_in_words(browser: Browser, example: Path) -> None:
    context = browser.new_context()
    shown = context.new_page()
    shown.goto(example.as_uri())
    row = shown.get_by_role("row", name="Télégestion de l'éclairage").first
    assert row.get_by_role("cell").all_inner_texts() == ["travaux"] * 3 + ["en service"] * 9
    context.close()


def test_the_curve_is_told_in_a_sentence(example: Path) -> None:
    assert '<title id="curve-said">Il faut avancer au plus' in example.read_text(encoding="utf-8")


def test_names_are_never_taken_for_markup() -> None:
    evil = '<img src=x onerror="alert(1)">'
    programme = a_programme(an_action(evil, service=evil), an_action("B", benefits={"M": 1.0}), name=evil, note=evil)
    assert "<img" not in written(programme)


def test_what_clashes_is_all_the_page_says_when_nothing_is_possible() -> None:
    law = Obligation(by=date(2027, 1, 1), reason="loi")
    content = written(a_programme(an_action("A", obligation=law)))
    assert "Aucun plan ne respecte toutes les contraintes." in content
    assert "doit être en service le 01/01/2027 (loi)" in content
    assert 'class="gantt"' not in content


def test_the_page_is_said_in_english_when_asked() -> None:
    content = written(a_programme(an_action("A")), "en")
    assert "The territory gains €110 in 2 years, in today&#x27;s value." in content
    assert "Qui paie" not in content
