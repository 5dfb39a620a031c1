"""A disk that fails and a clock that jumps, on demand, for processes started with `faults.c` preloaded."""

import errno
import mmap
import os
import shutil
import struct
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntFlag
from pathlib import Path

SOURCE = Path(__file__).with_name("faults.c")
PAGE = struct.Struct("=6iq128s")


class Deed(IntFlag):
    WRITE = 1
    SYNC = 2
    RENAME = 4
    TRUNCATE = 8
    CREATE = 16
    READ = 32
    LINK = 64


CHANGES = Deed.WRITE | Deed.SYNC | Deed.RENAME | Deed.TRUNCATE | Deed.CREATE | Deed.LINK


class Faults:
    """What fails now in the processes that share `path`."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), PAGE.size)

    @classmethod
    def here(cls) -> "Faults":
        """Those of this process, which was born of `environment`."""
        return cls(Path(os.environ["BEFFROI_FAULTS"]))

    def fail(self, deeds: Deed, pattern: str, error: int = errno.EIO, *, after: int = 0, times: int = 0) -> None:
        """`deeds` on files whose path contains `pattern` fail: once `after` have passed, `times` (0: all)."""
        self.mend()
        seconds = PAGE.unpack(self._page)[6]
        self._page[4:] = PAGE.pack(0, error, after, times, 0, 0, seconds, pattern.encode())[4:]
        self._page[:4] = struct.pack("=i", deeds)

    @contextmanager
    def failing(self, deeds: Deed, pattern: str, error: int = errno.EIO) -> Iterator[None]:
        self.fail(deeds, pattern, error)
        try:
            yield
        finally:
            self.mend()

    def mend(self) -> None:
        self._page[:4] = bytes(4)

    @property
    def seen(self) -> int:
        """How many deeds matched since `fail`."""
        return int(PAGE.unpack(self._page)[4])

    def jump(self, seconds: int) -> None:
        """The clock is so much ahead of the real one from now on."""
        self._page[24:32] = struct.pack("=q", seconds)


def environment(folder: Path) -> dict[str, str] | None:
    """What a process must be started with; None where there is no C compiler."""
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return None
    library, page = folder / "faults.so", folder / "faults"
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", library, SOURCE, "-ldl"], check=True)
    page.write_bytes(bytes(PAGE.size))
    return {"LD_PRELOAD": str(library), "BEFFROI_FAULTS": str(page)}
