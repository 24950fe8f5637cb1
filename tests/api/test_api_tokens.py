"""Tokens by the API: told without their secrets, made once, taken back; and what a refusal says to a client."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from empower import clock
from empower.audit.models import AuditEvent
from empower.staff.models import ApiToken, IdempotencyKey
from empower.staff.services import find_token, hire_employee, issue_token

from .conftest import Caller, fields

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long("postgresql"),
]  # a door: its words and its refusals, not the database


def in_a_browser(employee, **options):
    client = APIClient(**options)
    client.force_login(employee)
    return client


def test_a_token_is_made_listed_used_and_taken_back(api):
    made = api.maria.post("tokens/", {"name": "till", "scopes": ["incidents:read"]})
    assert made.status_code == 201
    told = made.json()
    assert made["Location"].endswith(f"/api/v1/tokens/{told['id']}/")
    assert (told["employee"], told["scopes"], told["state"]) == (api.scene.maria.code, ["incidents:read"], "living")
    till = APIClient(HTTP_AUTHORIZATION=f"Bearer {told['secret']}")
    assert till.get("/api/v1/incidents/").status_code == 200
    assert till.get("/api/v1/spends/").status_code == 403
    listed = api.maria.get("tokens/").json()["results"]
    assert [one["name"] for one in listed] == ["till", "tests"]
    assert "secret" not in listed[0]
    assert listed[0]["last_used_at"]
    revoked = api.maria.post(f"tokens/{told['id']}/revoke/")
    assert (revoked.status_code, revoked.json()["state"]) == (200, "revoked")
    assert till.get("/api/v1/incidents/").status_code == 401
    assert api.maria.post(f"tokens/{told['id']}/revoke/").status_code == 409


def test_a_retry_makes_no_second_token_and_the_secret_lies_in_no_table(api):
    first = api.maria.post("tokens/", {"name": "till"}, key="k1")
    again = api.maria.post("tokens/", {"name": "till"}, key="k1")
    assert again.json() == first.json() | {"secret": None}
    assert again["Idempotent-Replayed"] == "true"
    assert ApiToken.objects.filter(name="till").count() == 1
    secret = first.json()["secret"]
    random = secret.split("_", 2)[2]
    assert find_token(secret=secret)
    for model in (ApiToken, IdempotencyKey, AuditEvent):
        for row in model.objects.values_list():
            assert random not in str(row)


def test_a_token_makes_none_with_more_scopes_or_a_longer_life(api):
    _, secret = issue_token(
        actor=api.scene.maria, employee=api.scene.maria, name="small", scopes=["tokens:write", "tokens:read"],
        expires_at=clock.now() + timedelta(days=1),
    )  # fmt: skip
    small = APIClient(HTTP_AUTHORIZATION=f"Bearer {secret}")
    more = small.post("/api/v1/tokens/", {"name": "more", "scopes": ["spends:write"]})
    assert (more.status_code, fields(more)) == (403, {"scopes": ["scope"]})
    later = (clock.now() + timedelta(days=2)).isoformat()
    longer = small.post("/api/v1/tokens/", {"name": "longer", "expires_at": later})
    assert (longer.status_code, fields(longer)) == (403, {"expires_at": ["outlives"]})
    made = small.post("/api/v1/tokens/", {"name": "as long"}).json()
    assert sorted(made["scopes"]) == ["tokens:read", "tokens:write"]
    assert made["expires_at"] == ApiToken.objects.get(name="small").expires_at.isoformat().replace("+00:00", "Z")
    assert made["made_with"] == str(ApiToken.objects.get(name="small").pk)
    assert not ApiToken.objects.filter(name__in=["more", "longer"]).exists()


def test_a_token_without_the_scope_makes_lists_and_takes_back_none(api):
    reader = Caller(api.scene.maria, scopes=["incidents:read"])
    token = ApiToken.objects.latest("pk")
    assert reader.post("tokens/", {"name": "x"}).status_code == 403
    assert reader.get("tokens/").status_code == 403
    assert reader.post(f"tokens/{token.pk}/revoke/").status_code == 403


def test_somebody_elses_token_is_not_there(api):
    token, _ = issue_token(actor=api.scene.omar, employee=api.scene.omar, name="omar's")
    assert api.maria.get(f"tokens/{token.pk}/").status_code == 404
    assert api.maria.post(f"tokens/{token.pk}/revoke/").status_code == 404
    assert [one["name"] for one in api.maria.get("tokens/").json()["results"]] == ["tests"]
    made = api.maria.post("tokens/", {"name": "x", "employee": api.scene.omar.code})
    assert made.status_code == 403
    assert api.maria.post("tokens/", {"name": "x", "employee": "nobody"}).status_code == 400


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, {"name": ["required"]}),
        ({"name": ""}, {"name": ["blank"]}),
        ({"name": "x" * 101}, {"name": ["max_length"]}),
        ({"name": "x", "scopes": ["all"]}, {"scopes": ["invalid_choice"]}),
        ({"name": "x", "scopes": "spends:read"}, {"scopes": ["not_a_list"]}),
        ({"name": "x", "expires_at": "2020-01-01T00:00:00Z"}, {"expires_at": ["invalid"]}),
        ({"name": "x", "expires_at": "tomorrow"}, {"expires_at": ["invalid"]}),
        ({"name": "x", "secret": "mine"}, {"secret": ["unknown_field"]}),
    ],
)
def test_what_is_wrong_is_named(api, body, named):
    answer = api.maria.post("tokens/", body)
    assert (answer.status_code, fields(answer)) == (400, named)
    assert not ApiToken.objects.exclude(name="tests").exists()


def test_the_administrator_makes_a_service_accounts_token_and_lists_everybodys(api):
    account = hire_employee(
        actor=None, username="pms", code="pms", name="PMS", role="frontline", property=api.scene.lax, is_service=True
    )
    browser = in_a_browser(api.scene.admin)
    made = browser.post("/api/v1/tokens/", {"name": "pms", "employee": "pms", "scopes": ["incidents:read"]})
    assert made.status_code == 201, made.content
    assert find_token(secret=made.json()["secret"]).employee == account
    other = browser.post("/api/v1/tokens/", {"name": "x", "employee": api.scene.maria.code})
    assert other.status_code == 403
    api.maria.get("me/")
    everybodys = browser.get("/api/v1/tokens/").json()["results"]
    assert {one["employee"] for one in everybodys} == {"pms", api.scene.maria.code}
    only = browser.get("/api/v1/tokens/", {"employee": api.scene.maria.code}).json()["results"]
    assert [one["employee"] for one in only] == [api.scene.maria.code]
    assert AuditEvent.objects.filter(verb="employee.viewed", about_id=api.scene.maria.pk).count() == 1


def test_a_list_is_narrowed_by_what_lives(api):
    token, _ = issue_token(actor=api.scene.maria, employee=api.scene.maria, name="gone")
    api.maria.post(f"tokens/{token.pk}/revoke/")
    assert [one["name"] for one in api.maria.get("tokens/", is_living="false").json()["results"]] == ["gone"]
    assert [one["name"] for one in api.maria.get("tokens/", is_living="true").json()["results"]] == ["tests"]
    assert api.maria.get("tokens/", alive="true").status_code == 400


def test_a_longer_list_asks_no_more_queries(api, django_assert_num_queries):
    for number in range(5):
        issue_token(actor=api.scene.maria, employee=api.scene.maria, name=str(number))
    api.maria.get("tokens/")
    with django_assert_num_queries(2):  # the token that signs, the list
        api.maria.get("tokens/")


def test_a_session_writes_only_with_its_csrf_token(api):
    client = Client(enforce_csrf_checks=True)
    client.force_login(api.scene.maria)
    answer = client.post("/api/v1/tokens/", json.dumps({"name": "x"}), content_type="application/json")
    assert answer.status_code == 403
    assert not ApiToken.objects.exists()


# --- what a refusal says (RFC 6750) -------------------------------------------------------------------------------


def test_without_a_token_the_answer_names_the_way_in_and_no_error(api):
    answer = api.anybody.get("/api/v1/me/")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')


@pytest.mark.parametrize("secret", ["guess", "emp_0123456789abcdef_x", "", "two words"])
def test_a_token_that_is_none_is_invalid_token(api, secret):
    answer = api.anybody.get("/api/v1/me/", HTTP_AUTHORIZATION=f"Bearer {secret}")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer["WWW-Authenticate"]


def test_another_way_of_signing_is_no_invalid_token(api):
    answer = api.anybody.get("/api/v1/me/", HTTP_AUTHORIZATION="Basic bWFyaWE6ZGVtbw==")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, 'Bearer realm="api"')


def test_a_missing_scope_is_insufficient_scope_and_names_it(api):
    answer = Caller(api.scene.maria, scopes=["incidents:read"]).get("spends/")
    assert answer.status_code == 403
    assert 'error="insufficient_scope", scope="spends:read"' in answer["WWW-Authenticate"]


def test_what_the_person_may_not_is_no_matter_of_scopes(api):
    answer = api.ada.post("incidents/", {"property": "LAX", "guests": [{"name": "Dr Haddad"}]})
    assert answer.status_code == 403
    assert "insufficient_scope" in answer["WWW-Authenticate"]  # an auditor's token can't have it
    assert in_a_browser(api.scene.ada).post("/api/v1/incidents/", {}).get("WWW-Authenticate") is None


# --- how often ----------------------------------------------------------------------------------------------------


def test_every_answer_says_how_many_are_left(api):
    answer = api.maria.get("me/")
    assert answer["RateLimit-Policy"] == '"token";q=1200;w=60'
    assert answer["RateLimit"].startswith('"token";r=1199;t=')
    assert api.maria.get("incidents/999/")["RateLimit"].startswith('"token";r=1198;t=')
    assert in_a_browser(api.scene.maria).get("/api/v1/me/")["RateLimit"].startswith('"person";r=1199;')


def test_too_many_are_told_how_long_to_wait(api, monkeypatch):
    monkeypatch.setattr("empower.throttling.A_TOKENS_REQUESTS", 1)
    began = clock.now()
    with clock.standing_at(began):
        assert api.maria.get("me/").status_code == 200
    with clock.standing_at(began + timedelta(seconds=50)):
        refused = api.maria.get("me/")
    assert (refused.status_code, refused["Retry-After"]) == (429, "10")
    assert refused["RateLimit"] == '"token";r=0;t=10'
    assert refused["Content-Type"] == "application/problem+json"
    with clock.standing_at(began + timedelta(seconds=60)):
        assert api.maria.get("me/").status_code == 200


def test_one_address_may_not_ask_without_end_and_those_with_tokens_are_not_stopped(api, monkeypatch):
    monkeypatch.setattr("empower.throttling.AN_ADDRESS_UNSIGNED", 2)
    cache.clear()
    assert [api.anybody.get("/api/v1/me/").status_code for _ in range(3)] == [401, 401, 429]
    assert int(api.anybody.get("/api/v1/me/")["Retry-After"]) > 0
    assert in_a_browser(api.scene.maria).get("/api/v1/me/").status_code == 429
    assert api.maria.get("me/").status_code == 200
    elsewhere = APIClient(REMOTE_ADDR="192.0.2.77")
    assert elsewhere.get("/api/v1/me/").status_code == 401


def test_a_forged_forwarded_address_is_still_the_same_caller(api, monkeypatch):
    monkeypatch.setattr("empower.throttling.AN_ADDRESS_FAILURES", 1)
    cache.clear()
    answers = [
        api.anybody.get("/api/v1/me/", HTTP_AUTHORIZATION="Bearer x", HTTP_X_FORWARDED_FOR=f"192.0.2.{number}")
        for number in range(3)
    ]
    assert [answer.status_code for answer in answers] == [401, 429, 429]
