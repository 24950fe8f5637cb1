"""A token is made on a phone, copied by a tap, used, and taken back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from empower.staff.models import ApiToken
from empower.staff.services import find_token
from tests.scene import set_the_scene

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(own_database):
    return set_the_scene()


def faults(page):
    # As tall as its matter: the places at the foot of a phone lie over whatever is half scrolled under them.
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 3000})
    asked = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
    found = Axe().run(page, options=asked).response["violations"]
    return [f"{rule['id']}: {node['target']} {node['failureSummary']}" for rule in found for node in rule["nodes"]]


def test_a_token_is_made_copied_and_taken_back(scene, open_page):
    page = open_page("phone", employee=scene.maria)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/me/tokens/")
    assert faults(page) == []
    page.get_by_label("What is it for?").fill("till of the bar")
    page.get_by_label("Read what was given").check()
    page.get_by_role("button", name="Make the token").click()
    secret = page.get_by_label("Its secret").input_value()
    assert faults(page) == []
    page.get_by_role("button", name="Copy").click()
    page.locator("[data-done=yes]").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == secret
    assert secret not in page.url
    assert find_token(secret=secret).scopes == ["spends:read"]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("link", name="I have it").click()
    expect(page.get_by_label("Its secret")).to_have_count(0)
    assert secret not in page.content()
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("It opens nothing any more")).to_be_visible()
    assert ApiToken.objects.get().revoked_at


def test_in_the_dark_it_reads_as_well(scene, open_page):
    page = open_page(colour_scheme="dark", employee=scene.maria)
    page.goto("/me/tokens/")
    assert faults(page) == []
