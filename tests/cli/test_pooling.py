"""`beffroi pooling`, as one types it."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from beffroi.cli import main
from beffroi.pooling.methods import METHODS

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
