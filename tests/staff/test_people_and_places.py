"""Who sets the house up, and what a person or a place must be."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from empower.audit.models import AuditEvent
from empower.refusals import NotPermitted, NotPossible
from empower.staff.models import Employee, Property
from empower.staff.permissions import acts_as_system
from empower.staff.services import (
    change_employee,
    create_department,
    create_property,
    find_token,
    hire_employee,
    issue_token,
    set_password,
    system_employee,
)

pytestmark = pytest.mark.django_db

GOOD = "corridor with no signal"


def hire(scene, actor=None, **changes):
    told = {"username": "nora", "code": "E7", "name": "Nora", "role": "frontline", "property": scene.lax} | changes
    return hire_employee(actor=actor, **told)


def last_event():
    event = AuditEvent.objects.latest("pk")
    return event, json.loads(event.body)


@pytest.mark.parametrize("name", ["maria", "omar", "grace", "chen", "ada"])
def test_nobody_but_the_administrator_hires_or_opens(scene, name):
    actor = getattr(scene, name)
    with pytest.raises(NotPermitted):
        hire(scene, actor=actor)
    with pytest.raises(NotPermitted):
        create_property(actor=actor, code="ROM", name="Rome", currency="EUR")
    with pytest.raises(NotPermitted):
        create_department(actor=actor, property=scene.lax, code="spa", name="Spa")
    assert not Employee.objects.filter(username="nora").exists()
    assert not Property.objects.filter(code="ROM").exists()
    event, _ = last_event()
    assert (event.verb, event.outcome, event.actor_id) == ("department.created", "refused", actor.pk)
    assert (event.subject_type, event.subject_id, event.property_id) == ("property", scene.lax.pk, scene.lax.pk)


def test_hiring_is_recorded_without_the_name(scene):
    nora = hire(scene, actor=scene.admin, password=GOOD)
    event, body = last_event()
    assert (event.verb, event.subject_id, event.about_id) == ("employee.hired", nora.pk, nora.pk)
    assert body["after"]["role"] == "frontline"
    assert "ora" not in event.body
    assert nora.check_password(GOOD)


def test_who_is_hired_without_a_password_cannot_sign_in(scene):
    assert not hire(scene).has_usable_password()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"username": "maria"}, "username"),
        ({"code": "maria"}, "code"),
        ({"username": "System"}, "username"),
        ({"code": "system"}, "code"),
        ({"username": "admin"}, "username"),
        ({"username": "ｓｙｓｔｅｍ"}, "username"),
        ({"username": "ſystem"}, "username"),
        ({"code": "ＳＹＳＴＥＭ"}, "code"),
        ({"code": "ａdmin"}, "code"),
        ({"username": "ﷺ" * 20}, "username"),
        ({"username": None}, "username"),
        ({"username": "\ud800"}, "username"),
        ({"code": "\ud800"}, "code"),
        ({"name": None}, "name"),
        ({"name": "\udfff"}, "name"),
        ({"email": 5, "password": GOOD}, "email"),
        ({"role": ["frontline"]}, "role"),
        ({"name": " "}, "name"),
        ({"name": "a\x00"}, "name"),
        ({"role": "king"}, "role"),
        ({"role": ""}, "role"),
        ({"property": None}, "property"),
        ({"role": "leader"}, "property"),
        ({"role": "auditor"}, "property"),
        ({"is_superuser": True}, "role"),
        ({"email": "not one"}, "email"),
        ({"password": "short"}, "password"),
        ({"password": ""}, "password"),
    ],
)
def test_a_person_who_does_not_fit_is_refused_by_the_name_of_the_field(scene, changes, field):
    with pytest.raises(ValidationError) as refused:
        hire(scene, actor=scene.admin, **changes)
    assert list(refused.value.message_dict) == [field]
    assert not Employee.objects.filter(name="Nora").exists()


def test_a_department_of_another_house_is_refused(scene):
    with pytest.raises(ValidationError) as refused:
        hire(scene, department=scene.nyc_desk)
    assert list(refused.value.message_dict) == ["department"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"code": "LAX"}, "code"),
        ({"code": ""}, "code"),
        ({"currency": "usd"}, "currency"),
        ({"currency": "XXX"}, "currency"),
        ({"currency": None}, "currency"),
        ({"timezone": "\0"}, "timezone"),
        ({"timezone": None}, "timezone"),
        ({"code": "\ud800"}, "code"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../etc/passwd"}, "timezone"),
        ({"timezone": "America"}, "timezone"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_a_place_that_does_not_fit_is_refused_by_the_name_of_the_field(scene, changes, field):
    with pytest.raises(ValidationError) as refused:
        create_property(actor=scene.admin, **{"code": "ROM", "name": "Rome", "currency": "EUR"} | changes)
    assert list(refused.value.message_dict) == [field]


def test_two_houses_may_have_a_department_of_one_code_and_one_house_may_not(scene):
    create_department(actor=scene.admin, property=scene.nyc, code="dining", name="Dining")
    with pytest.raises(ValidationError) as refused:
        create_department(actor=scene.admin, property=scene.nyc, code="dining", name="Again")
    assert list(refused.value.message_dict) == ["code"]


def test_a_change_of_role_is_recorded_before_and_after_and_opens_the_admin(scene):
    change_employee(actor=scene.admin, employee=scene.maria, role="manager")
    _, body = last_event()
    assert (body["before"]["role"], body["after"]["role"]) == ("frontline", "manager")
    assert (body["before"]["is_staff"], body["after"]["is_staff"]) == (False, True)
    change_employee(actor=scene.admin, employee=scene.maria, role="leader", property=None, department=None)
    assert Employee.objects.get(pk=scene.maria.pk).sees_every_property


def test_a_role_that_needs_a_house_keeps_the_old_one_when_it_is_taken_away(scene):
    with pytest.raises(ValidationError):
        change_employee(actor=scene.admin, employee=scene.maria, property=None, department=None)
    assert Employee.objects.get(pk=scene.maria.pk).property == scene.lax


def test_a_move_to_another_house_leaves_the_old_department(scene):
    with pytest.raises(ValidationError) as refused:
        change_employee(actor=scene.admin, employee=scene.maria, property=scene.nyc)
    assert list(refused.value.message_dict) == ["department"]
    change_employee(actor=scene.admin, employee=scene.maria, property=scene.nyc, department=scene.nyc_desk)


def test_who_is_let_go_loses_the_tokens_the_admin_and_the_role_in_one_stroke(scene):
    _, secret = issue_token(actor=scene.omar, employee=scene.omar, name="script")
    change_employee(actor=scene.admin, employee=scene.omar, is_active=False)
    assert find_token(secret=secret) is None
    assert not Employee.objects.get(pk=scene.omar.pk).is_staff


def test_an_administrator_does_not_close_the_own_account(scene):
    with pytest.raises(NotPossible, match="another administrator"):
        change_employee(actor=scene.admin, employee=scene.admin, is_active=False)


def test_a_person_changes_the_own_language_and_nothing_else(scene):
    assert change_employee(actor=scene.maria, employee=scene.maria, language="ar").language == "ar"
    with pytest.raises(NotPermitted):
        change_employee(actor=scene.maria, employee=scene.maria, role="manager")
    with pytest.raises(NotPermitted):
        change_employee(actor=scene.maria, employee=scene.tomas, language="ar")
    with pytest.raises(ValidationError):
        change_employee(actor=scene.admin, employee=scene.maria, is_superuser=True)


def test_a_password_is_set_by_the_person_or_the_administrator_and_checked(scene):
    set_password(actor=scene.maria, employee=scene.maria, password=GOOD)
    set_password(actor=scene.admin, employee=scene.maria, password=GOOD + " too")
    assert Employee.objects.get(pk=scene.maria.pk).check_password(GOOD + " too")
    with pytest.raises(NotPermitted):
        set_password(actor=scene.grace, employee=scene.maria, password=GOOD)
    with pytest.raises(ValidationError) as refused:
        set_password(actor=scene.maria, employee=scene.maria, password="maria")
    assert list(refused.value.message_dict) == ["password"]


def test_the_system_is_one_person_whom_nobody_sees_or_changes(scene):
    system = system_employee()
    assert system == system_employee()
    assert not system.is_active
    assert not system.has_usable_password()
    assert system not in Employee.objects.visible_to(scene.chen)
    with pytest.raises(NotPossible):
        change_employee(actor=scene.admin, employee=system, is_active=True)
    with pytest.raises(NotPossible):
        set_password(actor=scene.admin, employee=system, password=GOOD)


def test_a_name_is_kept_in_its_plain_form(scene):
    nora = hire(scene, username="ｎｏｒａ", code="Ｅ７")
    assert (nora.username, nora.code) == ("nora", "E7")


def test_who_is_called_system_and_can_sign_in_is_not_the_system(scene):
    system = system_employee()
    assert acts_as_system(system)
    for password, is_active in ((system.password, True), (scene.maria.password, False)):
        Employee.objects.filter(pk=system.pk).update(is_active=is_active, password=password)
        impostor = Employee.objects.get(pk=system.pk)
        assert not acts_as_system(impostor)
        with pytest.raises(NotPermitted):
            hire(scene, actor=impostor)


def test_createsuperuser_makes_an_administrator_with_a_good_password(monkeypatch, capsys):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "short")
    with pytest.raises(CommandError):
        call_command("createsuperuser", "--noinput")
    assert not Employee.objects.exists()
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", GOOD)
    call_command("createsuperuser", "--noinput")
    admin = Employee.objects.get()
    assert admin.is_superuser
    assert admin.is_staff
    assert admin.role == ""
