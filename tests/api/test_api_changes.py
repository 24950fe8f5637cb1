"""PATCH names the version it read; opening a person's record is told to them; who am I."""

import pytest

from empower.audit.models import AuditEvent
from tests.api.conftest import fields

pytestmark = pytest.mark.django_db


def test_a_change_without_if_match_is_428_and_a_stale_one_412(api):
    incident = api.log()
    path = f"incidents/{incident['id']}/"
    etag = api.maria.get(path)["ETag"]
    assert api.maria.patch(path, {"severity": 5}).status_code == 428
    changed = api.maria.patch(path, {"severity": 5, "narrative": " as it was "}, etag=etag)
    assert (changed.status_code, changed.json()["severity"], changed.json()["narrative"]) == (200, 5, " as it was ")
    assert changed["ETag"] != etag
    stale = api.maria.patch(path, {"severity": 1}, etag=etag)
    assert (stale.status_code, stale["ETag"]) == (412, changed["ETag"])
    assert api.maria.get(path).json()["severity"] == 5
    assert api.maria.patch(path, {"severity": 2}, etag=changed["ETag"]).status_code == 200
    assert api.maria.patch(path, {"severity": 3}, etag="*").status_code == 200


@pytest.mark.parametrize("body", [{"status": "void"}, {"id": "7"}, {"version": 9}, {"propertty": "LAX"}])
def test_only_what_may_be_changed_is_taken(api, body):
    incident = api.log()
    path = f"incidents/{incident['id']}/"
    assert fields(api.maria.patch(path, body, etag="*")) == {next(iter(body)): ["unknown_field"]}
    assert api.maria.get(path).json() == incident


def test_a_change_of_codes_and_of_what_each_guest_felt(api):
    incident = api.log(guests=[{"name": "A"}, {"name": "B", "feeling_before": 2}])
    path, (a, b) = f"incidents/{incident['id']}/", incident["guests"]
    assert b["feeling_before"] == 2
    changed = api.omar.patch(
        path,
        {"department": "dining", "owner": api.scene.omar.code, "guests": [{"id": a["id"], "feeling_before": 4}]},
        etag="*",
    ).json()
    assert (changed["department"], changed["owner"]) == ("dining", api.scene.omar.code)
    assert [guest["feeling_before"] for guest in changed["guests"]] == [4, 2]


def test_somebody_elses_incident_is_not_changed(api):
    incident = api.log()
    assert api.paul.patch(f"incidents/{incident['id']}/", {"severity": 1}, etag="*").status_code == 404


def test_a_guest_is_made_and_put_right(api):
    guest = api.maria.post("guests/", {"name": "Dr Haddad", "arrival": "2026-11-20"})
    assert guest.status_code == 201
    path = f"guests/{guest.json()['id']}/"
    etag = api.maria.get(path)["ETag"]
    assert api.maria.patch(path, {"room": "7"}).status_code == 428
    changed = api.maria.patch(path, {"room": "7"}, etag=etag)
    assert (changed.status_code, changed.json()["room"], changed.json()["name"]) == (200, "7", "Dr Haddad")
    assert api.maria.patch(path, {"room": "8"}, etag=etag).status_code == 412
    assert fields(api.maria.patch(path, {"departure": "2026-11-01"}, etag="*")) == {"departure": ["invalid"]}


def test_a_colleague_can_be_a_guest(api):
    made = api.maria.post("guests/", {"kind": "colleague", "colleague": api.scene.tomas.code})
    assert (made.status_code, made.json()["colleague"]) == (201, api.scene.tomas.code)


def test_an_allotment_is_set_aside_by_who_may(api):
    wish = {
        "property": "LAX", "begins_on": "2026-01-01", "ends_on": "2026-12-31", "amount": "50000.00", "currency": "USD",
    }  # fmt: skip
    made = api.grace.post("allotments/", wish)
    assert (made.status_code, made.json()["amount"]) == (201, "50000.00")
    assert api.omar.post("allotments/", wish).status_code == 403
    assert fields(api.grace.post("allotments/", wish | {"currency": "EUR"})) == {"currency": ["other_currency"]}


def test_opening_a_record_is_told_to_that_person_once(api):
    maria, omar = api.scene.maria, api.scene.omar
    seen = AuditEvent.objects.filter(verb="employee.viewed")
    assert api.omar.get(f"employees/{maria.pk}/").json()["code"] == maria.code
    assert [(event.actor_id, event.about_id) for event in seen] == [(omar.pk, maria.pk)]
    api.omar.get("spends/", employee=maria.code)
    api.omar.get("employees/", code=maria.code)
    assert seen.all().count() == 3
    for quiet in ("employees/", "spends/", f"employees/{omar.pk}/"):
        api.omar.get(quiet)
    api.omar.get("spends/", employee=omar.code)
    api.omar.get("spends/", employee=maria.code, colour="red")
    api.paul.get(f"employees/{maria.pk}/")
    assert seen.all().count() == 3
    mine = api.maria.get("audit/events/", verb="employee.viewed").json()["results"]
    assert [event["actor"] for event in mine] == [str(omar.pk)] * 3


def test_who_am_i(api):
    me = api.maria.get("me/").json()
    assert (me["role"], me["property"], me["currency"], me["may"]) == ("frontline", "LAX", "USD", ["give"])
    assert me["id"] == str(api.scene.maria.pk)
    assert api.chen.get("me/").json()["property"] is None
    assert "give" not in api.ada.get("me/").json()["may"]


def test_the_log_is_whole_for_auditors_and_ones_own_for_the_rest(api):
    api.log()
    maria = str(api.scene.maria.pk)
    assert all(maria in (event["actor"], event["about"]) for event in api.maria.get("audit/events/").json()["results"])
    everything = api.ada.get("audit/events/", verb="incident.logged").json()["results"]
    assert len(everything) == 1
    assert api.json.loads(everything[0]["body"])["verb"] == "incident.logged"


def test_admin_sees_no_guest(api):
    incident = api.log()
    assert api.admin.get("incidents/").status_code == 403
    assert api.admin.get("properties/").status_code == 200
    assert api.admin.get(f"incidents/{incident['id']}/").status_code == 403


def test_another_guest_joins_an_incident_by_id_or_by_name(api):
    incident = api.log()
    path = f"incidents/{incident['id']}/guests/"
    known = api.maria.post("guests/", {"name": "Mr Haddad"}).json()
    assert len(api.maria.post(path, {"id": known["id"]}).json()["guests"]) == 2
    joined = api.maria.post(path, {"name": "The child", "feeling_before": 1})
    assert [(guest["name"], guest["feeling_before"]) for guest in joined.json()["guests"]][2] == ("The child", 1)
    assert fields(api.maria.post(path, {"id": known["id"], "name": "X"})) == {"id": ["invalid"]}
    assert fields(api.maria.post(path, {"id": "999999"})) == {"id": ["does_not_exist"]}


def test_two_records_of_one_guest_become_one_and_are_forgotten(api):
    kept, merged = (api.maria.post("guests/", {"name": "Dr Haddad"}).json() for _ in range(2))
    assert api.maria.post(f"guests/{kept['id']}/merge/", {"merged": merged["id"]}).status_code == 403
    assert api.omar.post(f"guests/{kept['id']}/merge/", {"merged": merged["id"]}).status_code == 200
    assert api.omar.get(f"guests/{merged['id']}/").json()["merged_into"] == kept["id"]
    assert [row["id"] for row in api.omar.get("guests/", is_merged="true").json()["results"]] == [merged["id"]]
    assert api.grace.post(f"guests/{kept['id']}/erase/").json()["name"] == ""
    assert api.omar.get(f"guests/{merged['id']}/").json()["name"] == ""
