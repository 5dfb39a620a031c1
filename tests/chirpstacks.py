"""A ChirpStack v4 server's border: gRPC-Web over HTTP, the genuine messages of its API, and what it keeps in memory.

It answers as the server's own code does: a tenant's token may not list tenants, what exists is refused with code 6.
"""

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import uvicorn
from chirpstack_api.api import application_pb2, device_pb2, device_profile_pb2, tenant_pb2
from google.protobuf.empty_pb2 import Empty
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

TOKEN, TENANT = "eyJhbGciOiJIUzI1NiJ9.x.y", "52f14cd4-c6f1-4fbd-8f87-4025e1d49242"


class Refusal(Exception):
    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


class Chirpstack:
    """`refuses`: DevEUIs whose creation fails, as a server at its limit does."""

    def __init__(self) -> None:
        self.url = ""
        self.applications: dict[str, Any] = {}
        self.profiles: dict[str, Any] = {}
        self.devices: dict[str, Any] = {}
        self.keys: dict[str, Any] = {}
        self.queue: list[Any] = []
        self.refuses: set[str] = set()
        self.global_token = False
        self.calls: list[str] = []

    def list_tenants(self, asked: Any) -> Any:
        if not self.global_token:
            raise Refusal(7, "permission denied")
        return tenant_pb2.ListTenantsResponse(total_count=1, result=[tenant_pb2.TenantListItem(id=TENANT, name="t")])

    def list_applications(self, asked: Any) -> Any:
        assert asked.tenant_id == TENANT
        items = [application_pb2.ApplicationListItem(id=one.id, name=one.name) for one in self.applications.values()]
        return application_pb2.ListApplicationsResponse(total_count=len(items), result=_page(items, asked))

    def create_application(self, asked: Any) -> Any:
        made = asked.application
        made.id = str(uuid4())
        self.applications[made.id] = made
        return application_pb2.CreateApplicationResponse(id=made.id)

    def list_profiles(self, asked: Any) -> Any:
        items = [device_profile_pb2.DeviceProfileListItem(id=one.id, name=one.name) for one in self.profiles.values()]
        return device_profile_pb2.ListDeviceProfilesResponse(total_count=len(items), result=_page(items, asked))

    def create_profile(self, asked: Any) -> Any:
        made = asked.device_profile
        made.id = str(uuid4())
        self.profiles[made.id] = made
        return device_profile_pb2.CreateDeviceProfileResponse(id=made.id)

    def list_devices(self, asked: Any) -> Any:
        items = [
            device_pb2.DeviceListItem(
                dev_eui=one.dev_eui,
                name=one.name,
                device_profile_id=one.device_profile_id,
                device_profile_name=self.profiles[one.device_profile_id].name,
            )
            for one in self.devices.values()
            if one.application_id == asked.application_id
        ]
        return device_pb2.ListDevicesResponse(total_count=len(items), result=_page(items, asked))

    def create_device(self, asked: Any) -> Any:
        made = asked.device
        if made.dev_eui in self.refuses:
            raise Refusal(9, "Tenant has reached max. number of devices: é")
        if made.dev_eui in self.devices:
            raise Refusal(6, f"Object already exists (id: {made.dev_eui})")
        if made.application_id not in self.applications or made.device_profile_id not in self.profiles:
            raise Refusal(3, "no such application or profile")
        self.devices[made.dev_eui] = made
        return Empty()

    def create_keys(self, asked: Any) -> Any:
        if asked.device_keys.dev_eui in self.keys:
            raise Refusal(6, "Object already exists")
        self.keys[asked.device_keys.dev_eui] = asked.device_keys
        return Empty()

    def enqueue(self, asked: Any) -> Any:
        if asked.queue_item.dev_eui not in self.devices:
            raise Refusal(5, "Object does not exist")
        self.queue.append(asked.queue_item)
        return device_pb2.EnqueueDeviceQueueItemResponse(id=str(uuid4()))

    def answer(self, path: str, authorization: str, message: bytes) -> bytes:
        self.calls.append(path)
        if authorization != f"Bearer {TOKEN}":
            raise Refusal(16, "authentication failed")
        request, do = self.methods()[path]
        answered: bytes = do(request.FromString(message)).SerializeToString()
        return answered

    def methods(self) -> dict[str, tuple[Any, Callable[[Any], Any]]]:
        return {
            "/api.TenantService/List": (tenant_pb2.ListTenantsRequest, self.list_tenants),
            "/api.ApplicationService/List": (application_pb2.ListApplicationsRequest, self.list_applications),
            "/api.ApplicationService/Create": (application_pb2.CreateApplicationRequest, self.create_application),
            "/api.DeviceProfileService/List": (device_profile_pb2.ListDeviceProfilesRequest, self.list_profiles),
            "/api.DeviceProfileService/Create": (device_profile_pb2.CreateDeviceProfileRequest, self.create_profile),
            "/api.DeviceService/List": (device_pb2.ListDevicesRequest, self.list_devices),
            "/api.DeviceService/Create": (device_pb2.CreateDeviceRequest, self.create_device),
            "/api.DeviceService/CreateKeys": (device_pb2.CreateDeviceKeysRequest, self.create_keys),
            "/api.DeviceService/Enqueue": (device_pb2.EnqueueDeviceQueueItemRequest, self.enqueue),
        }

    async def respond(self, request: Request) -> Response:
        """A refusal comes in the headers alone, as tonic sends it; an answer is followed by its trailers."""
        assert request.headers["content-type"] == "application/grpc-web+proto"
        body = await request.body()
        flags, length = struct.unpack(">BI", body[:5])
        assert flags == 0 and len(body) == 5 + length
        kind = {"content-type": "application/grpc-web+proto"}
        try:
            told = self.answer(request.url.path, request.headers.get("authorization", ""), body[5:])
        except Refusal as error:
            return Response(b"", headers=kind | {"grpc-status": str(error.code), "grpc-message": quote(error.message)})
        trailers = b"grpc-status:0\r\n"
        frames = struct.pack(">BI", 0, len(told)) + told + struct.pack(">BI", 0x80, len(trailers)) + trailers
        return Response(frames, headers=kind)


def _page(items: list[Any], asked: Any) -> list[Any]:
    return items[asked.offset : asked.offset + asked.limit]


@contextmanager
def a_chirpstack() -> Iterator[Chirpstack]:
    made = Chirpstack()
    app = Starlette(routes=[Route("/{path:path}", made.respond, methods=["POST"])])
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        made.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.01)
        try:
            yield made
        finally:
            server.should_exit = True
            thread.join(10)
