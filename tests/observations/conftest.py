"""A record of each engine, closed after the test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from beffroi.observations import Record
from tests.observations.builders import ENGINES, Engine


@pytest.fixture(params=ENGINES, ids=lambda engine: engine.name)
def engine(request: pytest.FixtureRequest) -> Engine:
    return request.param


@pytest.fixture
def record(engine: Engine, tmp_path: Path) -> Iterator[Record]:
    record = engine.open(tmp_path / "record")
    yield record
    record.close()
