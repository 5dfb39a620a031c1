"""Which scripts plainly hold functions and tables only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from beffroi.acquisition.codecs import statements


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("function a() { return /}/.test('}'); }\nconst b = { c: [1, 'x;'] }, d = -2\nvar e", ["a", "b", "d", "e"]),
        ("'use strict'; // it's\nvar f = (x) => { return x / 2 / 3; };", ["f"]),
        ("var a = function () { return `${'{'}`; };", ["a"]),
        ("/* } */ async function a(b = {}) {}", ["a"]),
        ("", []),
        ("var a = b;", None),
        ("var a = { b: function () {} };", None),
        ("var a = { get b() { return 1; } };", None),
        ("var a = [f()];", None),
        ("var a = new Map();", None),
        ("var a = 1 + 2;", None),
        ("var a = 1\n[2].forEach(f);", None),
        ("if (x) { var a = 1; }", None),
        ("a = 1;", None),
        ("function a() { eval('var b'); }", None),
        ("function a() { this.b = 1; }", None),
        ("class A {}", None),
        ("function a() { ", None),
        ("function a() ] }", None),
    ],
)
def test_what_is_held_is_told_or_it_is_not_plain(source: str, names: list[str] | None) -> None:
    assert statements.held(source) == names


@given(st.text(st.sampled_from("\"'`/*\\{}()[]=;,\n ab1$:.-")))
def test_any_text_is_looked_at(source: str) -> None:
    statements.held(source)
