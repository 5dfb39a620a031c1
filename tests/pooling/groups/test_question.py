"""A question as a file: what cannot be is refused with what is wrong."""

import json
from datetime import date
from typing import Any

import pytest

from beffroi.errors import Invalid
from beffroi.pooling.groups import places, question
from tests.pooling.groups.builders import a_candidate

DOCUMENT: dict[str, Any] = {
    "costs": [{"kind": "fixed", "amount": 100}, {"kind": "per-unit", "unit": "devices", "price": 1}],
    "members": [
        {"name": "A", "quantities": {"devices": 1}, "longitude": -1.4, "latitude": 46.7},
        {"name": "B", "quantities": {"devices": 2}, "longitude": -1.5, "latitude": 46.7},
    ],
    "sharing_key": {"parts": [{"by": "devices"}]},
    "from": "2027-01-01",
    "until": "2031-01-01",
}


def read(**changes: Any) -> question.Question:
    return question.read(json.dumps({**DOCUMENT, **changes}).encode())


def member(**changes: Any) -> list[dict[str, Any]]:
    first, second = DOCUMENT["members"]
    return [{**first, **changes}, second]


def test_a_question_is_read() -> None:
    asked = read(distance={"per_km": 2.5, "farthest": 40})
    assert (asked.start, len(asked.members)) == (date(2027, 1, 1), 2)


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"members": member(quantities={"devices": -1})}, ["members[0].devices"]),
        ({"members": member(name="B")}, ["members[1]"]),
        ({"members": member(contract={"ends": "2027-12-31", "yearly": -5})}, ["members[0].contract.yearly"]),
        ({"members": member(alone=-1, longitude=None), "distance": {}}, ["members[0].alone", "members[0]"]),
        ({"until": "2027-02-01"}, ["until"]),
        ({"until": "2026-01-01"}, ["until"]),
        ({"costs": [{"kind": "per-unit", "unit": "km", "price": 1}]}, ["km"]),
        ({"costs": []}, ["question"]),
        ({"sharing_key": {"parts": [{"by": "hours"}]}}, ["hours"]),
        ({"distance": {"farthest": 0}}, ["distance.farthest"]),
        ({"distance": {"per_km": -1}}, ["distance.per_km"]),
        ({"unknown": 1}, ["question"]),
    ],
)
def test_what_cannot_be_is_named(changes: dict[str, Any], fields: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        read(**changes)
    assert [fault.field for fault in refused.value.faults] == fields


def test_what_is_no_json_is_refused() -> None:
    with pytest.raises(Invalid):
        question.read(b"\xff{")


def test_distances_are_those_of_the_sphere() -> None:
    """La Roche-sur-Yon to Les Sables-d'Olonne: about 33 km as the crow flies."""
    members = [
        a_candidate("A", longitude=-1.4264, latitude=46.6705),
        a_candidate("B", longitude=-1.7833, latitude=46.4970),
    ]
    far = places.kilometres(members)
    assert far[0, 1] == pytest.approx(33.4, abs=0.5)
    assert far[0, 0] == 0
