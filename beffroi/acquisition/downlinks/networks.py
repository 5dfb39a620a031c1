"""How each network is told to send: the MQTT topic and payload it takes, or the HTTP call.

ChirpStack v4 (documentation, Integrations, MQTT: Downlink commands; `DownlinkCommand` of integration.proto) and The
Things Stack v3 (documentation, MQTT server and Webhooks: Scheduling downlinks).
"""

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec

from beffroi.acquisition.connections import Connection
from beffroi.acquisition.messages import OWN_DOWNLINK
from beffroi.errors import Conflict, Text


class Parcel(NamedTuple):
    """What is to be sent. `device`: its code, a DevEUI; `name`, `application`: as its network calls them."""

    key: str
    device: str
    port: int
    payload: bytes
    confirmed: bool
    expires_at: datetime
    application: str | None = None
    name: str | None = None


class Publication(NamedTuple):
    topic: str
    payload: bytes
    qos: int


class Posting(NamedTuple):
    path: str
    body: bytes


UNHEARD = Text(
    "Cet appareil n'a pas encore parlé par cette connexion : on ne sait pas où lui écrire.",
    "This device did not speak by this connection yet: where to write to it is not known.",
)


def chirpstack(parcel: Parcel, connection: Connection) -> Publication:
    """Commands are read as JSON, unless the network was told to speak Protobuf."""
    if parcel.application is None:
        raise Conflict(UNHEARD)
    told = {
        "id": parcel.key,
        "devEui": parcel.device.lower(),
        "confirmed": parcel.confirmed,
        "fPort": parcel.port,
        "data": base64.b64encode(parcel.payload).decode(),
        "expiresAt": parcel.expires_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    }
    topic = f"{_prefix(connection)}application/{parcel.application}/device/{parcel.device.lower()}/command/down"
    return Publication(topic, msgspec.json.encode(told), 1)


def things_stack(parcel: Parcel, connection: Connection) -> Publication:
    """Its broker's user is `application@tenant`, as the topics have it; it speaks QoS 0 alone."""
    broker = connection.settings.broker
    if parcel.name is None or broker is None or not broker.username:
        raise Conflict(UNHEARD)
    return Publication(f"v3/{broker.username}/devices/{parcel.name}/down/push", things_stack_body(parcel), 0)


def things_stack_post(parcel: Parcel, application: str, webhook: str) -> Posting:
    if parcel.name is None:
        raise Conflict(UNHEARD)
    names = (quote(one, safe="") for one in (application, webhook, parcel.name))
    path = "/api/v3/as/applications/{}/webhooks/{}/devices/{}/down/push".format(*names)
    return Posting(path, things_stack_body(parcel))


def things_stack_body(parcel: Parcel) -> bytes:
    item: dict[str, Any] = {
        "frm_payload": base64.b64encode(parcel.payload).decode(),
        "f_port": parcel.port,
        "confirmed": parcel.confirmed,
        "priority": "NORMAL",
        "correlation_ids": [OWN_DOWNLINK + parcel.key],
    }
    return msgspec.json.encode({"downlinks": [item]})


def _prefix(connection: Connection) -> str:
    """What stands before `application/` in the topics that it listens to."""
    for topic in connection.settings.broker.topics if connection.settings.broker else ():
        before, found, _ = topic.partition("application/")
        if found and "+" not in before and "#" not in before:
            return before
    return ""


PUBLICATIONS: dict[str, Callable[[Parcel, Connection], Publication]] = {
    "chirpstack-v4": chirpstack,
    "tts-v3": things_stack,
}
"""by kind of connection; those with an API are among them too"""


def own_key(told: str | None) -> str | None:
    """Of a queue item's identifier or a correlation identifier, our downlink's key."""
    return told.removeprefix(OWN_DOWNLINK) if told else None


def is_command(topic: str) -> bool:
    """Whether it is one of those that programs write, which a wide subscription hears too."""
    return topic.endswith(("/command/down", "/down/push", "/down/replace"))
