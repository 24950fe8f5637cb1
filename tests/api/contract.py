"""The schema as a judge: every answer that the tests of the API get is held against it.

What was asked and answered must be a parameter that its operation names. An answer must have a status that it names, the
media type of that status, and a body that is valid, with every member that is promised and none that is not told of.
"""

import json
import re
from functools import cache
from urllib.parse import parse_qs, urlsplit

from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker
from rest_framework.test import APIClient

from tests.remembered import once_in_a_run


@cache
def schema():
    """The OpenAPI document, as it is served."""
    return once_in_a_run("the schema", _schema)


def _schema():
    return json.loads(json.dumps(SchemaGenerator(api_version="v1").get_schema(request=None, public=True), default=str))


@cache
def _patterns():
    found = []
    for path, operations in schema()["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
        found.append((re.compile(pattern), path, operations))
    # A fixed address before one with an id in the same place.
    return sorted(found, key=lambda one: one[1].count("{"))


def operation_of(method, path):
    """``(path of the schema, operation)``; None where the schema knows no such operation."""
    for pattern, known, operations in _patterns():
        if pattern.fullmatch(path) and method.lower() in operations:
            return known, operations[method.lower()]
    return None


@cache
def _validator(path, method, status, media_type, partial):
    answer = schema()["paths"][path][method]["responses"].get(status)
    assert answer is not None, f"{method.upper()} {path} answers {status}, which the schema does not name"
    if "$ref" in answer:
        answer = schema()["components"]["responses"][answer["$ref"].rsplit("/", 1)[-1]]
    content = answer.get("content", {})
    assert media_type in content, f"{method.upper()} {path} answers {status} as {media_type}, not as {list(content)}"
    if not media_type.endswith(("/json", "+json")):
        return None
    document = {"$ref": "#/root", "root": _closed(content[media_type]["schema"], partial)}
    document["components"] = {
        "schemas": {name: _closed(one, partial) for name, one in schema()["components"]["schemas"].items()}
    }
    return Draft202012Validator(document, format_checker=FormatChecker())


def _closed(node, partial):
    """With nothing beside what is told of, and all of it there unless only some ``fields`` were asked for."""
    if isinstance(node, list):
        return [_closed(one, partial) for one in node]
    if not isinstance(node, dict):
        return node
    found = {name: _closed(one, partial) for name, one in node.items() if name not in ("example", "examples")}
    if "properties" in node:
        found.setdefault("additionalProperties", node.get("additionalProperties", False))
        if not partial and "x-told" in node:
            found["required"] = node["x-told"]
        if partial:
            found.pop("required", None)
    return found


def check(answer):
    """AssertionError where an answer of the API is not what the schema says."""
    request = answer.wsgi_request
    known = operation_of(request.method, request.path)
    if known is None:
        assert answer.status_code in (404, 405), f"{request.method} {request.path} is not in the schema"
        return
    path, operation = known
    if answer.status_code < 300:
        told = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "query"}
        asked = set(request.GET)
        assert asked <= told, f"{request.method} {path} takes {asked - told}, which the schema does not name"
    # Some fields alone are told to who asked for them, and the bare id to who repeats a request about an erased guest.
    replayed = answer.headers.get("Idempotent-Replayed") == "true" and list(answer.json()) == ["id"]
    partial = replayed or "fields" in parse_qs(urlsplit(request.get_full_path()).query)
    media_type = answer["Content-Type"].partition(";")[0]
    validator = _validator(path, request.method.lower(), str(answer.status_code), media_type, partial)
    if validator is None:
        return
    body = answer.json()
    faults = sorted(validator.iter_errors(body), key=lambda fault: list(map(str, fault.absolute_path)))
    told = "\n".join(f"  {'.'.join(map(str, one.absolute_path)) or 'body'}: {one.message}" for one in faults[:5])
    assert not faults, f"{request.method} {request.path} {answer.status_code} is not what the schema says:\n{told}"


class Client(APIClient):
    """REST framework's client; what it is answered under ``/api/v1/`` is held against the schema."""

    def request(self, **options):
        answer = super().request(**options)
        if answer.wsgi_request.path.startswith("/api/v1/"):
            check(answer)
        return answer
