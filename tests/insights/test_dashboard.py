"""The dashboard: six questions, each figure with what it is out of, for whoever may see it."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from empower import clock
from empower.incidents.services import log_incident
from empower.journal.models import Posting
from empower.spending.models import Gesture
from empower.spending.services import give_spend, resolve_incident, reverse_spend
from tests import factories as make

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.long("postgresql"),
]  # what is said of the figures; tests/insights/test_figures.py asks both engines for them


def page(person, path="/insights/"):
    client = Client()
    client.force_login(person)
    return client.get(path)


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def log(who, **more):
    more = {"department": who.department} | more
    return log_incident(actor=who, property=who.property, guests=[{"name": "Somebody", "feeling_before": 3}], **more)


def give(who, amount, *, gesture="refund", incident=None, **more):
    incident = incident or log(who)
    return give_spend(
        actor=who, incident=incident, guest=incident.guests.get(), gesture=Gesture.objects.get(code=gesture),
        amount=amount, currency=who.property.currency, **more,
    )  # fmt: skip


def test_the_first_day_says_na_and_what_to_do(scene):
    said = text(page(scene.grace))
    assert "Nothing has happened in this time" in said
    assert "n/a" in said
    assert "0 of 0 incidents" in said
    assert "0%" not in said.replace("100%", "").replace("50%", "")


def test_a_figure_stands_with_what_it_is_out_of_its_interval_and_a_link_to_its_rows(scene):
    resolved = log(scene.maria)
    give(scene.maria, 5_000, incident=resolved)
    resolve_incident(actor=scene.maria, incident=resolved, outcome="recovered", feeling_after=8)
    log(scene.maria)
    answer = page(scene.grace)
    said = text(answer)
    assert "In 1 of 2 incidents somebody acted without asking." in said
    assert "1 of 2 incidents" in said
    assert "9% to 91%" in said
    assert "+5" in said
    assert re.search(r'<a class="fig-value" href="/insights/rows/use/\?[^"]*">50%</a>', answer.content.decode())


def test_the_total_is_the_journals_to_the_cent(scene):
    reverse_spend(actor=scene.omar, spend=give(scene.maria, 12_345), reason="Too much.", amount=2_345)
    give(scene.tomas, 99_999)
    booked = sum(one.amount for one in Posting.objects.filter(account__kind="expense"))
    assert booked == 10_000 + 99_999
    assert "$1,099.99" in text(page(scene.grace))


def test_each_currency_has_its_own_sums_and_none_is_added(scene):
    give(scene.maria, 1_000)
    give(scene.amelie, 1_000)
    give(scene.haruka, 1_000)
    # Of all days: in Tokyo it is tomorrow already for nine hours of a day by UTC.
    said = text(page(scene.chen, "/insights/?period=all"))
    for sum_said in ("$10", "€10", "¥1,000"):
        assert sum_said in said


def test_what_waits_is_said_with_the_way_to_the_queue(scene):
    with clock.standing_at(clock.now() - timedelta(minutes=14)):
        give(scene.maria, 300_000)
    answer = page(scene.grace)
    assert "1 request waits for an answer, for 14 min" in text(answer)
    assert 'href="/approvals/"' in answer.content.decode()
    assert "request waits" not in text(page(scene.gina))
    assert "request waits" not in text(page(scene.maria))


def test_a_wrong_question_is_shown_and_the_usual_one_answered(scene):
    answer = page(scene.grace, "/insights/?period=days&from=2026-99-01&department=spa")
    assert answer.status_code == 400
    assert "Write the day as in 2026-11-21." in text(answer)
    assert "“spa” is no code here." in text(answer)


def test_a_view_can_be_narrowed_and_sent_to_a_colleague(scene):
    give(scene.maria, 7_000)
    give(scene.paul, 4_000)
    path = "/insights/?period=90&property=LAX&gesture=refund&kind=recovery"
    assert "$70" in text(page(scene.chen, path))
    assert "$110" not in text(page(scene.chen, path))
    answer = page(scene.chen, path).content.decode()
    assert '<option value="LAX" selected>' in answer
    assert page(scene.gina, path).status_code == 400


def test_frontline_sees_their_house_from_five_people_on_and_no_group_below(scene):
    give(scene.maria, 7_000)
    said = text(page(scene.tomas))
    assert "Too few people to show figures" in said
    assert "$70" not in said
    for _one in range(4):
        give(make.EmployeeFactory(property=scene.lax, department=scene.lax_dining), 1_000)
    said = text(page(scene.tomas))
    assert "$110" in said
    assert "Too few people" not in said


def test_the_superuser_sees_none_and_nobody_gets_in_unnamed(scene):
    assert page(scene.admin).status_code == 403
    assert Client().get("/insights/").status_code == 302


def test_a_team_in_which_things_happen_and_nobody_acts_is_asked_about_and_not_a_small_one(scene):
    for department, people in ((scene.lax_dining, 5), (scene.lax_desk, 0)):
        for _one in range(people):
            make.EmployeeFactory(property=scene.lax, department=department)
        for _one in range(6):
            log(scene.maria, department=department)
    said = text(page(scene.grace))
    assert "5 people, 6 incidents, and no act of their own accord. Do they know that they may?" in said
    assert said.count("Do they know that they may?") == 1


def test_it_has_no_style_of_its_own_and_no_script_in_it(scene):
    give(scene.maria, 7_000)
    answer = page(scene.grace).content.decode()
    assert "style=" not in answer
    assert re.findall(r"<script(?![^>]*\ssrc=)", answer) == []


def test_its_cost_does_not_grow_with_what_there_is(scene):
    def asked():
        with CaptureQueriesContext(connection) as found:
            assert page(scene.chen).status_code == 200
        return len(found)

    give(scene.maria, 7_000)
    page(scene.chen)
    before = asked()
    for who in (scene.maria, scene.tomas, scene.paul, scene.amelie, scene.haruka):
        give(who, 1_000)
        give(who, 0, gesture="apology")
    assert asked() == before
    assert before <= 75
