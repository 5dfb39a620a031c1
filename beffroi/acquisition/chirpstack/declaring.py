"""Devices of the registry declared in a ChirpStack server, and what it holds compared with the registry.

Safe to repeat: what is there already stays as it is, and says so. Each device has its own outcome.
"""

import re
from collections.abc import Callable
from typing import Annotated, Literal, NamedTuple

import msgspec

from beffroi.access import Right, Scope
from beffroi.access.sealing import Sealing
from beffroi.acquisition import connections
from beffroi.acquisition.chirpstack import keys
from beffroi.acquisition.chirpstack.keys import RootKeys
from beffroi.acquisition.chirpstack.server import ALREADY_EXISTS, PERMISSION_DENIED, Listed, Refused, Server
from beffroi.acquisition.connections import Connection
from beffroi.acquisition.outward import Outward
from beffroi.database import Transaction
from beffroi.errors import BeffroiError, Conflict, Fault, Invalid, Text
from beffroi.registry import devices, models, structures
from beffroi.registry.devices import DeviceQuery
from beffroi.registry.fields import Known, Name, Owner, ThingId
from beffroi.registry.model import Device

EUI = re.compile(r"[0-9A-Fa-f]{16}")
KIND = "chirpstack-v4"
Action = Literal["create", "there", "differs", "impossible"]
Progress = Callable[[float, float], None]


class Profile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Of a device profile to be made where the server has none of the model's name."""

    region: Literal[
        "EU868", "US915", "CN779", "EU433", "AU915", "CN470", "AS923", "AS923_2", "AS923_3", "AS923_4", "KR920",
        "IN865", "RU864", "ISM2400",
    ] = "EU868"  # fmt: skip
    mac_version: Literal[
        "LORAWAN_1_0_0", "LORAWAN_1_0_1", "LORAWAN_1_0_2", "LORAWAN_1_0_3", "LORAWAN_1_0_4", "LORAWAN_1_1_0"
    ] = "LORAWAN_1_0_3"
    revision: Literal["A", "B", "RP002_1_0_0", "RP002_1_0_1", "RP002_1_0_2", "RP002_1_0_3"] = "RP002_1_0_1"
    class_c: bool = False


class Declaring(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Which devices: those that answer all that is said. `application`: made where the server has none of that name.
    `dry_run`: only tell what would be done."""

    application: Name = "Beffroi"
    devices: Annotated[list[ThingId], msgspec.Meta(max_length=10_000)] | None = None
    owner: list[Owner] | None = None
    service: list[Known] | None = None
    model: list[Known] | None = None
    profile: Profile = Profile()
    dry_run: bool = True


class Declaration(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Of one device. `done`: it is there, as the registry says. `why`: what keeps it from being, or what differs."""

    device: int
    owner: str
    code: str
    name: str
    profile: str
    action: Action
    keys: bool
    done: bool = False
    why: str | None = None


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """`makes`: the application and the profiles that are, or would be, made."""

    dry_run: bool
    application: str
    makes: list[str]
    outcomes: list[Declaration]


class Unregistered(msgspec.Struct, frozen=True):
    """A device that the server holds and the registry does not."""

    code: str
    name: str
    profile: str


class Compared(msgspec.Struct, frozen=True, kw_only=True):
    """`missing_there`: of the registry, with a DevEUI, that the server lacks."""

    application: str
    same: int
    missing_there: list[Declaration]
    missing_here: list[Unregistered]
    differing: list[Declaration]


class Site(NamedTuple):
    """A server that may be spoken to, and for whom."""

    connection: Connection
    server: Server
    tenant: str | None
    everyone: bool


class Plan(NamedTuple):
    """What is known before anything is done."""

    site: Site
    tenant: str
    application: str | None
    profiles: dict[str, str]
    there: dict[str, Listed]
    wanted: list[tuple[Device, str, RootKeys | None]]


def site_of(scope: Scope, tx: Transaction, outward: Outward, sealing: Sealing, key: str) -> Site:
    """Of a connection that the actor operates. Raises `Conflict` when it has no API."""
    found = connections.get(scope, tx, key, Right.OPERATE)
    token = connections.token_of(tx, sealing, key)
    if found.kind != KIND or found.settings.api is None or token is None or found.ended_at is not None:
        raise Conflict(
            Text(
                "Cette connexion n'a pas l'API d'un serveur ChirpStack v4 : donnez son adresse et un jeton.",
                "This connection has no API of a ChirpStack v4 server: give its address and a token.",
            )
        )
    api = found.settings.api
    return Site(found, Server(outward, api.url, token), api.tenant, found.owner == structures.key(tx))


def plan(scope: Scope, tx: Transaction, site: Site, asked: Declaring, sealing: Sealing) -> Plan:
    """Read both sides; nothing is changed."""
    query = DeviceQuery(id=asked.devices, owner=asked.owner, service=asked.service, model=asked.model)
    mine = [
        one
        for one in devices.every(scope, tx, query)
        if one.kind != "gateway" and (site.everyone or one.owner == site.connection.owner)
    ]
    if asked.devices is not None and (lacking := set(asked.devices) - {one.id for one in mine}):
        listed = ", ".join(map(str, sorted(lacking)[:20]))
        said = Text(f"pas de cette connexion : {listed}", f"not this connection's: {listed}")
        raise Invalid.of([Fault("devices", said)])
    names = {code: models.get(scope, tx, code).name for code in {one.model for one in mine if one.model}}
    held = keys.of(tx, sealing, [one.id for one in mine])
    wanted = [(one, names.get(one.model or "", ""), held.get(one.id)) for one in mine]
    tenant = _tenant(site)
    application = next((one.id for one in site.server.applications(tenant) if one.name == asked.application), None)
    profiles = {one.name: one.id for one in reversed(site.server.profiles(tenant))}
    there = {one.eui: one for one in site.server.devices(application)} if application else {}
    return Plan(site, tenant, application, profiles, there, wanted)


def declare(scope: Scope, prepared: Plan, asked: Declaring, progress: Progress) -> Declared:
    """Make what is lacking, the application and profiles first, then device by device."""
    outcomes = [_foreseen(one, prepared, scope) for one in prepared.wanted]
    lacking = [one for one in outcomes if one.action == "create"]
    profiles = sorted({one.profile for one in lacking} - prepared.profiles.keys())
    makes = [f"application {asked.application}"] if prepared.application is None and lacking else []
    makes += [f"profile {one}" for one in profiles]
    told = Declared(dry_run=asked.dry_run, application=asked.application, makes=makes, outcomes=outcomes)
    if asked.dry_run or not lacking:
        return told
    server, tenant = prepared.site.server, prepared.tenant
    application = prepared.application or server.create_application(tenant, asked.application)
    known = prepared.profiles | {
        name: server.create_profile(tenant, name, _profile(asked.profile)) for name in profiles
    }
    by_id = {device.id: (device, root) for device, _, root in prepared.wanted}
    done: list[Declaration] = []
    for place, one in enumerate(outcomes):
        device, root = by_id[one.device]
        made = one if one.action != "create" else _made(server, device, root, one, application, known, scope)
        done.append(made)
        progress(place + 1, len(outcomes))
    return msgspec.structs.replace(told, outcomes=done)


def compare(scope: Scope, prepared: Plan, application: str) -> Compared:
    """What the application holds beside what the registry says."""
    outcomes = [_foreseen(one, prepared, scope) for one in prepared.wanted]
    here = {one.code.upper() for one in outcomes}
    strangers = [Unregistered(one.eui, one.name, one.profile) for eui, one in prepared.there.items() if eui not in here]
    return Compared(
        application=application,
        same=sum(one.action == "there" for one in outcomes),
        missing_there=[one for one in outcomes if one.action == "create"],
        missing_here=sorted(strangers, key=lambda one: one.code),
        differing=[one for one in outcomes if one.action == "differs"],
    )


NOT_AN_EUI = Text("le code n'est pas un DevEUI", "the code is no DevEUI")
NO_MODEL = Text(
    "l'appareil n'a pas de modèle, qui donne son profil", "the device has no model, which gives its profile"
)
NO_KEYS = Text("sans clés : l'appareil ne pourra pas s'associer", "without keys: the device will not be able to join")


def _foreseen(one: tuple[Device, str, RootKeys | None], prepared: Plan, scope: Scope) -> Declaration:
    device, profile, root = one
    outcome = Declaration(
        device=device.id,
        owner=device.owner,
        code=device.code,
        name=device.name,
        profile=profile,
        action="create",
        keys=root is not None,
    )
    replace = msgspec.structs.replace
    if not EUI.fullmatch(device.code):
        return replace(outcome, action="impossible", why=NOT_AN_EUI.said(scope.language))
    listed = prepared.there.get(device.code.upper())
    if listed is not None:
        differences = _differences(device, profile, listed)
        if differences:
            return replace(outcome, action="differs", why=differences.said(scope.language))
        return replace(outcome, action="there", done=True)
    if not profile:
        return replace(outcome, action="impossible", why=NO_MODEL.said(scope.language))
    return outcome if root else replace(outcome, why=NO_KEYS.said(scope.language))


def _differences(device: Device, profile: str, listed: Listed) -> Text | None:
    pairs = [(Text("nom", "name"), device.name, listed.name)]
    if profile:
        pairs.append((Text("profil", "profile"), profile, listed.profile))
    wrong = [(what, mine, theirs) for what, mine, theirs in pairs if mine != theirs]
    if not wrong:
        return None
    return Text(
        " ; ".join(
            f"{what.fr} : «\u00a0{theirs}\u00a0» là-bas, «\u00a0{mine}\u00a0» ici" for what, mine, theirs in wrong
        ),
        "; ".join(f"{what.en}: “{theirs}” there, “{mine}” here" for what, mine, theirs in wrong),
    )


def _made(
    server: Server,
    device: Device,
    root: RootKeys | None,
    outcome: Declaration,
    application: str,
    profiles: dict[str, str],
    scope: Scope,
) -> Declaration:
    eui = device.code.lower()
    told = {
        "devEui": eui,
        "name": device.name,
        "applicationId": application,
        "deviceProfileId": profiles[outcome.profile],
        "joinEui": str(device.properties.get("join_eui") or "").lower(),
        "tags": {"beffroi": str(device.id), "owner": device.owner},
    }
    try:
        server.create_device(told)
        if root is not None:
            _give_keys(server, eui, root)
    except BeffroiError as error:
        return msgspec.structs.replace(outcome, why=error.text.said(scope.language))
    return msgspec.structs.replace(outcome, done=True)


def _give_keys(server: Server, eui: str, root: RootKeys) -> None:
    """ChirpStack keeps the AppKey of LoRaWAN 1.0 as its `nwk_key` (device.proto). Keys that it has stay."""
    told = {"devEui": eui, "nwkKey": root.nwk_key or root.app_key, "appKey": root.app_key if root.nwk_key else ""}
    try:
        server.create_keys(told)
    except Refused as error:
        if error.code != ALREADY_EXISTS:
            raise


def _profile(asked: Profile) -> dict[str, object]:
    return {
        "region": asked.region,
        "macVersion": asked.mac_version,
        "regParamsRevision": asked.revision,
        "adrAlgorithmId": "default",
        "flushQueueOnActivate": True,
        "uplinkInterval": 3600,
        "deviceStatusReqInterval": 1,
        "supportsOtaa": True,
        "supportsClassC": asked.class_c,
        "classCTimeout": 5 if asked.class_c else 0,
    }


def _tenant(site: Site) -> str:
    """Only a token of the whole server may list them; that of one tenant must have it named."""
    if site.tenant is not None:
        return site.tenant
    said = Text(
        "dites de quel locataire (tenant) : un jeton de locataire ne permet pas de les lister, ou il y en a plusieurs",
        "say which tenant: a tenant's token may not list them, or there are several",
    )
    try:
        tenants = site.server.tenants()
    except Refused as error:
        if error.code != PERMISSION_DENIED:
            raise
        raise Invalid.of([Fault("api.tenant", said)]) from error
    if len(tenants) != 1:
        raise Invalid.of([Fault("api.tenant", said)])
    return tenants[0].id
