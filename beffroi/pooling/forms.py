"""Forms of cooperation and what each demands: guidance with its sources, not legal advice."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from beffroi.pooling.programme.plan import Said

PACKAGED = Path(__file__).with_name("forms.toml")
CODES: dict[str, tuple[str, str]] = {
    "CGCT": ("Code général des collectivités territoriales", "LEGITEXT000006070633"),
    "CCP": ("Code de la commande publique", "LEGITEXT000037701019"),
}
"""by their short names, their titles and how Légifrance names them"""


class Article(msgspec.Struct, frozen=True):
    """`url`: of the code on Légifrance, in which the article is to be looked for."""

    code: Literal["CGCT", "CCP"]
    article: str
    title: str = ""
    url: str = ""


class Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`checked`: whether its words were compared with published sources when they were packaged. `legal_person`,
    `transfers`: whether it makes or needs a body of its own, and moves the power."""

    code: str
    name: Said
    what: Said
    suits: Said
    legal_person: bool
    transfers: bool
    deliberation: Said
    duration: Said
    exit: Said
    note: Said | None = None
    checked: bool
    sources: list[Article]


@cache
def forms() -> tuple[Form, ...]:
    """In the order in which they are told."""
    listed = tomllib.loads(PACKAGED.read_text("utf-8"))["form"]
    return tuple(_with_addresses(msgspec.convert(one, Form)) for one in listed)


def _with_addresses(form: Form) -> Form:
    sources = []
    for one in form.sources:
        title, text = CODES[one.code]
        url = f"https://www.legifrance.gouv.fr/codes/texte_lc/{text}/"
        sources.append(Article(one.code, one.article, title, url))
    return msgspec.structs.replace(form, sources=sources)
