"""The review desk in a real browser: no refusal of the content security policy, by mouse, by thumb and by keyboard."""

import pytest
from django.urls import reverse

from empower.spending.models import Approval, Spend
from empower.staff.services import set_password
from tests.admin.cases import lay_out
from tests.browser.axe import WCAG, faults
from tests.scene import set_the_scene

pytestmark = [pytest.mark.browser]

QUEUE = "/admin/spending/approval/"


@pytest.fixture
def scene(own_database):
    return set_the_scene()


@pytest.fixture
def laid_out(scene):
    return lay_out(scene)


def test_a_manager_comes_in_by_the_house_s_sign_in_and_is_back_where_they_wanted(scene, laid_out, page):
    set_password(actor=None, employee=scene.omar, password="corridor lamp seven")
    page.goto(QUEUE)
    assert "/accounts/login/" in page.url
    page.fill("input[name=login]", "omar")
    page.fill("input[name=password]", "corridor lamp seven")
    page.press("input[name=password]", "Enter")
    page.wait_for_url(f"**{QUEUE}")
    assert page.get_by_text("$3,000.00").count() == 1


def test_what_was_ticked_in_the_list_is_approved_with_a_reason(scene, laid_out, open_page):
    page = open_page("desktop", employee=scene.omar)
    page.goto(QUEUE)
    page.check(f"input[name=_selected_action][value='{laid_out.asked.pk}']")
    page.select_option("select[name=action]", "approve")
    page.click("button[name=index]")
    page.get_by_role("heading", name="Approve what is asked for").wait_for()
    assert page.get_by_text("$3,000.00").count() == 1
    page.fill("textarea[name=reason]", "They lost two nights.")
    page.click("button.desk-main")
    page.get_by_text(f"Approval {laid_out.asked.pk}: approved.").wait_for()
    assert Approval.objects.get(pk=laid_out.asked.pk).status == "approved"
    assert Spend.objects.get(pk=laid_out.asked.spend_id).status == "posted"


def test_a_thumb_declines_from_the_request_s_own_page(scene, laid_out, open_page):
    page = open_page("phone", employee=scene.omar, colour_scheme="dark")
    page.goto(f"{QUEUE}{laid_out.asked.pk}/change/")
    page.tap("button[value=decline]")
    page.tap("button.desk-main")
    page.watch.expect("status of 400")
    page.get_by_text("Say why, in a few words.").wait_for()
    page.fill("textarea[name=reason]", "The suite is free tonight.")
    page.tap("button.desk-main")
    page.get_by_text(f"Approval {laid_out.asked.pk}: declined.").wait_for()
    assert Approval.objects.get(pk=laid_out.asked.pk).status == "declined"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_filters_and_the_menu_are_reached_by_the_keyboard(scene, laid_out, open_page):
    page = open_page("phone", employee=scene.omar)
    page.goto(QUEUE)
    page.get_by_role("button", name="Filters").press("Enter")
    page.get_by_role("link", name="declined").wait_for()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Menu").press("Enter")
    page.get_by_role("link", name="Journal entries").wait_for()


def is_within_its_screen(page):
    """On a phone, and then on a desk."""
    phone = page.viewport_size
    for screen in (phone, {"width": 1440, "height": 900}):
        page.set_viewport_size(screen)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth"):
            return False
    page.set_viewport_size(phone)
    return True


def test_no_page_breaks_the_policy_or_scrolls_sideways(scene, laid_out, open_page):
    page = open_page("phone", employee=scene.grace)
    rows = {"incidents_incident": laid_out.case, "spending_spend": laid_out.gift, "policies_policy": None}
    for name in (*rows, "journal_journalentry", "audit_auditevent", "staff_employee"):
        page.goto(reverse(f"admin:{name}_changelist"))
        assert is_within_its_screen(page), name
        if rows.get(name):
            page.goto(reverse(f"admin:{name}_change", args=[rows[name].pk]))
            assert is_within_its_screen(page), name
    for name in ("policies_deputy", "journal_allotment", "staff_apitoken"):
        page.goto(reverse(f"admin:{name}_add"))


def test_the_page_that_asks_is_open_to_everybody(scene, laid_out, open_page):
    page = open_page("desktop", employee=scene.omar)
    page.goto(f"{QUEUE}{laid_out.asked.pk}/change/")
    page.click("button[value=approve]")
    page.get_by_role("heading", name="Approve what is asked for").wait_for()
    for colour_scheme in ("light", "dark"):
        page.emulate_media(color_scheme=colour_scheme)
        assert faults(page, within=".desk-form", tags=WCAG) == [], colour_scheme
