"""Receive, decode, qualify, store, derive, watch."""

from beffroi.pipeline.pipeline import Pipeline, Received

__all__ = ["Pipeline", "Received"]
