"""Downlinks: what is sent to devices through their networks, asked by someone, sometimes approved by another, sent at
most once."""
