"""Commands."""

import sys

import typer

from beffroi import __version__
from beffroi.cli import (
    access,
    chirpstack,
    claim,
    codec,
    connection,
    connector,
    downlink,
    files,
    held,
    instance,
    models,
    pooling,
    record,
    upkeep,
)
from beffroi.cli.say import console, language
from beffroi.errors import BeffroiError, Invalid

app = typer.Typer(
    name="beffroi",
    help="The open platform that local authorities pool to run their territoire intelligent.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(instance.demo)
app.command()(instance.init)
app.command()(instance.serve)
app.command()(files.ingest)
app.command("import")(files.import_)
app.command()(files.export)
app.command()(codec.decode)
app.command()(codec.encode)
app.command()(held.redecode)
app.command()(upkeep.backup)
app.command()(upkeep.restore)
app.command()(upkeep.doctor)
app.command()(upkeep.settings)
app.command()(upkeep.openapi)
app.add_typer(access.person, name="person", help="The people who sign in.")
app.add_typer(access.key, name="key", help="API keys, for programs.")
app.add_typer(connection.connection, name="connection", help="Networks that are connected.")
app.add_typer(downlink.downlink, name="downlink", help="What is sent to devices.")
app.add_typer(chirpstack.chirpstack, name="chirpstack", help="Devices declared in a ChirpStack server.")
app.add_typer(claim.claim, name="claim", help="Whose a device is, where several say so or nobody confirmed it.")
app.add_typer(held.quarantine, name="quarantine", help="Messages of networks that could not be taken.")
app.add_typer(connector.connector, name="connector", help="What networks send, as Beffroi reads it.")
app.add_typer(models.models, name="models", help="Models of devices: what makers publish of them, and their decoding.")
app.add_typer(pooling.pooling, name="pooling", help="What is pooled: who pays, what to do and when.")
app.add_typer(record.record, name="record", help="The record of observations, while the instance is stopped.")
app.add_typer(access.deletions, name="deletions", help="Receipts of what was deleted.")
app.add_typer(access.audit, name="audit", help="The trail of who did and saw what.")


@app.command()
def version() -> None:
    """Print the version."""
    console.print(__version__)


def main() -> None:
    """Run a command; an error is told in the reader's language, with exit status 1."""
    try:
        app()
    except BeffroiError as error:
        faults = error.faults if isinstance(error, Invalid) else ()
        if faults:
            for fault in faults:
                sys.stderr.write(f"{fault.field}: {fault.text.said(language())}\n")
        else:
            sys.stderr.write(f"{error.text.said(language())}\n")
        sys.exit(1)
