"""The door ``webhooks/``: the same services, by token; the secret in one answer."""

import pytest

from empower.notices.models import Webhook
from empower.notices.services import deliver_webhooks, dispatch_events
from empower.staff.models import IdempotencyKey
from empower.staff.services import issue_token
from tests.api.conftest import Caller, api, fields  # noqa: F401
from tests.notices.conftest import OPEN_URL

pytestmark = pytest.mark.long("postgresql")  # a door: its words and its refusals, not the database

BODY = {"url": OPEN_URL, "event_types": ["spend.posted", "approval.requested"], "description": "The till"}


def test_made_read_changed_and_retired(api):  # noqa: F811
    answer = api.chen.post("webhooks/", BODY)
    assert answer.status_code == 201, answer.content
    made = answer.json()
    assert made["secret"].startswith("whsec_")
    assert (made["url"], made["event_types"], made["property"]) == (OPEN_URL, BODY["event_types"], None)
    address = f"webhooks/{made['id']}/"
    read = api.chen.get(address)
    assert "secret" not in read.json()
    assert read.json() == {name: value for name, value in made.items() if name != "secret"}
    changed = api.chen.patch(address, {"event_types": ["*"], "is_active": False}, etag=read["ETag"])
    assert changed.status_code == 200, changed.content
    assert (changed.json()["event_types"], changed.json()["is_active"]) == (["*"], False)
    assert api.chen.patch(address, {"description": ""}, etag=read["ETag"]).status_code == 412
    assert api.chen.patch(address, {"description": ""}).status_code == 428
    assert [one["id"] for one in api.chen.get("webhooks/", is_active="false").json()["results"]] == [made["id"]]
    retired = api.chen.post(f"{address}retire/")
    assert retired.json()["retired_at"] is not None
    assert api.chen.post(f"{address}retire/").status_code == 409


def test_a_cut_off_answer_can_be_asked_for_again_and_lies_in_no_table(api):  # noqa: F811
    first = api.chen.post("webhooks/", BODY, key="once")
    again = api.chen.post("webhooks/", BODY, key="once")
    assert again["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()
    assert Webhook.objects.count() == 1
    assert first.json()["secret"] not in str(list(IdempotencyKey.objects.values_list("answer", flat=True)))
    rotated = api.chen.post(f"webhooks/{first.json()['id']}/rotate/", key="again")
    assert rotated.json()["secret"] not in (None, first.json()["secret"])
    assert rotated.json()["secret_version"] == 2
    assert rotated.json()["old_secret_until"] is not None
    assert api.chen.post("webhooks/", BODY, key="once").json()["secret"] is None


def test_a_general_manager_has_their_own_house_s_and_no_other(api):  # noqa: F811
    own = api.grace.post("webhooks/", BODY)
    assert (own.status_code, own.json()["property"]) == (201, "LAX")
    for place in ("NYC", None):
        refused = api.grace.post("webhooks/", BODY | {"property": place})
        assert (refused.status_code, fields(refused)) == (403, {"property": ["not_yours"]})
    everywhere = api.chen.post("webhooks/", BODY).json()
    assert api.grace.get(f"webhooks/{everywhere['id']}/").status_code == 404
    assert [one["id"] for one in api.grace.get("webhooks/").json()["results"]] == [own.json()["id"]]
    assert api.gina.get("webhooks/").json()["results"] == []
    assert api.gina.post(f"webhooks/{own.json()['id']}/rotate/").status_code == 404


@pytest.mark.parametrize("name", ["maria", "omar", "ada"])
def test_nobody_else_has_a_token_for_it_and_in_the_browser_it_is_refused(api, client, name):  # noqa: F811
    caller = getattr(api, name)
    assert caller.get("webhooks/").status_code == 403
    assert caller.post("webhooks/", BODY).status_code == 403
    caller.client.credentials()
    caller.client.force_authenticate(None)
    client.force_login(caller.employee)
    assert client.get("/api/v1/webhooks/").json()["results"] == []
    refused = client.post("/api/v1/webhooks/", BODY | {"property": "LAX"}, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    assert not Webhook.objects.exists()


def test_a_token_needs_the_scope(api):  # noqa: F811
    reader = Caller(api.scene.chen, scopes=["webhooks:read"])
    assert reader.get("webhooks/").status_code == 200
    assert reader.post("webhooks/", BODY).status_code == 403
    issue_token(actor=api.scene.admin, employee=api.scene.admin, name="set-up", scopes=["webhooks:write"])


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"url": "https://127.0.0.1/"}, {"url": ["private_address"]}),
        ({"url": "http://93.184.215.14/"}, {"url": ["scheme"]}),
        ({"url": None}, {"url": ["null"]}),
        ({"event_types": ["spend.lost"]}, {"event_types": ["invalid_choice"]}),
        ({"event_types": []}, {"event_types": ["invalid"]}),
        ({"property": "XXX"}, {"property": ["does_not_exist"]}),
        ({"secret": "whsec_mine"}, {"secret": ["unknown_field"]}),
        ({"description": "x" * 201}, {"description": ["max_length"]}),
    ],
)
def test_what_is_wrong_is_400_and_named(api, change, expected):  # noqa: F811
    answer = api.chen.post("webhooks/", BODY | change)
    assert (answer.status_code, fields(answer)) == (400, expected)
    made = api.chen.post("webhooks/", BODY).json()
    if "property" not in change:
        answer = api.chen.patch(f"webhooks/{made['id']}/", change, etag='"1"')
        assert (answer.status_code, fields(answer)) == (400, expected)


def test_deliveries_are_read_and_sent_again(api, receiver):  # noqa: F811
    made = api.chen.post("webhooks/", {"url": receiver.url, "event_types": ["*"]}).json()
    api.log()
    dispatch_events()
    receiver.answer = 500
    deliver_webhooks()
    deliveries = f"webhooks/{made['id']}/deliveries/"
    [one] = api.chen.get(deliveries, status="waiting", type="incident.logged").json()["results"]
    assert (one["status"], one["last_status"], one["last_reason"], one["tries"]) == ("waiting", 500, "http_error", 1)
    whole = api.chen.get(f"{deliveries}{one['id']}/").json()
    assert whole["payload"]["type"] == "incident.logged"
    assert [(attempt["status"], attempt["reason"]) for attempt in whole["attempts"]] == [(500, "http_error")]
    receiver.answer = 204
    again = api.chen.post(f"{deliveries}{one['id']}/replay/")
    assert (again.status_code, again.json()["tries"]) == (200, 0)
    deliver_webhooks()
    whole = api.chen.get(f"{deliveries}{one['id']}/").json()
    assert (whole["status"], len(whole["attempts"])) == ("delivered", 2)
    assert whole["attempts"][1]["reason"] is None
    ping = api.chen.post(f"webhooks/{made['id']}/ping/")
    assert (ping.json()["type"], ping.json()["payload"]["data"]) == ("webhook.ping", {"webhook": made["id"]})
    other = api.chen.post("webhooks/", BODY).json()
    assert api.chen.get(f"webhooks/{other['id']}/deliveries/").json()["results"] == []
    assert api.chen.get(f"webhooks/{other['id']}/deliveries/{one['id']}/").status_code == 404
    assert api.grace.get(deliveries).json()["results"] == []
    assert api.grace.post(f"{deliveries}{one['id']}/replay/").status_code == 404


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"event_types": "spend.posted"}, ["every", "some"]),
        ({"event_types": "incident.logged"}, ["every"]),
        ({"event_types": "incident.logged,approval.requested"}, ["every", "some"]),
        ({"search": "som"}, ["some"]),
        ({"property": "LAX"}, ["some"]),
        ({"has_property": "false"}, ["every"]),
        ({"created_by": "grace"}, ["some"]),
        ({"has_failing_since": "true"}, []),
        ({"has_retired_at": "false", "is_active": "true"}, ["every", "some"]),
    ],
)
def test_webhooks_are_found_by_what_they_are(api, asked, found):  # noqa: F811
    api.chen.post("webhooks/", BODY | {"description": "every", "event_types": ["*"]})
    api.grace.post("webhooks/", BODY | {"description": "some"})
    answer = api.chen.get("webhooks/", **asked)
    assert answer.status_code == 200, answer.content
    assert sorted(one["description"] for one in answer.json()["results"]) == found


def test_lists_ask_no_more_for_more_rows(api, receiver):  # noqa: F811
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    made = api.chen.post("webhooks/", {"url": receiver.url, "event_types": ["*"]}).json()
    costs = []
    for _time in range(2):
        for _row in range(3):
            api.chen.post("webhooks/", BODY | {"property": "LAX"})
            api.chen.post(f"webhooks/{made['id']}/ping/")
        with CaptureQueriesContext(connection) as queries:
            api.chen.get("webhooks/")
            api.chen.get(f"webhooks/{made['id']}/deliveries/")
        costs.append(len(queries))
    assert costs[0] == costs[1]
