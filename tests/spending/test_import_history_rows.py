"""What a row becomes: its times, its place, its people, its incident."""

from datetime import UTC, date, datetime, timedelta

import pytest

from empower import clock
from empower.audit.models import AuditEvent
from empower.incidents.models import Category, Guest, Incident, IncidentGuest, Resolution
from empower.incidents.services import erase_guest, merge_guests
from empower.policies.models import Policy
from empower.spending.history.times import NoSuchTime, read_stamp
from empower.spending.models import Gesture, Spend
from empower.spending.services import void_incident
from empower.staff.models import Department, Employee, Property
from tests.spending.importing import GIFT, LAX, bring

pytestmark = [pytest.mark.django_db, pytest.mark.long("postgresql")]  # what is read and written is a file

USD = {"currency": "USD"}


# --- times --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "timezone", "moment"),
    [
        ("2026-03-10", "America/Los_Angeles", "2026-03-10T07:00:00Z"),
        ("2026-01-10", "America/Los_Angeles", "2026-01-10T08:00:00Z"),
        ("2026-03-10T18:30", "America/Los_Angeles", "2026-03-11T01:30:00Z"),
        ("2026-03-10 18:30:15", "America/Los_Angeles", "2026-03-11T01:30:15Z"),
        ("2026-03-10T18:30:15.25Z", "America/Los_Angeles", "2026-03-10T18:30:15.250000Z"),
        ("2026-03-10T18:30:15,123456789+05:30", "UTC", "2026-03-10T13:00:15.123456Z"),
        ("2026-03-10T18:30-08", "UTC", "2026-03-11T02:30:00Z"),
        ("20260310T183000Z", "UTC", "2026-03-10T18:30:00Z"),
        ("20260310", "UTC", "2026-03-10T00:00:00Z"),
        # Clocks put back: the first of the two.
        ("2026-11-01T01:30", "America/Los_Angeles", "2026-11-01T08:30:00Z"),
        # Midnight itself was jumped over: the day begins at one.
        ("2018-11-04", "America/Sao_Paulo", "2018-11-04T03:00:00Z"),
    ],
)
def test_a_time_is_the_moment_it_says(text, timezone, moment):
    assert read_stamp(text).at(timezone) == datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    "text",
    [
        "10/03/2026", "2026-3-10", "2026-03", "2026", "10 March 2026", "30-DEC-0207 00:00", "2026-02-29", "2026-13-01",
        "2026-03-10T24:00", "2026-03-10T18", "2026-03-10T18:60", "2026-03-10T18:30:60", "2026-03-10T18:30 UTC",
        "2026-03-10T18:30z", "2026-03-10t18:30", "1773167400", "0000-01-01", "2026-03-10T", "2026-03-10Z", "-2026-03-10",
        "2026-W11-2", "٢٠٢٦-٠٣-١٠", "2026-03-10T18:30+25:00", "0001-01-01T00:00+01:00", "now", "2026-03-10\n",
    ],
)  # fmt: skip
def test_another_form_is_no_time(text):
    with pytest.raises(NoSuchTime):
        read_stamp(text)


@pytest.mark.parametrize(
    ("text", "timezone"),
    [
        ("2026-03-08T02:30", "America/Los_Angeles"),
        ("0001-01-01", "Asia/Tokyo"),
        ("9999-12-31", "America/Los_Angeles"),
        ("9999-12-31T23:59", "America/Los_Angeles"),
    ],
)
def test_a_local_time_that_never_was_is_no_time_there(text, timezone):
    with pytest.raises(NoSuchTime):
        read_stamp(text).at(timezone)


@pytest.mark.parametrize(
    ("times", "is_fit"),
    [
        (("2026-03-10", "2026-03-10", "2026-03-10"), True),
        (("2026-03-10", "2026-03-09", ""), False),
        (("2026-03-10T18:00", "2026-03-10", ""), True),
        (("2026-03-10T18:00", "2026-03-10T17:59", ""), False),
        (("2026-03-10T18:00", "2026-03-10T18:00", ""), True),
        # 01:00 UTC on the 11th is still the 10th in Los Angeles.
        (("2026-03-11T01:00Z", "2026-03-10", ""), True),
        (("2026-03-10", "2026-03-12", "2026-03-11"), False),
        (("2026-03-10", "", "2026-03-09"), False),
        (("2026-03-10T18:00", "2026-03-10", "2026-03-10T17:00"), False),
        (("2026-03-08T02:30", "", ""), False),
    ],
)
def test_an_incident_occurs_then_is_reported_then_is_resolved(tmp_path, times, is_fit):
    cells = dict(zip(("occurred_at", "reported_at", "resolved_at"), times, strict=True))
    done = bring(tmp_path, LAX | USD | cells | {"timezone": "America/Los_Angeles"})
    assert done.counts()[1] == is_fit
    for incident in Incident.objects.all():
        assert incident.occurred_at <= incident.reported_at <= (incident.resolved_at or incident.reported_at)


def test_a_time_in_the_future_is_rejected_and_today_is_not_the_future(tmp_path):
    with clock.standing_at(datetime(2026, 3, 10, 12, 0, tzinfo=UTC)):
        done = bring(
            tmp_path,
            *(
                {"property": "LAX", "occurred_at": at} | USD
                for at in ("2026-03-10", "2026-03-11", "2026-03-10T12:00:01Z")
            ),
            {"property": "LAX", "occurred_at": "2026-03-10", "reported_at": "2026-03-12"},
            {"property": "LAX", "occurred_at": "2026-03-10", "resolved_at": "2026-03-12"},
        )
    assert done.counts() == (5, 1, 0, 0, 4)
    assert [row["reason"] for row in done.rejects] == [
        "occurred_at “2026-03-11” is in the future",
        "occurred_at “2026-03-10 12:00:01+00:00” is in the future",
        "reported_at “2026-03-12” is in the future",
        "resolved_at “2026-03-12” is in the future",
    ]


# --- the property -------------------------------------------------------------------------------------------------


def test_a_new_property_takes_the_currency_of_its_first_row_that_has_one_else_the_files_only_one(tmp_path):
    done = bring(tmp_path, LAX, LAX | {"property": "SFO"}, LAX | USD)
    assert done.code == 0
    assert {property.currency for property in Property.objects.all()} == {"USD"}
    assert Policy.objects.filter(property__code="SFO", currency="USD").exists()


def test_a_new_property_whose_currency_nobody_knows_is_rejected(tmp_path):
    done = bring(tmp_path, LAX | {"property": "PAR", "currency": "EUR"}, LAX | USD, LAX | {"property": "KYO"})
    assert done.counts() == (3, 2, 0, 0, 1)
    assert done.rejects[0]["reason"] == "property “KYO” is new, and no row names its currency"
    assert not Property.objects.filter(code="KYO").exists()


def test_a_new_property_without_a_time_zone_opens_in_utc_and_the_import_says_so(tmp_path):
    done = bring(tmp_path, LAX | USD, LAX | {"property": "NYC", "timezone": "America/New_York"})
    assert done.said["properties opened in UTC, no time zone given"] == "LAX"
    assert dict(Property.objects.values_list("code", "timezone")) == {"LAX": "UTC", "NYC": "America/New_York"}


def test_an_unknown_time_zone_rejects_the_row(tmp_path):
    zones = ["Mars/Olympus", "../etc/passwd", "America", "PST", "america/new_york"]
    done = bring(tmp_path, *(LAX | USD | {"timezone": zone} for zone in zones))
    assert done.counts() == (5, 0, 0, 0, 5)
    assert not Property.objects.exists()


def test_a_known_property_keeps_its_own_time_zone(tmp_path, scene):
    done = bring(tmp_path, LAX | {"timezone": "Asia/Tokyo"})
    assert Incident.objects.get().occurred_at == datetime(2026, 3, 10, 7, 0, tzinfo=UTC)
    assert done.said["rows in another time zone than their property's, which stands"] == "1"


def test_a_spend_in_another_currency_than_the_propertys_is_rejected_by_name(tmp_path):
    done = bring(tmp_path, GIFT, GIFT | {"currency": "EUR"}, GIFT | {"currency": "usd"})
    assert done.counts() == (3, 1, 0, 0, 2)
    assert done.rejects[0]["reason"] == "currency: LAX spends in USD, not EUR"


def test_codes_are_kept_as_the_file_has_them(tmp_path):
    cells = {"department": "PARKS, FORESTRY & RECREATION", "employee": "007", "guest": 'TPA/GREEN "P"   *QPL'}
    done = bring(tmp_path, GIFT | cells | {"category": "R & M - SIGN MAINT", "gesture": "Früh/stück *1"})
    assert done.code == 0
    assert Department.objects.get().code == "PARKS, FORESTRY & RECREATION"
    assert Guest.objects.get().name == 'TPA/GREEN "P"   *QPL'
    assert Category.objects.filter(code="R & M - SIGN MAINT").exists()
    gesture = Gesture.objects.get(code="Früh/stück *1")
    assert (gesture.account, gesture.cost_ratio) == ("fr_h_st_ck_1", 10_000)
    employee = Employee.objects.get(code="007")
    assert (employee.role, employee.property.code, employee.department) == ("frontline", "LAX", None)
    assert not employee.has_usable_password()


def test_what_is_longer_than_its_place_is_rejected(tmp_path):
    long = {"employee": "e" * 65, "guest": "g" * 201, "department": "d" * 65, "incident": "i" * 201}
    done = bring(tmp_path, *(GIFT | {name: value} for name, value in long.items()))
    assert done.counts() == (4, 0, 0, 0, 4)
    assert done.rejects[0]["reason"] == "employee has more than 64 characters"


# --- people -------------------------------------------------------------------------------------------------------


def test_a_guest_is_known_by_property_and_name(tmp_path, scene):
    done = bring(
        tmp_path,
        GIFT | {"guest": "Jones"},
        GIFT | {"guest": "Jones", "property": "NYC", "employee": "paul"},
        GIFT | {"guest": "jones"},
    )
    assert done.code == 0
    assert Spend.objects.get(external_id="r1").guest == scene.jones
    assert Guest.objects.filter(name__iexact="jones").count() == 3


def test_a_merged_guest_is_the_one_that_stands(tmp_path, scene):
    merge_guests(actor=None, kept=scene.rivera, merged=scene.jones)
    bring(tmp_path, GIFT | {"guest": "Jones"})
    assert Spend.objects.get().guest == scene.rivera


def test_the_house_itself_gives_nothing(tmp_path, scene):
    done = bring(tmp_path, GIFT | {"employee": "admin"}, GIFT | {"employee": "system"}, GIFT | {"employee": "System"})
    assert done.counts() == (3, 0, 0, 0, 3)
    assert not Spend.objects.exists()


def test_a_code_that_is_somebodys_username_makes_another_person(tmp_path, scene):
    Employee.objects.filter(pk=scene.maria.pk).update(code="4711")
    done = bring(tmp_path, GIFT | {"employee": "maria"})
    assert done.code == 0
    assert Spend.objects.get().employee.username != "maria"


# --- the incident -------------------------------------------------------------------------------------------------


def test_a_row_without_an_amount_is_the_incident_alone(tmp_path):
    done = bring(tmp_path, LAX | USD | {"employee": "E1", "guest": "Dr Haddad", "gesture": "meal", "narrative": " x "})
    incident = Incident.objects.get()
    assert done.code == 0
    assert (incident.narrative, incident.kind, incident.status) == (" x ", "recovery", "open")
    assert (incident.owner.code, incident.guests.get().name) == ("E1", "Dr Haddad")
    assert (incident.recorded_by, incident.external_id) == (None, "r1")
    assert not Spend.objects.exists()


def test_rows_that_share_an_incident_are_one_and_the_first_rows_facts_stand(tmp_path):
    first = GIFT | {"incident": "i", "category": "noise", "department": "spa", "kind": "delight", "narrative": "one"}
    second = first | {"category": "cold", "department": "bar", "employee": "E2", "narrative": ""}
    done = bring(tmp_path, first, second, GIFT | {"incident": "i", "property": "NYC"}, first | {"kind": "recovery"})
    assert done.said["differing facts (the first row's stand)"] == "3"
    incident = Incident.objects.get(property__code="LAX")
    assert (incident.category.code, incident.department.code, incident.kind) == ("noise", "spa", "delight")
    assert [spend.department.code for spend in incident.spends.order_by("pk")] == ["spa", "bar", "spa"]
    assert Incident.objects.count() == 2
    assert IncidentGuest.objects.filter(incident=incident).count() == 1


def test_rows_of_a_later_file_join_the_incident_that_is_there(tmp_path):
    bring(tmp_path, GIFT | {"incident": "i", "narrative": "one"})
    done = bring(tmp_path, GIFT | {"external_id": "later", "incident": "i", "guest": "Ms Ito", "narrative": "two"})
    assert done.said["differing facts (the first row's stand)"] == "1"
    assert Incident.objects.get().guests.count() == 2


def test_an_outcome_resolves_the_incident_for_its_guests(tmp_path):
    ended = {"outcome": "recovered", "feeling_before": "0", "feeling_after": "10", "resolved_at": "2026-03-12"}
    bring(
        tmp_path,
        GIFT | ended | {"incident": "i"},
        GIFT | {"incident": "i", "guest": "Ms Ito", "outcome": "lost"},
        GIFT | {"incident": "j", "reported_at": "2026-03-11", "outcome": "unknown"},
        GIFT | {"incident": "k", "resolved_at": "2026-03-13"},
        LAX | {"incident": "l", "outcome": "lost"},
    )
    i, j, k, alone = Incident.objects.order_by("external_id")
    assert (i.status, i.resolved_at.date(), i.outcome) == ("resolved", date(2026, 3, 12), "lost")
    haddad = i.incident_guests.get(guest__name="Dr Haddad")
    assert (haddad.outcome, haddad.feeling_before, haddad.feeling_after) == ("recovered", 0, 10)
    assert (j.resolved_at, j.outcome) == (j.reported_at, "unknown")
    assert (k.status, k.outcome, k.incident_guests.get().outcome) == ("resolved", "unknown", "unknown")
    assert (alone.outcome, alone.incident_guests.count()) == ("lost", 0)
    assert Resolution.objects.count() == 4


@pytest.mark.parametrize(
    "cells",
    [
        {"feeling_before": "11"}, {"feeling_before": "-1"}, {"feeling_after": "7.5"}, {"feeling_after": "٣"},
        {"outcome": "happy"}, {"kind": "Recovery"}, {"guest": "", "amount": "", "feeling_before": "5"},
        {"currency": "XXX"}, {"external_id": ""}, {"property": " "}, {"occurred_at": ""},
    ],
)  # fmt: skip
def test_a_cell_that_says_something_else_rejects_its_row(tmp_path, cells):
    done = bring(tmp_path, GIFT | cells)
    assert (done.code, done.counts()) == (3, (1, 0, 0, 0, 1))
    assert not Incident.objects.exists()


def test_nothing_more_is_put_on_a_voided_incident(tmp_path, scene):
    bring(tmp_path, LAX | {"incident": "i"})
    void_incident(actor=scene.grace, incident=Incident.objects.get(), reason="a mistake")
    done = bring(tmp_path, GIFT | {"external_id": "later", "incident": "i"})
    assert done.counts() == (1, 0, 0, 0, 1)
    assert "voided" in done.rejects[0]["reason"]


def test_an_erased_guest_does_not_come_back_with_the_same_file(tmp_path, scene):
    bring(tmp_path, GIFT | {"note": "by Dr Haddad's bed"})
    erase_guest(actor=None, guest=Guest.objects.get(name="Dr Haddad"))
    done = bring(tmp_path, GIFT | {"note": "by Dr Haddad's bed"})
    assert done.counts() == (1, 0, 1, 0, 0)
    assert not Guest.objects.filter(name="Dr Haddad").exists()


# --- the log ------------------------------------------------------------------------------------------------------


def test_each_row_is_one_event_of_the_system_with_nothing_personal_in_it(tmp_path):
    words = {"guest": "Dr Haddad", "narrative": "the shower was cold", "note": "by the pool"}
    bring(
        tmp_path,
        GIFT | words | {"incident": "Dr Haddad, room 12"},
        LAX | words,
        GIFT | words | {"incident": "Dr Haddad, room 12", "amount": "-99.00"},
    )
    rows = AuditEvent.objects.filter(verb__endswith=".imported").order_by("pk")
    assert [event.verb for event in rows] == ["spend.imported", "incident.imported", "credit.imported"]
    assert {event.actor_id for event in AuditEvent.objects.all()} == {None}
    bodies = "".join(event.body for event in AuditEvent.objects.all())
    assert not any(word in bodies for word in ("Haddad", "shower", "pool", "room 12"))


def test_four_times_are_kept_apart(tmp_path):
    now = datetime(2026, 4, 1, tzinfo=UTC)
    with clock.standing_at(now):
        times = {"occurred_at": "2026-03-10", "reported_at": "2026-03-11", "resolved_at": "2026-03-12"}
        bring(tmp_path, GIFT | times)
    incident = Incident.objects.get()
    days = (incident.occurred_at, incident.reported_at, incident.resolved_at)
    assert [day - days[0] for day in days] == [timedelta(0), timedelta(1), timedelta(2)]
    assert incident.recorded_at == now
