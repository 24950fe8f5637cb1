"""The line-up on paper: one sheet, A4 and Letter, from a browser and as PDF, however busy the day. SCREENSHOTS=folder
keeps the sheets.
"""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory

from empower import clock
from empower.incidents.models import Category
from empower.incidents.services import log_incident
from empower.recognition.services import choose_story, give_thanks, nominate_story
from empower.recognition.views import line_up, paper
from empower.spending.models import Gesture
from empower.spending.services import give_spend, resolve_incident
from empower.staff.models import Employee, Property
from tests import made_once
from tests.browser.looking import keep
from tests.own_database import copied
from tests.scene import set_the_scene
from tests.served import serving_here

pytestmark = pytest.mark.browser

LONG = (
    "A boy had fallen asleep on the luggage while his mother waited. She found the quietest sofa and sent dinner up. "
)


def _log(scene, who, guests, category):
    return log_incident(
        actor=who, property=who.property, department=who.department, guests=guests,
        category=Category.objects.get(code=category),
    )  # fmt: skip


def _give(who, incident, code, amount, **more):
    return give_spend(
        actor=who, incident=incident, guest=incident.guests.first(), gesture=Gesture.objects.get(code=code),
        amount=amount, currency="USD", **more,
    )  # fmt: skip


def a_full_house():
    """LAX: forty rooms, and much of everything. NYC: forty rooms and nothing else. PAR: nothing at all."""
    scene = set_the_scene()
    now, kinds = clock.now(), ("room_noise", "billing_corrected_again", "occasion_celebration", "food_allergy")
    for who in (scene.maria, scene.paul):
        today = clock.local_day(now, who.property.timezone)
        stay = {"arrival": today - timedelta(days=1), "departure": today + timedelta(days=3)}
        for number in range(40):
            with clock.standing_at(now - timedelta(minutes=300 + number)):
                guest = {"name": f"Maximiliane von Hohenlohe-{number}", "room": f"{10 + number}07"} | stay
                family = [guest, guest | {"name": f"Leopold von Hohenlohe-{number}"}] if number % 3 == 0 else [guest]
                incident = _log(scene, who, family, kinds[number % 4])
                if who == scene.maria:
                    _happen(scene, incident, number)
                elif number % 2:
                    resolve_incident(actor=who, incident=incident, outcome="recovered")
    return {}


def _happen(scene, incident, number):
    soon = clock.now() + timedelta(minutes=120)
    _give(scene.maria, incident, "meal", 4_000, note="On the terrace, by the window.", promised_for=soon)
    _give(scene.maria, incident, "handwritten_note", 0)
    if number % 4 == 0:
        _give(scene.maria, incident, "upgrade", 260_000, reason="He has not slept.")
    else:
        resolve_incident(actor=scene.maria, incident=incident, outcome="recovered")
        give_thanks(actor=scene.tomas, incident=incident, receiver=scene.maria, text=LONG * 3)
    if number == 1:
        choose_story(actor=scene.grace, story=nominate_story(actor=scene.tomas, incident=incident, text=LONG * 20))


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """A server on the full house, which nobody changes."""
    with django_db_blocker.unblock():
        database, _ = made_once.laid_out("a full house", a_full_house)
        with copied(tmp_path_factory.mktemp("house"), of=database) as copy, serving_here(copy) as served:
            yield served


def printed(page, name, **options):
    """How many pages the browser prints."""
    pdf = page.pdf(**options)
    if folder := os.environ.get("SCREENSHOTS"):
        (Path(folder) / f"{name}.pdf").write_bytes(pdf)
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_however_busy_the_day_it_prints_on_one_sheet(site, open_page):
    page = open_page("desktop", employee=Employee.objects.get(username="chen"), colour_scheme="dark")
    pages = {}
    for house in ("LAX", "NYC", "PAR"):
        page.goto(f"/line-up/?property={house}")
        keep(page, f"line-up-{house}-desktop", full_page=True)
        for paper_size in ("A4", "Letter"):
            pages[house, paper_size] = printed(page, f"line-up-{house}-{paper_size}", format=paper_size)
    assert set(pages.values()) == {1}, pages
    page.goto("/line-up/?property=LAX&whole=1")
    assert printed(page, "line-up-whole", format="A4") > 1


def test_the_same_sheet_as_pdf_is_one_page_too(site):
    request = RequestFactory().get("/line-up.pdf")
    request.user = Employee.objects.get(username="chen")
    pages = {}
    for house in ("LAX", "NYC", "PAR"):
        property = Property.objects.get(code=house)
        day = clock.local_day(clock.now(), property.timezone)
        told = line_up.told(request, property, day, fits=True)
        for is_letter in (True, False):
            html = render_to_string("recognition/line_up_paper.html", told | {"is_letter": is_letter}, request)
            sheet = paper.laid_out(html, stylesheet="line-up.css")
            pages[house, is_letter] = len(sheet.pages)
            width = sheet.pages[0].width
            assert round(width) == (816 if is_letter else 794)
            if folder := os.environ.get("SCREENSHOTS"):
                (Path(folder) / f"line-up-{house}-{'Letter' if is_letter else 'A4'}-weasy.pdf").write_bytes(
                    sheet.write_pdf()
                )
    assert set(pages.values()) == {1}, pages


def test_the_button_opens_the_print_window_and_the_pdf_is_served(site, open_page):
    page = open_page("phone", employee=Employee.objects.get(username="grace"))
    page.goto("/line-up/")
    assert page.get_by_role("button", name="Print").is_visible()
    answer = page.request.get(page.get_by_role("link", name="PDF").get_attribute("href"))
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
