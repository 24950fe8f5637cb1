"""What one may see, and what no address can get at."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from empower.audit.models import AuditEvent
from empower.incidents.models import Guest, Incident
from empower.journal.models import JournalEntry
from empower.spending.models import Approval, Spend
from empower.staff.models import ApiToken, Employee

from .conftest import address

pytestmark = pytest.mark.long("postgresql")  # a door: its words and its refusals, not the database

ELSEWHERE = [b"Smith", b"Paul", b"Hotel NYC", b"wedding dress", b"Gina"]


@pytest.mark.parametrize("model", [Incident, Spend, Approval, Guest, JournalEntry, Employee])
def test_a_manager_s_list_has_nothing_of_another_house(desk, scene, laid_out, model):
    answer = desk(scene.omar).lists(model)
    assert answer.context["cl"].result_count
    assert not [word for word in ELSEWHERE if word in answer.content]


def test_a_leader_s_list_has_both_and_a_filter_for_them(desk, scene, laid_out):
    answer = desk(scene.chen).lists(Incident)
    assert answer.context["cl"].result_count == 2
    assert b"Hotel NYC" in answer.content


def test_a_row_of_another_house_is_as_if_it_were_not_there(desk, scene, laid_out):
    browser = desk(scene.omar)
    for row in (laid_out.elsewhere, laid_out.gift_elsewhere, laid_out.asked_elsewhere, scene.smith, scene.paul):
        answer = browser.see(row)
        assert (answer.status_code, answer["Location"]) == (302, "/admin/")


def test_a_verb_does_not_reach_a_row_of_another_house(desk, scene, laid_out):
    browser = desk(scene.omar)
    asked = laid_out.asked_elsewhere
    answer = browser.answer("approve", asked, reason="why not")
    assert browser.said(answer) == ["Nothing here to do this to any more."]
    asked.refresh_from_db()
    assert asked.status == "open"


def test_the_superuser_reaches_no_guest_by_any_address(desk, scene, laid_out):
    browser = desk(scene.admin)
    for row in (laid_out.case, laid_out.gift, laid_out.asked, scene.jones):
        assert browser.see(row).status_code == 403 or browser.see(row)["Location"] == "/admin/"
        assert browser.lists(type(row)).status_code == 403
        assert browser.post(address(row), {"action": "approve", ACTION_CHECKBOX_NAME: [row.pk]}).status_code == 403


@pytest.mark.parametrize(
    ("model", "lookup"),
    [
        (Employee, "password__startswith"),
        (Employee, "is_superuser__exact"),
        (ApiToken, "digest__startswith"),
        (Spend, "employee__name__startswith"),
        (Spend, "guest__name__startswith"),
        (Incident, "owner__password__startswith"),
        (Approval, "employee"),
    ],
)
def test_no_address_asks_a_field_letter_by_letter(desk, scene, laid_out, model, lookup):
    assert desk(scene.chen).lists(model, **{lookup: "x"}).status_code == 400


def test_choices_of_a_form_are_those_that_one_may_see(desk, scene, laid_out):
    answer = desk(scene.grace).get("/admin/journal/allotment/add/")
    assert b"Hotel LAX" in answer.content
    assert b"Hotel NYC" not in answer.content


def test_colleagues_to_choose_from_are_those_of_the_house(desk, scene):
    asked = {"app_label": "policies", "model_name": "deputy", "field_name": "stands_in", "term": "a"}
    names = {row["text"] for row in desk(scene.grace).get("/admin/autocomplete/", asked).json()["results"]}
    assert "Omar" in names
    assert not names & {"Paul", "Gina", "Amelie", "Haruka"}


def test_departments_are_those_of_one_s_house_or_of_the_chosen_one(desk, scene, laid_out):
    assert b"Dining" not in desk(scene.chen).lists(Spend).content
    assert b"Dining" not in desk(scene.chen).lists(Spend, property__id__exact=scene.nyc.pk).content
    assert b"Dining" in desk(scene.chen).lists(Spend, property__id__exact=scene.lax.pk).content
    assert b"Dining" in desk(scene.omar).lists(Spend).content


def test_opening_a_colleague_s_page_is_told_to_them_once(desk, scene):
    browser = desk(scene.grace)
    assert browser.see(scene.maria).status_code == 200
    told = AuditEvent.objects.filter(verb="employee.viewed")
    assert [(event.actor_id, event.about_id) for event in told] == [(scene.grace.pk, scene.maria.pk)]
    browser.see(scene.grace)
    assert told.count() == 1


def test_a_list_of_one_person_s_acts_is_told_to_them_and_a_list_of_all_to_nobody(desk, scene, laid_out):
    browser = desk(scene.omar)
    browser.lists(Spend)
    browser.lists(Employee)
    told = AuditEvent.objects.filter(verb="employee.viewed")
    assert not told.exists()
    answer = browser.lists(Spend, employee=scene.maria.pk)
    assert answer.context["cl"].result_count == 2
    assert [event.about_id for event in told] == [scene.maria.pk]
    assert browser.lists(Spend, employee=scene.paul.pk).context["cl"].result_count == 0
    assert told.count() == 1


def test_the_lines_about_a_person_are_their_record_too(desk, scene, laid_out):
    answer = desk(scene.chen).get(address(scene.maria, "history", scene.maria.pk), follow=True)
    assert answer.status_code == 200
    assert AuditEvent.objects.filter(verb="employee.viewed", about_id=scene.maria.pk).count() == 1


def test_a_manager_reads_their_own_lines_of_the_log_and_a_leader_all(desk, scene, laid_out):
    everything = AuditEvent.objects.count()
    assert desk(scene.omar).lists(AuditEvent).context["cl"].result_count < everything
    assert desk(scene.chen).lists(AuditEvent).context["cl"].result_count == everything
