"""A backup made under load, restored elsewhere: everything is there, nothing is different."""

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import select

from beffroi.access import audit
from beffroi.app import Instance, opened
from beffroi.database import metadata
from beffroi.errors import Conflict, Invalid
from beffroi.observations import Windows, batch_of
from beffroi.pipeline import backup
from tests.conftest import NOW, Territory


def everything(instance: Instance) -> dict[str, list[Any]]:
    """Every row of every table, and every observation."""
    rooms = instance.rooms
    with rooms.database.read() as tx:
        rows = {
            table.name: sorted(map(repr, tx.execute(select(table)).mappings().all()))
            for table in metadata.sorted_tables
        }
        series = [one.id for one in tx.execute(select(metadata.tables["series"].c.id))]
    return rows | {"observations": rooms.record.read(Windows.whole(series)).read_all().to_pylist()}


def observed(series: int, start: int, count: int) -> pa.Table:
    times = [NOW - timedelta(minutes=start + minute) for minute in range(count)]
    return batch_of({"series": [series] * count, "time": times, "value": [float(n) for n in range(count)]})


def a_backup(territory: Territory, target: Path) -> backup.Backup:
    rooms = territory.instance.rooms
    return backup.back_up(rooms.database, rooms.record, rooms.data, target, now=NOW)


def test_what_is_restored_is_what_was_there(territory: Territory, tmp_path: Path) -> None:
    series = territory.a_series(asset=territory.an_asset().id).id
    territory.a_series(observed_property="lamp-state", categories=["on", "off"])
    territory.instance.rooms.record.append(observed(series, 0, 500))
    before = everything(territory.instance)
    a_backup(territory, tmp_path / "copy")
    assert everything(territory.instance) == before, "a backup changes nothing"
    backup.restore(tmp_path / "copy", tmp_path / "new", now=NOW)
    settings = replace(territory.instance.settings, data=tmp_path / "new")
    with opened(settings) as restored:
        assert everything(restored) == before
        with restored.rooms.database.read() as tx:
            assert audit.verify(tx, restored.rooms.audit_secret).whole


def test_a_backup_made_while_writing_holds_what_was_acknowledged_before(territory: Territory, tmp_path: Path) -> None:
    series = territory.a_series().id
    record = territory.instance.rooms.record
    acknowledged = record.append(observed(series, 0, 1000)).rows
    stop = threading.Event()

    def keep_writing() -> None:
        start = 1000
        while not stop.is_set():
            record.append(observed(series, start, 50))
            start += 50

    writing = threading.Thread(target=keep_writing)
    writing.start()
    a_backup(territory, tmp_path / "copy")
    stop.set()
    writing.join()
    backup.restore(tmp_path / "copy", tmp_path / "new", now=NOW)
    with opened(replace(territory.instance.settings, data=tmp_path / "new")) as restored:
        kept = restored.rooms.record.read(Windows.whole([series])).read_all()
    assert len(kept) >= acknowledged
    assert (len(kept) - acknowledged) % 50 == 0, "a batch is kept whole or not at all"


@pytest.mark.parametrize("deed", ["change", "remove", "add"])
def test_a_damaged_backup_is_refused_by_name(territory: Territory, tmp_path: Path, deed: str) -> None:
    made = a_backup(territory, tmp_path / "copy")
    name = made.files[0].path
    victim = tmp_path / "copy" / name
    if deed == "change":
        content = bytearray(victim.read_bytes())
        content[len(content) // 2] ^= 1
        victim.write_bytes(content)
    elif deed == "remove":
        victim.unlink()
    else:
        name = "stranger"
        (tmp_path / "copy" / name).touch()
    with pytest.raises(Invalid) as refused:
        backup.restore(tmp_path / "copy", tmp_path / "new", now=NOW)
    assert [fault.field for fault in refused.value.faults] == [name]
    assert not (tmp_path / "new").exists()


def test_nothing_is_laid_over_a_folder_in_use(territory: Territory, tmp_path: Path) -> None:
    a_backup(territory, tmp_path / "copy")
    with pytest.raises(Conflict):
        backup.restore(tmp_path / "copy", territory.instance.settings.data, now=NOW)
    with pytest.raises(Conflict):
        a_backup(territory, tmp_path / "copy")
