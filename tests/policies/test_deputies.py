"""Who answers in another's place: named by whom, for how long, and never through somebody else."""

from datetime import datetime, timedelta, timezone

import pytest
from django.core.exceptions import ValidationError

from empower import clock
from empower.policies.models import Deputy
from empower.policies.queries import deputies_in_force, stands_in_for
from empower.policies.services import name_deputy, revoke_deputy
from empower.refusals import NotPermitted, NotPossible
from empower.staff.services import change_employee

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def name(actor, absent, stands_in, begins=0, ends=8):
    now = clock.now()
    return name_deputy(
        actor=actor, absent=absent, stands_in=stands_in, begins_at=now + begins * HOUR, ends_at=now + ends * HOUR
    )


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("omar", True),
        ("grace", True),
        ("chen", True),
        ("admin", True),
        ("maria", False),
        ("gina", False),
        ("ada", False),
    ],
)
def test_who_may_name_a_deputy_for_a_manager(scene, who, may):
    if may:
        assert name(getattr(scene, who), scene.omar, scene.tomas)
    else:
        with pytest.raises(NotPermitted):
            name(getattr(scene, who), scene.omar, scene.tomas)
        assert not Deputy.objects.exists()


def test_a_manager_names_nobody_in_the_place_of_the_general_manager(scene):
    with pytest.raises(NotPermitted):
        name(scene.omar, scene.grace, scene.omar)


@pytest.mark.parametrize(
    ("absent", "stands_in", "field"),
    [
        ("maria", "tomas", "absent"),
        ("ada", "chen", "absent"),
        ("omar", "omar", "stands_in"),
        ("omar", "paul", "stands_in"),
        ("omar", "ada", "stands_in"),
        ("omar", "admin", "stands_in"),
        ("chen", "grace", "stands_in"),
    ],
)
def test_who_cannot_stand_in_is_refused_by_the_name_of_the_field(scene, absent, stands_in, field):
    with pytest.raises(ValidationError) as refused:
        name(None, getattr(scene, absent), getattr(scene, stands_in))
    assert list(refused.value.message_dict) == [field]


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"begins_at": None}, "begins_at"),
        ({"begins_at": "today"}, "begins_at"),
        ({"begins_at": datetime(2030, 1, 1)}, "begins_at"),
        ({"ends_at": None}, "ends_at"),
        ({"ends_at": datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12)))}, "ends_at"),
        ({"stands_in": None}, "stands_in"),
        ({"stands_in": "tomas"}, "stands_in"),
        ({"absent": None}, "absent"),
    ],
)
def test_what_is_no_person_or_no_moment_is_refused_by_the_name_of_the_field(scene, told, field):
    now = clock.now()
    usual = {"absent": scene.omar, "stands_in": scene.tomas, "begins_at": now, "ends_at": now + HOUR}
    with pytest.raises(ValidationError) as refused:
        name_deputy(actor=scene.omar, **usual | told)
    assert list(refused.value.message_dict) == [field]
    assert not Deputy.objects.exists()


def test_who_left_stands_in_for_nobody(scene):
    name(scene.grace, scene.omar, scene.tomas)
    change_employee(actor=None, employee=scene.tomas, is_active=False)
    assert deputies_in_force(absent_ids=[scene.omar.pk]) == {}
    assert stands_in_for(employee=scene.tomas) == []
    with pytest.raises(ValidationError):
        name(scene.grace, scene.omar, scene.tomas)


def test_a_leader_stands_in_at_any_house(scene):
    name(scene.grace, scene.grace, scene.chen)
    assert stands_in_for(employee=scene.chen) == [scene.grace]


def test_a_deputy_stands_in_from_the_first_moment_to_before_the_last(scene):
    deputy = name(scene.omar, scene.omar, scene.tomas, begins=1, ends=2)
    tick = timedelta(microseconds=1)
    for at, stands in (
        (deputy.begins_at - tick, False),
        (deputy.begins_at, True),
        (deputy.ends_at - tick, True),
        (deputy.ends_at, False),
    ):
        assert bool(stands_in_for(employee=scene.tomas, at=at)) is stands
        assert bool(deputies_in_force(absent_ids=[scene.omar.pk], at=at)) is stands


def test_nobody_is_deputised_after_the_fact(scene):
    now = clock.now()
    with clock.standing_at(now):
        assert name(scene.omar, scene.omar, scene.tomas, begins=-8).begins_at == now
        with pytest.raises(ValidationError):
            name(scene.omar, scene.omar, scene.tomas, begins=-8, ends=0)


def test_a_deputy_of_a_deputy_answers_for_the_deputy_alone(scene):
    name(scene.grace, scene.grace, scene.omar)
    name(scene.omar, scene.omar, scene.tomas)
    assert stands_in_for(employee=scene.tomas) == [scene.omar]


def test_both_are_asked_by_one_query(scene, django_assert_num_queries):
    name(scene.grace, scene.grace, scene.omar)
    name(scene.omar, scene.omar, scene.tomas)
    name(scene.omar, scene.omar, scene.maria)
    with django_assert_num_queries(1):
        found = deputies_in_force(absent_ids=[scene.grace.pk, scene.omar.pk, scene.chen.pk])
        assert found == {scene.grace.pk: [scene.omar], scene.omar.pk: [scene.tomas, scene.maria]}
    with django_assert_num_queries(1):
        stands_in_for(employee=scene.omar)


def test_it_ends_when_it_is_revoked_and_is_revoked_once(scene):
    deputy = name(scene.omar, scene.omar, scene.tomas)
    with pytest.raises(NotPermitted):
        revoke_deputy(actor=scene.maria, deputy=deputy)
    revoke_deputy(actor=scene.tomas, deputy=deputy)
    assert stands_in_for(employee=scene.tomas) == []
    with pytest.raises(NotPossible):
        revoke_deputy(actor=scene.omar, deputy=deputy)
