"""Actility ThingPark, Wireless and Enterprise: JSON or XML, over HTTP or MQTT."""

from collections.abc import Iterator
from typing import Any

from beffroi.acquisition.connector import Documents, Envelope, unknown
from beffroi.acquisition.connectors.thingpark import xml
from beffroi.acquisition.connectors.thingpark.shapes import Document, Lrr, Report
from beffroi.acquisition.documents import several, text
from beffroi.acquisition.fields import (
    Unread,
    address,
    battery,
    counter,
    eui,
    finite,
    hertz,
    hexadecimal,
    instant,
    maybe_eui,
    place,
    port,
    position,
    spreading_factor,
)
from beffroi.acquisition.messages import Failed, Hearing, Join, Located, Logged, Message, Sent, Status, Uplink
from beffroi.errors import Text

CONFIRMED_UP = 4
"""MType of a confirmed uplink (LoRaWAN 1.0.4, 4.2.1)"""
NOTHING = Text("aucun message de ThingPark", "no message of ThingPark")


def tell(document: Document, envelope: Envelope) -> list[Message]:
    found: list[Message] = []
    for name, teller in TELLERS.items():
        for report in several(getattr(document, name)):
            found.extend(_told(teller, report, envelope))
    return found or unknown(envelope, NOTHING)


def _told(teller: Any, report: Report, envelope: Envelope) -> list[Message]:
    """One that cannot be read does not take the others with it."""
    try:
        return [teller(report, _shared(report, envelope))]
    except Unread as error:
        return unknown(envelope, error.reason, error.device or maybe_eui(report.dev_eui))


def _shared(report: Report, envelope: Envelope) -> dict[str, Any]:
    """The address the message came to may name the device too (`LrnDevEui`)."""
    time, source = envelope.at((instant(report.time), "network"))
    data = report.customer_data
    return {
        "device": eui(report.dev_eui or envelope.query.get("LrnDevEui")),
        "time": time,
        "time_source": source,
        "name": text(data.get("name")) if isinstance(data, dict) else None,
    }


def _uplink(report: Report, shared: dict[str, Any]) -> Message:
    """With `AppSKey`, ThingPark hands over the key and leaves the deciphering to the application."""
    encrypted = report.payload_encryption == 1 or (report.payload_encryption is None and bool(report.app_s_key))
    return Uplink(
        **shared,
        payload=hexadecimal(report.payload_hex),
        port=port(report.f_port),
        frame_counter=counter(report.f_cnt_up),
        spreading_factor=spreading_factor(report.sp_fact),
        frequency=hertz(report.frequency),
        confirmed=None if report.m_type is None else report.m_type == CONFIRMED_UP,
        encrypted=encrypted,
        address=address(report.dev_addr),
        battery=battery(report.battery_level),
        gateways=_heard(report),
        location=_position(report),
        decoded=report.payload if isinstance(report.payload, dict) else None,
    )


def _heard(report: Report) -> tuple[Hearing, ...]:
    """The best station, whose position is told, and the others beside it."""
    told: list[Lrr] = several(report.lrrs.lrr) if report.lrrs else []
    if not any(one.lrrid == report.lrrid for one in told) and (report.lrrid or report.lrr_rssi is not None):
        told.insert(0, report)
    return tuple(_hearing(one, report) for one in told)


def _hearing(one: Lrr, report: Report) -> Hearing:
    where = report if one.lrrid == report.lrrid else one
    x, y = place(where.lrr_lon, where.lrr_lat)
    return Hearing(
        id=one.lrrid,
        rssi=finite(one.lrr_rssi),
        snr=finite(one.lrr_snr),
        longitude=x,
        latitude=y,
        channel=report.channel,
        antenna=one.chain,
    )


def _position(report: Report) -> Any:
    return position(report.dev_lon, report.dev_lat, report.dev_alt, report.dev_loc_radius)


def _sent(report: Report, shared: dict[str, Any]) -> Message:
    """`DeliveryStatus` 0 is a failure, whose cause follows."""
    if report.delivery_status == "0":
        cause = report.delivery_failed_cause
        return Failed(**shared, code=cause, description="DeliveryStatus 0", downlink=report.correlation_id)
    return Sent(
        **shared,
        downlink=report.correlation_id,
        downlink_counter=counter(report.f_cnt_dn),
        gateway=report.lrrid,
    )


def _rejected(report: Report, shared: dict[str, Any]) -> Message:
    code = report.cause or report.delivery_failed_cause
    return Failed(**shared, code=code, description=report.reason, downlink=report.correlation_id)


def _notification(report: Report, shared: dict[str, Any]) -> Message:
    kind = (report.type or "").lower()
    if "join" in kind:
        return Join(**shared, address=address(report.dev_addr), join_eui=maybe_eui(report.join_eui))
    if report.battery_level is not None or report.margin is not None:
        return Status(
            **shared,
            battery=battery(report.battery_level),
            margin=finite(report.margin),
            external_power=report.battery_level == 0,
        )
    return Logged(**shared, code=report.type, description=report.reason, source="DevEUI_notification")


def _location(report: Report, shared: dict[str, Any]) -> Message:
    found = _position(report)
    if found is None:
        raise Unread(Text("une position sans longitude ni latitude", "a location without place"), shared["device"])
    if at := instant(report.dev_loc_time):
        shared.update(time=at, time_source="network")
    return Located(**shared, location=found)


def _multicast(report: Report, shared: dict[str, Any]) -> Message:
    return Logged(**shared, code=report.type, source="DevEUI_multicast_summary")


TELLERS: dict[str, Any] = {
    "uplink": _uplink,
    "sent": _sent,
    "rejected": _rejected,
    "notification": _notification,
    "location": _location,
    "multicast": _multicast,
}


def otherwise(content: bytes, envelope: Envelope) -> Iterator[Any] | None:
    """XML, which begins with `<`, in UTF-16 too."""
    start = content.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \r\n\t")[:1]
    return iter([xml.document(content.lstrip())]) if start == b"<" else None


CONNECTOR = Documents(__name__, Document, tell, otherwise)
