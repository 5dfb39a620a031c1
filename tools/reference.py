"""The generated reference: `python tools/reference.py` writes what a test then compares."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec
import typer
from typer.main import get_command

from beffroi.api.application import describe
from beffroi.api.problems import OTHERS, TABLE
from beffroi.cli import app
from beffroi.pooling.groups.question import Question
from beffroi.pooling.programme.model import Programme
from beffroi.settings import Settings

ROOT = Path(__file__).parent.parent


def pages() -> dict[Path, str]:
    """What each generated file must hold."""
    return {
        ROOT / "docs/reference/settings.md": settings(),
        ROOT / "docs/reference/commands.md": commands(),
        ROOT / "docs/reference/errors.md": errors(),
        ROOT / "docs/reference/programme.schema.json": schema(Programme),
        ROOT / "docs/reference/groups.schema.json": schema(Question),
        ROOT / "console/openapi.json": json.dumps(describe(), indent=2, ensure_ascii=False) + "\n",
    }


def schema(file: type) -> str:
    """Of a file that a command reads (JSON Schema 2020-12)."""
    found = {"$schema": "https://json-schema.org/draft/2020-12/schema", **msgspec.json.schema(file)}
    return json.dumps(_as_people_write(found), indent=2, ensure_ascii=False) + "\n"


def _as_people_write(schema: Any) -> Any:
    """A decimal may be a number as well as text."""
    if isinstance(schema, list):
        return [_as_people_write(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _as_people_write(one) for name, one in schema.items()}
    return {**found, "type": ["number", "string"]} if found.get("format") == "decimal" else found


def settings() -> str:
    rows = "\n".join(
        f"| `BEFFROI_{one.name.upper()}` | `{one.name}` | {f'`{one.default}`' if one.default else '—'} | "
        f"{one.metadata['explained']} |"
        for one in fields(Settings)
    )
    return f"""# Settings

A value is looked for in the environment, then in `beffroi.toml` in the data folder, then here. `beffroi settings`
prints those in force.

| in the environment | in `beffroi.toml` | when not set | what it is |
|---|---|---|---|
{rows}
"""


def commands() -> str:
    root = get_command(app)
    assert isinstance(root, typer.core.TyperGroup)
    parts = ["# Commands\n\n`beffroi COMMAND --help` says the same.\n"]
    for name, command in sorted(root.commands.items()):
        subcommands = getattr(command, "commands", None)
        if subcommands is None:
            parts.append(_command(f"beffroi {name}", command))
        else:
            parts.extend(_command(f"beffroi {name} {word}", one) for word, one in sorted(subcommands.items()))
    return "\n".join(parts)


def _command(name: str, command: typer.core.TyperCommand) -> str:
    rows = []
    for one in command.params:
        label = ", ".join(one.opts) if one.param_type_name == "option" else (one.name or "").upper()
        needed = " (required)" if one.required else ""
        rows.append(f"| `{label}`{needed} | {getattr(one, 'help', None) or ''} |")
    table = "\n| | |\n|---|---|\n" + "\n".join(rows) + "\n" if rows else ""
    return f"## `{name}`\n\n{command.help}\n{table}"


def errors() -> str:
    rows = [(row.status, row.slug, row.title.en, row.explained.en) for row in TABLE.values()]
    rows += [(status, slug, title.en, "") for status, (slug, title) in OTHERS.items() if status != 404]
    table = "\n".join(f"| {status} | `{slug}` | {title} | {about} |" for status, slug, title, about in sorted(rows))
    return f"""# Errors

Every error is a problem (RFC 9457, `application/problem+json`), in French or English by `Accept-Language`:

```json
{{
  "type": "/api/v1/docs#problem-invalid",
  "title": "Invalid request",
  "status": 422,
  "detail": "unknown parameter; allowed: after, limit",
  "instance": "/api/v1/assets",
  "errors": [{{"field": "colour", "detail": "unknown parameter; allowed: after, limit"}}]
}}
```

`errors` names each field at fault: a parameter, a JSON path (`geometry.coordinates[0]`), a row and column.

| status | type | title | what it means |
|---|---|---|---|
{table}
"""


if __name__ == "__main__":
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
