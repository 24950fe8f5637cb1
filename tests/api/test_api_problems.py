"""Every error under /api/ is a problem document, and names the field."""

from decimal import Decimal

import pytest
from rest_framework.test import APIClient

from empower.incidents.models import Incident
from empower.spending.models import Spend
from tests.api.conftest import Caller, fields

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long("postgresql"),
]  # a door: its words and its refusals, not the database


def problem(answer, status):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    told = answer.json()
    assert set(told) >= {"type", "title", "status", "detail", "code", "errors"}
    assert told["status"] == status
    assert told["type"].startswith("/problems/")
    return told


def wish(incident, **more):
    return {
        "incident": incident["id"], "guest": incident["guests"][0]["id"], "gesture": "meal", "amount": "10.00",
        "currency": "USD", **more,
    }  # fmt: skip


# --- who is asking ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [None, "Bearer no-such-token", "Bearer ", "Bearer é", "Basic bWFyaWE6ZGVtbw=="])
def test_nobody_is_401_and_is_told_the_way_in(db, header):
    client = APIClient(HTTP_AUTHORIZATION=header) if header else APIClient()
    answer = client.get("/api/v1/incidents/")
    problem(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_a_session_reads_but_writes_only_with_its_csrf_token(scene):
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(scene.maria)
    assert client.get("/api/v1/me/").json()["role"] == "frontline"
    told = problem(client.post("/api/v1/guests/", {"name": "Dr Haddad"}, format="json"), 403)
    assert told["code"] == "permission_denied"
    client.get("/api/v1/me/")
    client.cookies["csrftoken"] = "a" * 32
    made = client.post("/api/v1/guests/", {"name": "Dr Haddad"}, format="json", HTTP_X_CSRFTOKEN="a" * 32)
    assert made.status_code == 201


def test_a_token_does_no_more_than_its_scopes(api):
    reader = Caller(api.scene.maria, scopes=["incidents:read"])
    incident = api.log()
    assert reader.get("incidents/").status_code == 200
    told = problem(reader.post("incidents/", {}), 403)
    assert (told["code"], told["state"]) == ("scope_missing", {"scope": "incidents:write"})
    assert problem(reader.post("spends/", wish(incident)), 403)["state"] == {"scope": "spends:write"}
    assert problem(reader.get("properties/"), 403)["state"] == {"scope": "reference:read"}
    assert reader.get("me/").json()["scopes"] == ["incidents:read"]
    assert Spend.objects.count() == 0


def test_guessing_at_tokens_is_slowed_down_and_a_good_one_is_not_shut_out(api, monkeypatch):
    monkeypatch.setattr("empower.throttling.AN_ADDRESS_FAILURES", 3)
    guesser = APIClient(HTTP_AUTHORIZATION="Bearer guess")
    assert [guesser.get("/api/v1/me/").status_code for _ in range(4)] == [401, 401, 401, 429]
    assert int(guesser.get("/api/v1/me/")["Retry-After"]) > 0
    assert api.maria.get("me/").status_code == 200


def test_more_requests_than_a_minute_holds_are_429_for_that_token_alone(api, monkeypatch):
    monkeypatch.setattr("empower.throttling.A_TOKENS_REQUESTS", 2)
    assert [api.maria.get("me/").status_code for _ in range(3)] == [200, 200, 429]
    answer = api.maria.get("me/")
    problem(answer, 429)
    assert 0 < int(answer["Retry-After"]) <= 60
    assert api.omar.get("me/").status_code == 200


# --- addresses and methods ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/", "/api/v2/spends/", "/api/v1/spends", "/api/v1/no-such/", "/api/v1/spends/x/"]
)
def test_an_address_that_is_none_is_a_problem_document(api, path):
    for caller in (api.maria.client, APIClient()):
        problem(caller.get(path), 404)
        problem(caller.post(path, {}, format="json"), 404)


def test_an_id_that_nobody_has_is_404_like_somebody_elses(api):
    incident = api.log()
    for path in (f"incidents/{incident['id']}/", "incidents/999999/", "incidents/999999999999999999/"):
        problem(api.paul.get(path), 404)
    problem(api.maria.get("incidents/9999999999999999999999999/"), 404)
    spend = api.give(incident, "10.00").json()
    problem(api.paul.get(f"spends/{spend['id']}/"), 404)
    problem(api.gina.post(f"spends/{spend['id']}/reverse/", {"reason": "Ours?"}), 404)
    problem(api.paul.post("spends/", wish(incident)), 404)
    assert Spend.objects.count() == 1


@pytest.mark.parametrize("method", ["put", "delete", "patch", "options"])
def test_a_method_that_is_not_there_is_405(api, method):
    answer = getattr(api.maria.client, method)("/api/v1/spends/", {}, format="json")
    problem(answer, 405)
    assert "GET" in answer["Allow"]


def test_another_content_type_is_415(api):
    problem(api.maria.send("spends/", "amount=1", content_type="application/x-www-form-urlencoded"), 415)


# --- bodies -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[1, 2",
        '"text"',
        "[]",
        "7",
        "null",
        b"\xff\xfe",
        b"\xef\xbb\xbf{}",
        '{"amount": NaN}',
        '{"amount": Infinity}',
        '{"amount": 1' + "0" * 5000 + "}",
        "[" * 10_000 + "]" * 10_000,
        '{"a":' * 10_000 + "1" + "}" * 10_000,
        '{"guests": ' + "[" * 50 + "]" * 50 + "}",
        '{"note": "a\\u0000b"}',
        '{"note": "\\ud800"}',
        '{"\\ud800": 1}',
        '{"amount": "1", "amount": "2"}',
    ],
    ids=lambda text: str(text)[:24],
)
def test_what_is_no_json_object_of_ours_is_400_and_leaves_nothing(api, text):
    problem(api.maria.send("spends/", text), 400)
    problem(api.maria.send("incidents/", text), 400)
    assert Spend.objects.count() == Incident.objects.count() == 0


def test_a_body_that_is_too_large_is_413(api, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    problem(api.maria.send("incidents/", '{"narrative": "' + "a" * 1000 + '"}'), 413)


def test_several_wrong_fields_are_named_at_once_and_a_typo_is_not_ignored(api):
    incident = api.log()
    answer = api.maria.post(
        "spends/", wish(incident, amuont="1", note=7, promised_for="2026-11-21T10:00:00", ask="no?")
    )
    assert problem(answer, 400)["code"] == "invalid"
    assert fields(answer) == {
        "amuont": ["unknown_field"], "note": ["invalid"], "promised_for": ["no_zone"], "ask": ["invalid"],
    }  # fmt: skip
    nested = api.maria.post("incidents/", {"guests": [{"nmae": "X"}, {"name": "Y", "arrival": "soon"}], "severity": 9})
    assert fields(nested) == {
        "guests.0.nmae": ["unknown_field"], "guests.1.arrival": ["invalid"], "severity": ["max_value"],
    }  # fmt: skip
    everything = api.maria.post("spends/", {})
    assert set(fields(everything)) == {"incident", "guest", "gesture", "amount", "currency"}


def test_what_only_the_database_knows_is_told_with_what_is_plainly_wrong(api):
    incident = api.log()
    body = wish(incident, gesture="yacht", amount="1,000", amuont="1", note=7, verbal_approval_by="nobody")
    assert fields(api.maria.post("spends/", body)) == {
        "gesture": ["does_not_exist"], "amount": ["invalid"], "amuont": ["unknown_field"], "note": ["invalid"],
        "verbal_approval_by": ["does_not_exist"],
    }  # fmt: skip
    body = {"incident": incident["id"], "guest": "99", "amount": "10.505", "cost": "-1", "split": 7}
    assert fields(api.maria.post("spends/", body)) == {
        "gesture": ["required"], "currency": ["required"], "guest": ["not_on_incident"], "split": ["invalid"],
        "amount": ["too_many_decimals"], "cost": ["negative"],
    }  # fmt: skip
    body = {
        "guests": [{"colleague": "nobody", "arrival": "soon"}, "x"],
        "severity": 9,
        "category": "x",
        "owner": "y",
        "z": 1,
    }
    assert fields(api.maria.post("incidents/", body)) == {
        "guests.0.colleague": ["does_not_exist"], "guests.0.arrival": ["invalid"], "guests.1": ["invalid"],
        "severity": ["max_value"], "category": ["does_not_exist"], "owner": ["does_not_exist"], "z": ["unknown_field"],
    }  # fmt: skip
    body = {"property": "XXX", "department": "front_desk", "guests": ["999999"], "severity": "no"}
    assert fields(api.maria.post("incidents/", body)) == {
        "property": ["does_not_exist"], "guests.0": ["does_not_exist"], "severity": ["invalid"],
    }  # fmt: skip
    spend = api.give(incident, "5000.00").json()
    body = {"amount": "1.234,50", "version": "x", "why": "so"}
    assert fields(api.omar.post(f"approvals/{spend['approval']['id']}/approve/", body)) == {
        "reason": ["required"], "amount": ["invalid"], "version": ["invalid"], "why": ["unknown_field"],
    }  # fmt: skip
    read = api.maria.get(f"incidents/{incident['id']}/")
    changed = api.maria.patch(
        f"incidents/{incident['id']}/", {"category": "x", "severity": 0, "property": "NYC"}, etag=read["ETag"]
    )
    assert fields(changed) == {
        "category": ["does_not_exist"], "severity": ["min_value"], "property": ["unknown_field"],
    }  # fmt: skip
    body = {"property": "LAX", "department": "moon", "amount": "x", "currency": "USD", "begins_on": "soon"}
    assert fields(api.chen.post("allotments/", body)) == {
        "department": ["does_not_exist"], "amount": ["invalid"], "begins_on": ["invalid"], "ends_on": ["required"],
    }  # fmt: skip


def test_somebody_elses_incident_is_404_alone_and_one_fault_among_others(api):
    incident = api.log()
    assert problem(api.paul.post("spends/", wish(incident)), 404)["errors"][0]["field"] == "incident"
    answer = api.paul.post("spends/", wish(incident, gesture="yacht", x=1))
    assert fields(answer) == {"gesture": ["does_not_exist"], "x": ["unknown_field"], "incident": ["does_not_exist"]}
    assert Spend.objects.count() == 0


def test_a_code_that_is_none_is_named(api):
    answer = api.maria.post(
        "incidents/",
        {"guests": ["1"], "department": "moon", "category": "no-such", "touchpoint": "x", "owner": "nobody"},
    )
    assert fields(answer) == {
        name: ["does_not_exist"] for name in ("department", "touchpoint", "category", "owner")
    }  # fmt: skip
    assert fields(api.maria.post("incidents/", {"property": "XXX", "guests": ["1"]})) == {
        "property": ["does_not_exist"]
    }
    assert fields(api.maria.post("incidents/", {"guests": ["999999"]})) == {"guests.0": ["does_not_exist"]}
    incident = api.log()
    assert fields(api.maria.post("spends/", wish(incident, gesture="yacht", verbal_approval_by="x", guest="99"))) == {
        "gesture": ["does_not_exist"], "verbal_approval_by": ["does_not_exist"], "guest": ["not_on_incident"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("amount", "status"),
    [
        ('"10"', 201),
        ('"10.5"', 201),
        ("10", 201),
        ("10.50", 201),
        ("1e1", 201),
        ('"10.505"', 400),
        ("10.505", 400),
        ("0.1000000000000000055511151231257827", 400),
        ('"-1"', 400),
        ("-1", 400),
        ('"1,000"', 400),
        ('"١٠"', 400),
        ("true", 400),
        ("null", 400),
        ("[10]", 400),
        ("1e400", 400),
        ("1e-400", 400),
        ('"99999999999999999999"', 400),
    ],
)
def test_an_amount_is_exact_or_refused(api, amount, status):
    incident = api.log()
    body = api.json.dumps(wish(incident, amount="AMOUNT")).replace('"AMOUNT"', amount)
    answer = api.maria.send("spends/", body)
    assert answer.status_code == status, answer.content
    if status == 400:
        assert list(fields(answer)) == ["amount"]
        assert Spend.objects.count() == 0
    else:
        assert Decimal(answer.json()["amount"]) == Decimal(amount.strip('"'))
        assert len(answer.json()["amount"].split(".")[1]) == 2


def test_another_currency_is_refused_by_its_name(api):
    incident = api.log()
    answer = api.maria.post("spends/", wish(incident, currency="JPY", amount="10.50"))
    assert fields(answer) == {"currency": ["other_currency"]}
    assert "USD" in answer.json()["detail"]


def test_a_currency_without_decimals_is_told_without(api):
    incident = api.log(api.haruka, property="KYO")
    spend = api.give(incident, "1500", caller=api.haruka, currency="JPY").json()
    assert spend["amount"] == "1500"
    assert "." not in spend["authority"]["limit"]
    assert fields(api.give(incident, "1500.00", caller=api.haruka, currency="JPY")) == {"amount": ["too_many_decimals"]}


@pytest.mark.parametrize(
    "moment",
    ["2026-01-01T10:00:00", "yesterday", "2026-01-01", "0001-01-01T00:00:00+23:59", 1767261600, "2026-13-01T00:00:00Z"],
)
def test_a_time_without_a_zone_or_that_is_none_is_refused_by_name(api, moment):
    answer = api.maria.post("incidents/", {"guests": [{"name": "X"}], "occurred_at": moment})
    assert list(fields(answer)) == ["occurred_at"]


def test_what_nobody_foresaw_is_500_with_an_id_and_no_internals(api, monkeypatch, caplog):
    def broken(*args, **kwargs):
        raise RuntimeError("secret internals")

    monkeypatch.setattr("empower.staff.viewsets.MeDoor.show", broken)
    told = problem(api.maria.get("me/"), 500)
    assert "secret" not in api.json.dumps(told)
    assert told["request_id"] in caplog.text


def test_a_refusal_by_permission_is_403_and_moves_nothing(api):
    told = problem(api.ada.post("incidents/", {"property": "LAX", "guests": [{"name": "X"}]}), 403)
    assert told["code"] == "scope_missing"
    told = problem(api.paul.post("incidents/", {"property": "LAX", "guests": [{"name": "X"}]}), 403)
    assert told["code"] == "elsewhere"
    assert Incident.objects.count() == 0


def test_what_goes_wrong_before_a_view_is_a_problem_document_too(db):
    client = APIClient(HTTP_HOST="elsewhere.example")
    problem(client.get("/api/v1/me/"), 400)
    page = APIClient(HTTP_ACCEPT="text/html").get("/no-such-page/")
    assert (page.status_code, page["Content-Type"].split(";")[0]) == (404, "text/html")


def test_an_answer_in_another_form_is_406_and_none_is_kept_on_the_way(api):
    problem(api.maria.client.get("/api/v1/me/", HTTP_ACCEPT="text/csv"), 406)
    assert api.maria.get("me/")["Cache-Control"] == "no-store"


def test_a_body_in_chunks_is_refused_and_does_not_pass_for_an_empty_one(api):
    spend = api.give(api.log(), "10.00").json()
    environ = {"HTTP_TRANSFER_ENCODING": "chunked", "HTTP_IDEMPOTENCY_KEY": "k"}
    address = f"/api/v1/spends/{spend['id']}/given/"
    answer = api.maria.client.generic("POST", address, "", content_type="application/json", **environ)
    problem(answer, 411)
    assert Spend.objects.get().given_at is None


def test_the_answer_to_a_new_spend_is_what_is_read_afterwards(api):
    incident = api.log(department="front_desk")
    for wish in ({}, {"ask": True}, {"amount": "5000.00", "split": True}, {"verbal_approval_by": api.scene.grace.code}):
        told = api.give(incident, wish.pop("amount", "10.00"), **wish).json()
        assert api.maria.get(f"spends/{told['id']}/").json() == told
