"""Deliveries that wait for each other are all taken in, and none is forgotten."""

import asyncio
from datetime import timedelta

import msgspec

from beffroi.acquisition import connections
from beffroi.acquisition.connector import Envelope
from beffroi.acquisition.ways import Bounds
from beffroi.pipeline.fates import Delivery, Fate
from tests.conftest import NOW, ROCHE, Territory
from tests.pipeline.test_reception import EUI, SENT, decoded, model, uplink  # noqa: F401 - fixtures


def deliveries(territory: Territory, count: int) -> list[Delivery]:
    territory.a_device(code=EUI, model="am1")
    with territory.instance.rooms.database.write() as tx:
        new = connections.NewConnection(owner=ROCHE, kind="chirpstack-v4", name="essai")
        made = connections.make(territory.system, tx, new, territory.instance.rooms.sealing, Bounds(), now=NOW)
    envelope = Envelope(NOW, query={"event": "up"})
    told = [uplink(counter=n, at=SENT + timedelta(minutes=n)) for n in range(count)]
    return [Delivery(made.connection, msgspec.json.encode(one), envelope) for one in told]


def taken(territory: Territory, some: list[Delivery], senders: int) -> list[list[Fate]]:
    """Each sender sends its next once the one before is answered; an answer that never comes fails."""

    async def all_sent() -> list[list[Fate]]:
        left = iter(some)

        async def sender() -> list[list[Fate]]:
            return [await territory.instance.rooms.inbox.receive(one) for one in left]

        answers = await asyncio.wait_for(asyncio.gather(*(sender() for _ in range(senders))), 60)
        return [one for told in answers for one in told]

    return asyncio.run(all_sent())


def test_one_sender_after_another_is_answered(territory: Territory, decoded: str) -> None:  # noqa: F811
    """The next delivery comes at the very moment the one before is answered."""
    answers = taken(territory, deliveries(territory, 60), senders=1)
    assert [fate.outcome for one in answers for fate in one] == ["stored"] * 60


def test_those_that_come_together_are_each_answered(territory: Territory, decoded: str) -> None:  # noqa: F811
    answers = taken(territory, deliveries(territory, 200), senders=40)
    assert [fate.outcome for one in answers for fate in one] == ["stored"] * 200
