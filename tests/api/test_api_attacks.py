"""What somebody would try who wants to see, do or break more than is theirs."""

import json

import pytest
from django.apps import apps
from django.db import OperationalError

from empower.audit.models import AuditEvent
from empower.incidents.models import Incident
from empower.notices.services import dispatch_events
from empower.spending.models import Spend
from empower.staff import api_retries
from empower.staff.services import change_employee, hire_employee, issue_token
from tests.api.conftest import Caller, fields

pytestmark = pytest.mark.django_db


def looked_up(employee):
    """How somebody was looked up, first to last."""
    rows = AuditEvent.objects.filter(verb="employee.viewed", about_id=employee.pk).order_by("pk")
    return [json.loads(row.body)["facts"]["how"] for row in rows]


def service(api, role, property):
    """A caller that is another system."""
    account = hire_employee(
        actor=api.scene.admin, username="pms", code="pms", name="Front desk system", role=role, property=property,
        is_service=True,
    )  # fmt: skip
    caller = Caller.__new__(Caller)
    caller.employee = account
    _token, secret = issue_token(actor=api.scene.admin, employee=account, name="tests")
    caller.client = api.anybody.__class__(HTTP_AUTHORIZATION=f"Bearer {secret}", raise_request_exception=False)
    return caller


# --- nobody is looked up behind their back ----------------------------------------------------------------------------


def test_who_asks_the_log_about_a_person_is_told_to_them(api):
    maria = api.scene.maria
    for query in (
        {"about": maria.pk},
        {"actor": f"{maria.pk},{api.scene.ada.pk},999999"},
        {"subject_type": "employee", "subject": maria.pk},
        {"verb": "employee.hired", "subject": maria.pk},
        {"search": "mployee", "subject": maria.pk, "fields": "id"},
        {"about": maria.pk, "format": "csv"},
    ):
        before = len(looked_up(maria))
        assert api.ada.get("audit/events/", **query).status_code == 200
        assert looked_up(maria)[before:] == ["filtered:audit-event-list"], query
    assert not looked_up(api.scene.ada)
    assert not AuditEvent.objects.filter(verb="employee.viewed", about_id=999999).exists()


def test_who_asks_the_log_about_no_person_looks_nobody_up(api):
    maria = api.scene.maria
    api.ada.get("audit/events/")
    api.ada.get("audit/events/", subject=maria.pk, subject_type="spend")
    api.ada.get("audit/events/", about=maria.pk, page_size="none")
    api.tomas.get("audit/events/", about=api.scene.tomas.pk, actor=maria.pk)  # among his own lines alone
    assert not looked_up(maria)


def test_a_search_that_other_filters_narrow_to_one_person_is_told_to_them(api):
    change_employee(actor=api.scene.admin, employee=api.scene.tomas, name="Marian Tomas")
    change_employee(actor=api.scene.admin, employee=api.scene.omar, name="Marian Omar")
    found = api.grace.get("employees/", search="Marian").json()["results"]
    assert len(found) == 2
    assert not looked_up(api.scene.tomas)
    found = api.grace.get("employees/", search="Marian", role="frontline").json()["results"]
    assert [one["code"] for one in found] == [api.scene.tomas.code]
    assert looked_up(api.scene.tomas) == ["filtered:employee-list"]
    assert not looked_up(api.scene.omar)


def test_the_day_one_joined_is_a_question_about_one(api):
    change_employee(actor=api.scene.admin, employee=api.scene.tomas, joined_on="2021-03-14")
    found = api.grace.get("employees/", joined_from="2021-03-14", joined_to="2021-03-14").json()["results"]
    assert [one["code"] for one in found] == [api.scene.tomas.code]
    assert looked_up(api.scene.tomas) == ["filtered:employee-list"]
    api.grace.get("employees/", role="frontline", department="front_desk")
    assert looked_up(api.scene.tomas) == ["filtered:employee-list"]


# --- another system decides nothing -----------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["general_manager", "leader"])
def test_another_system_erases_nobody(api, role):
    case = api.log()
    system = service(api, role, None if role == "leader" else api.scene.lax)
    guest = case["guests"][0]
    answer = system.post(f"guests/{guest['id']}/erase/")
    assert answer.status_code == 403
    assert api.grace.get(f"guests/{guest['id']}/").json()["name"] == "Dr Haddad"
    assert api.grace.post(f"guests/{guest['id']}/erase/").status_code == 200


def test_another_system_is_told_no_verbal_yes(api):
    case = api.log()
    system = service(api, "frontline", api.scene.lax)
    answer = api.give(case, "9000.00", caller=system, verbal_approval_by=api.scene.chen.code)
    assert (answer.status_code, fields(answer)) == (403, {"verbal_approval_by": ["no_person"]})
    assert not Spend.objects.exists()
    assert api.give(case, "9000.00", caller=system).json()["status"] == "pending"


# --- a bulk says what it made -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("breaks", "fault", "statuses"),
    [
        ([2], OperationalError("deadlock"), [201, 503, 201, 201, 201]),
        ([2, 3], OperationalError("busy"), [201, 503, 503, 503, 503]),
        ([2], RuntimeError("Dr Haddad in 1204"), [201, 500, 201, 201, 201]),
    ],
)
def test_a_row_that_breaks_off_hides_none_that_was_made(api, monkeypatch, breaks, fault, statuses):
    from empower.incidents.viewsets import IncidentDoor

    make_row, told = IncidentDoor.make_row, []

    def sometimes(door, said):
        told.append(said)
        if len(told) in breaks:
            raise fault
        return make_row(door, said)

    monkeypatch.setattr(IncidentDoor, "make_row", sometimes)
    rows = [{"guests": [{"name": f"Guest {number}"}]} for number in range(5)]
    answer = api.maria.post("incidents/bulk/", {"mode": "each", "rows": rows}, key=None)
    assert answer.status_code == 200
    results = answer.json()["results"]
    assert [one["status"] for one in results] == statuses
    assert [one["made"]["id"] for one in results if one["made"]] == [
        str(pk) for pk in Incident.objects.order_by("pk").values_list("pk", flat=True)
    ]
    assert results[1]["problem"]["request_id"]
    assert "Haddad" not in answer.content.decode()


def test_a_bulk_reads_its_whole_body_once_and_not_for_each_row(api, monkeypatch):
    read, canonical = [], api_retries._canonical
    monkeypatch.setattr(api_retries, "_canonical", lambda body: read.append(1) or canonical(body))
    rows = [{"guests": [{"name": f"Guest {number}"}]} for number in range(4)]
    assert api.maria.post("incidents/bulk/", {"mode": "each", "rows": rows}).json()["made"] == 4
    assert len(read) == 1


# --- what is too much is said -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name", "value"),
    [
        ("incidents/", "id", "1"),
        ("incidents/", "category", "mistake"),
        ("incidents/", "status", "open"),
        ("spends/", "currency", "USD"),
        ("webhooks/", "event_types", "spend.posted"),
        ("audit/events/", "actor", "1"),
    ],
)
def test_a_thousand_values_are_taken_and_one_more_is_an_error_that_says_so(api, path, name, value):
    assert api.chen.get(path, **{name: ",".join([value] * 1000)}).status_code in (200, 400)
    answer = api.chen.get(path, **{name: ",".join([value] * 1001)})
    assert (answer.status_code, fields(answer)) == (400, {name: ["too_many"]})


def test_the_signs_of_a_pattern_are_letters_like_others(api):
    for narrative in ("50% off", "a_b", "back\\slash", "plain"):
        api.log(narrative=narrative)

    def found(text):
        return [one["narrative"] for one in api.maria.get("incidents/", search=text).json()["results"]]

    assert found("%") == ["50% off"]
    assert found("_") == ["a_b"]
    assert found("\\") == ["back\\slash"]
    assert found("a%b") == found("a__") == found(".*") == []


# --- what is gone is gone ---------------------------------------------------------------------------------------------


def tables_with(word):
    """The columns, of any table, in which a word stands."""
    return {
        f"{model._meta.label}.{name}"
        for model in apps.get_models()
        for row in model._default_manager.values()
        for name, value in row.items()
        if word in str(value)
    }


def test_a_card_that_was_taken_back_is_in_no_kept_answer_either(api):
    case = api.log()
    card = {"incident": case["id"], "receiver": api.scene.maria.code, "text": "Zyxwert thanks you"}
    first = api.tomas.post("thanks/", card, key="card").json()
    assert tables_with("Zyxwert") == {"recognition.Thanks.text", "staff.IdempotencyKey.answer"}
    assert api.tomas.post(f"thanks/{first['id']}/withdraw/").status_code == 200
    assert tables_with("Zyxwert") == set()
    again = api.tomas.post("thanks/", card, key="card")
    assert (again.status_code, again.json()) == (201, {"id": first["id"]})


def test_nothing_of_an_erased_guest_is_in_any_table_whatever_was_said_by_any_door(api):
    api.grace.post("webhooks/", {"url": "https://example.com/in", "event_types": ["*"]})
    one = {"guests": [{"name": "Zyxwert One", "room": "Zyxwert"}], "narrative": "Zyxwert wept"}
    rows = [one, {"guests": [{"name": "Zyxwert Two"}]}]
    made = api.maria.post("incidents/bulk/", {"mode": "each", "rows": rows}).json()["results"]
    case, guest = made[0]["made"]["id"], made[0]["made"]["guests"][0]["id"]
    wish = {
        "incident": case,
        "guest": guest,
        "gesture": "meal",
        "currency": "USD",
        "note": "Zyxwert",
        "reason": "Zyxwert",
    }
    rows = [wish | {"amount": "10.00"}, wish | {"amount": "9000.00"}]
    given, waits = (row["made"] for row in api.maria.post("spends/bulk/", {"rows": rows}).json()["results"])
    request = waits["approval"]["id"]
    said = [
        (api.grace, f"approvals/{request}/ask/", {"question": "Zyxwert?"}),
        (api.maria, f"approvals/{request}/reply/", {"reply": "Zyxwert."}),
        (api.grace, f"approvals/{request}/approve/", {"reason": "Zyxwert!"}),
        (api.grace, f"spends/{given['id']}/reverse/", {"reason": "Zyxwert left"}),
        (api.maria, f"incidents/{case}/resolve/", {"outcome": "recovered", "feeling_after": 9}),
        (api.maria, f"incidents/{case}/follow-ups/", {"guest": guest, "note": "Zyxwert smiled"}),
        (api.tomas, "stories/", {"incident": case, "text": "Zyxwert, agreed", "guest_agreed": True}),
        (api.tomas, "thanks/", {"incident": case, "receiver": api.scene.maria.code, "text": "For Zyxwert"}),
        (api.maria, f"incidents/{case}/reopen/", {"reason": "Zyxwert is back"}),
        (api.grace, f"guests/{guest}/merge/", {"merged": made[1]["made"]["guests"][0]["id"]}),
    ]
    for caller, path, body in said:
        answer = caller.post(path, body)
        assert answer.status_code in (200, 201), (path, answer.content)
    dispatch_events()
    assert len(tables_with("Zyxwert")) > 8
    assert api.grace.post(f"guests/{guest}/erase/").status_code == 200
    dispatch_events()
    assert tables_with("Zyxwert") == set()
