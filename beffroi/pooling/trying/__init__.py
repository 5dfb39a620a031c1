"""Trying before spreading: what an experiment changed, measured from the record."""
