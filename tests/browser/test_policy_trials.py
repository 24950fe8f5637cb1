"""A manager tries a lower limit, sees it beside the rule in force, changes one value, shares it; the phone shows all of it."""

import pytest

from empower.staff.models import Employee
from tests.browser.axe import faults
from tests.browser.looking import is_wider_than_its_screen

pytestmark = pytest.mark.browser


def test_a_limit_is_tried_changed_and_shared(busy, open_page):
    page = open_page("desktop", employee=Employee.objects.get(username="omar"), reduced_motion="reduce")
    page.goto("/insights/")
    page.get_by_role("link", name="Try a rule on history").click()
    # grace shares hers.
    assert page.get_by_role("link", name="Half, or twice as much").is_visible()
    page.get_by_role("link", name="Try a rule").click()
    assert page.get_by_label("Limit").first.input_value() == "2000.00"
    page.get_by_label("Limit").first.fill("five hundred")
    page.get_by_label("What do you call it?").fill("A quarter")
    page.watch.expect("status of 400")
    page.get_by_role("button", name="Run and keep it").click()
    page.locator("[role=alert] a").click()
    assert page.evaluate("document.activeElement.id") == "id_limit_1"
    assert faults(page) == []
    page.get_by_label("Limit").first.fill("500")
    page.get_by_text("Another rule beside it, number 2").click()
    page.locator("#id_limit_2").fill("6000")
    page.get_by_role("button", name="Run and keep it").click()
    page.get_by_role("heading", name="A quarter").wait_for()
    heads = [" ".join(one.split()) for one in page.get_by_role("columnheader").all_inner_texts()]
    assert [head.split(" ")[0] for head in heads] == ["In", "$500", "$6,000"]
    assert page.get_by_text("Not a saving: people act differently under another limit.", exact=True).is_visible()
    page.get_by_role("button", name="Share it").click()
    page.get_by_role("button", name="Share it no more").wait_for()
    page.get_by_role("link", name="Change something and run it again").click()
    assert page.locator("#id_limit_2").input_value() == "6000.00"
    assert page.get_by_label("What do you call it?").input_value() == "A quarter"


def test_on_a_phone_each_answer_names_its_rule(busy, open_page):
    page = open_page("phone", employee=Employee.objects.get(username="grace"), reduced_motion="reduce")
    page.goto("/insights/trials/")
    page.get_by_role("link", name="Half, or twice as much").click()
    row = page.get_by_role("row").filter(has_text="Waited for a yes").first
    assert [" ".join(one.split()).split(" ")[0] for one in row.get_by_role("cell").all_inner_texts()] == [
        "In", "$200", "$4,000",
    ]  # fmt: skip
    assert not is_wider_than_its_screen(page)
