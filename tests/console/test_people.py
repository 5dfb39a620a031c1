"""People, invitations, keys and sessions, in real browsers: what one does, another feels."""

import re
from collections.abc import Callable, Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.api.signed_in import PASSWORD
from tests.console.affairs import CHIEF, CLERK, GIVER, READER, Affairs, affairs
from tests.console.watching import THEMES, TRIED, WIDER, Watched, looking, severe_faults


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Affairs]:
    with affairs(tmp_path_factory.mktemp("people")) as made:
        yield made


@pytest.fixture
def opened(browser: Browser, place: Affairs) -> Iterator[Callable[..., Watched]]:
    with looking(browser, place.served.url, PASSWORD) as look:
        yield lambda who=GIVER, size="desk", theme="light": look(who, size, theme)


def to_people(page: Page) -> None:
    page.goto("/people")
    expect(page.get_by_role("heading", name=READER)).to_be_visible()


def entry(page: Page, name: str) -> Locator:
    return page.locator(".held > li", has=page.get_by_role("heading", name=name))


def test_who_is_invited_opens_the_link_and_has_the_role(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_people(page)
    page.get_by_label("Adresse électronique").fill("neuf@exemple.fr")
    page.get_by_label("Rôle", exact=True).select_option(label="Opérateur")
    page.get_by_role("button", name="Inviter").click()
    field = page.get_by_label("Lien pour neuf@exemple.fr", exact=True)
    page.get_by_role("button", name="Copier : Lien pour neuf@exemple.fr").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link == field.input_value()
    assert re.search(r"/invitation#token=\S{20,}$", link)
    expect(entry(page, "neuf@exemple.fr")).to_contain_text("Opérateur")
    page.reload()
    expect(entry(page, "neuf@exemple.fr")).to_be_visible()
    expect(field).to_have_count(0)

    newcomer = opened(None).page
    newcomer.goto(link)
    newcomer.get_by_label("Prénom et nom").fill("Noé Martin")
    newcomer.get_by_label("Mot de passe").fill(PASSWORD)
    newcomer.get_by_role("button", name="Accepter l’invitation").click()
    expect(newcomer.get_by_role("button", name="Mon compte")).to_be_visible()
    newcomer.goto("/account")
    expect(newcomer.get_by_text("Opérateur : Voit tout et tient le registre")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Rôle de Noé Martin")).to_have_value("operator")
    expect(page.get_by_text("Aucune invitation n’attend.")).to_be_visible()


def test_an_invitation_that_is_cancelled_opens_nothing(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_people(page)
    page.get_by_label("Adresse électronique").fill("erreur@exemple.fr")
    page.get_by_role("button", name="Inviter").click()
    link = page.get_by_label("Lien pour erreur@exemple.fr", exact=True).input_value()
    page.get_by_role("button", name="Annuler l’invitation de erreur@exemple.fr").click()
    expect(entry(page, "erreur@exemple.fr")).to_have_count(0)
    newcomer = opened(None).page
    newcomer.goto(link)
    newcomer.get_by_label("Prénom et nom").fill("Personne")
    newcomer.get_by_label("Mot de passe").fill(PASSWORD)
    newcomer.get_by_role("button", name="Accepter l’invitation").click()
    expect(newcomer.get_by_role("alert")).to_contain_text("n'est plus valable")


def test_a_role_is_changed_and_the_change_undone(opened: Callable[..., Watched]) -> None:
    page, reader = opened().page, opened(READER).page
    to_people(page)
    choice = page.get_by_label(f"Rôle de {READER}")
    choice.select_option(label="Rédacteur")
    expect(page.get_by_text(f"{READER} est maintenant rédacteur.")).to_be_visible()
    expect(choice).to_have_value("editor")
    reader.goto("/account")
    expect(reader.get_by_text(re.compile("^Rédacteur"))).to_be_visible()
    page.get_by_role("button", name="Annuler", exact=True).click()
    expect(choice).to_have_value("reader")
    reader.reload()
    expect(reader.get_by_text(re.compile("^Lecteur"))).to_be_visible()


def test_the_last_administrator_cannot_step_down(opened: Callable[..., Watched]) -> None:
    page = opened().page
    to_people(page)
    page.get_by_label(f"Rôle de {GIVER}").select_option(label="Lecteur")
    expect(page.get_by_role("alert")).to_contain_text("Dernier administrateur")
    expect(page.get_by_label(f"Rôle de {GIVER}")).to_have_value("administrator")


def test_someone_signed_out_everywhere_comes_back_by_a_link(opened: Callable[..., Watched]) -> None:
    page, reader = opened().page, opened(READER).page
    reader.goto("/account")
    expect(reader.get_by_role("heading", level=1, name="Mon compte")).to_be_visible()
    to_people(page)
    entry(page, READER).get_by_role("button", name="Déconnecter partout").click()
    expect(page.get_by_text(re.compile(r"\d+ sessions? terminées?\."))).to_be_visible()
    reader.goto("/devices")
    expect(reader).to_have_url(re.compile("/sign-in"))
    entry(page, READER).get_by_role("button", name="Lien de connexion").click()
    link = page.get_by_label(f"Lien pour {READER}", exact=True).input_value()
    assert severe_faults(page) == []
    reader.goto("about:blank")
    reader.goto(link)
    expect(reader.get_by_role("button", name="Mon compte")).to_be_visible()


def test_a_key_is_shown_once_opens_and_is_ended_by_its_name(opened: Callable[..., Watched], place: Affairs) -> None:
    page = opened().page
    to_people(page)
    page.get_by_role("button", name="Faire une clé…").click()
    page.get_by_label("Nom", exact=True).fill("Supervision")
    page.get_by_label("Eau et assainissement").check()
    page.get_by_label("Jusqu’au").fill("2031-12-31")
    page.get_by_role("button", name="Faire la clé").click()
    token = page.get_by_label("Clé « Supervision »", exact=True).input_value()
    assert token.startswith("bef_")
    made = entry(page, "Supervision")
    expect(made).to_contain_text("Lire, seulement Eau et assainissement, jusqu’au 31 décembre 2031")
    asked = {"headers": {"Authorization": f"Bearer {token}"}}
    names = {one["name"] for one in httpx2.get(f"{place.served.url}/api/v1/series", **asked).json()["items"]}
    assert names == {"Débit du stade", "Pression du stade"}
    page.get_by_role("button", name="Je l’ai copiée").click()
    expect(page.get_by_text(token)).to_have_count(0)
    page.reload()
    expect(made).to_be_visible()
    assert token not in page.content()
    page.get_by_role("button", name="Mettre fin à la clé Supervision").click()
    done = made.get_by_role("button", name="Mettre fin", exact=True)
    expect(done).to_be_disabled()
    page.get_by_label("Pour confirmer, écrivez le nom de la clé : Supervision").fill("Supervision")
    done.click()
    expect(page.get_by_text("1 clé terminée")).to_be_visible()
    assert httpx2.get(f"{place.served.url}/api/v1/series", **asked).status_code == 401


def test_the_structure_names_the_first_administrator_of_a_member_alone(opened: Callable[..., Watched]) -> None:
    page = opened(CHIEF).page
    page.goto("/people")
    where = page.get_by_label("Où")
    where.select_option(label="Les Sables-d'Olonne")
    expect(page.get_by_label("Rôle", exact=True)).to_be_disabled()
    page.get_by_label("Adresse électronique").fill("maire@exemple.fr")
    page.get_by_role("button", name="Inviter").click()
    expect(page.get_by_role("alert")).to_contain_text("premier administrateur")


def sign_in(page: Page, who: str) -> None:
    page.get_by_label("Adresse électronique").fill(who)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.get_by_role("button", name="Se connecter").click()


def test_the_structure_closes_an_account_and_opens_it_again(opened: Callable[..., Watched]) -> None:
    page, clerk = opened(CHIEF).page, opened(CLERK).page
    clerk.goto("/devices")
    expect(clerk.get_by_role("heading", level=1, name="Appareils")).to_be_visible()
    assert clerk.request.get("/api/v1/session").status == 200
    page.goto("/people?of=commune-85047")
    who = entry(page, CLERK)
    who.get_by_role("button", name="Fermer le compte").click()
    expect(who.get_by_text("(compte fermé)")).to_be_visible()
    assert clerk.request.get("/api/v1/session").status == 401
    clerk.get_by_role("link", name="Tableaux de bord").click()
    clerk.reload()
    expect(clerk).to_have_url(re.compile("/sign-in"))
    sign_in(clerk, CLERK)
    expect(clerk.get_by_role("alert")).to_be_visible()
    assert clerk.request.get("/api/v1/session").status == 401

    who.get_by_role("button", name="Rouvrir le compte").click()
    expect(who.get_by_text("(compte fermé)")).to_have_count(0)
    assert clerk.request.get("/api/v1/session").status == 401, "the session that was ended stays so"
    sign_in(clerk, CLERK)
    expect(clerk.get_by_role("button", name="Mon compte")).to_be_visible()
    page.goto("/audit")
    expect(page.get_by_text("a fermé un compte")).to_be_visible()
    expect(page.get_by_text("a rouvert un compte")).to_be_visible()


def test_nobody_closes_their_own_account(opened: Callable[..., Watched]) -> None:
    page = opened(CHIEF).page
    page.goto("/people?of=commune-85047")
    expect(page.get_by_role("heading", name=f"{CHIEF} (vous)")).to_be_visible()
    mine = page.locator(".held > li", has=page.get_by_role("heading", name=f"{CHIEF} (vous)"))
    expect(mine.get_by_role("button", name="Fermer le compte")).to_have_count(0)


def test_a_role_is_withdrawn_once_the_name_is_typed(opened: Callable[..., Watched]) -> None:
    """After those that look at this person."""
    page = opened().page
    to_people(page)
    who = entry(page, READER)
    who.get_by_role("button", name="Retirer le rôle…").click()
    done = who.get_by_role("button", name="Retirer", exact=True)
    page.get_by_label(f"Pour confirmer, écrivez : {READER}").fill("quelqu’un d’autre")
    expect(done).to_be_disabled()
    page.get_by_label(f"Pour confirmer, écrivez : {READER}").fill(READER)
    done.click()
    expect(who).to_have_count(0)
    reader = opened(READER).page
    reader.goto("/account")
    expect(reader.get_by_text("Aucun rôle pour le moment")).to_be_visible()
    reader.goto("/people")
    expect(reader.get_by_text("se gèrent par ses administrateurs")).to_be_visible()
    expect(reader.get_by_role("button", name="Inviter")).to_have_count(0)


def test_a_stranger_is_asked_to_sign_in(opened: Callable[..., Watched]) -> None:
    for path in ("/people", "/audit", "/account"):
        page = opened(None).page
        page.goto(path)
        expect(page).to_have_url(re.compile(f"/sign-in\\?next=.*{path[1:]}"))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("size", TRIED)
def test_the_page_is_accessible_fits_and_complains_of_nothing(
    opened: Callable[..., Watched], size: str, theme: str
) -> None:
    watched = opened(GIVER, size, theme)
    page = watched.page
    page.goto("/people")
    expect(page.get_by_role("heading", name=GIVER)).to_be_visible()
    page.get_by_role("button", name="Faire une clé…").click()
    page.get_by_role("button", name="Quitter ce rôle…").click()
    page.get_by_role("button", name=re.compile("^Mettre fin à la clé")).first.click()
    expect(page.locator(".bone")).to_have_count(0)
    assert severe_faults(page) == []
    assert page.evaluate(WIDER) == 0, "the page scrolls sideways"
    assert watched.complaints == []


def test_the_page_speaks_english_whole(opened: Callable[..., Watched]) -> None:
    page = opened(CHIEF).page
    page.goto("/people")
    expect(page.get_by_role("heading", level=1, name="Personnes et accès")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1, name="People and access")).to_be_visible()
    expect(page.get_by_text(re.compile("^Syndicat d'essai: 1 person"))).to_be_visible()
