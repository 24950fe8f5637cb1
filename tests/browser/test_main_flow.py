"""From a corridor to the queue and back, in a real browser. SCREENSHOTS=folder keeps what was seen on the way."""

import re

import pytest
from playwright.sync_api import expect

from empower.incidents.models import Incident
from empower.spending.models import Spend
from tests.browser.happenings import gave, happened
from tests.browser.looking import keep
from tests.scene import set_the_scene

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(own_database):
    """The cast on a database of this test's own, with their full names as a hotel would write them."""
    return set_the_scene()


def tap(page, words):
    page.locator("details.step[open] label.tile", has_text=words).first.click()


def press(page, digits):
    for digit in digits:
        page.locator(f"[data-digit='{digit}']").click()


def promise(page):
    return page.locator("[data-main] [data-label]").inner_text()


def test_from_the_corridor_to_the_queue_and_back(scene, open_page):
    phone = open_page("phone", employee=scene.maria)
    phone.goto("/incidents/log/")
    phone.wait_for_selector("html[data-ready=giving]")
    tap(phone, "Somebody new")
    phone.fill("#id_new_name", "Dr Haddad")
    phone.fill("#id_new_room", "1412")
    phone.locator("[data-step=what] > summary").click()
    tap(phone, "Room")
    phone.get_by_role("button", name="Room not ready").click()
    tap(phone, "Meal")
    assert phone.locator("[data-may]").inner_text() == "$2,000"
    press(phone, "150")
    assert promise(phone) == "Give $150"
    keep(phone, "log-and-give-phone")
    phone.locator("[data-main]").click()
    phone.wait_for_url(re.compile(r"/incidents/\d+/$"))
    assert "You may still give $1,850" in phone.locator(".toasts").inner_text()
    assert phone.locator(".may-sum").inner_text() == "$1,850"
    keep(phone, "incident-phone")

    phone.get_by_role("link", name="Give something").click()
    phone.wait_for_selector("html[data-ready=giving]")
    tap(phone, "Upgrade")
    press(phone, ["3", "0", "00"])
    assert promise(phone) == "Give $1,850, ask for $1,150"
    keep(phone, "split-phone")
    phone.locator("[data-step=words] > summary").click()
    phone.fill("#id_reason", "Two nights in the suite would let them sleep.")
    phone.get_by_role("button", name="Ask for all $3,000").click()
    phone.wait_for_url(re.compile(r"/incidents/\d+/$"))
    assert "$3,000 is asked for" in phone.locator(".toasts").inner_text()

    desk = open_page("desktop", employee=scene.omar, colour_scheme="dark")
    desk.goto("/")
    desk.wait_for_url("**/approvals/")
    assert desk.locator("h1").inner_text() == "One person is waiting for you"
    keep(desk, "queue-desktop-dark")
    desk.get_by_role("link", name="With less").click()
    sheet = desk.locator("dialog[open]")
    sheet.locator("#id_amount").fill("2,500")
    sheet.locator("#id_reason").fill("Both nights, at the house rate.")
    keep(desk, "answer-desktop-dark")
    sheet.get_by_role("button", name="Say yes to this amount").click()
    desk.wait_for_url("**/approvals/")
    assert "Yes to $2,500" in desk.locator(".toasts").inner_text()
    assert desk.locator("h1").inner_text() == "Nobody waits for you"

    phone.reload()
    story = phone.locator(".timeline").inner_text()
    assert "Omar said yes, with less" in story
    assert "“Both nights, at the house rate.”" in story
    assert phone.locator(".may-sum").inner_text() == "$1,850"
    assert [(spend.status, spend.amount) for spend in Spend.objects.order_by("pk")] == [
        ("posted", 15_000),
        ("posted", 250_000),
    ]


def test_a_double_tap_gives_once(scene, open_page):
    incident = happened(scene)
    phone = open_page("phone", employee=scene.maria)
    phone.goto(f"/incidents/{incident.pk}/give/")
    phone.wait_for_selector("html[data-ready=giving]")
    tap(phone, "Drink")
    press(phone, "12")
    phone.locator("[data-main]").dblclick()
    phone.wait_for_url(f"**/incidents/{incident.pk}/")
    assert Spend.objects.count() == 1


def test_all_of_it_works_without_a_script(scene, open_page):
    phone = open_page("phone", employee=scene.maria, java_script_enabled=False)
    phone.goto("/incidents/log/")
    tap(phone, "Somebody new")
    phone.fill("#id_new_name", "Ms Reyes")
    phone.locator("[data-step=give] > summary").click()
    tap(phone, "Refund")
    phone.locator("[data-step=amount] > summary").click()
    phone.fill("#id_amount", "2300")
    phone.get_by_role("button", name="Send it").click()
    assert phone.get_by_role("button", name="Ask for all $2,300").is_visible()
    assert not Incident.objects.exists()
    phone.get_by_role("button", name="Give $2,000, ask for $300").click()
    assert "$300 is asked for" in phone.locator(".toasts").inner_text()

    desk = open_page("desktop", employee=scene.omar, java_script_enabled=False)
    desk.goto("/approvals/")
    desk.get_by_role("link", name="With less").click()
    desk.fill("#id_amount", "250")
    desk.get_by_role("button", name="Say yes to this amount").click()
    assert "Yes to $250" in desk.locator(".toasts").inner_text()


def test_the_promise_follows_what_is_typed(scene, open_page):
    incident = happened(scene)
    gave(scene, incident, 180_000)
    page = open_page("desktop", employee=scene.maria)
    page.goto(f"/incidents/{incident.pk}/give/")
    page.wait_for_selector("html[data-ready=giving]")
    tap(page, "Refund")
    for typed, words in [
        ("500", "Give $200, ask for $300"),
        ("1,850.50", "Give $200, ask for $1,650.50"),
        ("200", "Give $200"),
        ("0.01", "Give $0.01"),
    ]:
        page.fill("#id_amount", typed)
        assert promise(page) == words
    page.get_by_role("button", name="All I may").click()
    assert page.input_value("#id_amount") == "$200"
    page.locator("[data-step=give] > summary").click()
    tap(page, "Apology")
    assert promise(page) == "Give: Apology"


def test_the_keyboard_reaches_everything_and_is_never_carried_off(scene, open_page):
    page = open_page("desktop", employee=scene.maria)
    page.goto("/incidents/log/")
    page.wait_for_selector("html[data-ready=giving]")
    page.locator("input[name=guest]").first.focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("[data-step=who]").get_attribute("open") is not None
    page.locator("[data-step=what] > summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("[data-step=what]").get_attribute("open") is not None


def test_a_guest_is_found_while_typing(scene, open_page):
    for number in range(9):
        happened(scene, guest=f"Guest {number}", room=f"30{number}")
    happened(scene, guest="Mrs Bellamy", room="0611")
    page = open_page("phone", employee=scene.tomas)
    page.goto("/incidents/log/")
    page.wait_for_selector("html[data-ready=giving]")
    page.fill("#find", "bell")
    expect(page.locator("[data-guests] label")).to_have_count(1)
    expect(page.locator("[data-guests] label")).to_contain_text("Mrs Bellamy")
