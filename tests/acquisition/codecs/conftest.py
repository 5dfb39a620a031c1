from collections.abc import Iterator

import pytest

from beffroi.acquisition.codecs import Codecs
from tests.acquisition.codecs.builders import LIMITS


@pytest.fixture(scope="session")
def codecs() -> Iterator[Codecs]:
    with Codecs(workers=2, limits=LIMITS) as running:
        yield running
