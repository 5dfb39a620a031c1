"""A record of each engine, closed after the test."""

import os
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


@pytest.fixture(scope="session")
def soak() -> bool:
    """Whether the long campaigns are asked for."""
    return os.environ.get("BEFFROI_SOAK") == "1"
