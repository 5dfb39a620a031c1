"""The registry's nouns, as its readers get them: each struct has the fields of its table."""

from datetime import date, datetime
from typing import Any, Literal

import msgspec

CollectivityKind = Literal["commune", "epci", "departement", "region", "structure"]
StructureForm = Literal["syndicat", "epci", "departement", "spl", "gip", "commune", "other"]
RelationKind = Literal["fed by", "located in", "measures", "part of", "reaches"]
Subject = Literal["site", "asset", "device", "series"]
ValueKind = Literal["number", "counter", "boolean", "enumeration", "text", "position"]
Properties = dict[str, str | int | float | bool | None]


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of the official referential (Code officiel géographique and BANATIC, through Etalab): not a tenant.

    `key` is `<kind>-<official code>`: `commune-85191`, `epci-248500415`, `departement-85`, `region-52`; the code is
    the INSEE code, or the SIREN for an EPCI. `population_kind` says which figure `population` is.
    """

    key: str
    kind: CollectivityKind
    code: str
    name: str
    siren: str | None = None
    population: int | None = None
    population_kind: Literal["municipale", "totale"] | None = None
    departement: str | None = None
    region: str | None = None
    epci: str | None = None
    postcodes: list[str] = []
    former_codes: list[str] = []
    former_names: list[str] = []


class Collectivity(msgspec.Struct, frozen=True, omit_defaults=True):
    """A tenant of this instance: a collectivité from the referential, or the structure that operates the instance."""

    key: str
    kind: CollectivityKind
    code: str
    name: str
    siren: str | None = None
    population: int | None = None
    population_kind: Literal["municipale", "totale"] | None = None
    departement: str | None = None
    region: str | None = None
    epci: str | None = None
    longitude: float | None = None
    latitude: float | None = None
    simulated: bool = False


class Structure(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who operates this instance for its members; `key` is also a `Collectivity`."""

    key: str
    form: StructureForm
    name: str
    siren: str | None = None
    time_zone: str = "Europe/Paris"
    since: date | None = None


class Membership(msgspec.Struct, frozen=True, omit_defaults=True):
    member: str
    since: date
    until: date | None = None


class Service(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something the structure offers, à la carte. `code` is what assets, devices and series name as their service.
    `offered`: false for one that members do not take up here; what there is of it stays."""

    code: str
    name_fr: str
    name_en: str
    offered: bool = True


class Adhesion(msgspec.Struct, frozen=True, omit_defaults=True):
    """A member takes up a service. `operator_right`: what the member lets the structure do with that service's data."""

    id: int
    member: str
    service: str
    since: date
    until: date | None = None
    operator_right: Literal["none", "read", "operate"] = "none"


class AssetKind(msgspec.Struct, frozen=True, omit_defaults=True):
    """A word of the open list: `lighting-cabinet`, `water-meter`…; `service` is the silo it belongs to."""

    code: str
    service: str
    name_fr: str
    name_en: str


class ObservedProperty(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is observed (ISO 19156), with the unit it is kept in (a symbol that pint reads; empty for none)."""

    code: str
    unit: str
    value_kind: ValueKind
    name_fr: str
    name_en: str
    low: float | None = None
    high: float | None = None


class Site(msgspec.Struct, frozen=True, omit_defaults=True):
    id: int
    owner: str
    code: str
    name: str
    geometry: dict[str, Any] | None = None
    longitude: float | None = None
    latitude: float | None = None
    properties: Properties = {}
    simulated: bool = False


class Asset(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something the collectivité looks after. `geometry` is GeoJSON (WGS 84); `longitude`, `latitude` a point on it."""

    id: int
    owner: str
    kind: str
    service: str
    code: str
    name: str
    site: int | None = None
    geometry: dict[str, Any] | None = None
    longitude: float | None = None
    latitude: float | None = None
    properties: Properties = {}
    simulated: bool = False


class DeviceModel(msgspec.Struct, frozen=True, omit_defaults=True):
    code: str
    maker: str
    name: str
    radio: str | None = None
    properties: Properties = {}


class Device(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that measures, acts or relays. `code`: what the network calls it (DevEUI, Sigfox id, gateway id)."""

    id: int
    owner: str
    kind: Literal["sensor", "actuator", "gateway"]
    code: str
    name: str
    service: str
    model: str | None = None
    asset: int | None = None
    site: int | None = None
    longitude: float | None = None
    latitude: float | None = None
    properties: Properties = {}
    simulated: bool = False


class Series(msgspec.Struct, frozen=True, omit_defaults=True):
    """The observations of one property, of one thing, by one device (a SensorThings datastream).

    `asset` is the feature of interest, `device` the sensor. `unit` is what values are kept in. `low` and `high` bound
    what is plausible.
    `categories`: the words an enumeration may take. `rolls_over_at`: where a counter's index begins again at 0.
    """

    id: int
    owner: str
    code: str
    name: str
    observed_property: str
    value_kind: ValueKind
    unit: str
    service: str
    device: int | None = None
    asset: int | None = None
    low: float | None = None
    high: float | None = None
    rolls_over_at: float | None = None
    categories: list[str] = []
    properties: Properties = {}
    simulated: bool = False


class Relation(msgspec.Struct, frozen=True, omit_defaults=True):
    """`source` `kind` `target`, for a time: lamp `fed by` cabinet, meter `measures` building, device `reaches` mast."""

    id: int
    owner: str
    kind: RelationKind
    source_type: Subject
    source: int
    target_type: Subject
    target: int
    since: datetime
    until: datetime | None = None


class Tenure(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who may see a series over which half-open stretch of phenomenon time, as its owner then or since (see `Move`)."""

    series: int
    owner: str
    since: datetime | None = None
    until: datetime | None = None


class Move(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Hands an asset or device, with its series, to another collectivité at an instant.

    `past` says who sees what was observed before: the `former` owner alone, the `new` owner alone, or `both`.
    """

    to: str
    at: datetime
    past: Literal["former", "new", "both"]
