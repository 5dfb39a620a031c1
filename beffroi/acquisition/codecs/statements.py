"""What a script holds between two calls, as far as its own text tells.

Most scripts declare functions and tables, and nothing else. Those need not be run again for each message, as long as
the tables are found unchanged afterwards (driver.js looks). Whatever is not plainly of that kind is run again.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

LONGEST = 64 * 1024
"""characters looked at; the few longer scripts are run again for each message"""
TOKEN = re.compile(
    r"""\s+|//[^\n]*|/\*.*?(?:\*/|\Z)"""
    r"""|(?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')"""
    r"""|(?P<template>`(?:[^`\\]|\\.)*`)"""
    r"""|(?P<word>[\w$][\w$.]*)|(?P<arrow>=>)|(?P<mark>.)""",
    re.S,
)
EXPRESSION = re.compile(r"/(?![*/])(?:[^/\\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+/[a-z]*")
BEFORE_EXPRESSION = frozenset("(,=:[!&|?{};<>+-*%~^") | {"return", "typeof", "case", "=>", ""}
OPENING, CLOSING = {"(": ")", "[": "]", "{": "}"}, frozenset(")]}")
NUMBER = re.compile(r"(?:0[xX][\da-fA-F]+|0[bB][01]+|\d[\d.]*(?:[eE]\d+)?)")
NAME = re.compile(r"[A-Za-z_$][\w$]*")
UNTOLD = frozenset({"eval", "Function", "this", "globalThis", "import", "export", "with"})
"""words that reach what the text does not show, or that `scripts.py` treats apart"""
NOT_DATA = frozenset({"(", "=", "function", "=>", "`", "new", "get", "set", "/"})


class Part(NamedTuple):
    """A token outside all brackets, or a whole pair of brackets: `pure` when what it holds is data."""

    token: str
    pure: bool = True


class Unclear(Exception):
    """The text is not plainly of functions and tables."""


@lru_cache(1024)
def held(source: str) -> list[str] | None:
    """The names of the functions and tables of a script that holds nothing else; none when that is not plain."""
    if len(source) > LONGEST:
        return None
    try:
        return _Statements(list(_parts(source))).names()
    except Unclear:
        return None


def _tokens(source: str) -> Iterator[str]:
    at, before = 0, ""
    while at < len(source):
        found = EXPRESSION.match(source, at) if source[at] == "/" and before in BEFORE_EXPRESSION else None
        if found:
            at, before = found.end(), "/"
            yield before
            continue
        token = TOKEN.match(source, at)
        if token is None:
            raise Unclear
        at = token.end()
        if token.lastgroup is not None:
            before = {"text": '"', "template": "`"}.get(token.lastgroup) or token[0]
            yield token[0] if token.lastgroup == "text" and token[0][1:-1] == "use strict" else before


def _parts(source: str) -> Iterator[Part]:
    open_: list[str] = []
    pure = True
    for token in _tokens(source):
        if token.partition(".")[0] in UNTOLD:
            raise Unclear
        if not open_ and token not in OPENING and token not in CLOSING:
            yield Part(token)
            continue
        if token in OPENING:
            pure = pure and token != "(" if open_ else True
            open_.append(OPENING[token])
        elif token in CLOSING:
            if not open_ or open_.pop() != token:
                raise Unclear
            if not open_:
                yield Part(token, pure)
        else:
            pure = pure and token not in NOT_DATA
    if open_:
        raise Unclear


class _Statements:
    """Reads parts from the first to the last."""

    def __init__(self, parts: list[Part]) -> None:
        self._parts = [*parts, Part("")]
        self._at = 0

    def names(self) -> list[str]:
        found: list[str] = []
        while self._token():
            if self._token() in ("var", "let", "const"):
                found += self._declared()
            elif self._token() in ("function", "async"):
                found.append(self._function())
            elif self._token() not in (";", '"use strict"', "'use strict'"):
                raise Unclear
            else:
                self._at += 1
        return found

    def _token(self) -> str:
        return self._parts[self._at].token

    def _next(self, *wanted: str) -> Part:
        part = self._parts[self._at]
        if wanted and part.token not in wanted:
            raise Unclear
        self._at += 1
        return part

    def _name(self) -> str:
        name = self._next().token
        if not NAME.fullmatch(name):
            raise Unclear
        return name

    def _function(self) -> str:
        if self._token() == "async":
            self._at += 1
        self._next("function")
        name = self._name()
        self._next(")")
        self._next("}")
        return name

    def _declared(self) -> Iterator[str]:
        self._at += 1
        while True:
            yield self._name()
            if self._token() == "=":
                self._at += 1
                self._value()
            if self._token() != ",":
                break
            self._at += 1
        if self._token() not in (";", "", "var", "let", "const", "function", "async"):
            raise Unclear

    def _value(self) -> None:
        """One literal: of data, or of a function."""
        if self._token() == "function":
            self._at += 1
            if self._token() != ")":
                self._name()
            self._next(")")
            self._next("}")
            return
        if self._token() == "-":
            self._at += 1
        part = self._next()
        if part.token == ")" and self._token() == "=>":
            self._at += 1
            self._next("}")
        elif not (part.token in ('"', "true", "false", "null", "undefined") or NUMBER.fullmatch(part.token)) and not (
            part.token in ("}", "]") and part.pure
        ):
            raise Unclear
