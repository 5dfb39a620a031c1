"""`beffroi pooling`, as one types it."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from beffroi.cli import main
from beffroi.pooling.methods import METHODS
from tests.conftest import ROOT

PAIR = {"players": ["A", "B"], "coalition_costs": {"A": 6, "B": 10, "AB": 12}}


def run(monkeypatch: pytest.MonkeyPatch, *words: str, stdin: str = "") -> int:
    monkeypatch.setattr(sys, "argv", ["beffroi", "pooling", *words])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0)


def answer(capfd: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capfd.readouterr().out)


@pytest.mark.parametrize("name", METHODS)
def test_share_prints_one_object_whatever_the_method(
    name: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "share", "-", "--method", name, stdin=json.dumps(PAIR)) == 0
    found = answer(capfd)
    assert list(found) == ["method", "allocation", "core"]
    assert found["method"] == name
    assert sum(found["allocation"].values()) == pytest.approx(12)
    assert list(found["core"]) == ["inside", "blocking", "excess"]


def test_share_reads_a_file_and_names_who_blocks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    game = {"players": ["A", "B"], "coalition_costs": {"A": 1, "B": 10, "AB": 5}}
    (tmp_path / "game.json").write_text(json.dumps(game), encoding="utf-8")
    assert run(monkeypatch, "share", str(tmp_path / "game.json"), "--method", "equal-remaining-gains") == 0
    assert answer(capfd) == {
        "method": "equal-remaining-gains",
        "allocation": {"A": -2.0, "B": 7.0},
        "core": {"inside": True, "blocking": [], "excess": -3.0},
    }


def test_a_wrong_game_is_told_on_standard_error(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = {"players": ["A"], "coalition_costs": {"A": -1}}
    assert run(monkeypatch, "share", "-", "--method", "shapley", stdin=json.dumps(wrong)) == 1
    printed = capfd.readouterr()
    assert (printed.out, printed.err) == ("", "A: negative cost: -1\n")


def test_an_unknown_method_is_told_with_those_there_are(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "share", "-", "--method", "fair", stdin=json.dumps(PAIR)) == 1
    assert "shapley" in capfd.readouterr().err


def test_a_file_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "share", "nowhere.json", "--method", "shapley") == 1
    assert "nowhere.json" in capfd.readouterr().err


def test_stable_says_who_would_leave(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "paid.json").write_text('{"A": 7, "B": 5}', encoding="utf-8")
    words = ("stable", "-", "--allocation", str(tmp_path / "paid.json"))
    assert run(monkeypatch, *words, stdin=json.dumps(PAIR)) == 0
    assert answer(capfd) == {"inside": False, "blocking": ["A"], "excess": 1.0}


@pytest.mark.parametrize(
    "paid", ['{"A": 7}', '{"A": 7, "B": 6}', '{"A": 7, "B": "5"}', "[7, 5]", "{", '{"A": NaN, "B": 5}']
)
def test_an_allocation_that_is_none_is_told(
    paid: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "paid.json").write_text(paid, encoding="utf-8")
    words = ("stable", "-", "--allocation", str(tmp_path / "paid.json"))
    assert run(monkeypatch, *words, stdin=json.dumps(PAIR)) == 1
    assert capfd.readouterr().err.startswith("allocation: ")


def test_change_prints_each_before_and_after(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ("change", "-", "--without", "B", "--method", "shapley")
    assert run(monkeypatch, *words, stdin=json.dumps(PAIR)) == 0
    assert answer(capfd) == [
        {"member": "A", "before": 4.0, "after": 6.0, "difference": 2.0},
        {"member": "B", "before": 8.0, "after": None, "difference": -8.0},
    ]


def test_change_without_a_stranger_is_told(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    words = ("change", "-", "--without", "Z", "--method", "shapley")
    assert run(monkeypatch, *words, stdin=json.dumps(PAIR)) == 1
    assert "“Z”" in capfd.readouterr().err


MODEL = {
    "members": [{"name": name, "quantities": {"devices": count}} for name, count in (("A", 1), ("B", 1), ("C", 8))],
    "costs": [{"kind": "fixed", "amount": 60}, {"kind": "per-unit", "unit": "devices", "price": 10}],
}


def test_nearest_keeps_a_key_that_is_stable(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "nearest", "-", "--key", "devices", stdin=json.dumps(MODEL)) == 0
    found = answer(capfd)
    assert found["allocation"] == {"A": 16.0, "B": 16.0, "C": 128.0}
    assert (found["empty"], found["lacking"], found["holding"]) == (False, 0.0, [])


def test_nearest_lowers_who_pays_more_than_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "key.json").write_text('{"parts": [{"by": "members", "weight": 1}]}', encoding="utf-8")
    model = {**MODEL, "costs": [{"kind": "fixed", "amount": 6}, {"kind": "per-unit", "unit": "devices", "price": 10}]}
    assert run(monkeypatch, "nearest", "-", "--key", str(tmp_path / "key.json"), stdin=json.dumps(model)) == 0
    found = answer(capfd)
    assert found["holding"] == [["A", "B"]]
    assert found["allocation"] == pytest.approx({"A": 13.0, "B": 13.0, "C": 80.0}, abs=1e-3)


@pytest.mark.parametrize("key", ["drones", "nowhere.json"])
def test_nearest_tells_a_key_that_is_none(
    key: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "nearest", "-", "--key", key, stdin=json.dumps(MODEL)) == 1
    assert capfd.readouterr().err.startswith(f"{key}: ")


def test_methods_are_listed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(monkeypatch, "methods") == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(METHODS)


EXAMPLE = ROOT / "examples/groups/vendee.json"


def test_groups_prints_one_object_and_nothing_else_on_standard_output(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "groups", str(EXAMPLE)) == 0
    found = answer(capfd)
    assert found["method"] == "exact"
    assert found["groups"][0]["net"] > 0
    assert found["critical"]["proven"]


def test_groups_tells_on_standard_error_what_is_wrong(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    wrong = {**json.loads(EXAMPLE.read_text(encoding="utf-8")), "until": "2027-01-02"}
    assert run(monkeypatch, "groups", "-", stdin=json.dumps(wrong)) == 1
    told = capfd.readouterr()
    assert told.out == ""
    assert "until" in told.err
