"""The readable reference at `/api/v1/docs`: plain HTML made from the OpenAPI document, nothing from outside."""

from collections.abc import Callable
from functools import cache
from html import escape
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from beffroi.api.problems import OTHERS, TABLE, language_of
from beffroi.errors import Language

STYLE = """
:root { color-scheme: light dark; --line: light-dark(#d5d9de, #3a4149); --soft: light-dark(#f3f5f7, #1c2126);
  --link: light-dark(#1d4f91, #8db8f2); }
* { box-sizing: border-box }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 70rem; padding: 1rem }
a { color: var(--link) } :target { outline: 3px solid var(--link); outline-offset: 4px }
nav ul { columns: 16rem; padding-left: 1.2rem }
section { border-top: 1px solid var(--line); padding: .5rem 0 1rem }
h3 { font-size: 1.05rem; overflow-wrap: anywhere } h3 code { background: var(--soft); padding: .15rem .4rem }
.scroll { overflow-x: auto } table { border-collapse: collapse }
th, td { border: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top }
code { font-family: ui-monospace, monospace; font-size: .92em }
"""

WORDS: dict[Language, dict[str, str]] = {
    "fr": {
        "title": "Référence de l'interface de programmation",
        "lead": "Chaque adresse demande une clé (<code>Authorization: Bearer clé</code>) "
        "ou une session, sauf mention «&nbsp;public&nbsp;».",
        "parameters": "Paramètres",
        "name": "Nom",
        "type": "Type",
        "about": "Explication",
        "body": "Envoi",
        "answer": "Réponse",
        "problems": "Les erreurs",
        "schemas": "Les objets",
        "required": "obligatoire",
        "public": "public",
        "machine": "Description OpenAPI 3.1",
    },
    "en": {
        "title": "Programming interface reference",
        "lead": "Each address asks for a key (<code>Authorization: Bearer key</code>) "
        "or a session, unless marked “public”.",
        "parameters": "Parameters",
        "name": "Name",
        "type": "Type",
        "about": "Explanation",
        "body": "Request body",
        "answer": "Answer",
        "problems": "Errors",
        "schemas": "Objects",
        "required": "required",
        "public": "public",
        "machine": "OpenAPI 3.1 description",
    },
}


def docs_page(describe: Callable[[], dict[str, Any]], prefix: str) -> list[Route]:
    """The page in both languages (by `Accept-Language`), written when first asked for, and its style sheet."""

    @cache
    def written(language: Language) -> str:
        return _page(describe(), prefix, language)

    def page(request: Request) -> Response:
        return HTMLResponse(written(language_of(request)), headers={"Vary": "Accept-Language"})

    async def style(request: Request) -> Response:
        return Response(STYLE, media_type="text/css")

    return [Route(f"{prefix}/docs", page), Route(f"{prefix}/docs.css", style)]


def _page(described: dict[str, Any], prefix: str, language: Language) -> str:
    words = WORDS[language]
    by_tag: dict[str, list[str]] = {tag["name"]: [] for tag in described["tags"]}
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            by_tag[operation["tags"][0]].append(_operation(path, method, operation, words))
    abouts = {tag["name"]: tag["description"] for tag in described["tags"]}
    contents = "".join(f'<li><a href="#tag-{tag}">{tag}</a></li>' for tag in by_tag)
    sections = "".join(
        f'<h2 id="tag-{tag}">{tag}</h2><p>{escape(abouts[tag])}</p>{"".join(operations)}'
        for tag, operations in by_tag.items()
    )
    schemas = "".join(_schema(name, schema, words) for name, schema in described["components"]["schemas"].items())
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>Beffroi — {words["title"]}</title>'
        f'<link rel="stylesheet" href="{prefix}/docs.css">'
        f"<header><h1>Beffroi — {words['title']}</h1><p>{words['lead']}</p>"
        f'<p><a href="{prefix}/openapi.json">{words["machine"]}</a></p></header>'
        f'<nav><ul>{contents}<li><a href="#problems">{words["problems"]}</a></li>'
        f'<li><a href="#schemas">{words["schemas"]}</a></li></ul></nav>'
        f'<main>{sections}<h2 id="problems">{words["problems"]}</h2>{_problems(language)}'
        f'<h2 id="schemas">{words["schemas"]}</h2>{schemas}</main></html>'
    )


def _operation(path: str, method: str, operation: dict[str, Any], words: dict[str, str]) -> str:
    public = f" <em>{words['public']}</em>" if operation.get("security") == [] else ""
    text = "".join(f"<p>{escape(part)}</p>" for part in operation.get("description", "").split("\n\n") if part)
    rows = "".join(
        f"<tr><td><code>{escape(one['name'])}</code>{' *' if one['required'] else ''}</td>"
        f"<td>{_type(one['schema'])}</td><td>{escape(one.get('description', ''))}</td></tr>"
        for one in operation["parameters"]
    )
    table = (
        f'<div class="scroll" tabindex="0" role="region" aria-label="{words["parameters"]}"><table>'
        f'<thead><tr><th scope="col">{words["name"]}</th>'
        f'<th scope="col">{words["type"]}</th><th scope="col">{words["about"]}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
        if rows
        else ""
    )
    body = _content(words["body"], operation.get("requestBody", {}).get("content", {}))
    answer = "".join(
        _content(f"{words['answer']} {status}", response.get("content", {}))
        for status, response in operation["responses"].items()
        if status != "default"
    )
    return (
        f'<section id="{operation["operationId"]}"><h3><code>{method.upper()} {escape(path)}</code>{public}</h3>'
        f"<p>{escape(operation['summary'])}</p>{text}{table}{body}{answer}</section>"
    )


def _content(label: str, content: dict[str, Any]) -> str:
    if not content:
        return ""
    kinds = ", ".join(f"<code>{escape(media)}</code>" for media in content)
    shape = next((_type(one["schema"]) for one in content.values() if one["schema"]), "")
    return f"<p>{label} : {kinds} {shape}</p>"


def _type(schema: dict[str, Any]) -> str:
    """A schema in a few words, its named parts as links."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f'<a href="#schema-{name}">{escape(name)}</a>'
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(one))}</code>" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]" if isinstance(schema.get("items"), dict) else "[…]"
    if isinstance(schema.get("additionalProperties"), dict):
        return f"{{… : {_type(schema['additionalProperties'])}}}"
    return escape(" ".join(str(schema[key]) for key in ("type", "format", "pattern") if key in schema))


def _schema(name: str, schema: dict[str, Any], words: dict[str, str]) -> str:
    required = set(schema.get("required", ()))
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code>{' *' if field in required else ''}</td><td>{_type(one)}</td>"
        f"<td>{escape(one.get('description', ''))}</td></tr>"
        for field, one in schema.get("properties", {}).items()
    )
    about = f"<p>{escape(schema['description'])}</p>" if "description" in schema else ""
    return (
        f'<section id="schema-{name}"><h3><code>{escape(name)}</code></h3>{about}'
        f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(name)}">'
        f"<table><tbody>{rows}</tbody></table></div></section>"
    )


def _problems(language: Language) -> str:
    rows = [
        (row.slug, row.status, row.title.said(language), row.explained.said(language)) for row in TABLE.values()
    ] + [(slug, status, title.said(language), "") for status, (slug, title) in OTHERS.items() if status != 404]
    return "".join(
        f'<section id="problem-{slug}"><h3><code>{status}</code> {escape(title)}</h3><p>{escape(about)}</p></section>'
        for slug, status, title, about in rows
    )
