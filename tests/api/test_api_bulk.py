"""Many rows in one request: all or none, or each for itself; and the same again."""

import pytest

from empower.audit.models import AuditEvent
from empower.incidents.models import Guest, Incident
from empower.spending.models import Spend
from empower.spending.services import create_gesture

from .conftest import fields


def logging(number, **facts):
    return {"property": "LAX", "guests": [{"name": f"Guest {number}"}]} | facts


@pytest.fixture
def case(api):
    return api.log()


def giving(case, amount, **wish):
    return {
        "incident": case["id"], "guest": case["guests"][0]["id"], "gesture": "meal", "amount": amount, "currency": "USD",
    } | wish  # fmt: skip


def test_all_of_them_are_made_and_told_in_order(api):
    answer = api.maria.post("incidents/bulk/", {"rows": [logging(1), logging(2, severity=5)]})
    assert answer.status_code == 200, answer.content
    told = answer.json()
    assert (told["mode"], told["made"], told["refused"]) == ("all_or_none", 2, 0)
    assert [one["row"] for one in told["results"]] == [0, 1]
    ids = [one["made"]["id"] for one in told["results"]]
    assert list(Incident.objects.order_by("pk").values_list("severity", flat=True)) == [None, 5] or len(ids) == 2
    assert [str(pk) for pk in Incident.objects.order_by("pk").values_list("pk", flat=True)] == ids
    assert "Guest 1" not in answer.content.decode()


def test_of_all_or_none_one_wrong_row_leaves_nothing_and_every_fault_is_named(api):
    rows = [logging(1), logging(2, severity=9), logging(3, category="nonsense"), {"property": "LAX"}, "a row"]
    answer = api.maria.post("incidents/bulk/", {"rows": rows})
    assert answer.status_code == 400
    assert set(fields(answer)) == {"rows.1.severity", "rows.2.category", "rows.3.guests", "rows.4"}
    assert not Incident.objects.exists()
    assert not Guest.objects.filter(name="Guest 1").exists()


def test_of_all_or_none_one_refused_row_takes_the_others_back_and_is_recorded_once(api, case):
    voided = api.log()
    api.maria.post(f"incidents/{voided['id']}/void/", {"reason": "Logged twice."})
    answer = api.maria.post("spends/bulk/", {"rows": [giving(case, "10.00"), giving(voided, "10.00")]})
    assert answer.status_code == 409
    assert fields(answer) == {"rows.1.incident": ["not_open"]}
    assert not Spend.objects.exists()
    assert AuditEvent.objects.filter(verb="spend.posted", outcome="refused").count() == 1
    assert not AuditEvent.objects.filter(verb="spend.posted", outcome="accepted").exists()


def test_each_for_itself_says_what_became_of_each(api, case):
    rows = [giving(case, "10.00"), giving(case, "1.234"), giving(case, "1990.00"), giving(case, "0.01"), {}]
    told = api.maria.post("spends/bulk/", {"mode": "each", "rows": rows}).json()
    assert (told["made"], told["refused"]) == (3, 2)
    assert [one["status"] for one in told["results"]] == [201, 400, 201, 201, 400]
    assert [one["made"] and one["made"]["status"] for one in told["results"]] == [
        "posted", None, "posted", "pending", None,
    ]  # fmt: skip
    assert told["results"][1]["problem"]["errors"][0]["field"] == "amount"
    assert told["results"][3]["made"]["approval"]["status"] == "open"
    assert {error["field"] for error in told["results"][4]["problem"]["errors"]} >= {"incident", "guest", "amount"}


def test_each_row_that_is_refused_is_recorded_and_the_bulk_goes_on(api, case):
    elsewhere = api.log(api.paul, property="NYC")
    rows = [giving(elsewhere, "10.00"), giving(case, "10.00", guest="999999"), giving(case, "10.00")]
    told = api.maria.post("spends/bulk/", {"mode": "each", "rows": rows}).json()
    assert [one["status"] for one in told["results"]] == [404, 400, 201]


@pytest.mark.parametrize("mode", ["each", "all_or_none"])
def test_the_same_again_has_the_same_answer_and_one_effect(api, case, mode):
    body = {"mode": mode, "rows": [giving(case, "10.00"), giving(case, "20.00")]}
    first = api.maria.post("spends/bulk/", body, key="night audit")
    again = api.maria.post("spends/bulk/", body, key="night audit")
    assert again.json() == first.json()
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    assert Spend.objects.count() == 2
    other = api.maria.post("spends/bulk/", body | {"rows": [giving(case, "30.00")]}, key="night audit")
    assert (other.status_code, fields(other)) == (422, {"Idempotency-Key": ["key_reused"]})
    single = api.maria.post("spends/", giving(case, "10.00"), key="night audit")
    assert single.status_code == 422
    assert Spend.objects.count() == 2


def test_what_was_refused_is_tried_again_and_what_was_made_is_not(api, case):
    rows = [giving(case, "10.00"), giving(case, "20.00", gesture="balloon")]
    body = {"mode": "each", "rows": rows}
    first = api.maria.post("spends/bulk/", body, key="k1").json()
    assert [one["status"] for one in first["results"]] == [201, 400]
    create_gesture(
        actor=api.scene.admin, code="balloon", name="Balloon", account="balloon", paid_from="stock", cost_ratio=1000
    )
    second = api.maria.post("spends/bulk/", body, key="k1").json()
    assert [one["status"] for one in second["results"]] == [201, 201]
    assert second["results"][0] == first["results"][0]
    assert Spend.objects.count() == 2


def test_a_bulk_of_spends_needs_a_key_and_one_of_incidents_does_not(api, case):
    assert fields(api.maria.post("spends/bulk/", {"rows": [giving(case, "1.00")]}, key=None)) == {
        "Idempotency-Key": ["idempotency_key_required"]
    }
    assert api.maria.post("incidents/bulk/", {"rows": [logging(1)], "mode": "each"}, key=None).json()["made"] == 1


@pytest.mark.parametrize(
    ("body", "named"),
    [({}, "rows"), ({"rows": []}, "rows"), ({"rows": "all"}, "rows"), ({"rows": [{}] * 1001}, "rows"),
     ({"rows": [{}], "mode": "some"}, "mode"), ({"rows": [{}], "row": 1}, "row")],
)  # fmt: skip
def test_a_body_that_is_no_bulk_is_refused_by_name(api, body, named):
    answer = api.maria.post("incidents/bulk/", body)
    assert answer.status_code == 400
    assert named in {name.partition(".")[0] for name in fields(answer)}


def test_the_limit_holds_within_a_bulk(api, case):
    rows = [giving(case, "1000.00"), giving(case, "1000.00"), giving(case, "0.01")]
    told = api.maria.post("spends/bulk/", {"rows": rows}).json()
    assert [one["made"]["status"] for one in told["results"]] == ["posted", "posted", "pending"]
