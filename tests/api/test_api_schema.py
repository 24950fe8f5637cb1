"""The schema says all there is to say, of all there is, and another's validator agrees."""

import json
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import jsonschema_rs
import pytest
import urllib3
from django.urls import reverse
from drf_spectacular import validation
from jsonschema import Draft202012Validator

from ledger.api import router
from tests.api.contract import schema

pytestmark = pytest.mark.sqlite  # nothing is asked of the database

OPENAPI_3_1 = json.loads(Path(validation.__file__).with_name("openapi_3_1_schema.json").read_text())


@cache
def operations():
    return [
        (path, method, operation)
        for path, operations in schema()["paths"].items()
        for method, operation in operations.items()
        if method in ("get", "post", "patch", "put", "delete")
    ]


def test_anybody_reads_it_and_it_is_openapi_3_1(client):
    answer = client.get(reverse("schema"), headers={"accept": "application/json"})
    assert answer.status_code == 200
    told = json.loads(answer.content)
    assert told["openapi"].startswith("3.1")
    jsonschema_rs.validate(OPENAPI_3_1, told)
    as_yaml = client.get(reverse("schema"))
    assert as_yaml["Content-Type"].startswith("application/vnd.oai.openapi")
    assert as_yaml.content.startswith(b"openapi: 3.1")


def test_several_who_ask_a_server_that_has_just_started_all_get_it(serve):
    url = f"{serve(workers=1, threads=6).url}/api/schema/"
    with ThreadPoolExecutor(6) as crowd:
        answers = list(crowd.map(lambda _one: urllib3.request("GET", url, retries=False, timeout=300).status, range(6)))
    assert answers == [200] * 6


def test_every_door_and_every_verb_of_it_is_in_the_schema():
    known = {(path.removeprefix("/api/v1/"), method) for path, method, _operation in operations()}
    for prefix, door, _name in router.registry:
        for route in router.get_routes(door):
            for method, _action in router.get_method_map(door, route.mapping).items():
                path = route.url.format(prefix=prefix, lookup="{id}", trailing_slash="/").removeprefix("^").rstrip("$")
                path = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", path)
                assert (path, method) in known, (path, method)


def test_every_operation_has_a_sentence_an_example_and_a_name_of_its_own():
    names = [operation["operationId"] for _path, _method, operation in operations()]
    assert len(names) == len(set(names))
    for path, method, operation in operations():
        where = f"{method} {path}"
        assert operation.get("summary", "").endswith((".", "waits.")), where
        assert operation["description"], where
        for parameter in operation.get("parameters", []):
            assert parameter.get("description") or parameter["in"] == "path", (where, parameter["name"])
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        assert body is None or "example" in body, where
        told = [answer for status, answer in operation["responses"].items() if status.startswith("2")]
        assert told, where
        for answer in told:
            for media, content in answer.get("content", {}).items():
                assert media != "application/json" or "example" in content, where


def test_every_field_has_a_sentence():
    missing = [
        f"{name}.{field}"
        for name, component in schema()["components"]["schemas"].items()
        for field, told in component.get("properties", {}).items()
        if not told.get("description")
    ]
    assert missing == []


def test_every_error_has_its_shape_and_an_example():
    for name, answer in schema()["components"]["responses"].items():
        assert answer["description"], name
        example = answer["content"]["application/problem+json"]["example"]
        _valid(schema()["components"]["schemas"]["Problem"], example, name)
    for path, method, operation in operations():
        assert {"400", "401", "403", "404", "429", "500"} <= set(operation["responses"]), (method, path)


def test_the_examples_are_valid():
    for path, method, operation in operations():
        contents = [operation.get("requestBody", {}).get("content", {})]
        contents += [
            answer.get("content", {}) for status, answer in operation["responses"].items() if status.startswith("2")
        ]
        for content in contents:
            if "application/json" in content:
                told = content["application/json"]
                _valid(told["schema"], told["example"], f"{method} {path}")


def _valid(part, value, where):
    faults = list(Draft202012Validator(part | {"components": schema()["components"]}).iter_errors(value))
    assert not faults, f"{where}: {faults[0].message} in {value}"


def test_no_body_takes_what_it_does_not_know():
    for path, method, operation in operations():
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body:
            name = body["schema"]["$ref"].rsplit("/", 1)[-1]
            assert schema()["components"]["schemas"][name]["additionalProperties"] is False, (method, path)


@pytest.mark.skipif(not shutil.which("java"), reason="openapi-generator needs java, which is not on this machine")
def test_openapi_generator_finds_it_valid(tmp_path):
    file = tmp_path / "schema.json"
    file.write_text(json.dumps(schema(), default=str))
    tool = Path(sys.executable).parent / "openapi-generator-cli"
    done = subprocess.run([tool, "validate", "-i", file], capture_output=True, text=True, stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.browser
def test_the_readable_form_is_all_served_from_here(page):
    page.goto("/api/docs/")
    page.get_by_role("heading", name="Empower").wait_for()
    page.get_by_text("What I may still give to one of its guests, without asking.").first.wait_for()
