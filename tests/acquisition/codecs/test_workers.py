"""Workers die, and nothing is lost."""

import json
import os
import signal
import threading
from pathlib import Path

import pytest

from beffroi.acquisition.codecs import Codecs
from tests.acquisition.codecs.builders import LIMITS, call, returning

SLOW = "function decodeUplink(i) { for (var n = 0; n < 3e4; n++); return { data: i.bytes[0] }; }"


def environment_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


def test_messages_outlive_the_workers_that_are_killed_over_them() -> None:
    """Killed between two rounds of somebody else's, so that no message is there each time."""
    with Codecs(workers=2, limits=LIMITS) as codecs:
        pending = codecs.submit([call(SLOW, bytes=[place % 256]) for place in range(2000)])
        killed = 0
        while killed < 6 and not pending.done():
            assert codecs.run([call(returning("1"))] * 300)[-1].result is not None
            for pid in codecs.pids():
                os.kill(pid, signal.SIGKILL)
                killed += 1
        found = [(one.error, bytes(one.result or b"")) for one in pending.answers()]
    assert killed >= 4
    assert found == [(None, b'{"data":%d}' % (place % 256)) for place in range(2000)]


def test_a_worker_knows_nothing_of_its_parents_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BEFFROI_SECRET", "hush")
    with Codecs(workers=1, limits=LIMITS) as codecs:
        codecs.run([call(returning("1"))])
        (pid,) = codecs.pids()
        assert b"hush" not in environment_of(pid)
        limits = Path(f"/proc/{pid}/limits").read_text()
    for limit in ("Max open files            0", "Max core file size        0", "Max file size             0"):
        assert limit in limits


def test_workers_end_with_their_codecs() -> None:
    with Codecs(workers=2, limits=LIMITS) as codecs:
        codecs.run([call(returning("1"), owner=str(place)) for place in range(50)])
        pids = codecs.pids()
    assert pids
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


def test_what_waits_when_codecs_stop_is_told_so() -> None:
    codecs = Codecs(workers=1, limits=LIMITS)
    pending = codecs.submit([call("function decodeUplink() { for (;;); }")] * 50)
    codecs.close()
    assert {one.error.en for one in pending.answers() if one.error} >= {"codecs are stopping"}
    assert codecs.run([call(returning("1"))])[0].error is not None


def test_contexts_beyond_the_bound_are_made_again() -> None:
    few = type(LIMITS)(contexts=3, cpu_ms=200)
    with Codecs(workers=1, limits=few) as codecs:
        calls = [call(returning(str(place))) for place in range(20)]
        for _ in range(2):
            found = [json.loads(bytes(one.result or b"null"))["data"] for one in codecs.run(calls)]
            assert found == list(range(20))


def test_threads_may_ask_at_once(codecs: Codecs) -> None:
    wrong: list[int] = []

    def ask(number: int) -> None:
        found = codecs.run([call(returning(f"input.bytes[0] + {number}"), bytes=[place]) for place in range(200)])
        if [json.loads(bytes(one.result or b"null"))["data"] for one in found] != [p + number for p in range(200)]:
            wrong.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
