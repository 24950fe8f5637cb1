"""An incident is told better afterwards, and nobody overwrites what they have not read."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from empower import clock
from empower.audit.models import AuditEvent
from empower.incidents.models import Category, Guest, Incident
from empower.incidents.services import add_guest, annul_incident, change_incident, close_incident, merge_guests
from empower.refusals import NotPermitted, NotPossible

from .happenings import logged

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def test_a_change_is_the_next_version_and_is_recorded_before_and_after(scene):
    incident = logged(scene)
    changed = change_incident(
        actor=scene.tomas, incident=incident, version=1, severity=5, narrative="Worse than thought", owner=scene.omar
    )
    assert changed is incident
    stored = Incident.objects.get(pk=incident.pk)
    assert (stored.version, stored.severity, stored.owner) == (2, 5, scene.omar)
    event = AuditEvent.objects.get(verb="incident.changed")
    body = json.loads(event.body)
    assert (body["before"]["severity"], body["after"]["severity"]) == (2, 5)
    assert body["facts"]["fields"] == ["narrative", "owner", "severity"]
    assert "Worse" not in event.body


def test_who_read_an_older_version_is_told_which_one_it_is_now(scene):
    incident = logged(scene)
    late = Incident.objects.get(pk=incident.pk)
    change_incident(actor=scene.maria, incident=incident, severity=3)
    with pytest.raises(NotPossible) as refused:
        change_incident(actor=scene.tomas, incident=late, version=1, severity=1)
    assert (refused.value.code, refused.value.state) == ("stale", {"version": 2})
    assert Incident.objects.get(pk=incident.pk).severity == 3


def test_nothing_changed_is_no_version(scene):
    incident = logged(scene)
    change_incident(actor=scene.maria, incident=incident, version=1)
    assert Incident.objects.get(pk=incident.pk).version == 1


@pytest.mark.parametrize("name", ["paul", "ada", "admin"])
def test_who_does_not_work_there_changes_nothing(scene, name):
    incident = logged(scene)
    with pytest.raises(NotPermitted):
        change_incident(actor=getattr(scene, name), incident=incident, severity=5)
    with pytest.raises(NotPermitted):
        add_guest(actor=getattr(scene, name), incident=incident, guest=scene.rivera)
    assert Incident.objects.get(pk=incident.pk).version == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"status": "void"}, "status"),
        ({"property": None}, "property"),
        ({"version_": 3}, "version_"),
        ({"severity": 0}, "severity"),
        ({"narrative": "\x00"}, "narrative"),
        ({"kind": ""}, "kind"),
        ({"occurred_at": None}, "occurred_at"),
        ({"feeling_after": 11}, "feeling_after"),
        ({"guests": [{"id": 0, "feeling_after": 3}]}, "guests"),
        ({"guests": {"id": 1}}, "guests"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_by_the_name_of_its_field(scene, changes, field):
    incident = logged(scene)
    with pytest.raises(ValidationError) as refused:
        change_incident(actor=scene.maria, incident=incident, **changes)
    assert list(refused.value.message_dict) == [field]
    assert Incident.objects.get(pk=incident.pk).version == 1


def test_a_category_that_went_out_of_use_may_stay_and_is_not_chosen_again(scene):
    room, noise = Category.objects.get(code="room"), Category.objects.get(code="room_noise")
    incident = logged(scene, category=room)
    Category.objects.filter(parent=None).update(is_active=False)
    room.refresh_from_db()
    change_incident(actor=scene.maria, incident=incident, category=room, severity=3)
    change_incident(actor=scene.maria, incident=incident, category=noise)
    with pytest.raises(ValidationError):
        change_incident(actor=scene.maria, incident=incident, category=room)
    change_incident(actor=scene.maria, incident=incident, category=None)


def test_the_report_does_not_come_after_the_resolution(scene):
    with clock.standing_at(NOON):
        incident = logged(scene)
        close_incident(actor=scene.maria, incident=incident)
    change_incident(actor=scene.maria, incident=incident, reported_at=NOON, occurred_at=NOON - timedelta(days=1))
    with pytest.raises(ValidationError) as refused:
        change_incident(actor=scene.maria, incident=incident, reported_at=NOON + timedelta(microseconds=1))
    assert list(refused.value.message_dict) == ["reported_at"]


def test_the_outcome_is_told_later_once_it_is_resolved(scene):
    incident = logged(scene, scene.jones, scene.rivera)
    with pytest.raises(NotPossible) as refused:
        change_incident(actor=scene.maria, incident=incident, outcome="recovered")
    assert refused.value.code == "not_resolved"
    close_incident(actor=scene.maria, incident=incident)
    change_incident(
        actor=scene.maria, incident=incident, outcome="recovered", guests=[{"id": scene.rivera.pk, "feeling_after": 9}]
    )
    assert incident.outcome == "recovered"
    told = list(incident.incident_guests.values_list("outcome", "feeling_after"))
    assert told == [("recovered", None), ("recovered", 9)]


def test_what_is_void_does_not_change(scene):
    incident = annul_incident(actor=scene.maria, incident=logged(scene), reason="Twice")
    with pytest.raises(NotPossible) as refused:
        change_incident(actor=scene.grace, incident=incident, severity=1)
    assert refused.value.code == "void"


def test_a_guest_is_added_once_while_it_is_open(scene):
    incident = logged(scene)
    row = add_guest(actor=scene.tomas, incident=incident, guest={"name": "Ana"}, feeling_before=2)
    assert (row.guest.name, row.feeling_before, incident.version) == ("Ana", 2, 2)
    with pytest.raises(ValidationError, match="already"):
        add_guest(actor=scene.tomas, incident=incident, guest=scene.jones)
    merge_guests(actor=scene.omar, kept=scene.rivera, merged=scene.jones)
    with pytest.raises(ValidationError, match="already"):
        add_guest(actor=scene.tomas, incident=incident, guest=scene.rivera)
    close_incident(actor=scene.maria, incident=incident)
    with pytest.raises(NotPossible):
        add_guest(actor=scene.tomas, incident=incident, guest={"name": "Bo"})
    assert not Guest.objects.filter(name="Bo").exists()
