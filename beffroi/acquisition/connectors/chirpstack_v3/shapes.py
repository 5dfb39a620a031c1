"""The documents of ChirpStack v3 and of LoRa Server before it, every event in one."""

from typing import Any

import msgspec


class Location(msgspec.Struct):
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    accuracy: float | None = None
    source: str | None = None


class RxInfo(msgspec.Struct):
    """`mac` and a position beside the signal: LoRa Server 1 and 2."""

    gateway_id: str | None = msgspec.field(name="gatewayID", default=None)
    mac: str | None = None
    time: str | None = None
    rssi: float | None = None
    snr: float | None = msgspec.field(name="loRaSNR", default=None)
    channel: int | None = None
    antenna: int | None = None
    location: Location | None = None
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None


class Modulation(msgspec.Struct, rename="camel"):
    bandwidth: float | None = None
    spreading_factor: int | None = None
    spread_factor: int | None = None


class TxInfo(msgspec.Struct, rename="camel"):
    frequency: int | None = None
    lora: Modulation | None = msgspec.field(name="loRaModulationInfo", default=None)
    data_rate: Modulation | None = None
    dr: int | None = None


class Event(msgspec.Struct, rename="camel"):
    dev_eui: str | None = msgspec.field(name="devEUI", default=None)
    device_name: str | None = None
    application_name: str | None = None
    device_profile_name: str | None = None
    tags: dict[str, str] | None = None
    dev_addr: str | None = None
    published_at: str | None = None
    rx_info: list[RxInfo] | None = None
    tx_info: TxInfo | None = None
    dr: int | None = None
    f_cnt: int | None = None
    f_port: int | None = None
    data: str | None = None
    object: Any = None
    object_json: str | None = msgspec.field(name="objectJSON", default=None)
    confirmed_uplink: bool | None = None
    acknowledged: bool | None = None
    gateway_id: str | None = msgspec.field(name="gatewayID", default=None)
    type: str | None = None
    error: str | None = None
    margin: float | None = None
    external_power_source: bool | None = None
    battery_level_unavailable: bool | None = None
    battery_level: float | None = None
    battery: float | None = None
    location: Location | None = None
    integration_name: str | None = None
    event_type: str | None = None
