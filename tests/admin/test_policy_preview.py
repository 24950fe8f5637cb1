"""Before a rule is written one sees what it changes, for whom and from when; without a yes nothing is written."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from empower import clock
from empower.policies.models import Policy
from empower.policies.queries.changes import preview_of
from empower.policies.services import draft_policy, write_policy
from empower.spending.queries.rule_changes import under_way
from tests import factories as make

from .cases import give, open_case
from .conftest import address

pytestmark = pytest.mark.long("postgresql")  # a door: its words and its refusals, not the database

RULE = {"code": "default-LAX", "currency": "USD"}


def form(scene, **told):
    return {
        "code": "default-LAX", "property": scene.lax.pk, "currency": "USD", "scope": "incident", "limit": "1500.00",
        "answer_within_minutes": 20, "expires_after_minutes": 600,
    } | told  # fmt: skip


def words(answer):
    return " ".join(re.sub("<[^>]+>", " ", answer.content.decode()).split())


def test_the_form_leads_to_what_changes_and_writes_nothing(desk, scene, laid_out):
    browser = desk(scene.chen)
    answer = browser.post(address(Policy, "add"), form(scene))
    assert answer.status_code == 200
    assert Policy.objects.filter(code="default-LAX").count() == 1
    told = words(answer)
    assert "Version 2 of “default-LAX” would be in force from" in told
    assert "Limit $2,000.00 $1,500.00" in told
    assert "A manager decides up to $5,000.00 $3,750.00" in told
    assert "5 people" in told  # maria, tomas, omar, grace, and chen, who leads everywhere
    assert "Answer within minutes 15 min 20 min" in told
    assert "1 open incident where what may still be given changes" in told
    assert "on 1 of them somebody who gave already could give nothing more" in told
    assert "1 request waits" in told
    hidden = re.findall(r'name="(\w+)" value="([^"]*)"', answer.content.decode())
    assert ("limit", "1500.00") in hidden
    assert browser.post(address(Policy, "add"), form(scene, desk_confirmed="yes")).status_code == 302
    assert Policy.objects.get(code="default-LAX", version=2).limit == 150_000


def test_one_goes_back_to_the_form_with_what_was_written(desk, scene):
    at = {"effective_from_0": "2030-01-02", "effective_from_1": "09:30"}
    answer = desk(scene.chen).post(address(Policy, "add"), form(scene, desk_edit="yes", budget_asks="on", **at))
    page = answer.content.decode()
    for value in ("default-LAX", "1500.00", "2030-01-02", "09:30"):
        assert f'value="{value}"' in page
    assert re.search(r'name="budget_asks"[^>]*checked', page)
    assert not Policy.objects.filter(version=2).exists()


def test_a_manager_s_form_is_refused_before_anything_is_told(desk, scene):
    answer = desk(scene.grace).post(address(Policy, "add"), form(scene))
    assert answer.status_code == 403


def draft(scene, **told):
    return draft_policy(actor=scene.chen, **{"code": "new", "currency": "USD", "limit": 100_000} | told)


def test_a_more_specific_rule_keeps_its_people(scene):
    write_policy(
        actor=scene.chen, code="dining", currency="USD", limit=50_000, property=scene.lax, department=scene.lax_dining
    )
    make.EmployeeFactory(username="dina", property=scene.lax, department=scene.lax_dining)
    preview = preview_of(draft(scene, code="default-LAX", property=scene.lax))
    [change] = preview.changes
    assert change.people == 5
    assert scene.lax_dining not in change.departments
    assert (change.before.limit, change.after.limit) == (200_000, 100_000)


def test_a_rule_for_the_group_changes_nothing_where_each_house_has_its_own(scene):
    assert preview_of(draft(scene)).changes == []


def test_a_rule_for_a_role_is_for_that_role_in_its_house_alone(scene):
    [change] = preview_of(draft(scene, property=scene.nyc, role="frontline")).changes
    assert (change.property, change.people, change.roles) == (scene.nyc, 1, ["frontline"])


def test_a_rule_to_come_is_weighed_against_what_is_in_force_then(scene):
    now = clock.now()
    write_policy(
        actor=scene.chen, code="december", currency="USD", limit=300_000, property=scene.lax,
        effective_from=now + timedelta(days=10), effective_until=now + timedelta(days=20),
    )  # fmt: skip
    assert (
        preview_of(
            draft(scene, code="default-LAX", property=scene.lax, effective_from=now + timedelta(days=15))
        ).changes
        == []
    )
    [change] = preview_of(draft(scene, code="default-LAX", property=scene.lax)).changes
    assert change.before.code == "default-LAX"


def test_a_version_that_would_never_begin_is_named(desk, scene):
    write_policy(
        actor=scene.chen, **RULE, property=scene.lax, limit=90_000, effective_from=clock.now() + timedelta(days=9)
    )
    preview = preview_of(draft(scene, code="default-LAX", property=scene.lax))
    assert [version.version for version in preview.overtaken] == [2]
    assert "would never be in force" in words(desk(scene.chen).post(address(Policy, "add"), form(scene)))


def test_what_is_under_way_is_counted(scene):
    case, other = open_case(scene.maria, scene.jones), open_case(scene.maria, scene.rivera)
    give(scene.maria, case, scene.jones, 150_000)
    asked = give(scene.maria, other, scene.rivera, 400_000).approval
    lower = under_way(preview_of(draft(scene, code="default-LAX", property=scene.lax)))
    assert (lower.open, lower.used_up, lower.free_again) == (2, 1, 0)
    assert (asked.tier, lower.waiting, lower.elsewhere) == ("manager", 1, 1)
    give(scene.maria, case, scene.jones, 50_000)
    higher = under_way(preview_of(draft(scene, code="default-LAX", property=scene.lax, limit=300_000)))
    assert (higher.open, higher.used_up, higher.free_again, higher.elsewhere) == (2, 0, 1, 0)
    elsewhere = under_way(preview_of(draft(scene, code="default-NYC", property=scene.nyc)))
    assert (elsewhere.open, elsewhere.waiting) == (0, 0)


@pytest.mark.parametrize("more", [0, 8])
def test_it_asks_as_often_for_many_people_as_for_few(scene, more):
    for number in range(more):
        make.EmployeeFactory(username=f"p{number}", property=scene.lax, department=scene.lax_dining)
        give(scene.tomas, open_case(scene.maria, scene.jones), scene.jones, 210_000 + number)
    told = draft(scene, code="default-LAX", property=scene.lax)
    with CaptureQueriesContext(connection) as asked:
        under_way(preview_of(told))
    assert len(asked) <= 9


def test_nobody_s_name_is_on_the_page(desk, scene, laid_out):
    told = words(desk(scene.chen).post(address(Policy, "add"), form(scene)))
    told = told[told.index("What changes") :]
    assert not {"Maria", "Tomas", "Omar", "Jones"} & set(re.findall(r"\w+", told))
