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
    asked: bool = False
    """a request is under way"""
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

    def begin(self) -> None:
        self.unsent = memoryview(self.share.requests[self.next])
        self.next += 1
        self.asked = True
        self.answer.clear()
        self.whole = None

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


class _Load:
    """The connections, those that wait for their time among them, and what was found so far."""

    def __init__(self, port: int, shares: Sequence[Share]) -> None:
        self._port = port
        self._poll = select.epoll()
        self._by_file: dict[int, _Connection] = {}
        self._connections = [_Connection(share, self._connected()) for share in shares if share.requests]
        for one in self._connections:
            self._watch(one)
        self._latencies: defaultdict[str, list[float]] = defaultdict(list)
        self._last: dict[str, bytes] = {}

    def run(self) -> Sent:
        self._start, cpu = time.perf_counter(), time.process_time()
        self._waiting = [(one.due(), number) for number, one in enumerate(self._connections)]
        heapq.heapify(self._waiting)
        self._left = len(self._connections)
        while self._left:
            now = self._now()
            while self._waiting and self._waiting[0][0] <= now:
                self._ask(self._connections[heapq.heappop(self._waiting)[1]])
            for file, event in self._poll.poll(max(self._waiting[0][0] - now, 0) if self._waiting else None):
                self._heed(self._by_file[file], event)
        taken = self._now()
        latencies = {kind: np.array(found) * 1000 for kind, found in self._latencies.items()}
        return Sent(taken, latencies, self._last, time.process_time() - cpu)

    def _ask(self, one: _Connection) -> None:
        if one.socket.fileno() < 0:
            one.socket = self._connected()
            self._watch(one)
        one.waited = one.due() if one.share.due else self._now()
        one.begin()
        if not one.write():
            self._poll.modify(one.socket, select.EPOLLIN | select.EPOLLOUT)

    def _heed(self, one: _Connection, event: int) -> None:
        if event & select.EPOLLOUT and one.write():
            self._poll.modify(one.socket, select.EPOLLIN)
        if not event & ~select.EPOLLOUT:
            return
        if not one.asked:
            self._close(one)  # the server does not keep what is idle; a browser opens another as well
        elif one.read():
            self._answered(one)

    def _answered(self, one: _Connection) -> None:
        now, one.asked = self._now(), False
        self._latencies[one.share.kind].append(now - one.waited)
        if one.done:
            self._last[one.share.kind] = one.body()
            self._close(one)
            self._left -= 1
        elif one.due() <= now:
            self._ask(one)
        else:
            heapq.heappush(self._waiting, (one.due(), self._connections.index(one)))

    def _now(self) -> float:
        return time.perf_counter() - self._start

    def _watch(self, one: _Connection) -> None:
        self._by_file[one.socket.fileno()] = one
        self._poll.register(one.socket, select.EPOLLIN)

    def _close(self, one: _Connection) -> None:
        self._poll.unregister(one.socket)
        del self._by_file[one.socket.fileno()]
        one.socket.close()

    def _connected(self) -> socket.socket:
        found = socket.create_connection(("127.0.0.1", self._port))
        found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        found.setblocking(False)
        return found


def _sent(port: int, shares: Sequence[Share]) -> Sent:
    return _Load(port, shares).run()
