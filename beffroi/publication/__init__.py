"""Datasets, catalogue, open formats, leaving with everything."""
