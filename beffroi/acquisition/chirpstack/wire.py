"""Messages of ChirpStack v4's API: the numbers of their fields (api/proto/api/*.proto, common.proto)."""

from beffroi.acquisition.protobuf import Field, Table

REGIONS = {
    0: "EU868", 2: "US915", 3: "CN779", 4: "EU433", 5: "AU915", 6: "CN470", 7: "AS923", 8: "KR920", 9: "IN865",
    10: "RU864", 11: "ISM2400", 12: "AS923_2", 13: "AS923_3", 14: "AS923_4",
}  # fmt: skip
MAC_VERSIONS = {
    0: "LORAWAN_1_0_0", 1: "LORAWAN_1_0_1", 2: "LORAWAN_1_0_2", 3: "LORAWAN_1_0_3", 4: "LORAWAN_1_0_4",
    5: "LORAWAN_1_1_0",
}  # fmt: skip
REVISIONS = {0: "A", 1: "B", 2: "RP002_1_0_0", 3: "RP002_1_0_1", 4: "RP002_1_0_2", 5: "RP002_1_0_3"}

PAGE: Table = {1: Field("limit", "uint"), 2: Field("offset", "uint")}
CREATED: Table = {1: Field("id", "text")}
NOTHING: Table = {}
NAMED: Table = {1: Field("id", "text"), 4: Field("name", "text")}
TENANTS: Table = {1: Field("totalCount", "uint"), 2: Field("result", "message", NAMED, repeated=True)}
OF_TENANT: Table = {**PAGE, 4: Field("tenantId", "text")}
APPLICATIONS: Table = TENANTS
PROFILES: Table = TENANTS

APPLICATION: Table = {
    1: Field("id", "text"),
    2: Field("name", "text"),
    3: Field("description", "text"),
    4: Field("tenantId", "text"),
}
CREATE_APPLICATION: Table = {1: Field("application", "message", APPLICATION)}

PROFILE: Table = {
    2: Field("tenantId", "text"),
    3: Field("name", "text"),
    26: Field("description", "text"),
    4: Field("region", "enum", words=REGIONS),
    5: Field("macVersion", "enum", words=MAC_VERSIONS),
    6: Field("regParamsRevision", "enum", words=REVISIONS),
    7: Field("adrAlgorithmId", "text"),
    10: Field("flushQueueOnActivate", "bool"),
    11: Field("uplinkInterval", "uint"),
    12: Field("deviceStatusReqInterval", "uint"),
    13: Field("supportsOtaa", "bool"),
    15: Field("supportsClassC", "bool"),
    20: Field("classCTimeout", "uint"),
}
CREATE_PROFILE: Table = {1: Field("deviceProfile", "message", PROFILE)}

DEVICE: Table = {
    1: Field("devEui", "text"),
    2: Field("name", "text"),
    3: Field("description", "text"),
    4: Field("applicationId", "text"),
    5: Field("deviceProfileId", "text"),
    9: Field("tags", "map"),
    10: Field("joinEui", "text"),
}
CREATE_DEVICE: Table = {1: Field("device", "message", DEVICE)}
OF_APPLICATION: Table = {**PAGE, 4: Field("applicationId", "text")}
LISTED: Table = {
    1: Field("devEui", "text"),
    5: Field("name", "text"),
    7: Field("deviceProfileId", "text"),
    8: Field("deviceProfileName", "text"),
}
DEVICES: Table = {1: Field("totalCount", "uint"), 2: Field("result", "message", LISTED, repeated=True)}

KEYS: Table = {1: Field("devEui", "text"), 2: Field("nwkKey", "text"), 3: Field("appKey", "text")}
CREATE_KEYS: Table = {1: Field("deviceKeys", "message", KEYS)}

ITEM: Table = {
    2: Field("devEui", "text"),
    3: Field("confirmed", "bool"),
    4: Field("fPort", "uint"),
    5: Field("data", "base64"),
    10: Field("expiresAt", "time"),
}
ENQUEUE: Table = {1: Field("queueItem", "message", ITEM)}
