"""Collectivités, sites, assets, devices, series, and the relations between them."""
