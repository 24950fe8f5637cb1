"""How an incident ends, is opened again, is void; and who looked in afterwards."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from empower import clock
from empower.audit.models import AuditEvent
from empower.incidents.models import FollowUp, Incident, Outcome, Resolution
from empower.incidents.services import (
    annul_incident,
    close_incident,
    merge_guests,
    record_follow_up,
    reopen_incident,
)
from empower.refusals import NotPermitted, NotPossible

from .happenings import logged

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def told(incident):
    return list(incident.incident_guests.values_list("outcome", "feeling_after"))


def test_nothing_told_is_unknown(scene):
    with clock.standing_at(NOON):
        incident = logged(scene)
    with clock.standing_at(NOON + HOUR):
        close_incident(actor=scene.tomas, incident=incident)
    incident.refresh_from_db()
    assert (incident.status, incident.outcome, incident.resolved_at) == ("resolved", "unknown", NOON + HOUR)
    assert told(incident) == [("unknown", None)]
    resolution = Resolution.objects.get()
    assert (resolution.resolved_at, resolution.resolved_by, resolution.outcome) == (NOON + HOUR, scene.tomas, "unknown")


def test_one_word_for_all_and_another_for_one(scene):
    incident = logged(scene, scene.jones, scene.rivera)
    close_incident(
        actor=scene.maria,
        incident=incident,
        outcome="delighted",
        feeling_after=9,
        guests=[{"id": str(scene.rivera.pk), "outcome": "recovered", "feeling_after": None}],
    )
    assert told(incident) == [("delighted", 9), ("recovered", None)]
    assert incident.outcome == "recovered"


@given(st.lists(st.sampled_from(["", *Outcome.values])))
def test_the_worst_is_lost_then_unknown_then_recovered_then_delighted(outcomes):
    worst = Outcome.worst(outcomes)
    for outcome in ["lost", "unknown", "recovered", "delighted"]:
        if outcome in outcomes:
            assert worst == outcome
            return
    assert worst == ""


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"outcome": "fine"}, "outcome"),
        ({"outcome": ""}, "outcome"),
        ({"feeling_after": 11}, "feeling_after"),
        ({"feeling_after": True}, "feeling_after"),
        ({"guests": "all"}, "guests"),
        ({"guests": [1]}, "guests"),
        ({"guests": [{"outcome": "lost"}]}, "guests"),
        ({"guests": [{"id": 10**9, "outcome": "lost"}]}, "guests"),
        ({"resolved_at": NOON - HOUR}, "resolved_at"),
        ({"resolved_at": datetime(2026, 6, 1, 13)}, "resolved_at"),
        ({"resolved_at": datetime(2100, 1, 1, tzinfo=UTC)}, "resolved_at"),
    ],
)
def test_an_end_that_does_not_fit_is_refused_by_the_name_of_its_field(scene, changes, field):
    with clock.standing_at(NOON):
        incident = logged(scene)
    with pytest.raises(ValidationError) as refused:
        close_incident(actor=scene.maria, incident=incident, **changes)
    assert list(refused.value.message_dict) == [field]
    assert Incident.objects.get(pk=incident.pk).status == "open"
    assert not Resolution.objects.exists()


def test_a_guest_is_told_of_once_by_the_id_of_either_record(scene):
    incident = logged(scene, scene.jones)
    merge_guests(actor=scene.omar, kept=scene.rivera, merged=scene.jones)
    twice = [{"id": scene.rivera.pk, "outcome": "lost"}] * 2
    with pytest.raises(ValidationError, match="twice"):
        close_incident(actor=scene.maria, incident=incident, guests=twice)
    close_incident(actor=scene.maria, incident=incident, guests=twice[:1])
    assert incident.outcome == "lost"


def test_it_is_resolved_once_and_reopened_once(scene):
    incident = logged(scene)
    with pytest.raises(NotPossible) as refused:
        reopen_incident(actor=scene.maria, incident=incident)
    assert refused.value.code == "not_resolved"
    close_incident(actor=scene.maria, incident=incident, outcome="recovered", feeling_after=8)
    with pytest.raises(NotPossible) as refused:
        close_incident(actor=scene.maria, incident=incident)
    assert refused.value.code == "not_open"
    with pytest.raises(NotPossible) as refused:
        reopen_incident(actor=scene.maria, incident=incident, version=1)
    assert refused.value.code == "stale"
    reopen_incident(actor=scene.tomas, incident=incident, reason="The tap drips again")
    incident.refresh_from_db()
    assert (incident.status, incident.outcome, incident.resolved_at) == ("open", "", None)
    assert told(incident) == [("", 8)]
    close_incident(actor=scene.maria, incident=incident, outcome="lost")
    first, second = Resolution.objects.all()
    assert (first.outcome, first.reopened_by, first.reopen_reason) == ("recovered", scene.tomas, "The tap drips again")
    assert (second.outcome, second.reopened_at) == ("lost", None)
    assert not AuditEvent.objects.filter(body__contains="drips").exists()


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("maria", True),
        ("tomas", False),
        ("omar", True),
        ("chen", True),
        ("gina", False),
        ("ada", False),
        ("admin", False),
    ],
)
def test_who_may_make_it_void(scene, name, may):
    incident = logged(scene)
    if may:
        annul_incident(actor=getattr(scene, name), incident=incident, reason="Logged twice")
    else:
        with pytest.raises(NotPermitted):
            annul_incident(actor=getattr(scene, name), incident=incident, reason="Logged twice")
    assert (Incident.objects.get(pk=incident.pk).status == "void") is may


def test_void_needs_a_reason_and_is_for_good(scene):
    incident = logged(scene)
    for reason in ("", "  ", None, "\x00"):
        with pytest.raises(ValidationError) as refused:
            annul_incident(actor=scene.maria, incident=incident, reason=reason)
        assert list(refused.value.message_dict) == ["reason"]
    annul_incident(actor=scene.maria, incident=incident, reason="Logged twice")
    with pytest.raises(NotPossible) as refused:
        annul_incident(actor=scene.maria, incident=incident, reason="Again")
    assert refused.value.code == "already_void"
    for change in (close_incident, reopen_incident):
        with pytest.raises(NotPossible):
            change(actor=scene.maria, incident=incident)
    assert Incident.objects.get(pk=incident.pk).void_reason == "Logged twice"


@pytest.mark.parametrize("name", ["paul", "gina", "ada", "admin"])
def test_who_does_not_work_there_ends_nothing(scene, name):
    incident, actor = logged(scene), getattr(scene, name)
    with pytest.raises(NotPermitted):
        close_incident(actor=actor, incident=incident)
    close_incident(actor=scene.maria, incident=incident)
    with pytest.raises(NotPermitted):
        reopen_incident(actor=actor, incident=incident)
    with pytest.raises(NotPermitted):
        record_follow_up(actor=actor, incident=incident, guest=scene.jones)
    assert Incident.objects.get(pk=incident.pk).version == 2


def test_a_contact_comes_after_the_resolution(scene):
    with clock.standing_at(NOON):
        incident = logged(scene)
        with pytest.raises(NotPossible) as refused:
            record_follow_up(actor=scene.maria, incident=incident, guest=scene.jones)
        assert refused.value.code == "not_resolved"
        close_incident(actor=scene.maria, incident=incident)
    with clock.standing_at(NOON + HOUR):
        follow_up = record_follow_up(
            actor=scene.tomas,
            incident=incident,
            guest=scene.jones,
            channel="phone",
            contacted_at=NOON,
            note="All well ",
        )
        for changes, field in (
            ({"contacted_at": NOON - timedelta(microseconds=1)}, "contacted_at"),
            ({"contacted_at": NOON + 2 * HOUR}, "contacted_at"),
            ({"channel": "pigeon"}, "channel"),
            ({"note": "\x00"}, "note"),
            ({"guest": scene.rivera}, "guest"),
        ):
            with pytest.raises(ValidationError) as refused:
                record_follow_up(actor=scene.tomas, **{"incident": incident, "guest": scene.jones} | changes)
            assert list(refused.value.message_dict) == [field]
    assert (follow_up.employee, follow_up.note, follow_up.contacted_at) == (scene.tomas, "All well ", NOON)
    assert FollowUp.objects.count() == 1
    assert "well" not in AuditEvent.objects.get(verb="incident.followed_up", outcome="accepted").body
