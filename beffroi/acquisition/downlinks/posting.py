"""Downlinks handed over through a network's own API."""

import base64

from beffroi.acquisition.chirpstack.server import Refused, Server
from beffroi.acquisition.connections import Api, Connection
from beffroi.acquisition.downlinks.networks import Parcel, things_stack_post
from beffroi.acquisition.outward import Outward
from beffroi.errors import BeffroiError, Text


class NotTaken(BeffroiError):
    """The network said no: it has nothing."""


def post(outward: Outward, connection: Connection, token: str, parcel: Parcel) -> str:
    """What the network calls it. Raises `NotTaken`, or `CallFailed` that says whether it may have left."""
    api = connection.settings.api
    assert api is not None
    if connection.kind == "chirpstack-v4":
        return _to_chirpstack(Server(outward, api.url, token), parcel)
    return _to_things_stack(outward, api, token, parcel)


def _to_chirpstack(server: Server, parcel: Parcel) -> str:
    """By its API the server chooses the identifier."""
    item = {
        "devEui": parcel.device.lower(),
        "confirmed": parcel.confirmed,
        "fPort": parcel.port,
        "data": base64.b64encode(parcel.payload).decode(),
        "expiresAt": parcel.expires_at,
    }
    try:
        return server.enqueue(item) or parcel.key
    except Refused as error:
        raise NotTaken(error.text) from error


def _to_things_stack(outward: Outward, api: Api, token: str, parcel: Parcel) -> str:
    path, body = things_stack_post(parcel, api.application or "", api.webhook or "")
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json", "user-agent": "beffroi"}
    got = outward.call("POST", api.url.rstrip("/") + path, body, headers)
    if not 200 <= got.status < 300:
        told = got.content[:200].decode("utf-8", "replace").strip()
        raise NotTaken(
            Text(
                f"The Things Stack refuse (HTTP {got.status}) : {told}",
                f"The Things Stack refuses (HTTP {got.status}): {told}",
            )
        )
    return parcel.key
