"""From a corridor to the queue and back, in a real browser. SCREENSHOTS=folder keeps what was seen on the way."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from empower import clock
from empower.incidents.models import Category, Incident
from empower.incidents.services import log_incident
from empower.spending.models import Gesture, Spend
from empower.spending.services import ask_about_spend, give_spend, resolve_incident
from tests.scene import set_the_scene

pytestmark = pytest.mark.browser

WCAG = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


@pytest.fixture
def scene(own_database):
    """The cast on a database of this test's own, with their full names as a hotel would write them."""
    return set_the_scene()


def keep(page, name, **options):
    """A screenshot for the README, where somebody asked for them."""
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", **options)


def faults(page, *, rules=None):
    """What axe finds on the page as it stands, of all its rules or of these: rule and where, one line each."""
    asked = {"runOnly": {"type": "rule", "values": rules}} if rules else WCAG
    found = Axe().run(page, options=asked).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def is_wider_than_its_screen(page):
    return page.evaluate("document.documentElement.scrollWidth > innerWidth")


def tap(page, words):
    page.locator("details.step[open] label.tile", has_text=words).first.click()


def press(page, digits):
    for digit in digits:
        page.locator(f"[data-digit='{digit}']").click()


def promise(page):
    return page.locator("[data-main] [data-label]").inner_text()


def happened(scene, *, guest="Mr Lindqvist", room="0907", category="room_temperature", **facts):
    return log_incident(
        actor=scene.maria,
        property=scene.lax,
        guests=[{"name": guest, "room": room}],
        category=Category.objects.get(code=category),
        department=scene.lax_desk,
        **facts,
    )


def gave(scene, incident, amount, *, gesture="refund", actor=None, **words):
    return give_spend(
        actor=actor or scene.maria,
        incident=incident,
        guest=incident.guests.get(),
        gesture=Gesture.objects.get(code=gesture),
        amount=amount,
        currency="USD",
        **words,
    )


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
    phone.wait_for_url("**/incidents/*/")
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
    phone.wait_for_url("**/incidents/*/")
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


# --- for everybody, on every screen --------------------------------------------------------------------------------


@pytest.fixture
def a_busy_day(scene):
    """Past cases, an open story with a question in it, a request, a yes by phone."""
    for days in range(1, 9):
        with clock.standing_at(clock.now() - timedelta(days=days)):
            past = happened(scene, guest=f"Guest {days}", room=f"40{days}")
            gave(scene, past, 5000 * days, gesture="meal")
            resolve_incident(actor=scene.maria, incident=past, outcome="recovered", feeling_after=8)
    story = happened(scene, guest="Dr Haddad", room="1412", narrative="The room was promised for 15:00.")
    gave(
        scene,
        story,
        18_000,
        gesture="meal",
        note="Dinner on the terrace",
        promised_for=clock.now() + timedelta(hours=2),
    )
    asked = gave(scene, story, 260_000, reason="He has not slept.")
    ask_about_spend(actor=scene.omar, approval=asked.approval, question="Is he still in house?")
    other = happened(scene, guest="Mr Adeyemi", room="1008")
    gave(scene, other, 230_000, actor=scene.tomas, split=True, reason="The rest of the night.")
    gave(scene, happened(scene, guest="Mrs Bellamy"), 220_000, actor=scene.tomas, verbal_approval_by=scene.omar)
    scene.story, scene.asked = story, asked
    return scene


PAGES = {
    "sign-in": (None, "/accounts/login/"),
    "today": ("maria", "/today/"),
    "log": ("maria", "/incidents/log/"),
    "give": ("maria", "/incidents/{story}/give/"),
    "incident": ("maria", "/incidents/{story}/"),
    "incident-auditor": ("ada", "/incidents/{story}/"),
    "incidents": ("maria", "/incidents/"),
    "incidents-none": ("chen", "/incidents/?text=nothing+like+it"),
    "void": ("maria", "/incidents/{story}/void/"),
    "queue": ("omar", "/approvals/"),
    "request": ("omar", "/approvals/{asked}/?answer=less"),
    "mine": ("maria", "/me/"),
    "lost": ("maria", "/nowhere/"),
}


@pytest.mark.parametrize("device", ["phone", pytest.param("desktop", marks=pytest.mark.long)])
def test_every_page_is_open_to_everybody(a_busy_day, open_page, device):
    found = {}
    for name, (who, address) in PAGES.items():
        # Without motion: a colour that is still changing has no contrast to measure.
        page = open_page(device, employee=who and getattr(a_busy_day, who), reduced_motion="reduce")
        page.watch.expect("status of 404")
        page.goto(address.format(story=a_busy_day.story.pk, asked=a_busy_day.asked.approval.pk))
        found[name] = ["scrolls sideways"] if is_wider_than_its_screen(page) else []
        keep(page, f"{name}-{device}-light")
        # As high as it gets: what slides below the bar at the bottom is not out of reach.
        page.set_viewport_size({"width": page.viewport_size["width"], "height": 4000})
        for fold in page.locator("details.step:not([hidden]) > summary").all()[1:] if name == "log" else []:
            fold.click()
            found[name] += faults(page)
        found[name] += faults(page)
        page.emulate_media(color_scheme="dark")
        found[name] += faults(page, rules=["color-contrast"])
        page.set_viewport_size({"width": page.viewport_size["width"], "height": 740 if device == "phone" else 900})
        keep(page, f"{name}-{device}-dark")
        page.context.close()
    assert {name: each for name, each in found.items() if each} == {}


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_a_sheet_and_a_mistake_are_open_to_everybody(a_busy_day, open_page, device):
    page = open_page(device, employee=a_busy_day.omar)
    page.goto("/approvals/")
    page.get_by_role("link", name="With less").first.click()
    page.locator("dialog[open]").wait_for()
    page.wait_for_timeout(400)  # it rises
    assert faults(page) == []
    page.get_by_role("button", name="Say yes to this amount").click()
    page.watch.expect("status of 400")
    page.locator("[role=alert]").wait_for()
    assert faults(page) == []


def test_in_arabic_the_pages_turn_round_and_stay_within_their_screen(a_busy_day, open_page):
    for who, address in (
        ("maria", "/incidents/log/"),
        ("maria", f"/incidents/{a_busy_day.story.pk}/"),
        ("omar", "/approvals/"),
    ):
        page = open_page("phone", employee=getattr(a_busy_day, who), locale="ar")
        page.goto(address)
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert not is_wider_than_its_screen(page)
        page.context.close()
