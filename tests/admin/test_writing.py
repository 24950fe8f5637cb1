"""What is set up on the desk: by services, with their words beside the fields, and one effect however often it is sent."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session

from empower import clock
from empower.audit.models import AuditEvent
from empower.journal.models import Allotment, JournalEntry
from empower.policies.models import Deputy, Policy
from empower.spending.models import Gesture
from empower.staff.models import ApiToken, Department, Employee, Property
from empower.staff.services import find_token

from .conftest import address

pytestmark = pytest.mark.long("postgresql")  # a door: its words and its refusals, not the database

ADD_PROPERTY = {"name": "Hotel ROM", "code": "ROM", "currency": "EUR", "timezone": "Europe/Rome"}


def errors(answer):
    return answer.context["adminform"].form.errors


def test_a_property_is_opened_with_its_first_rule(desk, scene):
    assert desk(scene.admin).post(address(Property, "add"), ADD_PROPERTY).status_code == 302
    rome = Property.objects.get(code="ROM")
    assert rome.policies.get().limit > 0
    assert AuditEvent.objects.filter(verb="property.opened", subject_id=rome.pk, actor_id=scene.admin.pk).exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "LAX"}, "code"),
        ({"currency": "XXX"}, "currency"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"limit": "many"}, "limit"),
        ({"limit": "0.001"}, "limit"),
        ({"name": ""}, "name"),
    ],
)
def test_what_a_service_turns_down_stands_beside_its_field(desk, scene, wrong, field):
    before = Property.objects.count()
    answer = desk(scene.admin).post(address(Property, "add"), ADD_PROPERTY | wrong)
    assert answer.status_code == 200
    assert list(errors(answer)) == [field]
    assert Property.objects.count() == before


def test_only_the_superuser_sets_up(desk, scene):
    for model in (Property, Department, Employee):
        for name in ("grace", "chen", "ada"):
            assert desk(getattr(scene, name)).post(address(model, "add"), ADD_PROPERTY).status_code == 403


def test_a_department_is_made_once_however_often_the_form_is_sent(desk, scene):
    browser = desk(scene.admin)
    form = {"property": scene.lax.pk, "code": "spa", "name": "Spa", "once": "the same form"}
    answers = [browser.post(address(Department, "add"), form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Department.objects.filter(code="spa").count() == 1
    other = browser.post(address(Department, "add"), form | {"code": "pool"})
    assert "used for another request" in str(errors(other))


def test_somebody_is_hired_changed_and_let_go(desk, scene):
    browser = desk(scene.admin)
    told = {"username": "rosa", "code": "E77", "name": "Rosa Diaz", "role": "frontline", "property": scene.lax.pk}
    assert browser.post(address(Employee, "add"), told | {"password": "a long enough one 9"}).status_code == 302
    rosa = Employee.objects.get(username="rosa")
    assert rosa.check_password("a long enough one 9")
    change = {"name": "Rosa Diaz", "role": "manager", "property": scene.lax.pk, "email": "", "joined_on": ""}
    assert browser.post(address(rosa, "change", rosa.pk), change).status_code == 302
    rosa.refresh_from_db()
    assert (rosa.role, rosa.is_staff, rosa.is_active) == ("manager", False, False)
    event = AuditEvent.objects.get(verb="employee.changed", subject_id=rosa.pk)
    assert '"fields":["is_active","role"]' in event.body


def test_a_role_without_its_property_is_said_beside_it(desk, scene):
    told = {"username": "rosa", "code": "E77", "name": "Rosa", "role": "frontline"}
    assert list(errors(desk(scene.admin).post(address(Employee, "add"), told))) == ["property"]
    told |= {"property": scene.lax.pk, "password": "short"}
    assert list(errors(desk(scene.admin).post(address(Employee, "add"), told))) == ["password"]
    assert not Employee.objects.filter(username="rosa").exists()


def test_nobody_closes_their_own_account(desk, scene):
    change = {"name": scene.admin.name, "role": "", "email": "", "joined_on": ""}
    answer = desk(scene.admin).post(address(scene.admin, "change", scene.admin.pk), change)
    assert "close your own account" in str(errors(answer))


def test_a_manager_reads_a_colleague_and_changes_nothing(desk, scene):
    browser = desk(scene.omar)
    assert b'name="_save"' not in browser.see(scene.maria).content
    assert browser.post(address(scene.maria, "change", scene.maria.pk), {"role": "leader"}).status_code == 403


def test_a_new_password_is_set_by_the_superuser_and_is_nowhere_in_the_answer(desk, scene):
    browser = desk(scene.admin)
    weak = browser.answer("set_password", scene.maria, password="demo")
    assert weak.status_code == 400
    answer = browser.answer("set_password", scene.maria, password="a much longer word 7")
    assert answer.status_code == 302
    scene.maria.refresh_from_db()
    assert scene.maria.check_password("a much longer word 7")
    desk(scene.grace).answer("set_password", scene.maria, password="another long one 8")
    scene.maria.refresh_from_db()
    assert scene.maria.check_password("a much longer word 7")


def test_the_next_version_of_a_rule_is_written_and_none_is_changed(desk, scene):
    first = Policy.objects.get(code="default-LAX")
    browser = desk(scene.chen)
    form = browser.get(f"{address(Policy, 'add')}?from={first.pk}").context["adminform"].form
    assert form.initial["limit"] == "2000.00"
    told = {
        "code": first.code, "property": scene.lax.pk, "currency": "USD", "scope": "incident", "limit": "1500.00",
        "answer_within_minutes": 20, "expires_after_minutes": 600, "desk_confirmed": "yes",
    }  # fmt: skip
    assert browser.post(address(Policy, "add"), told).status_code == 302
    second = Policy.objects.get(code=first.code, version=2)
    assert (second.limit, second.manager_up_to, second.recorded_by) == (150_000, 375_000, scene.chen)
    page = browser.see(second).content
    assert b"$2,000.00" in page
    assert b"$1,500.00" in page
    assert browser.post(address(first, "change", first.pk), told).status_code == 403
    browser = desk(scene.grace)  # who decides within the limits of a house reads them, and writes none
    assert b"$1,500.00" in browser.see(second).content
    assert browser.post(address(Policy, "add"), told).status_code == 403


@pytest.mark.parametrize("name", ["grace", "omar", "ada"])
def test_a_rule_is_written_by_nobody_of_the_house(desk, scene, name):
    policy = Policy.objects.get(code="default-LAX")
    browser = desk(getattr(scene, name))
    assert browser.get(address(Policy, "add")).status_code == 403
    assert b"Write the next version" not in browser.see(policy).content
    browser.answer("withdraw", policy)
    assert Policy.objects.filter(code=policy.code).count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"manager_up_to": "100"}, "manager_up_to"),
        ({"limit": "12,5"}, "limit"),
        ({"currency": "EUR"}, "currency"),
        ({"effective_from_0": "2020-01-01", "effective_from_1": "00:00"}, "effective_from"),
        ({"property": "1000"}, "property"),
        ({"second_failure_limit": "1"}, "second_failure_limit"),
        ({"code": "default-NYC"}, "code"),
    ],
)
def test_a_rule_that_can_t_be_is_said_beside_its_field(desk, scene, wrong, field):
    told = {
        "code": "dinner", "property": scene.lax.pk, "currency": "USD", "scope": "incident", "limit": "1500.00",
        "answer_within_minutes": 20, "expires_after_minutes": 600,
    }  # fmt: skip
    answer = desk(scene.chen).post(address(Policy, "add"), told | wrong)
    assert answer.status_code == 200
    assert list(errors(answer)) == [field]


def test_a_rule_is_withdrawn_by_a_version_of_it(desk, scene):
    policy = Policy.objects.get(code="default-LAX")
    browser = desk(scene.chen)
    browser.answer("withdraw", policy)
    assert Policy.objects.get(code=policy.code, version=2).is_withdrawn
    assert "withdrawn before" in browser.said(browser.answer("withdraw", policy))[-1]
    desk(scene.grace).answer("withdraw", Policy.objects.get(code="default-NYC"))
    assert Policy.objects.filter(is_withdrawn=True).count() == 1


def test_a_deputy_is_named_and_ended(desk, scene):
    begins, ends = clock.now() + timedelta(hours=1), clock.now() + timedelta(days=2)
    told = {"absent": scene.grace.pk, "stands_in": scene.omar.pk}
    for name, at in (("begins_at", begins), ("ends_at", ends)):
        local = at.astimezone(ZoneInfo("America/Los_Angeles"))
        told |= {f"{name}_0": f"{local:%Y-%m-%d}", f"{name}_1": f"{local:%H:%M}"}
    browser = desk(scene.grace)
    assert browser.post(address(Deputy, "add"), told).status_code == 302
    deputy = Deputy.objects.get()
    assert abs(deputy.begins_at - begins) < timedelta(minutes=1)
    wrong = browser.post(address(Deputy, "add"), told | {"stands_in": scene.grace.pk})
    assert list(errors(wrong)) == ["stands_in"]
    assert "not permitted" not in str(errors(desk(scene.omar).post(address(Deputy, "add"), told)))
    desk(scene.omar).answer("revoke", deputy)
    deputy.refresh_from_db()
    assert deputy.revoked_at


def test_a_budget_is_set_aside_and_taken_back(desk, scene):
    told = {"property": scene.lax.pk, "amount": "5000.00", "begins_on": "2026-12-01", "ends_on": "2026-12-31"}
    browser = desk(scene.grace)
    assert browser.post(address(Allotment, "add"), told).status_code == 302
    budget = Allotment.objects.get()
    assert (budget.amount, budget.recorded_by) == (500_000, scene.grace)
    late = browser.post(address(Allotment, "add"), told | {"ends_on": "2026-11-30"})
    assert list(errors(late)) == ["ends_on"]
    elsewhere = browser.post(address(Allotment, "add"), told | {"property": scene.nyc.pk})
    assert list(errors(elsewhere)) == ["property"]
    browser.answer("withdraw", budget)
    assert JournalEntry.objects.filter(allotment=budget).count() == 2
    assert "before" in browser.said(browser.answer("withdraw", budget))[-1]


def test_a_gesture_is_added_by_a_leader(desk, scene):
    told = {"name": "Balloon ride", "code": "balloon", "paid_from": "payable", "cost_ratio": "8000"}
    assert desk(scene.grace).post(address(Gesture, "add"), told).status_code == 403
    assert desk(scene.chen).post(address(Gesture, "add"), told).status_code == 302
    assert Gesture.objects.get(code="balloon").account == "balloon"


def test_a_token_s_secret_is_shown_once_and_kept_nowhere(desk, scene):
    browser = desk(scene.omar)
    form = {"name": "till", "scopes": ["spends:read"], "once": "this form"}
    answer = browser.post(address(ApiToken, "add"), form)
    secret = answer.context_data["secret"]
    assert answer.status_code == 200
    assert secret.encode() in answer.content
    assert "no-store" in answer["Cache-Control"]
    assert find_token(secret=secret).employee == scene.omar
    again = browser.post(address(ApiToken, "add"), form)
    assert b"was sent before" in again.content
    assert ApiToken.objects.count() == 1
    token = ApiToken.objects.get()
    assert secret.encode() not in browser.see(token).content
    assert not [one for one in Session.objects.all() if secret in str(one.get_decoded())]
    assert secret not in str(browser.client.cookies)
    browser.answer("revoke", token)
    assert find_token(secret=secret) is None


def test_a_scope_that_one_may_not_have_is_no_choice(desk, scene):
    answer = desk(scene.ada).post(address(ApiToken, "add"), {"name": "x", "scopes": ["spends:write"]})
    assert list(errors(answer)) == ["scopes"]


def test_django_s_own_log_keeps_ids_only(desk, scene):
    browser = desk(scene.admin)
    told = {"username": "rosa", "code": "E77", "name": "Rosa Diaz", "role": "frontline", "property": scene.lax.pk}
    browser.post(address(Employee, "add"), told)
    rosa = Employee.objects.get(username="rosa")
    browser.post(address(rosa, "change", rosa.pk), told | {"name": "Rosa Maria Diaz", "is_active": "on"})
    written = LogEntry.objects.order_by("pk").values_list("object_repr", "change_message", "user_id")
    assert list(written) == [(f"employee {rosa.pk}", "", scene.admin.pk)] * 2
