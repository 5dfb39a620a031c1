"""The connector contract, codecs, and the mappings by which files of observations are read."""
