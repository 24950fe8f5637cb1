"""Lists: walked to their end while rows are added, asked only what they know, the same few queries however long."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from empower.audit.models import AuditEvent
from empower.journal.services import allot_budget
from empower.policies.services import write_policy
from empower.staff.models import RoomNights
from empower.staff.services import create_department, report_room_nights
from tests import factories as make
from tests.api.conftest import Callers, fields
from tests.remembered import remembered

pytestmark = pytest.mark.django_db

DAY = date(2026, 1, 1)

LISTS = [
    "properties/", "departments/", "employees/", "guests/", "categories/", "touchpoints/", "gestures/", "policies/",
    "allotments/", "room-nights/", "incidents/", "spends/", "approvals/", "journal/entries/", "journal/balances/",
    "audit/events/",
]  # fmt: skip


def walk(caller, path, **query):
    """Every row of a list, page by page."""
    rows, answer = [], caller.get(path, **query)
    while True:
        assert answer.status_code == 200, answer.content
        page = answer.json()
        assert set(page) == {"next", "previous", "results"}
        rows += page["results"]
        if page["next"] is None:
            return rows
        answer = caller.get(page["next"])


def test_a_walk_skips_nothing_and_repeats_nothing_while_rows_are_added(api):
    there = [api.log()["id"] for _ in range(7)]
    page = api.maria.get("incidents/", page_size=3).json()
    seen = [row["id"] for row in page["results"]]
    while page["next"]:
        api.log()
        page = api.maria.get(page["next"]).json()
        seen += [row["id"] for row in page["results"]]
    assert seen == list(reversed(there))
    back = api.maria.get(page["previous"]).json()
    assert [row["id"] for row in back["results"]] == [there[3], there[2], there[1]]
    oldest_first = walk(api.maria, "incidents/", ordering="id", page_size=4)
    assert [row["id"] for row in oldest_first[:7]] == there


def test_a_page_is_at_most_200_and_says_what_it_can_not_be(api):
    assert api.maria.get("incidents/", page_size=500).status_code == 200
    for size in ("0", "-1", "many", "1.5", "²"):
        assert fields(api.maria.get("incidents/", page_size=size)) == {"page_size": ["invalid"]}
    assert fields(api.maria.get("incidents/", ordering="colour")) == {"ordering": ["invalid_choice"]}


@pytest.mark.parametrize("cursor", ["x", "cD1hYmM=", "bz1hYmM=", "é", "cD05OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk=", "////"])
def test_a_cursor_that_is_none_of_ours_is_400(api, cursor):
    assert fields(api.maria.get("incidents/", cursor=cursor)) == {"cursor": ["invalid_cursor"]}


@pytest.mark.parametrize("path", LISTS)
def test_an_unknown_filter_is_an_error_that_names_it(api, path):
    caller = api.ada if path != "spends/" else api.omar
    assert fields(caller.get(path, colour="red")) == {"colour": ["unknown_filter"]}
    assert fields(caller.get(path, format="pdf")) == {"format": ["invalid_choice"]}


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("incidents/", {"status": "broken"}, "invalid_choice"),
        ("incidents/", {"status": "open,broken"}, "invalid_choice"),
        ("incidents/", {"property": "XXX"}, "invalid_choice"),
        ("incidents/", {"property": "L\0X"}, "null_characters_not_allowed"),
        ("incidents/", {"category": "no-such"}, "invalid_choice"),
        ("incidents/", {"guest": "one"}, "invalid"),
        ("incidents/", {"guest": "9" * 30}, "invalid"),
        ("incidents/", {"occurred_from": "2026-01-01T00:00:00"}, "no_zone"),
        ("incidents/", {"occurred_from": "soon"}, "invalid"),
        ("incidents/", {"owner": "nobody"}, "invalid_choice"),
        ("incidents/", {"severity": "9"}, "invalid_choice"),
        ("spends/", {"given": "maybe"}, "invalid"),
        ("spends/", {"currency": "XYZ"}, "currency"),
        ("spends/", {"employee": "999999"}, "invalid_choice"),
        ("spends/", {"amount_min": "10.00"}, "currency_required"),
        ("spends/", {"amount_max": "1,000", "currency": "USD"}, "invalid"),
        ("audit/events/", {"position_from": "-1"}, "min_value"),
        ("audit/events/", {"position_from": "x"}, "invalid"),
        ("journal/balances/", {"as_of_recorded": "2026"}, "invalid"),
    ],
)
def test_a_value_that_a_filter_can_not_take_is_an_error_that_names_it(api, path, query, code):
    assert fields(api.omar.get(path, **query)) == {next(iter(query)): [code]}


def test_a_filter_given_twice_is_an_error(api):
    answer = api.maria.client.get("/api/v1/incidents/?search=lift&search=stairs")
    assert fields(answer) == {"search": ["twice"]}


def test_a_filter_that_takes_several_takes_them_by_commas_or_given_again(api):
    api.log()
    voided = api.log()
    api.maria.post(f"incidents/{voided['id']}/void/", {"reason": "Logged twice."})
    assert len(api.maria.get("incidents/", status="open,void").json()["results"]) == 2
    assert len(api.maria.client.get("/api/v1/incidents/?status=open&status=void").json()["results"]) == 2
    assert len(api.maria.client.get("/api/v1/incidents/?status=void&status=void").json()["results"]) == 1
    answer = api.maria.client.get("/api/v1/incidents/?status=open&status=ended")
    assert fields(answer) == {"status": ["invalid_choice"]}


def test_filters_narrow_the_list(api):
    first, second = api.log(severity=5), api.log(severity=1, department="dining")
    api.maria.post(f"incidents/{second['id']}/resolve/", {"outcome": "lost"})
    spend = api.give(first, "10.00").json()

    def ids(path, caller=api.omar, **query):
        return [row["id"] for row in caller.get(path, **query).json()["results"]]

    assert ids("incidents/", status="resolved") == [second["id"]]
    assert ids("incidents/", status="open,resolved") == [second["id"], first["id"]]
    assert ids("incidents/", severity="5") == [first["id"]]
    assert ids("incidents/", department="dining") == [second["id"]]
    assert ids("incidents/", outcome="lost", property="LAX") == [second["id"]]
    assert ids("incidents/", guest=first["guests"][0]["id"]) == [first["id"]]
    assert ids("incidents/", owner=api.scene.maria.code) == [second["id"], first["id"]]
    assert ids("incidents/", owner=str(api.scene.omar.pk)) == []
    assert ids("incidents/", occurred_from="2100-01-01") == []
    assert ids("incidents/", occurred_to="2100-01-01T00:00:00Z", kind="recovery") == [second["id"], first["id"]]
    assert ids("spends/", incident=first["id"], gesture="meal", given="false", status="posted") == [spend["id"]]
    assert ids("spends/", employee=api.scene.tomas.code) == []
    assert ids("spends/", amount_min="10.00", amount_max="10.00", currency="USD") == [spend["id"]]
    assert ids("spends/", amount_min="10.01", currency="USD") == []
    assert ids("spends/", caller=api.maria) == [spend["id"]]
    assert ids("spends/", caller=api.tomas) == []
    assert ids("gestures/", code="meal", is_free="false") != []
    assert ids("guests/", name="haddad") != []


def fill(scene, count):
    """``count`` rows of everything that a list shows, beside the cast, before anybody has a token. Made once in a run."""
    remembered(f"{count} of everything", lambda: _fill(Callers(scene), count))


def _fill(api, count):
    scene = api.scene
    for place in range(count):
        incident = api.log(department="front_desk", touchpoint="front_desk", owner=scene.omar.code)
        api.give(incident, "3.00")
        api.give(incident, "2300.00", split=True)
        waiting = api.give(incident, "2500.00").json()
        api.omar.post(f"approvals/{waiting['approval']['id']}/ask/", {"reason": "Why?"})
        create_department(actor=None, property=scene.lax, code=f"team-{AuditEvent.objects.count()}", name="Team")
        house = make.PropertyFactory()
        make.ManagerFactory(property=house)
        allot_budget(
            actor=scene.grace, property=scene.lax, amount=100, begins_on=DAY, ends_on=DAY, department=scene.lax_desk
        )
        night = DAY + timedelta(days=RoomNights.objects.count())
        report_room_nights(actor=scene.grace, property=scene.lax, day=night, occupied=100 + place)
        write_policy(actor=scene.chen, code=f"p{place}-{house.code}", property=scene.lax, currency="USD", limit=1000)


def counted_at(scene, counts, count):
    """``count()`` of lists as long as each of ``counts`` says, one after another in the same empty house."""
    for rows in counts:
        with transaction.atomic():
            fill(scene, rows)
            yield count(Callers(scene))
            transaction.set_rollback(True)


@pytest.mark.long("postgresql")
def test_no_list_asks_more_queries_for_more_rows(scene):
    def queries(api):
        counts = {}
        for caller in (api.omar, api.chen):
            caller.get("me/")  # the token's minute is noted once
            for path in LISTS:
                with CaptureQueriesContext(
                    connection,
                ) as asked:
                    answer = caller.get(path, page_size=200)
                assert answer.status_code == 200, answer.content
                counts[path, caller.employee.username] = (len(asked), len(answer.json()["results"]))
        return counts

    few, many = counted_at(scene, (1, 3), queries)
    assert {key: asked for key, (asked, _rows) in many.items()} == {key: asked for key, (asked, _rows) in few.items()}
    grew = {path for (path, _who), (_asked, rows) in many.items() if rows > few[path, _who][1]}
    assert grew == set(LISTS) - {"categories/", "touchpoints/", "gestures/", "journal/balances/"}
    assert max(asked for asked, _rows in many.values()) <= 6


@pytest.mark.long("postgresql")
def test_follow_ups_and_similar_ask_no_more_for_more_rows(api):
    incident = api.log()
    api.maria.post(f"incidents/{incident['id']}/resolve/", {"outcome": "recovered"})

    def queries():
        counts = []
        for path in ("follow-ups", "similar"):
            with CaptureQueriesContext(connection) as asked:
                answer = api.omar.get(f"incidents/{incident['id']}/{path}/")
            counts.append((path, len(asked)))
        return counts, len(answer.json()["results"])

    def more():
        api.maria.post(f"incidents/{incident['id']}/follow-ups/", {"note": "Called"})
        other = api.log()
        api.give(other, "1.00")
        api.maria.post(f"incidents/{other['id']}/resolve/", {"outcome": "recovered"})

    more()
    api.omar.get("me/")  # the token's minute is noted once
    few, one = queries()
    for _ in range(5):
        more()
    many, six = queries()
    assert few == many
    assert (one, six) == (1, 6)
