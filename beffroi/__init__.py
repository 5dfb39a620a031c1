"""Beffroi: the open platform that local authorities pool to run their territoire intelligent."""

from importlib.metadata import version

__version__ = version("beffroi")
