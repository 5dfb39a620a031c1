"""What has just been stored, handed to whoever listens now.

A slow listener loses batches and is told so; nobody else waits for it.
"""

import asyncio
import threading
from dataclasses import dataclass, field

import pyarrow as pa

from beffroi.observations import Few, columns

BATCHES_WAITING = 256


@dataclass(eq=False)
class Listener:
    """One live reader, on its event loop; None in its queue is the end.

    `missed` counts the batches dropped since it was last looked at.
    """

    loop: asyncio.AbstractEventLoop
    queue: "asyncio.Queue[pa.Table | None]" = field(default_factory=lambda: asyncio.Queue(BATCHES_WAITING))
    missed: int = 0

    def offer(self, batch: pa.Table) -> None:
        try:
            self.queue.put_nowait(batch)
        except asyncio.QueueFull:
            self.missed += 1


class Live:
    """The listeners of this process. Each filters by its own scope: a batch here has not been filtered."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: set[Listener] = set()

    def join(self) -> Listener:
        listener = Listener(asyncio.get_running_loop())
        with self._lock:
            self._listeners.add(listener)
        return listener

    def leave(self, listener: Listener) -> None:
        with self._lock:
            self._listeners.discard(listener)

    def publish(self, batch: pa.RecordBatch | Few) -> None:
        """Called from any thread, once the batch is durable."""
        if not self._listeners:
            return
        with self._lock:
            listeners = list(self._listeners)
        table = pa.Table.from_batches([columns(batch)])
        for listener in listeners:
            listener.loop.call_soon_threadsafe(listener.offer, table)

    def close(self) -> None:
        """End every live reading: the program stops. Called on the listeners' event loop."""
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            if listener.queue.full():
                listener.queue.get_nowait()
            listener.queue.put_nowait(None)

    def __len__(self) -> int:
        return len(self._listeners)
