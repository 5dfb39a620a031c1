import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from beffroi.demo.clock import DAY, EPOCH, HOUR
from beffroi.demo.world import Curve


@pytest.fixture
def switching_often() -> Iterator[None]:
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.usefixtures("switching_often")
def test_a_curve_is_asked_by_several_threads_at_once() -> None:
    asked = [EPOCH + np.arange(0, days * DAY, 600) for days in (400, 50, 300, 10)]
    with ThreadPoolExecutor(len(asked)) as pool:
        for _ in range(100):
            curve = Curve(lambda times: np.sin(times / DAY), step=HOUR)
            for times, told in zip(asked, pool.map(curve.at, asked), strict=True):
                assert np.abs(told - np.sin(times / DAY)).max() < 1e-2
