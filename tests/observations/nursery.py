"""Processes that start quickly: one is made ready, and every life is a fork of it.

A life is a function of this folder's tests, given texts; it writes what it has to say to a file, line by line, which
outlives it whatever ends it.
"""

import faulthandler
import importlib
import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST_LIFE = 120
"""seconds, after which it says where it hangs, and ends"""


class Nursery:
    """One life at a time."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def begin(self, life: Callable[..., None], diary: Path, *given: object) -> int:
        """The process of `life(*given, as texts)`, whose standard output is added to `diary`, and what
        it logs to `<diary>.log`."""
        self._say(
            {"module": life.__module__, "name": life.__name__, "diary": str(diary), "given": list(map(str, given))}
        )
        return int(self._hear())

    def end(self, process: int, *, kill: bool) -> int:
        """How it ended: its exit status, or less than 0 the signal that ended it."""
        if kill:
            os.kill(process, signal.SIGKILL)
        self._say(process)
        return int(self._hear())

    def _say(self, what: object) -> None:
        assert self._process.stdin
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout
        return self._process.stdout.readline()


@contextmanager
def a_nursery(**environment: str) -> Iterator[Nursery]:
    command = [sys.executable, "-m", "tests.observations.nursery"]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
    ) as process:
        yield Nursery(process)
        assert process.stdin
        process.stdin.close()


def waited_for(diary: Path, line: str, *, seconds: float = 60) -> None:
    """Until `diary` has that line."""
    beyond = time.monotonic() + seconds
    while not (diary.exists() and f"{line}\n" in diary.read_text()):
        if time.monotonic() > beyond:
            raise TimeoutError(diary.read_text() if diary.exists() else "not even begun")
        time.sleep(0.001)


def _live(what: Mapping[str, str]) -> None:
    for stream, path in ((1, what["diary"]), (2, what["diary"] + ".log")):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), stream)
    faulthandler.dump_traceback_later(LONGEST_LIFE, exit=True)
    status = 0
    try:
        getattr(importlib.import_module(what["module"]), what["name"])(*what["given"])
    except BaseException:  # noqa: BLE001 - told in the log, whatever it is
        traceback.print_exc()
        status = 1
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


def _main() -> None:
    importlib.import_module("tests.observations.builders")
    for line in sys.stdin:
        what = json.loads(line)
        if isinstance(what, int):
            answer = os.waitstatus_to_exitcode(os.waitpid(what, 0)[1])
        elif not (answer := os.fork()):
            _live(what)
        os.write(1, f"{answer}\n".encode())


if __name__ == "__main__":
    _main()
