"""Who comes in, and by which door."""

import pytest
from django.contrib.admin import site
from django.urls import reverse

pytestmark = pytest.mark.long("postgresql")  # a door: its words and its refusals, not the database

INDEX = "/admin/"


def test_a_stranger_is_sent_to_the_house_s_own_sign_in_and_back(client, db):
    answer = client.get("/admin/spending/spend/")
    assert answer["Location"] == "/admin/login/?next=/admin/spending/spend/"
    assert client.get(answer["Location"])["Location"] == "/accounts/login/?next=/admin/spending/spend/"


def test_frontline_signed_in_is_refused_and_not_asked_to_sign_in_again(desk, scene):
    browser = desk(scene.maria)
    answer = browser.client.get(INDEX, follow=True)
    assert answer.status_code == 403


def test_a_manager_who_left_is_out(desk, scene):
    from empower.staff.services import change_employee

    browser = desk(scene.omar)
    assert browser.get(INDEX).status_code == 200
    change_employee(actor=scene.admin, employee=scene.omar, is_active=False)
    assert browser.get(INDEX).status_code == 302


@pytest.mark.parametrize(
    ("name", "sees", "not_there"),
    [
        ("omar", {"Approval", "Spend", "Incident", "Guest", "JournalEntry", "AuditEvent", "Policy"}, {"Position"}),
        ("ada", {"Approval", "Spend", "Incident", "Guest", "JournalEntry", "Position"}, set()),
        ("admin", {"Property", "Employee", "Gesture", "Policy", "Deputy", "ApiToken", "Allotment"},
         {"Approval", "Spend", "Incident", "Guest", "JournalEntry", "Account", "Position"}),
    ],
)  # fmt: skip
def test_each_sees_what_is_theirs_to_see(desk, scene, name, sees, not_there):
    answer = desk(getattr(scene, name)).get(INDEX)
    shown = {model["object_name"] for app in answer.context["app_list"] for model in app["models"]}
    assert sees <= shown
    assert not (not_there & shown)


def test_nobody_deletes_and_an_auditor_writes_nothing(rf, scene):
    for name in ("omar", "grace", "chen", "ada", "admin"):
        request = rf.get(INDEX)
        request.user = getattr(scene, name)
        for page in site._registry.values():
            assert not page.has_delete_permission(request)
            assert "delete_selected" not in page.get_actions(request)
            if name == "ada":
                assert not page.has_add_permission(request) or page.opts.model_name == "apitoken"
                assert set(page.get_actions(request)) <= {"revoke", "end", "unlock"}, page


def test_a_library_s_tables_are_not_on_the_desk():
    assert {model.__module__.split(".")[0] for model in site._registry} == {"empower"}


def test_the_password_is_changed_on_the_house_s_own_page(desk, scene):
    assert desk(scene.omar).get(reverse("admin:password_change"))["Location"] == reverse("account_change_password")


def test_signing_out_ends_at_sign_in(desk, scene):
    browser = desk(scene.omar)
    assert browser.post(reverse("admin:logout"))["Location"] == "/accounts/login/"
    assert browser.get(INDEX).status_code == 302


def test_a_department_is_offered_with_its_house(desk, scene):
    page = desk(scene.chen).get(reverse("admin:policies_policy_add")).content.decode()
    assert "Front_desk, Hotel LAX</option>" in page
    assert "Front_desk, Hotel NYC</option>" in page
