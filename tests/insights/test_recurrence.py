"""Recurrences told of many incidents at once are those that the facts tell one by one."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Exists

from empower.incidents.models import Category, Incident
from empower.insights.queries.facts import same_cause_before
from empower.insights.queries.rollups.blocks import micros
from empower.insights.queries.rollups.recurrence import recurrent

pytestmark = pytest.mark.django_db

APART = [
    timedelta(0),
    timedelta(microseconds=1),
    timedelta(days=30),
    timedelta(days=30, microseconds=1),
    timedelta(days=2),
]


def log(scene, at, **values):
    told = {
        "kind": "recovery",
        "department": scene.maria.department,
        "category": Category.objects.get(code="room"),
        **values,
    }
    return Incident.objects.create(
        property=scene.lax, occurred_at=at, reported_at=at, recorded_at=at, updated_at=at, **told
    )


def told_of(incidents):
    return [
        (one.pk, micros(one.occurred_at), one.category_id, one.department_id)
        for one in incidents
        if one.kind == "recovery" and one.status != "void"
    ]


@pytest.mark.parametrize("seed", range(6))
def test_what_happened_again_is_the_same_whether_its_like_is_read_beside_it_or_asked_for(scene, seed):
    chance, at, incidents = random.Random(seed), datetime(2026, 3, 2, 12, tzinfo=UTC), []
    for _one in range(30):
        at += chance.choice(APART)
        other = chance.choice(
            [{}, {}, {}, {"kind": "delight"}, {"category": None}, {"department": None}, {"status": "void"}]
        )
        incidents.append(log(scene, at, **other))
    again = Incident.objects.filter(Exists(same_cause_before()), kind="recovery").exclude(status="void")
    again = set(again.values_list("pk", flat=True))
    assert 2 < len(again) < 30
    for asked in (incidents, chance.sample(incidents, 8), incidents[-1:]):
        told = told_of(asked)
        assert recurrent(told) == again & {pk for pk, *_rest in told}


def test_only_what_has_no_like_beside_it_is_asked_for(scene, django_assert_num_queries):
    at = datetime(2026, 3, 2, 12, tzinfo=UTC)
    incidents = [log(scene, at + timedelta(hours=number)) for number in range(5)]
    with django_assert_num_queries(1) as asked:
        assert recurrent(told_of(incidents)) == {one.pk for one in incidents[1:]}
    assert f"[{incidents[0].pk}]" in asked[0]["sql"] or f"{{{incidents[0].pk}}}" in asked[0]["sql"]
    with django_assert_num_queries(0):
        assert recurrent([]) == set()
