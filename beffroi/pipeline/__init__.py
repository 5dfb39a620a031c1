"""Receive, decode, qualify, store, derive, watch."""

from beffroi.pipeline.live import Live
from beffroi.pipeline.pipeline import Pipeline, Received

__all__ = ["Live", "Pipeline", "Received"]
