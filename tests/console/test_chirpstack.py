"""Devices declared in a ChirpStack server from the page of its connection, in a real browser."""

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import httpx2
import pytest
from playwright.sync_api import Browser, Page, expect

from beffroi.registry import models
from tests.api.signed_in import PASSWORD, a_person
from tests.chirpstacks import TENANT, TOKEN, Chirpstack, a_chirpstack
from tests.conftest import NOW, ROCHE, Served, a_territory, running
from tests.console.watching import THEMES, TRIED, Watched, looking, severe_faults

ADMINISTRATOR, OPERATOR, READER = "anne@exemple.fr", "ines@exemple.fr", "luc@exemple.fr"
EUIS = ["70B3D57ED0000001", "70B3D57ED0000002"]
KEYS = f"dev_eui;app_key\n{EUIS[0]};000102030405060708090A0B0C0D0E0F\n"
TITLE = "Déclarer les appareils dans ChirpStack"


@dataclass(frozen=True)
class Place:
    served: Served
    server: Chirpstack
    key: str
    token: str

    @property
    def path(self) -> str:
        return f"/connections/{self.key}"

    def set_address(self) -> None:
        told = {"url": self.server.url, "tenant": TENANT, "token": TOKEN}
        address = f"{self.served.url}/api/v1{self.path}/api"
        assert httpx2.put(address, json=told, headers={"Authorization": f"Bearer {self.token}"}).is_success


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Two sensors of a model, one device whose code is no DevEUI."""
    folder = tmp_path_factory.mktemp("chirpstack")
    with a_territory(folder) as made:
        for who, role in ((ADMINISTRATOR, "administrator"), (OPERATOR, "operator"), (READER, "reader")):
            a_person(made, who, ROCHE, role, PASSWORD)
        with made.instance.rooms.database.write() as tx:
            models.create(made.system, tx, models.NewDeviceModel(code="am1", maker="M", name="AM1"), now=NOW)
        for code in (*EUIS, "sonde-1"):
            made.a_device(code=code, name=f"Sonde {code[-1]}", model="am1")
        new = {"owner": ROCHE, "kind": "chirpstack-v4", "name": "LoRaWAN"}
        key = made.as_("roche").post("/connections", json=new).json()["connection"]["key"]
    with a_chirpstack() as server, running("serve", data=folder / "data") as served:
        yield Place(served, server, key, made.keys["roche"])


@pytest.fixture
def opened(browser: Browser, place: Place) -> Iterator[Callable[..., Watched]]:
    with looking(browser, place.served.url, PASSWORD) as look:
        yield lambda who=ADMINISTRATOR, size="desk", theme="light": look(who, size, theme)


def give_address(page: Page, server: Chirpstack) -> None:
    page.get_by_label("Adresse du serveur").fill(server.url)
    page.get_by_label("Locataire (tenant)").fill(TENANT)
    page.get_by_label("Jeton d’API").fill(TOKEN)
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.get_by_text(f"Serveur\u00a0: {server.url}")).to_be_visible()


def test_devices_are_declared_then_compared(opened: Callable[..., Watched], place: Place) -> None:
    page = opened().page
    page.goto(place.path)
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    give_address(page, place.server)
    assert TOKEN not in page.content()

    page.get_by_text("Clés des appareils", exact=True).click()
    given = page.get_by_label("Fichier CSV des clés")
    given.set_input_files({"name": "cles.csv", "mimeType": "text/csv", "buffer": b"dev_eui;app_key\nX;court\n"})
    page.get_by_role("button", name="Garder ces clés").click()
    expect(page.get_by_text("la ligne 2 du fichier")).to_be_visible()
    given.set_input_files({"name": "cles.csv", "mimeType": "text/csv", "buffer": KEYS.encode()})
    page.get_by_role("button", name="Garder ces clés").click()
    expect(page.get_by_text("Clés de 1 appareil gardées.")).to_be_visible()

    page.get_by_role("button", name="Voir ce qui serait fait").click()
    expect(page.get_by_text("2 appareils à déclarer.")).to_be_visible()
    expect(page.get_by_role("row", name=re.compile("sonde-1"))).to_contain_text("impossible")
    expect(page.get_by_role("row", name=re.compile(EUIS[1]))).to_contain_text("manquent")
    assert not place.server.devices
    page.get_by_role("button", name="Déclarer 2 appareils").click()
    expect(page.get_by_text("2 appareils déclarés.")).to_be_visible()
    assert {one.upper() for one in place.server.devices} == set(EUIS)
    assert [one.upper() for one in place.server.keys] == [EUIS[0]]

    page.get_by_role("button", name="Comparer").click()
    expect(page.get_by_text("2 appareils identiques.")).to_be_visible()


def test_who_operates_declares_and_who_reads_does_not(opened: Callable[..., Watched], place: Place) -> None:
    place.set_address()
    operating = opened(OPERATOR).page
    operating.goto(place.path)
    expect(operating.get_by_role("heading", name=TITLE)).to_be_visible()
    expect(operating.get_by_label("Jeton d’API")).to_have_count(0)
    operating.get_by_role("button", name="Voir ce qui serait fait").click()
    expect(operating.get_by_role("row", name=re.compile("sonde-1"))).to_contain_text("impossible")
    reading = opened(READER).page
    reading.goto(place.path)
    expect(reading.get_by_role("heading", level=1)).to_be_visible()
    expect(reading.get_by_role("heading", name=TITLE)).to_have_count(0)


@pytest.mark.parametrize("size", TRIED)
@pytest.mark.parametrize("theme", THEMES)
def test_anybody_can_read_it(opened: Callable[..., Watched], place: Place, size: str, theme: str) -> None:
    place.set_address()
    watched = opened(size=size, theme=theme)
    page = watched.page
    page.goto(place.path)
    page.get_by_role("button", name="Voir ce qui serait fait").click()
    expect(page.get_by_role("row", name=re.compile("sonde-1"))).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert severe_faults(page) == []
    assert watched.complaints == []
    if shots := os.environ.get("BEFFROI_SHOTS"):
        page.screenshot(path=f"{shots}/chirpstack-{size}-{theme}.png", full_page=True)
