"""Every page of the desk, for every role: it opens or it refuses, and never fails."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.urls import reverse

from empower import clock
from empower.policies.services import name_deputy
from empower.staff.services import issue_token

from .conftest import address

ROLES = ["omar", "grace", "chen", "ada", "admin"]


@pytest.fixture
def full(scene, laid_out):
    now = clock.now()
    name_deputy(actor=None, absent=scene.grace, stands_in=scene.omar, begins_at=now, ends_at=now + timedelta(days=2))
    for name in ROLES:
        issue_token(actor=getattr(scene, name), employee=getattr(scene, name), name="books")
    return laid_out


@pytest.mark.long("postgresql")
@pytest.mark.parametrize("name", ROLES)
def test_every_list_and_every_row_opens_or_refuses(desk, scene, full, name):
    user = getattr(scene, name)
    browser = desk(user)
    assert browser.get(reverse("admin:index")).status_code == 200
    for model, page in admin.site._registry.items():
        if not model.__module__.startswith("empower."):
            continue
        may = page.opens_to(user)
        listed = browser.get(address(model, "changelist"))
        assert listed.status_code == (200 if may else 403), (name, model)
        assert browser.get(address(model, "add")).status_code == (200 if may and page.may_add(user) else 403), model
        row = page.get_queryset(listed.wsgi_request).first()
        if row is not None and may:
            shown = browser.get(address(model, "change", row.pk))
            assert shown.status_code == 200, (name, model)
            assert browser.get(address(model, "history", row.pk)).status_code == 302


def test_only_what_the_house_registered_is_there():
    assert {model.__module__.split(".")[0] for model in admin.site._registry} == {"empower"}
