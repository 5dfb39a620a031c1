"""The demonstration: Vendée, its real collectivités, and a simulated day-to-day life."""

from beffroi.demo.live import LiveFeed
from beffroi.demo.preparation import Prepared, prepare
from beffroi.demo.roster import Scale

__all__ = ["LiveFeed", "Prepared", "Scale", "prepare"]
