"""Every page of pages.py is open to everybody: axe finds nothing, in light and in dark; nothing scrolls sideways, is cut
off or lies over something else, on a phone, 320 pixels wide, at 200 and 400 % and with words set apart; nothing moves.

On a phone, and from close (dark, enlarged, set apart) one of each kind, in the ordinary run; all of it, on a desk too, in
`make test-long`. SCREENSHOTS=folder keeps what was seen.
"""

import gzip
import os
import re
from functools import cache
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.test import Client

from empower.staff.models import Employee
from tests import made_once
from tests.browser.axe import faults
from tests.browser.fitting import misfits, misfits_at, moves, space_out
from tests.browser.happenings import a_busy_day
from tests.browser.looking import is_wider_than_its_screen, keep
from tests.browser.pages import PAGES
from tests.own_database import copied
from tests.scene import set_the_scene
from tests.served import serving_here

pytestmark = pytest.mark.browser

#: The narrowest there is, and a desk's screen of 1280 x 1024 at 200 % (WCAG 1.4.10 and 1.4.4).
NARROW, TWICE_AS_LARGE = (320, 640), (640, 512)

LONG = bool(os.environ.get("TEST_LONG"))


@pytest.fixture(scope="module")
def day(django_db_setup, django_db_blocker, tmp_path_factory):
    """A server on a busy day, which all of this module look at and nobody changes; and what of it has a name."""
    with django_db_blocker.unblock():
        database, names = made_once.laid_out("a busy day", lambda: a_busy_day(set_the_scene()))
        with copied(tmp_path_factory.mktemp("day"), of=database) as copy, serving_here(copy) as site:
            yield site, names


@pytest.fixture
def site(day):
    return day[0]


def person(username):
    return Employee.objects.get(username=username)


@pytest.mark.parametrize("device", ["phone", pytest.param("desktop", marks=pytest.mark.long)])
@pytest.mark.parametrize("who", dict.fromkeys(page.who for page in PAGES))
def test_every_page_is_open_to_everybody(day, open_page, who, device):
    # Without motion: a colour that is still changing has no contrast to measure.
    page = open_page(device, employee=who and person(who), reduced_motion="reduce")
    screen = page.viewport_size
    found = {}
    for one in PAGES:
        if one.who != who or (one.is_long and not LONG):
            continue
        if one.status != 200:
            page.watch.expect(f"status of {one.status}")
        assert page.goto(one.address.format(**day[1])).status == one.status, one.name
        wrong = found[one.name] = misfits_at(page, NARROW) + moves(page)
        keep(page, f"{one.name}-{device}-light")
        # As high as the page: what slides below the bar at the bottom is not out of reach.
        page.set_viewport_size(screen | {"height": page.evaluate("document.documentElement.scrollHeight") + 2000})
        wrong += faults(page) + misfits(page)
        if one.is_close or LONG:
            wrong += looked_at_from_close(page, one, screen, f"{one.name}-{device}-dark")
        page.set_viewport_size(screen)
    assert [f"{name}: {each}" for name, wrong in found.items() for each in wrong] == []


def looked_at_from_close(page, one, screen, name):
    """What is wrong with it unfolded, in the dark, enlarged and with its words set apart; left as high as it came."""
    found, high = [], page.viewport_size
    for fold in page.locator(one.unfold).all() if one.unfold else []:
        if not fold.evaluate("fold => fold.parentElement.open"):
            fold.click()
            if one.is_one_at_a_time:
                found += faults(page) + misfits_at(page, NARROW)
    if one.unfold and not one.is_one_at_a_time:
        found += faults(page) + misfits_at(page, NARROW)
    page.emulate_media(color_scheme="dark")
    found += faults(page, rules=["color-contrast"])
    page.set_viewport_size(screen)
    keep(page, name)
    page.emulate_media(color_scheme="light")
    found += misfits_at(page, TWICE_AS_LARGE)
    space_out(page)
    found += [f"spaced out: {each}" for each in misfits(page)]
    page.set_viewport_size(high)
    return found


@pytest.mark.parametrize("device", ["phone", "desktop"])
def test_a_sheet_and_a_mistake_are_open_to_everybody(open_page, device):
    page = open_page(device, employee=person("omar"), reduced_motion="reduce")
    page.goto("/approvals/")
    page.get_by_role("link", name="With less").first.click()
    page.locator("dialog[open]").wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="Say yes to this amount").click()
    page.watch.expect("status of 400")
    page.locator("[role=alert]").wait_for()
    assert faults(page) == []


def test_in_arabic_the_pages_turn_round_and_stay_within_their_screen(day, open_page):
    pages = {who: open_page("phone", employee=person(who), locale="ar") for who in ("maria", "omar")}
    for who, address in (("maria", "/incidents/log/"), ("maria", "/incidents/{story}/"), ("omar", "/approvals/")):
        page = pages[who]
        page.goto(address.format(**day[1]))
        assert page.locator("html").get_attribute("dir") == "rtl"
        assert not is_wider_than_its_screen(page)


def test_no_page_ships_more_than_150_kb(day):
    shipped = {}
    for one in PAGES:
        client = Client(headers={"accept-encoding": "gzip"})
        if one.who:
            client.force_login(person(one.who))
        answer = client.get(one.address.format(**day[1]))
        assert answer.headers["Content-Encoding"] == "gzip", one.name
        parts = set(re.findall(r'(?:src|href)="/static/([^"#?]+)', gzip.decompress(answer.content).decode()))
        assert any(re.fullmatch(r"look\.\w+\.css", part) for part in parts)
        shipped[one.name] = len(answer.content) + sum(map(compressed, parts))
    assert {name: size for name, size in shipped.items() if size > 150_000} == {}


@cache
def compressed(name):
    """Bytes of a static file as it is sent."""
    return len(brotli.compress(Path(finders.find(name)).read_bytes()))
