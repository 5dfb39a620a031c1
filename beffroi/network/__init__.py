"""Gateways, links, radio coverage."""
