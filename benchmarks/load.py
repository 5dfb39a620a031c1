"""A load that costs little beside what it measures: a process of its own, one thread, raw sockets, requests already
written, each answer checked by its status and its length."""

import heapq
import re
import select
import socket
import time
from collections import defaultdict
from collections.abc import Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
ENDED = b"0\r\n\r\n"
"""how a body of unknown length ends"""
PART = 1 << 18
UNKNOWN = -1


@dataclass(frozen=True)
class Share:
    """What one connection sends, a request once the one before is answered.

    With `due`, each waits for its time (seconds from the start), and its latency counts from there: a server that
    lags makes those behind late too. `kind` names what its latencies are kept under.
    """

    requests: Sequence[bytes]
    due: Sequence[float] = ()
    kind: str = ""


@dataclass(frozen=True)
class Sent:
    """`latencies`: milliseconds by kind, in the order of the answers. `last`: the body of the last answer of each kind.
    `cpu`: seconds of processor that the load itself took."""

    seconds: float
    latencies: dict[str, NDArray[np.float64]]
    last: dict[str, bytes]
    cpu: float

    def rate(self, kind: str = "") -> float:
        return len(self.latencies[kind]) / self.seconds

    def percentile(self, rank: float, kind: str = "") -> float:
        return float(np.percentile(self.latencies[kind], rank))


def send(port: int, shares: Sequence[Share]) -> Sent:
    """Raises `RuntimeError` with the first answer that is not of success."""
    return begin(port, shares).result()


def begin(port: int, shares: Sequence[Share]) -> "Future[Sent]":
    """`send`, without waiting."""
    pool = ProcessPoolExecutor(1, mp_context=get_context("spawn"))
    try:
        return pool.submit(_sent, port, shares)
    finally:
        pool.shutdown(wait=False)


@dataclass(eq=False)
class _Connection:
    share: Share
    socket: socket.socket
    next: int = 0
    waited: float = 0.0
    """when the latency of the present request began"""
    unsent: memoryview = field(default_factory=lambda: memoryview(b""))
    answer: bytearray = field(default_factory=bytearray)
    whole: int | None = None
    """bytes of the present answer, once its head is read"""

    @property
    def done(self) -> bool:
        return self.next == len(self.share.requests)

    def due(self) -> float:
        return self.share.due[self.next] if self.share.due else 0.0

    def write(self) -> bool:
        """Send what the socket takes; whether all is sent."""
        try:
            self.unsent = self.unsent[self.socket.send(self.unsent) :]
        except BlockingIOError:
            return False
        return not self.unsent

    def read(self) -> bool:
        """Take what came; whether the answer is whole."""
        came = self.socket.recv(PART)
        if not came:
            raise RuntimeError(f"the server hung up: {bytes(self.answer[:200])!r}")
        self.answer += came
        if self.whole is None:
            self.whole = _length(self.answer)
        if self.whole == UNKNOWN:
            return self.answer.endswith(ENDED)
        return self.whole is not None and len(self.answer) >= self.whole

    def body(self) -> bytes:
        content = bytes(self.answer).partition(b"\r\n\r\n")[2]
        return _unchunked(content) if self.whole == UNKNOWN else content


def _unchunked(content: bytes) -> bytes:
    """A body that came in chunks, joined."""
    joined = b""
    while content and (size := int(content.partition(b"\r\n")[0], 16)):
        content = content.partition(b"\r\n")[2]
        joined, content = joined + content[:size], content[size + 2 :]
    return joined


def _length(answer: bytearray) -> int | None:
    """Bytes of the whole answer; None when its head is not all there. Raises `RuntimeError` for a refusal."""
    head = answer.find(b"\r\n\r\n")
    if head < 0:
        return None
    if answer[9:10] != b"2":
        raise RuntimeError(answer[:2000].decode(errors="replace"))
    if answer[9:12] == b"204":
        return head + 4
    found = LENGTH.search(answer, 0, head)
    return head + 4 + int(found[1]) if found else UNKNOWN


def _sent(port: int, shares: Sequence[Share]) -> Sent:
    connections = [_Connection(share, _connected(port)) for share in shares if share.requests]
    by_file = {one.socket.fileno(): one for one in connections}
    poll = select.epoll()
    for number in by_file:
        poll.register(number, select.EPOLLIN)
    latencies: defaultdict[str, list[float]] = defaultdict(list)
    last: dict[str, bytes] = {}
    start, cpu = time.perf_counter(), time.process_time()
    waiting = [(one.due(), number) for number, one in by_file.items()]
    heapq.heapify(waiting)
    left = len(connections)
    while left:
        now = time.perf_counter() - start
        while waiting and waiting[0][0] <= now:
            number = heapq.heappop(waiting)[1]
            _start(poll, number, by_file[number], now)
        for number, event in poll.poll(waiting[0][0] - now if waiting else None):
            one = by_file[number]
            if event & select.EPOLLOUT and one.write():
                poll.modify(number, select.EPOLLIN)
            if not event & ~select.EPOLLOUT or not one.read():
                continue
            now = time.perf_counter() - start
            latencies[one.share.kind].append(now - one.waited)
            if one.done:
                last[one.share.kind] = one.body()
                left -= 1
            elif one.due() <= now:
                _start(poll, number, one, now)
            else:
                heapq.heappush(waiting, (one.due(), number))
    taken = time.perf_counter() - start
    for one in connections:
        one.socket.close()
    in_ms = {kind: np.array(found) * 1000 for kind, found in latencies.items()}
    return Sent(taken, in_ms, last, time.process_time() - cpu)


def _start(poll: select.epoll, number: int, one: _Connection, now: float) -> None:
    one.waited = one.due() if one.share.due else now
    one.unsent = memoryview(one.share.requests[one.next])
    one.next += 1
    one.answer.clear()
    one.whole = None
    if not one.write():
        poll.modify(number, select.EPOLLIN | select.EPOLLOUT)


def _connected(port: int) -> socket.socket:
    found = socket.create_connection(("127.0.0.1", port))
    found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    found.setblocking(False)
    return found
