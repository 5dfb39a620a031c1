"""The documents of Actility ThingPark: Wireless and Enterprise write the same, numbers as numbers or as text."""

from typing import Any

import msgspec


class Lrr(msgspec.Struct, rename="pascal"):
    """A base station, and how it heard."""

    lrrid: str | None = None
    chain: int | None = None
    lrr_rssi: float | None = msgspec.field(name="LrrRSSI", default=None)
    lrr_snr: float | None = msgspec.field(name="LrrSNR", default=None)
    lrr_lat: float | None = msgspec.field(name="LrrLAT", default=None)
    lrr_lon: float | None = msgspec.field(name="LrrLON", default=None)


class Lrrs(msgspec.Struct):
    lrr: list[Lrr] | Lrr | None = msgspec.field(name="Lrr", default=None)


class Report(Lrr, rename="pascal"):
    """Any of the documents: an uplink, what became of a downlink, a notification, a location."""

    dev_eui: str | None = msgspec.field(name="DevEUI", default=None)
    time: str | None = None
    f_port: int | None = msgspec.field(name="FPort", default=None)
    f_cnt_up: int | None = msgspec.field(name="FCntUp", default=None)
    f_cnt_dn: int | None = msgspec.field(name="FCntDn", default=None)
    m_type: int | None = msgspec.field(name="MType", default=None)
    payload_hex: str | None = msgspec.field(name="payload_hex", default=None)
    sp_fact: int | None = None
    channel: str | None = None
    frequency: float | None = None
    lrrs: Lrrs | None = None
    customer_data: Any = None
    dev_addr: str | None = None
    battery_level: float | None = None
    margin: float | None = None
    dev_lon: float | None = msgspec.field(name="DevLON", default=None)
    dev_lat: float | None = msgspec.field(name="DevLAT", default=None)
    dev_alt: float | None = None
    dev_loc_radius: float | None = None
    dev_loc_time: str | None = None
    payload_encryption: int | None = msgspec.field(name="payloadEncryption", default=None)
    app_s_key: str | None = msgspec.field(name="AppSKey", default=None)
    payload: Any = msgspec.field(name="payload", default=None)
    correlation_id: str | None = msgspec.field(name="CorrelationID", default=None)
    delivery_status: str | None = None
    delivery_failed_cause: str | None = msgspec.field(name="DeliveryFailedCause1", default=None)
    ack_indication: int | None = msgspec.field(name="ACKbit", default=None)
    type: str | None = None
    reason: str | None = None
    cause: str | None = None
    join_eui: str | None = msgspec.field(name="JoinEUI", default=None)


class Document(msgspec.Struct):
    uplink: list[Report] | Report | None = msgspec.field(name="DevEUI_uplink", default=None)
    sent: list[Report] | Report | None = msgspec.field(name="DevEUI_downlink_Sent", default=None)
    rejected: list[Report] | Report | None = msgspec.field(name="DevEUI_downlink_Rejected", default=None)
    notification: list[Report] | Report | None = msgspec.field(name="DevEUI_notification", default=None)
    location: list[Report] | Report | None = msgspec.field(name="DevEUI_location", default=None)
    multicast: list[Report] | Report | None = msgspec.field(name="DevEUI_multicast_summary", default=None)
