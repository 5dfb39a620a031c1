"""A ChirpStack v4 server, spoken to by gRPC-Web, which it answers where its own web page is.

gRPC over HTTP2 protocol mapping for Web (PROTOCOL-WEB.md): a frame is one byte of flags, four of length, and that many.
"""

import struct
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote

from beffroi.acquisition.chirpstack import wire
from beffroi.acquisition.outward import CallFailed, Outward
from beffroi.acquisition.protobuf import NotProtobuf, Table, decoded, encoded
from beffroi.errors import Conflict, Text

TRAILER, COMPRESSED = 0x80, 0x01
NOT_FOUND, ALREADY_EXISTS, PERMISSION_DENIED, UNAUTHENTICATED = 5, 6, 7, 16
"""of gRPC's status codes"""
BY_PAGE = 500


class Refused(Conflict):
    """The server's own word. `code`: of gRPC."""

    def __init__(self, text: Text, code: int) -> None:
        super().__init__(text)
        self.code = code


class Named(NamedTuple):
    id: str
    name: str


class Listed(NamedTuple):
    """A device there. `eui` in upper case."""

    eui: str
    name: str
    profile: str


class Server:
    """Each call is one request; raises `CallFailed` when nothing answers, `Refused` when it says no."""

    def __init__(self, outward: Outward, url: str, token: str) -> None:
        self._outward, self._url, self._token = outward, url.rstrip("/"), token

    def tenants(self) -> list[Named]:
        return list(self._listed("TenantService", wire.PAGE, {}, wire.TENANTS))

    def applications(self, tenant: str) -> list[Named]:
        return list(self._listed("ApplicationService", wire.OF_TENANT, {"tenantId": tenant}, wire.APPLICATIONS))

    def profiles(self, tenant: str) -> list[Named]:
        return list(self._listed("DeviceProfileService", wire.OF_TENANT, {"tenantId": tenant}, wire.PROFILES))

    def devices(self, application: str) -> list[Listed]:
        pages = self._pages("DeviceService", wire.OF_APPLICATION, {"applicationId": application}, wire.DEVICES)
        return [
            Listed(one.get("devEui", "").upper(), one.get("name", ""), one.get("deviceProfileName", ""))
            for one in pages
        ]

    def create_application(self, tenant: str, name: str) -> str:
        told = {"application": {"name": name, "tenantId": tenant, "description": "Beffroi"}}
        return str(self._call("ApplicationService/Create", wire.CREATE_APPLICATION, told, wire.CREATED)["id"])

    def create_profile(self, tenant: str, name: str, more: Mapping[str, Any]) -> str:
        told = {"deviceProfile": {"name": name, "tenantId": tenant, "description": "Beffroi", **more}}
        return str(self._call("DeviceProfileService/Create", wire.CREATE_PROFILE, told, wire.CREATED)["id"])

    def create_device(self, device: Mapping[str, Any]) -> None:
        self._call("DeviceService/Create", wire.CREATE_DEVICE, {"device": device}, wire.NOTHING)

    def create_keys(self, keys: Mapping[str, Any]) -> None:
        self._call("DeviceService/CreateKeys", wire.CREATE_KEYS, {"deviceKeys": keys}, wire.NOTHING)

    def enqueue(self, item: Mapping[str, Any]) -> str:
        """What the server calls it."""
        return str(self._call("DeviceService/Enqueue", wire.ENQUEUE, {"queueItem": item}, wire.CREATED).get("id", ""))

    def _listed(self, service: str, table: Table, asked: dict[str, Any], answer: Table) -> Iterator[Named]:
        for one in self._pages(service, table, asked, answer):
            yield Named(one.get("id", ""), one.get("name", ""))

    def _pages(self, service: str, table: Table, asked: dict[str, Any], answer: Table) -> Iterator[dict[str, Any]]:
        offset = 0
        while True:
            told = self._call(f"{service}/List", table, asked | {"limit": BY_PAGE, "offset": offset}, answer)
            some = told.get("result", [])
            yield from some
            offset += len(some)
            if not some or offset >= told.get("totalCount", 0):
                return

    def _call(self, method: str, table: Table, told: Mapping[str, Any], answer: Table) -> dict[str, Any]:
        request = encoded(told, table)
        headers = {
            "authorization": f"Bearer {self._token}",
            "content-type": "application/grpc-web+proto",
            "accept": "application/grpc-web+proto",
            "x-grpc-web": "1",
        }
        content = b"\0" + struct.pack(">I", len(request)) + request
        got = self._outward.call("POST", f"{self._url}/api.{method}", content, headers)
        if got.status != 200 or "grpc" not in got.headers.get("content-type", ""):
            raise CallFailed(_not_there(self._url, got.status), left=True)
        message, trailers = _frames(got.content)
        status = trailers.get("grpc-status") or got.headers.get("grpc-status") or "0"
        if status != "0":
            said = unquote(trailers.get("grpc-message") or got.headers.get("grpc-message") or "")
            raise Refused(_refusal(status, said), int(status) if status.isdigit() else 2)
        try:
            return decoded(message, answer)
        except NotProtobuf as error:
            raise CallFailed(UNREAD, left=True) from error


UNREAD = Text("ChirpStack a répondu quelque chose d'illisible.", "ChirpStack answered something that cannot be read.")


def _frames(content: bytes) -> tuple[bytes, dict[str, str]]:
    """The message, and the trailers in lower case."""
    message, trailers, at = b"", dict[str, str](), 0
    while at < len(content):
        if at + 5 > len(content):
            raise CallFailed(UNREAD, left=True)
        flags, (length,) = content[at], struct.unpack(">I", content[at + 1 : at + 5])
        part = content[at + 5 : at + 5 + length]
        if len(part) < length or flags & COMPRESSED:
            raise CallFailed(UNREAD, left=True)
        if flags & TRAILER:
            lines = part.decode("latin-1").split("\r\n")
            trailers |= {name.strip().lower(): one.strip() for name, _, one in (line.partition(":") for line in lines)}
        else:
            message += part
        at += 5 + length
    return message, trailers


def _not_there(url: str, status: int) -> Text:
    return Text(
        f"{url} n'est pas un serveur ChirpStack v4 (HTTP {status}) : donnez l'adresse de sa page.",
        f"{url} is no ChirpStack v4 server (HTTP {status}): give the address of its web page.",
    )


def _refusal(status: str, said: str) -> Text:
    if status == str(UNAUTHENTICATED):
        return Text("ChirpStack refuse le jeton : donnez-en un autre.", "ChirpStack refuses the token: give another.")
    if status == str(PERMISSION_DENIED):
        return Text(f"Ce jeton n'en a pas le droit : {said}", f"This token may not do that: {said}")
    return Text(f"ChirpStack dit : {said or status}", f"ChirpStack says: {said or status}")
