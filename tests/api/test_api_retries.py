"""Every write can be sent again: one effect, the same answer."""

import pytest

from empower.incidents.models import Guest, Incident
from empower.incidents.services import erase_guest
from empower.spending.models import Approval, Spend
from tests.api.conftest import fields

pytestmark = pytest.mark.django_db


def test_the_same_key_and_body_give_the_same_answer_and_one_effect(api):
    incident = api.log()
    first = api.give(incident, "10.00", key="once")
    again = api.give(incident, "10.00", key="once")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first
    assert again["Location"] == first["Location"]
    assert Spend.objects.count() == 1


def test_the_same_body_written_another_way_is_the_same(api):
    incident = api.log()
    body = {
        "incident": incident["id"],
        "guest": incident["guests"][0]["id"],
        "gesture": "meal",
        "amount": "1",
        "currency": "USD",
    }
    one = api.json.dumps(body)
    other = api.json.dumps(dict(reversed(body.items())), indent=2)
    assert api.maria.send("spends/", one, HTTP_IDEMPOTENCY_KEY="k").status_code == 201
    assert api.maria.send("spends/", other, HTTP_IDEMPOTENCY_KEY="k")["Idempotent-Replayed"] == "true"


def test_the_same_key_with_another_body_or_path_is_422(api):
    incident = api.log()
    api.give(incident, "10.00", key="k")
    other = api.give(incident, "11.00", key="k")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert api.maria.post("incidents/", {"guests": [{"name": "X"}]}, key="k").status_code == 422
    assert Spend.objects.count() == 1


def test_a_key_is_its_persons_own(api):
    mine = api.log()
    api.give(mine, "10.00", key="k")
    assert api.give(mine, "10.00", key="k", caller=api.tomas).status_code == 201
    assert Spend.objects.count() == 2


def test_what_was_refused_may_be_sent_again_under_its_key(api):
    incident = api.log()
    assert api.give(incident, "ten", key="k").status_code == 400
    assert api.give(incident, "10.00", key="k").status_code == 201


def test_spends_and_decisions_require_a_key_and_name_the_header(api):
    spend = api.give(api.log(), "3000.00").json()
    path = f"approvals/{spend['approval']['id']}/"
    for answer in (
        api.maria.post("spends/", {}, key=None),
        *(api.omar.post(f"{path}{verb}/", {"reason": "Yes"}, key=None) for verb in ("approve", "decline", "ask")),
    ):
        assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")
        assert fields(answer) == {"Idempotency-Key": ["idempotency_key_required"]}
    assert Approval.objects.get().status == "open"


def test_an_incident_needs_no_key_and_honours_one(api):
    facts = {"guests": [{"name": "X"}]}
    assert api.maria.post("incidents/", facts, key=None).status_code == 201
    first = api.maria.post("incidents/", facts, key="k")
    again = api.maria.post("incidents/", facts, key="k")
    assert (again.json(), again["ETag"]) == (first.json(), first["ETag"])
    assert Incident.objects.count() == 2


@pytest.mark.parametrize("key", ["", "a" * 256, "café", "a\tb"])
def test_a_key_that_is_none_is_refused(api, key):
    answer = api.maria.client.post(
        "/api/v1/spends/", {}, format="json", HTTP_IDEMPOTENCY_KEY=key.encode().decode("latin-1")
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_invalid")


def test_a_decision_is_replayed_though_the_request_is_decided(api):
    spend = api.give(api.log(), "3000.00").json()
    path = f"approvals/{spend['approval']['id']}/approve/"
    first = api.omar.post(path, {"reason": "Yes"}, key="k")
    again = api.omar.post(path, {"reason": "Yes"}, key="k")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert api.omar.post(path, {"reason": "Yes"}).status_code == 409


def test_after_an_erasure_a_replay_gives_the_bare_id(api):
    facts = {"guests": [{"name": "Dr Haddad"}], "narrative": "Dr Haddad's key"}
    incident = api.maria.post("incidents/", facts, key="k").json()
    spend = api.give(incident, "10.00", key="s", note="For Dr Haddad").json()
    erase_guest(actor=api.scene.grace, guest=Guest.objects.get(pk=incident["guests"][0]["id"]))
    assert api.maria.post("incidents/", facts, key="k").json() == {"id": incident["id"]}
    again = api.give(incident, "10.00", key="s", note="For Dr Haddad")
    assert (again.status_code, again.json()) == (201, {"id": spend["id"]})
    assert (Incident.objects.count(), Spend.objects.count()) == (1, 1)
