"""Every page of the review desk is open to everybody: axe finds nothing, nothing scrolls sideways, no date is Django's.

A choice of pages on a phone in the dark in the ordinary run; all of them, on a desk and in light too, in `make test-long`.
"""

import re

import pytest
from django.contrib import admin
from django.test import RequestFactory
from django.urls import reverse

from empower.audit.services import sequence_events
from empower.spending.services.history.uploads import keep_upload, work_on
from empower.staff.models import Employee
from empower.staff.services import save_view
from tests import made_once
from tests.browser.axe import WCAG, faults
from tests.browser.fitting import misfits, moves
from tests.browser.happenings import a_busy_day
from tests.browser.looking import is_wider_than_its_screen, keep
from tests.own_database import copied
from tests.scene import set_the_scene
from tests.served import serving_here
from tests.spending.test_history_uploads import ROWS, content_of

pytestmark = pytest.mark.browser

#: One of each kind: a list with rows, one with none, the log, a story, a request, a rule, a preview, the forms.
CHOSEN = {
    "spending_spend_changelist", "incidents_incident_change", "spending_approval_change", "policies_policy_add",
    "spending_historyimport_change", "spending_historyimport_add", "audit_checkpoint_changelist",
    "audit_auditevent_change", "policies_deputy_add", "recognition_story_changelist",
}  # fmt: skip
#: How Django writes a moment for English readers.
DJANGO_S = re.compile(r"\b(a\.m\.|p\.m\.|noon|midnight)|\b(Jan|Feb|Aug|Sept|Oct|Nov|Dec)\. \d")


@pytest.fixture(scope="module")
def site(django_db_setup, django_db_blocker, tmp_path_factory):
    """A server on a busy day at the desk, which all of this module look at and nobody changes."""
    with django_db_blocker.unblock():
        database, _names = made_once.laid_out("a day at the desk", _a_day_at_the_desk)
        with copied(tmp_path_factory.mktemp("desk"), of=database) as copy, serving_here(copy) as server:
            yield server


def _a_day_at_the_desk():
    from empower.spending.history.receiving import received

    scene = set_the_scene()
    a_busy_day(scene)
    with received([content_of(ROWS)]) as file:
        work_on(upload=keep_upload(actor=scene.chen, received=file))
    save_view(actor=scene.chen, page="spending_spend", name="Waiting", query="status__exact=pending", is_shared=True)
    sequence_events()
    return {}


def pages_of(user):
    """{name: address} of every page of the desk that this person opens: each list, its first row, its form."""
    request = RequestFactory().get("/")
    request.user = user
    found = {"index": reverse("admin:index")}
    for page in admin.site._registry.values():
        if page.opens_to(user):
            found[f"{page.address}_changelist"] = reverse(f"admin:{page.address}_changelist")
            if page.may_add(user):
                found[f"{page.address}_add"] = reverse(f"admin:{page.address}_add")
            row = page.get_queryset(request).first()
            if row is not None:
                found[f"{page.address}_change"] = reverse(f"admin:{page.address}_change", args=[row.pk])
    return found


def looked_at(page, pages, mode):
    found = {}
    for name, address in pages.items():
        assert page.goto(address).status == 200, name
        wrong = found[name] = ["scrolls sideways"] if is_wider_than_its_screen(page) else []
        wrong += moves(page)
        wrong += misfits(page) if page.viewport_size["width"] < 400 else []
        wrong += [f"a date of Django's: {said[0]}" for said in [DJANGO_S.search(page.inner_text("body"))] if said]
        wrong += faults(page, tags=WCAG)
        keep(page, f"desk-{name}-{mode}")
    return {name: each for name, each in found.items() if each}


def test_a_choice_of_pages_is_open_to_everybody(site, open_page):
    chen = Employee.objects.get(username="chen")
    # As wide as a desk of 1280 pixels is at 400 %.
    narrow = {"width": 320, "height": 740}
    page = open_page("phone", employee=chen, colour_scheme="dark", reduced_motion="reduce", viewport=narrow)
    pages = {name: address for name, address in pages_of(chen).items() if name in CHOSEN}
    assert set(pages) == CHOSEN
    assert looked_at(page, pages, "phone-dark") == {}


@pytest.mark.long
@pytest.mark.parametrize("colour_scheme", ["light", "dark"])
@pytest.mark.parametrize("device", ["phone", "desktop"])
@pytest.mark.parametrize("who", ["chen", "admin"])
def test_every_page_is_open_to_everybody(site, open_page, who, device, colour_scheme):
    user = Employee.objects.get(username=who)
    page = open_page(device, employee=user, colour_scheme=colour_scheme, reduced_motion="reduce")
    assert looked_at(page, pages_of(user), f"{device}-{colour_scheme}") == {}
