"""The OpenAPI 3.1 document, generated from the declared operations and their types."""

import inspect
import re
from collections.abc import Sequence
from typing import Any

import msgspec

from beffroi import __version__
from beffroi.api.problems import MEDIA_TYPE, Problem
from beffroi.api.routing import JSON, Operation, Routes

TEMPLATE = "#/components/schemas/{name}"
BINARY = {"type": "string", "format": "binary"}


def document(domains: Sequence[Routes], prefix: str) -> dict[str, Any]:
    """The whole description of what `domains` offer under `prefix`, as JSON-ready dictionaries."""
    operations = [operation for routes in domains for operation in routes.operations]
    types = [one for operation in operations for one in (operation.body, operation.answer) if one is not None]
    described = msgspec.json.schema_components([*types, Problem], ref_template=TEMPLATE)
    schemas, components = msgspec.json.decode(msgspec.json.encode(described))  # defaults that are tuples become arrays
    schema_of = {id(type_): schema for type_, schema in zip([*types, Problem], schemas, strict=True)}
    paths: dict[str, dict[str, Any]] = {}
    for operation in operations:
        paths.setdefault(prefix + operation.path, {})[operation.method.lower()] = _operation(operation, schema_of)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Beffroi",
            "version": __version__,
            "summary": "The open platform of a territoire intelligent",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"key": []}, {"session": []}],
        "tags": [{"name": routes.tag, "description": routes.about} for routes in domains],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "key": {"type": "http", "scheme": "bearer", "description": "An API key."},
                "session": {"type": "apiKey", "in": "cookie", "name": "beffroi_session"},
            },
            "responses": {
                "Problem": {
                    "description": "What went wrong, in the reader's language (RFC 9457).",
                    "content": {MEDIA_TYPE: {"schema": TEMPLATE_REF}},
                }
            },
        },
    }


TEMPLATE_REF = {"$ref": "#/components/schemas/Problem"}


def _operation(operation: Operation, schema_of: dict[int, Any]) -> dict[str, Any]:
    summary, _, description = inspect.cleandoc(operation.handler.__doc__ or operation.handler.__name__).partition("\n")
    described: dict[str, Any] = {
        "operationId": operation.name,
        "tags": [operation.tag],
        "summary": summary.strip(),
        "parameters": [*_path_parameters(operation), *_query_parameters(operation)],
        "responses": {
            str(operation.status): _answer(operation, schema_of),
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }
    if description.strip():
        described["description"] = description.strip()
    if operation.public:
        described["security"] = []
    if operation.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {
                media: {"schema": schema_of[id(operation.body)] if _is_described(media) else BINARY}
                for media in operation.consumes
            },
        }
    return described


def _answer(operation: Operation, schema_of: dict[int, Any]) -> dict[str, Any]:
    if operation.status == 204:
        return {"description": "Done."}
    schema = schema_of.get(id(operation.answer), {})
    return {
        "description": "As asked.",
        "content": {
            media: {"schema": schema if _is_json(media) else {"type": "string"}} for media in operation.produces
        },
    }


def _is_described(media: str) -> bool:
    return _is_json(media) or media == "multipart/form-data"


def _is_json(media: str) -> bool:
    return media == JSON or media.endswith("+json")


def _path_parameters(operation: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": _inline(operation.path_parameters.get(name, str)),
        }
        for name in re.findall(r"{(\w+)(?::\w+)?}", operation.path)
    ]


def _query_parameters(operation: Operation) -> list[dict[str, Any]]:
    if operation.query is None:
        return []
    parameters = []
    for field in msgspec.structs.fields(operation.query):
        schema = _inline(field.type)
        described = {"name": field.encode_name, "in": "query", "required": field.required, "schema": schema}
        if "description" in schema:
            described["description"] = schema.pop("description")
        if schema.get("type") == "array" or "array" in str(schema.get("anyOf", "")):
            described |= {"style": "form", "explode": False}
        parameters.append(described)
    return parameters


def _inline(type_: Any) -> dict[str, Any]:
    (schema,), _ = msgspec.json.schema_components([type_], ref_template=TEMPLATE)
    return schema
