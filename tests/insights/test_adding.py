"""What is new in a month or a year stands beside it until it is worth writing the whole again; sums are the same throughout."""

import random
from datetime import date

import pytest

from empower.insights.models import RollUp
from empower.insights.queries.rollups.tallies import add, from_text, to_text
from empower.insights.services.adding import add_to_kept
from tests.insights.kept import state

pytestmark = pytest.mark.django_db

YEAR = 7, "", "values", "year", date(2026, 1, 1)
LARGE = {"|resolved": {str(1000 + number): 1 for number in range(100)}}
SMALL = {"|resolved": {"1000": 1, "2000": 3}}


def rows():
    return list(RollUp.objects.order_by("is_delta").values_list("is_delta", "tally"))


def test_what_is_new_is_written_beside_a_year_and_the_year_is_not_written_again():
    add_to_kept({YEAR: LARGE})
    [year] = RollUp.objects.values_list("pk", flat=True)
    add_to_kept({YEAR: SMALL})
    add_to_kept({YEAR: SMALL})
    assert RollUp.objects.get(is_delta=False).pk == year
    assert rows() == [(False, to_text(LARGE)), (True, to_text({"|resolved": {"1000": 2, "2000": 6}}))]


def test_what_is_taken_back_leaves_nothing_beside_it():
    add_to_kept({YEAR: LARGE})
    add_to_kept({YEAR: SMALL})
    add_to_kept({YEAR: {"|resolved": {"1000": -1, "2000": -3}}})
    assert rows() == [(False, to_text(LARGE))]


def test_both_become_one_when_what_is_new_has_grown_to_half_of_it():
    add_to_kept({YEAR: LARGE})
    half = len(to_text(LARGE)) // 2
    number, told = 0, {}
    while len(to_text(told)) <= half:
        assert len(rows()) == (2 if number else 1)
        number += 1
        more = {"|resolved": {str(5000 + number): 1}}
        add_to_kept({YEAR: more})
        add(told, more)
    assert rows() == [(False, to_text(add(add({}, LARGE), told)))]


def test_a_year_that_comes_to_nothing_goes_with_what_stands_beside_it():
    add_to_kept({YEAR: LARGE})
    add_to_kept({YEAR: SMALL})
    less = add(add(add({}, LARGE), SMALL), {})
    add_to_kept({YEAR: {group: {name: -value for name, value in of.items()} for group, of in less.items()}})
    assert rows() == []


@pytest.mark.parametrize("grain", ["day", "third"])
def test_a_short_span_has_nothing_beside_it(grain):
    at = 7, "", "values", grain, YEAR[-1]
    add_to_kept({at: LARGE})
    add_to_kept({at: SMALL})
    assert rows() == [(False, to_text(add(add({}, LARGE), SMALL)))]


def test_who_acted_is_never_taken_away_by_another_row():
    at = 7, "", "people", *YEAR[3:]
    who = {"|": {str(1000 + number): 1 for number in range(100)}}
    add_to_kept({at: who})
    add_to_kept({at: {"|": {"5": 2}}})
    assert rows() == [(False, to_text(who)), (True, '{"|":{"5":2}}')]
    add_to_kept({at: {"|": {"5": -1, "1000": -1}}})
    assert rows() == [(False, to_text(add(add({}, who), {"|": {"5": 1, "1000": -1}})))]


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_added_in_whatever_order_the_sums_are_those(seed):
    chance, told = random.Random(seed), {}
    kinds = [
        (house, "", part, grain, YEAR[-1])
        for house in (0, 7)
        for part in ("values", "people")
        for grain in ("month", "year")
    ]
    for _one in range(25):
        sums = {}
        for at in chance.sample(kinds, chance.randint(1, 8)):
            known = told.setdefault(at, {})
            more = {
                f"{chance.choice('ab')}|x": {str(chance.randrange(30)): chance.choice([-1, 1, 2]) for _each in range(6)}
            }
            sums[at] = more
            add(known, more)
        add_to_kept(sums)
        assert state() == {(at[0], at[3], at[1], at[2], at[4], to_text(tally)) for at, tally in told.items() if tally}
        for house, facet, part, grain, begins, text in RollUp.objects.filter(is_delta=True).values_list(
            "house", "facet", "part", "grain", "begins_on", "tally"
        ):
            whole = RollUp.objects.get(
                house=house, facet=facet, part=part, grain=grain, begins_on=begins, is_delta=False
            )
            assert (news := from_text(text))
            assert part != "people" or all(times > 0 for numbers in news.values() for times in numbers.values())
            assert 2 * len(text) <= len(whole.tally)
