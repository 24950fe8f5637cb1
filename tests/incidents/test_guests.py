"""Guests: put right, two records made one, and forgotten without breaking a sum."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models

from empower import clock
from empower.audit.models import AuditEvent
from empower.audit.services import first_fault
from empower.incidents import erasure
from empower.incidents.models import Category, Guest, Incident, Touchpoint
from empower.incidents.queries import failures_within
from empower.incidents.services import (
    annul_incident,
    change_guest,
    change_incident,
    close_incident,
    create_guest,
    erase_guest,
    merge_guests,
    record_follow_up,
    reopen_incident,
)
from empower.refusals import NotPermitted, NotPossible
from empower.staff.models import IdempotencyKey
from empower.staff.services import fingerprint, run_once
from tests import factories as make

from .happenings import logged

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)


def test_a_change_is_recorded_by_the_names_of_its_fields_alone(scene):
    change_guest(actor=scene.maria, guest=scene.jones, name="Dr Jones", room="9", departure=date(2026, 6, 2))
    event = AuditEvent.objects.get(verb="guest.changed")
    assert json.loads(event.body)["facts"] == {"fields": ["departure", "name", "room"]}
    assert "Jones" not in event.body
    stored = Guest.objects.get(pk=scene.jones.pk)
    assert (stored.name, stored.room, stored.departure) == ("Dr Jones", "9", date(2026, 6, 2))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"room": "\x00"}, "room"),
        ({"kind": "colleague"}, "kind"),
        ({"erased_at": None}, "erased_at"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_by_the_name_of_its_field(scene, changes, field):
    with pytest.raises(ValidationError) as refused:
        change_guest(actor=scene.maria, guest=scene.jones, **changes)
    assert list(refused.value.message_dict) == [field]


def test_a_stay_does_not_end_before_it_begins_whichever_is_changed(scene):
    change_guest(actor=scene.maria, guest=scene.jones, arrival=date(2026, 6, 2))
    with pytest.raises(ValidationError):
        change_guest(actor=scene.maria, guest=scene.jones, departure=date(2026, 6, 1))
    assert Guest.objects.get(pk=scene.jones.pk).departure is None


@pytest.mark.parametrize("name", ["paul", "ada", "admin"])
def test_who_does_not_work_there_touches_no_guest(scene, name):
    actor = getattr(scene, name)
    with pytest.raises(NotPermitted):
        create_guest(actor=actor, property=scene.lax, name="Ana")
    with pytest.raises(NotPermitted):
        change_guest(actor=actor, guest=scene.jones, room="9")
    with pytest.raises(NotPermitted):
        merge_guests(actor=actor, kept=scene.jones, merged=scene.rivera)
    with pytest.raises(NotPermitted):
        erase_guest(actor=actor, guest=scene.jones)


def test_managers_merge_and_general_managers_erase(scene):
    with pytest.raises(NotPermitted):
        merge_guests(actor=scene.maria, kept=scene.jones, merged=scene.rivera)
    merge_guests(actor=scene.omar, kept=scene.jones, merged=scene.rivera)
    with pytest.raises(NotPermitted):
        erase_guest(actor=scene.omar, guest=scene.jones)
    erase_guest(actor=scene.chen, guest=scene.jones)


def test_a_merge_makes_no_chain(scene):
    third = make.GuestFactory(property=scene.lax)
    merge_guests(actor=scene.omar, kept=scene.jones, merged=third)
    merge_guests(actor=scene.omar, kept=scene.rivera, merged=scene.jones)
    third.refresh_from_db()
    assert third.merged_into == scene.jones.merged_into == scene.rivera
    for kept, merged in ((scene.jones, scene.rivera), (scene.rivera, scene.jones)):
        with pytest.raises(NotPossible) as refused:
            merge_guests(actor=scene.omar, kept=kept, merged=merged)
        assert refused.value.code == "merged"
    with pytest.raises(NotPossible) as refused:
        change_guest(actor=scene.maria, guest=third, room="9")
    assert refused.value.state == {"merged_into_id": scene.rivera.pk}


def test_only_records_of_one_person_at_one_house_are_merged(scene):
    colleague = create_guest(actor=scene.maria, property=scene.lax, name="", kind="colleague", colleague=scene.tomas)
    for merged in (scene.jones, scene.smith, colleague):
        with pytest.raises(ValidationError) as refused:
            merge_guests(actor=scene.omar, kept=scene.jones, merged=merged)
        assert list(refused.value.message_dict) == ["merged"]


def test_incidents_keep_their_links_and_are_found_under_either_record(scene):
    one, both = logged(scene, scene.jones), logged(scene, scene.jones, scene.rivera)
    merge_guests(actor=scene.omar, kept=scene.rivera, merged=scene.jones)
    assert set(Incident.objects.of_guest(scene.rivera)) == set(Incident.objects.of_guest(scene.jones)) == {one, both}
    assert one.guests.get() == scene.jones


# --- failures -----------------------------------------------------------------------------------------------------


def test_failures_are_recoveries_of_thirty_days_that_were_not_void(scene, django_assert_num_queries):
    at = lambda moment, **told: logged(scene, occurred_at=moment, reported_at=moment, **told)  # noqa: E731
    at(NOON - 30 * DAY - TICK)
    first = at(NOON - 30 * DAY)
    here = at(NOON)
    at(NOON + TICK)
    at(NOON - DAY, kind="delight")
    annul_incident(actor=scene.maria, incident=at(NOON - DAY), reason="Twice")
    logged(scene, scene.rivera, occurred_at=NOON - DAY, reported_at=NOON)
    with django_assert_num_queries(1):
        assert failures_within(scene.jones, before=NOON) == 2
    assert failures_within(scene.jones, before=NOON, excluding=here) == 1
    # What was written down after the one at hand is no failure before it.
    assert failures_within(scene.jones, before=NOON, excluding=first) == 0
    assert failures_within(scene.jones, before=NOON, days=29) == 1
    close_incident(actor=scene.maria, incident=first)
    merge_guests(actor=scene.omar, kept=scene.rivera, merged=scene.jones)
    for guest in (scene.rivera, Guest.objects.get(pk=scene.jones.pk)):
        assert failures_within(guest, before=NOON) == 3


# --- erasure ------------------------------------------------------------------------------------------------------


@pytest.fixture
def known(scene):
    """An incident of jones and rivera that is full of names, and one of rivera alone."""
    shared = logged(scene, scene.jones, scene.rivera, narrative="Jones and Rivera quarrelled")
    close_incident(actor=scene.maria, incident=shared)
    record_follow_up(actor=scene.maria, incident=shared, guest=scene.jones, note="Jones is well")
    reopen_incident(actor=scene.maria, incident=shared, reason="Jones called")
    annul_incident(actor=scene.maria, incident=shared, reason="Jones was never here")
    logged(scene, scene.rivera, narrative="Rivera alone")
    return shared


def personal_texts():
    found = []
    for label, fields, _find in erasure.ERASABLE:
        for values in apps.get_model(label).objects.values_list(*fields):
            found += [str(value) for value in values if value]
    return " ".join(found)


def test_nothing_that_names_an_erased_guest_is_left(scene, known):
    also = make.GuestFactory(property=scene.lax, name="Jones again", room="12", arrival=date(2026, 6, 1))
    merge_guests(actor=scene.omar, kept=scene.jones, merged=also)
    assert personal_texts().count("Jones") == 6
    erased = erase_guest(actor=scene.grace, guest=also)
    assert erased == scene.jones
    assert "Jones" not in personal_texts()
    assert "Rivera alone" in personal_texts()
    for guest in Guest.objects.filter(pk__in=[scene.jones.pk, also.pk]):
        assert (guest.name, guest.room, guest.arrival, guest.departure) == ("", "", None, None)
        assert guest.erased_at is not None
    assert Guest.objects.get(pk=scene.rivera.pk).name == "Rivera"


def test_erasure_tells_the_log_numbers_and_breaks_nothing_in_it(scene, known):
    erase_guest(actor=scene.grace, guest=scene.jones)
    facts = json.loads(AuditEvent.objects.get(verb="guest.erased").body)["facts"]
    assert facts["guest_ids"] == [scene.jones.pk]
    assert facts["emptied"]["incidents.Incident"] == 2  # its words, and what a file calls it
    assert first_fault() is None
    assert known.incident_guests.count() == 2


def test_what_is_written_after_an_erasure_is_emptied_by_the_next(scene):
    incident = logged(scene, scene.jones, narrative="Jones slipped")
    with clock.standing_at(NOON):
        erase_guest(actor=scene.grace, guest=scene.jones)
    change_incident(actor=scene.maria, incident=incident, narrative="It was Jones, I remember")
    erased = erase_guest(actor=scene.grace, guest=scene.jones)
    assert "Jones" not in personal_texts()
    assert erased.erased_at == NOON
    assert AuditEvent.objects.filter(verb="guest.erased", subject_id=scene.jones.pk).count() == 2


def test_an_erased_guest_is_changed_and_merged_no_more(scene):
    erase_guest(actor=scene.grace, guest=scene.jones)
    for change in (
        lambda: change_guest(actor=scene.maria, guest=scene.jones, name="Jones"),
        lambda: merge_guests(actor=scene.omar, kept=scene.rivera, merged=scene.jones),
    ):
        with pytest.raises(NotPossible) as refused:
            change()
        assert refused.value.code == "erased"


def test_a_replay_after_an_erasure_gives_the_bare_id_and_does_nothing(scene):
    def do():
        incident = logged(scene, scene.jones)
        return 201, {"id": str(incident.pk), "guests": [{"name": "Jones"}]}, "incident", incident.pk

    request = {"employee": scene.maria, "key": "k1", "fingerprint": fingerprint("POST", "/", b""), "do": do}
    _, answer, _ = run_once(**request)
    erase_guest(actor=scene.grace, guest=scene.jones)
    assert IdempotencyKey.objects.get().answer is None
    assert run_once(**request) == (201, {"id": answer["id"]}, True)
    assert Incident.objects.count() == 1


def test_every_free_text_of_this_floor_can_be_erased():
    """What is left out is no guest's: codes and names of lists."""
    ours = {
        (f"incidents.{model.__name__}", field.name)
        for model in apps.get_app_config("incidents").get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.TextField | models.CharField) and not field.choices
    }
    erasable = {(label, field) for label, fields, _ in erasure.ERASABLE for field in fields}
    assert ours - erasable == {
        ("incidents.Category", "code"),
        ("incidents.Category", "name"),
        ("incidents.Category", "icon"),
        ("incidents.Touchpoint", "code"),
        ("incidents.Touchpoint", "name"),
    }


def test_an_app_above_has_its_own_fields_emptied(scene, monkeypatch):
    monkeypatch.setattr(erasure, "ERASABLE", list(erasure.ERASABLE))
    asked = []

    def find(ids):
        asked.append(ids)
        return Guest.objects.none()

    erasure.register("incidents.Guest", ["room"], find)
    monkeypatch.setattr("empower.incidents.services.guests.ERASABLE", erasure.ERASABLE)
    erase_guest(actor=scene.grace, guest=scene.jones)
    assert asked == [[scene.jones.pk]]


# --- what ships ---------------------------------------------------------------------------------------------------


def test_the_touchpoints_that_ship_are_those_of_the_contract():
    shipped = {
        *("front_desk", "housekeeping", "dining", "bar", "room_service", "spa", "pool", "concierge"),
        *("engineering", "parking", "events", "phone", "web", "app", "other"),
    }
    assert set(Touchpoint.objects.values_list("code", flat=True)) == shipped


def test_the_causes_that_ship_are_a_small_tree_of_all_five_kinds():
    causes = list(Category.objects.select_related("parent"))
    assert 30 <= len(causes) <= 50
    assert {cause.kind for cause in causes} == {"mistake", "rework", "breakdown", "inefficiency", "variation"}
    assert all(cause.parent is None or cause.parent.parent_id is None for cause in causes)
