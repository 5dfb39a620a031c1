"""The networks that are read, one package each."""

from beffroi.acquisition.connector import Connector
from beffroi.acquisition.connectors import (
    chirpstack_v4,
)

CONNECTORS: dict[str, Connector] = {package.CONNECTOR.kind: package.CONNECTOR for package in (chirpstack_v4,)}
"""by kind"""
