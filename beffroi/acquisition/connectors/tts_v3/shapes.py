"""The documents of The Things Stack v3 (ApplicationUp), every message in one."""

from typing import Any

import msgspec


class ApplicationIds(msgspec.Struct):
    application_id: str | None = None


class DeviceIds(msgspec.Struct):
    device_id: str | None = None
    application_ids: ApplicationIds | None = None
    dev_eui: str | None = None
    join_eui: str | None = None
    dev_addr: str | None = None


class GatewayIds(msgspec.Struct):
    gateway_id: str | None = None
    eui: str | None = None


class PacketBroker(msgspec.Struct):
    forwarder_gateway_id: str | None = None
    forwarder_gateway_eui: str | None = None


class Location(msgspec.Struct):
    latitude: float | None = None
    longitude: float | None = None
    altitude: float | None = None
    accuracy: float | None = None
    source: str | None = None


class RxMetadata(msgspec.Struct):
    gateway_ids: GatewayIds | None = None
    packet_broker: PacketBroker | None = None
    time: str | None = None
    received_at: str | None = None
    rssi: float | None = None
    channel_rssi: float | None = None
    snr: float | None = None
    location: Location | None = None
    channel_index: int | None = None
    antenna_index: int | None = None


class Lora(msgspec.Struct):
    bandwidth: float | None = None
    spreading_factor: int | None = None


class DataRate(msgspec.Struct):
    lora: Lora | None = None


class Settings(msgspec.Struct):
    data_rate: DataRate | None = None
    frequency: int | None = None
    time: str | None = None


class Battery(msgspec.Struct):
    value: float | None = None


class Uplink(msgspec.Struct):
    f_port: int | None = None
    f_cnt: int | None = None
    frm_payload: str | None = None
    decoded_payload: Any = None
    normalized_payload: Any = None
    rx_metadata: list[RxMetadata] | None = None
    settings: Settings | None = None
    received_at: str | None = None
    confirmed: bool | None = None
    app_s_key: dict[str, Any] | None = None
    locations: dict[str, Location] | None = None
    last_battery_percentage: Battery | None = None
    version_ids: dict[str, Any] | None = None


class JoinAccept(msgspec.Struct):
    received_at: str | None = None


class Downlink(msgspec.Struct):
    correlation_ids: list[str] | None = None
    f_cnt: int | None = None


class ErrorDetails(msgspec.Struct):
    name: str | None = None
    message_format: str | None = None


class DownlinkFailed(msgspec.Struct):
    downlink: Downlink | None = None
    error: ErrorDetails | None = None


class Solved(msgspec.Struct):
    service: str | None = None
    location: Location | None = None


class ServiceData(msgspec.Struct):
    service: str | None = None
    data: Any = None


class Up(msgspec.Struct):
    end_device_ids: DeviceIds | None = None
    correlation_ids: list[str] | None = None
    received_at: str | None = None
    simulated: bool | None = None
    uplink_message: Uplink | None = None
    uplink_normalized: Uplink | None = None
    join_accept: JoinAccept | None = None
    downlink_ack: Downlink | None = None
    downlink_nack: Downlink | None = None
    downlink_sent: Downlink | None = None
    downlink_queued: Downlink | None = None
    downlink_failed: DownlinkFailed | None = None
    downlink_queue_invalidated: dict[str, Any] | None = None
    location_solved: Solved | None = None
    service_data: ServiceData | None = None
    downlinks: list[Any] | None = None
    result: dict[str, Any] | None = None
