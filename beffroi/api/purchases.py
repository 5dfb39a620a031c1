"""Buying together: /pooling/compared-models, /pooling/purchases, /pooling/maintenance."""

from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta
from starlette.exceptions import HTTPException
from starlette.responses import Response

from beffroi.access import Scope
from beffroi.api.negotiation import accepted
from beffroi.api.registry import SUFFIX
from beffroi.api.routing import Call, Routes, read_body
from beffroi.aside import aside
from beffroi.database import Page, Transaction
from beffroi.pooling import awards, compared, deliveries, failures, maintenance, purchases, tenders
from beffroi.pooling.awards import LotsAnalysis, NewAward, NewMarks
from beffroi.pooling.buying import seen
from beffroi.pooling.buying.allotment import Allotment
from beffroi.pooling.compared import CatalogueLine, FactsChange
from beffroi.pooling.deliveries import Delivered
from beffroi.pooling.maintenance import Forecast
from beffroi.pooling.purchases import NewPurchase, NewPurchaseNeed, NewSupplierOffer, Purchase
from beffroi.registry import sheets, structures
from beffroi.registry.fields import Known
from beffroi.registry.imports import ImportReport
from beffroi.registry.model import Collectivity
from beffroi.registry.structures import CollectivityQuery

routes = Routes("purchases", "Buying together: models compared, needs, offers allotted, deliveries, batteries to come.")

SHEETS = (sheets.CSV, sheets.XLSX)
MOST_MEMBERS = 1000


class FactsKept(msgspec.Struct, frozen=True):
    revision: int


class DeliveryQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`delivered_on`: from which warranties run; today by default."""

    dry_run: Annotated[bool, Meta(description="Check everything, write nothing.")] = False
    delivered_on: date | None = None


class ForecastQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`within`: months ahead."""

    within: Annotated[int, Meta(ge=1, le=60)] = 12
    service: Known | None = None


@routes.get("/pooling/compared-models")
def list_models(call: Call) -> Page[CatalogueLine]:
    """Device models with what is known of them for buying, and how all devices of each are seen to fare here.

    No device, no owner is told: figures of models alone, once enough of them were seen.
    """
    with call.reading() as tx:
        known = compared.every(call.scope, tx)
        everybody = Scope.system("catalogue")
        found = _batteries(call, everybody, tx)
        told = seen.by_model(tx, call.rooms.ward, found, [one.code for one in known], now=call.now)
        failed = failures.by_model(tx, call.rooms.ward, now=call.now)
        told = {code: msgspec.structs.replace(one, failures=failed.get(code)) for code, one in told.items()}
        return Page(compared.lines(tx, known, told))


@routes.put("/pooling/compared-models/{code}")
def tell_facts(call: Call, code: str, body: FactsChange) -> FactsKept:
    """Keep a revision of what is known of a model, each fact with its source. For the structure's editors."""
    with call.rooms.database.write() as tx:
        return FactsKept(compared.tell(call.scope, tx, code, body, now=call.now))


@routes.get("/pooling/purchases")
def list_purchases(call: Call) -> Page[Purchase]:
    """Group purchases, the newest first: a member reads its own needs and totals."""
    with call.reading() as tx:
        return Page(purchases.every(call.scope, tx, now=call.now))


@routes.post("/pooling/purchases", status=201)
def make(call: Call, body: NewPurchase) -> Purchase:
    """Open a group purchase. For the structure's editors."""
    with call.rooms.database.write() as tx:
        return purchases.make(call.scope, tx, body, now=call.now)


@routes.get("/pooling/purchases/{key}")
def purchase(call: Call, key: str) -> Purchase:
    """A group purchase: all of it for the structure's people; its own needs and totals for a member."""
    with call.reading() as tx:
        return purchases.get(call.scope, tx, key, now=call.now)


@routes.put("/pooling/purchases/{key}/needs")
def tell(call: Call, key: str, body: NewPurchaseNeed) -> Purchase:
    """What a member needs of a lot, until the closing day has ended in the territory. For its editors."""
    with call.rooms.database.write() as tx:
        return purchases.tell(call.scope, tx, key, body, now=call.now)


@routes.put("/pooling/purchases/{key}/offers")
def offer(call: Call, key: str, body: NewSupplierOffer) -> Purchase:
    """A supplier's offer, in the place of its former one. For the structure's editors."""
    with call.rooms.database.write() as tx:
        return purchases.offer(call.scope, tx, key, body, now=call.now)


@routes.get("/pooling/purchases/{key}/allotment")
def proposed(call: Call, key: str) -> Allotment:
    """The cheapest allotment of what is needed now; which limits stand in the way when there is none."""
    with call.reading() as tx:
        return purchases.proposed(call.scope, tx, key, now=call.now)


@routes.post("/pooling/purchases/{key}/order", status=200)
def order(call: Call, key: str) -> Purchase:
    """Order the cheapest allotment, once needs are closed: it is kept as it is. For the structure's administrators.

    A purchase with criteria is awarded instead.
    """
    with call.rooms.database.write() as tx:
        return purchases.order(call.scope, tx, key, now=call.now)


@routes.get("/pooling/purchases/{key}/analysis")
def analysis(call: Call, key: str) -> LotsAnalysis:
    """Offers judged lot by lot by the published criteria.

    Marks, points, ranks, ties, and while which weight of the price the first one stays first; the decision, once there
    is one. For the structure's people."""
    with call.reading() as tx:
        return awards.analysis(call.scope, tx, key, now=call.now)


@routes.put("/pooling/purchases/{key}/marks")
def mark(call: Call, key: str, body: NewMarks) -> LotsAnalysis:
    """Mark a supplier's offer for a lot, criterion by criterion, each with why. For the structure's editors.

    An offer typed anew is to be marked anew.
    """
    with call.rooms.database.write() as tx:
        return awards.mark(call.scope, tx, key, body, now=call.now)


@routes.post("/pooling/purchases/{key}/award", status=200)
def award(call: Call, key: str, body: NewAward) -> Purchase:
    """Award each lot as a person decides, with the reason.

    Kept with the analysis that was read. For the structure's administrators, once needs are closed and all offers are
    marked."""
    with call.rooms.database.write() as tx:
        return awards.award(call.scope, tx, key, body, now=call.now)


@routes.get("/pooling/purchases/{key}/documents/{what}", produces=SHEETS, answer=bytes)
def document(call: Call, key: str, what: tenders.Document) -> Response:
    """The needs table, the price schedule to be filled in, or the analysis of offers, as CSV or XLSX by `Accept`.

    A member's needs table holds its own; the analysis is for the structure's people.
    """
    media = accepted(call.request, SHEETS)
    with call.reading() as tx:
        if what == "analysis":
            content = tenders.judged(awards.analysis(call.scope, tx, key, now=call.now), media, call.language)
        else:
            found = purchases.get(call.scope, tx, key, now=call.now)
            names = {one.key: one.name for one in _members(call, tx)}
            content = tenders.written(found, what, names, media, call.language)
    headers = {"Content-Disposition": f'attachment; filename="{what}-{key}.{SUFFIX[media]}"', "Vary": "Accept"}
    return Response(content, media_type=media, headers=headers)


@routes.post("/pooling/purchases/{key}/deliveries", consumes=SHEETS, raw_body=bytes, answer=ImportReport)
async def deliver(call: Call, key: str, query: DeliveryQuery) -> ImportReport:
    """A supplier's list of DevEUI and serial numbers, straight into the registry of who ordered.

    Every fault is told by row and column; nothing is written unless all is right. Sent again, it changes nothing.
    """
    media = call.request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in SHEETS:
        raise HTTPException(415)
    content = await read_body(call.request, call.rooms.upload_limit)
    return await aside(_deliver, call, key, query, content, media)


@routes.get("/pooling/purchases/{key}/deliveries")
def delivered(call: Call, key: str) -> Page[Delivered]:
    """What came of a purchase, with the last day of each warranty: a member reads its own."""
    with call.reading() as tx:
        found = purchases.get(call.scope, tx, key, now=call.now)
        return Page(deliveries.of(call.scope, tx, found))


@routes.get("/pooling/maintenance")
def forecast(call: Call, query: ForecastQuery) -> Forecast:
    """Batteries to be changed in the coming months, of devices that the caller sees, as they were seen to empty."""
    today = call.now.astimezone(ZoneInfo(call.rooms.time_zone)).date()
    with call.reading() as tx:
        found = _batteries(call, call.scope, tx)
    chosen = [one for one in found if query.service is None or one.device.service == query.service]
    return maintenance.forecast(chosen, today, query.within)


def _batteries(call: Call, scope: Scope, tx: Transaction) -> list[seen.Battery]:
    rooms = call.rooms
    discharges = compared.discharges(tx)
    return seen.batteries(scope, tx, rooms.record, call.patience, discharges, now=call.now, time_zone=rooms.time_zone)


def _members(call: Call, tx: Transaction) -> list[Collectivity]:
    return structures.collectivities(call.scope, tx, CollectivityQuery(limit=MOST_MEMBERS)).items


def _deliver(call: Call, key: str, query: DeliveryQuery, content: bytes, media: str) -> ImportReport:
    sheet = sheets.read(content, media)
    on = query.delivered_on or call.now.astimezone(ZoneInfo(call.rooms.time_zone)).date()
    with call.writing() as tx:
        names = deliveries.by_name(_members(call, tx))
        return deliveries.take(call.scope, tx, key, sheet, on, names, dry_run=query.dry_run, now=call.now)
