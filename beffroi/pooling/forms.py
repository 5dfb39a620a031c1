"""Forms of cooperation and what each demands: guidance with its sources, not legal advice."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from beffroi.pooling.programme.plan import Said

PACKAGED = Path(__file__).with_name("forms.toml")
ARTICLE = "https://www.legifrance.gouv.fr/search/code?tab_selection=code&searchField=NUM_ARTICLE&query={}"
"""the article in force, of whichever code has one so numbered"""
TEXTS: dict[str, tuple[str, str]] = {
    "CGCT": ("Code général des collectivités territoriales", ARTICLE),
    "CCP": ("Code de la commande publique", ARTICLE),
    "CT": ("Code du travail", ARTICLE),
    "GIP": (
        "Loi n° 2011-525 du 17 mai 2011, chapitre II",
        "https://www.legifrance.gouv.fr/loda/id/JORFTEXT000024021430",
    ),
}
"""by their short names, their titles and how Légifrance is asked for an article"""


class Article(msgspec.Struct, frozen=True):
    """`url`: of the article in force, on Légifrance."""

    code: Literal["CGCT", "CCP", "CT", "GIP"]
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
        title, address = TEXTS[one.code]
        sources.append(Article(one.code, one.article, title, address.format(one.article)))
    return msgspec.structs.replace(form, sources=sources)
