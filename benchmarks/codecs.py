"""Codecs: a maker's script in a worker, beside the bare engine calling the same function.

Processor time is counted, of this process and of the worker: on a busy machine the clock says less.
"""

import json
import resource
from collections.abc import Callable
from pathlib import Path
from statistics import median

import msgspec
import quickjs

from beffroi.acquisition.codecs import Call, CodecRef, Codecs
from benchmarks.figures import Figure, Run

SCRIPTS = Path(__file__).parent / "scripts"
REACH = 15_000
"""uplinks a second of processor"""
MOST_OVER = 40
"""per cent over the bare engine"""
TURNS = 15
"""of the one, then the other: what else the machine does comes and goes"""
HELD = 200
"""codecs in turn, in the last figure"""


def figures(run: Run) -> list[Figure]:
    count = 10_000 if run.quick else 30_000
    with Codecs(workers=1) as codecs:
        found = [one for name in ("channels", "frames") for one in _beside_the_engine(run, codecs, name, count)]
        found.append(_many(run, codecs, count))
    return found


def _beside_the_engine(run: Run, codecs: Codecs, name: str, count: int) -> list[Figure]:
    source, messages = _script(name), _messages(name, count)
    calls = [Call(CodecRef.of("bench", source), "decodeUplink", one) for one in messages]
    pairs: list[tuple[float, float]] = []
    for turn in range(TURNS):
        run.say(f"{name}, {turn + 1} of {TURNS}")
        pairs.append((_bare(source, messages), _ours(codecs, calls)))
    engine, rate = (median(one) for one in zip(*pairs, strict=True))
    note = f"one worker, warm; script of {len(source) / 1000:.1f} KB"
    over = median(bare / ours - 1 for bare, ours in pairs)
    return [
        Figure(f"uplinks a CPU-second, {name}", rate, "/s", {"quickjs-ng, bare": engine}, REACH, note),
        Figure(f"over the bare engine, {name}", over * 100, "%", reach=MOST_OVER, note="median of the turns"),
    ]


def _many(run: Run, codecs: Codecs, count: int) -> Figure:
    run.say(f"{HELD} codecs in turn")
    refs = [CodecRef.of("bench", f"// {place}\n{_script('channels')}") for place in range(HELD)]
    calls = [Call(refs[place % HELD], "decodeUplink", one) for place, one in enumerate(_messages("channels", count))]
    _ours(codecs, calls)
    return Figure(f"uplinks a CPU-second, {HELD} codecs in turn", _ours(codecs, calls), "/s", note="as they come")


def _ours(codecs: Codecs, calls: list[Call]) -> float:
    codecs.run(calls[:500])
    (pid,) = codecs.pids()
    return len(calls) / _processor(lambda: codecs.run(calls), pid)


def _bare(source: str, messages: list[bytes]) -> float:
    """The function alone: JSON in, JSON out, one call a message, nothing bounded, nothing kept apart."""
    context = quickjs.Context()
    context.eval(source)
    call = context.eval("(text) => JSON.stringify(decodeUplink(JSON.parse(text)))")
    texts = [one.decode() for one in messages]
    for text in texts[:500]:
        call(text)
    return len(messages) / _processor(lambda: [call(text) for text in texts])


def _processor(work: Callable[[], object], pid: int | None = None) -> float:
    """Seconds of processor, of this process and of the worker."""
    before = _seconds(pid)
    work()
    return _seconds(pid) - before


def _seconds(pid: int | None) -> float:
    own = resource.getrusage(resource.RUSAGE_SELF)
    total = own.ru_utime + own.ru_stime
    if pid is None:
        return total
    # Of a child that still runs getrusage says nothing. schedstat counts in nanoseconds.
    return total + int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def _script(name: str) -> str:
    return (SCRIPTS / f"{name}.js").read_text(encoding="utf-8")


def _messages(name: str, count: int) -> list[bytes]:
    frames = [bytes.fromhex(one) for one in json.loads((SCRIPTS / f"{name}.json").read_text())]
    return [msgspec.json.encode({"bytes": list(frames[place % len(frames)]), "fPort": 85}) for place in range(count)]
