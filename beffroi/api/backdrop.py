"""The background of maps, as the settings say it."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Backdrop:
    """`style_url`: of a MapLibre style, whose tiles, letters and pictures come from the same origin; empty when nothing
    may be asked outside. `tiles`: a PMTiles file of this machine, which goes before it."""

    style_url: str = ""
    tiles: Path | None = None

    @property
    def file(self) -> Path | None:
        return self.tiles if self.tiles is not None and self.tiles.is_file() else None

    @property
    def origin(self) -> str | None:
        """Where browsers fetch it from, when that is not this instance."""
        parts = urlsplit(self.style_url)
        outside = parts.scheme in ("http", "https") and bool(parts.netloc) and self.tiles is None
        return f"{parts.scheme}://{parts.netloc}" if outside else None
