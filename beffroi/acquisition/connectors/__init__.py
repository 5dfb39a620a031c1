"""The networks that are read, one package each."""

from collections.abc import Callable

from beffroi.acquisition.connector import Connector
from beffroi.acquisition.connectors import (
    chirpstack_v3,
    chirpstack_v4,
    json_http,
    line_protocol,
    live_objects,
    loriot,
    netmore,
    sigfox,
    table,
    thingpark,
    tts_v3,
    wanesy,
)

PACKAGES = (
    chirpstack_v4,
    chirpstack_v3,
    tts_v3,
    thingpark,
    loriot,
    live_objects,
    wanesy,
    netmore,
    sigfox,
    json_http,
    table,
    line_protocol,
)
CONNECTORS: dict[str, Connector] = {package.CONNECTOR.kind: package.CONNECTOR for package in PACKAGES}
"""by kind"""
MAPPED: dict[str, Callable[[str], Connector]] = {"json": json_http.mapped, "table": table.mapped}
"""what makes the connector of a mapping, for the kinds that are read by one; raises `Invalid`"""
FOLDERS = {package.CONNECTOR.kind: package.__name__ for package in PACKAGES}
"""the package of each kind"""
