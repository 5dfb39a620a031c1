"""ChirpStack v3's Protobuf marshaler: the numbers of its fields (as/integration/integration.proto, gw/gw.proto)."""

from beffroi.acquisition.protobuf import Field, Table

ERRORS = {
    0: "UNKNOWN",
    1: "DOWNLINK_PAYLOAD_SIZE",
    2: "DOWNLINK_FCNT",
    3: "UPLINK_CODEC",
    4: "DOWNLINK_CODEC",
    5: "OTAA",
    6: "UPLINK_FCNT_RESET",
    7: "UPLINK_MIC",
    8: "UPLINK_FCNT_RETRANSMISSION",
    9: "DOWNLINK_GATEWAY",
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

LOCATION: Table = {
    1: Field("latitude", "double"),
    2: Field("longitude", "double"),
    3: Field("altitude", "double"),
    4: Field("source", "enum", words=SOURCES),
    5: Field("accuracy", "uint"),
}
HEARD: Table = {
    1: Field("gatewayID", "hex"),
    2: Field("time", "time"),
    5: Field("rssi", "int"),
    6: Field("loRaSNR", "double"),
    7: Field("channel", "uint"),
    10: Field("antenna", "uint"),
    11: Field("location", "message", LOCATION),
}
LORA: Table = {1: Field("bandwidth", "uint"), 2: Field("spreadingFactor", "uint")}
SENT: Table = {1: Field("frequency", "uint"), 3: Field("loRaModulationInfo", "message", LORA)}

_EVERY: Table = {
    2: Field("applicationName", "text"),
    3: Field("deviceName", "text"),
    4: Field("devEUI", "hex"),
}
EVENTS: dict[str, Table] = {
    "up": {
        **_EVERY,
        5: Field("rxInfo", "message", HEARD, repeated=True),
        6: Field("txInfo", "message", SENT),
        8: Field("dr", "uint"),
        9: Field("fCnt", "uint"),
        10: Field("fPort", "uint"),
        11: Field("data", "base64"),
        12: Field("objectJSON", "text"),
        13: Field("tags", "map"),
        14: Field("confirmedUplink", "bool"),
        15: Field("devAddr", "hex"),
        16: Field("publishedAt", "time"),
        18: Field("deviceProfileName", "text"),
    },
    "join": {
        **_EVERY,
        5: Field("devAddr", "hex"),
        6: Field("rxInfo", "message", HEARD, repeated=True),
        9: Field("tags", "map"),
        10: Field("publishedAt", "time"),
    },
    "ack": {
        **_EVERY,
        5: Field("acknowledged", "bool"),
        6: Field("fCnt", "uint"),
        7: Field("tags", "map"),
        8: Field("publishedAt", "time"),
    },
    "txack": {
        **_EVERY,
        5: Field("fCnt", "uint"),
        6: Field("tags", "map"),
        7: Field("gatewayID", "hex"),
        9: Field("publishedAt", "time"),
    },
    "error": {
        **_EVERY,
        5: Field("type", "enum", words=ERRORS),
        6: Field("error", "text"),
        7: Field("fCnt", "uint"),
        8: Field("tags", "map"),
        9: Field("publishedAt", "time"),
    },
    "status": {
        **_EVERY,
        5: Field("margin", "int"),
        6: Field("externalPowerSource", "bool"),
        7: Field("batteryLevelUnavailable", "bool"),
        8: Field("batteryLevel", "float"),
        9: Field("tags", "map"),
        10: Field("publishedAt", "time"),
    },
    "location": {
        **_EVERY,
        5: Field("location", "message", LOCATION),
        6: Field("tags", "map"),
        8: Field("fCnt", "uint"),
        9: Field("publishedAt", "time"),
    },
    "integration": {
        **_EVERY,
        5: Field("tags", "map"),
        6: Field("integrationName", "text"),
        7: Field("eventType", "text"),
        8: Field("objectJSON", "text"),
        9: Field("publishedAt", "time"),
    },
}
