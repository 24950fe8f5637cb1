"""docs/tour.md, walked: the demo as its people see it, role by role, and the pictures of it.

``SCREENSHOTS=docs/screens TEST_LONG=1 .venv/bin/pytest tests/browser/test_tour.py`` takes them. The flows themselves are
tested elsewhere, at every edge and in the ordinary run: here is asked only that the tour can be walked as it is told.
"""

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.signing import get_cookie_signer
from playwright.sync_api import expect

from empower import clock
from empower.audit.models import Checkpoint
from empower.devices.middleware import COOKIE, SALT
from empower.devices.services import enrol_device, set_pin
from empower.incidents.models import Incident
from empower.journal.models import JournalEntry
from empower.policies.services import name_deputy, put_on_call
from empower.spending.models import Approval, HistoryImport, Spend
from empower.spending.services import approve_spend
from empower.spending.services.history.uploads import work_on
from empower.spending.services.links import make_link
from empower.staff.models import Employee
from tests import made_once
from tests.browser.fitting import misfits
from tests.browser.looking import picture
from tests.browser.test_main_flow import press, promise, tap
from tests.browser.test_offline import is_cut, wait_until_kept
from tests.own_database import copied
from tests.served import serving_here
from tests.spending.test_history_uploads import content_of

pytestmark = [pytest.mark.browser, pytest.mark.long]

#: Pictures for a page of text: a third of them as sharp as the phone would draw them.
PHONE = {"device_scale_factor": 2, "reduced_motion": "reduce"}
DESK = {"reduced_motion": "reduce", "viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def site(django_db_setup, django_db_blocker, tmp_path):
    """A server on a copy of the demo, which is made once."""
    with django_db_blocker.unblock():
        database, _ = made_once.laid_out("the demo of the tour", lambda: call_command("demo", scale=0.5))
        with copied(tmp_path, of=database) as copy, serving_here(copy) as here:
            yield here


def person(username):
    return Employee.objects.get(username=username)


@pytest.fixture
def phone_of(open_page):
    return lambda username, **options: open_page("phone", employee=username and person(username), **PHONE | options)


@pytest.fixture
def desk_of(open_page):
    return lambda username, **options: open_page("desktop", employee=username and person(username), **DESK | options)


def log(page, guest="Dr Amara Diallo", room="0915"):
    """Who and what, in Maria's corridor; the gift is chosen next."""
    page.goto("/incidents/log/")
    page.wait_for_selector("html[data-ready=giving]")
    page.locator("#id_guest_new").click()
    page.fill("#id_new_name", guest)
    page.fill("#id_new_room", room)
    page.locator("[data-step=what] > summary").click()


def as_it_stands(page):
    """Without what was only said at the moment."""
    page.locator("[data-toast]").evaluate_all("all => all.forEach((toast) => toast.remove())")


def test_maria_gives_asks_waits_and_is_told(site, phone_of):
    phone = phone_of("maria")
    phone.goto("/today/")
    picture(phone, "maria-today")
    log(phone)
    picture(phone, "maria-what")
    tap(phone, "Room")
    phone.get_by_role("button", name="Room not ready").click()
    picture(phone, "maria-gifts")
    tap(phone, "Meal")
    press(phone, "150")
    assert promise(phone) == "Give $150"
    picture(phone, "maria-gives")
    phone.locator("[data-main]").click()
    phone.wait_for_url(re.compile(r"/incidents/\d+/$"))
    assert "You may still give $1,850" in phone.locator(".toasts").inner_text()
    as_it_stands(phone)
    picture(phone, "maria-given")
    page_of_it = phone.url

    phone.get_by_role("link", name="Give something").click()
    phone.wait_for_selector("html[data-ready=giving]")
    tap(phone, "Upgrade")
    press(phone, ["3", "0", "00"])
    assert promise(phone) == "Give $1,850, ask for $1,150"
    picture(phone, "maria-splits")
    phone.locator("[data-step=words] > summary").click()
    phone.fill("#id_reason", "Two nights in the suite would let her sleep.")
    phone.get_by_role("button", name="Ask for all $3,000").click()
    phone.wait_for_url(re.compile(r"/incidents/\d+/$"))
    as_it_stands(phone)
    phone.get_by_role("heading", name="What happened").scroll_into_view_if_needed()
    phone.evaluate("scrollBy(0, document.querySelector('#h-tl').getBoundingClientRect().top - 80)")
    picture(phone, "maria-waits")
    asked = Spend.objects.get(incident__guests__name="Dr Amara Diallo", status="pending").approval
    approve_spend(
        actor=person("omar"), approval=Approval.objects.get(pk=asked.pk), amount=250_000,
        reason="Both nights, at the house rate.",
    )  # fmt: skip
    expect(phone.locator("[data-news]")).to_contain_text("Omar")
    picture(phone, "maria-is-told")
    phone.goto("/me/")
    picture(phone, "maria-own-page")
    phone.goto(page_of_it)
    phone.locator("#resolve label.tile", has_text="Recovered").click()
    phone.locator("#resolve .scale label", has_text="8").click()
    phone.locator("#h-end").evaluate("one => scrollBy(0, one.getBoundingClientRect().top - 80)")
    picture(phone, "maria-resolves")


def test_maria_has_no_signal(site, phone_of):
    phone = phone_of("maria", service_workers="allow", colour_scheme="dark")
    phone.watch.expect("ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch")
    phone.goto("/incidents/log/")
    phone.wait_for_selector("html[data-worker=ready]")
    wait_until_kept(phone, "/incidents/log/", "/phone/")
    is_cut(phone)
    log(phone, "Mrs Inés Carvalho", "0504")
    tap(phone, "Room")
    phone.get_by_role("button", name="Room not ready").click()
    tap(phone, "Meal")
    press(phone, "80")
    assert promise(phone) == "In pencil: Give $80"
    picture(phone, "offline-amount")
    phone.locator("[data-main]").click()
    phone.wait_for_selector("html[data-sending=kept]")
    picture(phone, "offline-kept")
    is_cut(phone, False)
    phone.wait_for_selector("html[data-waiting='0']")
    phone.goto("/phone/")
    expect(phone.locator("[data-section=sent]")).to_contain_text("Meal, $80, is given.")
    picture(phone, "offline-arrived")


def test_a_phone_goes_from_hand_to_hand(site, phone_of):
    maria = person("maria")
    _, secret = enrol_device(actor=person("omar"), name="Front desk 2")
    set_pin(actor=maria, employee=maria, pin="482915")
    phone = phone_of(None)
    signed = get_cookie_signer(salt=COOKIE + SALT).sign(secret)
    phone.context.add_cookies([{"name": COOKIE, "value": signed, "url": site.url}])
    phone.goto("/")
    phone.get_by_label("Staff number").fill(maria.code)
    phone.get_by_label("PIN").fill("482915")
    picture(phone, "shared-sign-in")
    phone.get_by_role("button", name="Sign in").click()
    expect(phone.locator(".whose")).to_contain_text("Maria")
    picture(phone, "shared-whose")


def test_in_other_languages(site, phone_of):
    arabic = phone_of("maria", locale="ar")
    log(arabic, "د. أمارا ديالو", "0915")
    arabic.locator("input[name=category]").nth(0).locator("xpath=..").click()
    arabic.locator("[data-step=give] > summary").click()
    arabic.locator("input[name=gesture][value=meal]").locator("xpath=..").click()
    press(arabic, "150")
    assert arabic.locator("html").get_attribute("dir") == "rtl"
    picture(arabic, "arabic-gives")
    spanish = phone_of("omar", locale="es")
    spanish.goto("/approvals/")
    picture(spanish, "spanish-queue")


def test_omar_answers(site, phone_of, desk_of):
    omar, now = person("omar"), clock.now()
    phone = phone_of("omar")
    phone.goto("/approvals/")
    expect(phone.locator(".ask")).not_to_have_count(0)
    picture(phone, "omar-queue-phone")
    desk = desk_of("omar", colour_scheme="dark")
    desk.goto("/approvals/")
    desk.locator("[data-similar] .wait").first.wait_for(state="detached")
    picture(desk, "omar-queue")
    desk.get_by_role("link", name="With less").first.click()
    sheet = desk.locator("dialog[open]")
    sheet.locator("#id_amount").fill("2,000")
    sheet.locator("#id_reason").fill("Order them. What is missing then, we see on Wednesday.")
    picture(desk, "omar-with-less")

    mailed = phone_of(None)
    open_one = Approval.objects.filter(status="open", property=omar.property).order_by("pk").first()
    mailed.goto(f"/approvals/link/{make_link(approval=open_one, recipient=omar)}/")
    mailed.get_by_role("button", name="Show the request").click()
    expect(mailed.get_by_role("link", name=re.compile("Sign in"))).to_be_visible()
    picture(mailed, "omar-mail-link")

    away = {"begins_at": now + timedelta(days=2), "ends_at": now + timedelta(days=9)}
    name_deputy(actor=omar, absent=omar, stands_in=person("grace"), **away)
    put_on_call(actor=omar, property=omar.property, employee=omar, begins_at=now, ends_at=now + timedelta(hours=8))
    desk.goto("/me/deputies/")
    picture(desk, "omar-deputy")


def test_grace_has_one_sheet_and_six_questions(site, desk_of):
    desk = desk_of("grace", viewport={"width": 1280, "height": 1250})
    desk.goto("/line-up/")
    expect(desk.locator(".line-up")).to_contain_text("In house, and something happened")
    picture(desk, "grace-line-up")
    desk = desk_of("grace", viewport={"width": 1440, "height": 900})
    desk.goto("/insights/?period=year")
    assert "Is it used?" in desk.locator("main").inner_text()
    assert misfits(desk) == []
    picture(desk, "grace-dashboard", full_page=True)


def test_chen_changes_a_rule_and_sees_first_what_it_changes(site, desk_of):
    desk = desk_of("chen")
    desk.goto("/admin/policies/policy/")
    picture(desk, "chen-rules")
    desk.goto("/admin/policies/policy/add/")
    desk.fill("#id_code", "default-LAX")
    desk.select_option("#id_property", label=person("maria").property.name)
    desk.fill("#id_currency", "USD")
    desk.fill("#id_limit", "1500.00")
    desk.locator("button[name=_save], input[name=_save]").click()
    expect(desk.get_by_text("would be in force from").first).to_be_visible()
    picture(desk, "chen-what-it-changes", full_page=True)


def test_ada_reads_the_books_and_the_log(site, desk_of, settings, tmp_path):
    settings.CHECKPOINTS_FILE = tmp_path / "checkpoints.txt"
    call_command("seal")
    call_command("verify")
    desk = desk_of("ada")
    tall = desk.viewport_size | {"height": 1200}
    desk.goto("/admin/journal/journalentry/")
    picture(desk, "ada-journal")
    desk.goto(f"/admin/journal/journalentry/{JournalEntry.objects.order_by('-pk').first().pk}/change/")
    desk.set_viewport_size(tall)
    picture(desk, "ada-entry")
    desk.set_viewport_size(tall | {"height": 800})
    desk.goto("/admin/audit/auditevent/")
    picture(desk, "ada-log")
    desk.goto(f"/admin/audit/checkpoint/{Checkpoint.objects.order_by('-pk').first().pk}/change/")
    picture(desk, "ada-checkpoint")
    desk.goto(f"/admin/incidents/incident/{Incident.objects.filter(spends__status='posted').first().pk}/change/")
    picture(desk, "ada-incident")


def test_admin_imports_history_and_makes_a_token(site, desk_of, tmp_path):
    rows = [
        {"occurred_at": f"2025-0{month}-1{month}T09:30", "property": "LAX", "department": "front_desk", "employee": "E17",
         "guest": f"Guest {month}", "category": "room_noise", "gesture": "meal", "amount": f"{month}5.00", "currency": "USD"}
        for month in range(1, 9)
    ]  # fmt: skip
    rows[3]["amount"], rows[5]["occurred_at"] = "ten", "31.02.2025"
    (tmp_path / "history.csv").write_bytes(content_of(rows))
    desk = desk_of("admin")
    desk.goto("/admin/spending/historyimport/add/")
    desk.set_input_files("input[type=file]", tmp_path / "history.csv")
    desk.get_by_role("button", name="Rehearse it").click()
    desk.wait_for_url("**/historyimport/*/change/")
    work_on(upload=HistoryImport.objects.get())
    desk.reload()
    picture(desk, "admin-import")
    desk.goto("/me/tokens/")
    picture(desk, "admin-tokens")
