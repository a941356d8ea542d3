"""The OpenAPI 3.1 document. It is made of the addresses and of the classes that check and answer calls."""

import json
import re
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from flask import Response, current_app
from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from werkzeug.routing import Rule

from app.api import bp, repeating, shapes, tasks_bp
from app.api.endpoint import Endpoint, endpoint
from app.api.problems import DETAILS, MEDIA_TYPE
from app.models import Scope

REFERENCE = "#/components/schemas/{model}"
JSON = "application/json"
ABOUT = """Giga Tools changes many Zendesk tickets at once. What you want done is a job: its plan is made first, and \
says of each ticket what will become of it. You look at the plan, and then start it by its digest.

Every call carries a personal access token, which is made on the page “Access tokens” of one's account or with \
`flask tokens create`. It has the rights of the person whose it is. Errors are `application/problem+json`, and name \
the field."""
EXAMPLE_JOB = "6f2b1f7e-5b5c-4b60-9a53-0f0c8a1f8f4e"
METHODS = ("GET", "POST")
OF_PROGRAMS = (f"{bp.name}.", f"{tasks_bp.name}.")
Schema = dict[str, Any]


class _AsWritten(GenerateJsonSchema):
    """With the examples in the order in which people would say them."""

    def sort(self, value: Any, parent_key: str | None = None) -> Any:
        return value


# What any call with a token may be answered.
USUAL = (400, 401, 403, 422, 429, 500)
OF_BODIES = (413, 415)


@bp.get("/openapi.json")
@endpoint("This document", answer=dict[str, Any], scope=None)
def openapi() -> Response:
    """What you are reading, for programs. It can be had without a token."""
    return Response(json.dumps(document()), mimetype=JSON)


def document() -> Schema:
    """Made once for each app."""
    kept = current_app.extensions.setdefault("api_document", {})
    if not kept:
        kept |= _made()
    return kept


def endpoints() -> Iterator[tuple[str, str, Endpoint]]:
    """(method, path, what is there), by path."""
    rules = [
        rule for rule in current_app.url_map.iter_rules() if rule.endpoint.startswith(OF_PROGRAMS)
    ]
    for rule in sorted(rules, key=_place_of):
        for method in METHODS:
            if method in (rule.methods or ()):
                yield method.lower(), _path_of(rule), _endpoint_of(rule)


def _place_of(rule: Rule) -> tuple[str, bool]:
    return rule.rule, "GET" in (rule.methods or ())


def _endpoint_of(rule: Rule) -> Endpoint:
    return current_app.view_functions[rule.endpoint].endpoint  # type: ignore[attr-defined]


def _path_of(rule: Rule) -> str:
    return re.sub(r"<\w+:(\w+)>", r"{\1}", rule.rule)


def _made() -> Schema:
    found = list(endpoints())
    schemas, components = _schemas(found)
    paths: dict[str, Schema] = {}
    for method, path, here in found:
        operation = _operation(method, path, here, schemas, components)
        paths.setdefault(path, {})[method] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Giga Tools", "version": "1", "description": ABOUT},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


Key = tuple[str, str]
Schemas = dict[Key, Schema]


def _schemas(found: list[tuple[str, str, Endpoint]]) -> tuple[Schemas, Schema]:
    """The schemas of all that is sent and answered, and the parts that they share, by name."""
    wanted: list[tuple[Key, JsonSchemaMode, TypeAdapter[Any]]] = [
        (("", "problem"), "serialization", TypeAdapter(shapes.Problem))
    ]
    for method, path, here in found:
        name = f"{method} {path}"
        wanted.append(((name, "answer"), "serialization", TypeAdapter(here.answer)))
        if here.body is not None:
            wanted.append(((name, "body"), "validation", here.body()))
        if here.query is not None:
            wanted.append(((name, "query"), "validation", TypeAdapter(here.query)))
    made, shared = TypeAdapter.json_schemas(
        wanted, ref_template=REFERENCE, schema_generator=_AsWritten
    )
    components = _plain(shared["$defs"])
    schemas = {key: _plain(made[key, mode]) for key, mode, _ in wanted}
    for key in schemas:
        if key[1] == "query":  # what an address may carry is told one by one, and is no shape
            schemas[key] = components.pop(parts_in(schemas[key])[0])
    return schemas, components


def parts_in(schema: Any) -> list[str]:
    """The names of the shapes that a schema is made of, each once."""
    if isinstance(schema, list):
        found = [name for one in schema for name in parts_in(one)]
    elif isinstance(schema, dict):
        own = [schema["$ref"].rpartition("/")[2]] if "$ref" in schema else []
        inner = (value for name, value in schema.items() if name != "discriminator")
        found = own + [name for value in inner for name in parts_in(value)]
    else:
        found = []
    return list(dict.fromkeys(found))


def _plain(schema: Any) -> Any:
    """Without what only some kinds of unions may say of themselves: a mapping names one schema for each value."""
    if isinstance(schema, list):
        return [_plain(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    mapping = schema.get("discriminator", {})
    mapping = mapping.get("mapping", {}) if isinstance(mapping, dict) else {}
    is_nested = any(not isinstance(one, str) for one in mapping.values())
    left_out = {"discriminator"} if is_nested else set()
    return {name: _plain(value) for name, value in schema.items() if name not in left_out}


def _operation(
    method: str, path: str, here: Endpoint, schemas: Schemas, components: Schema
) -> Schema:
    name = f"{method} {path}"
    operation: Schema = {
        "operationId": _operation_id(method, path),
        "summary": here.summary,
        "description": here.about,
        "security": [{"token": []}] if here.scope else [],
        "responses": _answers(here, schemas[name, "answer"], takes_id="{" in path),
    }
    if parameters := [
        *_of_path(path),
        *_of_query(schemas.get((name, "query"), {})),
        *_of_header(here),
    ]:
        operation["parameters"] = parameters
    if here.body is not None:
        operation["requestBody"] = _body(schemas[name, "body"], components)
    return operation


def _operation_id(method: str, path: str) -> str:
    words = [
        word
        for word in re.split(r"\W+", path.removeprefix("/api/").removeprefix("v1/"))
        if word and word != "job_id"
    ]
    return "_".join([method, *words, *(["one"] if path.endswith("}") else [])])


def _of_path(path: str) -> Iterator[Schema]:
    for name in re.findall(r"{(\w+)}", path):
        schema = {"type": "string", "format": "uuid"}
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": "The id of the job.",
            "schema": schema,
            "example": EXAMPLE_JOB,
        }


def _of_query(schema: Schema) -> Iterator[Schema]:
    for name, described in schema.get("properties", {}).items():
        described = _without_null(described)
        about = described.pop("description", "")
        described.pop("title", None)
        parameter = {"name": name, "in": "query", "required": False, "schema": described}
        yield parameter | ({"description": about} if about else {})


def _without_null(schema: Schema) -> Schema:
    """A parameter is there or is not: none is null."""
    kinds = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    rest = {name: value for name, value in schema.items() if name not in ("anyOf", "default")}
    if len(kinds) == 1:
        return rest | kinds[0]
    default = {"default": schema["default"]} if schema.get("default") is not None else {}
    return rest | default


def _of_header(here: Endpoint) -> Iterator[Schema]:
    if here.repeatable:
        yield {
            "name": repeating.HEADER,
            "in": "header",
            "required": False,
            "description": (
                "A key of your own, best a random one. Within a day, the same call with the same key is done once and "
                "answered alike; with other content the key is refused."
            ),
            "schema": {"type": "string", "pattern": repeating.PATTERN},
        }


def _body(schema: Schema, components: Schema) -> Schema:
    examples = {
        name: {"summary": components[name]["description"], "value": example}
        for name in parts_in(schema)
        for example in components[name].get("examples", ())
    }
    content = {"schema": schema} | ({"examples": examples} if examples else {})
    return {"required": True, "content": {JSON: content}}


def _answers(here: Endpoint, schema: Schema, *, takes_id: bool) -> dict[str, Schema]:
    content = {"description": HTTPStatus(here.status).phrase, "content": {JSON: {"schema": schema}}}
    if headers := _headers(here):
        content["headers"] = headers
    answers: dict[str, Schema] = {str(here.status): content}
    usual = USUAL if here.scope else (400, 422, 500)
    of_body = OF_BODIES if here.body else (413,) if here.scope is Scope.WRITE else ()
    also = (409,) if here.repeatable else ()
    for status in sorted({*usual, *of_body, *here.problems, *also}):
        answers[str(status)] = _problem(status)
    return answers


def _headers(here: Endpoint) -> Schema:
    text, number = {"schema": {"type": "string"}}, {"schema": {"type": "integer"}}
    headers: Schema = {}
    if here.scope:
        names = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
        headers |= dict.fromkeys(names, number)
    if here.status == 201:
        headers["Location"] = text | {"description": "Where the job is.", "required": True}
    if here.repeatable:
        headers[repeating.REPLAYED] = text | {"description": "`true`: it was done before."}
    return headers


def _problem(status: int) -> Schema:
    problem = {"$ref": REFERENCE.format(model="Problem")}
    said: Schema = {"description": DETAILS.get(status, HTTPStatus(status).phrase)}
    said["content"] = {MEDIA_TYPE: {"schema": problem}}
    if status == 401:
        said["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}}
    if status == 429:
        said["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "required": True}}
    return said
