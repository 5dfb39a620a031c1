"""Options that several commands take."""

from pathlib import Path
from typing import Annotated

import typer

Data = Annotated[
    Path | None, typer.Option(help="Folder that holds everything the instance keeps.", envvar="BEFFROI_DATA")
]
Port = Annotated[int | None, typer.Option(help="Port to listen on.")]
Host = Annotated[str | None, typer.Option(help="Address to listen on; 0.0.0.0 for every interface.")]
