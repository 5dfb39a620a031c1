"""Signing in and out, and what concerns oneself: /session, /me."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta
from starlette.requests import Request
from starlette.responses import Response

from beffroi.access import Right, Scope, people, sessions
from beffroi.access.inputs import Email, Key, Limit, Name, Token
from beffroi.access.keys import RightName
from beffroi.access.people import MyChanges, Person
from beffroi.access.sessions import LINK_LIFE, Caller, Opened, Session
from beffroi.api.doors import COOKIE
from beffroi.api.routing import JSON, Call, Routes
from beffroi.database import Page, Transaction
from beffroi.errors import Forbidden, Invalid, Language, Text
from beffroi.registry import structures

routes = Routes("session", "Signing in and out; one's own name, language, password and open sessions.")

Secret = Annotated[str, Meta(min_length=1, max_length=1000)]
WORDS: dict[Right, RightName] = {
    Right.READ: "read",
    Right.EDIT: "edit",
    Right.OPERATE: "operate",
    Right.ADMINISTER: "administer",
}


class SignIn(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Either `email` and `password`, or the `token` of a one-time link."""

    email: Email | None = None
    password: Secret | None = None
    token: Token | None = None


class Who(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Who the credentials stand for. `rights`: by collectivité, from roles; agreements give more. `instance`: whether
    it administers the instance of the `structure`. `session`: the key of the session in use, for a person."""

    kind: Literal["person", "key"]
    key: str
    name: str
    rights: dict[str, RightName]
    instance: bool
    structure: str | None
    email: str | None = None
    language: Language | None = None
    session: str | None = None


class Me(msgspec.Struct, frozen=True):
    """`has_password`: whether the present one is asked before another is chosen."""

    person: Person
    has_password: bool


class MyPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is absent stays. A new `password` goes with the `current` one, except within the hour of a sign-in by link,
    or when there is none yet; it ends every other session."""

    name: Name | None = None
    language: Language | None = None
    password: Secret | None = None
    current: Secret | None = None


class EndedOthers(msgspec.Struct, frozen=True):
    """How many other sessions were."""

    sessions: int


class PageQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    after: str | None = None
    limit: Limit = 100


@routes.post("/session", public=True, answer=Who)
def sign_in(call: Call, body: SignIn) -> Response:
    """Sign in, with a password or a one-time link.

    Sets the cookie `beffroi_session`. Too many failures for an account or from an address make the next wait.
    """
    call.rooms.doors.refuse_foreign(call.request)
    return signed_in(call, _opened(call, body))


@routes.get("/session")
def who(call: Call) -> Who:
    """Who the request's key or session stands for, and with which rights."""
    with call.reading() as tx:
        return _who(call, tx, call.scope, current(call, tx))


@routes.delete("/session", status=204)
def sign_out(call: Call) -> Response:
    """End the session in use."""
    with call.writing() as tx:
        sessions.end(call.scope, tx, _required(current(call, tx)).key, now=call.now)
    answer = Response(status_code=204)
    answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=_is_https(call.request))
    return answer


@routes.get("/me")
def me(call: Call) -> Me:
    """The person signed in."""
    with call.reading() as tx:
        return _me(tx, myself(call))


@routes.patch("/me")
def change_me(call: Call, body: MyPatch) -> Me:
    """Change one's name, language or password."""
    key = myself(call)
    with call.reading() as tx:
        person, used = people.get(tx, key), _required(current(call, tx))
        asked = people.has_password(tx, key) and not _by_fresh_link(call, used)
    hashed = None
    if body.password is not None:
        if asked and body.current is None:
            raise Invalid("current", Text("champ obligatoire manquant", "missing required field"))
        if asked and body.current is not None:
            call.rooms.sign_ins.confirm(person, body.current, caller=caller_of(call.request), now=call.now)
        hashed = call.rooms.sign_ins.passwords.hashed(body.password)
    with call.writing() as tx:
        if hashed is not None:
            people.set_password(call.scope, tx, key, hashed, now=call.now, keep_session=used.key)
        people.change(call.scope, tx, key, MyChanges(body.name, body.language), now=call.now)
        return _me(tx, key)


@routes.get("/me/sessions")
def my_sessions(call: Call, query: PageQuery) -> Page[Session]:
    """Where one is signed in."""
    myself(call)
    with call.reading() as tx:
        return sessions.find(call.scope, tx, now=call.now, after=query.after, limit=query.limit)


@routes.delete("/me/sessions", status=200)
def end_other_sessions(call: Call) -> EndedOthers:
    """End all of one's sessions but the one in use."""
    myself(call)
    with call.writing() as tx:
        return EndedOthers(sessions.end_others(call.scope, tx, _required(current(call, tx)).key, now=call.now))


@routes.delete("/me/sessions/{key}")
def end_session(call: Call, key: Key) -> None:
    """End one of one's sessions; it opens nothing from the next request on."""
    myself(call)
    with call.writing() as tx:
        sessions.end(call.scope, tx, key, now=call.now)


def signed_in(call: Call, opened: Opened, *, status: int = 200) -> Response:
    """Who it is, with the cookie that opens the next requests."""
    scope = call.rooms.doors.keeper.by_session(opened.token, language=call.language, now=call.now)
    with call.reading() as tx:
        content = msgspec.json.encode(_who(call, tx, scope, opened.session))
    answer = Response(content, status, media_type=JSON)
    answer.set_cookie(
        COOKIE,
        opened.token,
        max_age=int(sessions.LIFE.total_seconds()),
        path="/",
        httponly=True,
        samesite="lax",
        secure=_is_https(call.request),
    )
    return answer


def current(call: Call, tx: Transaction) -> Session | None:
    """The session that the request came with; None with a key."""
    if call.scope.actor.kind != "person":
        return None
    return sessions.by_token(tx, call.request.cookies.get(COOKIE, ""))


def caller_of(request: Request) -> Caller:
    return Caller(request.client.host if request.client else "", request.headers.get("user-agent", ""))


def _opened(call: Call, body: SignIn) -> Opened:
    caller = caller_of(call.request)
    match body:
        case SignIn(token=str(token), email=None, password=None):
            return call.rooms.sign_ins.by_link(token, caller=caller, now=call.now)
        case SignIn(token=None, email=str(email), password=str(password)):
            return call.rooms.sign_ins.by_password(email, password, caller=caller, now=call.now)
        case _:
            raise Invalid(
                "body",
                Text(
                    "attendu : «\u00a0email\u00a0» et «\u00a0password\u00a0», ou «\u00a0token\u00a0» seul",
                    "expected: “email” and “password”, or “token” alone",
                ),
            )


def _who(call: Call, tx: Transaction, scope: Scope, used: Session | None) -> Who:
    person = people.get(tx, scope.actor.key) if scope.actor.kind == "person" else None
    return Who(
        kind="key" if person is None else "person",
        key=scope.actor.key,
        name=scope.actor.name if person is None else person.name,
        rights={owner: WORDS[right] for owner, right in sorted(scope.rights.items())},
        instance=scope.instance,
        structure=structures.key(tx),
        email=None if person is None else person.email,
        language=None if person is None else person.language,
        session=None if used is None else used.key,
    )


def _me(tx: Transaction, key: str) -> Me:
    return Me(people.get(tx, key), people.has_password(tx, key))


def myself(call: Call) -> str:
    """The key of the person signed in; an API key is nobody."""
    if call.scope.actor.kind != "person":
        raise Forbidden(
            Text(
                "Réservé aux personnes connectées : une clé d'API n'est personne.",
                "For people signed in: an API key is nobody.",
            )
        )
    return call.scope.actor.key


def _required(used: Session | None) -> Session:
    if used is None:
        raise Forbidden(Text("Aucune session dans cette demande.", "No session in this request."))
    return used


def _by_fresh_link(call: Call, used: Session) -> bool:
    """Who forgot the password came by a link, and has an hour to choose another."""
    return used.opened_by == "link" and call.now < used.created + LINK_LIFE


def _is_https(request: Request) -> bool:
    return request.url.scheme == "https"
