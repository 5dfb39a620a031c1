"""The live feed: what the simulated devices tell now, sent to the API as any real sender would."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import httpx2
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import structlog

from beffroi.demo.frames import together
from beffroi.demo.history import slices, told
from beffroi.demo.preparation import Prepared, Radio

EVERY = 5.0
"""seconds between two sendings"""
AT_ONCE = 600
"""seconds of observations sent together, when there is something to catch up with"""
FRAMES_AT_ONCE = 500
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0
"""seconds before trying again; doubled each time"""
TRY_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})

log = structlog.get_logger(__name__)


class Stopped(Exception):
    """Asked to stop before everything was sent: the next start sends it again."""


class LiveFeed:
    """A thread that posts to `/api/v1/observations`, with a key of each owner, what became due since last time.

    Time goes on for it only once everything due was acknowledged: a server away for a while loses nothing. A series
    that the server refuses (it went to another collectivité, its key was revoked) is told no more, and said in the log.
    """

    def __init__(
        self,
        url: str,
        prepared: Prepared,
        *,
        every: float = EVERY,
        wait: float = FIRST_WAIT,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.url = url
        self.until = prepared.until
        """seconds since 1970; all before was acknowledged"""
        self._prepared = prepared
        self._every = every
        self._wait = wait
        self._clock = clock
        self._refused: set[int] = set()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="demonstration", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ends within the time of one request; of no effect when it never started."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        with httpx2.Client(base_url=self.url, timeout=30) as client:
            while not self._stopping.wait(self._every):
                try:
                    self.catch_up(client)
                except Stopped:
                    return

    def catch_up(self, client: httpx2.Client) -> None:
        """Send all that became due until now. Raises `Stopped`."""
        for start, end in slices(self.until, int(self._clock().timestamp()), AT_ONCE):
            batch = told(self._prepared.world, self._prepared.sources, start, end)
            if self._prepared.radio is not None:
                batch, frames = self._prepared.frames.parted(batch)
                for body in together(frames, FRAMES_AT_ONCE):
                    self._deliver(client, self._prepared.radio, body)
            for owner, part in self._by_owner(batch):
                self._send(client, owner, part, f"demonstration-{start}-{end}")
            self.until = end

    def _by_owner(self, batch: pa.Table) -> Iterator[tuple[str, pa.Table]]:
        """Its rows, sorted by owner in their order, cut where the owner changes; without those refused."""
        owners = self._prepared.owners
        ids = batch["series"].to_numpy()
        kept = np.flatnonzero(~np.isin(ids, list(self._refused)))
        ranks = owners.ranks_of(ids[kept])
        order = np.argsort(ranks, kind="stable")
        batch, ranks = batch.take(pa.array(kept[order])), ranks[order]
        for first, last in pairwise([0, *(np.flatnonzero(np.diff(ranks)) + 1).tolist(), len(ranks)]):
            if last > first:
                yield owners.names[ranks[first]], batch.slice(first, last - first)

    def _send(self, client: httpx2.Client, owner: str, batch: pa.Table, batch_id: str) -> None:
        answer = self._post(client, owner, batch, batch_id)
        if answer.is_success:
            return
        ids = batch["series"].unique().to_pylist()
        if len(ids) == 1:
            self._refused.add(ids[0])
            log.warning("demonstration.refused", series=ids[0], owner=owner, status=answer.status_code)
            return
        for one in ids:
            self._send(client, owner, batch.filter(pc.equal(batch["series"], one)), f"{batch_id}-{one}")

    def _post(self, client: httpx2.Client, owner: str, batch: pa.Table, batch_id: str) -> httpx2.Response:
        """The answer, once there is one that trying again would not change."""
        headers = {"Authorization": f"Bearer {self._prepared.tokens[owner]}", "Idempotency-Key": batch_id}
        columns = {
            "series": batch["series"].to_pylist(),
            "time": pc.strftime(batch["time"], "%Y-%m-%dT%H:%M:%SZ").to_pylist(),
            "value": batch["value"].to_pylist(),
            "text": batch["text"].to_pylist(),
            "quality": batch["quality"].to_pylist(),
        }
        return self._insist(client, "/api/v1/observations", {"json": columns, "headers": headers})

    def _deliver(self, client: httpx2.Client, radio: Radio, body: bytes) -> None:
        """As ChirpStack does; what is held is for people to see, in the console."""
        headers = {"Authorization": f"Bearer {radio.secret}"}
        path = f"/api/v1/connections/{radio.connection}/messages?event=up"
        answer = self._insist(client, path, {"content": body, "headers": headers})
        if not answer.is_success:
            log.warning("demonstration.refused", connection=radio.connection, status=answer.status_code)

    def _insist(self, client: httpx2.Client, path: str, sent: dict[str, Any]) -> httpx2.Response:
        wait = self._wait
        while True:
            try:
                answer = client.post(path, **sent)
                if answer.status_code not in TRY_AGAIN:
                    return answer
                reason = str(answer.status_code)
            except httpx2.TransportError as error:
                reason = str(error) or type(error).__name__
            log.info("demonstration.waits", reason=reason, seconds=wait)
            if self._stopping.wait(wait):
                raise Stopped
            wait = min(wait * 2, LONGEST_WAIT)
