"""Which rule applies: the most specific one in force, found by one query, as a slow and plain search finds it."""

from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from empower import clock
from empower.policies.models import Policy
from empower.policies.queries import policy_in_force
from empower.policies.services import withdraw_policy, write_policy
from empower.staff.services import system_employee
from tests.scene import OPENED

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def write(scene, code, limit, **changes):
    told = {"currency": "USD", "property": scene.lax} | changes
    return write_policy(actor=None, code=code, limit=limit, **told)


def in_force(scene, employee=None, at=None):
    return policy_in_force(employee=employee or scene.maria, property=scene.lax, at=at)


def test_it_is_found_by_one_query(scene, django_assert_num_queries):
    write(scene, "lax-desk", 1000_00, department=scene.lax_desk)
    with django_assert_num_queries(1):
        assert in_force(scene).code == "lax-desk"


def test_before_the_house_opened_there_was_no_rule(scene):
    assert in_force(scene, at=OPENED - timedelta(microseconds=1)) is None
    assert in_force(scene, at=OPENED).code == "default-LAX"


def test_department_outweighs_role_and_property_outweighs_role(scene):
    group = write(scene, "frontline", 900_00, property=None, role="frontline")
    assert in_force(scene).code == "default-LAX"
    here = write(scene, "lax-frontline", 800_00, role="frontline")
    assert in_force(scene) == here
    desk = write(scene, "lax-desk", 700_00, department=scene.lax_desk)
    assert in_force(scene) == desk
    assert in_force(scene, scene.omar).code == "lax-desk"
    both = write(scene, "lax-desk-manager", 600_00, department=scene.lax_desk, role="manager")
    assert in_force(scene, scene.omar) == both
    assert policy_in_force(employee=scene.paul, property=scene.nyc).code == "default-NYC"
    assert group.pk


def test_a_group_rule_in_another_currency_is_not_ours(scene):
    write(scene, "group", 100_00, property=None, currency="EUR", role="frontline")
    withdraw_policy(actor=None, policy=in_force(scene))
    assert in_force(scene) is None


def test_a_version_applies_from_its_moment_and_not_a_microsecond_before(scene):
    begins = clock.now() + DAY
    write(scene, "default-LAX", 1500_00, effective_from=begins)
    assert in_force(scene, at=begins - timedelta(microseconds=1)).limit == 2000_00
    assert in_force(scene, at=begins).limit == 1500_00


def test_a_temporary_raise_wins_over_its_like_and_ends_by_itself(scene):
    begins, ends = clock.now() + DAY, clock.now() + 3 * DAY
    write(scene, "high-season", 3000_00, effective_from=begins, effective_until=ends)
    assert in_force(scene, at=begins).limit == 3000_00
    assert in_force(scene, at=ends - timedelta(microseconds=1)).limit == 3000_00
    assert in_force(scene, at=ends).limit == 2000_00


def test_a_temporary_version_of_a_rule_gives_way_to_the_version_before(scene):
    ends = clock.now() + DAY
    write(scene, "default-LAX", 3000_00, effective_until=ends)
    assert in_force(scene).limit == 3000_00
    assert in_force(scene, at=ends).limit == 2000_00


def test_of_two_alike_the_one_that_began_last_applies(scene):
    write(scene, "a", 1100_00)
    write(scene, "b", 1200_00)
    assert in_force(scene).code == "b"


def test_a_withdrawn_rule_leaves_the_more_general_one(scene):
    desk = write(scene, "lax-desk", 700_00, department=scene.lax_desk)
    ends = clock.now() + DAY
    withdraw_policy(actor=None, policy=desk, effective_from=ends)
    assert in_force(scene).code == "lax-desk"
    assert in_force(scene, at=ends).code == "default-LAX"


def test_a_leader_acts_by_the_rule_of_the_house(scene):
    assert in_force(scene, scene.chen).code == "default-LAX"


def test_what_was_in_force_stays_so_for_ever(scene):
    before = clock.now()
    write(scene, "default-LAX", 500_00)
    assert in_force(scene, at=before).limit == 2000_00


# --- against a slow and plain search --------------------------------------------------------------------------------


def plainly(policies, employee, property, at):
    """What the docstring of policy_in_force says, in the simplest way that came to mind."""
    newest = {}
    for policy in sorted(policies, key=lambda one: one.version):
        if policy.effective_from <= at and (policy.effective_until is None or at < policy.effective_until):
            newest[policy.code] = policy
    best = None
    for policy in newest.values():
        if policy.is_withdrawn or policy.currency != property.currency:
            continue
        wanted = [
            (policy.property_id, property.pk, 4),
            (policy.department_id, employee.department_id, 8),
            (policy.role or None, employee.role, 2),
        ]
        if any(said is not None and said != is_ for said, is_, _ in wanted):
            continue
        weight = sum(points for said, _, points in wanted if said is not None)
        rank = (weight, policy.effective_until is not None, policy.effective_from, policy.pk)
        if best is None or rank > best[0]:
            best = rank, policy
    return best and best[1]


writes = st.lists(
    st.fixed_dictionaries(
        {
            "where": st.sampled_from(["group", "lax", "lax_desk", "lax_dining", "nyc", "nyc_desk"]),
            "role": st.sampled_from(["", "frontline", "manager", "leader"]),
            "currency": st.sampled_from(["USD", "USD", "EUR"]),
            "copy": st.integers(0, 1),
            "at": st.integers(0, 3),
            "wait": st.integers(0, 4),
            "last": st.one_of(st.none(), st.integers(1, 4)),
            "withdraw": st.booleans(),
        }
    ),
    max_size=12,
)


# An example asks forty times: a few are enough where a thousand are not wanted.
@given(writes=writes)
@settings(max_examples=settings.default.max_examples // 2, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_it_is_what_a_plain_search_finds(scene, writes):
    start = OPENED + 100 * DAY
    system_employee()
    with transaction.atomic():
        for told in sorted(writes, key=lambda one: one["at"]):
            with clock.standing_at(start + told["at"] * DAY):
                _write_or_withdraw(scene, told)
        policies = list(Policy.objects.all())
        for day in range(10):
            at = start + day * DAY
            for employee, property in (
                (scene.maria, scene.lax),
                (scene.omar, scene.lax),
                (scene.chen, scene.lax),
                (scene.paul, scene.nyc),
            ):
                assert policy_in_force(employee=employee, property=property, at=at) == plainly(
                    policies, employee, property, at
                )
        transaction.set_rollback(True)


def _write_or_withdraw(scene, told):
    where, currency = told["where"], told["currency"] if told["where"] == "group" else "USD"
    code = "-".join([where, told["role"], currency, str(told["copy"])])
    begins = clock.now() + told["wait"] * DAY
    last = Policy.objects.filter(code=code).order_by("version").last()
    if told["withdraw"] and last is not None:
        if not last.is_withdrawn:
            withdraw_policy(actor=None, policy=last, effective_from=begins)
        return
    write_policy(
        actor=None,
        code=code,
        limit=100_00,
        currency=currency,
        role=told["role"],
        property=None if where == "group" else scene.lax if where.startswith("lax") else scene.nyc,
        department=getattr(scene, where) if "_" in where else None,
        effective_from=begins,
        effective_until=told["last"] and begins + told["last"] * DAY,
    )
