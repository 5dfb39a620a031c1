"""A disk whose every deed may fail, and a clock that jumps: what is refused is refused cleanly, nothing acknowledged is
lost, and all goes on once the fault is gone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.observations import failing_lives as lives
from tests.observations.builders import everything
from tests.observations.failing_lives import opened
from tests.observations.faults import CHANGES, Deed, Faults, environment
from tests.observations.nursery import Nursery, a_nursery


class Living:
    """Processes born to failing disks, one at a time."""

    def __init__(self, nursery: Nursery, faults: Faults, folder: Path) -> None:
        self._nursery, self._faults = nursery, faults
        self.folder = folder

    def __call__(self, life: Callable[..., None], *given: object, ends: int = 0) -> str:
        """Its diary. It must end so: 0 when all it asserts holds."""
        self._faults.mend()
        self._faults.jump(0)
        diary = self.folder.with_suffix(".diary")
        ended = self._nursery.end(self._nursery.begin(life, diary, self.folder, *given), kill=False)
        log = diary.with_suffix(".diary.log").read_text()
        assert ended == ends, log[-3000:]
        return diary.read_text()

    def elsewhere(self, name: str) -> "Living":
        folder = self.folder.with_name(name)
        folder.mkdir()
        return Living(self._nursery, self._faults, folder)


@pytest.fixture(scope="module")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Nursery, Faults]]:
    variables = environment(tmp_path_factory.mktemp("faults"))
    if variables is None:
        pytest.skip("no C compiler to make a disk fail with")
    with a_nursery(**variables) as made:
        yield made, Faults(Path(variables["BEFFROI_FAULTS"]))


@pytest.fixture
def living(nursery: tuple[Nursery, Faults], tmp_path: Path) -> Living:
    folder = tmp_path / "life"
    folder.mkdir()
    return Living(*nursery, folder)


WRITING = Deed.WRITE | Deed.CREATE


@pytest.mark.parametrize("error", ["EIO", "ENOSPC"])
@pytest.mark.parametrize("deeds", [WRITING, Deed.SYNC], ids=["writes", "fsyncs"])
@pytest.mark.parametrize("pattern", ["/journal", "record.duckdb", ".parquet", "manifest.json", "backup"])
def test_one_kind_of_file_fails(living: Living, pattern: str, deeds: Deed, error: str) -> None:
    living(lives.one_kind_of_file_failing, int(deeds), pattern, error)


@pytest.mark.parametrize("pattern", [".parquet", "manifest.json", "backup"])
def test_a_rename_fails(living: Living, pattern: str) -> None:
    living(lives.one_kind_of_file_failing, int(Deed.RENAME), pattern, "EIO")


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("more", [[], ["checkpoints"]], ids=["", "with checkpoints"])
@pytest.mark.parametrize("times", [1, 0], ids=["once", "from there on"])
def test_any_deed_fails(living: Living, soak: bool, times: int, more: list[str]) -> None:
    deeds = int(living.elsewhere("counted")(lives.everything_counted))
    for after in range(0, deeds, 1 if soak else 67):
        for error in ("EIO", "ENOSPC") if soak else ("EIO",):
            living.elsewhere(f"{after} {error}")(lives.everything_while_failing, error, after, times, *more)


def test_a_slow_reader_is_cut_and_keeps_nobody_waiting(living: Living) -> None:
    living(lives.a_reader_while_the_table_is_opened_anew)


def test_what_a_dying_disk_refused_may_be_found_whole(living: Living) -> None:
    """The one case in which what was refused may come back: it could not be cut off before the process died."""
    living(lives.refused_by_a_dying_disk, ends=-9)
    record = opened(living.folder)
    found = [row[1] for row in everything(record, 1)]
    assert found in ([0], [0, 1])
    record.close()


def test_a_jumping_clock_fools_nobody(living: Living) -> None:
    living(lives.a_jumping_clock)


def test_all_kinds_of_deeds_are_seen(living: Living) -> None:
    assert int(living(lives.everything_counted)) > len(CHANGES)
