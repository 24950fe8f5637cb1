"""Delight by occupied rooms, worked out by hand: who is told by rooms, who by people, and that nothing is mixed."""

from datetime import UTC, date, datetime

import pytest

from empower import clock
from empower.incidents.services import log_incident
from empower.insights.queries.families.delights import MONTH
from empower.insights.queries.panels import filled
from empower.insights.queries.period import Period
from empower.insights.queries.reports import report
from empower.insights.queries.selection import Selection
from empower.staff.services import report_room_nights
from empower.statistics import rate_interval
from tests import factories as make
from tests.api.conftest import Caller
from tests.scene import set_the_scene

pytestmark = pytest.mark.django_db

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
#: In Los Angeles the eleventh has begun.
NOW = datetime(2026, 11, 11, 20, tzinfo=UTC)
ROOMS, MONTHS = "delights_per_1000_room_nights", "delights_per_employee_and_month"


@pytest.fixture
def scene(db):
    with clock.standing_at(datetime(2026, 10, 20, tzinfo=UTC)):
        return set_the_scene()


@pytest.fixture(autouse=True)
def standing(scene):
    with clock.standing_at(NOW):
        yield


def delight(who, day, kind="delight"):
    moment = datetime(2026, 11, day, 20, tzinfo=UTC)
    log_incident(
        actor=who, property=who.property, department=who.department, guests=[{"name": "Somebody"}], kind=kind,
        occurred_at=moment, reported_at=moment,
    )  # fmt: skip


def nights(scene, first, last, rooms=200, property=None):
    for day in range(first, last + 1):
        report_room_nights(actor=None, property=property or scene.lax, day=date(2026, 11, day), occupied=rooms + day)


def told(who, by=(), period=NOVEMBER, **narrowed):
    found = report("usage", Selection(who, period, **narrowed), by)
    named = lambda figures: {one.name: one for one in figures if one.name in (ROOMS, MONTHS)}  # noqa: E731
    return {group.key: named(group.figures) for group in found.groups} if by else named(found.figures)


def test_a_house_that_reports_every_night_is_told_by_its_rooms(scene):
    for day in (1, 4, 4, 10):
        delight(scene.maria, day)
    delight(scene.maria, 5, kind="recovery")
    nights(scene, 1, 10)
    found = told(scene.grace)
    assert set(found) == {ROOMS}
    # Ten nights of 201 to 210 rooms.
    one = found[ROOMS]
    assert (one.numerator, one.denominator, one.n, one.unit) == (4, 2055, 4, "rate")
    assert one.value == pytest.approx(1000 * 4 / 2055)
    assert one.interval == pytest.approx(rate_interval(4, 2.055))
    assert one.interval == pytest.approx((0.5236, 4.9838), abs=0.001)


def test_today_counts_once_its_night_is_reported(scene):
    for day in (10, 11):
        delight(scene.maria, day)
    nights(scene, 1, 10)
    assert (told(scene.grace)[ROOMS].numerator, told(scene.grace)[ROOMS].denominator) == (1, 2055)
    nights(scene, 11, 11)
    assert (told(scene.grace)[ROOMS].numerator, told(scene.grace)[ROOMS].denominator) == (2, 2055 + 211)


@pytest.mark.parametrize("lacking", [1, 5, 10])
def test_one_night_missing_and_it_is_told_by_its_people(scene, lacking):
    delight(scene.maria, 4)
    nights(scene, 1, lacking - 1)
    nights(scene, lacking + 1, 10)
    before_them = told(scene.grace)
    assert set(before_them) == {MONTHS}
    # Four people at LAX, each for eleven days.
    assert (before_them[MONTHS].numerator, before_them[MONTHS].denominator) == (1, round(4 * 11 / MONTH, 2))
    nights(scene, lacking, lacking)
    assert set(told(scene.grace)) == {ROOMS}


def test_houses_of_both_sorts_are_told_side_by_side_and_never_mixed(scene):
    for who, days in ((scene.maria, (2, 3)), (scene.paul, (2, 3, 4)), (scene.haruka, (5,))):
        for day in days:
            delight(who, day)
    nights(scene, 1, 10)
    found = told(scene.chen)
    assert (found[ROOMS].numerator, found[ROOMS].denominator) == (2, 2055)
    assert found[MONTHS].numerator == 4
    groups = told(scene.chen, ("property",))
    assert {key[0]: list(of) for key, of in groups.items()} == {
        "LAX": [ROOMS], "NYC": [MONTHS], "PAR": [MONTHS], "KYO": [MONTHS],
    }  # fmt: skip
    assert groups["NYC",][MONTHS].numerator == 3
    assert found[MONTHS].denominator == pytest.approx(
        sum(groups[key,][MONTHS].denominator for key in ("NYC", "PAR", "KYO")), abs=0.02
    )


def test_rooms_are_no_department_s(scene):
    delight(scene.maria, 2)
    nights(scene, 1, 10)
    assert set(told(scene.grace, department="front_desk")) == {MONTHS}
    assert {name for of in told(scene.grace, ("department",)).values() for name in of} == {MONTHS}
    # Of one cause or gesture they are: no delight of that cause in as many nights.
    assert told(scene.grace, category="room")[ROOMS].numerator == 0


def test_what_was_before_the_house_opened_need_not_be_reported_unless_something_happened(scene):
    with clock.standing_at(datetime(2026, 11, 6, 20, tzinfo=UTC)):
        house = make.PropertyFactory(timezone="America/Los_Angeles")
        person = make.EmployeeFactory(property=house, department=make.DepartmentFactory(property=house))
    delight(person, 8)
    nights(scene, 6, 10, property=house)
    asked = {"property": house.code}
    for period in (NOVEMBER, Period(None, None)):
        one = told(scene.chen, period=period, **asked)[ROOMS]
        assert (one.numerator, one.denominator) == (1, 5 * 208)
    # Written down later, as an import does: from then on a night is missing.
    delight(person, 3)
    assert set(told(scene.chen, **asked)) == {MONTHS}


def test_an_empty_house_is_out_of_nothing_and_has_no_value(scene):
    for day in range(1, 11):
        report_room_nights(actor=None, property=scene.lax, day=date(2026, 11, day), occupied=0)
    one = told(scene.grace)[ROOMS]
    assert (one.value, one.denominator, one.interval) == (None, 0, None)


def test_the_page_the_api_and_the_table_say_the_same(scene, client):
    for who in (scene.maria, scene.tomas):
        delight(who, 3)
    nights(scene, 1, 10)
    asked = {"from": "2026-11-01", "to": "2026-11-30"}
    answer = Caller(scene.grace).get("reports/usage/", **asked).json()["figures"]
    assert MONTHS not in answer
    assert (answer[ROOMS]["numerator"], answer[ROOMS]["denominator"]) == (2, 2055)
    panel = {one.name: one for one in filled(Selection(scene.grace, NOVEMBER), "used").more}
    assert panel[ROOMS].value == answer[ROOMS]["value"]
    client.force_login(scene.grace)
    page = client.get("/insights/panels/used/", asked | {"period": "days"}, headers={"HX-Request": "true"})
    assert "Delights per 1,000 room nights" in page.content.decode()
    assert "2 in 2,055 occupied rooms" in page.content.decode()
    sent = client.get("/insights/figures.csv", asked | {"period": "days"})
    lines = b"".join(sent.streaming_content if sent.streaming else [sent.content]).decode().splitlines()
    line = next(line for line in lines if ROOMS in line)
    assert f",{answer[ROOMS]['value']},2,2055,2," in line
