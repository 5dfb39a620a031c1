"""What every room's tests share: the real data beside the checkout, and a small running territory."""

import gc
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import httpx2
import hypothesis
import pytest
import structlog
from playwright.sync_api import Browser, sync_playwright
from starlette.testclient import TestClient

from beffroi.access import Scope, keys, people, roles
from beffroi.app import Instance, database_of, opened
from beffroi.database import Transaction
from beffroi.registry import assets, devices, series, structures
from beffroi.serving import asgi
from beffroi.settings import Settings
from tests.disks import disk  # noqa: F401 - a fixture
from tests.trials import SOAK, tried

structlog.configure(
    processors=[structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
)

hypothesis.settings.register_profile("by default", tried())
hypothesis.settings.load_profile("by default")

REACHABLE = "127.0.0.1, localhost"
"""tests' own servers are here: instances in processes of their own, and commands, may reach them too"""
os.environ.setdefault("BEFFROI_REACHABLE", REACHABLE)

CHROMIUMS = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
"""the first there is: the shell draws pages as the other does, without a window's own pages to draw around each"""
ARGUMENTS = ["--no-sandbox", "--enable-unsafe-swiftshader"]
"""maps are drawn by the processor where there is no graphics card"""
ROOT = Path(__file__).parent.parent
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
ROCHE, OLONNE, CHALLANS = "commune-85191", "commune-85194", "commune-85047"

LONG = (
    "tests/api/test_killed_downlinks.py",
    "tests/api/test_killed_subscribers.py",
    "tests/console/test_every_page.py",
    "tests/console/test_pages.py",
    "tests/console/test_territory.py",
    "tests/demo/test_departement.py",
    "tests/demo/test_preparation.py",
    "tests/observations/test_faults.py",
    "tests/observations/test_kill.py",
    "tests/pipeline/test_messages_kill.py",
)
"""files of tests that take long, however few they are: long campaigns, whole demonstrations, heavy pages"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files come first, then those of many tests: one begun last would keep a single processor at work."""
    tests = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path.relative_to(ROOT).as_posix() not in LONG, -tests[item.path]))


def pytest_collection_finish() -> None:
    """What is there by now stays: looking for what goes away among it takes a part of every test."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """DuckDB complains of what outlives it."""
    gc.unfreeze()


@pytest.fixture(scope="session")
def soak() -> bool:
    """Whether the long campaigns are asked for."""
    return SOAK


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files, kept beside the checkout and never inside it."""
    folder = Path(os.environ.get("BEFFROI_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data in {folder}")
    return folder


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One a file of tests: while it is there, Playwright keeps an event loop in their thread, and no other can run."""
    chromium = next((one for one in CHROMIUMS if one.exists()), None)
    if chromium is None:
        pytest.skip(f"no browser at {' or '.join(map(str, CHROMIUMS))}")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Territory:
    """A syndicate and three communes, with an API client for each kind of caller. Builders have defaults."""

    instance: Instance
    client: TestClient
    structure: str
    keys: dict[str, str]
    made: int = 0

    def as_(self, who: str, **headers: str) -> "Caller":
        """A caller by name: `roche` (administrator's key), `roche reader`, `olonne`, `syndicate`… or `stranger`."""
        token = self.keys.get(who)
        if token is None and who != "stranger":
            raise KeyError(who)
        return Caller(self.client, {**({"Authorization": f"Bearer {token}"} if token else {}), **headers})

    @property
    def system(self) -> Scope:
        return Scope.system("test")

    def key(self, collectivity: str, right: str, **more: Any) -> str:
        with self.instance.rooms.database.write() as tx:
            token = _key(tx, collectivity, right, **more)
        self.instance.rooms.changed()
        return token

    def person(self, email: str, collectivity: str, role: str, password: str | None = None) -> str:
        with self.instance.rooms.database.write() as tx:
            one = people.add(self.system, tx, people.NewPerson(email=email, name=email), now=NOW, password=password)
            roles.grant(self.system, tx, one.key, collectivity, role, now=NOW)  # type: ignore[arg-type]
        self.instance.rooms.changed()
        return one.key

    def _write(self, create: Callable[..., Any], new: Any) -> Any:
        with self.instance.rooms.database.write() as tx:
            made = create(self.system, tx, new, now=NOW)
        self.instance.rooms.changed()
        return made

    def _given(self, defaults: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
        self.made += 1
        return {"code": f"thing-{self.made}", "name": f"Objet {self.made}", **defaults, **changes}

    def an_asset(self, **changes: Any) -> Any:
        given = self._given({"owner": ROCHE, "kind": "building"}, changes)
        return self._write(assets.create, assets.NewAsset(**given))

    def a_device(self, **changes: Any) -> Any:
        given = self._given({"owner": ROCHE, "kind": "sensor", "service": "buildings"}, changes)
        return self._write(devices.create, devices.NewDevice(**given))

    def a_series(self, **changes: Any) -> Any:
        given = self._given({"owner": ROCHE, "observed_property": "temperature", "service": "buildings"}, changes)
        return self._write(series.create, series.NewSeries(**given))


@dataclass(frozen=True)
class Caller:
    """Requests under `/api/v1` with one caller's credentials."""

    client: TestClient
    headers: dict[str, str]

    def __call__(self, method: str, path: str, **options: Any) -> httpx2.Response:
        headers = {**self.headers, **options.pop("headers", {})}
        return self.client.request(method, f"/api/v1{path}", headers=headers, **options)

    def get(self, path: str, **options: Any) -> httpx2.Response:
        return self("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx2.Response:
        return self("POST", path, **options)

    def put(self, path: str, **options: Any) -> httpx2.Response:
        return self("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> httpx2.Response:
        return self("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> httpx2.Response:
        return self("DELETE", path, **options)


@dataclass(frozen=True)
class Beginning:
    """What every territory begins with: its folder, to be copied; its structure; keys by name."""

    folder: Path
    structure: str
    keys: dict[str, str]


@cache
def _beginning() -> Beginning:
    folder = Path(tempfile.mkdtemp(prefix="beffroi-tests-"))
    database = database_of(_settings(folder))
    system = Scope.system("test")
    with database.write() as tx:
        new = structures.NewStructure(form="syndicat", name="Syndicat d'essai")
        structure = structures.init(system, tx, new, now=NOW).key
        structures.enrol(system, tx, [ROCHE, OLONNE, CHALLANS], date(2026, 1, 1), now=NOW)
        tokens = {"syndicate": _key(tx, structure, "administer")}
        for name, collectivity in (("roche", ROCHE), ("olonne", OLONNE)):
            tokens[name] = _key(tx, collectivity, "administer")
            for word, right in (("reader", "read"), ("editor", "edit"), ("operator", "operate")):
                tokens[f"{name} {word}"] = _key(tx, collectivity, right)
    database.close()
    return Beginning(folder / "data", structure, tokens)


def _key(tx: Transaction, collectivity: str, right: str, **more: Any) -> str:
    new = keys.NewKey(collectivity=collectivity, name=f"{collectivity} {right}", right=right, **more)  # type: ignore[arg-type]
    return keys.make(Scope.system("test"), tx, new, now=NOW).token


def _settings(folder: Path, **given: Any) -> Settings:
    defaults = {"offline": True, "reachable": REACHABLE, "folders": str(folder / "drops")}
    return Settings(data=folder / "data", **{**defaults, **given})


@contextmanager
def a_territory(folder: Path, **settings: Any) -> Iterator[Territory]:
    """A real instance in `folder`, answered in this process; it asks nothing of any other machine unless `settings`
    say so."""
    shutil.copytree(_beginning().folder, folder / "data")
    with (
        opened(_settings(folder, **settings)) as instance,
        TestClient(asgi(instance), raise_server_exceptions=False) as client,
    ):
        yield Territory(instance, client, _beginning().structure, dict(_beginning().keys))


@pytest.fixture
def territory(tmp_path: Path) -> Iterator[Territory]:
    with a_territory(tmp_path) as made:
        yield made


@dataclass(frozen=True)
class Served:
    """A process of its own, as users run it: its address, its folder, the one-time link it printed."""

    url: str
    data: Path
    link: str
    process: "subprocess.Popen[str]"


def free_port() -> int:
    with socket.socket() as trying:
        trying.bind(("127.0.0.1", 0))
        port: int = trying.getsockname()[1]
    return port


@contextmanager
def running(*command: str, data: Path, port: int | None = None, **settings: str) -> Iterator[Served]:
    """`beffroi COMMAND` until it says where it answers, stopped as an operator would at the end; it asks nothing of any
    other machine unless `settings` say so."""
    port = port or free_port()
    arguments = [sys.executable, "-m", "beffroi", *command, "--data", str(data), "--port", str(port)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8", "BEFFROI_OFFLINE": "true"}
    environment |= {f"BEFFROI_{name.upper()}": value for name, value in settings.items()}
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout
    url, link = f"http://localhost:{port}", ""
    try:
        for line in process.stdout:
            if "#token=" in line:
                link = line.strip()
            if link or (command[0] != "demo" and line.strip().endswith(url)):
                break
        yield Served(url, data, link, process)
    finally:
        process.terminate()
        process.wait(timeout=30)
        process.stdout.close()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The demonstration territory, running: for tests that only look."""
    with running("demo", data=tmp_path_factory.mktemp("demonstration")) as served:
        yield served
