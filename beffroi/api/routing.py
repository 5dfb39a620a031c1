"""Routes as typed functions: what a handler's signature says is what is parsed, checked and documented.

A handler takes a `Call`, then any of: path parameters by name; `query`, a struct whose fields are the only parameters
allowed; `body`, a struct or list read from JSON. It returns a struct, None (204) or a Starlette `Response`. A plain
function runs in a worker thread, a coroutine on the event loop.
"""

import inspect
import typing
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin
from urllib.parse import parse_qsl

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match
from starlette.routing import Route as StarletteRoute
from starlette.types import Receive, Send
from starlette.types import Scope as Scope_

from beffroi.access import Scope
from beffroi.api import problems
from beffroi.api.presence import Presence
from beffroi.api.rooms import Rooms
from beffroi.aside import aside
from beffroi.database import Transaction
from beffroi.errors import Fault, Invalid, Language, Text
from beffroi.observations import Patience

JSON = "application/json"
BODY_LIMIT = 8 * 2**20
"""bytes of a JSON body describing a resource; observations and files have their own limits"""


@dataclass(frozen=True)
class Call:
    """One request being answered: who asks, in which language, and the rooms to answer with."""

    request: Request
    scope: Scope
    rooms: Rooms
    now: datetime
    patience: Patience
    """of whoever asks: for what it asks of the record"""

    @property
    def language(self) -> Language:
        return problems.language_of(self.request)

    def reading(self) -> AbstractContextManager[Transaction]:
        return self.rooms.database.read()

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction; what it changed of roles, agreements or ownership holds for the next request."""
        with self.rooms.database.write() as tx:
            yield tx
        self.rooms.changed()


@dataclass(frozen=True)
class Operation:
    """One method on one path, as declared; the OpenAPI document is generated from it."""

    method: str
    path: str
    handler: Callable[..., Any]
    tag: str
    status: int
    public: bool
    produces: tuple[str, ...]
    consumes: tuple[str, ...]
    path_parameters: dict[str, Any]
    query: Any
    body: Any
    answer: Any
    short: bool
    """takes one of the turns of readers"""
    any_query: bool
    """the query is the sender's own, and read by the handler"""

    @property
    def name(self) -> str:
        return f"{self.tag}.{self.handler.__name__}".replace("-", "_")


@dataclass
class Routes:
    """The operations of one domain, under one tag of the documentation."""

    tag: str
    about: str
    operations: list[Operation] = field(default_factory=list)

    def get(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._add("GET", path, **options)

    def post(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._add("POST", path, **options)

    def put(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._add("PUT", path, **options)

    def patch(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._add("PATCH", path, **options)

    def delete(self, path: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        return self._add("DELETE", path, **options)

    def _add(
        self,
        method: str,
        path: str,
        *,
        status: int | None = None,
        public: bool = False,
        produces: Sequence[str] = (JSON,),
        consumes: Sequence[str] = (JSON,),
        answer: Any = None,
        raw_body: Any = None,
        short: bool = False,
        any_query: bool = False,
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """`answer` and `raw_body` document what a handler of raw requests gives and takes."""

        def declare(handler: Callable[..., Any]) -> Callable[..., Any]:
            hints = typing.get_type_hints(handler, include_extras=True)
            returned = hints.pop("return", None)
            hints.pop("call")
            query, body = hints.pop("query", None), hints.pop("body", None)
            given = answer if answer is not None else returned
            nothing = given in (None, type(None))
            self.operations.append(
                Operation(
                    method,
                    path,
                    handler,
                    self.tag,
                    status or (204 if nothing else 200),
                    public,
                    tuple(produces),
                    tuple(consumes),
                    hints,
                    query,
                    body if body is not None else raw_body,
                    None if nothing or given is Response else given,
                    short,
                    any_query,
                )
            )
            return handler

        return declare

    def starlette(self, rooms: Rooms, prefix: str) -> list[StarletteRoute]:
        return [
            StarletteRoute(prefix + operation.path, _Endpoint(operation, rooms), methods=[operation.method])
            for operation in self.operations
        ]


class _Endpoint:
    """An operation as an ASGI application: Starlette would wrap a function in three more calls. What it raises is
    answered by the application's table of errors."""

    def __init__(self, operation: Operation, rooms: Rooms) -> None:
        self._operation, self._rooms = operation, rooms
        self._takes_body = "body" in inspect.signature(operation.handler).parameters
        self._asynchronous = inspect.iscoroutinefunction(operation.handler)

    async def __call__(self, scope: Scope_, receive: Receive, send: Send) -> None:
        answer = await self._answer(Request(scope, receive, send))
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        operation, rooms = self._operation, self._rooms
        # from memory nearly always: handing it to a thread would cost more than the look-up it saves
        scope = rooms.doors.stranger(request) if operation.public else rooms.doors.scope(request)
        arguments: dict[str, Any] = {
            name: _path_value(name, request.path_params[name], type_)
            for name, type_ in operation.path_parameters.items()
        }
        if operation.query is not None:
            arguments["query"] = parse_query(request, operation.query)
        elif request.scope["query_string"] and request.query_params and not operation.any_query:
            raise _unknown_parameters(request, ())
        if self._takes_body:
            arguments["body"] = parse_body(await read_body(request, BODY_LIMIT), operation.body)
        async with rooms.turns.reading() if operation.short else nullcontext() as turn:
            presence = Presence(request, rooms.query_seconds, turn)
            call = Call(request, scope, rooms, datetime.now(UTC), presence.patience)
            try:
                if self._asynchronous:
                    result = await operation.handler(call, **arguments)
                else:
                    result = await aside(operation.handler, call, **arguments)
            finally:
                presence.answered()
        if isinstance(result, Response):
            return result
        if result is None:
            return Response(status_code=operation.status)
        return Response(msgspec.json.encode(result), operation.status, media_type=JSON)


class Branches(BaseRoute):
    """Routes under one prefix, looked for among those of the same first word alone. All begin with a word; where two
    match, the first declared answers."""

    def __init__(self, prefix: str, routes: Sequence[StarletteRoute]) -> None:
        self._place = prefix.count("/") + 1
        self._routes: dict[str, list[StarletteRoute]] = {}
        for route in routes:
            word = self._word(route.path)
            assert word and "{" not in word, f"{route.path} begins with no word"
            self._routes.setdefault(word, []).append(route)

    def _word(self, path: str) -> str:
        words = path.split("/", self._place + 1)
        return words[self._place] if len(words) > self._place else ""

    def matches(self, scope: Scope_) -> tuple[Match, Scope_]:
        """The route itself goes in the scope, as the application's own."""
        partial: tuple[Match, Scope_] = Match.NONE, {}
        if scope["type"] != "http":
            return partial
        for route in self._routes.get(self._word(scope["path"]), ()):
            match, found = route.matches(scope)
            if match is Match.FULL or (match is Match.PARTIAL and partial[0] is Match.NONE):
                partial = match, {**found, "route": route}
            if match is Match.FULL:
                break
        return partial

    async def handle(self, scope: Scope_, receive: Receive, send: Send) -> None:
        await scope["route"].handle(scope, receive, send)


async def read_body(request: Request, limit: int) -> bytes:
    """The whole body, refused with 413 as soon as it exceeds `limit` bytes."""
    parts, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit:
            raise HTTPException(413)
        parts.append(chunk)
    return b"".join(parts)


def parse_body(content: bytes, type_: Any) -> Any:
    try:
        return msgspec.json.decode(content, type=type_)
    except msgspec.ValidationError as error:
        raise problems.invalid(error) from error


def parse_query(request: Request, type_: Any) -> Any:
    """The query string as `type_`, each field at fault named. A list comes by repetition or by commas."""
    fields = _fields(type_)
    given: dict[str, list[str]] = {}
    for name, value in parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True):
        given.setdefault(name, []).append(value)
    if unknown := [name for name in given if name not in fields]:
        raise _unknown_parameters(request, unknown, tuple(fields))
    raw = {name: fields[name].raw(texts) for name, texts in given.items()}
    try:
        return msgspec.convert(raw, type_, strict=False)
    except msgspec.ValidationError:
        if faults := _faults(raw, fields):
            raise Invalid.of(faults) from None
        raise


class _Field(NamedTuple):
    type: Any
    is_list: bool
    required: bool

    def raw(self, given: list[str]) -> Any:
        return [part for one in given for part in one.split(",")] if self.is_list else given[-1]


@cache
def _fields(type_: Any) -> dict[str, _Field]:
    return {
        one.encode_name: _Field(one.type, _is_list(one.type), one.required) for one in msgspec.structs.fields(type_)
    }


def _faults(raw: dict[str, Any], fields: dict[str, _Field]) -> list[Fault]:
    """Each field at fault, those given first."""
    faults: list[Fault] = []
    for name, known in fields.items():
        if name in raw:
            try:
                msgspec.convert(raw[name], known.type, strict=False)
            except msgspec.ValidationError as error:
                faults.append(problems.fault_of(error, within=name))
    missing = [name for name, known in fields.items() if known.required and name not in raw]
    text = Text("paramètre obligatoire manquant", "missing required parameter")
    return [*faults, *(Fault(name, text) for name in missing)]


def _unknown_parameters(request: Request, unknown: Sequence[str], known: Sequence[str] = ()) -> Invalid:
    listed = ", ".join(known) or "—"
    return Invalid.of(
        [
            Fault(name, Text(f"paramètre inconnu ; admis : {listed}", f"unknown parameter; allowed: {listed}"))
            for name in (unknown or list(request.query_params))
        ]
    )


def _path_value(name: str, value: str, type_: Any) -> Any:
    try:
        return msgspec.convert(value, type_, strict=False)
    except msgspec.ValidationError as error:
        raise problems.invalid(error, within=name) from error


def _is_list(type_: Any) -> bool:
    if get_origin(type_) is Annotated:
        return _is_list(get_args(type_)[0])
    if get_origin(type_) in (list, tuple, frozenset, set):
        return True
    return get_origin(type_) in (Union, UnionType) and any(_is_list(part) for part in get_args(type_))
