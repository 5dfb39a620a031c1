"""Devices with how they fare: who sees which, and what is told of them."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from beffroi.api import seen
from beffroi.registry import devices
from beffroi.registry import series as registry_series
from beffroi.registry.series import SeriesQuery
from beffroi.registry.sheets import CSV, XLSX
from tests.conftest import OLONNE, ROCHE, Caller, Territory
from tests.trials import SOAK


def states(territory: Territory, who: str = "roche reader", **asked: Any) -> dict[str, str]:
    answer = territory.as_(who).get("/device-states", params=asked)
    assert answer.status_code == 200, answer.text
    return {one["device"]["name"]: one["state"] for one in answer.json()["items"]}


def measured(territory: Territory, name: str, age: timedelta | None, value: float = 20, **changes: Any) -> int:
    """A device whose newest measure is of that age; none without one."""
    device = territory.a_device(name=name, **changes)
    series = territory.a_series(device=device.id, owner=device.owner, observed_property="battery", service="buildings")
    if age is not None:
        row = {"series": series.id, "time": (datetime.now(UTC) - age).isoformat(), "value": value}
        assert (
            territory.as_("olonne" if device.owner == OLONNE else "roche").post("/observations", json=[row]).is_success
        )
    made: int = device.id
    return made


HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_a_device_speaks_is_silent_or_was_never_heard(territory: Territory) -> None:
    measured(territory, "parle", HOUR)
    measured(territory, "se tait", 3 * DAY)
    measured(territory, "jamais", None)
    assert states(territory) == {"parle": "speaking", "se tait": "silent", "jamais": "never"}


@pytest.mark.parametrize(("asked", "found"), [("silent", {"se tait"}), ("never,silent", {"se tait", "jamais"})])
def test_a_list_is_narrowed_to_states(territory: Territory, asked: str, found: set[str]) -> None:
    measured(territory, "parle", HOUR)
    measured(territory, "se tait", 3 * DAY)
    measured(territory, "jamais", None)
    assert states(territory, state=asked).keys() == found


def test_a_low_battery_is_found_by_the_newest_measure(territory: Territory) -> None:
    measured(territory, "pleine", HOUR, value=90)
    device = measured(territory, "vide", 2 * HOUR, value=12)
    (one,) = territory.as_("roche").get("/device-states", params={"state": "low-battery"}).json()["items"]
    assert (one["device"]["id"], one["battery"], one["low_battery"]) == (device, 12, True)


def test_pages_follow_one_another_whatever_is_left_out(territory: Territory) -> None:
    for number in range(5):
        measured(territory, f"muet {number}", None)
        measured(territory, f"parle {number}", HOUR)
    found, after = [], None
    while True:
        asked = {"state": "never", "limit": 2, **({"after": after} if after else {})}
        page = territory.as_("roche").get("/device-states", params=asked).json()
        found += [one["device"]["name"] for one in page["items"]]
        after = page.get("next")
        if after is None:
            break
    assert found == [f"muet {number}" for number in range(5)]


def test_counts_are_those_of_the_list(territory: Territory) -> None:
    measured(territory, "parle", HOUR, value=5)
    measured(territory, "se tait", 3 * DAY)
    measured(territory, "jamais", None)
    counts = territory.as_("roche reader").get("/device-states/counts").json()
    assert counts == {"devices": 3, "speaking": 1, "silent": 1, "never": 1, "low_battery": 1}


def share(territory: Territory, **subject: str) -> None:
    made = territory.as_("olonne").post(
        "/agreements",
        json={
            "giver": OLONNE,
            "receiver": ROCHE,
            "right": "read",
            "purpose": "Ensemble",
            **subject,
            "valid_from": (datetime.now(UTC) - DAY).isoformat(),
        },
    )
    assert made.status_code == 201, made.text


ASKED = ("speaking", "silent", "never", "unwatched", "low-battery")


@pytest.mark.parametrize("again", [False, True], ids=["in memory", "read again"])
@pytest.mark.parametrize("who", ["roche", "olonne", "syndicate"])
def test_counts_by_columns_are_those_told_one_by_one(territory: Territory, who: str, again: bool) -> None:
    """Heard by measures, by networks, by both, by neither; with and without habits and batteries; some shared."""
    ward, now = territory.instance.rooms.ward, datetime.now(UTC)
    for rank in range(40):
        owner = OLONNE if rank % 4 == 0 else ROCHE
        age = None if rank % 3 == 0 else timedelta(hours=1 + 2 * rank)
        about = {"kind": "gateway" if rank % 5 == 0 else "sensor"} | ({"owner": owner} if owner == OLONNE else {})
        device = measured(territory, f"numéro {rank}", age, value=rank, **about)
        if rank % 2:
            with ward.changing:
                health = ward.of([device], now)[device]
                health.last_heard, health.frames = now - timedelta(hours=rank), 10
                health.intervals = [3600.0 * (1 + rank % 7)] * (rank % 6)
                health.battery = 15.0 if rank % 7 == 0 else None
    share(territory, service="buildings")
    if again:
        ward.flush()
        rooms = territory.instance.rooms
        rooms.ward.__init__(rooms.database)  # type: ignore[misc] # as after a start
    caller = territory.as_(who)
    for asked in ({}, *({"state": one} for one in ASKED), {"kind": "gateway"}, {"owner": OLONNE, "state": "silent"}):
        if who != "syndicate" or "owner" not in asked:
            compare(caller, asked)


def compare(caller: Caller, asked: dict[str, Any]) -> None:
    """What is counted by columns with what is told one by one."""
    listed = caller.get("/device-states", params={**asked, "limit": 1000}).json()["items"]
    words = [one["state"] for one in listed]
    told = {word: words.count(word) for word in ("speaking", "silent", "never")}
    low = sum(one.get("low_battery", False) for one in listed)
    counts = caller.get("/device-states/counts", params=asked).json()
    assert counts == {"devices": len(listed), **told, "low_battery": low}, asked


@dataclass
class Life:
    """What happens to devices, at random."""

    territory: Territory
    chance: random.Random
    devices: list[int] = field(default_factory=list)

    def a_deed(self) -> None:
        deeds = [
            self.begin,
            self.begin,
            self.speak,
            self.speak,
            self.hear,
            self.change,
            self.move,
            self.share,
            self.leave,
        ]
        deed = self.chance.choice(deeds if self.devices else [self.begin])
        deed()

    def begin(self) -> None:
        owner = self.chance.choice((ROCHE, OLONNE))
        age = self.chance.choice((None, HOUR, 3 * DAY))
        kind = self.chance.choice(("sensor", "gateway"))
        value = self.chance.randrange(40)
        name = f"numéro {len(self.devices)}"
        self.devices.append(measured(self.territory, name, age, value=value, owner=owner, kind=kind))

    def speak(self) -> None:
        params = {"device": self.chance.choice(self.devices)}
        for who in ("roche", "olonne"):
            found = self.territory.as_(who).get("/series", params=params).json().get("items", [])
            time = datetime.now(UTC) - self.chance.random() * 2 * DAY
            rows = [
                {"series": one["id"], "time": time.isoformat(), "value": self.chance.randrange(40)} for one in found
            ]
            self.territory.as_(who).post("/observations", json=rows)

    def hear(self) -> None:
        ward, now = self.territory.instance.rooms.ward, datetime.now(UTC)
        device = self.chance.choice(self.devices)
        with ward.changing:
            health = ward.of([device], now)[device]
            health.last_heard, health.frames = now - self.chance.random() * 2 * DAY, health.frames + 1
            health.intervals = [3600.0 * self.chance.randrange(1, 9) for _ in range(self.chance.randrange(24))]
            health.battery = self.chance.choice((None, 15.0, 80.0))

    def change(self) -> None:
        patch = {"service": self.chance.choice(("buildings", "lighting")), "name": "renommé"}
        for who in ("roche", "olonne"):
            self.territory.as_(who).patch(f"/devices/{self.chance.choice(self.devices)}", json=patch)

    def move(self) -> None:
        at = (datetime.now(UTC) - DAY).isoformat()
        device, past = self.chance.choice(self.devices), self.chance.choice(("former", "new", "both"))
        for giver, to, taker in (("roche", OLONNE, "olonne"), ("olonne", ROCHE, "roche")):
            asked = {"subject": "device", "id": device, "to": to, "at": at, "past": past}
            made = self.territory.as_(giver).post("/moves", json=asked)
            if made.is_success:
                self.territory.as_(taker).post(f"/moves/{made.json()['proposal']['id']}/acceptance")
                return

    def leave(self) -> None:
        """Nothing of it is kept."""
        device = self.chance.choice(self.devices)
        system, rooms = self.territory.system, self.territory.instance.rooms
        with rooms.database.write() as tx:
            for one in registry_series.every(system, tx, SeriesQuery(device=[device])):
                registry_series.remove(system, tx, one.id, now=datetime.now(UTC))
            devices.remove(system, tx, device, now=datetime.now(UTC))
        self.devices.remove(device)

    def share(self) -> None:
        given = self.territory.as_("olonne").get("/agreements").json()["items"]
        if open_ := [one["key"] for one in given if not one.get("revoked_at")]:
            self.territory.as_("olonne").delete(f"/agreements/{self.chance.choice(open_)}")
        else:
            share(self.territory, service=self.chance.choice(("buildings", "lighting")))


@pytest.mark.parametrize("seed", range(40 if SOAK else 2))
def test_counts_are_right_at_once_whatever_happened(territory: Territory, seed: int) -> None:
    territory.keys["narrowed"] = territory.key(ROCHE, "read", services=["lighting"])
    life = Life(territory, random.Random(seed))
    for _ in range(20):
        life.a_deed()
        for who in ("roche", "olonne", "narrowed", "syndicate"):
            compare(
                territory.as_(who), life.chance.choice(({}, {"kind": "sensor"}, {"service": "lighting"}, {"q": "nom"}))
            )


def test_a_change_has_only_what_it_touches_read_again(territory: Territory, monkeypatch: pytest.MonkeyPatch) -> None:
    _, one, _ = (measured(territory, f"numéro {rank}", HOUR) for rank in range(3))
    compare(territory.as_("roche"), {})
    monkeypatch.delattr(seen, "_seen")  # what reads all
    territory.as_("roche").patch(f"/devices/{one}", json={"kind": "gateway"})
    compare(territory.as_("roche"), {})
    measured(territory, "un de plus", None)
    compare(territory.as_("roche"), {})


def test_who_sees_a_device_by_the_kind_of_its_asset_sees_it_come_and_go(territory: Territory) -> None:
    lamp = territory.an_asset(owner=OLONNE, kind="lamp").id
    measured(territory, "d'Olonne", HOUR, owner=OLONNE, asset=lamp)
    share(territory, asset_kind="lamp")
    for kind, seen_ in (("lamp", 1), ("building", 0), ("lamp", 1)):
        assert territory.as_("olonne").patch(f"/assets/{lamp}", json={"kind": kind}).is_success
        assert territory.as_("roche").get("/device-states/counts").json()["speaking"] == seen_
        compare(territory.as_("roche"), {})


@pytest.mark.parametrize("media", [CSV, XLSX])
def test_the_list_is_given_as_a_file(territory: Territory, media: str) -> None:
    measured(territory, "=muet()", None)
    answer = territory.as_("roche").get("/device-states", headers={"Accept": media})
    assert answer.headers["content-type"].startswith(media)
    if media == CSV:
        header, line = answer.content.decode("utf-8-sig").splitlines()
        assert header.split(";")[:4] == ["owner", "kind", "code", "name"]
        assert "'=muet()" in line and ";never;" in line


@pytest.mark.parametrize("path", ["/device-states", "/device-states/counts"])
def test_another_collectivite_sees_nothing_and_a_stranger_is_refused(territory: Territory, path: str) -> None:
    measured(territory, "parle", HOUR, value=5)
    other = territory.as_("olonne").get(path).json()
    assert other in ({"items": []}, {"devices": 0, "speaking": 0, "silent": 0, "never": 0, "low_battery": 0})
    assert territory.as_("stranger").get(path).status_code == 401


def test_a_shared_series_alone_does_not_tell_of_the_device_of_another(territory: Territory) -> None:
    measured(territory, "d'Olonne", HOUR, owner=OLONNE)
    assert states(territory) == {}
    assert states(territory, "olonne") == {"d'Olonne": "speaking"}
