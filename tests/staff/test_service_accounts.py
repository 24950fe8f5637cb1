"""Another system has a name of its own, and no more: no password, no pages, no decision."""

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from empower.audit.models import AuditEvent
from empower.incidents.services import log_incident
from empower.policies.services import name_deputy
from empower.refusals import NotPermitted, NotPossible
from empower.spending.models import Gesture
from empower.spending.permissions import can_decide, decides_for
from empower.spending.services import approve_spend, give_spend
from empower.staff import scopes
from empower.staff.models import ApiToken, Employee, Role
from empower.staff.permissions import acts_at, manages, may_open_admin
from empower.staff.services import (
    change_employee,
    find_token,
    hire_employee,
    issue_token,
    revoke_token,
    set_password,
)

pytestmark = pytest.mark.django_db


def service(scene, role="frontline", property="lax", **told):
    told = {"username": f"pms-{role}", "code": f"pms-{role}", "name": "Front desk system"} | told
    place = getattr(scene, property) if property else None
    return hire_employee(actor=scene.admin, role=role, property=place, is_service=True, **told)


def asked_for(scene, amount=300_000):
    incident = log_incident(actor=scene.maria, property=scene.lax, guests=[scene.jones])
    spend = give_spend(
        actor=scene.maria, incident=incident, guest=scene.jones, gesture=Gesture.objects.get(code="meal"),
        amount=amount, currency="USD",
    )  # fmt: skip
    return spend.approval


def test_only_the_administrator_and_the_system_make_one(scene):
    for name in ("omar", "grace", "chen", "ada"):
        with pytest.raises(NotPermitted):
            hire_employee(
                actor=getattr(scene, name), username="x", code="x", name="X", role="frontline", property=scene.lax,
                is_service=True,
            )  # fmt: skip
    account = service(scene)
    assert account.is_service
    assert not account.has_usable_password()
    assert '"is_service":true' in AuditEvent.objects.get(verb="employee.hired", subject_id=account.pk).body


def test_it_has_no_password_whoever_asks(scene):
    with pytest.raises(ValidationError) as refused:
        service(scene, password="a long enough one 9")
    assert list(refused.value.message_dict) == ["password"]
    account = service(scene)
    for actor in (scene.admin, None):
        with pytest.raises(NotPossible) as refused:
            set_password(actor=actor, employee=account, password="a long enough one 9")
        assert refused.value.code == "service_account"


def test_the_database_gives_it_no_password_either(scene):
    account = service(scene)
    for change in ("password = 'argon2$x'", "is_superuser = true", "is_staff = true"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE staff_employee SET {change} WHERE id = %s", [account.pk])


def test_nobody_becomes_one_and_it_becomes_nobody(scene):
    for actor, employee in ((scene.admin, scene.maria), (None, service(scene))):
        with pytest.raises(ValidationError) as refused:
            change_employee(actor=actor, employee=employee, is_service=not employee.is_service)
        assert list(refused.value.message_dict) == ["is_service"]


def test_it_belongs_to_a_property_or_oversees_all(scene):
    assert service(scene, "auditor", None).sees_every_property
    assert service(scene, "leader", None).sees_every_property
    with pytest.raises(ValidationError) as refused:
        service(scene, "frontline", None)
    assert list(refused.value.message_dict) == ["property"]
    with pytest.raises(ValidationError) as refused:
        hire_employee(actor=scene.admin, username="y", code="y", name="Y", role="", is_superuser=True, is_service=True)
    assert list(refused.value.message_dict) == ["is_service"]


def test_no_page_opens_to_it(scene, client):
    account = service(scene, "leader", None)
    assert not may_open_admin(account)
    assert not account.is_staff
    client.force_login(account)  # as if some other way in had let it
    assert client.get("/me/").url.startswith("/accounts/login/")
    assert client.get("/admin/").status_code == 302


@pytest.mark.parametrize("role", ["manager", "general_manager", "leader"])
def test_it_decides_nothing_whatever_its_role(scene, role):
    approval = asked_for(scene)
    account = service(scene, role, None if role == "leader" else "lax")
    assert acts_at(account, scene.lax.pk)
    assert not manages(account, scene.lax.pk)
    assert account.rank == 0
    assert not can_decide(account, approval)
    assert account not in Employee.objects.deciding_for(scene.lax.pk)
    with pytest.raises(NotPermitted):
        approve_spend(actor=account, approval=approval, reason="Yes")
    approval.refresh_from_db()
    assert approval.status == "open"


def test_it_stands_in_for_nobody(scene):
    from datetime import timedelta

    from empower import clock
    from empower.policies.models import Deputy

    account, now = service(scene), clock.now()
    wish = {"absent": scene.grace, "begins_at": now, "ends_at": now + timedelta(days=1)}
    with pytest.raises(ValidationError) as refused:
        name_deputy(actor=scene.grace, stands_in=account, **wish)
    assert list(refused.value.message_dict) == ["stands_in"]
    # Were it one all the same, the predicate says no.
    Deputy.objects.create(stands_in=account, **wish)
    asked = {"tier": Role.MANAGER, "property_id": scene.lax.pk, "asker_id": scene.maria.pk}
    assert decides_for(account, **asked) is None


def test_nobody_says_that_it_said_yes(scene):
    account = service(scene, "general_manager")
    incident = log_incident(actor=scene.maria, property=scene.lax, guests=[scene.jones])
    with pytest.raises(NotPermitted) as refused:
        give_spend(
            actor=scene.maria, incident=incident, guest=scene.jones, gesture=Gesture.objects.get(code="meal"),
            amount=300_000, currency="USD", verbal_approval_by=account,
        )  # fmt: skip
    assert refused.value.code == "below_tier"


def test_it_works_under_its_own_name(scene):
    account = service(scene)
    incident = log_incident(actor=account, property=scene.lax, guests=[scene.jones])
    assert incident.recorded_by == account
    assert AuditEvent.objects.get(verb="incident.logged", subject_id=incident.pk).actor_id == account.pk
    with pytest.raises(NotPermitted):
        log_incident(actor=account, property=scene.nyc, guests=[scene.smith])


# --- its tokens ---------------------------------------------------------------------------------------------------


def test_its_tokens_are_made_by_the_administrator_and_the_event_says_so(scene):
    account = service(scene)
    token, secret = issue_token(actor=scene.admin, employee=account, name="pms", scopes=["incidents:write"])
    assert find_token(secret=secret).employee == account
    event = AuditEvent.objects.get(verb="token.issued")
    assert (event.actor_id, event.about_id) == (scene.admin.pk, account.pk)
    assert '"is_service":true' in event.body
    revoke_token(actor=scene.admin, token=token)
    assert find_token(secret=secret) is None


@pytest.mark.parametrize("name", ["maria", "grace", "chen", "itself"])
def test_nobody_else_makes_one(scene, name):
    account = service(scene, "manager")
    with pytest.raises(NotPermitted) as refused:
        issue_token(actor=account if name == "itself" else getattr(scene, name), employee=account, name="pms")
    assert refused.value.code == "not_yours"
    assert not ApiToken.objects.exists()


def test_the_administrator_still_makes_none_for_a_person(scene):
    with pytest.raises(NotPermitted):
        issue_token(actor=scene.admin, employee=scene.maria, name="borrowed")


def test_its_token_makes_no_tokens_and_thanks_nobody(scene):
    assert set(scopes.ALL) - set(scopes.may_have(service(scene, "leader", None))) == {
        "tokens:write", "recognition:write",
    }  # fmt: skip


def test_the_command_makes_one_and_its_token(scene, capsys):
    call_command("service_account", "pms", "--property", "LAX", "--name", "Front desk system")
    account = Employee.objects.get(username="pms")
    assert (account.is_service, account.role, account.property) == (True, "frontline", scene.lax)
    call_command("api_token", "pms", "--scope", "incidents:write")
    assert find_token(secret=capsys.readouterr().out.splitlines()[-1]).employee == account
    call_command("service_account", "finance", "--role", "auditor")
    assert Employee.objects.get(username="finance").sees_every_property


@pytest.mark.parametrize("arguments", [["pms"], ["pms", "--property", "MARS"], ["maria", "--property", "LAX"]])
def test_the_command_says_what_is_wrong(scene, arguments):
    before = Employee.objects.count()
    with pytest.raises(CommandError):
        call_command("service_account", *arguments)
    assert Employee.objects.count() == before
