"""The seven reports: what they take, what they refuse, how a figure looks."""

import csv
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from empower import clock
from empower.incidents.services import log_incident
from empower.journal.services import allot_budget
from empower.spending.models import Gesture
from empower.spending.services import give_spend
from tests import factories as make
from tests.api.conftest import Caller, fields
from tests.remembered import remembered

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long("postgresql"),
]  # what is said of the figures; tests/insights/test_figures.py asks both engines for them

REPORTS = ["usage", "outcomes", "authority", "timing", "causes", "health", "budget"]


@pytest.fixture
def house(scene):
    """Six people of LAX gave 12.34 each; one of PAR gave 5.00 €, one of KYO 700 yen."""
    return remembered("three currencies", lambda: _house(scene))


def _house(scene):
    people = [make.EmployeeFactory(property=scene.lax, department=scene.lax_dining) for _one in range(6)]
    for who, amount in [*((one, 1_234) for one in people), (scene.amelie, 500), (scene.haruka, 700)]:
        incident = log_incident(
            actor=who, property=who.property, guests=[{"name": "Somebody"}], department=who.department
        )
        give_spend(
            actor=who, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code="refund"),
            amount=amount, currency=who.property.currency,
        )  # fmt: skip
    return scene


def test_every_figure_is_explained(house):
    explained = (Path(__file__).parents[2] / "docs" / "figures.md").read_text()
    allot_budget(actor=None, property=house.lax, amount=1, begins_on=date(2026, 1, 1), ends_on=date(2199, 12, 31))
    for name in REPORTS:
        by = "property" if name == "budget" else "gesture"
        told = Caller(house.chen).get(f"reports/{name}/", group_by=by).json()
        names = {*told["figures"], *(one for group in told["groups"] for one in group["figures"])}
        assert len(names) > 2
        assert {one for one in names if f"`{one}`" not in explained} == set()


@pytest.mark.parametrize("name", REPORTS)
def test_each_report_answers_with_figures_that_are_never_alone(house, name):
    answer = Caller(house.chen).get(f"reports/{name}/")
    assert answer.status_code == 200
    told = answer.json()
    assert told["report"] == name
    for figure in told["figures"].values():
        for one in figure if isinstance(figure, list) else [figure]:
            assert {"value", "numerator", "denominator", "n", "interval", "unit"} <= set(one)


#: Of all days: in Tokyo it is tomorrow already for nine hours of a day by UTC, which is a leader's.
EVER = {"from": "1900-01-01", "to": "2199-12-31"}


def test_money_is_text_and_each_currency_stands_for_itself(house):
    told = Caller(house.chen).get("reports/usage/", **EVER).json()["figures"]["amount"]
    assert [(one["currency"], one["value"], one["n"]) for one in told] == [
        ("EUR", "5.00", 1),
        ("JPY", "700", 1),
        ("USD", "74.04", 6),
    ]


def test_a_share_of_nothing_is_null_and_not_zero(scene):
    told = Caller(scene.grace).get("reports/outcomes/").json()["figures"]
    rate = told["recovery_rate"]
    assert (rate["value"], rate["numerator"], rate["denominator"], rate["n"], rate["interval"]) == (None, 0, 0, 0, None)
    assert [(one["currency"], one["value"]) for one in told["cost_per_recovery"]] == [("USD", None)]


def test_groups_carry_their_codes_and_small_ones_are_hidden(house):
    told = Caller(house.chen).get("reports/usage/", group_by="property,department", **EVER).json()
    groups = {(one["property"], one["department"]): one for one in told["groups"]}
    # One hidden group would be given away by the totals; here two are, of two people, so the third goes too.
    acted = {("LAX", "dining"), ("PAR", "front_desk"), ("KYO", "front_desk")}
    # The others are there too: their people may act, and nobody has.
    assert set(groups) == acted | {("LAX", "front_desk"), ("NYC", "front_desk")}
    assert {key for key, one in groups.items() if one["hidden"]} == acted
    assert groups["PAR", "front_desk"]["hidden"] is True
    assert groups["PAR", "front_desk"]["figures"]["acts"] == {
        "value": None, "numerator": None, "denominator": None, "n": None, "interval": None, "unit": "count", "hidden": True,
    }  # fmt: skip


def test_budgets_are_sums_and_the_parts_that_are_gone(house):
    year = (date(2026, 1, 1), date(2026, 12, 31))
    allot_budget(actor=None, property=house.lax, amount=100_000, begins_on=date(2000, 1, 1), ends_on=date(2199, 12, 31))
    told = Caller(house.grace).get("reports/budget/", group_by="property").json()
    assert year[0] < year[1]
    (allotted,) = told["figures"]["allotted"]
    assert allotted["value"] == "1000.00"
    (used,) = told["groups"][0]["figures"]["budget_used"]
    assert (used["numerator"], used["denominator"]) == (told["figures"]["spent"][0]["value"], "1000.00")
    assert Caller(house.maria).get("reports/budget/").json()["figures"] == {}


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ({"form": "2026-01-01"}, "form", "unknown_filter"),
        ({"period": "30"}, "period", "unknown_filter"),
        ({"from": "yesterday"}, "from", "invalid"),
        ({"from": "0001-01-01"}, "from", "out_of_range"),
        ({"from": "2026-02-01", "to": "2026-01-01"}, "to", "before_from"),
        ({"property": "NYC"}, "property", "invalid_choice"),
        ({"department": "spa"}, "department", "invalid_choice"),
        ({"category": "weather"}, "category", "invalid_choice"),
        ({"gesture": "yacht"}, "gesture", "invalid_choice"),
        ({"kind": "mishap"}, "kind", "invalid_choice"),
        ({"group_by": "employee"}, "group_by", "invalid"),
        ({"group_by": "day,week,month"}, "group_by", "invalid"),
        ({"group_by": "day,day"}, "group_by", "invalid"),
        ({"format": "pdf"}, "format", "invalid"),
        ({"kind": ["delight", "recovery"]}, "kind", "twice"),
    ],
)
def test_what_it_does_not_know_is_refused_by_name(scene, query, field, code):
    answer = Caller(scene.grace).get("reports/usage/", **query)
    assert answer.status_code == 400
    assert fields(answer).get(field) == [code]


@pytest.mark.parametrize("query", [{"group_by": "employee"}, {"group_by": "department,person"}, {"employee": "maria"}])
def test_who_asks_by_person_is_told_that_there_is_no_such_figure(scene, query):
    answer = Caller(scene.chen).get("reports/health/", **query)
    assert answer.status_code == 400
    (fault,) = answer.json()["errors"]
    assert fault["message"].startswith("No figure is told by person, and nobody is ranked. There are: ")
    assert "department" in fault["message"]


def test_each_sees_their_own_house_and_the_superuser_none(house):
    assert Caller(house.grace).get("reports/usage/").json()["figures"]["acts"]["value"] == 6
    assert Caller(house.louis).get("reports/usage/").json()["figures"]["acts"]["value"] == 1
    assert Caller(house.amelie).get("reports/usage/").json()["hidden"] is True
    assert Caller(house.maria, scopes=["incidents:read"]).get("reports/usage/").status_code == 403


def test_the_number_of_queries_does_not_grow_with_what_there_is(house):
    caller = Caller(house.chen)
    caller.get("me/")  # the token's minute is noted once

    def asked():
        counts = {}
        for name in REPORTS[:-1]:
            with CaptureQueriesContext(connection) as found:
                assert caller.get(f"reports/{name}/", group_by="department,month").status_code == 200
            counts[name] = len(found)
        return counts

    before = asked()
    for who in (house.maria, house.paul, house.kenji, house.tomas):
        incident = log_incident(
            actor=who, property=who.property, guests=[{"name": "Somebody"}], department=who.department
        )
        give_spend(
            actor=who, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code="meal"),
            amount=300, currency=who.property.currency,
        )  # fmt: skip
    assert asked() == before


def test_an_empty_parameter_is_named_and_a_dimension_may_be_given_again(scene):
    omar = Caller(scene.omar)
    answer = omar.get("reports/usage/", to="", kind="")
    assert answer.status_code == 400
    assert fields(answer) == {"to": ["blank"], "kind": ["blank"]}
    again = omar.client.get("/api/v1/reports/usage/?group_by=department&group_by=month")
    assert again.json()["group_by"] == ["department", "month"]


DAYS = [
    {"from": "1900-01-01", "to": "1900-01-01"},
    {"from": "2199-12-31", "to": "2199-12-31"},
    {"from": "1900-01-01", "to": "2199-12-31"},
    {"to": "2199-12-31"},
    {"from": "2199-12-31"},
]


@pytest.mark.parametrize("days", DAYS)
def test_every_report_answers_of_the_first_and_the_last_day_there_is(house, days):
    # All of them read a period in one place: which of them is asked of which day is told by turns.
    each = REPORTS if os.environ.get("TEST_LONG") else REPORTS[DAYS.index(days) % 3 :: 3]
    caller = Caller(house.chen)
    for name in each:
        assert caller.get(f"reports/{name}/", group_by="property", **days).status_code == 200


def test_the_range_of_a_forecast_is_money_in_the_file_too(house):
    today = clock.now().date()
    allot_budget(
        actor=None, property=house.lax, amount=100_000, begins_on=today - timedelta(days=20),
        ends_on=today + timedelta(days=20),
    )  # fmt: skip
    lines = csv.DictReader(Caller(house.grace).get("reports/budget/", format="csv").getvalue().decode().splitlines())
    line = next(one for one in lines if one["figure"] == "forecast")
    assert (line["unit"], line["currency"], line["value"]) == ("money", "USD", "74.04")
    assert line["interval_from"] == line["interval_to"] == "74.04"
