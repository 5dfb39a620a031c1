"""Files of observations in, with the mapping that says what they mean."""

import shutil
import tempfile
from collections.abc import AsyncGenerator
from pathlib import Path, PurePosixPath
from typing import Annotated, Any

import msgspec
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from beffroi.acquisition.mapping import parse
from beffroi.api.routing import Call, Routes
from beffroi.aside import aside
from beffroi.errors import Fault, Invalid, Text
from beffroi.pipeline import files
from beffroi.pipeline.files import Report

routes = Routes("files", "Files of observations taken in: CSV, XLSX, Parquet and JSON, by a declared mapping.")

MULTIPART = "multipart/form-data"
PARTS = ("file", "mapping", "stations")
MAPPING_LIMIT = 256 * 1024
"""bytes of a mapping, and of what surrounds the parts"""

Binary = Annotated[str, msgspec.Meta(extra_json_schema={"format": "binary"})]


class Upload(msgspec.Struct, frozen=True, omit_defaults=True):
    """The parts of the form. `mapping` is TOML; `stations` is the second file that the mapping may join."""

    file: Binary
    mapping: str
    stations: Binary | None = None


class FileQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    owner: Annotated[
        str | None, msgspec.Meta(description="The collectivity whose series these are; else the mapping says.")
    ] = None
    dry_run: Annotated[bool, msgspec.Meta(description="Report what would be done, write nothing.")] = False


@routes.post("/files", consumes=(MULTIPART,), raw_body=Upload, answer=Report)
async def ingest_file(call: Call, query: FileQuery) -> Any:
    """Take a file of observations in.

    Every cell is read, said to be missing, or put in quarantine with the reason. Sending a file again changes nothing.
    """
    form = await _form(call.request, call.rooms.upload_limit)
    try:
        return await aside(_ingest, call, query, form)
    finally:
        await form.close()


def _ingest(call: Call, query: FileQuery, form: FormData) -> Report:
    with tempfile.TemporaryDirectory(prefix="beffroi-") as folder:
        mapping = parse(_text(form["mapping"]))
        kept = {name: _kept(form[name], Path(folder) / name) for name in ("file", "stations") if name in form}
        report = files.ingest(
            call.scope,
            call.rooms.database,
            call.rooms.pipeline,
            [kept["file"]],
            mapping,
            owner=query.owner,
            stations=kept.get("stations"),
            dry_run=query.dry_run,
            now=call.now,
        )
    if any(file.created for file in report.files):
        call.rooms.changed()
    return report


async def _form(request: Request, limit: int) -> FormData:
    """The parts, on disk when they are long. Refused with 413 as soon as they exceed `limit` bytes together."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != MULTIPART:
        raise HTTPException(415)
    stream = _limited(request, limit + MAPPING_LIMIT)
    parser = MultiPartParser(request.headers, stream, max_files=3, max_fields=3, max_part_size=MAPPING_LIMIT)
    try:
        form = await parser.parse()
    except MultiPartException as error:
        raise Invalid(
            "body", Text(f"formulaire illisible : {error.message}", f"unreadable form: {error.message}")
        ) from error
    wrong = [Fault(name, Text("partie inconnue", "unknown part")) for name in form if name not in PARTS]
    wrong += [
        Fault(name, Text("partie donnée deux fois", "part given twice"))
        for name in PARTS
        if len(form.getlist(name)) > 1
    ]
    wrong += [
        Fault(name, Text("partie obligatoire manquante", "missing required part"))
        for name in PARTS[:2]
        if name not in form
    ]
    wrong += [
        Fault(name, Text("un fichier est attendu", "a file is expected"))
        for name in ("file", "stations")
        if isinstance(form.get(name), str)
    ]
    if wrong:
        await form.close()
        raise Invalid.of(wrong)
    return form


async def _limited(request: Request, limit: int) -> AsyncGenerator[bytes, None]:
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise HTTPException(413)
        yield chunk


def _text(part: UploadFile | str) -> str:
    if isinstance(part, str):
        return part
    try:
        return part.file.read(MAPPING_LIMIT + 1).decode()
    except UnicodeDecodeError as error:
        raise Invalid("mapping", Text("n'est pas du texte en UTF-8", "is not UTF-8 text")) from error


def _kept(part: UploadFile | str, folder: Path) -> Path:
    """The part as a file under its own name, whose end tells its kind."""
    assert isinstance(part, UploadFile)
    folder.mkdir()
    name = PurePosixPath((part.filename or "").replace("\\", "/")).name
    path = folder / ("".join(one for one in name if one.isprintable())[-100:] or "file")
    with path.open("wb") as target:
        shutil.copyfileobj(part.file, target)
    return path
