"""Layouts: what each bit of a message means, declared in TOML or JSON (reference: docs/reference/codecs.md). They run
no code, and need no worker."""

from beffroi.acquisition.codecs.layouts.field import Field
from beffroi.acquisition.codecs.layouts.layout import Layout, compiled

__all__ = ["Field", "Layout", "compiled"]
