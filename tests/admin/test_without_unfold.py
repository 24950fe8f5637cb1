"""The desk where django-unfold is not installed: Django's own admin, and all of it works."""

import subprocess
import sys

import pytest

from tests.own_database import CHECKOUT
from tests.scene import set_the_scene

from .cases import lay_out

VISIT = r"""
import re
import sys
sys.modules["unfold"] = None  # as find_spec sees what is not installed
import django
django.setup()
from django.apps import apps
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from empower.staff.models import Employee

assert not apps.is_installed("unfold")
browser = Client()
browser.force_login(Employee.objects.get(username="grace"))
assert browser.get("/admin/").status_code == 200
for model, page in admin.site._registry.items():
    address = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    for place, opens in (("changelist", True), ("add", page.may_add(Employee.objects.get(username="grace")))):
        answer = browser.get(reverse(f"{address}_{place}"))
        wanted = 200 if opens and page.opens_to(Employee.objects.get(username="grace")) else 403
        assert answer.status_code == wanted, (model, place, answer.status_code)
queue = reverse("admin:spending_approval_changelist")
page = browser.get(reverse("admin:spending_approval_change", args=["1"])).content.decode()
assert 'value="approve"' in page and re.search(r"desk(\.[0-9a-f]{12})?\.css", page)
asked = browser.post(queue, {"action": "approve", "_selected_action": ["1"]}).content.decode()
assert "$3,000.00" in asked
answer = {"desk_confirmed": "yes", "version_1": "1", "reason": "yes"}
browser.post(queue, {"action": "approve", "_selected_action": ["1"]} | answer)
assert "approved" in browser.get(reverse("admin:spending_approval_change", args=["1"])).content.decode()
print("all of it opened")
"""


@pytest.mark.sqlite
def test_the_desk_works_without_unfold(own_database):
    lay_out(set_the_scene())
    visited = subprocess.run(
        [sys.executable, "-c", VISIT], env=own_database.environment, cwd=CHECKOUT, capture_output=True, text=True
    )
    assert visited.stdout.strip() == "all of it opened", visited.stderr
