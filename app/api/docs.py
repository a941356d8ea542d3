"""The document as a page for people: the same content, without JavaScript and from nowhere else."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import current_app, render_template, request
from markupsafe import Markup, escape

from app.api import docs_bp
from app.api.document import JSON, document, parts_in

Schema = dict[str, Any]
KINDS = {
    "string": "text",
    "integer": "whole number",
    "boolean": "true or false",
    "object": "object",
    "null": "null",
}


@dataclass(frozen=True)
class Field:
    """`parts` are the names of the shapes that it is made of."""

    name: str
    kind: str
    about: str
    is_required: bool
    parts: list[str]


@dataclass(frozen=True)
class Part:
    name: str
    about: str
    fields: list[Field]
    values: list[str]


@dataclass(frozen=True)
class Entry:
    """An address with a method. `sent` and `answered` are the names of shapes."""

    id: str
    method: str
    path: str
    summary: str
    about: str
    parameters: list[Field]
    sent: list[str]
    answered: list[str]
    answers: list[tuple[str, str]]
    curls: list[str]


@docs_bp.app_template_filter("with_code")
def with_code(text: str) -> Markup:
    """A text of ours, in which what stands between backticks is code."""
    parts = [escape(part) for part in text.split("`")]
    parts[1::2] = [Markup("<code>{}</code>").format(part) for part in parts[1::2]]
    return Markup("").join(parts)


@docs_bp.get("/docs")
def page() -> str:
    made = document()
    return render_template(
        "api/docs.html",
        paragraphs=made["info"]["description"].split("\n\n"),
        entries=list(_entries(made)),
        parts=[_part(name, schema) for name, schema in made["components"]["schemas"].items()],
    )


def _entries(made: Schema) -> Iterator[Entry]:
    for path, methods in made["paths"].items():
        for method, operation in methods.items():
            yield _entry(method.upper(), path, operation)


def _entry(method: str, path: str, operation: Schema) -> Entry:
    body = operation.get("requestBody", {}).get("content", {}).get(JSON, {})
    answers = operation["responses"]
    content = next(iter(answers.values()))["content"][JSON]["schema"]
    return Entry(
        id=operation["operationId"],
        method=method,
        path=path,
        summary=operation["summary"],
        about=operation["description"],
        parameters=[_parameter(one) for one in operation.get("parameters", ())],
        sent=parts_in(body.get("schema", {})),
        answered=parts_in(content),
        answers=[(status, said["description"]) for status, said in answers.items()],
        curls=_curls(method, path, operation, body),
    )


def _parameter(one: Schema) -> Field:
    kind, parts = _kind(one["schema"]), parts_in(one["schema"])
    where = {"path": "in the address", "query": "after the “?”", "header": "header"}[one["in"]]
    about = one.get("description", "")
    return Field(one["name"], f"{kind}, {where}", about, one["required"], parts)


def _part(name: str, schema: Schema) -> Part:
    required = schema.get("required", ())
    fields = [
        Field(field, _kind(one), one.get("description", ""), field in required, parts_in(one))
        for field, one in schema.get("properties", {}).items()
    ]
    values = [str(one) for one in schema.get("enum", ())]
    fields.sort(key=lambda field: not field.is_required)
    return Part(name, schema.get("description", ""), fields, values)


def _kind(schema: Schema) -> str:
    """What a value may be, in words. Shapes are left to their own names."""
    if several := schema.get("oneOf") or schema.get("anyOf"):
        kinds = [kind for kind in map(_kind, several) if kind]
        return " or ".join(dict.fromkeys(kinds))
    if "$ref" in schema:
        return ""
    if "const" in schema:
        return f"“{schema['const']}”"
    if "enum" in schema:
        return "one of " + ", ".join(f"“{one}”" for one in schema["enum"])
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items']) or 'these'}{_bounds(schema, ' in the list')}"
    return f"{KINDS.get(schema.get('type', ''), 'any')}{_bounds(schema)}"


def _bounds(schema: Schema, of_what: str = "") -> str:
    least = schema.get("minimum", schema.get("minItems"))
    most = schema.get("maximum", schema.get("maxItems"))
    told = []
    if least is not None and most is not None:
        told.append(f"{least:,} to {most:,}{of_what}")
    elif most is not None:
        told.append(f"at most {most:,}{of_what}")
    if longest := schema.get("maxLength"):
        told.append(f"at most {longest:,} characters")
    if schema.get("default") not in (None, "", []):
        told.append(f"usually {json.dumps(schema['default'])}")
    return "".join(f", {one}" for one in told)


def _curls(method: str, path: str, operation: Schema, body: Schema) -> list[str]:
    """Commands that can be copied, one for each example of what may be sent."""
    parameters = operation.get("parameters", ())
    for one in parameters:
        if one["in"] == "path":
            path = path.replace(f"{{{one['name']}}}", one["example"])
    lines = [f"curl -X {method} {_host()}{path}" if method != "GET" else f"curl {_host()}{path}"]
    if operation["security"]:
        lines.append('-H "Authorization: Bearer $GIGA_TOKEN"')
    if any(one["in"] == "header" for one in parameters):
        lines.append('-H "Idempotency-Key: $(uuidgen)"')
    if not body:
        return [" \\\n  ".join(lines)]
    lines.append(f"-H 'Content-Type: {JSON}'")
    sent = [one["value"] for one in body.get("examples", {}).values()]
    return [" \\\n  ".join([*lines, f"-d '{_by_lines(one)}'"]) for one in sent]


def _by_lines(example: dict[str, Any]) -> str:
    """As JSON, with a line for each field."""
    fields = (f"    {json.dumps(name)}: {json.dumps(value)}" for name, value in example.items())
    return "{\n" + ",\n".join(fields) + "\n  }"


def _host() -> str:
    return (current_app.config["PUBLIC_URL"] or request.host_url).rstrip("/")
