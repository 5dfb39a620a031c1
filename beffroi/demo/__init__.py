"""The demonstration: Vendée, its real collectivités, and a simulated day-to-day life."""

from beffroi.demo.live import LiveFeed
from beffroi.demo.plan import Scale
from beffroi.demo.preparation import Prepared, prepare

__all__ = ["LiveFeed", "Prepared", "Scale", "prepare"]
