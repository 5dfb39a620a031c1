"""`beffroi pooling plan` and `rank`, as one types them."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_pooling import answer, run
from tests.docs.pages import ROOT
from tests.pooling.paper.reading import text_of

EXAMPLE = ROOT / "examples/programmes/vendee.json"
PAIR: dict[str, Any] = {
    "name": "essai",
    "start": "2027-Q1",
    "quarters": 4,
    "valued_quarters": 8,
    "members": [{"name": "M"}],
    "actions": [
        {"name": "A", "scores": {}, "cost": 100, "benefits": {"M": 30}},
        {"name": "B", "scores": {}, "cost": 100, "benefits": {"M": 20}},
    ],
    "precedences": [{"before": "A", "after": "B"}],
}


def test_the_plan_is_one_object_on_standard_output(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "plan", "-", stdin=json.dumps(PAIR)) == 0
    printed = capfd.readouterr()
    found = json.loads(printed.out)
    assert (found["status"], found["value"], found["gap"]) == ("optimal", 130.0, 0.0)
    assert [(one["action"], one["start"], one["in_service"]) for one in found["actions"]] == [
        ("A", "2027-Q1", "2027-Q2"),
        ("B", "2027-Q2", "2027-Q3"),
    ]
    assert printed.err == ""


def test_choices_of_the_command_are_kept_and_priced(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ("plan", "-", "--pin", "A=2027-Q3", "--forbid", "B")
    assert run(monkeypatch, *words, stdin=json.dumps(PAIR)) == 0
    found = answer(capfd)
    assert [(one["action"], one["start"]) for one in found["actions"]] == [("A", "2027-Q3")]
    assert [(one["choices"], one["known"]) for one in found["prices"]] == [
        (["+A=2027-Q3"], 60.0),
        (["-B"], 0.0),
        (["+A=2027-Q3", "-B"], 80.0),
    ]


def test_prices_may_be_left_out(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "plan", "-", "--forbid", "B", "--no-prices", stdin=json.dumps(PAIR)) == 0
    assert answer(capfd)["prices"] == []


@pytest.mark.parametrize("words", [("--pin", "Z"), ("--forbid", "A=2031-Q1"), ("--pin", "")])
def test_a_choice_that_cannot_be_is_told(
    words: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "plan", "-", *words, stdin=json.dumps(PAIR)) == 1
    printed = capfd.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("--")


def test_what_clashes_is_told_in_words_and_as_json(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    budgets = [{"year": 2027, "amount": 150}]
    assert run(monkeypatch, "plan", "-", "--pin", "B", stdin=json.dumps({**PAIR, "budgets": budgets})) == 1
    printed = capfd.readouterr()
    found = json.loads(printed.out)
    assert (found["status"], found["minimal"], found["value"]) == ("infeasible", True, None)
    assert [one["rule"] for one in found["clashes"]] == ["precedence", "budget", "pin"]
    assert "- the budget of 2027 (€150)\n" in printed.err


def test_a_circle_of_precedences_is_told(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    round_about = [*PAIR["precedences"], {"before": "B", "after": "A"}]
    assert run(monkeypatch, "plan", "-", stdin=json.dumps({**PAIR, "precedences": round_about})) == 1
    printed = capfd.readouterr()
    assert printed.out == ""
    assert printed.err in (
        "precedences: go round in a circle: A → B → A\n",
        "precedences: go round in a circle: B → A → B\n",
    )


def test_a_table_is_printed_when_asked_for(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "plan", "-", "--format", "table", stdin=json.dumps(PAIR)) == 0
    printed = capfd.readouterr().out
    assert printed.startswith("2 actions chosen of 2.")
    assert "Q2 2027" in printed.replace("\u00a0", " ")


def test_what_is_warned_of_is_beside_the_result(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    offered = [{**PAIR["actions"][0], "offered_by": "un voisin"}, PAIR["actions"][1]]
    assert run(monkeypatch, "plan", "-", stdin=json.dumps({**PAIR, "actions": offered})) == 0
    printed = capfd.readouterr()
    assert json.loads(printed.out)["status"] == "optimal"
    assert printed.err == "“A” would duplicate: un voisin offers it already\n"


@pytest.mark.parametrize(("language", "title"), [("fr", "Qui paie, qui gagne"), ("en", "Who pays, who gains")])
def test_a_page_is_written_in_the_language_asked_for(
    language: str, title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    paths = ("--html", str(tmp_path / "plan.html"), "--pdf", str(tmp_path / "plan.pdf"))
    assert run(monkeypatch, "plan", str(EXAMPLE), "--no-prices", *paths, "--language", language) == 0
    assert answer(capfd)["status"] == "optimal"
    page = (tmp_path / "plan.html").read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in page
    assert title in page
    assert title in text_of((tmp_path / "plan.pdf").read_bytes())


def test_a_page_that_cannot_be_written_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "plan", "-", "--html", str(tmp_path / "no/plan.html"), stdin=json.dumps(PAIR)) == 1
    assert "cannot be written" in capfd.readouterr().err


def test_rank_prints_the_order_and_how_far_weights_hold(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "rank", str(EXAMPLE)) == 0
    found = answer(capfd)
    assert list(found) == ["actions", "weights", "opinions", "agreement"]
    assert [one["place"] for one in found["actions"]] == list(range(1, 16))
    assert sum(one["weight"] for one in found["weights"]) == pytest.approx(1, abs=1e-5)
    assert all(low <= one["weight"] <= high for one in found["weights"] for low, high in [one["same_order"]])


def test_rank_without_criteria_is_told(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "rank", "-", stdin=json.dumps(PAIR)) == 1
    assert capfd.readouterr().err == "criteria: expected one criterion at least\n"
