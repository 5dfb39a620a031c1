"""Games read from JSON, and what is told of those that are wrong."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.errors import Fault, Invalid
from beffroi.pooling.coalition_names import of_letters
from beffroi.pooling.game_file import read
from beffroi.pooling.games import Game
from tests.pooling.builders import a_document, games, listed


def faults(document: Any) -> list[Fault]:
    with pytest.raises(Invalid) as refused:
        read(document if isinstance(document, str) else json.dumps(document))
    return list(refused.value.faults)


def only(document: Any) -> tuple[str, str]:
    (fault,) = faults(document)
    return fault.field, fault.text.en


def test_groups_are_players_joined_in_any_order() -> None:
    game = read('{"players": ["A", "B"], "coalition_costs": {"BA": 3, "B": 2, "A": 1}}')
    assert listed(game.costs) == [0, 1, 2, 3]


def test_long_names_are_joined_by_plus() -> None:
    game = read(json.dumps(a_document(("Anse", "Bron", "Cret"), "+")))
    assert listed(game.costs) == [0, 1, 1, 2, 1, 2, 2, 3]


def test_long_names_are_joined_by_nothing_where_it_is_clear() -> None:
    assert read(json.dumps(a_document(("Anse", "Bron")))).total == 2


def test_the_empty_group_may_be_there_if_it_costs_nothing() -> None:
    assert read(json.dumps(a_document(**{"": 0}))).total == 2
    assert only(a_document(**{"": 1}))[1] == "the empty group costs nothing"


def test_with_plus_a_name_alone_is_a_player() -> None:
    game = read(json.dumps(a_document(("A", "AB", "B"), "+")))
    assert game.total == 3


def test_names_that_can_be_read_in_two_ways_ask_for_plus() -> None:
    found = faults({"players": ["A", "AB", "B"], "coalition_costs": {"A": 1, "B": 1, "AB": 1, "AAB": 2}})
    assert found[0].field == "AB"
    assert "“+”" in found[0].text.en


def test_players_may_be_numbers() -> None:
    assert read('{"players": [1, 2], "coalition_costs": {"1": 1, "2": 1, "12": 2}}').players == ("1", "2")


def test_missing_groups_are_named() -> None:
    document = a_document(("A", "B", "C"))
    del document["coalition_costs"]["AC"]
    assert only(document) == ("coalition_costs", "groups without a cost: A+C")


def test_many_missing_groups_are_counted() -> None:
    assert (
        only({"players": list("ABCD"), "coalition_costs": {}})[1]
        == "groups without a cost: A, B, A+B, C, A+C and 10 more"
    )


def test_a_group_written_twice_is_refused() -> None:
    assert only(a_document(BA=2.0)) == ("BA", "the same group as “AB”")
    assert only('{"players": ["A"], "coalition_costs": {"A": 1, "A": 1}}') == ("A", "written twice")


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("-1", "negative cost: -1"),
        ("NaN", "cost that is not finite: nan"),
        ("1e999", "cost that is not finite: inf"),
        ("1" * 400, f"cost that is not finite: {'1' * 400}"),
        ('"12"', "expected a number"),
        ("true", "expected a number"),
        ("null", "expected a number"),
    ],
)
def test_costs_are_finite_numbers_from_0(value: str, told: str) -> None:
    assert only(f'{{"players": ["A"], "coalition_costs": {{"A": {value}}}}}') == ("A", told)


def test_unknown_players_are_named() -> None:
    assert only(a_document(AZ=1))[1] == "unknown member: “Z”"
    assert only(a_document(("Anse", "Bron"), "+", **{"Anse+Brion": 1}))[1] == "unknown member: “Brion”"
    assert only(a_document(("Anse", "Bron"), AnseX=1))[1] == "does not name members, each once"


def test_a_player_twice_in_a_group_is_refused() -> None:
    assert only(a_document(AAB=1))[1] == "“A” is in it twice"


@pytest.mark.parametrize(
    ("players", "field"),
    [([], "players"), ("AB", "players"), (["A", "A"], "players[1]"), (["A+B"], "players[0]"), ([""], "players[0]")],
)
def test_players_are_distinct_names(players: Any, field: str) -> None:
    assert only({"players": players, "coalition_costs": {}})[0] == field


def test_more_than_twenty_members_need_a_model() -> None:
    field, text = only({"players": [str(one) for one in range(21)], "coalition_costs": {}})
    assert (field, text.split(":")[0]) == ("players", "21 members")


@pytest.mark.parametrize("content", ["", "{", "[1]", "3", '{"players": ["A"]}', "[" * 100_000, '{"costs": []}'])
def test_what_is_no_game_is_told(content: str) -> None:
    assert faults(content)


def test_bytes_that_are_no_text_are_told() -> None:
    with pytest.raises(Invalid):
        read(b"\xff\xfe{")


def test_an_airport_is_what_each_alone_needs() -> None:
    game = read('{"costs": [8, 11]}')
    assert (game.players, listed(game.costs)) == (("1", "2"), [0, 8, 11, 11])
    assert read('{"players": ["x", "y"], "costs": [8, 11]}').players == ("x", "y")
    assert only('{"players": ["x"], "costs": [8, 11]}')[0] == "players"


def test_faults_are_told_in_french_too() -> None:
    (fault,) = faults(a_document(AZ=1))
    assert fault.text.fr == "membre inconnu : «\u00a0Z\u00a0»"


def test_not_every_fault_of_a_bad_file_is_listed() -> None:
    found = faults({"players": ["A"], "coalition_costs": {str(one): 1 for one in range(50)}})
    assert len(found) == 6
    assert "46 more faults" in found[-1].text.en


@pytest.mark.parametrize("name", ["AAB", "ABZ", "AA", "É", ""])
def test_names_read_all_at_once_are_only_those_that_are_right(name: str) -> None:
    assert of_letters(("A", "B", "C"), ["A", "CB", "CAB"]) is not None
    assert of_letters(("A", "B", "C"), ["A", "CB", name]) is None


@given(game=games(least=1), data=st.data())
def test_a_table_of_letters_is_read_as_one_joined_by_plus(game: Game, data: st.DataObject) -> None:
    masks = data.draw(st.permutations(range(1, game.everyone + 1)))
    for joined in ("", "+"):
        table = {joined.join(reversed(game.names(mask))): game.costs[mask] for mask in masks}
        assert (
            read(json.dumps({"players": game.players, "coalition_costs": table})).costs.tolist() == game.costs.tolist()
        )
