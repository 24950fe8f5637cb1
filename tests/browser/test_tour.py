"""The demo as who looks in for the first time sees it. SCREENSHOTS=folder keeps what was seen."""

import pytest

from empower.staff.models import Employee
from tests.browser.looking import keep

pytestmark = [pytest.mark.browser, pytest.mark.long]


def test_the_demo_is_worth_looking_at(own_database, open_page):
    made = own_database.run_manage("demo", "--scale", "0.5", timeout=600)
    assert made.returncode == 0, made.stderr
    desk = open_page("desktop", employee=Employee.objects.get(username="grace"))
    desk.goto("/insights/?period=year")
    assert "Is it used?" in desk.locator("main").inner_text()
    keep(desk, "dashboard-desktop", full_page=True)
    desk.goto("/admin/spending/spend/")
    assert "Spends" in desk.locator("body").inner_text()
    keep(desk, "admin-desktop")
    checked = own_database.run_manage("verify", timeout=300)
    assert checked.returncode == 0, checked.stdout
