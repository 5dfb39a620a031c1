"""Networks connected, in a real browser, against an instance of its own: from the first connection to the replay."""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from beffroi.access import roles
from beffroi.acquisition import model_codecs
from beffroi.acquisition.model_codecs import NewCodec
from beffroi.registry import models
from tests.api.signed_in import PASSWORD, a_person
from tests.conftest import NOW, OLONNE, ROCHE, Served, a_territory, running
from tests.console.watching import THEMES, TRIED, Watched, looking, severe_faults

OPERATOR, READER = "ines@exemple.fr", "luc@exemple.fr"
CODEC = """
function decodeUplink(input) {
  return { data: { temperature: ((input.bytes[0] << 8) | input.bytes[1]) / 10, battery_mv: input.bytes[2] * 100 } };
}
"""
EUI, OTHER, STRANGE = "70B3D57ED0000001", "70B3D57ED0000002", "70B3D57ED0000003"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Territory:
    served: Served
    structure: str

    def send(self, key: str, secret: str, device: str, counter: int = 1, payload: bytes = b"\x00\xd7\x21") -> None:
        """A frame, as ChirpStack v4 posts it."""
        told = {
            "deduplicationId": f"00000000-0000-0000-0000-{counter:012d}",
            "time": f"2026-11-22T10:{counter:02d}:00+00:00",
            "deviceInfo": {"devEui": device.lower(), "deviceName": "salle"},
            "fCnt": counter,
            "fPort": 2,
            "data": base64.b64encode(payload).decode(),
            "rxInfo": [{"gatewayId": "0016c001f153a14c", "rssi": -36, "snr": 10.5}],
        }
        answer = httpx2.post(
            f"{self.served.url}/api/v1/connections/{key}/messages?event=up",
            json=told,
            headers={"Authorization": secret},
        )
        assert answer.status_code == 200, answer.text


@pytest.fixture(scope="module")
def territory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Territory]:
    """An administrator of the structure, who operates a commune; another's reader; a model, its codec alone known."""
    folder = tmp_path_factory.mktemp("connections")
    with a_territory(folder) as made:
        operator = a_person(made, OPERATOR, made.structure, "administrator", PASSWORD)
        a_person(made, READER, OLONNE, "reader", PASSWORD)
        with made.instance.rooms.database.write() as tx:
            roles.grant(made.system, tx, operator, ROCHE, "operator", now=NOW)
            models.create(made.system, tx, models.NewDeviceModel(code="am1", maker="Milesight", name="AM1"), now=NOW)
            model_codecs.set_codec(made.system, tx, "am1", NewCodec(source=CODEC), now=NOW)
        structure = made.structure
    with running("serve", data=folder / "data") as served:
        yield Territory(served, structure)


@pytest.fixture
def opened(browser: Browser, territory: Territory) -> Iterator[Callable[..., Watched]]:
    with looking(browser, territory.served.url, PASSWORD) as look:
        yield lambda who=OPERATOR, size="desk", theme="light": look(who, size, theme)


def connected(page: Page, name: str, network: str = "ChirpStack v4") -> tuple[str, str]:
    """Its key and its secret, read where a person would."""
    page.goto("/connections/new")
    page.get_by_label("Réseau", exact=True).select_option(label=network)
    page.get_by_label("Nom", exact=True).fill(name)
    page.get_by_role("button", name="Connecter", exact=True).click()
    expect(page.get_by_role("heading", level=1, name=name)).to_be_visible()
    address = page.get_by_label("Adresse", exact=True).input_value()
    secret = page.get_by_label("Secret", exact=True).input_value()
    key = re.search(r"/connections/(con-\w+)/messages$", address)
    assert key and secret.startswith("bfc_")
    return key[1], secret


def group_of(page: Page, words: str) -> Locator:
    return page.locator(".held > li", has=page.get_by_role("heading", name=words))


def test_a_network_is_connected_its_secret_shown_once(opened: Callable[..., Watched], territory: Territory) -> None:
    page = opened().page
    page.goto("/")
    page.get_by_role("navigation", name="Pages").get_by_role("link", name="Réseaux connectés").click()
    page.get_by_role("link", name="Connecter un réseau").first.click()
    key, secret = connected(page, "LoRaWAN du syndicat")
    expect(page.get_by_text("Ce secret est montré cette fois seulement")).to_be_visible()
    expect(page.get_by_text("event endpoint")).to_be_visible()
    page.get_by_role("button", name="Copier : Secret".replace(" :", "\u00a0:")).click()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    page.get_by_role("link", name="Voir arriver les messages").click()
    expect(page.get_by_text("Aucun message depuis que Beffroi a démarré.")).to_be_visible()
    territory.send(key, secret, STRANGE)
    expect(page.get_by_role("row", name=re.compile(STRANGE))).to_be_visible()
    assert secret not in page.content()


def test_messages_arrive_by_themselves_and_a_lost_link_is_said(
    opened: Callable[..., Watched], territory: Territory
) -> None:
    page = opened().page
    key, secret = connected(page, "Réseau en direct")
    page.goto(f"/connections/{key}")
    expect(page.get_by_text("En direct", exact=True)).to_be_visible()
    territory.send(key, secret, STRANGE, counter=2)
    row = page.get_by_role("row", name=re.compile(STRANGE))
    expect(row).to_contain_text("en attente")
    row.get_by_role("button", name="Brut").click()
    expect(page.get_by_text('"frame_counter": 2')).to_be_visible()
    page.route(f"**/connections/{key}/messages", lambda route: route.abort())
    expect(page.get_by_text("Liaison perdue")).to_be_visible()
    expect(row).to_be_visible()
    page.unroute(f"**/connections/{key}/messages")
    expect(page.get_by_text("Liaison rétablie")).to_be_visible()


def test_nothing_is_asked_while_nobody_looks(opened: Callable[..., Watched]) -> None:
    page = opened().page
    key, _ = connected(page, "Réseau que l'on ne regarde pas")
    page.goto(f"/connections/{key}")
    expect(page.get_by_text("En direct", exact=True)).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda one: one.url.endswith("/messages") and asked.append(one.url))
    page.evaluate("""() => {
        Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true })
        document.dispatchEvent(new Event("visibilitychange"))
    }""")
    page.wait_for_timeout(2500)  # what was under way
    asked.clear()
    page.wait_for_timeout(5000)
    assert asked == []
    page.evaluate("""() => {
        Object.defineProperty(document, "visibilityState", { value: "visible", configurable: true })
        document.dispatchEvent(new Event("visibilitychange"))
    }""")
    with page.expect_request(re.compile("/messages$")):
        pass


def test_a_device_heard_is_declared_its_values_confirmed_and_what_waited_is_stored(
    opened: Callable[..., Watched], territory: Territory
) -> None:
    page = opened().page
    key, secret = connected(page, "Réseau des salles")
    for counter in (3, 4):
        territory.send(key, secret, EUI, counter)
    page.goto(f"/connections/{key}")
    group = group_of(page, EUI)
    expect(group).to_contain_text("Appareil que personne n’a déclaré")
    expect(group).to_contain_text("2 messages")
    expect(group).to_contain_text("entendu par 0016c001f153a14c")
    group.get_by_role("button", name="Déclarer l’appareil").click()
    group.get_by_label("Nom de l’appareil").fill("Salle des fêtes")
    group.get_by_label("Collectivité").select_option(label="La Roche-sur-Yon")
    group.get_by_label("Modèle").select_option(label="Milesight AM1")
    group.get_by_label("Service").select_option(label="Bâtiments")
    assert severe_faults(page) == []
    group.get_by_role("button", name="Déclarer et rejouer").click()
    expect(page.get_by_text(f"{EUI} est déclaré.")).to_be_visible()
    group_of(page, "Modèle dont les valeurs ne sont pas confirmées").get_by_role("link").click()

    expect(page.get_by_role("heading", level=1, name="Milesight AM1")).to_be_visible()
    expect(page.get_by_label("Octets, en hexadécimal")).to_have_value("00d721")
    page.get_by_role("button", name="Décoder").click()
    expect(page.get_by_role("table", name="Valeurs décodées")).to_contain_text("21,5")
    property_ = page.get_by_label("Grandeur mesurée par temperature")
    assert property_.evaluate("one => one.selectedOptions[0].label") == "Température"
    page.get_by_label("Grandeur mesurée par battery_mv").select_option(label="Tension de la pile")
    page.get_by_label("Unité de battery_mv").fill("mV")
    assert severe_faults(page) == []
    page.get_by_role("button", name="Confirmer et rejouer").click()
    expect(page.get_by_text(re.compile(r"Confirmé. 2 messages"))).to_be_visible()
    page.get_by_label("Octets, en hexadécimal").fill("FF FF 21")
    page.get_by_role("button", name="Décoder").click()
    becomes = page.get_by_role("table", name="Valeurs décodées")
    expect(becomes).to_contain_text("hors de la plage plausible")
    expect(becomes).to_contain_text("3,3\u202fV")

    page.goto(f"/connections/{key}")
    expect(page.get_by_text("Rien n’attend")).to_be_visible()
    territory.send(key, secret, EUI, counter=5)
    row = page.get_by_role("row", name=re.compile(r"21,5\s°C"))
    expect(row).to_contain_text("enregistré")
    territory.send(key, secret, EUI, counter=5)
    expect(page.get_by_role("row", name=re.compile("déjà entendu"))).to_be_visible()


def test_what_waits_is_given_up_with_a_reason(opened: Callable[..., Watched], territory: Territory) -> None:
    page = opened().page
    key, secret = connected(page, "Réseau d'un voisin")
    territory.send(key, secret, OTHER, counter=6)
    page.goto(f"/connections/{key}")
    group = group_of(page, OTHER)
    group.get_by_role("button", name="Réessayer").click()
    expect(page.get_by_text(re.compile("1 attend encore"))).to_be_visible()
    group.get_by_role("button", name="Abandonner").click()
    group.get_by_label("Pourquoi les abandonner").fill("capteur d'un voisin")
    group.get_by_role("button", name="Abandonner").click()
    expect(page.get_by_text("1 message abandonné.")).to_be_visible()
    expect(group).to_have_count(0)
    kept = page.request.get(f"/api/v1/held-messages?connection={key}").json()["items"]
    assert [(one["state"], one["note"]) for one in kept] == [("discarded", "capteur d'un voisin")]


def test_a_secret_is_renewed_and_a_connection_ended_by_its_name(
    opened: Callable[..., Watched], territory: Territory
) -> None:
    page = opened().page
    key, secret = connected(page, "Réseau provisoire")
    page.goto(f"/connections/{key}")
    page.get_by_role("button", name="Renouveler le secret").click()
    renewed = page.get_by_label("Secret", exact=True).input_value()
    assert renewed != secret
    territory.send(key, renewed, STRANGE, counter=7)
    page.get_by_role("button", name="Terminer cette connexion").click()
    confirm = page.get_by_role("button", name="Terminer", exact=True)
    page.get_by_label(re.compile("écrivez son nom")).fill("autre chose")
    expect(confirm).to_be_disabled()
    page.get_by_label(re.compile("écrivez son nom")).fill("Réseau provisoire")
    confirm.click()
    expect(page.get_by_role("row", name=re.compile("Réseau provisoire"))).to_contain_text("terminée le")


def test_a_broker_is_asked_for_only_when_messages_come_by_mqtt(opened: Callable[..., Watched]) -> None:
    page = opened().page
    page.goto("/connections/new")
    page.get_by_label("Réseau", exact=True).select_option(label="ChirpStack v4")
    expect(page.get_by_label("Courtier", exact=True)).to_have_count(0)
    page.get_by_label(re.compile("écoute un courtier")).check()
    page.get_by_label("Courtier", exact=True).fill("courtier.exemple.fr")
    page.get_by_label("Nom", exact=True).fill("Par courtier")
    expect(page.get_by_text("application/+/device/+/event/+")).to_be_visible()
    assert severe_faults(page) == []
    page.get_by_role("button", name="Connecter", exact=True).click()
    expect(page.get_by_text("Rien n’est à coller.")).to_be_visible()
    page.goto("/connections/new")
    page.get_by_label("Réseau", exact=True).select_option(label="Sigfox")
    expect(page.get_by_label(re.compile("écoute un courtier"))).to_have_count(0)


def test_a_connection_is_changed_and_what_opens_is_asked_for_again_when_it_looks_elsewhere(
    opened: Callable[..., Watched],
) -> None:
    page = opened().page
    page.goto("/connections/new")
    page.get_by_label("Réseau", exact=True).select_option(label="ChirpStack v4")
    page.get_by_label("Nom", exact=True).fill("À changer")
    page.get_by_label(re.compile("écoute un courtier")).check()
    page.get_by_label("Courtier", exact=True).fill("courtier.exemple.fr")
    page.get_by_label("Mot de passe", exact=True).fill("s3cret")
    page.get_by_role("button", name="Connecter", exact=True).click()
    page.get_by_role("link", name="Voir arriver les messages").click()
    page.get_by_role("button", name="Modifier…").click()
    expect(page.get_by_label("Courtier", exact=True)).to_have_value("courtier.exemple.fr")
    expect(page.get_by_label("Mot de passe", exact=True)).to_have_value("")
    assert severe_faults(page) == []
    page.get_by_label("Courtier", exact=True).fill("ailleurs.exemple.fr")
    page.get_by_label("Nom", exact=True).fill("Changée")
    page.get_by_role("button", name="Enregistrer les changements").click()
    expect(page.get_by_role("alert")).to_contain_text("à redonner")
    assert severe_faults(page) == []
    page.get_by_label("Mot de passe", exact=True).fill("s3cret")
    page.get_by_role("button", name="Enregistrer les changements").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Changée")
    expect(page.get_by_text("ailleurs.exemple.fr").first).to_be_visible()
    expect(page.get_by_role("button", name="Modifier…")).to_be_visible()


def test_a_reader_of_another_collectivity_sees_nothing_of_it(
    opened: Callable[..., Watched], territory: Territory
) -> None:
    key, secret = connected(opened().page, "Réseau du syndicat")
    territory.send(key, secret, STRANGE, counter=8)
    page = opened(READER).page
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Réseaux connectés")).to_have_count(0)
    page.goto("/connections")
    expect(page.get_by_text("Aucun réseau n’est connecté pour le moment.")).to_be_visible()
    expect(page.get_by_role("link", name="Connecter un réseau")).to_have_count(0)
    expect(page.get_by_text(STRANGE)).to_have_count(0)
    page.goto(f"/connections/{key}")
    expect(page.get_by_role("alert").get_by_role("heading", level=1)).to_have_text("Introuvable")


def to_list(page: Page, key: str) -> None:
    page.goto("/connections")
    expect(page.get_by_role("row", name=re.compile("Réseau regardé")).first).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("que personne")).first).to_be_visible()


def to_form(page: Page, key: str) -> None:
    page.goto("/connections/new")
    expect(page.get_by_label("Nom", exact=True)).to_be_visible()


def to_connection(page: Page, key: str) -> None:
    page.goto(f"/connections/{key}")
    expect(page.get_by_role("row", name=re.compile(STRANGE)).first).to_be_visible()


def to_issued(page: Page, key: str) -> None:
    connected(page, "Réseau regardé")


def to_model(page: Page, key: str) -> None:
    page.goto("/device-models/am1")
    page.get_by_label("Octets, en hexadécimal").fill("00 D7 21")
    page.get_by_label("Port").fill("2")
    page.get_by_role("button", name="Décoder").click()
    expect(page.get_by_role("table", name="Valeurs décodées")).to_be_visible()


@pytest.fixture(scope="module")
def looked_at(browser: Browser, territory: Territory) -> Any:
    """A connection that brought frames of several devices."""
    context = browser.new_context(base_url=territory.served.url, locale="fr-FR")
    context.request.post("/api/v1/session", data={"email": OPERATOR, "password": PASSWORD})
    key, secret = connected(context.new_page(), "Réseau regardé")
    for counter, device in enumerate((EUI, STRANGE, OTHER, "70B3D57ED0000004"), start=20):
        territory.send(key, secret, device, counter)
    context.close()
    return key


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
@pytest.mark.parametrize(
    "journey", (to_list, to_form, to_issued, to_connection, to_model), ids=lambda journey: journey.__name__
)
def test_a_page_is_accessible_fits_and_complains_of_nothing(
    opened: Callable[..., Watched], looked_at: str, journey: Callable[[Page, str], None], size: str, theme: str
) -> None:
    watched = opened(size=size, theme=theme)
    journey(watched.page, looked_at)
    assert severe_faults(watched.page) == []
    assert watched.page.evaluate(WIDER) == 0, "the page scrolls sideways"
    assert watched.complaints == []


def test_the_pages_speak_english_whole(opened: Callable[..., Watched], looked_at: str) -> None:
    page = opened().page
    page.goto("/connections")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1, name="Connections")).to_be_visible()
    expect(page.get_by_role("heading", name=re.compile("Device that nobody declared")).first).to_be_visible()
    page.evaluate("""() => fetch("/api/v1/me", {
        method: "PATCH",
        headers: {"Content-Type": "application/json"},
        body: JSON.stringify({language: "fr"}),
    })""")
