"""The list of incidents: what it shows, what narrows it, what it costs."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from empower import clock
from empower.audit.models import AuditEvent
from empower.incidents.models import Category
from empower.incidents.services import log_incident
from empower.spending.services import give_spend, resolve_incident

from .conftest import gesture, text_of

pytestmark = pytest.mark.long("postgresql")  # pages: their words, not the database

URL = "/incidents/"


def log(scene, name="Dr Haddad", *, code="room_noise", **facts):
    facts = {"actor": scene.maria, "property": scene.lax, "guests": [{"name": name}]} | facts
    return log_incident(category=Category.objects.get(code=code), **facts)


@pytest.fixture
def three(scene):
    """An open one, a resolved delight with a gift, one of last month."""
    log(scene, "Dr Haddad", narrative="A drill, next door.")
    delight = log(scene, "Ms Reyes", code="occasion_celebration", kind="delight", department=scene.lax_dining)
    give_spend(
        actor=scene.maria,
        incident=delight,
        guest=delight.guests.get(),
        gesture=gesture("meal"),
        amount=9000,
        currency="USD",
    )
    resolve_incident(actor=scene.maria, incident=delight, outcome="delighted")
    with clock.standing_at(clock.now() - timedelta(days=30)):
        log(scene, "Mr Okoro", code="food_slow")


def names(response):
    page = text_of(response)
    return {name for name in ("Dr Haddad", "Ms Reyes", "Mr Okoro") if name in page}


def test_the_first_day_says_what_to_do(as_, scene):
    assert "Log the first one" in text_of(as_(scene.maria).get(URL))


def test_the_latest_come_first_with_what_was_given(as_, scene, three):
    page = text_of(as_(scene.maria).get(URL))
    assert "3 incidents" in page
    assert page.index("Dr Haddad") < page.index("Mr Okoro")
    assert "$90" in page


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"status": "resolved"}, {"Ms Reyes"}),
        ({"kind": "recovery"}, {"Dr Haddad", "Mr Okoro"}),
        ({"category": "room"}, {"Dr Haddad"}),
        ({"category": "food_slow"}, {"Mr Okoro"}),
        ({"search": "drill"}, {"Dr Haddad"}),
        ({"search": "reyes"}, {"Ms Reyes"}),
        ({"search": "nobody of that name"}, set()),
    ],
)
def test_the_address_narrows(as_, scene, three, asked, found):
    assert names(as_(scene.maria).get(URL, asked)) == found


def test_days_are_the_propertys(as_, scene, three):
    yesterday = clock.local_day(clock.now(), scene.lax.timezone) - timedelta(days=1)
    assert names(as_(scene.maria).get(URL, {"occurred_on_from": yesterday.isoformat()})) == {"Dr Haddad", "Ms Reyes"}
    assert names(as_(scene.maria).get(URL, {"occurred_on_to": yesterday.isoformat()})) == {"Mr Okoro"}


def test_a_department_narrows(as_, scene, three):
    assert names(as_(scene.maria).get(URL, {"department": scene.lax_dining.code})) == {"Ms Reyes"}


def test_a_filter_that_makes_no_sense_is_said_and_shows_nothing(as_, scene, three):
    response = as_(scene.maria).get(URL, {"occurred_on_from": "2026-11-20", "occurred_on_to": "2026-11-19"})
    assert response.status_code == 400
    assert "This day lies before the first one." in text_of(response)
    assert names(response) == set()


def test_another_property_and_the_superuser_see_none(as_, scene, three):
    assert names(as_(scene.paul).get(URL)) == set()
    assert as_(scene.admin).get(URL).status_code == 403


def test_a_leader_sees_all_with_their_property(as_, scene, three):
    page = text_of(as_(scene.chen).get(URL))
    assert "Hotel LAX" in page
    assert names(as_(scene.chen).get(URL, {"property": "NYC"})) == set()


def test_the_page_after_this_one_keeps_the_filters(as_, scene):
    for number in range(27):
        log(scene, f"Guest {number}")
    page = as_(scene.maria).get(URL, {"kind": "recovery"}).content.decode()
    assert "?kind=recovery&amp;page=2" in page
    assert "Page 2 of 2" in text_of(as_(scene.maria).get(URL, {"kind": "recovery", "page": 2}))


def test_a_long_list_asks_no_more_queries(as_, scene):
    client = as_(scene.maria)

    def queries_of_the_page():
        with CaptureQueriesContext(connection) as caught:
            client.get(URL)
        return len(caught)

    for number in range(10):
        log(scene, f"Guest {number}")
    ten = queries_of_the_page()
    for number in range(90):
        log(scene, f"Guest {number}")
    assert queries_of_the_page() == ten


def test_the_page_asks_in_the_words_of_the_api(as_, scene, three):
    asked = {"severity_min": "5", "has_narrative": "true", "status": "open,resolved"}
    assert names(as_(scene.maria).get(URL, asked)) == set()
    assert names(as_(scene.maria).get(URL, {"has_narrative": "true"})) == {"Dr Haddad"}


def test_a_filter_that_is_none_is_named_and_shows_nothing(as_, scene, three):
    response = as_(scene.maria).get(URL, {"colour": "red"})
    assert response.status_code == 400
    assert "colour: There is no such filter." in text_of(response)
    assert names(response) == set()


def test_who_is_asked_for_is_told_of_it_once(as_, scene, three):
    as_(scene.omar).get(URL, {"recorded_by": scene.maria.code})
    assert [event.about_id for event in AuditEvent.objects.filter(verb="employee.viewed")] == [scene.maria.pk]
