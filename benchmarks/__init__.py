"""Measured beside limits and peers in the same run, never asserted: `make bench`."""
