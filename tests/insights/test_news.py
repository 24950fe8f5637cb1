"""News of roll-ups stand beside them until they are of many days: whoever reads adds both, and folding changes nothing said."""

import random
from datetime import date, timedelta

import pytest

from empower.insights.models import RollUp
from empower.insights.queries import counts
from empower.insights.queries.period import Period
from empower.insights.queries.rollups.stored import ALL, Kept
from empower.insights.queries.rollups.tallies import add, to_text
from empower.insights.queries.selection import Selection
from empower.insights.services import keep_roll_ups, rebuild_roll_ups
from empower.insights.services.news import facets_with_news, fold, note
from empower.insights.services.rolling import fold_news
from tests.insights.kept import state
from tests.insights.test_dashboard import give as give_something

pytestmark = pytest.mark.django_db

DAY = date(2026, 5, 13)


def of_day(day, **tallies):
    return {(7, day): {("", part): tally for part, tally in tallies.items()}}


def rows(**which):
    rows = RollUp.objects.filter(house=7, **which).order_by("grain", "begins_on")
    return list(rows.values_list("grain", "begins_on", "tally"))


def test_what_is_new_of_a_day_is_one_row_and_nothing_longer_is_written():
    note(of_day(DAY, values={"|x": {"1": 2}}))
    note(of_day(DAY, values={"|x": {"1": 1, "5": 1}}))
    assert rows() == [("news", DAY, '{"|x":{"1":3,"5":1}}')]


def test_folded_it_is_in_the_day_the_third_the_month_and_the_year():
    note(of_day(DAY, values={"|x": {"1": 2}}))
    fold(7, "")
    note(of_day(DAY, values={"|x": {"1": 1}}))
    fold(7, "")
    text = '{"|x":{"1":3}}'
    begins = {"day": DAY, "third": date(2026, 5, 11), "month": date(2026, 5, 1), "year": date(2026, 1, 1)}
    assert rows() == [(grain, day, text) for grain, day in sorted(begins.items())]


def test_what_is_taken_back_leaves_no_row():
    note(of_day(DAY, values={"|x": {"1": 2}}))
    note(of_day(DAY, values={"|x": {"1": -2}}))
    assert rows() == []


def test_who_acted_is_never_taken_away_by_another_row():
    note(of_day(DAY, people={"|": {"3": 1, "5": 1}}))
    fold(7, "")
    note(of_day(DAY, people={"|": {"8": 1}}))
    assert rows(grain="news") == [("news", DAY, '{"|":{"8":1}}')]
    note(of_day(DAY, people={"|": {"3": -1}}))
    assert rows(grain="news") == []
    assert rows(grain="year") == [("year", date(2026, 1, 1), '{"|":{"5":1,"8":1}}')]


def test_news_count_as_often_as_the_pieces_of_a_period_in_which_their_day_lies():
    note(
        {
            block: told
            for day in range(365)
            for block, told in of_day(date(2026, 1, 1) + timedelta(day), acts={"|": {"n": 1}}).items()
        }
    )
    fold(7, "")
    fold(ALL, "")
    for day in (date(2026, 1, 1), DAY, date(2026, 5, 31)):
        note(of_day(day, acts={"|": {"n": 1000}}))
    chance = random.Random(4)
    for _one in range(40):
        first, last = sorted(chance.choices(range(365), k=2))
        period = Period(date(2026, 1, 1) + timedelta(first), date(2026, 1, 1) + timedelta(last))
        news = sum(1000 for day in (date(2026, 1, 1), DAY, date(2026, 5, 31)) if period.begins <= day <= period.ends)
        for house in (7, ALL):
            kept = Kept()
            kept.__dict__["_tail"], kept.__dict__["corrections"] = None, {}
            whole = kept.sums(house, "", "acts", period)[""]
            assert whole == {"|": {"n": last - first + 1 + news}}, period
            for by in ("day", "week", "month"):
                parts = {}
                for tally in kept.sums(house, "", "acts", period, by=by).values():
                    add(parts, tally)
                assert parts == whole, (period, by)


def test_a_property_with_news_of_many_days_is_folded_and_another_is_not():
    for number in range(8):
        note(of_day(DAY + timedelta(number), values={"|x": {"1": 1}}))
    note({(9, DAY): {("", "values"): {"|x": {"1": 1}}}})
    # Those of nobody's property are there for these tests alone: a property's number is asked for.
    assert facets_with_news(more_than=7) == [(ALL, ""), (ALL, "property")]
    assert facets_with_news(more_than=8) == []
    before = state()
    fold_news()
    assert state() == before
    assert not RollUp.objects.filter(house=ALL, grain="news").exists()
    assert RollUp.objects.filter(house=7, grain="news").count() == 8


def test_a_report_says_the_same_before_and_after(scene):
    rebuild_roll_ups()
    give_something(scene.maria, 7_000)
    keep_roll_ups()
    selection = Selection(scene.chen, Period(None, None))
    assert counts.is_kept(selection)
    before = counts.count_acts(selection)
    assert before[()]["USD"].amount == 7_000
    assert RollUp.objects.filter(grain="news").exists()
    fold_news(more_than=0)
    assert not RollUp.objects.filter(grain="news").exists()
    assert counts.count_acts(Selection(scene.chen, Period(None, None))) == before


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_noted_and_folded_in_whatever_order_the_sums_are_those(seed):
    chance, told = random.Random(seed), {}
    for _one in range(25):
        found = {}
        for _each in range(chance.randint(1, 4)):
            at = chance.choice([7, 8]), DAY + timedelta(chance.choice([0, 1, 30, 300]))
            facet, part = chance.choice(["", "department"]), chance.choice(["values", "people"])
            more = {
                f"{chance.choice('ab')}|x": {str(chance.randrange(30)): chance.choice([-1, 1, 2]) for _each in range(6)}
            }
            found.setdefault(at, {})[facet, part] = more
        for (house, day), of in found.items():
            for kind, more in of.items():
                add(told.setdefault((house, *kind, day), {}), more)
        note(found)
        if chance.random() < 0.3:
            fold(chance.choice([ALL, 7, 8]), chance.choice(["", "department", "property", "team"]))
        days = {
            (house, facet, part, day, text)
            for house, grain, facet, part, day, text in state()
            if grain == "day" and house
        }
        assert days == {(*at, to_text(tally)) for at, tally in told.items() if tally}
    kept = state()
    for house in (ALL, 7, 8):
        for facet in ("", "department", "property", "team"):
            fold(house, facet)
    assert state() == kept
