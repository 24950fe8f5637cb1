"""People with tokens, and what they say to the API: ``api.maria.post("spends/", {...})``."""

import json
from types import SimpleNamespace
from uuid import uuid4

import pytest

from empower.staff.models import Employee
from empower.staff.services import issue_token
from tests.api.contract import Client


class Caller:
    """One person's token. Every POST carries an Idempotency-Key of its own, unless ``key`` says another (None: none)."""

    def __init__(self, employee, scopes=None):
        self.employee = employee
        _token, secret = issue_token(actor=employee, employee=employee, name="tests", scopes=scopes)
        self.client = Client(HTTP_AUTHORIZATION=f"Bearer {secret}")
        self.client.raise_request_exception = False

    def get(self, path, **query):
        return self.client.get(address(path), query)

    def post(self, path, body=None, *, key="", **headers):
        if key is not None:
            headers["HTTP_IDEMPOTENCY_KEY"] = key or uuid4().hex
        return self.client.post(address(path), body or {}, format="json", **headers)

    def patch(self, path, body, *, etag=None, **headers):
        if etag is not None:
            headers["HTTP_IF_MATCH"] = etag
        return self.client.patch(address(path), body, format="json", **headers)

    def send(self, path, text, content_type="application/json", **headers):
        """A POST of exactly these bytes."""
        headers.setdefault("HTTP_IDEMPOTENCY_KEY", uuid4().hex)
        return self.client.generic("POST", address(path), text, content_type=content_type, **headers)


def address(path):
    return path if path.startswith(("/", "http")) else f"/api/v1/{path}"


def fields(answer):
    """``{field: [codes]}`` of a problem document."""
    assert answer["Content-Type"] == "application/problem+json", answer.content
    found = {}
    for error in answer.json()["errors"]:
        found.setdefault(error["field"], []).append(error["code"])
    return found


class Callers(SimpleNamespace):
    """A caller for each of the cast, made when first asked for; ``api.scene``; ``api.anybody`` has no token."""

    def __init__(self, scene):
        super().__init__(scene=scene, anybody=Client(raise_request_exception=False), json=json)

    def __getattr__(self, name):
        person = getattr(self.scene, name)
        if not isinstance(person, Employee):
            raise AttributeError(name)
        setattr(self, name, Caller(person))
        return getattr(self, name)

    def log(self, caller=None, **facts):
        """An open incident of a new guest at LAX, by the API; its answer's body."""
        facts = {"property": "LAX", "guests": [{"name": "Dr Haddad", "room": "1204"}]} | facts
        answer = (caller or self.maria).post("incidents/", facts)
        assert answer.status_code == 201, answer.content
        return answer.json()

    def give(self, incident, amount, *, caller=None, key="", **wish):
        wish = {
            "incident": incident["id"],
            "guest": incident["guests"][0]["id"],
            "gesture": "meal",
            "amount": amount,
            "currency": "USD",
        } | wish
        return (caller or self.maria).post("spends/", wish, key=key)


@pytest.fixture
def api(scene):
    return Callers(scene)
