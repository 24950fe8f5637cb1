"""What every operation has in common, added once the doors have been read: errors, sentences, examples, closed bodies."""

from copy import deepcopy

from jsonschema import Draft202012Validator

from empower import problems

from . import reports
from .drawing import AMOUNT, ID
from .words import CODES, FIELDS, PROBLEM_FIELDS

METHODS = ("get", "post", "patch", "put", "delete")

#: Which errors an operation can answer with, beside those of all.
_ALWAYS = (400, 401, 403, 404, 405, 406, 414, 429, 431, 500, 503)
_OF_WRITES = (409, 411, 413, 415, 422)
_OF_CHANGES = (412, 428)


def finish(result, generator, request, public):
    """drf-spectacular's last hook; answers ``result`` with all of that in it."""
    parts = result.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    schemas |= {"Problem": _problem()} | deepcopy(reports.COMPONENTS)
    parts["responses"] = {_name_of(status): _answer(status) for status in (*_ALWAYS, *_OF_WRITES, *_OF_CHANGES)}
    for path, operations in result["paths"].items():
        for method, operation in operations.items():
            if method in METHODS and path.startswith("/api/v1/"):
                _with_errors(operation, method)
                _with_headers(operation, method)
    for name in _reached(result, schemas, "requestBody"):
        if schemas[name].get("type") == "object":
            schemas[name]["additionalProperties"] = False
    for name, schema in schemas.items():
        if name.startswith("Paginated"):
            for end in ("next", "previous"):
                schema["properties"][end] = {"type": ["string", "null"], "format": "uri"}
            schema["required"] = ["next", "previous", "results"]
        _with_sentences(name, schema)
    _with_partial_answers(result, schemas)
    _with_links(result["paths"])
    for operations in result["paths"].values():
        for method, operation in operations.items():
            if method in METHODS:
                _with_files(operation)
                _with_examples(operation, schemas)
    return result


# --- errors -------------------------------------------------------------------------------------------------------


def _name_of(status):
    return "".join(word.capitalize() for word in problems.KINDS[status][0].split("-"))


def _problem():
    fault = {
        "type": "object",
        "properties": {
            "field": {"type": ["string", "null"], "description": PROBLEM_FIELDS["field"], "examples": ["amount"]},
            "code": {"type": "string", "description": PROBLEM_FIELDS["error_code"], "examples": ["too_many_decimals"]},
            "message": {
                "type": "string", "description": PROBLEM_FIELDS["message"], "examples": ["At most 2 decimals."],
            },
        },
        "required": ["field", "code", "message"],
    }  # fmt: skip
    types = [f"/problems/{kind}" for kind, _title in problems.KINDS.values()]
    texts = {name: {"type": "string"} for name in ("title", "detail", "code", "request_id")}
    told = {
        "type": {"type": "string", "enum": types},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "errors": {"type": "array", "items": fault},
        "state": {"type": "object", "additionalProperties": True},
        **texts,
    }
    return {
        "type": "object",
        "description": "An error, as RFC 9457 tells it. Every error under /api/ is one.",
        "properties": {name: schema | {"description": PROBLEM_FIELDS[name]} for name, schema in told.items()},
        "required": ["type", "title", "status", "detail", "code", "errors"],
    }


def _answer(status):
    code, detail, errors = CODES[status]
    told = problems.document(status, code, detail, errors=[problems.error(*one) for one in errors])
    if status == 500:
        told["request_id"] = "6f1b6a1fd0f24c3f8f0a5d3d1f1c9b52"
    answer = {
        "description": f"{problems.KINDS[status][1]}. For instance `{code}`: {detail}",
        "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "example": told}},
    }
    headers = {}
    if status in (429, 503, 409):
        headers["Retry-After"] = {
            "schema": {"type": "string", "pattern": "^[0-9]+$"},
            "description": "The seconds after which it is worth asking again"
            + (", where it is." if status == 409 else "."),
        }
    if status == 401:
        headers["WWW-Authenticate"] = {"schema": {"type": "string"}, "description": "`Bearer`, and what was wrong."}
    return answer | ({"headers": headers} if headers else {})


def _with_errors(operation, method):
    statuses = set(_ALWAYS)
    if method != "get":
        statuses.update(_OF_WRITES)
    if method == "patch":
        statuses.update(_OF_CHANGES)
    if operation["operationId"].startswith("audit_proofs_"):
        statuses.add(409)  # not_sealed: the one thing that can be asked for too early
    for status in sorted(statuses):
        operation["responses"].setdefault(str(status), {"$ref": f"#/components/responses/{_name_of(status)}"})
    for status, answer in operation["responses"].items():
        if not answer.get("description") and "$ref" not in answer:
            answer["description"] = {"201": "It was made.", "200": "As asked."}.get(status, "Done.")


def _with_headers(operation, method):
    for status, answer in operation["responses"].items():
        if status not in ("200", "201") or method == "get":
            continue
        headers = answer.setdefault("headers", {})
        headers["Idempotent-Replayed"] = {
            "schema": {"type": "string", "enum": ["true"]},
            "description": "There when this answer was given before: nothing was done again. Where a guest was erased "
            "since, the body is the `id` alone.",
        }
        if status == "201":
            headers["Location"] = {"schema": {"type": "string"}, "description": "Where the new row is read."}


# --- bodies and answers -------------------------------------------------------------------------------------------


def _refs(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"].rsplit("/", 1)[-1]
        for value in node.values():
            yield from _refs(value)
    elif isinstance(node, list):
        for value in node:
            yield from _refs(value)


def _reached(result, schemas, part):
    """The components that this part of any operation refers to, directly or not."""
    waiting = [
        name
        for operations in result["paths"].values()
        for operation in operations.values()
        if isinstance(operation, dict)
        for name in _refs(operation.get(part, {}))
    ]
    found = set()
    while waiting:
        name = waiting.pop()
        if name in schemas and name not in found:
            found.add(name)
            waiting += _refs(schemas[name])
    return found


def _with_sentences(name, schema):
    name = name.removeprefix("Patched")
    for field, told in schema.get("properties", {}).items():
        said = FIELDS.get(f"{name}.{field}") or FIELDS.get(field)
        if said is None:
            continue
        sentence, example = said
        if "$ref" in told:
            told = schema["properties"][field] = {"allOf": [told]} if set(told) == {"$ref"} else told
        told.setdefault("description", sentence)
        if "examples" not in told and _fits(told, example):
            told["examples"] = [example]


def _fits(told, example):
    """Whether the example of a field's name is one of the field; what refers to a component is made of that one's own."""
    if "$ref" in str(told):
        return isinstance(example, list) and told.get("type") == "array"
    return bool({"type", "enum"} & set(told)) and Draft202012Validator(told).is_valid(example)


def _with_partial_answers(result, schemas):
    """Whoever asks for some ``fields`` gets only those: the row's schema can't require any. What is told otherwise stands
    under ``x-told``.
    """
    for operations in result["paths"].values():
        operation = operations.get("get")
        if not operation or not any(one.get("name") == "fields" for one in operation.get("parameters", ())):
            continue
        answer = operation["responses"]["200"].get("content", {}).get("application/json", {}).get("schema", {})
        for name in _refs(answer):
            rows = schemas[name]
            items = rows.get("properties", {}).get("results", {}).get("items", {})
            row = schemas[items["$ref"].rsplit("/", 1)[-1]] if "$ref" in items else rows
            if "required" in row:
                row["x-told"] = row.pop("required")


def _with_links(paths):
    """What one answer is good for next: the id of a row, in all that is done with such a row."""
    for path, operations in paths.items():
        beneath = {known: of for known, of in paths.items() if known.startswith(f"{path}{{id}}/")}
        for method, status, where in (("post", "201", "/id"), ("get", "200", "/results/0/id")):
            answer = operations.get(method, {}).get("responses", {}).get(status)
            if answer is None or not path.startswith("/api/v1/"):
                continue
            links = {
                operation["operationId"]: {
                    "operationId": operation["operationId"],
                    "parameters": {"id": f"$response.body#{where}"},
                    "description": operation["summary"],
                }
                for of in beneath.values()
                for verb, operation in of.items()
                if verb in METHODS and [one["name"] for one in operation["parameters"] if one["in"] == "path"] == ["id"]
            }
            if links:
                answer["links"] = links
    made = paths["/api/v1/spends/"]["post"]["responses"]["201"]
    for verb in ("approve", "decline", "ask"):
        made["links"][f"approvals_{verb}"] = {
            "operationId": f"approvals_{verb}",
            "parameters": {"id": "$response.body#/approval/id"},
            "description": "Answer it, where it had to be asked.",
        }


def _with_files(operation):
    """What is no JSON is a file: its form is told by its media type."""
    for parameter in operation.get("parameters", ()):
        if parameter["name"] == "page_size":
            parameter["schema"] = {"type": "integer", "minimum": 1, "maximum": 999_999_999, "default": 50}
    for status, answer in operation["responses"].items():
        for media, content in answer.get("content", {}).items() if status < "300" else ():
            if "json" not in media or media.endswith("ndjson"):
                binary = {} if media in ("text/csv", "application/x-ndjson") else {"format": "binary"}
                content["schema"] = {"type": "string"} | binary


# --- examples -----------------------------------------------------------------------------------------------------


_BY_FORMAT = {"date-time": "2026-11-21T22:51:10Z", "date": "2026-11-21", "uri": "https://example.com/api/v1/"}
_BY_PATTERN = {ID["pattern"]: "1042", AMOUNT["pattern"]: "150.00"}


def example_of(schema, schemas, seen=()):
    """A value made of the examples of its members; it is valid wherever they are."""
    if "$ref" in schema:
        name = schema["$ref"].rsplit("/", 1)[-1]
        return None if name in seen else example_of(schemas[name], schemas, (*seen, name))
    if "example" in schema:
        return deepcopy(schema["example"])
    if schema.get("examples"):
        return deepcopy(schema["examples"][0])
    for word in ("allOf", "anyOf", "oneOf"):
        if word in schema:
            return example_of(schema[word][0], schemas, seen)
    if "enum" in schema:
        return schema["enum"][0]
    if "const" in schema:
        return schema["const"]
    if schema.get("format") in _BY_FORMAT or schema.get("pattern") in _BY_PATTERN:
        return _BY_FORMAT.get(schema.get("format")) or _BY_PATTERN[schema["pattern"]]
    kinds = schema.get("type", "object")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if kind == "object":
        return {name: example_of(one, schemas, seen) for name, one in schema.get("properties", {}).items()}
    if kind == "array":
        inside = example_of(schema.get("items", {}), schemas, seen)
        return [] if inside is None else [inside]
    return {"string": "text", "integer": 1, "number": 0.5, "boolean": True}.get(kind)


def _with_examples(operation, schemas):
    for content in (
        operation.get("requestBody", {}).get("content", {}),
        *(answer.get("content", {}) for status, answer in operation.get("responses", {}).items() if status < "300"),
    ):
        for media, told in content.items():
            if media == "application/json" and "example" not in told and "examples" not in told:
                told["example"] = example_of(told.get("schema", {}), schemas)
