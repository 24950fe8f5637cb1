"""After a no: what it does to a team beside the others, and how it ended for the guest. And like cases compared."""

import random
from datetime import UTC, date, datetime, timedelta
from math import exp, isclose, pi, sqrt
from math import log as logarithm

import pytest

from empower import clock
from empower.incidents.models import Category
from empower.incidents.services import log_incident
from empower.insights.queries.families import strata
from empower.insights.queries.families.chill import chill, count_noes
from empower.insights.queries.families.strata import Stratum, consistency, escalation
from empower.insights.queries.period import Period
from empower.insights.queries.reports import report
from empower.insights.queries.selection import Selection
from empower.spending.models import Gesture
from empower.spending.services import (
    approve_spend,
    decline_spend,
    deny_spend,
    give_spend,
    resolve_incident,
    reverse_spend,
)
from tests import factories as make
from tests.insights.plainly_closer import Closer

pytestmark = pytest.mark.long(
    "postgresql"
)  # what is said of the figures; tests/insights/test_figures.py asks both engines for them

EVER = Period(None, None)
DAY = timedelta(days=1)


def by_hand(noes, days):
    """(the change, noes): one no after the other."""

    def share(teams, first, last):
        of = [
            days[team].get(first + DAY * number, (0, 0)) for team in teams for number in range((last - first).days + 1)
        ]
        return sum(n for n, _used in of), sum(used for _n, used in of)

    found = []
    for team in noes:
        for day in sorted(set(noes[team])):
            if any(0 < (day - one).days <= 30 for one in noes[team]):
                continue
            others = [one for one in days if not any(abs((day - other).days) <= 30 for other in noes.get(one, []))]
            spans = (day + DAY, day + 30 * DAY), (day - 30 * DAY, day - DAY)
            sides = [
                share([team], *spans[0]),
                share([team], *spans[1]),
                share(others, *spans[0]),
                share(others, *spans[1]),
            ]
            if all(n for n, _used in sides):
                after, before, others_after, others_before = (used / n for n, used in sides)
                n, m = sides[0][0], sides[1][0]
                found.append((n * m / (n + m), after - before - others_after + others_before))
    total = sum(weight for weight, _change in found)
    return (sum(weight * one for weight, one in found) / total if found else None), len(found)


@pytest.mark.parametrize("seed", range(20))
def test_a_chill_is_the_weighted_mean_of_what_each_no_did(seed):
    chance, begins = random.Random(seed), date(2026, 1, 1)
    days = {
        team: {
            begins + DAY * number: (n, chance.randint(0, n))
            for number in range(200)
            if (n := chance.randint(0, 2))
        }
        for team in "abcdef"
    }  # fmt: skip
    noes = {team: [begins + DAY * chance.randint(0, 199) for _no in range(chance.randint(1, 5))] for team in "abc"}
    told, (change, number) = chill(noes, days), by_hand(noes, days)
    assert (told.noes, told.change is None) == (number, change is None)
    assert change is None or isclose(told.change.value, change, abs_tol=1e-12)


def test_an_incident_that_is_looked_at_twice_counts_for_no_more_than_itself():
    begins = date(2026, 1, 1)
    of = {begins + DAY * number: (1, number % 2) for number in range(120)}
    days = {team: dict(of) for team in "abx"}
    once = chill({"a": [begins + 60 * DAY]}, days)
    # The same day and the same single other team: twice the team's own incidents, and no more of the others.
    twice = chill({"a": [begins + 60 * DAY], "b": [begins + 60 * DAY]}, days)
    assert once.others == 2
    assert (twice.noes, twice.others) == (2, 1)
    alone = chill({"a": [begins + 60 * DAY]}, {team: days[team] for team in "ax"})
    assert twice.change.high - twice.change.value > (alone.change.high - alone.change.value) / sqrt(2)
    assert twice.change.high - twice.change.value < alone.change.high - alone.change.value


@pytest.fixture
def told_no(scene):
    """At LAX, dining gives on every incident until it is told no on day 40, and then on none; the desk gives on each second."""
    begins = datetime(2026, 7, 1, 20, tzinfo=UTC)
    scene.dining = [make.EmployeeFactory(property=scene.lax, department=scene.lax_dining) for _one in range(6)]
    scene.desk = [make.EmployeeFactory(property=scene.lax, department=scene.lax_desk) for _one in range(5)]
    for number in range(0, 72, 6):
        with clock.standing_at(begins + DAY * number):
            for who, gives in (
                (scene.dining[number // 6 % 5], number <= 40),
                (scene.desk[number // 12 % 5], number % 4 == 0),
            ):
                incident = log(who)
                if gives:
                    give(who, 500, incident)
    with clock.standing_at(begins + DAY * 40):
        scene.incident = log(scene.dining[5], kind="delight")
        scene.request = give(scene.dining[5], 300_000, scene.incident).approval
        decline_spend(actor=scene.grace, approval=scene.request, reason="Not this time.")
    scene.ends = begins + DAY * 75
    return scene


def log(who, **more):
    return log_incident(actor=who, property=who.property, department=who.department, guests=[{"name": "One"}], **more)


def give(who, amount, incident, **more):
    return give_spend(
        actor=who, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code="refund"),
        amount=amount, currency="USD", **more,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_team_that_stops_after_a_no_is_seen_beside_one_that_goes_on(told_no):
    with clock.standing_at(told_no.ends):
        for asked in ({}, {"property": "LAX", "department": "dining"}):
            selection = Selection(told_no.grace, EVER, **asked)
            one = report("health", selection).figure("chill")
            change, noes = Closer(selection, told_no.ends).chill()
            assert noes == one.numerator == one.denominator == 1
            assert one.value == pytest.approx(change)
            # Days 12 to 36 on each of five, 42 to 66 on none; the desk three of five before, two of five after.
            assert one.value == pytest.approx((0 - 1) - (2 / 5 - 3 / 5))
            assert one.n == 10
        elsewhere = report("health", Selection(told_no.grace, EVER, department="front_desk")).figure("chill")
        assert (elsewhere.value, elsewhere.numerator) == (None, 0)
        early = Period(date(2026, 7, 1), date(2026, 8, 1))
        assert report("health", Selection(told_no.grace, early)).figure("chill").numerator == 0


@pytest.mark.django_db
def test_a_no_is_a_decline_a_cut_a_denial_and_what_somebody_else_took_back(scene):
    who = scene.maria
    decline_spend(actor=scene.grace, approval=give(who, 300_000, log(who)).approval, reason="No.")
    approve_spend(actor=scene.grace, approval=give(who, 300_000, log(who)).approval, reason="Less.", amount=250_000)
    approve_spend(actor=scene.grace, approval=give(who, 300_000, log(who)).approval, reason="Yes.")
    verbal = give(who, 300_000, log(who), verbal_approval_by=scene.grace)
    deny_spend(actor=scene.grace, approval=verbal.approval, reason="I said no such thing.")
    reverse_spend(actor=scene.grace, spend=give(who, 500, log(who)), reason="Not for this.")
    reverse_spend(actor=who, spend=give(who, 500, log(who)), reason="A slip of mine.")
    assert len(count_noes(Selection(scene.grace, EVER))["LAX", "front_desk"]) == 4


@pytest.mark.django_db
def test_a_no_is_regretted_where_the_guest_was_lost(scene):
    for outcome, amount in (("lost", None), ("recovered", None), ("lost", 250_000), ("unknown", None), (None, None)):
        incident = log(scene.maria)
        request = give(scene.maria, 300_000, incident).approval
        if amount:
            approve_spend(actor=scene.grace, approval=request, reason="Less.", amount=amount)
        else:
            decline_spend(actor=scene.grace, approval=request, reason="No.")
        if outcome:
            resolve_incident(actor=scene.maria, incident=incident, outcome=outcome)
    # One that got all that it asked for is no regret, however it ended.
    incident = log(scene.maria)
    approve_spend(actor=scene.grace, approval=give(scene.maria, 300_000, incident).approval, reason="Yes.")
    resolve_incident(actor=scene.maria, incident=incident, outcome="lost")
    told = report("health", Selection(scene.grace, EVER)).figure("decline_regret")
    assert (told.numerator, told.denominator) == (2, 3)


def test_of_many_acts_like_cases_are_compared_by_marks_a_hundredth_off_at_most(scene, monkeypatch):
    for amount in (10_100, 20_330, 31_270, 45_010, 60_670, 77_770, 90_090, 123_456):
        give(scene.maria, amount, log(scene.maria, category=Category.objects.get(code="room")))
    selection = Selection(scene.grace, EVER)
    exact = report("authority", selection).figure("consistency")
    monkeypatch.setattr(strata, "MOST_EXACT", 7)
    by_marks = report("authority", Selection(scene.grace, EVER)).figure("consistency")
    assert (exact.n, by_marks.n) == (8, 8)
    assert exact.value != by_marks.value
    assert by_marks.value == pytest.approx(exact.value, rel=0.03)


def test_consistency_is_of_cells_of_eight_and_weighted_by_their_acts():
    eight = Stratum(amounts=((10, 4), (20, 4)))  # quartiles 10 and 20, median 15
    sixteen = Stratum(amounts=((100, 16),))
    seven = Stratum(amounts=((1, 3), (1_000, 4)))
    told = consistency([eight, sixteen, seven])
    assert (told.value, told.n, told.numerator, told.denominator) == (pytest.approx(10 / 15 * 8 / 24), 24, 2, 3)
    assert consistency([seven]).value is None


def test_the_escalation_ratio_is_of_medians_within_cells_weighted_by_their_acts():
    one = Stratum(own=((100, 3),), approved=((300, 1),))
    other = Stratum(own=((50, 1), (100, 1), (200, 4)), approved=((1_000, 2),))
    no_match = Stratum(own=((1, 99),))
    told = escalation([one, other, no_match])
    value = (4 * 3 + 8 * 5) / 12
    assert (told.value, told.n, told.numerator, told.denominator) == (pytest.approx(value), 12, 3, 9)
    logs = [logarithm(amount) for amount, many in other.own for _act in range(many)]
    mean = sum(logs) / 6
    scatter = sum((one - mean) ** 2 for one in logs) / (2 + 0 + 5 + 1)
    error = sqrt(pi / 2 * scatter * ((4 / 12 * 3) ** 2 * (1 / 3 + 1) + (8 / 12 * 5) ** 2 * (1 / 6 + 1 / 2)))
    assert told.interval == pytest.approx(
        (value * exp(-1.959964 * error / value), value * exp(1.959964 * error / value))
    )
    assert escalation([no_match]).value is None
