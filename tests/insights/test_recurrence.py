"""Recurrences told of many incidents at once are those that the facts tell one by one."""

import random
from datetime import datetime, timedelta

import pytest
from django.db.models import Exists

from empower import clock
from empower.incidents.models import Category, Incident
from empower.insights.queries.facts import same_cause_before
from empower.insights.queries.rollups.blocks import Blocks
from empower.insights.queries.rollups.reading import Facts

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


def days_of(incidents):
    zone = incidents[0].property.timezone
    return {(one.property_id, clock.local_day(one.occurred_at, zone)) for one in incidents}


@pytest.mark.parametrize("seed", range(6))
def test_what_happened_again_is_the_same_whether_its_like_is_read_beside_it_or_asked_for(scene, seed):
    chance, at, incidents = random.Random(seed), datetime(2026, 3, 2, 12, tzinfo=clock.now().tzinfo), []
    for _one in range(30):
        at += chance.choice(APART)
        other = chance.choice(
            [{}, {}, {}, {"kind": "delight"}, {"category": None}, {"department": None}, {"status": "void"}]
        )
        incidents.append(log(scene, at, **other))
    told = Incident.objects.filter(Exists(same_cause_before()), kind="recovery").exclude(status="void")
    told = set(told.values_list("pk", flat=True))
    assert 2 < len(told) < 30
    for asked in (incidents, chance.sample(incidents, 8), incidents[-1:]):
        read = Facts(Blocks(days_of(asked)))
        assert read.recurrent == told & {one.pk for one in read.incidents}


def test_most_of_it_is_known_without_asking(scene, django_assert_num_queries):
    at = datetime(2026, 3, 2, 12, tzinfo=clock.now().tzinfo)
    incidents = [log(scene, at + timedelta(hours=number)) for number in range(5)]
    read = Facts(Blocks(days_of(incidents)))
    assert len(read.incidents) == 5
    with django_assert_num_queries(1) as asked:
        assert read.recurrent == {one.pk for one in incidents[1:]}
    assert str(incidents[0].pk) in asked[0]["sql"]
    assert not any(f"[{one.pk}" in asked[0]["sql"] for one in incidents[1:])
