"""Every flow by keys alone: never a click, the focus drawn and seen at every stop, and gone on with sensibly after an error,
an answer that came by itself, a sheet that closed.
"""

import re

import pytest
from django.core.signing import get_cookie_signer
from playwright.sync_api import expect

from empower.devices.middleware import COOKIE, SALT
from empower.devices.services import enrol_device, set_pin
from empower.incidents.models import FollowUp, Incident
from empower.spending.models import Approval, Spend
from empower.spending.services import approve_spend
from empower.staff.models import Employee
from empower.staff.services import set_password
from tests.browser.happenings import gave, happened
from tests.browser.keyboard import Keyboard
from tests.browser.pages import PAGES
from tests.scene import set_the_scene

pytestmark = pytest.mark.browser

INCIDENT = re.compile(r"/incidents/\d+/(\?.*)?$")


@pytest.fixture
def scene(own_database):
    return set_the_scene()


@pytest.fixture
def typing(open_page):
    """``typing("/incidents/log/", employee=maria)``: a page, and the keyboard before it."""

    def sit_down(address, device="desktop", **options):
        page = open_page(device, reduced_motion="reduce", **options)
        page.goto(address)
        return page, Keyboard(page)

    return sit_down


def tile(page, words):
    return page.locator("details.step[open] label.tile", has_text=words).first


def toast(page):
    return page.locator(".toasts")


def test_log_and_give_with_three_answers(scene, typing):
    page, keys = typing("/incidents/log/", employee=scene.maria)
    page.wait_for_selector("html[data-ready=giving]")
    keys.press("Tab")
    assert "Skip to the page" in keys.at()["says"]
    keys.choose(tile(page, "Jones"))
    keys.press("Enter")  # goes on, and sends nothing half written
    assert keys.at(page.locator("[data-step=what]"))["there"]
    keys.choose(tile(page, "Room"))
    keys.press("Enter")
    assert keys.at(page.locator("[data-below]"))["there"]
    keys.to("Room not ready").press("Enter")
    assert keys.at(page.locator("[data-step=give]"))["there"]
    keys.choose(tile(page, "Meal"))
    keys.press("Enter")
    assert keys.at(page.locator("#id_amount"))["there"]
    keys.write("150")
    keys.to(page.locator("[data-main]"))
    assert keys.at()["says"] == "button “Give $150”"
    keys.press("Enter")
    page.wait_for_url(INCIDENT)
    spend = Spend.objects.get()
    assert (spend.status, spend.amount, spend.incident.category.code) == ("posted", 15_000, "room_not_ready")
    # What was done is told in a toast; putting it away does not lead back to the top.
    keys.to(toast(page).get_by_role("button", name="Close"), back=True).press("Space")
    assert keys.at(page.locator("#main"), look=False)["there"]
    keys.to("Give something")


def test_somebody_new_is_written_down_and_enter_in_the_name_sends_nothing(scene, typing):
    page, keys = typing("/incidents/log/", "phone", employee=scene.maria)
    page.wait_for_selector("html[data-ready=giving]")
    keys.choose(tile(page, "Somebody new"))
    keys.press("Enter")
    assert keys.at(page.locator("#id_new_name"))["there"]
    keys.write("Dr Haddad")
    keys.press("Enter")
    assert keys.at(page.locator("[data-step=what]"))["there"]
    assert not Incident.objects.exists()


def test_above_the_limit_it_splits_or_asks_for_all(scene, typing):
    incident = happened(scene)
    gave(scene, incident, 180_000)
    page, keys = typing(f"/incidents/{incident.pk}/give/", employee=scene.maria)
    page.wait_for_selector("html[data-ready=giving]")
    for choice, statuses in (("Give $200, ask for $300", ["posted", "pending"]), ("Ask for $500", ["pending"])):
        before = set(Spend.objects.values_list("pk", flat=True))
        keys.choose(tile(page, "Refund"))
        keys.press("Enter")
        keys.write("500")
        keys.to(choice).press("Space")
        page.wait_for_url(INCIDENT)
        made = Spend.objects.exclude(pk__in=before).order_by("pk")
        assert [spend.status for spend in made] == statuses
        keys.to("Give something").press("Enter")
        page.wait_for_selector("html[data-ready=giving]")


def test_a_mistake_takes_the_focus_and_leads_to_what_it_is_about(scene, typing):
    page, keys = typing("/incidents/log/", employee=scene.maria)
    page.wait_for_selector("html[data-ready=giving]")
    page.watch.expect("status of 400")
    keys.choose(tile(page, "Jones"))
    keys.to(page.locator("[data-step=give] > summary")).press("Enter")
    keys.choose(tile(page, "Refund"))
    keys.to(page.locator("[data-main]")).press("Enter")
    page.wait_for_selector("[role=alert]")
    assert keys.at(page.locator("[role=alert]"))["there"]
    keys.press("Tab", "Enter")
    assert keys.at(page.locator("#id_amount"))["there"]
    keys.write("40")
    keys.press("Enter")
    page.wait_for_url(INCIDENT)
    assert Spend.objects.get().amount == 4_000


def test_the_page_of_an_incident(scene, typing):
    incident = happened(scene)
    page, keys = typing(f"/incidents/{incident.pk}/", employee=scene.maria)
    keys.press("Tab", "Enter")  # the skip link
    assert keys.at(page.locator("#main"), look=False)["there"]
    keys.to("Thank a colleague").press("Enter")
    page.locator("dialog[open]").wait_for()
    keys.press("Escape")
    assert keys.at(page.get_by_role("link", name="Thank a colleague"))["there"]

    keys.to("Give something", back=True).press("Enter")
    page.wait_for_selector("html[data-ready=giving]")
    keys.choose(tile(page, "Apology"))
    keys.press("Enter")
    assert keys.at(page.locator("[data-main]"))["there"]
    keys.press("Enter")
    page.wait_for_url(INCIDENT)
    assert Spend.objects.get().status == "posted"

    keys.choose(page.locator("#resolve label.tile", has_text="Recovered"))
    keys.choose(page.locator("#resolve .scale label", has_text="8"))
    keys.to("Resolve").press("Enter")
    page.get_by_role("link", name="Follow up").wait_for()
    assert Incident.objects.get().status == "resolved"

    keys.to("Follow up").press("Enter")
    sheet = page.locator("dialog[open]")
    sheet.wait_for()
    keys.to(sheet.get_by_label("How was it?").or_(sheet.locator("textarea")).first)
    keys.write("She slept till nine.")
    keys.to(sheet.get_by_role("button", name="Write it down")).press("Enter")
    page.get_by_text("She slept till nine.").wait_for()
    assert FollowUp.objects.count() == 1


def test_the_queue_answers_in_four_ways(scene, typing):
    for amount in (210_000, 220_000, 230_000, 240_000):
        gave(scene, happened(scene, guest=f"Guest {amount}"), amount, reason="She has not slept.")
    page, keys = typing("/approvals/", employee=scene.omar)
    keys.to("Yes to $2,100").press("Enter")
    page.get_by_role("heading", name="3 people").or_(page.get_by_role("heading", name="One person")).first.wait_for()
    expect(toast(page)).to_contain_text("Yes to $2,100")

    def answered(how, button, **fields):
        keys.to(how).press("Enter")
        sheet = page.locator("dialog[open]")
        sheet.wait_for()
        for field, text in fields.items():
            keys.to(sheet.locator(f"#id_{field}"), back=field == "amount")
            keys.write(text)
        keys.to(sheet.get_by_role("button", name=button)).press("Enter")
        page.wait_for_url("**/approvals/")
        page.locator("dialog").first.wait_for(state="hidden")

    # One thinks again, and is where one was.
    keys.to("With less").press("Enter")
    page.locator("dialog[open]").wait_for()
    keys.to(page.locator("dialog[open] [data-back]")).press("Enter")
    assert keys.at(page.get_by_role("link", name="With less").first)["there"]
    answered("With less", "Say yes to this amount", amount="2,050", reason="At the house rate.")
    expect(toast(page)).to_contain_text("Yes to $2,050")
    answered("Ask", "Send the question", reason="Is she still in house?")
    expect(toast(page)).to_contain_text("question")
    keys.to(page.locator(".ask").nth(1).get_by_role("link", name=re.compile("^No"))).press("Enter")
    sheet = page.locator("dialog[open]")
    sheet.wait_for()
    keys.to(sheet.locator("#id_reason"))
    keys.write("Offer the terrace first.")
    keys.to(sheet.get_by_role("button", name="Say no")).press("Enter")
    expect(page.locator(".ask")).to_have_count(1)
    assert sorted(Approval.objects.values_list("status", flat=True)) == ["approved", "approved", "declined", "open"]
    assert Approval.objects.get(status="declined").reason == "Offer the terrace first."
    assert Approval.objects.get(status="open").question == "Is she still in house?"


def test_an_answer_that_comes_by_itself_leaves_the_focus_where_it_is(scene, typing):
    spend = gave(scene, happened(scene), 300_000)
    page, keys = typing("/today/", employee=scene.maria)
    keys.to("Incidents")
    approve_spend(actor=scene.omar, approval=Approval.objects.get(pk=spend.approval.pk), reason="Walk them up.")
    expect(page.get_by_role("status").filter(has_text="Omar said yes")).to_be_visible()
    assert "Incidents" in keys.at()["says"]
    keys.to(toast(page).get_by_role("link", name="Look")).to("Close").press("Enter")
    assert keys.at(page.locator("#main"), look=False)["there"]


def test_the_own_page_the_line_up_the_lists_and_the_dashboard(busy, typing):
    maria, grace = (Employee.objects.get(username=name) for name in ("maria", "grace"))
    page, keys = typing("/me/", employee=maria)
    keys.to(page.get_by_role("button", name="Dark")).press("Enter")
    page.wait_for_selector("html[data-theme=dark]")
    keys.chosen(page.locator("#language"), "esp").press("Tab", "Enter")
    page.wait_for_selector("html[lang=es]")

    page, keys = typing("/line-up/", employee=grace)
    keys.to(page.get_by_role("button", name="Print"))
    keys.to(page.locator("[rel=prev]"), back=True).press("Enter")
    page.wait_for_url("**day=*")
    keys.to(page.locator("[rel=next]")).press("Enter")
    page.get_by_role("link", name="Choose another").wait_for()
    keys.to("Choose another").press("Enter")
    page.get_by_role("heading", name="Choose the story").wait_for()

    # Each step through a list is no question yet: only Enter is.
    page, keys = typing("/incidents/", employee=grace)
    keys.to(page.locator("select[name=status]")).press("ArrowDown", "ArrowDown")
    page.wait_for_timeout(200)
    assert "status=" not in page.url
    keys.press("Enter")
    page.wait_for_url("**status=*")

    page, keys = typing("/insights/", employee=grace)
    keys.to(page.locator("select[name=period]"))
    keys.press("ArrowDown")
    keys.to("Count").press("Enter")
    page.wait_for_url("**period=*")
    fold = page.locator(".chart summary").first
    if fold.count():
        keys.to(fold).press("Enter")
        assert page.locator(".chart details[open]").count() == 1


def test_signing_in_by_password_and_by_pin(scene, typing, site):
    set_password(actor=None, employee=scene.maria, password="corridor lamp seven")
    page, keys = typing("/accounts/login/")
    page.watch.expect("status of 400")
    for password in ("wrong", "corridor lamp seven"):
        keys.to(page.locator("[name=login]"))
        keys.press("Control+a")
        keys.write("maria")
        keys.press("Tab")
        keys.write(password)
        keys.press("Enter")
        if password == "wrong":
            page.wait_for_selector("[role=alert]")
            assert keys.at(page.locator("[role=alert]"))["there"]
    page.wait_for_url("**/today/")

    _, secret = enrol_device(actor=scene.omar, name="Front desk 2")
    set_pin(actor=scene.maria, employee=scene.maria, pin="482915")
    page, keys = typing("/", "phone")
    page.context.add_cookies(
        [{"name": COOKIE, "value": get_cookie_signer(salt=COOKIE + SALT).sign(secret), "url": site.url}]
    )
    page.goto("/")
    keys.to(page.get_by_label("Staff number"))
    keys.write("maria")
    keys.to(page.get_by_label("PIN"))
    keys.write("482915")
    keys.to("Sign in").press("Space")
    page.locator(".whose").wait_for()
    keys.to("Hand over").press("Enter")
    page.get_by_label("PIN").wait_for()


@pytest.mark.long
@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_no_page_keeps_the_focus_for_itself(busy, typing, device):
    for one in PAGES:
        person = one.who and Employee.objects.get(username=one.who)
        page, keys = typing("/accounts/login/", device, employee=person)
        if one.status != 200:
            page.watch.expect(f"status of {one.status}")
        page.goto(one.address.format(**busy))
        stops = keys.all_round()
        assert stops, one.name
        page.context.close()
