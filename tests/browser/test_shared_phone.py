"""A phone is enrolled, goes from hand to hand and is revoked; an answer comes by itself. SCREENSHOTS=folder keeps them."""

import re

import pytest
from django.core.signing import get_cookie_signer
from playwright.sync_api import expect

from empower.devices.middleware import COOKIE, SALT
from empower.devices.services import enrol_device, revoke_device
from empower.spending.models import Approval
from empower.spending.services import approve_spend
from empower.staff.services import hire_employee
from tests.browser.axe import faults
from tests.browser.happenings import gave, happened
from tests.browser.looking import is_wider_than_its_screen, keep
from tests.scene import set_the_scene

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(own_database):
    return set_the_scene()


def looked_at(page, name):
    """Seen by axe, in light and in dark, and kept."""
    page.locator("[data-toast]").evaluate_all("all => all.forEach((toast) => toast.hidden = true)")
    size = page.viewport_size
    keep(page, name)
    assert not is_wider_than_its_screen(page)
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    # As tall as its matter: the places at the foot of a phone lie over whatever is half scrolled under them.
    page.set_viewport_size(size | {"height": 3000})
    wrong = faults(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    wrong += faults(page, rules=["color-contrast"])
    assert wrong == [], name
    page.set_viewport_size(size)
    keep(page, f"{name}-dark")
    page.emulate_media(color_scheme="light", reduced_motion="reduce")


def test_from_the_managers_hand_to_the_next_and_the_next(scene, open_page):
    rosa = hire_employee(
        actor=None, username="rosa", code="40117", name="Rosa Díaz", role="frontline", property=scene.lax
    )
    desk = open_page("desktop", employee=scene.omar)
    desk.goto("/devices/")
    keep(desk, "phones-desktop")
    desk.get_by_role("button", name=re.compile("Make a code.*Rosa")).click()
    code = desk.locator(".ask-sum").inner_text()
    looked_at(desk, "phones-code-desktop")

    phone = open_page("phone", employee=scene.omar)
    phone.goto("/devices/")
    phone.get_by_label("What is it called?").fill("Front desk 2")
    phone.get_by_role("button", name="Enrol this phone").click()
    expect(phone.get_by_text("Front desk 2 · Hotel LAX")).to_be_visible()
    looked_at(phone, "phone-sign-in")
    phone.watch.expect("status of 400")
    phone.get_by_label("Staff number").fill("40117")
    phone.get_by_label("PIN").fill("482915")
    phone.get_by_role("button", name="Sign in").click()
    expect(phone.get_by_role("alert")).to_contain_text("That did not work")
    keep(phone, "phone-wrong")
    phone.get_by_role("link", name="I have a code on paper").click()
    phone.get_by_label("Staff number").fill("40117")
    phone.get_by_label("Code").fill(code)
    phone.get_by_label("New PIN").fill("482915")
    phone.get_by_label("The same once more").fill("482915")
    looked_at(phone, "phone-first-time")
    phone.get_by_role("button", name="Set the PIN and sign in").click()
    expect(phone.locator(".whose")).to_contain_text("Rosa")
    looked_at(phone, "phone-rosa")
    phone.goto("/incidents/log/")
    looked_at(phone, "phone-rosa-logs")
    phone.goto("/me/")
    phone.get_by_role("button", name="Hand over").click()
    expect(phone.get_by_label("PIN")).to_be_visible()
    phone.go_back()
    expect(phone.get_by_label("PIN")).to_be_visible()  # nobody else's page behind the back button

    phone.get_by_label("Staff number").fill("40117")
    phone.get_by_label("PIN").fill("482915")
    phone.keyboard.press("Enter")
    expect(phone.locator(".whose")).to_contain_text("Rosa")
    revoke_device(actor=scene.omar, device=rosa.property.shared_devices.get())
    phone.goto("/today/")
    expect(phone.get_by_label("Password")).to_be_visible()


def test_a_shared_phone_says_a_minute_before_that_it_signs_out(scene, open_page, served):
    _, secret = enrol_device(actor=scene.omar, name="Bar")
    phone = open_page("phone", employee=scene.maria)
    signed = get_cookie_signer(salt=COOKIE + SALT).sign(secret)
    phone.context.add_cookies([{"name": COOKIE, "value": signed, "url": served.url}])
    phone.clock.install()
    phone.goto("/today/")
    expect(phone.locator(".whose")).to_contain_text("Maria")
    phone.clock.fast_forward(541_000)
    expect(phone.get_by_text("In a minute you are signed out here.")).to_be_visible()
    phone.get_by_role("button", name="Stay").click()
    expect(phone.get_by_text("In a minute you are signed out here.")).to_have_count(0)


@pytest.mark.parametrize("page_of", ["incident", pytest.param("/today/", marks=pytest.mark.long)])
def test_the_answer_comes_to_the_page_that_waits(scene, open_page, page_of):
    incident = happened(scene)
    spend = gave(scene, incident, 300_000)
    phone = open_page("phone", employee=scene.maria)
    phone.goto(f"/incidents/{incident.pk}/" if page_of == "incident" else page_of)
    desk = open_page("desktop", employee=scene.omar)
    desk.goto("/approvals/")
    state = phone.locator(f"#state-{spend.approval.pk}")
    expect(state).to_contain_text("With the manager")
    approve_spend(
        actor=scene.omar, approval=Approval.objects.get(pk=spend.approval.pk), reason="Walk them up yourself."
    )
    expect(phone.get_by_role("status").filter(has_text="Omar said yes: give $3,000.")).to_be_visible()
    expect(state).to_contain_text("Omar said yes")
    expect(phone).to_have_title(re.compile(r"^Omar said yes: give \$3,000\."))
    keep(phone, "phone-answer")
    assert faults(phone, rules=["color-contrast", "aria-allowed-attr", "button-name"]) == []
    phone.get_by_role("button", name="Close").click()
    expect(phone).not_to_have_title(re.compile("Omar said yes"))
    assert phone.locator("#answers[hx-get]").count() == 0  # it asks no more


def test_a_link_from_a_mail(scene, open_page):
    from empower.spending.services.links import make_link

    spend = gave(scene, happened(scene), 300_000)
    page = open_page("phone")
    page.goto(f"/approvals/link/{make_link(approval=spend.approval, recipient=scene.omar)}/")
    looked_at(page, "link-phone")
    page.get_by_role("button", name="Show the request").click()
    expect(page.get_by_text("$3,000", exact=True)).to_be_visible()
    assert "Lindqvist" not in page.content()
    assert "0907" not in page.content()
    looked_at(page, "link-shown-phone")
