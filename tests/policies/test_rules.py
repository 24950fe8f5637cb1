"""Opening a house, writing the next version of a rule, ending one."""

import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from empower import clock, money
from empower.audit.models import AuditEvent
from empower.policies.models import Policy
from empower.policies.round_limits import default_limit
from empower.policies.services import open_property, withdraw_policy, write_policy
from empower.refusals import NotPermitted, NotPossible
from empower.staff.models import Property

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("currency", "limit", "manager", "general_manager"),
    [
        ("USD", "2000.00", "5000.00", "25000.00"),
        ("EUR", "2000.00", "5000.00", "25000.00"),
        ("JPY", "300000", "750000", "3750000"),
        ("BHD", "750.000", "1875.000", "9375.000"),
        ("CLF", "50.0000", "125.0000", "625.0000"),
    ],
)
def test_a_house_opens_with_a_limit_worth_a_dinner(currency, limit, manager, general_manager):
    house = open_property(actor=None, code="H", name="House", currency=currency)
    policy = Policy.objects.get()
    figures = (policy.limit, policy.manager_up_to, policy.general_manager_up_to)
    assert [money.to_text(figure, currency) for figure in figures] == [limit, manager, general_manager]
    assert (policy.code, policy.version, policy.property, policy.scope) == ("default-H", 1, house, "incident")
    assert policy.effective_from <= clock.now()


def test_every_currency_has_a_round_figure():
    for currency in money._DECIMALS:
        digits = str(default_limit(currency)).rstrip("0")
        assert digits in {"1", "15", "2", "25", "3", "5", "75"}, currency


def test_a_limit_that_is_told_goes_before_the_table():
    open_property(actor=None, code="H", name="House", currency="USD", limit=500_00)
    assert Policy.objects.get().limit == 500_00


def test_a_house_with_a_limit_below_zero_does_not_open():
    with pytest.raises(ValidationError):
        open_property(actor=None, code="H", name="House", currency="USD", limit=-1)
    assert not Property.objects.exists()


def test_a_long_code_opens_a_house_too():
    open_property(actor=None, code="h" * 64, name="House", currency="USD")
    assert len(Policy.objects.get().code) <= 64


def write(scene, actor=None, **changes):
    told = {"code": "rule", "currency": "USD", "limit": 1000_00, "property": scene.lax} | changes
    return write_policy(actor=actor, **told)


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("maria", False),
        ("omar", False),
        ("grace", False),
        ("gina", False),
        ("ada", False),
        ("chen", True),
        ("admin", True),
    ],
)
def test_who_may_write_a_rule_of_a_house(scene, name, may):
    if may:
        assert write(scene, getattr(scene, name)).recorded_by == getattr(scene, name)
    else:
        with pytest.raises(NotPermitted):
            write(scene, getattr(scene, name))
        assert not Policy.objects.filter(code="rule").exists()


def test_a_general_manager_lifts_no_limit_of_the_own_house_nor_ends_its_rule(scene):
    for told in ({}, {"property": None}, {"code": "default-LAX"}, {"role": "general_manager", "limit": 10**12}):
        with pytest.raises(NotPermitted):
            write(scene, scene.grace, **told)
    with pytest.raises(NotPermitted):
        withdraw_policy(actor=scene.grace, policy=Policy.objects.get(code="default-LAX"))
    assert Policy.objects.in_force().filter(property=scene.lax).count() == 1


def test_the_next_version_of_a_rule_is_of_the_same_house(scene):
    with pytest.raises(ValidationError) as refused:
        write(scene, scene.chen, code="default-NYC")
    assert list(refused.value.message_dict) == ["code"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"limit": -1}, "limit"),
        ({"limit": "100"}, "limit"),
        ({"limit": True}, "limit"),
        ({"limit": 10**14}, "limit"),
        ({"manager_up_to": 999_99}, "manager_up_to"),
        ({"manager_up_to": 3000_00, "general_manager_up_to": 2999_99}, "general_manager_up_to"),
        ({"cap": -1}, "cap"),
        ({"second_failure_limit": 999_99}, "second_failure_limit"),
        ({"second_failure_limit": 2500_01}, "second_failure_limit"),
        ({"answer_within_minutes": 0}, "answer_within_minutes"),
        ({"expires_after_minutes": 1.5}, "expires_after_minutes"),
        ({"budget_asks": "yes"}, "budget_asks"),
        ({"scope": "week"}, "scope"),
        ({"role": "king"}, "role"),
        ({"currency": "EUR"}, "currency"),
        ({"currency": "XYZ"}, "currency"),
        ({"code": ""}, "code"),
        ({"role": ["manager"]}, "role"),
        ({"currency": None}, "currency"),
        ({"effective_from": datetime(2030, 1, 1)}, "effective_from"),
        ({"effective_from": "2030-01-01T00:00:00Z"}, "effective_from"),
        ({"effective_from": ""}, "effective_from"),
        ({"effective_from": datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12)))}, "effective_from"),
        ({"effective_until": datetime(2201, 1, 1, tzinfo=UTC)}, "effective_until"),
        ({"effective_until": 7}, "effective_until"),
    ],
)
def test_a_rule_that_does_not_fit_is_refused_by_the_name_of_the_field(scene, changes, field):
    with pytest.raises(ValidationError) as refused:
        write(scene, **changes)
    assert list(refused.value.message_dict) == [field]
    assert not Policy.objects.filter(code=changes.get("code", "rule")).exists()


@pytest.mark.parametrize("code", [None, "\ud800", "a\x00", "x" * 65])
def test_a_rule_has_a_name_that_can_be_stored(scene, code):
    with pytest.raises(ValidationError) as refused:
        write(scene, code=code)
    assert list(refused.value.message_dict) == ["code"]


def test_the_edges_of_the_tiers_are_within_them(scene):
    policy = write(
        scene, limit=1000_00, manager_up_to=1000_00, general_manager_up_to=1000_00, second_failure_limit=1000_00, cap=0
    )
    assert policy.tier_for(1000_00) == "manager"
    assert policy.tier_for(1000_01) == "leader"


def test_a_department_of_another_house_is_refused_and_a_department_names_its_house(scene):
    for changes, field in (
        ({"department": scene.nyc_desk}, "department"),
        ({"department": scene.lax_desk, "property": None}, "property"),
    ):
        with pytest.raises(ValidationError) as refused:
            write(scene, **changes)
        assert list(refused.value.message_dict) == [field]


def test_no_rule_begins_in_the_past(scene):
    now = clock.now()
    with clock.standing_at(now):
        with pytest.raises(ValidationError) as refused:
            write(scene, effective_from=now - timedelta(microseconds=1))
        assert list(refused.value.message_dict) == ["effective_from"]
        write(scene, effective_from=now)
        with pytest.raises(ValidationError) as refused:
            write(scene, effective_from=now, effective_until=now)
        assert list(refused.value.message_dict) == ["effective_until"]


def test_versions_count_up_and_keep_what_they_are_about(scene):
    first, second = write(scene), write(scene, limit=1200_00)
    assert (first.version, second.version) == (1, 2)
    with pytest.raises(ValidationError):
        write(scene, role="manager")
    body = json.loads(AuditEvent.objects.filter(verb="policy.written").latest("pk").body)
    assert (body["before"]["limit"], body["after"]["limit"]) == (1000_00, 1200_00)


def test_a_rule_is_never_edited_not_even_by_hand(scene):
    policy = write(scene)
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        Policy.objects.filter(pk=policy.pk).update(limit=1)
    with pytest.raises(IntegrityError, match="written once"), transaction.atomic():
        policy.delete()


@pytest.mark.parametrize("moment", ["2030-01-01", "", datetime(2030, 1, 1), datetime(9999, 1, 1, tzinfo=UTC)])
def test_a_rule_ends_at_no_moment_that_cannot_be_stored(scene, moment):
    policy = write(scene)
    with pytest.raises(ValidationError) as refused:
        withdraw_policy(actor=scene.chen, policy=policy, effective_from=moment)
    assert list(refused.value.message_dict) == ["effective_from"]


def test_a_rule_is_withdrawn_once(scene):
    policy = write(scene)
    ending = withdraw_policy(actor=scene.chen, policy=policy)
    assert (ending.version, ending.is_withdrawn, ending.limit) == (2, True, policy.limit)
    with pytest.raises(NotPossible) as refused:
        withdraw_policy(actor=scene.chen, policy=policy)
    assert refused.value.code == "already_withdrawn"
    assert write(scene).version == 3
