"""Whatever is sent, wherever: an answer below 500, and a problem document where it is an error."""

import os

import pytest
from django.urls import resolve

from empower.audit.models import AuditEvent
from tests.api.conftest import address

pytestmark = pytest.mark.django_db

ODD = [
    None, True, False, 0, -1, 7, 1.5, 1e300, 10**30, "", " ", "7", "-7", "x", "x" * 300, "2026-01-01T00:00:00Z",
    "9999-12-31T23:59:59-23:59", "2026-02-30", "'; drop table", "\U0001f600", "\u202e", [], [[]], {}, {"id": {}},
    ["1", 2, None, {"name": None}, {"id": []}], "99999999999999999999", 2**63, 2**63 - 1,
]  # fmt: skip
LONG = bool(os.environ.get("TEST_LONG"))


def some_odd(number, each=11):
    """Every eleventh of them, for each field others: all of them take minutes, in `make test-long`."""
    return ODD if LONG else ODD[number % each :: each]


DOORS = {
    "incidents/": (
        "kind", "property", "department", "guests", "category", "touchpoint", "severity", "narrative", "occurred_at",
        "reported_at", "feeling_before", "owner",
    ),
    "guests/": ("property", "kind", "colleague", "name", "room", "arrival", "departure"),
    "spends/": (
        "incident", "guest", "gesture", "amount", "currency", "cost", "note", "reason", "promised_for",
        "verbal_approval_by", "ask", "split",
    ),
    "allotments/": ("property", "department", "begins_on", "ends_on", "amount", "currency"),
    "room-nights/": ("property", "day", "occupied"),
    "incidents/{incident}/resolve/": ("outcome", "feeling_after", "guests"),
    "incidents/{incident}/reopen/": ("reason",),
    "incidents/{incident}/guests/": ("id", "name", "feeling_before", "kind", "colleague"),
    "incidents/{incident}/follow-ups/": ("guest", "channel", "contacted_at", "note"),
    "guests/{guest}/merge/": ("merged",),
    "spends/{spend}/reverse/": ("reason", "amount"),
    "spends/{spend}/given/": ("given_at",),
    "spends/{spend}/withdraw/": ("reason",),
    "approvals/{approval}/ask/": ("reason", "question", "version"),
    "approvals/{approval}/reply/": ("reason", "reply", "version"),
    "approvals/{approval}/approve/": ("reason", "amount", "version"),
    "approvals/{approval}/deny/": ("reason", "version"),
}  # fmt: skip


def ids_of(api):
    incident = api.log()
    spend = api.give(incident, "3000.00").json()
    return {
        "incident": incident["id"],
        "guest": incident["guests"][0]["id"],
        "spend": spend["id"],
        "approval": spend["approval"]["id"],
    }


#: A verb's body is judged before the database is asked.
ASKED_ON_BOTH = [pytest.param(door, marks=pytest.mark.long("postgresql")) if "{" in door else door for door in DOORS]


@pytest.mark.parametrize("door", ASKED_ON_BOTH)
def test_no_body_breaks_a_door(api, door):
    ids = ids_of(api)
    good = {
        "incidents/": {"property": "LAX", "guests": [{"name": "X"}]},
        "guests/": {"name": "X"},
        "spends/": {"incident": ids["incident"], "guest": ids["guest"], "gesture": "meal", "amount": "1", "currency": "USD"},
    }.get(door, {})  # fmt: skip
    for number, field in enumerate(DOORS[door]):
        for odd in some_odd(number):
            answer = api.grace.post(door.format(**ids), good | {field: odd})
            assert answer.status_code < 500, (field, odd, answer.content)
            if answer.status_code >= 400:
                assert answer["Content-Type"] == "application/problem+json"
                assert answer.json()["code"]


@pytest.mark.parametrize(
    "field", ["severity", "narrative", "department", "owner", "occurred_at", "guests", "feeling_after"]
)
def test_no_change_breaks_an_incident(api, field):
    incident = api.log()
    for odd in ODD if LONG else ODD[::5]:
        answer = api.maria.patch(f"incidents/{incident['id']}/", {field: odd}, etag="*")
        assert answer.status_code < 500, (odd, answer.content)


@pytest.mark.parametrize(
    "path", ["incidents/", "spends/", "approvals/", "journal/entries/", "journal/balances/", "audit/events/", "guests/"]
)
def test_no_filter_breaks_a_list(api, path):
    filters = resolve(address(path)).func.cls.filterset_class.base_filters
    for number, name in enumerate(filters):
        for odd in some_odd(number, each=17):
            if isinstance(odd, str | int):
                answer = api.omar.get(path, **{name: str(odd)})
                assert answer.status_code in (200, 400), (name, odd, answer.content)
    assert AuditEvent.objects.filter(verb="employee.viewed").count() <= len(filters) * 2
