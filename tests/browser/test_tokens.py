"""A token is made on a phone, copied by a tap, used, and taken back."""

import pytest
from playwright.sync_api import expect

from empower.staff.models import ApiToken
from empower.staff.services import find_token
from tests.browser import axe
from tests.scene import set_the_scene

pytestmark = pytest.mark.browser


@pytest.fixture
def scene(own_database):
    return set_the_scene()


def faults(page):
    # As tall as its matter: the places at the foot of a phone lie over whatever is half scrolled under them.
    page.set_viewport_size({"width": page.viewport_size["width"], "height": 3000})
    return axe.faults(page)


def test_a_token_is_made_copied_and_taken_back(scene, open_page):
    page = open_page("phone", employee=scene.maria, reduced_motion="reduce")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/me/tokens/")
    assert faults(page) == []
    page.emulate_media(color_scheme="dark")
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
