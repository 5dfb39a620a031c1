"""The pages tell the truth: links, commands, generated pages, maps and tables, compared with the code."""

import ast
import importlib.util
import json
import re
import tomllib
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args, get_origin
from urllib.parse import parse_qsl, urlsplit

import jsonschema
import pytest
import typer
from typer.main import get_command

from beffroi.api.application import describe
from beffroi.api.formats import PARSERS, PRODUCED
from beffroi.cli import app
from beffroi.observations import Quality
from beffroi.registry.columns import COLUMNS
from beffroi.registry.model import ValueKind
from beffroi.registry.relations import ALLOWED
from tests.conftest import Territory
from tests.docs.pages import PAGES, ROOT, Shown, blocks, name_of, programs, prose, text_of

ARCHITECTURE = ROOT / "docs/explanation/architecture.md"
HTTP = ROOT / "docs/reference/http.md"
REGISTRY = ROOT / "docs/reference/registry.md"
METRICS = ROOT / "docs/reference/metrics.md"
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
MACHINE = re.compile(r"(?<![\w.])/(?:work|tmp|root|home)\b")


@cache
def described() -> dict[str, Any]:
    return describe()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_link_and_picture_of_the_page_resolves(page: Path) -> None:
    for target in LINK.findall(prose(page)):
        address = urlsplit(target)
        if address.scheme:
            continue
        file = (page.parent / address.path).resolve() if address.path else page
        assert file.exists(), target
        if address.fragment:
            assert address.fragment in {_anchor(heading) for heading in HEADING.findall(text_of(file))}, target


def _anchor(heading: str) -> str:
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_page_names_no_place_of_one_machine(page: Path) -> None:
    assert not MACHINE.findall(text_of(page))


def test_every_page_of_the_documentation_is_in_its_index() -> None:
    index = ROOT / "docs/README.md"
    linked = {(index.parent / urlsplit(target).path).resolve() for target in LINK.findall(prose(index))}
    assert {page for page in PAGES if page.is_relative_to(index.parent) and page != index} <= linked


@pytest.mark.parametrize(
    "path",
    ["settings.md", "commands.md", "errors.md", "programme.schema.json", "groups.schema.json", "openapi.json"],
)
def test_what_is_generated_is_up_to_date(path: str) -> None:
    pages: dict[Path, str] = _tool("reference").pages()
    ((file, content),) = ((file, content) for file, content in pages.items() if file.name == path)
    assert file.read_text(encoding="utf-8") == content, "make reference"


def _tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / f"tools/{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_folder_map_is_what_the_rooms_say_of_themselves() -> None:
    (shown,) = blocks(ARCHITECTURE, "map")
    told = {line.split(maxsplit=1)[0]: line.split(maxsplit=1)[1] for line in shown.splitlines()}
    rooms = {
        **{f"{path.parent.name}/": path for path in (ROOT / "beffroi").glob("*/__init__.py")},
        **{path.name: path for path in (ROOT / "beffroi").glob("[a-z]*.py")},
    }
    assert told == {
        name: (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").splitlines()[0]
        for name, path in rooms.items()
    }


def test_the_layers_shown_are_those_that_are_enforced() -> None:
    (shown,) = blocks(ARCHITECTURE, "layers")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (contract,) = project["tool"]["importlinter"]["contracts"]
    assert shown.splitlines() == contract["layers"]


@pytest.mark.parametrize("shown", programs("beffroi"), ids=str)
def test_the_command_exists_with_its_options(shown: Shown) -> None:
    command: Any = get_command(app)
    words = [word for word in shown.words if word != "…"]
    while words and (children := getattr(command, "commands", None)):
        if words[0] == "COMMAND":
            return
        command = children[words.pop(0)]
    options = {name: one for one in command.params for name in one.opts if one.param_type_name == "option"}
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    given: set[str] = set()
    positional = 0
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            positional += 1
            continue
        if word == "--help":
            continue
        given.add(options[word].name)
        if not options[word].is_flag:
            _check_value(options[word], words.pop(0) if words else "")
    assert positional <= len(arguments) or any(one.nargs == -1 for one in arguments)
    if shown.whole:
        assert {one.name for one in options.values() if one.required} <= given
        assert positional >= sum(one.required for one in arguments)


def _check_value(option: typer.core.TyperOption, value: str) -> None:
    annotation = option.type_descriptor.annotation
    assert value
    assert get_origin(annotation) is not Literal or value in get_args(annotation)


@pytest.mark.parametrize("shown", programs("make"), ids=str)
def test_the_target_is_in_the_makefile(shown: Shown) -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert shown.words[0] in targets


@pytest.mark.parametrize("shown", programs("curl"), ids=str)
def test_the_address_asked_exists_and_takes_what_is_sent(shown: Shown) -> None:
    address = next((word for word in shown.words if word.startswith(("$URL", "http://localhost:8010"))), None)
    assert address is not None
    path, query = _asked(address)
    if path == "/health":
        return
    sent = next((shown.words[at + 1] for at, word in enumerate(shown.words) if word == "-d"), None)
    method = next((shown.words[at + 1] for at, word in enumerate(shown.words) if word == "-X"), None)
    method = method or ("POST" if {"-d", "-F", "--data-binary"} & set(shown.words) else "GET")
    operation = _operation(method.lower(), path)
    known = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
    assert query <= known
    if sent is not None:
        document = described()
        schema = operation["requestBody"]["content"]["application/json"]["schema"]
        jsonschema.validate(json.loads(sent), {**schema, "components": document["components"]})


def _asked(address: str) -> tuple[str, set[str]]:
    parts = urlsplit(address.removeprefix("$URL").removeprefix("http://localhost:8010").removeprefix("/api/v1"))
    return parts.path, {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}


def _operation(method: str, path: str) -> dict[str, Any]:
    for template, operations in described()["paths"].items():
        pattern = re.sub(r"\{\w+\}", "[^/]+", template.removeprefix("/api/v1"))
        if re.fullmatch(pattern, path) and method in operations:
            found: dict[str, Any] = operations[method]
            return found
    raise AssertionError(f"no {method} {path}")


def test_paths_named_in_prose_exist() -> None:
    known = {path.removeprefix("/api/v1") for path in described()["paths"]}
    for page in PAGES:
        for path in re.findall(r"`(?:GET|POST|PUT|PATCH|DELETE) (?:/api/v1)?(/[\w/{}-]+)`", prose(page)):
            assert path in known, f"{name_of(page)}: {path}"


def test_every_quality_flag_is_documented() -> None:
    told = re.findall(r"^\| `([A-Z_]+)` \| (\d+) \|", text_of(HTTP), re.MULTILINE)
    assert told == [(flag.name, str(flag.value)) for flag in Quality]


@pytest.mark.parametrize("media", sorted({*PARSERS, *PRODUCED}))
def test_the_format_of_observations_is_documented(media: str) -> None:
    assert f"`{media}`" in text_of(HTTP)


def test_every_metric_is_documented(territory: Territory) -> None:
    territory.as_("stranger").get("/session")
    page = territory.client.get("/metrics").text
    names = {name for name in re.findall(r"^# TYPE (\w+) ", page, re.MULTILINE) if not name.endswith("_created")}
    assert set(re.findall(r"^\| `(beffroi_\w+)` \|", text_of(METRICS), re.MULTILINE)) == names


def test_the_columns_of_files_are_documented() -> None:
    rows = [
        f"| `{noun}` | {', '.join(_column(one.field, one.names, one.required) for one in columns)} |"
        for noun, columns in COLUMNS.items()
    ]
    assert "\n".join(rows) in text_of(REGISTRY)


def _column(field: str, names: tuple[str, ...], required: bool) -> str:
    shown = f"**`{field}`**" if required else f"`{field}`"
    return f"{shown} ({', '.join(names)})" if names else shown


def test_every_kind_of_relation_and_of_value_is_documented() -> None:
    rows = set(re.findall(r"^\| `([a-z ]+)` \|", text_of(REGISTRY), re.MULTILINE))
    assert {*ALLOWED, *get_args(ValueKind)} <= rows
