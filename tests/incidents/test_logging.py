"""Two minutes in a corridor: what happened is written down, or refused by the name of what is wrong."""

import json
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from empower import clock
from empower.audit.models import AuditEvent
from empower.incidents.models import Category, Guest, Incident, IncidentGuest, Touchpoint
from empower.incidents.services import add_guest, erase_guest, log_incident, merge_guests
from empower.refusals import NotPermitted
from empower.staff.models import Employee
from empower.staff.services import change_employee, system_employee

from .happenings import logged

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def test_a_guest_alone_is_enough(scene):
    with clock.standing_at(NOON):
        incident = logged(scene)
    incident.refresh_from_db()
    assert (incident.kind, incident.status, incident.severity, incident.version) == ("recovery", "open", 2, 1)
    assert incident.occurred_at == incident.reported_at == incident.recorded_at == NOON
    assert incident.owner == incident.recorded_by == scene.maria
    assert list(incident.guests.all()) == [scene.jones]


def test_all_of_it_is_kept(scene):
    incident = logged(
        scene,
        scene.jones,
        {"name": "Ana", "room": "12", "arrival": date(2026, 6, 1), "departure": date(2026, 6, 1), "feeling_before": 0},
        kind="delight",
        department=scene.lax_desk,
        category=Category.objects.get(code="room"),
        touchpoint=Touchpoint.objects.get(code="spa"),
        severity=5,
        narrative="  She said: “ça va”…\r\n ",
        occurred_at=NOON - timedelta(hours=2),
        reported_at=NOON,
        feeling_before=10,
        owner=scene.omar,
    )
    incident.refresh_from_db()
    assert incident.narrative == "  She said: “ça va”…\r\n "
    assert incident.category.code == "room"
    assert incident.owner == scene.omar
    assert incident.occurred_at == NOON - timedelta(hours=2)
    rows = [(row.guest.name, row.guest.room, row.feeling_before) for row in incident.incident_guests.all()]
    assert rows == [("Jones", scene.jones.room, 10), ("Ana", "12", 0)]


def test_it_takes_four_statements_and_one_more_to_make_its_guests(scene, django_assert_num_queries):
    savepoint = 2
    told = {
        "department": scene.lax_desk,
        "category": Category.objects.get(code="room_noise"),
        "touchpoint": Touchpoint.objects.get(code="spa"),
    }
    with django_assert_num_queries(savepoint + 4):  # incident, its guests, event, queue
        logged(scene, scene.jones, scene.rivera, **told)
    with django_assert_num_queries(savepoint + 5):  # and the guests themselves
        logged(scene, {"name": "Ana"}, {"name": "Bo"}, scene.jones, **told)


def test_the_event_tells_all_but_what_people_wrote(scene):
    incident = logged(
        scene, scene.jones, {"name": "Annabella", "room": "777X"}, narrative="She fainted", feeling_before=3
    )
    event = AuditEvent.objects.get(verb="incident.logged")
    assert [word for word in ("Annabella", "777X", "fainted") if word in event.body] == []
    body = json.loads(event.body)
    created = Guest.objects.get(name="Annabella")
    assert body["facts"] == {"created_guest_ids": [created.pk], "created_colleagues": []}
    assert [guest["guest_id"] for guest in body["after"]["guests"]] == [scene.jones.pk, created.pk]
    assert (event.subject_id, event.property_id, event.actor_id) == (incident.pk, scene.lax.pk, scene.maria.pk)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("omar", True),
        ("grace", True),
        ("chen", True),
        ("paul", False),
        ("gina", False),
        ("ada", False),
        ("admin", False),
    ],
)
def test_who_may_log_at_a_house(scene, name, may):
    if may:
        assert logged(scene, actor=getattr(scene, name)).recorded_by == getattr(scene, name)
    else:
        with pytest.raises(NotPermitted):
            logged(scene, actor=getattr(scene, name))
        assert not Incident.objects.exists()


def test_who_was_let_go_logs_nothing_and_the_system_does(scene):
    change_employee(actor=None, employee=scene.tomas, is_active=False)
    with pytest.raises(NotPermitted):
        logged(scene, actor=scene.tomas)
    assert logged(scene, actor=system_employee(), external_id="A1").external_id == "A1"
    assert log_incident(actor=None, property=scene.lax, guests=[scene.jones]).owner is None


def refused(scene, *guests, **told):
    with pytest.raises(ValidationError) as refusal:
        logged(scene, *guests, **told)
    assert not Incident.objects.exists()
    [(field, messages)] = refusal.value.message_dict.items()
    return field, " ".join(messages)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "party"}, "kind"),
        ({"severity": 0}, "severity"),
        ({"severity": 6}, "severity"),
        ({"severity": True}, "severity"),
        ({"severity": "3"}, "severity"),
        ({"severity": 2.0}, "severity"),
        ({"feeling_before": -1}, "feeling_before"),
        ({"feeling_before": 11}, "feeling_before"),
        ({"feeling_before": False}, "feeling_before"),
        ({"feeling_before": "5"}, "feeling_before"),
        ({"narrative": "a\x00"}, "narrative"),
        ({"narrative": None}, "narrative"),
        ({"narrative": "x" * 100_001}, "narrative"),
        ({"occurred_at": datetime(2026, 6, 1)}, "occurred_at"),
        ({"reported_at": datetime(2026, 6, 1)}, "reported_at"),
        ({"reported_at": "2026-06-01"}, "reported_at"),
        ({"occurred_at": datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=12)))}, "occurred_at"),
        ({"reported_at": datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12)))}, "reported_at"),
        ({"occurred_at": 5}, "occurred_at"),
        ({"kind": ["recovery"]}, "kind"),
        ({"kind": None}, "kind"),
        ({"narrative": "\ud800"}, "narrative"),
        ({"external_id": "x" * 201}, "external_id"),
        ({"external_id": "\udfff"}, "external_id"),
        ({"department": "front_desk"}, "department"),
        ({"category": "room"}, "category"),
        ({"touchpoint": 7}, "touchpoint"),
        ({"owner": "omar"}, "owner"),
        ({"guests": [None]}, "guests"),
        ({"guests": ["7"]}, "guests"),
        ({"guests": [Guest(name="A")]}, "guests"),
        ({"guests": [{"name": "A", 1: 2, "phone": 3}]}, "guests"),
        ({"guests": [{"name": ["A"]}]}, "name"),
        ({"guests": [{"name": "A\ud800"}]}, "name"),
        ({"guests": [{"name": "A", "kind": ["colleague"]}]}, "kind"),
        ({"guests": [{"name": "A", "kind": "colleague", "colleague": "tomas"}]}, "colleague"),
        ({"guests": [{"name": "A", "kind": "colleague", "colleague": Employee(name="T")}]}, "colleague"),
        ({"guests": [{"name": "A", "departure": date.max}]}, "departure"),
        ({"guests": [{"name": "A", "arrival": NOON}]}, "arrival"),
        ({"guests": []}, "guests"),
        ({"guests": "Jones"}, "guests"),
        ({"guests": [{"name": "A", "phone": "1"}]}, "guests"),
        ({"guests": [{"name": ""}]}, "name"),
        ({"guests": [{"room": "7"}]}, "name"),
        ({"guests": [{"name": "x" * 201}]}, "name"),
        ({"guests": [{"name": "A", "room": "1\x00"}]}, "room"),
        ({"guests": [{"name": "A", "room": "x" * 21}]}, "room"),
        ({"guests": [{"name": "A", "arrival": "2026-06-01"}]}, "arrival"),
        ({"guests": [{"name": "A", "arrival": date(2026, 6, 2), "departure": date(2026, 6, 1)}]}, "departure"),
        ({"guests": [{"name": "A", "feeling_before": 11}]}, "feeling_before"),
        ({"guests": [{"name": "A", "kind": "colleague"}]}, "colleague"),
        ({"guests": [{"name": "A", "kind": "ghost"}]}, "kind"),
        ({"guests": [{"name": "A"}, {"name": "A"}]}, "guests"),
        ({"guests": [{"name": f"{n}"} for n in range(201)]}, "guests"),
    ],
)
def test_what_does_not_fit_is_refused_by_the_name_of_its_field(scene, changes, field):
    guests = Guest.objects.count()
    assert refused(scene, **changes)[0] == field
    assert Guest.objects.count() == guests
    assert not AuditEvent.objects.filter(verb="incident.logged").exists()


def test_it_occurs_then_is_reported_then_it_is_now(scene):
    with clock.standing_at(NOON):
        logged(scene, occurred_at=NOON, reported_at=NOON)
        for told, field in (
            ({"reported_at": NOON + TICK}, "reported_at"),
            ({"occurred_at": NOON + TICK}, "occurred_at"),
            ({"occurred_at": NOON, "reported_at": NOON - TICK}, "occurred_at"),
        ):
            with pytest.raises(ValidationError) as refusal:
                logged(scene, **told)
            assert list(refusal.value.message_dict) == [field]
            assert "2026-06-01T1" in refusal.value.messages[0]


def test_a_house_takes_nothing_of_another(scene):
    assert refused(scene, department=scene.nyc_desk)[0] == "department"
    assert refused(scene, scene.smith)[0] == "guests"
    assert refused(scene, owner=scene.paul)[0] == "owner"
    assert refused(scene, owner=scene.admin)[0] == "owner"


def test_what_is_out_of_use_is_refused_by_its_code(scene):
    Category.objects.filter(code="room").update(is_active=False)
    Touchpoint.objects.filter(code="spa").update(is_active=False)
    assert refused(scene, category=Category.objects.get(code="room")) == ("category", "“room” is no longer in use.")
    assert refused(scene, touchpoint=Touchpoint.objects.get(code="spa"))[0] == "touchpoint"


def test_a_merged_record_stands_for_the_one_that_was_kept(scene):
    merge_guests(actor=scene.omar, kept=scene.rivera, merged=scene.jones)
    assert list(logged(scene, scene.jones).guests.all()) == [scene.rivera]
    with pytest.raises(ValidationError, match="twice"):
        logged(scene, scene.jones, scene.rivera)


def test_a_guest_named_twice_is_refused(scene):
    assert "twice" in refused(scene, scene.jones, scene.jones)[1]


def test_an_erased_guest_is_refused(scene):
    erased = erase_guest(actor=scene.grace, guest=scene.jones)
    assert refused(scene, erased)[0] == "guests"


def test_a_colleague_has_one_record_at_a_house(scene):
    told = {"kind": "colleague", "colleague": scene.tomas}
    first, second = logged(scene, told), logged(scene, told)
    assert first.guests.get() == second.guests.get()
    assert first.guests.get().name == "Tomas"
    assert "twice" in str(_errors(scene, told, told))
    assert "employee" in str(_errors(scene, {"name": "A", "kind": "colleague", "colleague": system_employee()}))
    assert "colleague" in str(_errors(scene, {"name": "A", "colleague": scene.tomas}))


def test_two_names_for_a_colleague_make_one_record_and_one_only(scene):
    told = {"kind": "colleague", "colleague": scene.tomas}
    assert "twice" in str(_errors(scene, told | {"name": "T"}, told | {"name": "T."}))
    assert not Guest.objects.filter(colleague=scene.tomas).exists()


def test_the_event_tells_which_new_guest_is_which_colleague(scene):
    incident = logged(scene, {"kind": "colleague", "colleague": scene.tomas})
    add_guest(actor=scene.maria, incident=incident, guest={"kind": "colleague", "colleague": scene.omar})
    for verb, colleague in (("incident.logged", scene.tomas), ("incident.guest_added", scene.omar)):
        guest = Guest.objects.get(colleague=colleague)
        facts = json.loads(AuditEvent.objects.get(verb=verb).body)["facts"]
        assert facts["created_guest_ids"] == [guest.pk]
        assert facts["created_colleagues"] == [{"guest_id": guest.pk, "colleague_id": colleague.pk}]


def test_the_database_keeps_a_colleague_to_one_standing_record_at_a_house(scene):
    logged(scene, {"kind": "colleague", "colleague": scene.tomas})
    known = Guest.objects.get(colleague=scene.tomas)
    again = Guest(property=scene.lax, kind="colleague", colleague=scene.tomas, name="T")
    with pytest.raises(IntegrityError), transaction.atomic():
        again.save()
    erase_guest(actor=scene.grace, guest=known)
    logged(scene, {"kind": "colleague", "colleague": scene.tomas})
    assert Guest.objects.filter(colleague=scene.tomas).count() == 2


def _errors(scene, *guests):
    with pytest.raises(ValidationError) as refusal:
        logged(scene, *guests)
    return refusal.value.messages


def test_nothing_is_left_behind_when_the_second_guest_is_wrong(scene):
    refused(scene, {"name": "Ana"}, {"name": ""})
    assert not Guest.objects.filter(name="Ana").exists()
    assert not IncidentGuest.objects.exists()
