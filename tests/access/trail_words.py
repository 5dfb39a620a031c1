"""Every word that the program may write in the audit trail, found in its source."""

import ast
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from pathlib import Path

SOURCE = Path(__file__).parent.parent.parent / "beffroi"
WRITERS = {("audit", "record"): 2, ("views", "note"): 1}
"""who writes in the trail, and where its word is among the arguments"""
NAMED = {
    "noun.name": {"site", "asset", "device", "series"},
    "table.name": {"asset_kind", "observed_property", "service"},
}
"""what only the running program knows"""


@dataclass(frozen=True)
class Module:
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @cached_property
    def calls(self) -> list[tuple[ast.Call, ast.FunctionDef | ast.AsyncFunctionDef | None]]:
        """Each with the function it is in."""
        found = []

        def look(node: ast.AST, inside: ast.FunctionDef | ast.AsyncFunctionDef | None) -> None:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.Call):
                    found.append((child, inside))
                is_function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
                look(child, child if is_function else inside)

        look(self.tree, None)
        return found

    @cached_property
    def named(self) -> dict[str, list[tuple[ast.Call, ast.FunctionDef | ast.AsyncFunctionDef | None]]]:
        """The calls, by the name of what is called."""
        found = defaultdict(list)
        for call, inside in self.calls:
            found[_called(call)[1]].append((call, inside))
        return found

    @cached_property
    def imported(self) -> set[tuple[str | None, str]]:
        return {
            (node.module, alias.name)
            for node in ast.walk(self.tree)
            if isinstance(node, ast.ImportFrom)
            for alias in node.names
        }


@cache
def modules(folder: Path = SOURCE) -> tuple[Module, ...]:
    return tuple(Module(path) for path in sorted(folder.rglob("*.py")))


def words(among: Sequence[Module]) -> set[str]:
    """Raises `LookupError` for a word that the source does not tell."""
    found: set[str] = set()
    for module in among:
        if not any(f"{holder}.{called}(" in module.text for holder, called in WRITERS):
            continue
        for call, inside in module.calls:
            place = WRITERS.get(_called(call))
            if place is None:
                continue
            given = {one.arg: one.value for one in call.keywords}
            told = call.args[place] if len(call.args) > place else given["action"]
            found |= set(_values(told, inside, module, among))
    return found


def _called(call: ast.Call) -> tuple[str, str]:
    """The object and the method, or a function by itself."""
    if isinstance(call.func, ast.Attribute):
        holder = call.func.value
        return (holder.attr if isinstance(holder, ast.Attribute) else getattr(holder, "id", "")), call.func.attr
    return "", getattr(call.func, "id", "")


def _values(
    told: ast.expr, inside: ast.FunctionDef | ast.AsyncFunctionDef | None, module: Module, among: Sequence[Module]
) -> Iterator[str]:
    """All that an expression may be worth."""
    match told:
        case ast.Constant(value=str(word)):
            yield word
        case ast.JoinedStr(values=parts):
            worth = [list(_values(one, inside, module, among)) for one in parts]
            yield from map("".join, product(*worth))
        case ast.Attribute() if ast.unparse(told) in NAMED:
            yield from NAMED[ast.unparse(told)]
        case ast.Name(id=name) if inside is not None and name in _parameters(inside):
            yield from _given(inside, name, module, among)
        case _:
            for one in _alternatives(told, inside, module):
                yield from _values(one, inside, module, among)


def _alternatives(
    told: ast.expr, inside: ast.FunctionDef | ast.AsyncFunctionDef | None, module: Module
) -> list[ast.expr]:
    match told:
        case ast.FormattedValue(value=value):
            return [value]
        case ast.IfExp(body=one, orelse=other):
            return [one, other]
        case ast.Subscript(value=ast.Dict(values=held)):
            return held
        case ast.Name(id=name) if inside is not None and (held := _assigned(inside, name)):
            return held
        case _:
            raise LookupError(f"{module.path}:{told.lineno}: which word is {ast.unparse(told)}?")


def _parameters(function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    return [one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def _assigned(function: ast.FunctionDef | ast.AsyncFunctionDef, name: str) -> list[ast.expr]:
    simple = [one for one in ast.walk(function) if isinstance(one, ast.Assign | ast.AnnAssign)]
    return [
        one.value
        for one in simple
        for target in (one.targets if isinstance(one, ast.Assign) else [one.target])
        if isinstance(target, ast.Name) and target.id == name and one.value is not None
    ]


def _given(
    function: ast.FunctionDef | ast.AsyncFunctionDef, name: str, module: Module, among: Sequence[Module]
) -> Iterator[str]:
    """What callers of `function` give for its parameter `name`; only its own module calls a private one."""
    place = [one for one in _parameters(function) if one not in ("self", "cls")].index(name)
    for one in [module] if function.name.startswith("_") else among:
        if f"{function.name}(" not in one.text:
            continue
        for call, inside in one.named[function.name]:
            holder, called = _called(call)
            if not (holder in ("", "self") if one is module else _reaches(one, module, holder, called)):
                continue
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            told = given.get(name) or (call.args[place] if len(call.args) > place else None)
            if told is not None:
                yield from _values(told, inside, one, among)


def _reaches(one: Module, other: Module, holder: str, called: str) -> bool:
    """Whether a name that `one` calls was imported from `other`."""
    path = ".".join(other.path.with_suffix("").relative_to(SOURCE.parent).parts)
    package, _, name = path.rpartition(".")
    return (path, called) in one.imported or (holder == name and (package, name) in one.imported)
