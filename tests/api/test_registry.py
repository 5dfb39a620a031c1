"""The registry over HTTP: what each caller sees, changes, and is refused."""

from typing import Any

import pytest

from beffroi.access import audit
from beffroi.registry.sheets import CSV, XLSX
from tests.conftest import CHALLANS, NOW, OLONNE, ROCHE, Caller, Territory

SINCE = "2026-01-01T00:00:00Z"
LAMP: dict[str, Any] = {"owner": ROCHE, "kind": "lamp", "code": "EP-1", "name": "Lampe"}
BODIES: dict[str, dict[str, Any]] = {
    "/sites": {"owner": ROCHE, "code": "S", "name": "École"},
    "/assets": LAMP,
    "/devices": {"owner": ROCHE, "kind": "sensor", "code": "A84041", "name": "Capteur", "service": "lighting"},
    "/series": {
        "owner": ROCHE,
        "code": "T",
        "name": "Température",
        "observed_property": "temperature",
        "service": "lighting",
    },
}


def created(caller: Caller, path: str, body: dict[str, Any]) -> int:
    answer = caller.post(path, json=body)
    assert answer.status_code == 201, answer.text
    made: int = answer.json()["id"]
    return made


def a_relation(territory: Territory) -> int:
    caller = territory.as_("roche editor")
    lamp = created(caller, "/assets", LAMP)
    cabinet = created(caller, "/assets", LAMP | {"code": "AR-1", "kind": "lighting-cabinet"})
    return created(
        caller,
        "/relations",
        {
            "kind": "fed by",
            "source_type": "asset",
            "source": lamp,
            "target_type": "asset",
            "target": cabinet,
            "since": SINCE,
        },
    )


@pytest.mark.parametrize("path", BODIES)
def test_a_thing_is_made_read_changed_listed_and_removed(territory: Territory, path: str) -> None:
    editor = territory.as_("roche editor")
    made = created(editor, path, BODIES[path])
    assert editor.get(f"{path}/{made}").json()["code"] == BODIES[path]["code"]
    assert editor.patch(f"{path}/{made}", json={"name": "Autre"}).json()["name"] == "Autre"
    assert [one["id"] for one in editor.get(path, params={"q": "autre"}).json()["items"]] == [made]
    assert editor.delete(f"{path}/{made}").status_code == 204
    assert editor.get(f"{path}/{made}").status_code == 404


COUNTER = BODIES["/series"] | {"observed_property": "water-volume", "service": "water", "rolls_over_at": 10_000}


def test_where_a_counter_rolls_over_is_said_changed_and_unsaid(territory: Territory) -> None:
    editor = territory.as_("roche editor")
    made = created(editor, "/series", COUNTER)
    assert editor.get(f"/series/{made}").json()["rolls_over_at"] == 10_000
    assert "rolls_over_at" in editor.get("/series", headers={"Accept": CSV}).text.splitlines()[0]
    assert editor.patch(f"/series/{made}", json={"rolls_over_at": 65_536}).json()["rolls_over_at"] == 65_536
    assert "rolls_over_at" not in editor.patch(f"/series/{made}", json={"rolls_over_at": None}).json()


@pytest.mark.parametrize(
    ("changes", "french", "english"),
    [
        ({"observed_property": "temperature"}, "réservé aux compteurs", "only for a counter"),
        ({"rolls_over_at": 0}, "plus de 0.0", "Expected `float` > 0.0"),
        ({"rolls_over_at": 1e20}, "au plus 1.8446744073709552e+19", "Expected `float` <= 1.8446744073709552e+19"),
        ({"rolls_over_at": "10000"}, "attendu : float | null ; reçu : str", "Expected `float | null`, got `str`"),
    ],
)
def test_where_nothing_can_roll_over_is_refused_in_both_languages(
    territory: Territory, changes: dict[str, Any], french: str, english: str
) -> None:
    for language, said in (("fr", french), ("en", english)):
        caller = territory.as_("roche editor", **{"Accept-Language": language})
        answer = caller.post("/series", json=COUNTER | changes)
        assert answer.status_code == 422
        assert answer.json()["errors"] == [{"field": "rolls_over_at", "detail": said}]


@pytest.mark.parametrize(
    ("who", "status"), [("olonne", 404), ("syndicate", 404), ("roche reader", 403), ("stranger", 401)]
)
def test_nobody_else_says_where_a_counter_rolls_over(territory: Territory, who: str, status: int) -> None:
    made = created(territory.as_("roche editor"), "/series", COUNTER)
    assert territory.as_(who).patch(f"/series/{made}", json={"rolls_over_at": 5}).status_code == status
    assert territory.as_("roche reader").get(f"/series/{made}").json()["rolls_over_at"] == 10_000


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize("who", ["olonne", "syndicate"])
def test_another_tenant_sees_and_changes_nothing(territory: Territory, path: str, who: str) -> None:
    made = created(territory.as_("roche editor"), path, BODIES[path])
    other = territory.as_(who)
    assert other.get(path).json() == {"items": []}
    assert other.get(path, headers={"Accept": CSV}).text.count("\n") == 1
    assert other.get(f"{path}/{made}").status_code == 404
    assert other.get(f"{path}/{made}/relations").status_code == 404
    assert other.patch(f"{path}/{made}", json={"name": "Autre"}).status_code == 404
    assert other.delete(f"{path}/{made}").status_code == 404
    assert other.post(path, json=BODIES[path] | {"code": "X"}).status_code == 404


@pytest.mark.parametrize("path", BODIES)
def test_a_reader_changes_nothing(territory: Territory, path: str) -> None:
    made = created(territory.as_("roche editor"), path, BODIES[path])
    reader = territory.as_("roche reader")
    assert reader.get(f"{path}/{made}").status_code == 200
    assert reader.patch(f"{path}/{made}", json={"name": "Autre"}).status_code == 403
    assert reader.delete(f"{path}/{made}").status_code == 403
    assert reader.post(path, json=BODIES[path] | {"code": "X"}).status_code == 403


PATHS = (
    "/referential?q=olonne",
    "/referential/commune-85191",
    "/structure",
    "/memberships",
    "/services",
    "/asset-kinds",
    "/observed-properties",
    "/adhesions",
    "/collectivities",
    "/sites",
    "/assets",
    "/assets/count",
    "/device-models",
    "/devices",
    "/series",
    "/relations",
    "/moves",
)


@pytest.mark.parametrize("path", PATHS)
def test_nothing_is_told_to_a_stranger(territory: Territory, path: str) -> None:
    assert territory.as_("stranger").get(path).status_code == 401
    assert territory.as_("roche reader").get(path).status_code == 200


def test_assets_are_counted_for_whoever_asks(territory: Territory) -> None:
    editor = territory.as_("roche editor")
    made = [created(editor, "/assets", LAMP | {"code": f"EP-{n}"}) for n in range(3)]
    created(editor, "/assets", LAMP | {"code": "B", "kind": "building", "name": "Mairie"})

    def counted(who: str, **query: Any) -> int:
        count: int = territory.as_(who).get("/assets/count", params=query).json()["count"]
        return count

    assert counted("roche") == 4
    assert counted("roche", kind="lamp") == 3
    assert counted("roche", q="mairie") == 1
    assert counted("roche", after=made[-1], limit=1) == 4, "a page is not what is counted"
    assert counted("olonne") == 0
    assert territory.as_("roche").get("/assets/count", params={"kind": "boat"}).status_code == 422


def test_relations_lead_from_thing_to_thing(territory: Territory) -> None:
    made = a_relation(territory)
    reader = territory.as_("roche reader")
    (out,) = reader.get("/assets/1/relations").json()["items"]
    assert (out["direction"], out["type"], out["id"], out["code"]) == ("out", "asset", 2, "AR-1")
    editor = territory.as_("roche editor")
    assert editor.patch(f"/relations/{made}", json={"until": "2026-06-01T00:00:00Z"}).status_code == 200
    assert reader.get("/assets/1/relations", params={"at": "2026-07-01T00:00:00Z"}).json() == {"items": []}
    assert territory.as_("olonne").get(f"/relations/{made}").status_code == 404
    assert reader.delete(f"/relations/{made}").status_code == 403
    assert editor.delete(f"/relations/{made}").status_code == 204


def test_a_fault_names_its_field_in_the_readers_language(territory: Territory) -> None:
    answer = territory.as_("roche editor", **{"Accept-Language": "en"}).post("/assets", json=LAMP | {"kind": "lampe"})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert error["field"] == "kind"
    assert error["detail"].startswith("no such asset kind")


def test_a_code_taken_is_a_conflict(territory: Territory) -> None:
    editor = territory.as_("roche editor")
    created(editor, "/assets", LAMP)
    assert editor.post("/assets", json=LAMP).status_code == 409


def test_an_unknown_parameter_or_reference_is_an_error(territory: Territory) -> None:
    reader = territory.as_("roche reader")
    for query in ({"colour": "red"}, {"kind": "lampe"}, {"owner": "commune-0"}, {"bbox": "1,2,3"}, {"limit": 5000}):
        answer = reader.get("/assets", params=query)
        assert answer.status_code == 422, query
        assert answer.json()["errors"][0]["field"].startswith(next(iter(query)))


def test_a_series_that_holds_observations_is_not_removed(territory: Territory) -> None:
    made = created(territory.as_("roche editor"), "/series", BODIES["/series"])
    rows = [{"series": made, "time": SINCE, "value": 20.5}]
    assert territory.as_("roche operator").post("/observations", json=rows).status_code == 200
    assert territory.as_("roche editor").delete(f"/series/{made}").status_code == 409


def test_a_list_comes_as_a_file_that_comes_back(territory: Territory) -> None:
    editor = territory.as_("roche editor")
    for number in range(120):
        created(editor, "/sites", {"owner": ROCHE, "code": f"S{number}", "name": "École"})
    for media in (CSV, XLSX):
        answer = editor.get("/sites", headers={"Accept": media})
        assert answer.headers["content-type"].startswith(media)
        report = editor.post("/imports/sites?update=true", content=answer.content, headers={"Content-Type": media})
        assert (report.json()["unchanged"], report.json()["faults"]) == (120, [])
    assert editor.get("/sites", params={"limit": 2}, headers={"Accept": CSV}).text.count("\n") == 3


def test_an_import_tells_its_faults_and_writes_nothing(territory: Territory) -> None:
    editor = territory.as_("roche editor")
    content = "code;nom;type\nEP-1;Lampe;lamp\nEP-2;;lampe\n"
    path, csv = f"/imports/assets?owner={ROCHE}", {"Content-Type": "text/csv; charset=utf-8"}
    report = editor.post(path, content=content.encode(), headers=csv).json()
    assert [(one["row"], one["column"]) for one in report["faults"]] == [(3, "nom")]
    assert editor.get("/assets").json() == {"items": []}
    assert editor.post(path + "&skip_bad=true", content=content.encode(), headers=csv).json()["created"] == 1


def test_a_dry_run_writes_nothing(territory: Territory) -> None:
    editor = territory.as_("roche editor")
    path = f"/imports/assets?owner={ROCHE}&dry_run=true"
    report = editor.post(path, content=b"code;nom;type\nEP-1;Lampe;lamp\n", headers={"Content-Type": CSV}).json()
    assert (report["created"], report["written"]) == (1, False)
    assert editor.get("/assets").json() == {"items": []}


@pytest.mark.parametrize(
    ("path", "media", "content", "status"),
    [
        ("/imports/assets", "application/json", b"{}", 415),
        ("/imports/assets", XLSX, b"no workbook", 422),
        ("/imports/assets", CSV, b"", 422),
        ("/imports/teapots", CSV, b"code\n", 422),
    ],
)
def test_what_cannot_be_imported_is_said(
    territory: Territory, path: str, media: str, content: bytes, status: int
) -> None:
    answer = territory.as_("roche editor").post(path, content=content, headers={"Content-Type": media})
    assert answer.status_code == status


def test_another_tenant_imports_nothing(territory: Territory) -> None:
    content = b"code;nom;type\nEP-1;Lampe;lamp\n"
    path = f"/imports/assets?owner={ROCHE}"
    report = territory.as_("olonne").post(path, content=content, headers={"Content-Type": CSV}).json()
    assert (report["written"], report["faults"][0]["column"]) == (False, "owner")


def test_a_move_is_proposed_accepted_and_says_who_sees_the_past(territory: Territory) -> None:
    roche, olonne = territory.as_("roche"), territory.as_("olonne")
    device = created(roche, "/devices", BODIES["/devices"])
    series = created(roche, "/series", BODIES["/series"] | {"device": device})
    asked = {"subject": "device", "id": device, "to": OLONNE, "at": SINCE, "past": "former"}
    assert territory.as_("roche editor").post("/moves", json=asked).status_code == 403
    proposal = roche.post("/moves", json=asked).json()["proposal"]["id"]
    assert territory.as_("syndicate").get(f"/moves/{proposal}").status_code == 404
    assert olonne.get("/moves", params={"state": "proposed"}).json()["items"][0]["id"] == proposal
    moved = olonne.post(f"/moves/{proposal}/acceptance").json()["moved"]
    assert (moved["devices"], moved["series"], moved["past_seen_by"]) == ([device], [series], [ROCHE])
    assert olonne.get(f"/devices/{device}").status_code == 200
    assert roche.get(f"/devices/{device}").status_code == 404
    assert roche.get(f"/series/{series}").status_code == 200
    assert roche.post(f"/moves/{proposal}/acceptance").status_code in (403, 409)


def test_a_proposal_is_declined(territory: Territory) -> None:
    device = created(territory.as_("roche"), "/devices", BODIES["/devices"])
    asked = {"subject": "device", "id": device, "to": OLONNE, "at": SINCE, "past": "both"}
    proposal = territory.as_("roche").post("/moves", json=asked).json()["proposal"]["id"]
    assert territory.as_("olonne").delete(f"/moves/{proposal}").json()["state"] == "refused"


def test_the_operator_sees_a_service_once_the_member_lets_it(territory: Territory) -> None:
    asset = created(territory.as_("roche editor"), "/assets", LAMP)
    syndicate, roche = territory.as_("syndicate"), territory.as_("roche")
    adhesion = {"member": ROCHE, "service": "lighting", "since": "2026-01-01", "operator_right": "none"}
    assert syndicate.post("/adhesions", json=adhesion | {"operator_right": "read"}).status_code in (403, 404)
    made = created(syndicate, "/adhesions", adhesion)
    assert syndicate.get(f"/assets/{asset}").status_code == 404
    assert syndicate.patch(f"/adhesions/{made}", json={"operator_right": "read"}).status_code in (403, 404)
    assert roche.patch(f"/adhesions/{made}", json={"operator_right": "read"}).status_code == 200
    assert syndicate.get(f"/assets/{asset}").status_code == 200
    assert syndicate.patch(f"/assets/{asset}", json={"name": "X"}).status_code == 403
    assert roche.patch(f"/adhesions/{made}", json={"operator_right": "none"}).status_code == 200
    assert syndicate.get(f"/assets/{asset}").status_code == 404
    assert territory.as_("olonne").get(f"/adhesions/{made}").status_code == 404


def test_the_structure_enrols_and_lets_go(territory: Territory) -> None:
    syndicate = territory.as_("syndicate")
    body = {"keys": ["commune-85001", ROCHE], "since": "2026-12-01"}
    assert territory.as_("roche").post("/memberships", json=body).status_code == 403
    assert syndicate.post("/memberships", json=body).json() == {"members": ["commune-85001"]}
    assert syndicate.patch(f"/memberships/{CHALLANS}", json={"until": "2026-12-31"}).json()["until"] == "2026-12-31"
    assert syndicate.patch("/memberships/commune-85999", json={"until": "2026-12-31"}).status_code == 404


def test_open_lists_are_added_to_by_the_instance(territory: Territory) -> None:
    body = {"code": "fountain", "service": "water", "name_fr": "Fontaine", "name_en": "Fountain"}
    assert territory.as_("roche").post("/asset-kinds", json=body).status_code == 403
    assert territory.as_("syndicate").post("/asset-kinds", json=body).status_code == 201
    listed = territory.as_("roche reader").get("/asset-kinds", params={"service": "water"}).json()["items"]
    assert "fountain" in [one["code"] for one in listed]


def test_device_models_are_kept_by_the_instance(territory: Territory) -> None:
    body = {"code": "em300", "maker": "Milesight", "name": "EM300"}
    assert territory.as_("roche").post("/device-models", json=body).status_code == 403
    syndicate = territory.as_("syndicate")
    assert syndicate.post("/device-models", json=body).status_code == 201
    assert syndicate.patch("/device-models/em300", json={"radio": "LoRaWAN"}).json()["radio"] == "LoRaWAN"
    assert territory.as_("roche reader").get("/device-models", headers={"Accept": CSV}).text.count("em300") == 1
    assert syndicate.delete("/device-models/em300").status_code == 204


def test_the_referential_resolves_old_codes_and_lists_members(territory: Territory) -> None:
    reader = territory.as_("roche reader")
    assert reader.get("/referential/communes/85060").json()["key"] == OLONNE
    assert len(reader.get("/referential/epci-248500589/members").json()["items"]) == 13
    assert len(reader.get("/referential/departement-85/members").json()["items"]) == 253
    assert reader.get("/referential/commune-0").status_code == 404


def test_reading_leaves_a_trace(territory: Territory) -> None:
    made = created(territory.as_("roche editor"), "/assets", LAMP)
    territory.as_("roche reader").get(f"/assets/{made}")
    rooms = territory.instance.rooms
    rooms.views.close(NOW)
    with rooms.database.read() as tx:
        lines = audit.find(territory.system, tx, audit.Question(action="asset.read", collectivity=ROCHE)).items
    assert [(line.subject, line.actor_kind) for line in lines] == [(str(made), "key")]
