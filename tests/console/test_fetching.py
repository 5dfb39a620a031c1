"""What Beffroi fetches by itself, in a real browser: an address, a folder, a server connected, followed and mended."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.fetched import TABLE, table
from tests.api.signed_in import PASSWORD, a_person
from tests.api.test_polling import make_station, reading
from tests.conftest import OLONNE, Served, a_territory, running
from tests.console.watching import THEMES, TRIED, Watched, looking, severe_faults
from tests.servers import PASSWORD as SECRET
from tests.servers import USER, Drops, Web, a_web, drops, says

ADMINISTRATOR, READER = "ines@exemple.fr", "luc@exemple.fr"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass(frozen=True)
class Territory:
    served: Served
    structure: str
    folder: Path


@pytest.fixture(scope="module")
def territory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Territory]:
    """An administrator of the structure, another's reader, and a device whose values are known."""
    folder = tmp_path_factory.mktemp("fetching")
    with a_territory(folder) as made:
        a_person(made, ADMINISTRATOR, made.structure, "administrator", PASSWORD)
        a_person(made, READER, OLONNE, "reader", PASSWORD)
        make_station(made)
        structure = made.structure
    (folder / "drops" / structure).mkdir(parents=True)
    (folder / "data" / "beffroi.toml").write_text(f'folders = "{folder / "drops"}"\n')
    with running("serve", data=folder / "data") as served:
        yield Territory(served, structure, folder)


@pytest.fixture
def opened(browser: Browser, territory: Territory) -> Iterator[Callable[..., Watched]]:
    with looking(browser, territory.served.url, PASSWORD) as look:
        yield lambda who=ADMINISTRATOR, size="desk", theme="light": look(who, size, theme)


@pytest.fixture
def web() -> Iterator[Web]:
    with a_web(says(reading())) as made:
        yield made


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Drops]:
    with drops(tmp_path / "server") as made:
        yield made


def form(page: Page, way: str, network: str = "JSON quelconque", name: str = "Station météo") -> None:
    page.goto("/connections/new")
    page.get_by_label("Réseau", exact=True).select_option(label=network)
    page.get_by_label("Nom", exact=True).fill(name)
    page.get_by_label(way).check()


def follow(page: Page, title: str) -> None:
    page.get_by_role("button", name="Connecter", exact=True).click()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_text("Rien n’est à coller.")).to_be_visible()
    page.get_by_role("link", name="Voir arriver les messages").click()


def test_an_address_is_connected_and_its_first_message_arrives(opened: Callable[..., Watched], web: Web) -> None:
    page = opened().page
    form(page, "Beffroi relève une adresse (HTTP)")
    page.get_by_label("Adresse à relever").fill(web.url())
    page.get_by_label("Relever", exact=True).select_option(label="chaque jour")
    page.get_by_label("Mot de passe ou jeton").fill("jeton-secret")
    follow(page, "Beffroi relève maintenant cette adresse")
    expect(page.get_by_text("La dernière relève s’est bien passée.")).to_be_visible(timeout=15_000)
    expect(page.get_by_role("cell", name="s1", exact=True)).to_be_visible(timeout=15_000)
    expect(page.get_by_text("chaque jour")).to_be_visible()
    assert web.requests[0][1]["authorization"] == "Bearer jeton-secret"
    assert "jeton-secret" not in page.content()


def test_a_failure_is_told_then_forgiven_at_once(opened: Callable[..., Watched], web: Web) -> None:
    page = opened().page
    web.answer = says(status=503)
    form(page, "Beffroi relève une adresse (HTTP)", name="Fragile")
    page.get_by_label("Adresse à relever").fill(web.url())
    follow(page, "Beffroi relève maintenant cette adresse")
    expect(page.get_by_text("Réponse 503")).to_be_visible(timeout=15_000)
    web.answer = says(reading())
    page.get_by_role("button", name="Relever maintenant").click()
    expect(page.get_by_text("La dernière relève s’est bien passée.")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("Réponse 503")).to_have_count(0)


def test_a_private_address_is_refused_with_what_to_do(opened: Callable[..., Watched]) -> None:
    page = opened().page
    form(page, "Beffroi relève une adresse (HTTP)")
    page.get_by_label("Adresse à relever").fill("http://127.0.0.2/")
    page.get_by_role("button", name="Connecter", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("privée ou réservée")
    expect(page.get_by_label("Adresse à relever")).to_have_value("http://127.0.0.2/")


def test_a_folder_of_tables_is_connected(opened: Callable[..., Watched], territory: Territory) -> None:
    page = opened().page
    form(page, "Beffroi surveille un dossier", "Tableau (CSV, Excel)", "Relevés")
    expect(page.get_by_text(territory.structure)).to_be_visible()
    page.get_by_label("Ce que sont les colonnes").fill(TABLE)
    follow(page, "Beffroi surveille maintenant ce dossier")
    folder = territory.folder / "drops" / territory.structure
    (folder / "a.csv").write_bytes(table("s1;22/11/2026;12:00;21,5"))
    expect(page.get_by_text("La dernière relève s’est bien passée.")).to_be_visible(timeout=15_000)
    for _ in range(3):
        page.get_by_role("button", name="Relever maintenant").click()
        page.wait_for_timeout(1000)
    expect(page.get_by_role("cell", name="s1", exact=True)).to_be_visible(timeout=15_000)
    assert (folder / "done" / "a.csv").exists()


def test_a_server_s_key_is_compared_before_it_is_trusted(opened: Callable[..., Watched], server: Drops) -> None:
    page = opened().page
    form(page, "Beffroi relève un serveur de fichiers (SFTP)", "Tableau (CSV, Excel)", "Dépôt de l’exploitant")
    page.get_by_label("Ce que sont les colonnes").fill(TABLE)
    page.get_by_label("Serveur", exact=True).fill("127.0.0.1")
    page.get_by_label("Port", exact=True).fill(str(server.port))
    page.get_by_role("button", name="Demander sa clé au serveur").click()
    shown = page.get_by_text("SHA256:")
    expect(shown).to_be_visible()
    mark = shown.inner_text()
    page.get_by_label("Nom d’utilisateur").fill(USER)
    page.get_by_label("Mot de passe", exact=True).fill(SECRET)
    page.get_by_role("button", name="Connecter", exact=True).click()
    expect(
        page.get_by_role("heading", level=1, name="Connecter un réseau")
    ).to_be_visible()  # the key is not trusted yet
    page.get_by_label("C’est bien elle").check()
    follow(page, "Beffroi relève maintenant ce serveur")
    expect(page.get_by_text("La dernière relève s’est bien passée.")).to_be_visible(timeout=15_000)
    expect(page.get_by_text(mark)).to_be_visible()


def test_another_collectivity_s_reader_sees_none_of_it(opened: Callable[..., Watched], web: Web) -> None:
    page = opened().page
    form(page, "Beffroi relève une adresse (HTTP)", name="À nous seuls")
    page.get_by_label("Adresse à relever").fill(web.url())
    follow(page, "Beffroi relève maintenant cette adresse")
    address = page.url
    other = opened(READER).page
    other.goto(address)
    expect(other.get_by_text("À nous seuls")).to_have_count(0)
    expect(other.get_by_role("button", name="Relever maintenant")).to_have_count(0)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
def test_every_way_in_is_usable_by_all_on_every_screen(
    opened: Callable[..., Watched], web: Web, size: str, theme: str
) -> None:
    page = opened(size=size, theme=theme).page
    for way in (
        "Beffroi relève une adresse (HTTP)",
        "Beffroi surveille un dossier",
        "Beffroi relève un serveur de fichiers (SFTP)",
    ):
        form(page, way, "Tableau (CSV, Excel)")
        for more in page.locator("details").all():
            more.locator("summary").click()
        assert severe_faults(page) == []
        assert page.evaluate(WIDER) <= 0
    web.answer = says(status=500)
    form(page, "Beffroi relève une adresse (HTTP)")
    page.get_by_label("Adresse à relever").fill(web.url())
    follow(page, "Beffroi relève maintenant cette adresse")
    expect(page.get_by_text("Réponse 500")).to_be_visible(timeout=15_000)
    assert severe_faults(page) == []
    assert page.evaluate(WIDER) <= 0
