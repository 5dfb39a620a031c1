"""Commands of a device and whose a device is, in a real browser, against an instance and a broker of their own."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from beffroi.access import roles
from beffroi.acquisition import model_codecs
from beffroi.acquisition.downlinks.reach import Reached
from beffroi.acquisition.model_codecs import NewCodec
from beffroi.registry import models
from tests.api.signed_in import PASSWORD, a_person
from tests.api.test_downlinks import APPLICATION, ENCODER
from tests.api.test_subscribers import connect, until
from tests.brokers import Listener, a_broker, a_listener
from tests.conftest import NOW, OLONNE, ROCHE, Served, Territory, a_territory, running
from tests.console.watching import THEMES, TRIED, Watched, looking, severe_faults
from tests.pipeline.test_reception import EUI, Network, uplink

INES, PAUL, READER = "ines@exemple.fr", "paul@exemple.fr", "luc@exemple.fr"
CONTESTED, NEW = "70B3D57ED00000AA", "70B3D57ED00000BB"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Place:
    served: Served
    device: int
    plain: int
    listener: Listener


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A valve of which commands need a second person, a siren of which they do not; two declare a device, and one
    declares another, both heard by the structure's network."""
    folder = tmp_path_factory.mktemp("downlinks")
    with a_broker(folder / "broker") as broker:
        with a_territory(folder) as made:
            device, plain = _prepare(made, broker.port)
        with (
            a_listener(broker.port, "application/+/device/+/command/+") as listener,
            running("serve", data=folder / "data") as served,
        ):
            yield Place(served, device, plain, listener)


def _prepare(made: Territory, port: int) -> tuple[int, int]:
    for email in (INES, PAUL):
        person = a_person(made, email, made.structure, "administrator", PASSWORD)
        with made.instance.rooms.database.write() as tx:
            roles.grant(made.system, tx, person, ROCHE, "operator", now=NOW)
    a_person(made, READER, ROCHE, "reader", PASSWORD)
    with made.instance.rooms.database.write() as tx:
        models.create(made.system, tx, models.NewDeviceModel(code="v1", maker="Milesight", name="V1"), now=NOW)
        model_codecs.set_codec(made.system, tx, "v1", NewCodec(source=ENCODER), now=NOW)
    made.instance.rooms.changed()
    asset = made.an_asset()
    valve = made.a_device(code=EUI, name="Vanne du stade", kind="actuator", model="v1", asset=asset.id)
    siren = made.a_device(code="70B3D57ED0000002", name="Sirène", kind="actuator")
    key, rooms = connect(made, port), made.instance.rooms
    heard = NOW - timedelta(days=1)
    rooms.reach.note(
        Reached(device=one.id, connection=key, application=APPLICATION, heard_at=heard) for one in (valve, siren)
    )
    rooms.reach.flush()
    made.as_("syndicate").put("/downlink-approvals", json={"asset_kinds": [asset.kind]})
    network = Network(made, "syndicate", made.structure)
    for who, owner, code in (("roche", ROCHE, CONTESTED), ("olonne", OLONNE, CONTESTED), ("olonne", OLONNE, NEW)):
        new = {"owner": owner, "kind": "sensor", "code": code, "name": f"Sonde {owner[-5:]}", "service": "buildings"}
        assert made.as_(who).post("/devices", json=new).status_code == 201
    network.send(uplink(device=CONTESTED), uplink(device=NEW), uplink(device=NEW, counter=2))
    return int(valve.id), int(siren.id)


@pytest.fixture
def opened(browser: Browser, place: Place) -> Iterator[Callable[..., Watched]]:
    with looking(browser, place.served.url, PASSWORD) as look:
        yield lambda who=INES, size="desk", theme="light": look(who, size, theme)


def test_one_asks_another_approves_and_it_leaves(opened: Callable[..., Watched], place: Place) -> None:
    page = opened().page
    page.goto(f"/devices/{place.device}/downlinks")
    expect(page.get_by_role("heading", level=1, name="Commandes de Vanne du stade")).to_be_visible()
    expect(page.get_by_text("Aucune commande n’est en cours.")).to_be_visible()
    page.get_by_label("Ordre, en JSON").fill('{"open": true}')
    page.get_by_role("button", name="Voir ce qui partirait").click()
    expect(page.get_by_text("0107")).to_be_visible()
    expect(page.get_by_text("Une autre personne devra l’approuver")).to_be_visible()
    page.get_by_role("button", name="Demander l’approbation").click()
    expect(page.get_by_role("heading", name="Attend une approbation")).to_be_visible()
    expect(page.get_by_role("button", name="Approuver")).to_have_count(0)
    assert place.listener.heard == []

    other = opened(PAUL).page
    other.goto("/connections")
    other.get_by_role("link", name="Voir et décider").click()
    expect(other.get_by_text("1 commande attend une approbation.")).to_be_visible()
    assert severe_faults(other) == []
    other.get_by_role("button", name="Approuver").click()
    expect(other.get_by_text(f"approuvée par {PAUL}")).to_be_visible()
    expect(other.get_by_text("remise au réseau")).to_be_visible()
    until(lambda: place.listener.heard)
    assert json.loads(place.listener.heard[0][1])["fPort"] == 12


def test_a_command_is_refused_with_its_reason(opened: Callable[..., Watched], place: Place) -> None:
    page = opened().page
    page.goto(f"/devices/{place.device}/downlinks")
    page.get_by_label("Des octets").check()
    page.get_by_label("Octets, en hexadécimal").fill("ff 0")
    page.get_by_label("Port").fill("3")
    expect(page.get_by_text("deux chiffres chacun")).to_be_visible()
    page.get_by_label("Octets, en hexadécimal").fill("ff 00")
    page.get_by_role("button", name="Voir ce qui partirait").press("Enter")
    page.get_by_role("button", name="Demander l’approbation").press("Enter")
    expect(page.get_by_role("heading", name="Attend une approbation")).to_be_visible()
    other = opened(PAUL).page
    other.goto(f"/devices/{place.device}/downlinks")
    other.get_by_role("button", name="Refuser").click()
    other.get_by_label("Pourquoi la refuser").fill("Pas pendant le match")
    other.get_by_role("button", name="Refuser").click()
    expect(other.get_by_role("heading", name="Refusée")).to_be_visible()
    expect(other.get_by_text("Pas pendant le match")).to_be_visible()


def test_a_reader_sees_and_asks_nothing(opened: Callable[..., Watched], place: Place) -> None:
    page = opened(READER).page
    page.goto(f"/devices/{place.plain}/downlinks")
    expect(page.get_by_role("heading", level=1, name="Commandes de Sirène")).to_be_visible()
    expect(page.get_by_text("Rien n’a encore été envoyé à cet appareil.")).to_be_visible()
    expect(page.get_by_role("heading", name="Demander une commande")).to_have_count(0)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
def test_pages_pass_axe_and_fit(
    opened: Callable[..., Watched], place: Place, size: str, theme: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    watched = opened(size=size, theme=theme)
    page = watched.page
    pages: list[tuple[str, Callable[[Page], Any]]] = [
        (f"/devices/{place.device}/downlinks", lambda one: one.get_by_role("heading", name="Ce qui a été demandé")),
        ("/connections", lambda one: one.get_by_role("heading", name="À qui est cet appareil")),
    ]
    for path, shown in pages:
        page.goto(path)
        expect(shown(page)).to_be_visible()
        expect(page.locator(".bone")).to_have_count(0)
        assert severe_faults(page) == [] and page.evaluate(WIDER) == 0
    assert watched.complaints == []


def test_the_structure_says_whose_a_device_is(opened: Callable[..., Watched], place: Place) -> None:
    """The last: it settles what others look at."""
    page = opened().page
    page.goto("/connections")
    contested = page.locator(
        ".held > li", has=page.get_by_role("heading", name=f"Plusieurs le déclarent : {CONTESTED}")
    )
    contested.get_by_role("listitem").filter(has_text="La Roche-sur-Yon").get_by_role("button").click()
    expect(contested.get_by_text("L’appareil est à La Roche-sur-Yon.")).to_be_visible()
    contested.get_by_label("Pourquoi").fill("Posée place Napoléon")
    assert severe_faults(page) == []
    contested.get_by_role("button", name="Décider").click()
    expect(contested).to_have_count(0)
    sure = page.locator(".held > li", has=page.get_by_role("heading", name=f"À confirmer : {NEW}"))
    expect(sure).to_contain_text("2 messages")
    sure.get_by_role("button", name="Confirmer").click()
    expect(sure).to_have_count(0)
