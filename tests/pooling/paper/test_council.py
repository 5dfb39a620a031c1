"""The plan on paper: whole, tagged, and what a name says is never taken for markup."""

from datetime import date
from functools import cache
from typing import Any

import pytest

from beffroi.errors import Language
from beffroi.pooling.paper.council import council
from beffroi.pooling.programme import drawings, file, planning
from beffroi.pooling.programme.model import Obligation, Programme
from beffroi.pooling.programme.plan import Plan
from beffroi.pooling.programme.said import euros
from beffroi.pooling.programme.solving import Effort
from tests.docs.pages import ROOT
from tests.pooling.paper.reading import reader, text_of
from tests.pooling.programme.builders import a_programme, an_action

EXAMPLE = file.read((ROOT / "examples/programmes/vendee.json").read_bytes())
DAY = date(2026, 11, 27)


@cache
def planned() -> Plan:
    return planning.planned(EXAMPLE, Effort(seconds=20.0), prices=False)


@cache
def made(language: Language) -> bytes:
    return council(EXAMPLE, planned(), language, computed=DAY)


def small(programme: Programme) -> bytes:
    return council(programme, planning.planned(programme, Effort(seconds=5.0)), "fr")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_it_holds_the_figures_of_the_plan(language: Language) -> None:
    said, plan = text_of(made(language)), planned()
    assert plan.actions
    for action in plan.actions:
        assert action.action in said
        assert plain(euros(action.cost, language)) in said
    for account in plan.members:
        assert account.member in said
        assert plain(euros(account.discounted.gain, language)) in said
    for year in plan.budgets:
        assert plain(euros(year.spent, language)) in said


def plain(told: str) -> str:
    return told.replace("\u202f", " ").replace("\xa0", " ")


def test_it_is_tagged_titled_and_says_its_language() -> None:
    read = reader(made("en"))
    root = read.trailer["/Root"]
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert read.metadata is not None
    assert read.metadata.title == EXAMPLE.name
    assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()
    kinds = structure(root["/StructTreeRoot"])
    assert {"/H1", "/Table", "/TH", "/TD", "/P"} <= kinds


def structure(element: object) -> set[str]:
    """The kinds of what is tagged, below."""
    found: set[str] = set()
    waiting = [element]
    while waiting:
        one = getattr(waiting.pop(), "get_object", lambda: None)()
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            found |= {str(one["/S"])} if "/S" in one else set()
            waiting += [one["/K"]] if "/K" in one else []
    return found


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_curve_of_cash_is_drawn_and_told(language: Language) -> None:
    told = descriptions(reader(made(language)).trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]
    assert told == [drawings.said(planned().cash, language)]
    assert plain(drawings.strokes(language)) in text_of(made(language))


def descriptions(element: Any) -> list[str]:
    """What stands for pictures, for who does not see them."""
    node: Any = element.get_object()
    if isinstance(node, list):
        return [said for one in node for said in descriptions(one)]
    if not isinstance(node, dict):
        return []
    return ([str(node["/Alt"])] if "/Alt" in node else []) + (descriptions(node["/K"]) if "/K" in node else [])


def test_its_type_is_within_it_and_its_pages_are_numbered() -> None:
    read = reader(made("fr"))
    count = len(read.pages)
    for number, page in enumerate(read.pages, start=1):
        assert f"Page {number} sur {count}" in " ".join(page.extract_text().split())
        for font in page["/Resources"]["/Font"].values():
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            assert "AtkinsonHyperlegibleNext" in inner["/BaseFont"]
            assert "/FontFile2" in inner["/FontDescriptor"].get_object()


def test_what_a_name_says_is_no_markup() -> None:
    name = '#panic("x") *gras* $x$ @a <b>'
    assert name in text_of(small(a_programme(an_action(name))))


def test_a_sign_that_no_type_has_does_not_stop_it() -> None:
    made = small(a_programme(an_action("École \U000f0000")))
    assert "École" in text_of(made)
    assert reader(made).trailer["/Root"]["/MarkInfo"]["/Marked"]


def test_a_plan_that_cannot_be_says_what_clashes() -> None:
    late = an_action(quarters=2, obligation=Obligation(by=date(2027, 2, 1), reason="la loi"))
    said = text_of(small(a_programme(late)))
    assert "Aucun plan ne respecte toutes les contraintes." in said
    assert "la loi" in said
