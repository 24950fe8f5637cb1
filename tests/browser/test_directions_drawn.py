"""What is drawn from right to left, and what keeps its own way there; what the tiles say once a cause is chosen."""

import pytest

from empower.incidents.models import Category
from empower.incidents.services import log_incident
from empower.recognition.services import give_thanks, nominate_story
from empower.spending.models import Gesture
from empower.spending.services import give_spend, resolve_incident
from tests.scene import set_the_scene

pytestmark = pytest.mark.browser

#: How an element's words are laid: their base direction, and the side they stand on.
LAID = "e => { const s = getComputedStyle(e); return [s.direction, s.textAlign, s.unicodeBidi]; }"


@pytest.fixture
def scene(own_database):
    return set_the_scene()


def case(scene, **facts):
    return log_incident(actor=scene.maria, property=scene.lax, guests=[scene.jones], **facts)


def test_an_arabic_page_keeps_the_words_of_others_their_own_way(scene, open_page):
    incident = case(scene, narrative="He did not sleep: 3 nights.")
    give_thanks(actor=scene.omar, incident=incident, receiver=scene.maria, text="You carried the boy.")
    page = open_page("phone", employee=scene.maria, locale="ar")
    page.goto(f"/incidents/{incident.pk}/")
    assert page.locator(".timeline .said").evaluate(LAID)[0] == "ltr"
    assert page.locator("html").get_attribute("dir") == "rtl"
    page.goto("/me/")
    quoted = page.locator(".thanks blockquote")
    assert quoted.evaluate(LAID)[0] == "ltr"
    page.goto(f"/incidents/{incident.pk}/follow-up/")
    note = page.locator("textarea[name=note]")
    assert note.evaluate(LAID)[2] == "normal"  # nothing is written yet: as the page
    note.fill("All is well.")
    assert note.evaluate(LAID)[2] == "plaintext"


@pytest.mark.parametrize("device", ["desktop", pytest.param("phone", marks=pytest.mark.long)])
def test_the_desk_begins_on_the_right(scene, open_page, device):
    incident, meal = case(scene), Gesture.objects.get(code="meal")
    give_spend(actor=scene.maria, incident=incident, guest=scene.jones, gesture=meal, amount=4_000, currency="USD")
    page = open_page(device, employee=scene.omar, locale="ar")
    page.goto("/admin/")
    assert page.locator("#content caption").first.evaluate(LAID)[1] == "right"
    links = page.locator("#content .grow [class^=app-] tbody th a")
    assert links.count() > 3
    for link in links.all():
        from_the_edge = link.evaluate(
            "e => { const row = e.closest('tr').getBoundingClientRect(); const r = document.createRange();"
            " r.selectNodeContents(e); return row.right - r.getBoundingClientRect().right; }"
        )
        assert from_the_edge < 40
    page.goto("/admin/incidents/incident/")
    cell = page.locator("#result_list tbody td.field-guests").first
    assert cell.evaluate(LAID)[2] == "plaintext"
    if device == "desktop":
        assert cell.evaluate(LAID)[1] == "right"
        page.goto("/admin/spending/spend/")
        assert page.locator("#result_list td.field-amount_said").first.evaluate(LAID)[1] == "left"  # sums at the end


@pytest.mark.parametrize(("words", "initial"), [("She drove all night.", True), ("قادت السيارة طوال الليل.", False)])
def test_a_letter_that_joins_the_next_is_not_drawn_apart(scene, open_page, words, initial):
    incident = case(scene)
    resolve_incident(actor=scene.maria, incident=incident, outcome="recovered")
    story = nominate_story(actor=scene.omar, incident=incident, text=words)
    page = open_page("desktop", employee=scene.grace)
    page.goto("/line-up/stories/")
    page.locator("form[action*='choose'] button").first.click()
    page.goto("/line-up/")
    told = page.locator(".story")
    assert told.inner_text() == words
    assert story.incident == incident
    drawn = told.evaluate("e => getComputedStyle(e, '::first-letter').float !== 'none'")
    assert drawn is initial
    assert told.evaluate(LAID)[0] == ("ltr" if initial else "rtl")


def test_the_tiles_say_how_it_ended_for_the_cause_that_was_chosen(scene, open_page):
    noise, meal = Category.objects.get(code="room_noise"), Gesture.objects.get(code="meal")
    for number in range(8):
        incident = case(scene, category=noise)
        give_spend(actor=scene.maria, incident=incident, guest=scene.jones, gesture=meal, amount=4_000, currency="USD")
        resolve_incident(actor=scene.maria, incident=incident, outcome="lost" if number == 0 else "recovered")
    page = open_page("phone", employee=scene.maria)
    page.goto("/incidents/log/")
    page.wait_for_selector("html[data-ready=giving]")
    tile = page.locator("label.tile:has(input[value=meal])")
    assert tile.text_content().strip() == "Mealusually $40"
    page.locator("[data-step=what] > summary").click()
    page.locator("details.step[open] label.tile", has_text="Room").first.click()
    page.get_by_role("button", name="Noise").click()
    assert "7 of 8 ended well" in tile.inner_text()
    page.locator("[data-step=what] > summary").click()
    page.get_by_role("button", name="Room not ready").click()
    assert "ended well" not in tile.inner_text()
