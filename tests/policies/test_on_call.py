"""Whose turn it is, and the page on which deputies and turns are set."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from empower import clock
from empower.audit.models import AuditEvent
from empower.policies.models import Deputy, OnCall
from empower.policies.queries import on_call_at
from empower.policies.services import end_turn, name_deputy, put_on_call
from empower.refusals import NotPermitted, NotPossible
from tests.pages.conftest import text_of

pytestmark = pytest.mark.django_db


def turn(scene, *, actor=None, employee=None, property=None, begins=0, ends=8):
    now = clock.now()
    return put_on_call(
        actor=actor or scene.omar,
        property=property or scene.lax,
        employee=employee or scene.omar,
        begins_at=now + timedelta(hours=begins),
        ends_at=now + timedelta(hours=ends),
    )


def as_(employee):
    client = Client()
    client.force_login(employee)
    return client


def test_a_turn_lasts_from_its_beginning_to_its_end(scene):
    at = clock.now()
    with clock.standing_at(at):
        turn(scene, begins=1, ends=2)
    for minutes, there in ((0, False), (59, False), (60, True), (119, True), (120, False)):
        assert bool(on_call_at(property_id=scene.lax.pk, at=at + timedelta(minutes=minutes))) is there
    assert not on_call_at(property_id=scene.nyc.pk, at=at + timedelta(minutes=90))


def test_managers_of_the_property_and_leaders_enter_turns(scene):
    for actor in (scene.maria, scene.gina, scene.ada, scene.admin):
        with pytest.raises(NotPermitted):
            turn(scene, actor=actor)
    for actor in (scene.omar, scene.grace, scene.chen):
        turn(scene, actor=actor)
    assert AuditEvent.objects.filter(verb="on_call.entered", outcome="accepted").count() == 3


def test_on_call_is_who_answers_there(scene):
    for employee in (scene.maria, scene.gina, scene.ada):
        with pytest.raises(ValidationError) as refused:
            turn(scene, employee=employee)
        assert "employee" in refused.value.error_dict
    turn(scene, employee=scene.chen)


def test_a_turn_ends_after_it_begins(scene):
    with pytest.raises(ValidationError):
        turn(scene, begins=2, ends=2)
    with pytest.raises(ValidationError):
        turn(scene, begins=-3, ends=-1)
    assert turn(scene, begins=-3, ends=1).begins_at >= clock.now() - timedelta(seconds=5)


def test_a_turn_is_ended_once_by_the_person_or_a_manager(scene):
    row = turn(scene, employee=scene.grace)
    for actor in (scene.maria, scene.gina):
        with pytest.raises(NotPermitted):
            end_turn(actor=actor, turn=row)
    end_turn(actor=scene.grace, turn=row)
    assert not on_call_at(property_id=scene.lax.pk)
    with pytest.raises(NotPossible):
        end_turn(actor=scene.omar, turn=row)


def test_a_turn_changes_nobodys_say(scene):
    from empower.spending.permissions import decides_for

    turn(scene, employee=scene.omar)
    asked = {"property_id": scene.lax.pk, "asker_id": scene.maria.pk}
    assert decides_for(scene.omar, tier="general_manager", **asked) is None
    assert decides_for(scene.grace, tier="manager", **asked) == scene.grace


def test_a_deputy_is_named_in_the_time_of_the_property_and_ended_early(scene):
    client = as_(scene.omar)
    sent = {
        "deputy-once": str(uuid4()),
        "deputy-stands_in": scene.tomas.pk,
        "deputy-begins_at": "2099-01-05T22:00",
        "deputy-ends_at": "2099-01-06T06:00",
    }
    assert client.post("/me/deputies/name/", sent).status_code == 302
    deputy = Deputy.objects.get()
    assert deputy.begins_at.isoformat() == "2099-01-06T06:00:00+00:00"  # ten in the evening in Los Angeles
    assert "Tomas" in text_of(client.get("/me/deputies/"))
    theirs = text_of(as_(scene.tomas).get("/me/deputies/"))
    assert "For whom you answer" in theirs
    assert "Omar" in theirs
    assert client.post(f"/me/deputies/{deputy.pk}/end/", {"once": str(uuid4())}).status_code == 302
    deputy.refresh_from_db()
    assert deputy.revoked_at
    assert as_(scene.tomas).get("/me/deputies/").status_code == 403


def test_a_span_that_ends_before_it_begins_is_said_beside_its_field(scene):
    sent = {
        "deputy-once": str(uuid4()),
        "deputy-stands_in": scene.tomas.pk,
        "deputy-begins_at": "2099-01-05T22:00",
        "deputy-ends_at": "2099-01-05T06:00",
    }
    page = as_(scene.omar).post("/me/deputies/name/", sent)
    assert page.status_code == 400
    assert "It ends after it begins" in text_of(page)
    assert not Deputy.objects.exists()


def test_somebody_of_another_house_is_no_choice(scene):
    sent = {
        "deputy-once": str(uuid4()),
        "deputy-stands_in": scene.paul.pk,
        "deputy-begins_at": "2099-01-05T22:00",
        "deputy-ends_at": "2099-01-06T06:00",
    }
    assert as_(scene.omar).post("/me/deputies/name/", sent).status_code == 400


def test_the_page_puts_somebody_on_call_and_ends_it(scene):
    client = as_(scene.grace)
    sent = {
        "call-once": str(uuid4()),
        "call-employee": scene.omar.pk,
        "call-begins_at": "2099-01-05T22:00",
        "call-ends_at": "2099-01-06T06:00",
    }
    assert client.post("/me/on-call/", sent).status_code == 302
    row = OnCall.objects.get()
    assert (row.property, row.employee) == (scene.lax, scene.omar)
    assert "Manager · from" in text_of(client.get("/me/deputies/"))
    assert client.post(f"/me/on-call/{row.pk}/end/", {"once": str(uuid4())}).status_code == 302
    assert as_(scene.gina).post(f"/me/on-call/{row.pk}/end/", {"once": str(uuid4())}).status_code == 404


@pytest.mark.parametrize(
    ("name", "status"), [("maria", 403), ("ada", 403), ("admin", 403), ("chen", 200), ("grace", 200)]
)
def test_the_page_is_for_who_decides(scene, name, status):
    assert as_(getattr(scene, name)).get("/me/deputies/").status_code == status


def test_a_leader_names_a_leader(scene):
    from tests import factories as make

    lea = make.LeaderFactory(username="lea")
    page = text_of(as_(scene.chen).get("/me/deputies/"))
    assert "Lea" in page
    assert "Omar" not in page
    now = clock.now()
    name_deputy(actor=scene.chen, absent=scene.chen, stands_in=lea, begins_at=now, ends_at=now + timedelta(days=1))
