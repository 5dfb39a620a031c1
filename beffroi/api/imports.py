"""The registry from files: /imports."""

from typing import Annotated

import msgspec
from msgspec import Meta
from starlette.exceptions import HTTPException

from beffroi.api.routing import Call, Routes, read_body
from beffroi.aside import aside
from beffroi.registry import imports, sheets
from beffroi.registry.columns import SheetNoun
from beffroi.registry.fields import Owner
from beffroi.registry.imports import ImportReport, Options

routes = Routes("imports", "Sites, assets, devices, models, series and relations from CSV and XLSX files.")


class ImportQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    owner: Annotated[Owner, Meta(description="Of the rows that name none.")] | None = None
    dry_run: Annotated[bool, Meta(description="Check everything, write nothing.")] = False
    skip_bad: Annotated[bool, Meta(description="Write the good rows although others are wrong.")] = False
    update: Annotated[bool, Meta(description="Change what exists already, instead of calling it a fault.")] = False


@routes.post("/imports/{noun}", consumes=(sheets.CSV, sheets.XLSX), raw_body=bytes, answer=ImportReport)
async def load(call: Call, noun: SheetNoun, query: ImportQuery) -> ImportReport:
    """Take a file in: the first row names the columns, in English or in French; things are named by their codes.

    Every fault is told by row and column. Nothing is written unless all is right, or `skip_bad` is asked.
    """
    media = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in (sheets.CSV, sheets.XLSX):
        raise HTTPException(415)
    content = await read_body(call.request, call.rooms.upload_limit)
    return await aside(_load, call, noun, query, content, media)


def _load(call: Call, noun: SheetNoun, query: ImportQuery, content: bytes, media: str) -> ImportReport:
    options = Options(query.owner, query.dry_run, query.skip_bad, query.update, call.rooms.time_zone)
    sheet = sheets.read(content, media)
    if query.dry_run:
        with call.reading() as tx:
            return imports.load(call.scope, tx, noun, sheet, options, now=call.now)
    with call.writing() as tx:
        return imports.load(call.scope, tx, noun, sheet, options, now=call.now)
