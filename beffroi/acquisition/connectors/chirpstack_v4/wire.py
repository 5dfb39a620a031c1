"""ChirpStack v4's Protobuf marshaler: the numbers of its fields (api/proto/integration/integration.proto,
gw/gw.proto)."""

from beffroi.acquisition.protobuf import Field, Table

LEVELS = {0: "INFO", 1: "WARNING", 2: "ERROR"}
CODES = {
    0: "UNKNOWN",
    1: "DOWNLINK_PAYLOAD_SIZE",
    2: "UPLINK_CODEC",
    3: "DOWNLINK_CODEC",
    4: "OTAA",
    5: "UPLINK_F_CNT_RESET",
    6: "UPLINK_MIC",
    7: "UPLINK_F_CNT_RETRANSMISSION",
    8: "DOWNLINK_GATEWAY",
    9: "RELAY_NEW_END_DEVICE",
    10: "F_CNT_DOWN",
    11: "EXPIRED",
}
SOURCES = {
    0: "UNKNOWN",
    1: "GPS",
    2: "CONFIG",
    3: "GEO_RESOLVER_TDOA",
    4: "GEO_RESOLVER_RSSI",
    5: "GEO_RESOLVER_GNSS",
    6: "GEO_RESOLVER_WIFI",
}

DEVICE: Table = {
    2: Field("tenantName", "text"),
    3: Field("applicationId", "text"),
    4: Field("applicationName", "text"),
    6: Field("deviceProfileName", "text"),
    7: Field("deviceName", "text"),
    8: Field("devEui", "text"),
    9: Field("tags", "map"),
}
LOCATION: Table = {
    1: Field("latitude", "double"),
    2: Field("longitude", "double"),
    3: Field("altitude", "double"),
    4: Field("source", "enum", words=SOURCES),
    5: Field("accuracy", "float"),
}
HEARD: Table = {
    1: Field("gatewayId", "text"),
    3: Field("gwTime", "time"),
    17: Field("nsTime", "time"),
    6: Field("rssi", "int"),
    7: Field("snr", "float"),
    8: Field("channel", "uint"),
    11: Field("antenna", "uint"),
    12: Field("location", "message", LOCATION),
}
LORA: Table = {1: Field("bandwidth", "uint"), 2: Field("spreadingFactor", "uint")}
SENT: Table = {1: Field("frequency", "uint"), 2: Field("modulation", "message", {3: Field("lora", "message", LORA)})}
SERVER: Table = {1: Field("sessionKeyId", "text")}

_EVERY: Table = {
    1: Field("deduplicationId", "text"),
    2: Field("time", "time"),
    3: Field("deviceInfo", "message", DEVICE),
}
EVENTS: dict[str, Table] = {
    "up": {
        **_EVERY,
        4: Field("devAddr", "text"),
        6: Field("dr", "uint"),
        7: Field("fCnt", "uint"),
        8: Field("fPort", "uint"),
        9: Field("confirmed", "bool"),
        10: Field("data", "base64"),
        11: Field("object", "struct"),
        12: Field("rxInfo", "message", HEARD, repeated=True),
        13: Field("txInfo", "message", SENT),
        15: Field("joinServerContext", "message", SERVER),
    },
    "join": {**_EVERY, 4: Field("devAddr", "text")},
    "ack": {
        **_EVERY,
        4: Field("queueItemId", "text"),
        5: Field("acknowledged", "bool"),
        6: Field("fCntDown", "uint"),
    },
    "txack": {
        1: Field("downlinkId", "uint"),
        2: Field("time", "time"),
        3: Field("deviceInfo", "message", DEVICE),
        4: Field("queueItemId", "text"),
        5: Field("fCntDown", "uint"),
        6: Field("gatewayId", "text"),
    },
    "log": {
        1: Field("time", "time"),
        2: Field("deviceInfo", "message", DEVICE),
        3: Field("level", "enum", words=LEVELS),
        4: Field("code", "enum", words=CODES),
        5: Field("description", "text"),
        6: Field("context", "map"),
    },
    "status": {
        **_EVERY,
        5: Field("margin", "int"),
        6: Field("externalPowerSource", "bool"),
        7: Field("batteryLevelUnavailable", "bool"),
        8: Field("batteryLevel", "float"),
    },
    "location": {**_EVERY, 4: Field("location", "message", LOCATION)},
    "integration": {
        **_EVERY,
        4: Field("integrationName", "text"),
        5: Field("eventType", "text"),
        6: Field("object", "struct"),
    },
}
