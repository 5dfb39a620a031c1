"""What the disk and the engines refuse, said so that whoever asked knows what is to be done."""

import contextlib
from collections.abc import Iterator

import duckdb

from beffroi.errors import Text, Unavailable


@contextlib.contextmanager
def in_plain_words() -> Iterator[None]:
    """DuckDB's refusals for want of room, as `Unavailable`."""
    try:
        yield
    except duckdb.OutOfMemoryException as error:
        raise _too_large() from error
    except (
        duckdb.IOException,
        duckdb.FatalException,
        duckdb.ConnectionException,
        duckdb.TransactionException,
        duckdb.InterruptException,
        duckdb.ResourceInUseException,
        OSError,  # also what DuckDB fails at while a result is fetched piece by piece
    ) as error:
        if "Out of Memory Error" in str(error):
            raise _too_large() from error
        raise Unavailable(
            Text(
                "Le registre des observations ne peut ni lire ni écrire son fichier (disque plein, ou déjà ouvert ?).",
                "The record of observations cannot read or write its file (disk full, or opened already?).",
            )
        ) from error
    except duckdb.InvalidInputException as error:
        raise damaged() from error
    except duckdb.Error as error:
        if type(error) is not duckdb.Error:  # what it raises without a class of its own is about Parquet's insides
            raise
        raise damaged() from error


def _too_large() -> Unavailable:
    return Unavailable(
        Text(
            "Cette demande dépasse la mémoire permise, sur disque compris : demandez moins à la fois.",
            "This needs more memory than allowed, also on disk: ask for less at a time.",
        )
    )


def damaged() -> Unavailable:
    return Unavailable(
        Text(
            "Un fichier du registre est abîmé : `beffroi record verify` dit lequel ; reprenez-le d'une sauvegarde.",
            "A file of the record is damaged: `beffroi record verify` tells which; take it back from a backup.",
        )
    )
