"""One session with an MQTT broker: each message is acknowledged only once whoever takes it has it durable.

Messages are acknowledged in the order in which they came (MQTT 5.0, 4.6); what is not acknowledged when the session
ends comes again in the next, which the broker keeps under the same client identifier.
"""

import asyncio
import ssl
from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any, Literal, NoReturn

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from beffroi.acquisition.packets import Packets
from beffroi.acquisition.perimeter import Perimeter, unreachable
from beffroi.acquisition.ways import Broker
from beffroi.errors import BeffroiError, Text

Version = Literal["5", "3.1.1"]
Take = Callable[[str, bytes], "asyncio.Future[Any]"]
"""topic and payload; the future ends once the message is durable, or raises when nothing of it was kept"""

IN_FLIGHT = 2000
"""messages a broker of version 5 may send before the first is acknowledged; others decide by themselves"""
SESSION_SECONDS = 7 * 86400
"""during which a broker of version 5 keeps what comes while nobody listens"""
KEEP_ALIVE, PATIENCE = 30, 10.0
"""seconds between signs of life; seconds for the broker to answer, and for what is under way when leaving"""
REFUSED = 0x80
"""reason codes from there on are failures (MQTT 5.0, 2.4)"""
OTHER_VERSION = 0x84
NOBODY = 0x10
"""no matching subscribers (MQTT 5.0, 3.4.2.1)"""
NOT_OPEN = Text("La liaison avec le courtier n'est pas ouverte.", "The broker is not connected.")
UNANSWERED = Text("Le courtier n'a pas dit l'avoir reçu.", "The broker did not say that it has it.")
NOBODY_LISTENS = Text(
    "Le courtier l'a reçu, mais aucun réseau n'écoute ce sujet.",
    "The broker has it, but no network listens to this topic.",
)


class Lost(BeffroiError):
    """The session is over; `misunderstood`: perhaps another version of MQTT would have been answered."""

    def __init__(self, text: Text, *, misunderstood: bool = False) -> None:
        super().__init__(text)
        self.misunderstood = misunderstood


class _Named(ssl.SSLContext):
    """Verifies certificates for the broker's name, though it is an address of it that is connected to."""

    name: str

    def __new__(cls, name: str) -> "_Named":
        made = super().__new__(cls, ssl.PROTOCOL_TLS_CLIENT)
        made.name = name
        made.load_default_certs()
        return made

    def wrap_socket(self, *given: Any, **options: Any) -> ssl.SSLSocket:
        """Keys are exchanged here, so that a socket whose certificate is refused is closed."""
        made = super().wrap_socket(*given, **{**options, "server_hostname": self.name})
        made.settimeout(PATIENCE)
        try:
            made.do_handshake()
        except BaseException:
            made.close()
            raise
        return made


class Unheard(BeffroiError):
    """Nothing left: the session is not open, or the broker refused the message."""


class Session:
    """Belongs to one event loop. `ready` is called once the broker sends what it has. `forgotten`, before it leaves:
    the broker need keep nothing more for this client."""

    def __init__(
        self,
        broker: Broker,
        topics: list[str],
        client: str,
        password: str | None,
        take: Take,
        ready: Callable[[], None],
        perimeter: Perimeter,
        version: Version = "5",
    ) -> None:
        self._broker, self._topics, self._take, self._ready = broker, topics, take, ready
        self._perimeter = perimeter
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[NoReturn] = self._loop.create_future()
        self._pending: deque[tuple[int, int, asyncio.Future[Any]]] = deque()
        self._arrived = asyncio.Event()
        self._answered = self._subscribed = self.forgotten = False
        self._published: dict[int, asyncio.Future[None]] = {}
        self._five = version == "5"
        self._client = self._made(client, password)

    async def serve(self) -> NoReturn:
        """Until the broker or the network ends it: raises `Lost`, or whatever kept a message from being taken.
        Cancelled, it acknowledges what becomes durable within a few seconds, and leaves."""
        try:
            await self._connect()
            await self._first(self._acknowledge(), self._signs_of_life())
        except asyncio.CancelledError:
            await self._finish()
            raise
        finally:
            self._leave()

    async def publish(self, topic: str, payload: bytes, qos: int) -> None:
        """Once the broker has it. Raises `Unheard` when nothing left, or nobody listens as far as the broker knows;
        `Lost` when the session ended before the broker said that it has it."""
        if not self._subscribed or self._over.done():
            raise Unheard(NOT_OPEN)
        told: asyncio.Future[None] = self._loop.create_future()
        info = self._client.publish(topic, payload, qos=qos)
        if info.rc != MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise Unheard(NOT_OPEN)
        if qos == 0:
            return
        self._published[info.mid] = told
        try:
            async with asyncio.timeout(PATIENCE):
                await told
        except TimeoutError as error:
            raise Lost(UNANSWERED) from error
        finally:
            self._published.pop(info.mid, None)

    def _on_publish(self, client: Client, data: Any, mid: int, reason: ReasonCode, properties: Any) -> None:
        told = self._published.get(mid)
        if told is None or told.done():
            return
        if reason.value == NOBODY:
            told.set_exception(Unheard(NOBODY_LISTENS))
        elif reason.is_failure:
            told.set_exception(Unheard(_refusal(reason)))
        else:
            told.set_result(None)

    def _made(self, client_id: str, password: str | None) -> Packets:
        version = MQTTProtocolVersion.MQTTv5 if self._five else MQTTProtocolVersion.MQTTv311
        client = Packets(
            self._hear,
            callback_api_version=CallbackAPIVersion.VERSION2,
            client_id=client_id,
            clean_session=None if self._five else False,
            protocol=version,
            reconnect_on_failure=False,
            manual_ack=True,
        )
        client.connect_timeout = PATIENCE
        if self._broker.username is not None or password is not None:
            client.username_pw_set(self._broker.username or "", password)
        if self._broker.tls:
            client.tls_set_context(_Named(self._broker.host))
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_publish = self._on_publish
        return client

    async def _connect(self) -> None:
        """The name is resolved and the keys exchanged aside: these block."""
        kept = None
        if self._five:
            kept = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            kept.SessionExpiryInterval, kept.ReceiveMaximum = SESSION_SECONDS, IN_FLIGHT
        broker = self._broker
        clean: dict[str, Any] = {"clean_start": False, "properties": kept} if self._five else {}
        connect = partial(self._client.connect, port=broker.port, keepalive=KEEP_ALIVE, **clean)
        try:
            await asyncio.to_thread(self._perimeter.connected, broker.host, broker.port, connect)
        except (OSError, ValueError) as error:
            raise Lost(_unreachable(broker, error)) from error
        self._attach()

    def _attach(self) -> None:
        client, sock = self._client, self._client.socket()
        assert sock is not None
        client.on_socket_close = self._detach
        client.on_socket_register_write = self._await_writing
        client.on_socket_unregister_write = self._stop_writing
        self._loop.add_reader(sock, self._read)
        if client.want_write():
            self._loop.add_writer(sock, self._write)

    def _await_writing(self, client: Client, data: Any, sock: Any) -> None:
        self._loop.add_writer(sock, self._write)

    def _stop_writing(self, client: Client, data: Any, sock: Any) -> None:
        self._loop.remove_writer(sock)

    def _detach(self, client: Client, data: Any, sock: Any) -> None:
        if sock.fileno() >= 0:
            self._loop.remove_reader(sock)
            self._loop.remove_writer(sock)

    def _read(self) -> None:
        try:
            self._client.loop_read()
            sock = self._client.socket()
        except Exception as error:  # noqa: BLE001 - of one packet; without an end, it would never be acknowledged
            self._end(error)
            return
        if sock is not None and _undelivered(sock):
            self._loop.call_soon(self._read)

    def _write(self) -> None:
        self._client.loop_write()

    def _on_connect(self, client: Client, data: Any, flags: Any, reason: ReasonCode, properties: Any) -> None:
        self._answered = True
        if reason.is_failure:
            self._end(Lost(_refusal(reason), misunderstood=reason.value == OTHER_VERSION))
        else:
            client.subscribe([(topic, 1) for topic in self._topics])

    def _on_subscribe(self, client: Client, data: Any, mid: int, reasons: list[ReasonCode], properties: Any) -> None:
        refused = [topic for topic, reason in zip(self._topics, reasons, strict=False) if reason.value >= REFUSED]
        if refused:
            listed = ", ".join(refused)
            said = Text(f"Le courtier refuse l'abonnement à {listed}.", f"The broker refuses to subscribe to {listed}.")
            self._end(Lost(said))
        else:
            self._subscribed = True
            self._ready()

    def _on_disconnect(self, client: Client, data: Any, flags: Any, reason: ReasonCode, properties: Any) -> None:
        self._end(Lost(_cut(reason), misunderstood=not self._answered))

    def _hear(self, topic: str, payload: bytes, identifier: int, qos: int) -> None:
        self._pending.append((identifier, qos, self._take(topic, payload)))
        self._arrived.set()

    def _end(self, reason: Exception) -> None:
        if not self._over.done():
            self._over.set_exception(reason)

    async def _acknowledge(self) -> NoReturn:
        while True:
            while self._pending:
                await asyncio.wait([self._pending[0][2]])
                self._acknowledge_durable()
            self._arrived.clear()
            await self._arrived.wait()

    def _acknowledge_durable(self) -> None:
        """Those at the head; raises what kept one from being taken, and acknowledges none after it."""
        durable: list[int] = []
        try:
            while self._pending and self._pending[0][2].done():
                identifier, qos, taken = self._pending[0]
                taken.result()
                self._pending.popleft()
                if qos:
                    durable.append(identifier)
        finally:
            self._client.acknowledge(durable)

    async def _signs_of_life(self) -> NoReturn:
        while True:
            await asyncio.sleep(1)
            self._client.loop_misc()

    async def _first(self, *works: Any) -> NoReturn:
        tasks: list[asyncio.Future[Any]] = [self._loop.create_task(work) for work in works]
        try:
            await asyncio.wait([self._over, *tasks], return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                raise result
        self._over.result()
        raise AssertionError  # the line above raises

    async def _finish(self) -> None:
        sock = self._client.socket()
        if sock is None:
            return
        self._loop.remove_reader(sock)
        if self._pending:
            await asyncio.wait([taken for _, _, taken in self._pending], timeout=PATIENCE)
        try:
            self._acknowledge_durable()
        except Exception:  # noqa: BLE001 - not taken, not acknowledged: it comes again
            return
        while self._client.want_write() and self._client.socket() is not None:
            if self._client.loop_write() != MQTTErrorCode.MQTT_ERR_SUCCESS:
                return
            await asyncio.sleep(0)

    def _leave(self) -> None:
        for told in self._published.values():
            if not told.done():
                told.set_exception(Lost(UNANSWERED))
        for _, _, taken in self._pending:
            taken.add_done_callback(_heed)
        self._pending.clear()
        self._client.on_disconnect = None
        if (sock := self._client.socket()) is not None:
            self._client.on_socket_register_write = None  # what follows is written at once
            self._say_farewell()
            self._detach(self._client, None, sock)
            sock.close()
        if self._over.done():
            self._over.exception()

    def _say_farewell(self) -> None:
        if not self.forgotten:
            self._client.disconnect()
            return
        self._client.unsubscribe(self._topics)
        last = Properties(PacketTypes.DISCONNECT)  # type: ignore[no-untyped-call]
        last.SessionExpiryInterval = 0
        self._client.disconnect(properties=last if self._five else None)


def _undelivered(sock: Any) -> bool:
    """Whether bytes wait deciphered, of which the event loop hears nothing."""
    return isinstance(sock, ssl.SSLSocket) and sock.pending() > 0


def _heed(taken: "asyncio.Future[Any]") -> None:
    """Its failure was told once already, by the first that failed."""
    if not taken.cancelled():
        taken.exception()


def _unreachable(broker: Broker, error: Exception) -> Text:
    where = f"{broker.host}:{broker.port}"
    if isinstance(error, ssl.SSLCertVerificationError):
        told = error.verify_message
        return Text(f"Le certificat de {where} est refusé : {told}.", f"The certificate of {where} is refused: {told}.")
    return unreachable(where, error)


REFUSALS = {
    0x84: Text("Le courtier ne parle pas cette version de MQTT.", "The broker does not speak this version of MQTT."),
    0x85: Text("Le courtier refuse l'identifiant de client.", "The broker refuses the client identifier."),
    0x86: Text("Le courtier refuse le nom ou le mot de passe.", "The broker refuses the user name or the password."),
    0x87: Text("Le courtier refuse le nom ou le mot de passe.", "The broker refuses the user name or the password."),
    0x88: Text("Le courtier est indisponible.", "The broker is unavailable."),
    0x8A: Text("Le courtier a banni ce client.", "The broker has banned this client."),
    0x9F: Text("Le courtier limite les connexions.", "The broker limits connections."),
}


def _refusal(reason: ReasonCode) -> Text:
    return REFUSALS.get(reason.value) or Text(f"Le courtier refuse : {reason}.", f"The broker refuses: {reason}.")


def _cut(reason: ReasonCode) -> Text:
    if reason.value == 0x8E:
        return Text(
            "Un autre programme s'est connecté sous le même identifiant de client.",
            "Another program connected under the same client identifier.",
        )
    return Text(f"La liaison est coupée : {reason}.", f"The link is cut: {reason}.")
