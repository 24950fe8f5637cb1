"""Reading the log on costs with what it touches, and not with how often it says so."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from empower import clock
from empower.incidents.models import Incident
from empower.insights.queries.rollups.blocks import Micros, blocks_of
from empower.insights.queries.rollups.ids import Ids
from empower.insights.queries.rollups.tail import _extremes
from empower.insights.services import keep_roll_ups, rebuild_roll_ups
from empower.spending.models import Spend
from tests.insights.history import A_PAST
from tests.insights.test_dashboard import give as give_something

pytestmark = pytest.mark.django_db


def queries_to_read_on():
    with CaptureQueriesContext(connection) as captured:
        assert keep_roll_ups() == 1
    return len(captured)


def test_more_of_the_same_day_is_read_in_no_more_queries(scene):
    rebuild_roll_ups()
    give_something(scene.maria, 7_000)
    queries_to_read_on()
    give_something(scene.maria, 7_000)
    once = queries_to_read_on()
    for amount in range(1_000, 9_000, 1_000):
        give_something(scene.maria, amount)
    assert queries_to_read_on() == once


def test_any_number_of_ids_is_one_parameter(scene):
    spends = {give_something(scene.maria, amount).pk for amount in (1_000, 2_000)}
    many = Ids({*spends, *range(10**9, 10**9 + 40_000)})
    assert {*Spend.objects.filter(pk__in=many).values_list("pk", flat=True)} == spends
    incidents = Ids(Incident.objects.values_list("pk", flat=True))
    assert Spend.objects.filter(incident__in=incidents).count() == 2
    assert not Spend.objects.filter(pk__in=Ids([])).exists()


def test_the_ends_of_half_days_lie_in_every_block_in_which_anything_does(live):
    past = live(**A_PAST)
    with clock.standing_at(past.now + timedelta(days=1)):
        moments = Spend.objects.filter(posted_at__isnull=False).values_list("property", Micros("posted_at"))
        ends = _extremes(Spend.objects.all(), "posted_at")
        assert ends < {*moments}
        assert blocks_of(ends) == blocks_of(moments)
